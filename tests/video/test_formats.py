"""Every kind of file is read upright, in its colours, each picture at its time."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from gait.video.clip import Clip, stored_fps, uniform_stretch
from gait.video.colour import Transfer
from gait.video.footage import footage
from gait.video.reader import frames, open_clip
from tests.video.files import KINDS, PER_SECOND, SIZE, Kind, Picture, film, store, with_matrix

COUNT = 12


def decoded(path: Path) -> tuple[Clip, list[Picture], np.ndarray]:
    clip = open_clip(path)
    seen = list(frames(clip))
    return clip, [frame.rgb for frame in seen], np.array([frame.pts_s for frame in seen])


def levels_off(found: Picture, true: Picture) -> float:
    return float(np.abs(found.astype(float) - true).mean())


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_of_file_gives_its_pictures_at_their_times(name: str, tmp_path: Path) -> None:
    clip, pictures, times_s = decoded(store(tmp_path / "film", KINDS[name], film()[:COUNT]))
    assert clip.size_px == SIZE
    assert len(pictures) == COUNT
    assert times_s == pytest.approx(times_s[0] + np.arange(COUNT) / 30, abs=1e-3 if name != "gif" else 0.01)
    for found, true in zip(pictures, film(), strict=False):
        assert levels_off(found, true) < KINDS[name].levels


@pytest.mark.parametrize("transfer", [Transfer.HLG, Transfer.PQ])
def test_hdr_looks_as_on_an_ordinary_screen(transfer: Transfer, tmp_path: Path) -> None:
    path = tmp_path / "hdr.mov"
    code = {Transfer.HLG: "arib-std-b67", Transfer.PQ: "smpte2084"}[transfer]
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx265", rate=30)
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p10le"
        params = f"log-level=error:colorprim=bt2020:transfer={code}:colormatrix=bt2020nc"
        stream.options = {"crf": "8", "x265-params": params}
        for picture in film()[:4]:
            frame = av.VideoFrame.from_ndarray(hdr_signal(picture, transfer), "rgb48le")
            container.mux(stream.encode(frame.reformat(format="yuv420p10le", dst_colorspace=9)))
        container.mux(stream.encode(None))
    clip, pictures, _ = decoded(path)
    assert clip.transfer is transfer
    assert levels_off(pictures[0], film()[0]) < 5
    assert abs(float(pictures[0].mean()) - float(film()[0].mean())) < 2
    assert_parts_of_the_whole(clip)


def hdr_signal(picture: Picture, transfer: Transfer) -> np.ndarray:
    """The picture as an HDR camera stores it, by the formulas of ITU-R BT.2100 and BT.2087."""
    value = picture / 255
    light = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    wide = np.array([[0.6274, 0.3293, 0.0433], [0.0691, 0.9195, 0.0114], [0.0164, 0.0880, 0.8956]])
    light = np.clip(light @ wide.T, 0, 1)
    if transfer is Transfer.HLG:
        a, b, c = 0.17883277, 0.28466892, 0.55991073
        white = (np.exp((0.75 - c) / a) + b) / 12
        scene = light ** (1 / 1.2) * white
        signal = np.where(
            scene <= 1 / 12, np.sqrt(3 * scene), a * np.log(np.maximum(12 * scene - b, 1e-9)) + c
        )
    else:
        power = (light * 203 / 10_000) ** (2610 / 16384)
        signal = ((0.8359375 + 18.8515625 * power) / (1 + 18.6875 * power)) ** (2523 / 4096 * 128)
    return np.round(65535 * signal).astype(np.uint16)


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
@pytest.mark.parametrize("mirrored", [False, True])
def test_a_phone_held_any_way_or_mirrored_gives_the_upright_picture(
    turns: int, mirrored: bool, tmp_path: Path
) -> None:
    clockwise = {0: (1, 0, 0, 1), 1: (0, 1, -1, 0), 2: (-1, 0, 0, -1), 3: (0, -1, 1, 0)}[turns]
    a, b, c, d = clockwise
    matrix = (-a, -b, c, d) if mirrored else clockwise
    upright = film()[0]
    lying = np.rot90(upright, turns)
    stored = np.ascontiguousarray(lying[:, ::-1] if mirrored else lying)
    path = with_matrix(store(tmp_path / "held", KINDS["h264"], [stored] * 4), matrix)
    clip, pictures, _ = decoded(path)
    assert clip.size_px == SIZE
    assert levels_off(pictures[0], upright) < 6


def test_odd_sizes_keep_every_row_and_column(tmp_path: Path) -> None:
    odd = [np.ascontiguousarray(picture[:-1, :-1]) for picture in film()[:4]]
    clip, pictures, _ = decoded(store(tmp_path / "odd", Kind("mkv", "libx264", "yuv444p"), odd))
    assert clip.size_px == (SIZE[0] - 1, SIZE[1] - 1)
    assert levels_off(pictures[0], odd[0]) < 6


def test_pixels_that_are_not_square_are_made_so(tmp_path: Path) -> None:
    clip, pictures, _ = decoded(store(tmp_path / "wide", KINDS["h264"], film()[:4], aspect="4/3"))
    assert clip.size_px == (SIZE[0] * 4 // 3, SIZE[1])
    assert pictures[0].shape == (SIZE[1], SIZE[0] * 4 // 3, 3)


def test_interlaced_pictures_are_woven_whole(tmp_path: Path) -> None:
    path = tmp_path / "fields.mkv"
    combs = []
    for number in range(6):
        comb = np.roll(film()[0], 12 * number, axis=1)
        comb[1::2] = np.roll(comb, 6, axis=1)[1::2]
        combs.append(comb)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        stream.options = {"crf": "8", "flags": "+ilme+ildct", "x264-params": "interlaced=1:tff=1"}
        for comb in combs:
            frame = av.VideoFrame.from_ndarray(comb, "rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    clip, pictures, _ = decoded(path)
    assert clip.interlaced
    assert len(pictures) == 6

    def combing(picture: Picture) -> float:
        rows = picture.astype(float)
        return float(np.abs(rows[1:-1] - (rows[:-2] + rows[2:]) / 2).mean())

    assert combing(pictures[3]) < 0.5 * combing(combs[3])


@pytest.mark.parametrize("suffix", ["mkv", "mov", "ts"])
@pytest.mark.parametrize("pts", [[0, 20, 41, 60, 85, 100], [900, 920, 940, 960, 980, 1000]])
def test_uneven_and_late_times_are_kept(pts: list[int], suffix: str, tmp_path: Path) -> None:
    kind = Kind(suffix, "libx264", options={"bf": "0"})
    _, _, times_s = decoded(store(tmp_path / "times", kind, film()[: len(pts)], pts))
    assert np.diff(times_s) == pytest.approx(np.diff(pts) / PER_SECOND, abs=1.1e-3)


def test_what_lies_before_the_start_is_not_shown(tmp_path: Path) -> None:
    kind = Kind("mov", "libx264", options={"bf": "0"})
    _, pictures, times_s = decoded(store(tmp_path / "early", kind, film()[:6], [-40, -20, 0, 20, 40, 60]))
    assert times_s == pytest.approx(np.arange(4) / 30)
    assert levels_off(pictures[0], film()[2]) < 6


def test_an_edit_list_leaves_out_what_it_cuts_off(tmp_path: Path) -> None:
    whole = store(tmp_path / "whole", Kind("mov", "libx264", options={"bf": "0", "g": "100"}), film()[:COUNT])
    data = bytearray(whole.read_bytes())
    at = data.index(b"elst") + 4
    entries = int.from_bytes(data[at + 4 : at + 8], "big")
    assert entries == 1
    data[at + 12 : at + 16] = (5 * 640).to_bytes(4, "big")
    cut = tmp_path / "cut.mov"
    cut.write_bytes(data)
    clip, pictures, times_s = decoded(cut)
    assert len(pictures) == len(clip.pts_s) == COUNT - 5
    assert np.diff(times_s) == pytest.approx(1 / 30)
    assert levels_off(pictures[0], film()[5]) < 6


def test_trimmed_without_encoding_anew_every_picture_is_read(tmp_path: Path) -> None:
    kind = Kind("mov", "libx264", options={"crf": "12", "bf": "2", "g": "80", "keyint_min": "80"})
    pictures = [film()[number % 24] for number in range(170)]
    data = bytearray(store(tmp_path / "whole", kind, pictures).read_bytes())
    at = data.index(b"elst") + 4
    start = int.from_bytes(data[at + 12 : at + 16], "big")
    data[at + 12 : at + 16] = (start + 5 * 640).to_bytes(4, "big")
    cut = tmp_path / "cut.mov"
    cut.write_bytes(data)
    clip = open_clip(cut)
    assert clip.keyframes[0] > 60
    found = list(frames(clip))
    assert [frame.index for frame in found] == list(range(165))
    assert levels_off(found[0].rgb, film()[5]) < 6
    assert levels_off(found[100].rgb, film()[105 % 24]) < 6


def test_files_joined_end_to_end_give_all_pictures_one_after_the_other(tmp_path: Path) -> None:
    kind = Kind("ts", "libx264", options={"crf": "12", "bf": "2", "g": "6"})
    parts = [store(tmp_path / f"part{k}", kind, film()[8 * k : 8 * k + 8]) for k in range(3)]
    joined = tmp_path / "joined.ts"
    joined.write_bytes(b"".join(part.read_bytes() for part in parts))
    clip, pictures, times_s = decoded(joined)
    assert len(clip.pts_s) == len(pictures) == 24
    assert np.diff(times_s) == pytest.approx(1 / 30, abs=1e-3)
    for number, picture in enumerate(pictures):
        assert int(np.argmin([levels_off(picture, true) for true in film()])) == number
    assert [frame.index for frame in frames(clip, np.array([3, 9, 20]))] == [3, 9, 20]


@pytest.mark.parametrize("later", [(144, 256), (216, 384), (320, 320)])
def test_pictures_that_change_their_size_are_brought_to_one_and_cut_there(
    later: tuple[int, int], tmp_path: Path
) -> None:
    raw = b""
    for size in (SIZE, later):
        path = tmp_path / f"{size[0]}.h264"
        with av.open(str(path), "w", format="h264") as container:
            stream = container.add_stream("libx264", rate=30)
            stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
            stream.options = {"crf": "12", "bf": "0"}
            for picture in film()[:12]:
                frame = av.VideoFrame.from_ndarray(picture, "rgb24").reformat(*size, format="yuv420p")
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
        raw += path.read_bytes()
    both = tmp_path / "both.h264"
    both.write_bytes(raw)
    found = list(frames(open_clip(both)))
    assert len(found) == 24
    assert {frame.rgb.shape for frame in found} == {(SIZE[1], SIZE[0], 3)}
    assert [frame.stored_px for frame in found] == [SIZE] * 12 + [later] * 12
    seen = footage([f.thumb for f in found], [f.news for f in found], [f.stored_px for f in found])
    assert 12 in seen.cuts


def test_a_first_picture_with_odd_sides_is_what_later_ones_are_brought_to(tmp_path: Path) -> None:
    path, tick = tmp_path / "odd.mkv", Fraction(1, 30)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mjpeg", rate=30)
        stream.width, stream.height, stream.pix_fmt = 181, 321, "yuvj420p"
        for number, size in enumerate([(181, 321)] * 3 + [(90, 160)] * 3):
            coder = av.VideoCodecContext.create("mjpeg", "w")
            coder.width, coder.height, coder.pix_fmt, coder.time_base = *size, "yuvj420p", tick
            frame = av.VideoFrame.from_ndarray(film()[number], "rgb24").reformat(*size, format="yuvj420p")
            frame.pts, frame.time_base = number, tick
            for packet in coder.encode(frame):
                packet.stream, packet.time_base = stream, tick
                container.mux(packet)
    found = list(frames(open_clip(path)))
    assert {frame.rgb.shape for frame in found} == {(321, 181, 3)}
    assert {frame.thumb.shape for frame in found} == {found[0].thumb.shape}
    assert len(found) == 6


def test_frames_without_times_are_spaced_by_the_files_rate(tmp_path: Path) -> None:
    raw = tmp_path / "raw.h264"
    with av.open(str(raw), "w", format="h264") as container:
        stream = container.add_stream("libx264", rate=50)
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        stream.options = {"bf": "0"}
        for picture in film()[:COUNT]:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "rgb24")))
        container.mux(stream.encode(None))
    clip, pictures, times_s = decoded(raw)
    assert clip.times_missing
    assert len(pictures) == COUNT
    assert np.diff(times_s) == pytest.approx(1 / 50)


@pytest.mark.parametrize("wanted", [[0], [11], [3, 7], [0, 1, 2, 9, 10, 23]])
@pytest.mark.parametrize("name", ["h264", "vp9", "mjpeg", "h264_avi", "h264_avi_b_frames"])
def test_any_frame_can_be_asked_for(wanted: list[int], name: str, tmp_path: Path) -> None:
    clip = open_clip(store(tmp_path / "film", KINDS[name], film()))
    found = list(frames(clip, np.array(wanted)))
    assert [frame.index for frame in found] == wanted
    for frame in found:
        others = [levels_off(frame.rgb, picture) for picture in film()]
        assert int(np.argmin(others)) == frame.index


def test_a_part_of_the_picture_says_where_it_lies(tmp_path: Path) -> None:
    clip = open_clip(store(tmp_path / "film", KINDS["h264"], film()[:4]))
    (part,) = frames(clip, np.array([0]), np.array([[-10, 40, 100]]))
    assert part.corner_px == (0, 40)
    assert part.rgb.shape == (100, 90, 3)


@pytest.mark.parametrize("matrix", [(1, 0, 0, 1), (0, 1, -1, 0), (-1, 0, 0, -1), (0, -1, 1, 0), (0, 1, 1, 0)])
@pytest.mark.parametrize("name", [name for name in KINDS if KINDS[name].suffix in {"mp4", "mov"}])
def test_a_part_is_what_the_whole_picture_shows_there(
    name: str, matrix: tuple[int, int, int, int], tmp_path: Path
) -> None:
    clip = open_clip(with_matrix(store(tmp_path / "held", KINDS[name], film()[:4]), matrix))
    assert_parts_of_the_whole(clip)


@pytest.mark.parametrize("name", KINDS)
def test_a_part_is_what_the_whole_picture_shows_there_in_every_kind_of_file(
    name: str, tmp_path: Path
) -> None:
    assert_parts_of_the_whole(open_clip(store(tmp_path / "film", KINDS[name], film()[:4])))


def assert_parts_of_the_whole(clip: Clip) -> None:
    whole = next(frames(clip)).rgb
    for left, top, side in ((-10, 40, 100), (33, 21, 57), (70, -30, 5000), (0, 0, 1), (9000, 9000, 10)):
        (part,) = frames(clip, np.array([0]), np.array([[left, top, side]]))
        there = whole[max(0, top) : max(0, top + side), max(0, left) : max(0, left + side)]
        assert part.rgb.shape == there.shape or there.size == part.rgb.size == 0
        assert np.array_equal(part.rgb.ravel(), there.ravel())


def test_of_a_slow_motion_ramp_the_longest_even_stretch_is_taken() -> None:
    gaps = np.concatenate([np.full(30, 1 / 30), np.full(400, 1 / 240), np.full(30, 1 / 30)])
    pts_s = np.concatenate([[0], np.cumsum(gaps)])
    first, last = uniform_stretch(pts_s)
    assert abs(first - 30) <= 1
    assert abs(last - 430) <= 1
    assert stored_fps(pts_s[first : last + 1]) == pytest.approx(240)


def test_times_counted_coarsely_or_unevenly_are_one_stretch() -> None:
    coarse = np.round(np.arange(500) / 240 * 600) / 600
    rng = np.random.default_rng(1)
    jitter = np.cumsum(rng.uniform(1 / 33.1, 1 / 28.6, 300))
    dropped = np.delete(np.arange(300) / 30, [40, 41, 130])
    for pts_s in (coarse, jitter, dropped):
        assert uniform_stretch(pts_s) == (0, len(pts_s) - 1)
    assert stored_fps(coarse) == pytest.approx(240, rel=1e-3)
    assert stored_fps(dropped) == pytest.approx(30)
