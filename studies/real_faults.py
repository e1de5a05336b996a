"""What real films did to earlier versions, and what is said now: ``python -m studies.real_faults``.

Each fault is made again from a bundled runner: from the exact joints where the fault is in what is made of
them, and as a film where it is in the pictures (``--films``, a minute or two each). Numbers name the faults;
without any, all are shown. ``before`` is what an earlier version said of the same.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import av
import numpy as np
from numpy.typing import NDArray

from gait.analysis import Analysis, ClipAnalysis, ClipRequest, Request, RunnerFacts, analyze, judge
from gait.errors import GaitError
from gait.motion.physics import Known
from gait.motion.proof import prove
from gait.motion.view import viewpoint
from gait.pose.posetrack import PoseTrack
from gait.validate.events import match
from gait.video.clip import Clip
from gait.video.plumb import plumb
from gait.video.reader import frames, open_clip
from tests.motion.test_reference import on_the_move
from tests.truth import SAMPLES, exact_clip, part, perfect_track, read, real_time, retimed, truth
from tests.video.test_plumb import raised_belt

A = "runner_a_side_120"
Picture = NDArray[np.uint8]
NUMBERS = ("overstride_pct_leg", "shank_deg", "lean_deg", "oscillation_pct_leg", "cadence_spm", "speed_kmh")
DAY = date(2026, 11, 1)


@dataclass(frozen=True)
class Fault:
    """One fault: what it was, what was said of it, and what is said now."""

    number: str
    title: str
    before: str
    now: Callable[[], Iterator[str]]
    film: bool = False


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the faults again and print what is said."""
    parser = argparse.ArgumentParser(prog="python -m studies.real_faults", description=__doc__)
    parser.add_argument("numbers", nargs="*", help="which faults; all if none is named")
    parser.add_argument("--films", action="store_true", help="those that need films too")
    options = parser.parse_args(arguments)
    for fault in FAULTS:
        named = fault.number in options.numbers
        if named or (not options.numbers and (options.films or not fault.film)):
            sys.stdout.write(f"{fault.number}. {fault.title}\n   before: {fault.before}\n")
            for line in fault.now():
                sys.stdout.write(f"   now: {line}\n")
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


def film(make: Callable[[Sequence[Picture]], Sequence[Picture]], every: int, fps: int) -> str:
    """What is said of runner A's film, every so many of its pictures, after something was done to it."""
    pictures = [frame.rgb for frame in frames(open_clip(SAMPLES / f"{A}.mp4"))][::every]
    with TemporaryDirectory() as scratch:
        path = Path(scratch) / "film.mp4"
        write(path, make(pictures), fps)
        try:
            return said(analyze(Request((ClipRequest(path),), RunnerFacts(180), DAY)))
        except GaitError as error:
            return f"{error.id}: {error}"


def write(path: Path, pictures: Sequence[Picture], fps: int) -> None:
    """Store pictures as H.264."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=fps)
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt, stream.options = "yuv420p", {"crf": "18"}
        for picture in pictures:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "rgb24")))
        container.mux(stream.encode(None))


def as_they_are(pictures: Sequence[Picture]) -> Sequence[Picture]:
    return pictures


def with_repeats(new: int, stored: int) -> Callable[[Sequence[Picture]], Sequence[Picture]]:
    """Store so many new pictures a second at a higher rate by showing some twice."""

    def repeat(pictures: Sequence[Picture]) -> Sequence[Picture]:
        count = len(pictures) * stored // new
        return [pictures[k * new // stored] for k in range(count)]

    return repeat


def repeated_pictures() -> Iterator[str]:
    yield f"24 frames/s: {film(as_they_are, 5, 24)}"
    yield f"24 in 30: {film(with_repeats(24, 30), 5, 30)}"
    yield f"48 in 60: {film(twice_as_many, 5, 60)}"


def twice_as_many(pictures: Sequence[Picture]) -> Sequence[Picture]:
    """24 pictures a second at 60: each two or three times."""
    return with_repeats(24, 60)(pictures)


def lying() -> Iterator[str]:
    yield f"on its side: {film(turned(1), 4, 30)}"
    yield f"upside down: {film(turned(2), 4, 30)}"


def turned(quarters: int) -> Callable[[Sequence[Picture]], Sequence[Picture]]:
    """Turn every picture."""
    return lambda pictures: [np.ascontiguousarray(np.rot90(picture, quarters)) for picture in pictures]


def drawn_over() -> Iterator[str]:
    yield f"as filmed: {film(as_they_are, 2, 60)}"
    yield f"with a grid: {film(lambda pictures: [gridded(p) for p in pictures], 2, 60)}"


def gridded(picture: Picture) -> Picture:
    """Lines over a film, as apps draw them."""
    drawn = picture.copy()
    drawn[:: drawn.shape[0] // 12], drawn[:, :: drawn.shape[1] // 7] = 255, 255
    return drawn


def interpolated() -> Iterator[str]:
    yield f"24 to 60 by following what moves: {film(lambda pictures: between(pictures, 24, 60), 5, 60)}"


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
        repeated_pictures,
        film=True,
    ),
    Fault("2", "one stance that cannot be read", "no speed, no norms, no verdict", one_stance_unread),
    Fault("3", "joggers below 9 km/h", "no norm, no verdict", joggers),
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
        interpolated,
        film=True,
    ),
    Fault(
        "10",
        "a runner who recedes or comes nearer",
        "overstride 27.5 and 27.0 % for 35.8, bounce 5.3 and 7.6 for 8.7, lean 6.0 for 4.7, speed 27 % low",
        recedes,
    ),
    Fault("11", "a belt raised by 3 degrees", "roll 2.9: overstride 32.2 for 36.2, no doubt", raised),
    Fault(
        "12",
        "a film that lies",
        "measured with overstride 90 %; upside down called walking",
        lying,
        film=True,
    ),
    Fault("13", "lines drawn over the film", "overstride 8 % off, with a cue", drawn_over, film=True),
)

if __name__ == "__main__":
    main()
