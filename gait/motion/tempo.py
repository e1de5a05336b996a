"""Whether a film changes its speed: slow motion that comes and goes within a few steps.

Who shows how to run films one step in real time and the next in slow motion. Such a film has no one rate,
and its steps make no one cadence. Longer parts of one speed are told apart when the runner is followed
(:func:`gait.pose.period.even_stretch`).
"""

import numpy as np
from numpy.typing import NDArray

from gait.body import LEFT, LIMBS, RIGHT
from gait.errors import NotAsFilmed
from gait.motion.signals import FloatArray, Motion
from gait.pose.period import CLEAR_SHARE, TEMPO_CHANGE

SPEED_CHANGES = (
    "This film plays some steps about {:.1f} times slower than others, as an editor's slow motion does: how "
    "fast it was filmed cannot be told for all of it. Give a part that plays at one speed; a slow one shows "
    "more."
)
ANOTHER_SPEED = 1.5
"""Two steps on end that take so many times longer than two others are shown slower, where no rate fits.

A runner goes from 150 to 200 steps a minute at most, 1.3 times; real films of runners show up to 1.16
(``python -m studies.edits --tracks FOLDER``). Editors slow two times and more.
"""
FEWEST_STEPS = 5
IN_A_ROW = 2
"""Steps that must last so much longer or shorter: a single one may be misread."""
SAME_WAY = 1.8
"""Ratio up to which the way of the limbs in a step is the usual one.

Slow motion changes nothing of it: 0.9 to 1.1 and 0.8 to 1.3 of the usual way in such steps of two films that
show some in slow motion; a man who stops, and turns, has 2.3 to 5.6 times the usual one.
"""
UNSEEN = 0.1
"""Share of such steps that may be unseen."""


def require_one_speed(motion: Motion, *, rate_unknown: bool = False) -> None:
    """Refuse a film of which some steps in a row can only have been slowed by an editor.

    Parameters
    ----------
    rate_unknown
        True where no one rate fits the run: then steps that last half as long again are enough to say why.

    Raises
    ------
    NotAsFilmed
        If so.
    """
    slowed = speed_range(motion) if rate_unknown else slowed_times(motion)
    if slowed > (ANOTHER_SPEED if rate_unknown else TEMPO_CHANGE):
        raise NotAsFilmed(SPEED_CHANGES.format(slowed), id="speed-changes")


def speed_range(motion: Motion) -> float:
    """How many times longer the slowest two steps on end take than the quickest two; NaN if few are seen.

    From behind and in front NaN.
    """
    turns = _turns(_swing(motion))
    if not motion.viewpoint.view.sagittal or len(turns) <= FEWEST_STEPS:
        return float("nan")
    rows = _rows(turns)
    return float(rows.min(axis=1).max() / rows.max(axis=1).min())


def slowed_times(motion: Motion) -> float:
    """The same from all sides, and 1 if it may be the runner who stops or steps otherwise, or is not seen."""
    swing = _swing(motion)
    turns = _turns(swing)
    if len(turns) <= 2 * IN_A_ROW:
        return 1.0
    rows = _rows(turns)
    slow, fast = int(rows.min(axis=1).argmax()), int(rows.max(axis=1).argmin())
    ways = np.add.reduceat(_limb_speed(motion), turns)[:-1]
    as_usual = np.abs(np.log(ways / np.median(ways))) < np.log(SAME_WAY)
    seen = [
        np.isfinite(swing[turns[row] : turns[row + IN_A_ROW]]).mean() > 1 - UNSEEN for row in (slow, fast)
    ]
    sure = all(seen) and all(bool(as_usual[row : row + IN_A_ROW].all()) for row in (slow, fast))
    return float(rows[slow].min() / rows[fast].max()) if sure else 1.0


def _rows(turns: NDArray[np.int_]) -> FloatArray:
    return np.lib.stride_tricks.sliding_window_view(np.diff(turns).astype(float), IN_A_ROW)


def _swing(motion: Motion) -> FloatArray:
    if motion.viewpoint.view.sagittal:
        return np.asarray(motion.xy[:, LEFT.ankle, 0] - motion.xy[:, RIGHT.ankle, 0])
    return np.asarray(motion.xy[:, LEFT.elbow, 1] - motion.xy[:, RIGHT.elbow, 1])


def _turns(values: FloatArray) -> NDArray[np.int_]:
    """Samples at which a signal has clearly changed to the other side of its middle."""
    seen = np.isfinite(values)
    if not seen.any():
        return np.zeros(0, dtype=int)
    centred = values - np.mean(values[seen])
    clear = np.flatnonzero(seen & (np.abs(centred) > CLEAR_SHARE * np.std(centred[seen])))
    return np.asarray(clear[1:][np.diff(np.sign(centred[clear])) != 0])


def _limb_speed(motion: Motion) -> FloatArray:
    """(N,) leg lengths a sample that the limbs move against the hips, the middle of them; 0 if unseen."""
    points = [point for limb in LIMBS.values() for point in (limb.knee, limb.ankle, limb.elbow, limb.wrist)]
    places = motion.xy[:, points] - motion.mid_hip[:, None]
    speeds = np.linalg.norm(np.gradient(places, axis=0), axis=2)
    known = np.isfinite(speeds).any(axis=1)
    middle = np.zeros(len(speeds))
    middle[known] = np.nanmedian(speeds[known], axis=1)
    return middle
