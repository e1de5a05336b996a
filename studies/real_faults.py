"""What real films did to earlier versions, and what is said now: ``python -m studies.real_faults``.

Each fault is made again from a bundled runner: from the exact joints where the fault is in what is made of
them, and as a film where it is in the pictures (``--films``, a minute or two each). Numbers name the faults;
without any, all are shown. ``before`` is what an earlier version said of the same; with ``--before CHECKOUT``
such a version is asked about every film again.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import av
import numpy as np
from numpy.typing import NDArray

from gait.analysis import Analysis, ClipAnalysis, ClipRequest, Request, RunnerFacts, judge
from gait.body import LEFT, RIGHT, Landmark
from gait.errors import GaitError
from gait.motion.physics import Known
from gait.motion.proof import prove
from gait.motion.view import viewpoint
from gait.pose.posetrack import PoseTrack
from gait.validate.events import match
from gait.video.clip import Clip
from gait.video.plumb import plumb
from gait.video.reader import frames, open_clip
from studies.checkout import HERE, Code
from tests.motion.test_reference import on_the_move
from tests.truth import SAMPLES, exact_clip, part, perfect_track, read, real_time, retimed, truth
from tests.video.test_plumb import raised_belt

A = "runner_a_side_120"
Picture = NDArray[np.uint8]
NUMBERS = ("overstride_pct_leg", "shank_deg", "lean_deg", "oscillation_pct_leg", "cadence_spm", "speed_kmh")
DAY = date(2026, 11, 1)
RAISED_DEG, RENDERED_S = 3.0, 5.0


@dataclass(frozen=True)
class Fault:
    """One fault: what it was, what was said of it, and what is said now."""

    number: str
    title: str
    before: str
    now: Callable[[], Iterator[str]] | None = None
    """What is said of exact joints."""
    films: "Callable[[], Iterator[Film]] | None" = None
    """The films that show it."""


@dataclass(frozen=True)
class Film:
    """One film that shows a fault."""

    made: str
    pictures: Sequence[Picture]
    fps: int
    told: tuple[str, ...] = ()
    """What the user gives with it."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the faults again and print what is said."""
    parser = argparse.ArgumentParser(prog="python -m studies.real_faults", description=__doc__)
    parser.add_argument("numbers", nargs="*", help="which faults; all if none is named")
    parser.add_argument("--films", action="store_true", help="those that need films too")
    parser.add_argument("--before", type=Path, help="an older checkout, to be asked about the films")
    options = parser.parse_args(arguments)
    versions = {"before": options.before, "now": HERE}
    with TemporaryDirectory(prefix="faults-") as scratch:
        codes = {
            name: Code(checkout.resolve(), Path(scratch) / name)
            for name, checkout in versions.items()
            if checkout
        }
        for fault in FAULTS:
            if fault.number in options.numbers or (not options.numbers and (fault.now or options.films)):
                _say(f"{fault.number}. {fault.title}\n   before: {fault.before}")
                for line in shown(fault, codes if options.films else {}, Path(scratch)):
                    _say(f"   {line}")


def shown(fault: Fault, codes: Mapping[str, Code], scratch: Path) -> Iterator[str]:
    """Yield what is said of exact joints, then what each version says of each film."""
    for line in fault.now() if fault.now else ():
        yield f"now: {line}"
    for number, film in enumerate(fault.films() if fault.films else ()):
        path = scratch / f"{fault.number}_{number}.mp4"
        write(path, film.pictures, film.fps)
        for name, code in codes.items():
            yield f"{name}: {film.made}: {asked(code, path, film.told)}"


def asked(code: Code, path: Path, told: Sequence[str] = ()) -> str:
    """What one version says of a film."""
    ran = code.gait("analyze", path, "--height-cm", 180, "--json", *told)
    if ran.status:
        return str(ran)
    record = json.loads(ran.out)
    known = {m["name"]: m for m in record["measurements"] if m["value"] is not None}
    numbers = [
        f"{name} {known[name]['value']:.1f} ± {2 * known[name]['uncertainty']:.1f}"
        for name in NUMBERS
        if name in known
    ]
    doubts = ", ".join(doubt["id"] for doubt in record["doubts"]) or "none"
    cue = (record["advice"]["cue"] or {"id": "no cue"})["id"]
    return f"{', '.join(numbers)}; doubts {doubts}; {cue}"


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def said(found: Analysis) -> str:
    """The numbers of one analysis, and its doubts."""
    numbers = []
    for name in NUMBERS:
        one = next((m for m in found.measurements if m.name == name and m.why_missing is None), None)
        if one is not None:
            numbers.append(f"{name} {one.value:.1f} ± {2 * one.uncertainty:.1f}")
    cue = found.advice.cue.id if found.advice.cue else f"no cue ({found.advice.why_id})"
    return f"{', '.join(numbers)}; doubts {', '.join(d.id for d in found.doubts) or 'none'}; {cue}"


def judged(clip: ClipAnalysis, speed_kmh: float | None = None) -> Analysis:
    """The numbers of exact joints."""
    request = Request((ClipRequest(Path(clip.id)),), RunnerFacts(180, speed_kmh), DAY)
    return judge([clip], request)


def rate_of(track: PoseTrack) -> str:
    """What is made of the capture rate of exact joints."""
    clip = Clip(Path("run.mp4"), "0" * 64, track.size_px, track.pts_s)
    try:
        base = prove(clip, track, viewpoint(track), Known(), None)
    except GaitError as error:
        return f"{type(error).__name__}: {error}"
    return f"{base.capture_fps:.4g} frames/s, {base.slow_motion_factor:.3g} times slowed"


def editors_speeds() -> Iterator[str]:
    for percent in (40, 60):
        track = retimed(perfect_track(A), 100 / percent, 30.0)
        yield f"{percent} %, true {3000 / percent:.0f}: {rate_of(track)}"


def one_stance_unread() -> Iterator[str]:
    track = perfect_track(A)
    xy_px = track.xy_px.copy()
    xy_px[200:260, 25:33] = np.nan
    yield said(judged(read(replace(track, xy_px=xy_px), real_time(120))))


def joggers() -> Iterator[str]:
    for kmh in (7.2, 8.7):
        yield f"at {kmh} km/h: {len(judged(exact_clip(A), kmh).findings)} numbers held against norms"


def ground_and_belt() -> Iterator[str]:
    known = truth(A)
    for way in ("crossing", "panned"):
        clip = read(on_the_move(A, way), real_time(known.capture_fps))
        off = touchdowns_ms(clip)
        yield (
            f"{way}: {len(off)} touchdowns, middle {np.median(off):+.0f} ms, worst {np.abs(off).max():.0f}; "
            f"{said(judged(clip))}"
        )


def touchdowns_ms(clip: ClipAnalysis) -> NDArray[np.float64]:
    """Errors of all touchdowns of runner A."""
    known, span_s = truth(A), (float(clip.motion.time_s[0]), float(clip.motion.time_s[-1]))
    feet = [
        match([c for c in clip.contacts if c.side is s], known.contacts[s], span_s) for s in known.contacts
    ]
    return np.concatenate([foot.touchdown_ms for foot in feet])


def few_landings() -> Iterator[str]:
    for strides in (1.4, 2.2):
        clip = exact_clip(A)
        seen = slice(36, 36 + round(strides * clip.stride_s * 120))
        yield f"{strides} strides: {said(judged(read(part(clip.track, seen), real_time(120))))}"


def questions() -> Iterator[str]:
    track = perfect_track(A)
    yield f"plain 25 frames/s: {rate_of(retimed(track, 1.0, 25.0))}"
    yield f"two strides of it: {rate_of(part(retimed(track, 1.0, 25.0), slice(0, 38)))}"


def recedes() -> Iterator[str]:
    yield f"on the belt: {said(judged(exact_clip(A)))}"
    for way in ("receding", "nearing"):
        clip = read(on_the_move(A, way), real_time(120))
        yield f"{way} by 2.2 times: {said(judged(clip))}"


def raised() -> Iterator[str]:
    for told in (None, 5.24):
        found = plumb([raised_belt(3.0)], (720, 1280))
        if found is None:
            yield "roll unknown"
            continue
        found = found if told is None else found.on_incline(told, 1)
        yield (
            f"incline {'not told' if told is None else f'{told} %'}: roll {found.tilt_deg:+.1f} ± "
            f"{2 * found.sd_deg:.1f} degrees, level edges {found.level_off_deg:+.1f} against upright ones"
        )


def raised_films() -> Iterator[Film]:
    """Runner A rendered on a treadmill that rises towards its front; the run is as on a level one."""
    from sample_videos.render.encode import Encoding
    from sample_videos.render.samples import samples
    from sample_videos.render.shot import pictures

    level = next(shot for shot in samples() if shot.name == A)
    yield Film("level", runner(2), 60)
    scene = replace(level.scene, raised_deg=RAISED_DEG)
    shot = replace(level, scene=scene, encoding=Encoding(60), seconds=RENDERED_S)
    made = list(pictures(shot, shot.motion()))
    yield Film(f"raised by {RAISED_DEG:g} degrees", made, 60)
    rise_pct = 100 * np.tan(np.radians(RAISED_DEG))
    yield Film("raised, and told so", made, 60, ("--incline-pct", f"{rise_pct:.2f}"))


def runner(every: int, name: str = A) -> Sequence[Picture]:
    """A bundled film, every so many of its pictures."""
    return [frame.rgb for frame in frames(open_clip(SAMPLES / f"{name}.mp4"))][::every]


def write(path: Path, pictures: Sequence[Picture], fps: int) -> None:
    """Store pictures as H.264."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=fps)
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt, stream.options = "yuv420p", {"crf": "18"}
        for picture in pictures:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "rgb24")))
        container.mux(stream.encode(None))


def with_repeats(pictures: Sequence[Picture], new: int, stored: int) -> Sequence[Picture]:
    """Store so many new pictures a second at a higher rate by showing some twice."""
    return [pictures[k * new // stored] for k in range(len(pictures) * stored // new)]


def repeated_pictures() -> Iterator[Film]:
    every = runner(1)
    few = every[::5]
    nearest = [every[int(k + 0.5)] for k in np.arange(0, len(every) - 1, 2.5)]
    yield Film("24 frames/s", few, 24)
    yield Film("24 in 30", with_repeats(few, 24, 30), 30)
    yield Film("the nearest 48 of 120 in 60", with_repeats(nearest, 48, 60), 60)
    other = runner(5, "runner_b_side_240_stored_as_30")
    yield Film("runner B, 48 frames/s", other, 48)
    yield Film("runner B, 48 in 60", with_repeats(other, 48, 60), 60)
    yield Film("24 in 60", with_repeats(few, 24, 60), 60)


def three_shots() -> Iterator[Film]:
    """Three runs behind each other in one film, the second the longest."""
    first, second = runner(4)[:75], runner(4, "runner_a_side_120_two_months_later")
    yield Film("alone", second, 30)
    yield Film("three shots", [*first, *second, *runner(4, "runner_d_side_120")[:75]], 30)


def leans() -> Iterator[str]:
    """Turn the trunk of a runner with nothing unusual forward, to just beyond the usual lean."""
    for by_deg in (0.0, 11.5):
        track = perfect_track("runner_d_side_120")
        found = judged(read(leaning(track, by_deg), real_time(120)), 10.8)
        yield f"leaning {by_deg:g} degrees more: {said(found)}; {found.advice.why}"


def leaning(track: PoseTrack, by_deg: float) -> PoseTrack:
    """Turn everything above the hips forward about their middle."""
    hips = track.xy_px[:, [LEFT.hip, RIGHT.hip]].mean(axis=1, keepdims=True)
    turn = np.radians(by_deg) * viewpoint(track).forward_sign
    about = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    upper = [k for k in Landmark if k < Landmark.LEFT_HIP]
    xy_px = track.xy_px.copy()
    xy_px[:, upper] = hips + (xy_px[:, upper] - hips) @ about.T
    return replace(track, xy_px=xy_px)


def lying() -> Iterator[Film]:
    for made, quarters in (("on its side", 1), ("upside down", 2)):
        pictures = [np.ascontiguousarray(np.rot90(picture, quarters)) for picture in runner(4)]
        yield Film(made, pictures, 30)


def drawn_over() -> Iterator[Film]:
    pictures = runner(4)
    yield Film("as filmed", pictures, 30)
    yield Film("with a grid", [gridded(picture) for picture in pictures], 30)


def gridded(picture: Picture) -> Picture:
    """Lines over a film, as apps draw them."""
    drawn = picture.copy()
    drawn[:: drawn.shape[0] // 12], drawn[:, :: drawn.shape[1] // 7] = 255, 255
    return drawn


def interpolated() -> Iterator[Film]:
    yield Film("24 to 60 by following what moves", between(runner(5), 24, 60), 60)


def between(pictures: Sequence[Picture], fps: int, to_fps: int) -> Sequence[Picture]:
    """Make pictures up between the filmed ones, as ffmpeg's minterpolate does."""
    graph = av.filter.Graph()
    height, width = pictures[0].shape[:2]
    first = graph.add_buffer(width=width, height=height, format="yuv420p", time_base=Fraction(1, fps))
    middle, last = graph.add("minterpolate", f"fps={to_fps}"), graph.add("buffersink")
    first.link_to(middle)
    middle.link_to(last)
    graph.configure()
    made: list[Picture] = []
    for number, picture in enumerate(pictures):
        frame = av.VideoFrame.from_ndarray(picture, "rgb24").reformat(format="yuv420p")
        frame.pts, frame.time_base = number, Fraction(1, fps)
        first.push(frame)
        made += _ready(last)
    first.push(None)
    return [*made, *_ready(last)]


def _ready(last: "av.filter.context.FilterContext") -> Iterator[Picture]:
    while True:
        try:
            yield last.pull().to_ndarray(format="rgb24")
        except (av.error.BlockingIOError, av.error.EOFError):
            return


FAULTS = (
    Fault(
        "0",
        "an editor's 40 % and 60 % speed",
        "proven as 90 and 60 frames/s with confidence 0.96, cadence 185 for 154, and a cue",
        editors_speeds,
    ),
    Fault(
        "1",
        "repeated pictures: 24 in 30, 24 in 60",
        "24 frames/s gave 36.8 % overstride and a cue, 24 in 30 was refused: feet out of the picture",
        films=repeated_pictures,
    ),
    Fault("2", "one stance that cannot be read", "no speed, no norms, no verdict", one_stance_unread),
    Fault("3", "joggers below 9 km/h", "no norm, no verdict", joggers),
    Fault("4", "cuts and paces", "shots of 18 to 35 % were averaged into one number", films=three_shots),
    Fault(
        "5",
        "ground as well as belt",
        "crossing: 2 of 15 landings of runner C missed, far foot of D +8 ms; panned: bounce 11.5 % for 8.7",
        ground_and_belt,
    ),
    Fault("6", "a stride or two", "refused: not one who runs steadily", few_landings),
    Fault("7", "questions that lead nowhere", "asked 25 or 30; asked, then refused for 3 steps", questions),
    Fault(
        "8",
        "pictures made up by following what moves, 24 to 60",
        "taken for filmed at 60, nothing said",
        films=interpolated,
    ),
    Fault("9", "nothing to change", "said of a lean of 16.5, usual to 15, and a bounce ± 32 %", leans),
    Fault(
        "10",
        "a runner who recedes or comes nearer",
        "overstride 27.5 and 27.0 % for 35.8, bounce 5.3 and 7.6 for 8.7, lean 6.0 for 4.7, speed 27 % low",
        recedes,
    ),
    Fault(
        "11",
        "a belt raised by 3 degrees",
        "roll 2.9: overstride 32.2 for 36.2, no doubt",
        raised,
        raised_films,
    ),
    Fault(
        "12",
        "a film that lies",
        "measured with overstride 90 %; upside down called walking",
        films=lying,
    ),
    Fault("13", "lines drawn over the film", "overstride 8 % off, with a cue", films=drawn_over),
)

if __name__ == "__main__":
    main()
