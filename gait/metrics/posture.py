"""How the body is carried: lean, bend, arms, head, bounce."""

import numpy as np

from gait.body import LIMBS, Landmark
from gait.metrics.measurement import Measurement, Quantity, missing
from gait.metrics.stride import Run, in_cm, of_side_view, over
from gait.motion.angles import elbow_deg, lean_deg, support_deg
from gait.motion.events import ground_unrest_legs
from gait.motion.physics import BODY
from gait.motion.signals import FloatArray

LEAN = Quantity("lean_deg", "deg", systematic=1.8, per_roll_deg=1.0)
ANKLE_LEAN = Quantity("ankle_lean_deg", "deg", systematic=1.6, per_roll_deg=1.0)
WAIST_BEND = Quantity("waist_bend_deg", "deg", systematic=3.1)
ELBOW = Quantity("elbow_deg", "deg", systematic=3.4, reads_high=3.5)
HEAD = Quantity("head_forward_pct", "%", systematic=1.8, reads_high=9.2, per_roll_deg=0.85)
SHOULDERS = Quantity("shoulder_to_ear_pct", "%", systematic=2.2, reads_high=0.8)
HAND_SEEN, HAND_SCATTER_LEGS = 0.8, 0.006
"""Visibility that three pictures in four must reach, and scatter that they must not: the ten fit clips
within them are 1 to 8 degrees wrong, those outside up to 24."""
HAND_HIDDEN = (
    "the near hand is hidden or blurred in too many pictures: film with nothing between the phone and the arm"
)
OSCILLATION_CM = Quantity("oscillation_cm", "cm")
OSCILLATION_PCT = Quantity("oscillation_pct_leg", "%", systematic=0.8, reads_high=0.3)


def posture(run: Run) -> tuple[Measurement, ...]:
    """Measure lean, bend, arms, head and vertical oscillation."""
    return (lean(run), *lean_and_bend(run), elbow(run), *head(run), *oscillation(run))


def lean(run: Run) -> Measurement:
    """Trunk against the vertical, mean over stance, + forward.

    From the middle of the hips to the middle of the shoulders, so that the turning of the trunk cancels;
    averaged over stance as in Teng and Powers 2014 (doi 10.2519/jospt.2014.5249).
    """
    return of_side_view(run, LEAN, None, _stance_means(run, lean_deg(run.motion)))


def lean_and_bend(run: Run) -> tuple[Measurement, Measurement]:
    """Tell a lean from the ankles and a bend at the waist apart: both means over the near foot's stance.

    The lean from the ankles is the line from the ankle on the ground to the middle of the hips against the
    vertical; the bend is what the trunk leans more than that. A body like a plank that leans by 8 degrees
    has 8 and 0; one that is bent by 8 degrees at the hips over upright legs has 0 and 8.
    """
    support, trunk = (
        np.array(_stance_means(run, angle))
        for angle in (support_deg(run.motion, run.near), lean_deg(run.motion))
    )
    return (
        of_side_view(run, ANKLE_LEAN, None, list(support)),
        of_side_view(run, WAIST_BEND, None, list(trunk - support)),
    )


def elbow(run: Run) -> Measurement:
    """Angle at the near elbow in the picture, mean over the stride: 180 is a straight arm.

    Withheld when the hand is hidden or its place scatters: a guessed hand makes the arm too straight, by
    14 to 58 degrees on rendered runners.
    """
    wrist = LIMBS[run.near].wrist
    seen = float(np.percentile(run.motion.visibility[:, wrist], 25))
    if seen < HAND_SEEN or float(np.nanmedian(run.motion.noise[:, wrist])) > HAND_SCATTER_LEGS:
        return missing(ELBOW, run.near, "side", HAND_HIDDEN)
    return of_side_view(run, ELBOW, run.near, _stride_means(run, elbow_deg(run.motion, run.near)))


def head(run: Run) -> tuple[Measurement, Measurement]:
    """Ears ahead of and above the shoulders, in % of the trunk, means over the stride.

    Shoulders drawn up, and a head that sinks, make the second smaller.
    """
    motion = run.motion
    ears = motion.middle(Landmark.LEFT_EAR, Landmark.RIGHT_EAR)
    trunk = np.linalg.norm(motion.mid_shoulder - motion.mid_hip, axis=1)
    ahead, above = (100 * (ears - motion.mid_shoulder) / trunk[:, None]).T
    return (
        of_side_view(run, HEAD, None, _stride_means(run, ahead)),
        of_side_view(run, SHOULDERS, None, _stride_means(run, above)),
    )


def _stance_means(run: Run, values: FloatArray) -> list[float]:
    return [over(run.motion, values, c.touchdown_s, c.toe_off_s, np.mean) for c in run.complete]


def _stride_means(run: Run, values: FloatArray) -> list[float]:
    starts = [contact.touchdown_s for contact in run.contacts_of(run.near)]
    last_s = run.motion.time_s[-1] - run.stride_s
    return [over(run.motion, values, s, s + run.stride_s, np.mean) for s in starts if s <= last_s]


def oscillation(run: Run) -> tuple[Measurement, Measurement]:
    """Rise and fall of the body within one step: in centimetres and in % of the leg.

    The middle one of what hips, shoulders, ears and nose show in each step: the arm that swings past the
    hips makes the model flatten their rise, by 1 cm on rendered runners. What the ground seems to rise and
    fall, when the phone shakes, is an error of the body's rise too.
    """
    heights = [100 * run.motion.middle(*pair)[:, 1] for pair in BODY]
    half_s = run.stride_s / 2
    last_s = run.motion.time_s[-1] - half_s
    starts = [c.touchdown_s for c in run.contacts_of(run.near) if c.touchdown_s <= last_s]
    each = [[over(run.motion, height, s, s + half_s, np.ptp) for height in heights] for s in starts]
    samples = [_middle_known(row) for row in each]
    shakes_pct = 100 * float(np.nan_to_num(ground_unrest_legs(run.motion, run.near, run.stride_s)))
    relative = of_side_view(run, OSCILLATION_PCT, None, samples, shakes_pct)
    return relative, in_cm(run.scale, OSCILLATION_CM, relative)


def _middle_known(values: list[float]) -> float:
    """Median of what is known; NaN if nothing is."""
    known = [value for value in values if np.isfinite(value)]
    return float(np.median(known)) if known else np.nan
