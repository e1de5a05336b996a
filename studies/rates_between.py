"""Where to stop taking a usual rate without asking: ``python -m studies.rates_between [BODIES]``.

Runners of the study set (``sample_videos.render.study``; none of them bundled) run from the side without
pictures: their exact joints at 60 a second. What the run itself says of the factor is the same whatever the
factor, so one look serves for all. For each bound on how far a usual rate may lie off the estimate, in its
spreads, the table says how many of 41 factors between the usual ones would be taken for a usual one,
silently wrong by more than 2 %, and how many true 4 and 8 would be asked about. Needs the renderer's
packages.
"""

import sys
from collections.abc import Iterator
from dataclasses import replace
from math import log
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import tests.truth
from gait.motion import proof, timebase
from gait.motion.physics import Known
from gait.motion.rates import Stored, possible
from gait.motion.rhythm import stride_s
from gait.motion.signals import clean
from gait.motion.timebase import Seen
from gait.motion.view import viewpoint
from sample_videos.render.shot import Shot, write_truth
from sample_videos.render.study import study
from studies.capture_rates import IN_BETWEEN, SAME

BOUNDS = (2.0, 1.7, 1.4, 1.2, 1.0, 0.8, 0.6, 0.4)
SEEN_FPS, STORED_FPS = 60.0, 30.0
USUAL = (4.0, 8.0)


def main(bodies: int = 4) -> None:
    """Print the table."""
    runners = [seen(shot) for shot in shots(bodies)]
    every = len(runners)
    sys.stdout.write(
        f"{every} runners, {every * len(IN_BETWEEN)} factors in between, {every * len(USUAL)} true 4 and 8\n"
        "| bound | silently wrong | by more than 6 % | true 4 and 8 asked about |\n|---|---|---|---|\n"
    )
    for bound in BOUNDS:
        with patch.object(timebase, "SLOW_TOO_FAR", bound):
            off = [abs(log(got / f)) for r in runners for f in IN_BETWEEN if (got := taken(r, f))]
            asked = sum(taken(r, factor) is None for r in runners for factor in USUAL)
        wrong = [each for each in off if each > SAME]
        sys.stdout.write(f"| {bound} | {len(wrong)} | {sum(each > 0.06 for each in wrong)} | {asked} |\n")


def shots(bodies: int) -> Iterator[Shot]:
    """Side views of the first bodies of the study set, at a rate at which their joints are exact."""
    numbers = tuple(f"{group}{number}_" for number in range(bodies) for group in ("fit", "test"))
    for _, shot in study(None):
        if shot.name.startswith(numbers) and "_side" in shot.name:
            fps = max(SEEN_FPS, shot.encoding.capture_fps)
            yield replace(shot, seconds=6.5, encoding=replace(shot.encoding, capture_fps=fps))


def seen(shot: Shot) -> Seen:
    """What the run is like as it was."""
    with TemporaryDirectory() as name, patch.object(tests.truth, "SAMPLES", Path(name)):
        write_truth(shot, shot.motion(), Path(name) / f"{shot.name}.mp4")
        track = tests.truth.filmed(tests.truth.perfect_track(shot.name), 1.0, SEEN_FPS)
    stored, view = Stored(SEEN_FPS), viewpoint(track)
    motion = clean(track, proof._at(1.0, stored, 0.0), view)
    return proof._seen(track, stored, view, Known(), 120 / stride_s(motion)).at(1.0)


def taken(run: Seen, factor: float) -> float | None:
    """The factor that is taken without asking for a run slowed so many times, every picture filmed."""
    stored, as_stored = Stored(STORED_FPS), replace(run, factor=factor)
    best, *others = timebase.weigh(stored, possible(stored), as_stored)
    return best.seen.factor if best.proven and not any(each.stands_against for each in others) else None


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
