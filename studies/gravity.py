"""Gravity as different parts of the body show it: ``python -m studies.gravity --rbds DIR [FILM ...]``.

In its first harmonic of the steps, its second, and both, as the proof of the capture rate reads it: on the
exact joints of bundled runners, on what the pose model marks of them, on a real runner's pelvis markers
and on his centre of mass as the ground's force moves it (RBDS001 in DIR, Fukuchi 2017), and on films that
play in real time, for an adult's leg.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gait.analysis import read_track
from gait.body import LEFT, RIGHT, Landmark
from gait.motion.physics import IN_FLIGHT, falls
from gait.motion.rhythm import stride_s
from gait.motion.scale import ADULT_LEG_M
from gait.motion.signals import RATE_HZ, clean, low_pass, resample
from gait.motion.timebase import GRAVITY_M_S2, untested
from gait.motion.view import viewpoint
from gait.pose.posetrack import PoseTrack
from gait.validate.markers import FORCES_HZ, MARKERS_HZ, force_contacts, read_table
from gait.video.clip import stored_fps
from gait.video.reader import open_clip
from tests.truth import filmed, perfect_track, truth

FloatArray = NDArray[np.float64]
NAMES = (
    "runner_a_side_120",
    "runner_a_side_120_two_months_later",
    "runner_b_side_240_stored_as_30",
    "runner_d_side_120",
)
POINTS = {
    "nose": (Landmark.NOSE, Landmark.NOSE),
    "ears": (Landmark.LEFT_EAR, Landmark.RIGHT_EAR),
    "shoulders": (LEFT.shoulder, RIGHT.shoulder),
    "hips": (LEFT.hip, RIGHT.hip),
}
PELVIS = ("R.ASIS", "R.PSIS", "L.PSIS", "R.Iliac.Crest", "L.Iliac.Crest")
"""Markers that are seen in the whole trial."""
RATES_FPS = (120.0, 60.0, 30.0)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a line for each runner and part of the body."""
    parser = argparse.ArgumentParser(prog="python -m studies.gravity", description=__doc__)
    parser.add_argument("--rbds", type=Path, required=True, help="folder with the trial RBDS001")
    parser.add_argument("films", type=Path, nargs="*", metavar="FILM", help="film that plays in real time")
    options = parser.parse_args(arguments)
    sys.stdout.write(f"{'m/s2':52}{'first':>7}{'second':>8}{'both':>7}\n")
    for lines in (_real_body(options.rbds), _bundled(), *map(_film, options.films)):
        for line in lines:
            sys.stdout.write(line)
            sys.stdout.flush()


def _real_body(folder: Path) -> Iterator[str]:
    markers, forces = (
        read_table(folder / f"RBDS001{part}.txt") for part in ("runT25markers", "runT25forces")
    )
    touchdown_s = np.sort(force_contacts(forces)[:, 0])
    period_s = 2 * float(np.median(np.diff(touchdown_s)))
    force_n = forces.column("Fy")
    up_m_s2 = GRAVITY_M_S2 * (force_n / force_n.mean() - 1)
    first_rad_s = 4 * np.pi / period_s
    as_height = _on_grid(-up_m_s2 / first_rad_s**2, FORCES_HZ)
    by_force = falls(*as_height, period_s) / (1, 4)
    yield _line("RBDS001, centre of mass by the force", by_force)
    for name in PELVIS:
        height = _on_grid(markers.column(f"{name}Y") / 1000, MARKERS_HZ)
        yield _line(f"RBDS001, {name}", falls(*height, period_s))


def _on_grid(values: FloatArray, rate_hz: float) -> tuple[FloatArray, FloatArray]:
    """Times and values as the tool has them of a film."""
    known_s = np.arange(len(values)) / rate_hz
    time_s = np.arange(0, known_s[-1], 1 / RATE_HZ)
    return time_s, low_pass(resample(known_s, values, time_s))


def _bundled() -> Iterator[str]:
    for name in NAMES:
        known = truth(name)
        exact = perfect_track(name)
        for fps in RATES_FPS:
            yield from _track(f"{name[:20]}, exact, {fps:.0f} a second", filmed(exact, 1.0, fps), known.leg_m)
        clip = open_clip(known.clip)
        slow = known.capture_fps / stored_fps(clip.pts_s)
        yield from _track(f"{name[:20]}, marked", read_track(clip), known.leg_m, slow)


def _film(path: Path) -> Iterator[str]:
    yield from _track(path.stem, read_track(open_clip(path)), ADULT_LEG_M)


def _track(name: str, track: PoseTrack, leg_m: float, slow: float = 1.0) -> Iterator[str]:
    fps = stored_fps(track.pts_s)
    motion = clean(track, untested(fps, float(track.pts_s[0]), slow), viewpoint(track))
    period_s = stride_s(motion)
    for what, pair in POINTS.items():
        height = motion.middle(*pair)[:, 1]
        yield _line(f"{name}, {what}", leg_m * falls(motion.time_s, height, period_s))


def _line(name: str, each: FloatArray) -> str:
    shown = each / IN_FLIGHT
    first, second = np.median(shown, axis=0) if len(shown) else (np.nan, np.nan)
    both = np.median(shown.sum(axis=1)) if len(shown) else np.nan
    return f"{name:52}{first:7.1f}{second:8.1f}{both:7.1f}\n"


if __name__ == "__main__":
    main()
