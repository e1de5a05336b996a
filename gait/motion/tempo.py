"""Whether a film changes its speed: slow motion that comes and goes within a few steps.

Who shows how to run films one step in real time and the next in slow motion. Such a film has no one rate,
and its steps make no one cadence. Longer parts of one speed are told apart when the runner is followed
(:func:`gait.pose.period.even_stretch`).
"""

import numpy as np

from gait.body import LEFT, LIMBS, RIGHT
from gait.motion.signals import FloatArray, Motion
from gait.pose.period import CLEAR_SHARE, TEMPO_CHANGE

IN_A_ROW = 2
"""Steps that must last so much longer or shorter: a single one may be misread, or the runner stood."""
LIMBS_SLOWER = 2.0
"""How many times slower the limbs move in those that last longer; steps that are overlooked change nothing
there. A judgement: slow motion slows them as much as the steps, by ``TEMPO_CHANGE`` and more."""
AS_FAR = 0.6
"""Share of the usual swing that both reach at least: who stops swings less, and so does what only looks like
a step; slow motion changes nothing of it. A judgement."""
UNSEEN = 0.1
"""Share of a step that may be unseen."""


def film_changes_speed(motion: Motion) -> bool:
    """True if steps in a row last so much longer than others that only the film can have slowed them.

    Steps are told from the ankles from the side, from the elbows from behind and in front.
    """
    swing = _swing(motion)
    turns = _turns(swing)
    lasted = np.diff(turns).astype(float)
    if len(lasted) < 2 * IN_A_ROW:
        return False
    rows = np.lib.stride_tricks.sliding_window_view(lasted, IN_A_ROW)
    slow, fast = int(rows.min(axis=1).argmax()), int(rows.max(axis=1).argmin())
    in_slow, in_fast = (slice(turns[row], turns[row + IN_A_ROW]) for row in (slow, fast))
    if rows[slow].min() < TEMPO_CHANGE * rows[fast].max() or np.isnan(swing[in_slow]).mean() > UNSEEN:
        return False
    speed = _limb_speed(motion)
    slower = np.nanmean(speed[in_fast]) > LIMBS_SLOWER * np.nanmean(speed[in_slow])
    as_far = min(np.nanstd(swing[in_slow]), np.nanstd(swing[in_fast])) > AS_FAR * np.nanstd(swing)
    return bool(slower and as_far)


def _swing(motion: Motion) -> FloatArray:
    if motion.viewpoint.view.sagittal:
        return np.asarray(motion.xy[:, LEFT.ankle, 0] - motion.xy[:, RIGHT.ankle, 0])
    return np.asarray(motion.xy[:, LEFT.elbow, 1] - motion.xy[:, RIGHT.elbow, 1])


def _turns(values: FloatArray) -> np.ndarray:
    """Samples at which a signal has clearly changed to the other side of its middle."""
    seen = np.isfinite(values)
    if not seen.any():
        return np.zeros(0, dtype=int)
    centred = values - np.mean(values[seen])
    clear = np.flatnonzero(seen & (np.abs(centred) > CLEAR_SHARE * np.std(centred[seen])))
    return np.asarray(clear[1:][np.diff(np.sign(centred[clear])) != 0])


def _limb_speed(motion: Motion) -> FloatArray:
    """(N,) how fast the limbs move against the hips, in the middle of them; NaN where unseen."""
    points = [point for limb in LIMBS.values() for point in (limb.knee, limb.ankle, limb.elbow, limb.wrist)]
    places = motion.xy[:, points] - motion.mid_hip[:, None]
    speeds = np.linalg.norm(np.gradient(places, axis=0), axis=2)
    known = np.isfinite(speeds).any(axis=1)
    middle = np.full(len(speeds), np.nan)
    middle[known] = np.nanmedian(speeds[known], axis=1)
    return middle
