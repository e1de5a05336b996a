"""When real runners' legs show that they land: ``python -m studies.real_legs --runners DIR --rbds DIR``.

No pictures: the joints of a body that moves by the angles of single real runners' legs, and those of a
real runner's markers, are seen as a camera of 30 to 240 frames/s and a scattering pose model would see
them. DIR holds ``stride_curves.csv`` (Fukuchi, Ferber and Duarte, BMC-RIC, CC BY 4.0) or the trial RBDS001
(Fukuchi 2017). Only runners of the laboratory with a force-measuring belt are taken (``BMC``).
"""

import argparse
import csv
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gait.body import LEFT, LIMBS, RIGHT, Landmark, Side
from gait.motion.events import contacts, signs_of_touchdown
from gait.motion.rhythm import stride_s
from gait.motion.signals import Motion
from gait.validate.events import match
from gait.validate.markers import MARKERS_HZ, force_contacts, joint_paths, read_table, seen_by_camera

FloatArray = NDArray[np.float64]
SECONDS = 10.0
RATES_HZ = (30.0, 60.0, 120.0, 240.0)
NOISE_CM = 0.8
NEAREST_S = 0.1
SIGNS = ("knee straightest", "near belt speed", "heel or toe down")


@dataclass(frozen=True, eq=False)
class Runner:
    """Joint paths of one real runner's legs at ``MARKERS_HZ``, with the contacts of each foot."""

    name: str
    paths: dict[Landmark, FloatArray]
    contacts: dict[Side, FloatArray]
    """(n, 2) touchdown and toe-off."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Print bias and spread between runners of each sign, and of what all of them say, by frame rate."""
    parser = argparse.ArgumentParser(prog="python -m studies.real_legs", description=__doc__)
    parser.add_argument("--runners", type=Path, required=True, help="folder with stride_curves.csv")
    parser.add_argument("--rbds", type=Path, required=True, help="folder with the trial RBDS001")
    options = parser.parse_args(arguments)
    singles, marked = by_angles(options.runners), (by_markers(options.rbds),)
    for group, runners in (("single runners", singles), ("RBDS001", marked)):
        for rate_hz in RATES_HZ:
            sys.stdout.write(_lines(f"{len(runners)} {group}, {rate_hz:.0f} frames/s", runners, rate_hz))


def by_angles(folder: Path) -> tuple[Runner, ...]:
    """Let a body run as each single runner does; those whose angles fit no belt are left out."""
    from sample_videos.render.body import Body, rest
    from sample_videos.render.form import ImpossibleForm
    from sample_videos.render.single_runners import Single, single
    from sample_videos.render.truth import joints

    body, table = rest(Body()), folder / "stride_curves.csv"
    with table.open(encoding="utf-8") as file:
        names = dict.fromkeys(row["runner"] for row in csv.DictReader(file))
    found = []
    for name in (name for name in names if name.startswith("BMC")):
        try:
            motion = single(Single(table, name, SECONDS, seed=5), body)
        except ImpossibleForm:
            continue
        labels, xyz = joints(motion.at(np.arange(0, SECONDS, 1 / MARKERS_HZ)), body)
        bones = {"hip": "upperleg01", "knee": "lowerleg01", "ankle": "foot", "heel": "heel", "toe": "tip"}
        paths = {
            getattr(limbs, point): xyz[:, labels.index(f"{bone}.{letter}")]
            for limbs, letter in ((LEFT, "L"), (RIGHT, "R"))
            for point, bone in bones.items()
        }
        whole = motion.contacts[(motion.contacts[:, 1] > 0) & (motion.contacts[:, 2] < SECONDS)]
        feet = {side: whole[whole[:, 0] == k, 1:] for k, side in enumerate(Side)}
        found.append(Runner(name, paths, feet))
    return tuple(found)


def by_markers(folder: Path) -> Runner:
    """Read the trial RBDS001."""
    markers, static, forces = (
        read_table(folder / f"RBDS001{part}.txt") for part in ("runT25markers", "static", "runT25forces")
    )
    paths, times_s = joint_paths(markers, static), force_contacts(forces)
    marker_s = np.arange(len(paths[RIGHT.ankle])) / MARKERS_HZ
    heights = {
        side: np.interp(times_s.mean(axis=1), marker_s, paths[LIMBS[side].ankle][:, 2]) for side in Side
    }
    left = heights[Side.LEFT] < heights[Side.RIGHT]
    return Runner("RBDS001", paths, {Side.LEFT: times_s[left], Side.RIGHT: times_s[~left]})


def errors_ms(runner: Runner, rate_hz: float, noise_cm: float = NOISE_CM) -> tuple[FloatArray, FloatArray]:
    """(n,) errors of all touchdowns and of all toe-offs of both feet."""
    motion = seen_by_camera(runner.paths, noise_cm, video_hz=rate_hz)
    found = contacts(motion, stride_s(motion))
    seen_s = (0.0, float(motion.time_s[-1]))
    matched = [match([c for c in found if c.side is s], runner.contacts[s], seen_s) for s in Side]
    return (
        np.concatenate([each.touchdown_ms for each in matched]),
        np.concatenate([each.toe_off_ms for each in matched]),
    )


def _lines(title: str, runners: Sequence[Runner], rate_hz: float) -> str:
    motions = [seen_by_camera(runner.paths, NOISE_CM, video_hz=rate_hz) for runner in runners]
    signs = np.array([_late_ms(motion, runner) for motion, runner in zip(motions, runners, strict=True)])
    down, off = zip(*(errors_ms(runner, rate_hz) for runner in runners), strict=True)
    rows = dict(zip(SIGNS, signs.T, strict=True))
    rows |= {"touchdown": np.array([np.median(each) for each in down])}
    rows |= {"toe-off": np.array([np.nanmedian(each) for each in off])}
    return f"{title}\n" + "".join(
        f"  {what:20} middle {np.nanmedian(late):+6.1f} ms, spread {np.nanstd(late):5.1f}, "
        f"{np.nanmin(late):+6.1f} to {np.nanmax(late):+6.1f}, middle size {np.nanmedian(np.abs(late)):5.1f}\n"
        for what, late in rows.items()
    )


def _late_ms(motion: Motion, runner: Runner) -> FloatArray:
    """(3,) medians over the steps of both feet of how late each sign comes, before its bias is taken off."""
    late: list[list[float]] = []
    for side, true_s in runner.contacts.items():
        for said in signs_of_touchdown(motion, side, stride_s(motion)):
            times_s = np.array([time_s for time_s, _ in said])
            apart_s = times_s[:, None] - true_s[:, 0]
            nearest = np.abs(apart_s[np.isfinite(times_s)]).sum(axis=0).argmin()
            if np.nanmin(np.abs(apart_s[:, nearest])) < NEAREST_S:
                late.append(list(1000 * apart_s[:, nearest]))
    return np.asarray(np.nanmedian(np.array(late), axis=0))


if __name__ == "__main__":
    main()
