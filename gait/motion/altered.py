"""What an editor may have done to a film before it came here, and what makes every number wrong.

Played backward, the moment in which a foot leaves looks like its landing. Pulled wider or narrower, as when
an upright film is made to fill a wide picture, every angle is another one; the file says nothing of it. Both
can be seen from the side only.
"""

import numpy as np
from numpy.typing import NDArray

from gait.body import LEFT, LIMBS, RIGHT
from gait.errors import NotAsFilmed
from gait.motion.signals import RATE_HZ, FloatArray, Motion
from gait.motion.view import SIDE_BELOW_DEG

BACKWARD = (
    "This film plays backward from {:.1f} to {:.1f} s, or shows somebody who runs backward: on the ground "
    "the feet go forward there. Give the film as it was taken, or only the part that plays forward."
)
STRETCHED = (
    "The picture of this film was pulled {} by about {:.0f} %, as an editor does: the lower legs are {} "
    "lying than standing, and every angle would be wrong. Give the film as the phone saved it."
)
AGAINST = 0.3
"""How closely height and forward speed of the ankles must go against each other to call it backward.

A runner's ankle goes forward high and back low: in each single stride of 25 real films from the side they go
together by 0.3 or more, and against each other by as much where the films are turned round
(``python -m studies.edits --tracks FOLDER``).
"""
WHOLE_SWING, BACK_AGAIN = 0.7, 0.3
"""In a stride an ankle swings over at least so much of its usual way, and ends so near to its beginning."""
BACKWARD_STRIDES = 2
"""Windows of a stride, a quarter apart, that must say so: one may hold a leg that was lost."""
MOST_WIDER = 1.2
"""Width over the true one, or the other way round, beyond which a picture was pulled out of shape.

Of real films of runners from the side it reads 0.88 to 1.12, spread 0.06; of five rendered ones 1.01 to
1.02 (the same command). What editors do is 4/3 and 3/4, and 16/9 and 9/16; less than a fifth cannot be told.
"""
LIES_DEG, STANDS_DEG = 60.0, 25.0
"""The shank must lie so far, and stand so straight, in one picture of twenty: a runner's lies at 70 degrees
and more, which looks like 64 in a picture pulled narrower by a quarter."""
MOST_TURN_DEG = SIDE_BELOW_DEG
"""Up to there a leg that swings is foreshortened by what the turn says: its error of 2 degrees makes 2 %. A
picture pulled wider seems turned more than it was, since the shoulders are pulled too."""
FEWEST, WIDTH_STRIDES = 40, 3
"""Samples in which a shank is seen, and strides that are filmed, at least: of two runners who are seen for
a stride or two, one blurred and one small, it reads 1.24 and 1.28."""
FAR_OFF = 2.5
"""Readings off by more than so many spreads are left out."""


def require_as_filmed(motion: Motion, period_s: float) -> None:
    """Refuse a film that clearly plays backward or was clearly stretched.

    Parameters
    ----------
    motion, period_s
        As the file plays.

    Raises
    ------
    NotAsFilmed
        If so; a film from behind or in front is never refused.
    """
    backward = backward_s(motion, period_s)
    if backward is not None:
        raise NotAsFilmed(BACKWARD.format(*backward), id="backward")
    long_enough = np.ptp(motion.time_s) >= WIDTH_STRIDES * period_s
    wider = width_share(motion) if long_enough else 1.0
    if abs(np.log(wider)) > np.log(MOST_WIDER):
        how, shanks = ("wider", "longer") if wider > 1 else ("narrower", "shorter")
        text = STRETCHED.format(how, 100 * abs(wider - 1), shanks)
        raise NotAsFilmed(text, id="stretched")


def backward_s(motion: Motion, period_s: float) -> tuple[float, float] | None:
    """From when to when a film clearly plays backward, in the motion's time; None if it nowhere does."""
    starts, together = high_when_forward(motion, period_s)
    against = starts[together < -AGAINST]
    if len(against) < BACKWARD_STRIDES:
        return None
    return float(motion.time_s[against[0]]), float(motion.time_s[against[-1]] + period_s)


def high_when_forward(motion: Motion, period_s: float) -> tuple[NDArray[np.int_], FloatArray]:
    """(W,) first samples of windows of a stride, and how closely the ankles go high and forward together.

    On the ground a foot goes back against the hips, low; in the air forward, high. From -1 to 1, the mean of
    both legs; NaN where one is unseen, or where a window holds no whole stride, as in a part that plays
    slower. Nothing from behind and in front.
    """
    window = max(4, round(period_s * RATE_HZ))
    ankles = np.array([motion.xy[:, leg.ankle] - motion.mid_hip for leg in (LEFT, RIGHT)])
    seen = np.isfinite(ankles).all(axis=2).any(axis=1).all()
    if not (motion.viewpoint.view.sagittal and seen):
        return np.array([], dtype=int), np.array([])
    swing = np.ptp(np.nanpercentile(ankles[..., 0], (2, 98), axis=1), axis=0)
    starts = np.arange(0, len(motion.time_s) - window, max(1, window // 4))
    together = [_high_when_forward(ankles[:, start : start + window], swing) for start in starts]
    return starts, np.array(together, dtype=float)


def _high_when_forward(ankles: FloatArray, swing: FloatArray) -> float:
    along, height = ankles[..., 0], ankles[..., 1]
    whole = np.ptp(along, axis=1) > WHOLE_SWING * swing
    again = np.abs(along[:, -1] - along[:, 0]) < BACK_AGAIN * swing
    if not (whole & again).all() or not np.isfinite(ankles).all():
        return float("nan")
    speed = np.gradient(along, axis=1)
    return float(np.mean([np.corrcoef(*leg)[0, 1] for leg in zip(speed, height, strict=True)]))


def width_share(motion: Motion) -> float:
    """Width of the picture over the true one, 1 where pixels are square; NaN where the shanks do not tell.

    A shank is as long while it lies behind the runner in swing as while it stands.
    """
    view = motion.viewpoint
    if not view.view.sagittal or view.turn_deg > MOST_TURN_DEG:
        return float("nan")
    each = [_wider(motion.xy[:, leg.ankle] - motion.xy[:, leg.knee]) for leg in LIMBS.values()]
    return float(np.mean(each) / np.cos(np.radians(view.turn_deg)))


def _wider(shank: FloatArray) -> float:
    """How much longer a shank is lying than standing, from a fit of its length to its slope."""
    shank = shank[np.isfinite(shank).all(axis=1)]
    if len(shank) < FEWEST:
        return float("nan")
    slope_deg = np.degrees(np.arctan2(*np.abs(shank).T))
    if np.percentile(slope_deg, 95) < LIES_DEG or np.percentile(slope_deg, 5) > STANDS_DEG:
        return float("nan")
    squares = shank**2
    for _ in range(3):
        fit = np.linalg.lstsq(squares, np.ones(len(squares)), rcond=None)[0]
        off = np.abs(squares @ fit - 1)
        squares = squares[off <= FAR_OFF * off.std() + 1e-9]
    across, up = fit
    return float(np.sqrt(up / across)) if across > 0 and up > 0 else float("nan")
