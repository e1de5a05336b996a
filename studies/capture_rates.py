"""Is the capture rate right, asked for, or wrong? ``python -m studies.capture_rates [--exact] [DIR ...]``.

Every clip with a truth, of the bundled ones and of the folders given, is stored again as if it had been
slowed by each factor, without a tag, with the camera's tag, and with a tag that says twice the truth; some
clips in other codecs too. Nothing is told about the runner. The pictures of one encoding are the same
whatever the times say, so its landmarks are read once.

First, and alone with ``--exact``, the bundled runners' exact joints are stored at 30 frames/s as if slowed by
factors that no camera has, as an editor stores them (the nearest pictures), and as a camera would if it had
that rate (every picture filmed); and in real time and slow motion at the usual rates.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import log
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import av
import numpy as np

from gait.analysis import read_track
from gait.errors import GaitError, UnknownCaptureRate
from gait.motion.physics import Known
from gait.motion.proof import prove
from gait.motion.rates import PERCENT
from gait.motion.timebase import TimeBase
from gait.motion.view import viewpoint
from gait.pose.posetrack import PoseTrack
from gait.validate.clips import truths_in
from gait.validate.truth import Truth
from gait.video.clip import Clip
from gait.video.decoder import CAPTURE_RATE_TAG
from gait.video.reader import frames, open_clip
from tests.truth import SAMPLES, filmed, perfect_track, retimed
from tests.truth import truth as exactly
from tests.video.files import KINDS

FACTORS = (1, 2, 4, 5, 8, 10, 16, 20, 32)
PHONES = (1, 4, 8)
TAGS = ("no tag", "true tag", "lying tag")
MORE_CODECS = {"runner_d_side_120": ("hevc", "mjpeg"), "runner_a_rear_60": ("hevc", "vp9")}
TICKS = 90_000
SAME = 0.02
Outcome = Literal["right", "unsure", "asked", "wrong", "refused"]
"""Unsure: off by more than 2 %, and by no more than twice what it is said to be unsure by."""
COUNTED: tuple[Outcome, ...] = ("right", "unsure", "asked", "wrong", "refused")


@dataclass(frozen=True)
class Slowed:
    """How exact joints are stored."""

    factor: float
    stored_fps: float
    how: Callable[[PoseTrack, float, float], PoseTrack]


EXACT_RUNNERS = (
    "runner_a_side_120",
    "runner_b_side_240_stored_as_30",
    "runner_d_side_120",
    "runner_a_rear_60",
)
IN_BETWEEN = tuple(float(factor) for factor in np.geomspace(1.12, 24, 41))
EXACT = {
    "41 factors, nearest pictures": tuple(Slowed(factor, 30.0, retimed) for factor in IN_BETWEEN),
    "editors' 20 to 90 %": tuple(Slowed(100 / percent, 30.0, retimed) for percent in PERCENT),
    "41 factors, every picture filmed": tuple(Slowed(factor, 30.0, filmed) for factor in IN_BETWEEN),
    "210, 320, 400, 420, 1000 as 30": tuple(
        Slowed(fps / 30, 30.0, filmed) for fps in (210, 320, 400, 420, 1000)
    ),
    "real time, 24 to 60": tuple(Slowed(1.0, fps, filmed) for fps in (24.0, 25.0, 30.0, 50.0, 60.0)),
    "120 and 240 as 30": tuple(Slowed(fps / 30, 30.0, filmed) for fps in (120, 240)),
}


@dataclass(frozen=True)
class Trial:
    """One file and what became of it."""

    clip: str
    codec: str
    factor: int
    tag: str
    outcome: Outcome
    said: str


def main(folders: Sequence[Path], *, exact_only: bool = False) -> None:
    """Run all trials and print the tables."""
    for row in exact_rows():
        sys.stdout.write(row + "\n")
        sys.stdout.flush()
    if exact_only:
        return
    trials = [trial for folder in (SAMPLES, *folders) for trial in _trials(folder)]
    sys.stdout.write(as_text(trials) + "\n")


def exact_rows() -> Iterator[str]:
    """Right, asked, wrong on exact joints: factors in between, cameras, plain clips; each wrong one."""
    yield f"{'exact joints of 4 runners':52}{'runs':>9}" + "".join(f"{name:>9}" for name in COUNTED)
    for told in (False, True):
        said = "height and speed given" if told else "nothing given"
        for title, tracks in EXACT.items():
            outcomes = [_exact(name, track, told) for name in EXACT_RUNNERS for track in tracks]
            count = Counter(outcome for outcome, _ in outcomes)
            counts = "".join(f"{count[outcome]:9}" for outcome in COUNTED)
            yield f"{title + ', ' + said:52}{len(outcomes):9}{counts}"
            yield from (f"WRONG: {text}" for outcome, text in outcomes if outcome == "wrong")


def _exact(name: str, made: Slowed, told: bool) -> tuple[Outcome, str]:
    known = exactly(name)
    track = made.how(perfect_track(name), made.factor, made.stored_fps)
    clip = Clip(Path("run.mp4"), "0" * 64, track.size_px, track.pts_s)
    facts = Known(100 * known.height_m, 3.6 * known.speed_m_s) if told else Known()
    try:
        base = prove(clip, track, viewpoint(track), facts, None)
    except UnknownCaptureRate as question:
        return "asked", str(question)
    except GaitError as error:
        return "refused", str(error)
    if base.assumed:
        return "asked", "; ".join(base.evidence)
    return _held(base, made.factor), (
        f"{name}, {made.factor:.3f} times, taken for {base.slow_motion_factor:.3f} "
        f"± {200 * base.factor_sd:.0f} %"
    )


def _held(base: TimeBase, factor: float) -> Outcome:
    off = abs(log(base.slow_motion_factor / factor))
    if off < SAME:
        return "right"
    return "unsure" if off <= 2 * base.factor_sd else "wrong"


def as_text(trials: Sequence[Trial]) -> str:
    """Right, asked, wrong: in all, by factor, by tag, by codec; then every wrong one by name."""
    lines = [f"{'':24}{'files':>9}" + "".join(f"{name:>9}" for name in COUNTED)]
    lines.append(_row("all", trials))
    lines.append(_row("factor 1, 4 or 8", [t for t in trials if t.factor in PHONES]))
    for factor in FACTORS:
        lines.append(_row(f"factor {factor}", [t for t in trials if t.factor == factor]))
    for tag in TAGS:
        lines.append(_row(tag, [t for t in trials if t.tag == tag]))
    for codec in sorted({t.codec for t in trials}):
        lines.append(_row(codec, [t for t in trials if t.codec == codec]))
    wrong = [t for t in trials if t.outcome == "wrong"]
    return "\n".join([*lines, *(f"WRONG: {t.clip}, factor {t.factor}, {t.tag}: {t.said}" for t in wrong)])


def _row(name: str, trials: Sequence[Trial]) -> str:
    count = Counter(trial.outcome for trial in trials)
    counts = "".join(f"{count[outcome]:9}" for outcome in COUNTED)
    return f"{name:24}{len(trials):9}{counts}"


def _trials(folder: Path) -> Iterator[Trial]:
    for truth in truths_in(folder):
        with TemporaryDirectory() as scratch:
            for codec, path in _encodings(truth, Path(scratch)):
                sys.stderr.write(f"{path.name} {codec}\n")
                try:
                    pose = read_track(open_clip(path))
                except GaitError as error:
                    sys.stderr.write(f"{error}\n")
                    continue
                factors = FACTORS if path == truth.clip else PHONES
                for factor in factors:
                    for tag in TAGS:
                        yield _trial(truth, codec, path, pose, (factor, tag))


def _encodings(truth: Truth, scratch: Path) -> Iterator[tuple[str, Path]]:
    with av.open(str(truth.clip)) as container:
        yield container.streams.video[0].codec_context.name, truth.clip
    for codec in MORE_CODECS.get(truth.clip.stem, ()):
        kind = KINDS[codec]
        path = scratch / f"{truth.clip.stem}.{kind.suffix}"
        with av.open(str(path), "w") as container:
            stream = container.add_stream(
                kind.codec, rate=Fraction(truth.capture_fps).limit_denominator(1001)
            )
            stream.pix_fmt, stream.options = kind.layout, kind.options
            for number, frame in enumerate(frames(open_clip(truth.clip))):
                if number == 0:
                    stream.height, stream.width = frame.rgb.shape[:2]
                container.mux(stream.encode(av.VideoFrame.from_ndarray(frame.rgb, "rgb24")))
            container.mux(stream.encode(None))
        yield codec, path


def _trial(truth: Truth, codec: str, path: Path, pose: PoseTrack, kind: tuple[int, str]) -> Trial:
    factor, tag = kind
    says = {"no tag": None, "true tag": truth.capture_fps, "lying tag": 2 * truth.capture_fps}[tag]
    with TemporaryDirectory() as scratch:
        clip = open_clip(_slowed(path, Path(scratch) / "slowed.mkv", truth.capture_fps / factor, says))
    slowed = replace(pose, pts_s=clip.pts_s[pose.frame])
    said: str
    outcome: Outcome
    try:
        base = prove(clip, slowed, viewpoint(slowed), Known(), None)
        outcome, said = _held(base, factor), "; ".join(base.evidence)
    except UnknownCaptureRate as question:
        outcome, said = "asked", str(question)
    except GaitError as error:
        outcome, said = "refused", str(error)
    return Trial(truth.clip.stem, codec, factor, tag, outcome, said)


def _slowed(source: Path, target: Path, stored_fps: float, tagged_fps: float | None) -> Path:
    """The same pictures at another rate, in Matroska, which holds every codec."""
    with av.open(str(source)) as given, av.open(str(target), "w") as made:
        if tagged_fps:
            made.metadata[CAPTURE_RATE_TAG] = f"{tagged_fps:g}"
        stream = given.streams.video[0]
        copy = made.add_stream_from_template(stream)
        copy.time_base = Fraction(1, TICKS)
        packets = [packet for packet in given.demux(stream) if packet.size]
        order = sorted(packet.pts for packet in packets)
        shift = min(packet.dts for packet in packets)
        gap = (order[-1] - order[0]) / (len(order) - 1)
        for packet in packets:
            place, decode = (packet.pts - order[0]) / gap, (packet.dts - shift) / gap
            packet.stream, packet.time_base = copy, Fraction(1, TICKS)
            packet.pts = round(TICKS * (place + 2) / stored_fps)
            packet.dts = min(round(TICKS * decode / stored_fps), packet.pts)
            made.mux(packet)
    return target


if __name__ == "__main__":
    given = [argument for argument in sys.argv[1:] if argument != "--exact"]
    main([Path(argument) for argument in given], exact_only="--exact" in sys.argv[1:])
