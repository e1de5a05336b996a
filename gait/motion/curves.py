"""Joint angles over the stride."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from gait.body import Side
from gait.motion.angles import knee_flexion_deg, shank_deg, thigh_deg
from gait.motion.contact import Contact
from gait.motion.signals import FloatArray, Motion

PERCENT = np.linspace(0.0, 100.0, 51)
"""Per cent of the stride, 0 at touchdown."""
ANGLES = {"thigh": thigh_deg, "knee": knee_flexion_deg, "shank": shank_deg}
SAME_STRIDE = 0.2
"""A stride farther than this share from the usual one holds a missed touchdown and is left out."""


@dataclass(frozen=True)
class Curve:
    """One joint over the stride: middle and spread of the strides, at each of ``PERCENT``."""

    name: str
    side: Side
    middle_deg: tuple[float, ...]
    sd_deg: tuple[float, ...]
    strides: int
    toe_off_pct: float
    """When the foot leaves the ground; NaN if unknown."""


def joint_curves(motion: Motion, contacts: Sequence[Contact], stride_s: float) -> tuple[Curve, ...]:
    """Thigh, knee and shank of the near leg over the stride; none from behind and in front."""
    near = motion.viewpoint.near
    if near is None:
        return ()
    own = [contact for contact in contacts if contact.side is near]
    durations_s = [c.duration_s for c in own if np.isfinite(c.duration_s)]
    toe_off_pct = 100 * float(np.median(durations_s)) / stride_s if durations_s else float("nan")
    found = []
    for name, angle in ANGLES.items():
        strides = each_stride(motion, own, stride_s, angle(motion, near))
        if len(strides):
            middle, sd = np.median(strides, axis=0), np.std(strides, axis=0)
            found.append(Curve(name, near, _plain(middle), _plain(sd), len(strides), toe_off_pct))
    return tuple(found)


def each_stride(motion: Motion, own: Sequence[Contact], stride_s: float, values: FloatArray) -> FloatArray:
    """(strides, 51) a signal over each stride of one foot, 0 % at its touchdown."""
    starts = [contact.touchdown_s for contact in own]
    strides = [
        motion.at(values, start + PERCENT / 100 * (stop - start))
        for start, stop in pairwise(starts)
        if abs((stop - start) / stride_s - 1) < SAME_STRIDE
    ]
    whole = [stride for stride in strides if np.isfinite(stride).all()]
    return np.array(whole).reshape(len(whole), len(PERCENT))


def _plain(values: FloatArray) -> tuple[float, ...]:
    return tuple(round(float(value), 2) for value in values)
