"""Broken, lying and foreign files: analysed as far as they go, or one sentence; never a crash or a hang."""

import ctypes
import os
import resource
import socket
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import av
import numpy as np
import pytest

from gait.errors import GaitError, UnreadableClip
from gait.video import sandbox
from gait.video.clip import Clip
from gait.video.reader import frames, open_clip
from tests.video.files import KINDS, film, store

SEEDS = ("h264", "hevc", "vp9", "av1_mp4", "mjpeg", "gif", "h264_mkv", "prores")
LONGEST_S = 10.0
IN_CI, ALL = 200, 5000


def read_whole(path: Path) -> int:
    """Number of pictures that the file gives."""
    return sum(1 for _ in frames(open_clip(path)))


def refused(path: Path) -> str:
    with pytest.raises(UnreadableClip) as caught:
        read_whole(path)
    message = str(caught.value)
    assert "\n" not in message
    assert path.name in message
    return message


def mutated(data: bytes, rng: np.random.Generator) -> bytes:
    """Cut off, flip bits, overwrite, double or drop a part."""
    changed = bytearray(data)
    at, length = int(rng.integers(len(data))), int(rng.integers(1, 200))
    match int(rng.integers(6)):
        case 0:
            del changed[max(at, 8) :]
        case 1:
            for place in rng.integers(len(data), size=int(rng.integers(1, 30))):
                changed[place] ^= 1 << int(rng.integers(8))
        case 2:
            changed[at : at + length] = rng.integers(256, size=length, dtype=np.uint8).tobytes()
        case 3:
            changed[at : at + 4] = b"\xff\xff\xff\xff"
        case 4:
            changed[at:at] = changed[at : at + length]
        case _:
            changed[at : at + length] = bytes(length)
    return bytes(changed)


@pytest.fixture(scope="module")
def originals(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("originals")
    small = [picture[::2, ::2].copy() for picture in film()[:8]]
    return [store(folder / name, KINDS[name], small) for name in SEEDS]


def survives(original: Path, seed: int, folder: Path) -> str:
    """Analysed, or refused in one sentence, within the time allowed."""
    path = folder / f"{seed}{original.suffix}"
    path.write_bytes(mutated(original.read_bytes(), np.random.default_rng(seed)))
    started = time.monotonic()
    try:
        read_whole(path)
        outcome = "read"
    except GaitError as error:
        assert "\n" not in str(error), seed
        outcome = "refused"
    took_s = time.monotonic() - started
    path.unlink()
    assert took_s < LONGEST_S, seed
    return outcome


def fuzz(originals: list[Path], folder: Path, count: int) -> None:
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        outcomes = list(
            pool.map(lambda seed: survives(originals[seed % len(originals)], seed, folder), range(count))
        )
    assert {"read", "refused"} == set(outcomes)
    assert list(folder.iterdir()) == []
    # A child's count begins with what its parent held when it was forked.
    limit_kb = max(sandbox.MEMORY_BYTES / 1024, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss <= limit_kb


def test_damaged_files_are_read_or_refused(originals: list[Path], tmp_path: Path) -> None:
    fuzz(originals, tmp_path, IN_CI)


@pytest.mark.slow
def test_thousands_of_damaged_files_are_read_or_refused(originals: list[Path], tmp_path: Path) -> None:
    fuzz(originals, tmp_path, ALL)


def test_a_file_that_breaks_off_gives_what_it_has(tmp_path: Path) -> None:
    whole = store(tmp_path / "whole", KINDS["h264_mkv"], film())
    cut = tmp_path / "cut.mkv"
    cut.write_bytes(whole.read_bytes()[: int(0.7 * whole.stat().st_size)])
    assert 5 < read_whole(cut) < len(film())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 4096,
        b"MZ" + bytes(4096),
        b"\x7fELF" + bytes(4096),
        b"GIF89a",
        b"RIFF\xff\xff\xff\xffAVI ",
    ],
    ids=["empty", "zeros", "exe", "elf", "gif", "avi"],
)
def test_what_only_has_the_name_of_a_video_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(content)
    refused(path)


def test_a_zip_with_a_video_in_it_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(store(tmp_path / "inner", KINDS["h264"], film()[:4]), "inner.mp4")
    refused(path)


def test_a_picture_is_no_clip(tmp_path: Path) -> None:
    refused(store(tmp_path / "still", KINDS["h264"], film()[:1]))


def test_one_picture_without_a_time_is_no_clip(tmp_path: Path) -> None:
    still = tmp_path / "still.h264"
    with av.open(str(still), "w", format="h264") as container:
        stream = container.add_stream("libx264", rate=30)
        stream.height, stream.width = film()[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        container.mux(stream.encode(av.VideoFrame.from_ndarray(film()[0], "rgb24")))
        container.mux(stream.encode(None))
    assert "holds no moving pictures" in refused(still)


def test_a_header_that_claims_a_huge_picture_is_refused(tmp_path: Path) -> None:
    path = store(tmp_path / "clip", KINDS["gif"], film()[:4])
    data = bytearray(path.read_bytes())
    data[6:10] = b"\x60\xea\x60\xea"
    path.write_bytes(data)
    refused(path)


def test_pictures_larger_than_any_phone_films_are_refused_by_their_size(tmp_path: Path) -> None:
    large = [np.zeros((6000, 9000, 3), np.uint8)] * 2
    assert "9000 x 6000" in refused(store(tmp_path / "large", KINDS["mjpeg"], large))


def test_a_header_that_claims_a_year_changes_nothing(tmp_path: Path) -> None:
    path = store(tmp_path / "clip", KINDS["h264"], film()[:8])
    data = bytearray(path.read_bytes())
    at = data.index(b"mvhd") + 4 + 16
    data[at : at + 4] = (1000 * 3600 * 24 * 365 % 2**32).to_bytes(4, "big")
    path.write_bytes(data)
    assert read_whole(path) == 8


@pytest.mark.parametrize(
    "name",
    [
        "läuft früh – 走る.mp4",
        "a b;rm -rf.mp4",
        "%03d.mp4",
        "http:evil.mp4",
        "concat:a|b.mp4",
        "-i.mp4",
        "'q\".mp4",
    ],
)
def test_odd_names_are_names(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / name
    path.write_bytes(store(tmp_path / "plain", KINDS["h264"], film()[:4]).read_bytes())
    assert read_whole(path) == 4
    monkeypatch.chdir(tmp_path)
    assert read_whole(Path(name)) == 4


def test_a_link_to_a_clip_is_that_clip_and_a_pipe_is_refused(tmp_path: Path) -> None:
    link = tmp_path / "link.mp4"
    link.symlink_to(store(tmp_path / "clip", KINDS["h264"], film()[:4]))
    assert read_whole(link) == 4
    os.mkfifo(tmp_path / "pipe.mp4")
    assert "pipe" in refused(tmp_path / "pipe.mp4")


@pytest.fixture
def listener() -> Iterator[tuple[int, list[object]]]:
    """A local server that notes who calls."""
    calls: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        stop = threading.Event()

        def serve() -> None:
            while not stop.is_set():
                try:
                    connection, caller = server.accept()
                except TimeoutError:
                    continue
                calls.append(caller)
                connection.close()

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1], calls
        stop.set()
        thread.join()


def test_a_playlist_that_points_elsewhere_is_not_followed(
    listener: tuple[int, list[object]], tmp_path: Path
) -> None:
    port, calls = listener
    secret = store(tmp_path / "secret", KINDS["h264"], film()[:4])
    playlists = {
        "hls.mp4": f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1:{port}/a.ts\n#EXT-X-ENDLIST\n",
        "local.mp4": f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile://{secret}\n#EXT-X-ENDLIST\n",
        "concat.mp4": f"ffconcat version 1.0\nfile {secret.name}\n",
        "dash.mp4": f'<?xml version="1.0"?><MPD><BaseURL>http://127.0.0.1:{port}/</BaseURL></MPD>',
        "sdp.mp4": f"v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=video {port} RTP/AVP 96\n",
    }
    for name, content in playlists.items():
        path = tmp_path / name
        path.write_text(content)
        refused(path)
    assert calls == []


def crash() -> Iterator[int]:
    yield 1
    ctypes.string_at(0)


def hang() -> Iterator[int]:
    yield 1
    time.sleep(3600)


def spin() -> Iterator[int]:
    yield 1
    while True:
        pass


def chatter() -> Iterator[None]:
    while True:
        yield sandbox.ALIVE


def swallow() -> Iterator[int]:
    yield int(np.ones((4 << 30,), np.uint8)[0])


def garble() -> Iterator[object]:
    yield "not a number at all"


@pytest.mark.parametrize(
    ("work", "words"),
    [
        (crash, "broke off"),
        (hang, "no picture for"),
        (spin, "no picture for"),
        (swallow, "more memory"),
        (garble, "broke off"),
    ],
)
def test_a_crash_a_hang_and_a_glutton_end_in_a_sentence_here(
    work: Callable[[], Iterator[int]], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "STALL_S", 3.0)
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    (tmp_path / "clip.mp4").touch()
    with pytest.raises(UnreadableClip, match=words) as caught:
        list(sandbox.stream(sandbox.Job(tmp_path / "clip.mp4", int, work)))
    assert "clip.mp4" in str(caught.value)


class Heard(Exception):
    """Somebody wants no more."""


@pytest.mark.parametrize("work", [hang, spin, chatter])
def test_a_stop_is_heard_while_a_worker_is_waited_for(
    work: Callable[[], Iterator[int | None]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    (tmp_path / "clip.mp4").touch()
    calls: list[None] = []

    def hear() -> None:
        calls.append(None)
        if len(calls) > 2:
            raise Heard

    before = children()
    with sandbox.listening(hear), pytest.raises(Heard):
        list(sandbox.stream(sandbox.Job(tmp_path / "clip.mp4", int, work)))
    assert children() == before


@pytest.mark.parametrize(("at_work", "given_up"), [(True, False), (False, True)])
def test_a_worker_that_gets_no_turn_on_a_busy_computer_is_waited_for_and_one_that_sleeps_is_not(
    monkeypatch: pytest.MonkeyPatch, *, at_work: bool, given_up: bool
) -> None:
    now_s = [0.0]
    monkeypatch.setattr(sandbox.time, "monotonic", lambda: now_s[0])
    monkeypatch.setattr(sandbox, "_processor_s", lambda process: 0.01 * now_s[0])
    monkeypatch.setattr(sandbox, "_at_work", lambda process: at_work)
    patience = sandbox._Patience(1)
    over = False
    while now_s[0] < 300:
        now_s[0] += 1
        over = over or patience.is_over()
    assert over is given_up


def test_who_stops_reading_leaves_no_worker_behind(tmp_path: Path) -> None:
    clip: Clip = open_clip(store(tmp_path / "clip", KINDS["h264"], film()))
    before = children()
    source = frames(clip)
    next(source)
    assert len(children()) > len(before)
    source.close()
    assert children() == before


def children() -> set[str]:
    return {child for task in Path("/proc/self/task").iterdir() for child in _children_of(task)}


def _children_of(task: Path) -> list[str]:
    try:
        return (task / "children").read_text().split()
    except OSError:  # the thread has just ended
        return []
