"""Whether a film changes its speed: slow motion that comes and goes within a few steps.

Who shows how to run films one step in real time and the next in slow motion. Such a film has no one rate,
and its steps make no one cadence. Longer parts of one speed are told apart when the runner is followed
(:func:`gait.pose.period.even_stretch`).
"""

import numpy as np
from numpy.typing import NDArray

from gait.body import LEFT, LIMBS, RIGHT
from gait.motion.signals import FloatArray, Motion
from gait.pose.period import CLEAR_SHARE, TEMPO_CHANGE

SPEED_CHANGES = (
    "{} plays some steps several times slower than others, as an editor's slow motion does: how fast it was "
    "filmed cannot be told for all of it. Give a part that plays at one speed, 8 to 10 seconds long."
)
IN_A_ROW = 2
"""Steps that must last so much longer or shorter: a single one may be misread."""
SAME_WAY = 1.8
"""Ratio up to which the way of the limbs in a step is the usual one.

Slow motion changes nothing of it: 0.9 to 1.1 and 0.8 to 1.3 of the usual way in such steps of two films that
show some in slow motion; a man who stops, and turns, has 2.3 to 5.6 times the usual one.
"""
UNSEEN = 0.1
"""Share of such steps that may be unseen."""


def film_changes_speed(motion: Motion) -> bool:
    """True if steps in a row last so much longer than others that only the film can have slowed them.

    Steps are told from the ankles from the side, from the elbows from behind and in front.
    """
    swing = _swing(motion)
    turns = _turns(swing)
    if len(turns) <= 2 * IN_A_ROW:
        return False
    rows = np.lib.stride_tricks.sliding_window_view(np.diff(turns).astype(float), IN_A_ROW)
    slow, fast = int(rows.min(axis=1).argmax()), int(rows.max(axis=1).argmin())
    if rows[slow].min() < TEMPO_CHANGE * rows[fast].max():
        return False
    ways = np.add.reduceat(_limb_speed(motion), turns)[:-1]
    as_usual = np.abs(np.log(ways / np.median(ways))) < np.log(SAME_WAY)
    seen = [
        np.isfinite(swing[turns[row] : turns[row + IN_A_ROW]]).mean() > 1 - UNSEEN for row in (slow, fast)
    ]
    return all(seen) and all(bool(as_usual[row : row + IN_A_ROW].all()) for row in (slow, fast))


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
