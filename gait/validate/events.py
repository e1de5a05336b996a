"""Contacts found against contacts that were."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gait.motion.contact import Contact

SAME_S = 0.1
"""A touchdown farther than this from every true one is false."""
EDGE_S = 0.35
"""Touchdowns nearer than this to the ends of a clip are neither missed nor false: the truth holds contacts
that lie whole in the clip."""


EVENTS = ("touchdown_ms", "toe_off_ms", "contact_time_ms")
"""The fields of :class:`Matched` that hold errors."""


@dataclass(frozen=True, eq=False)
class Matched:
    """Errors of the contacts of one foot."""

    touchdown_ms: NDArray[np.float64]
    toe_off_ms: NDArray[np.float64]
    """Errors, + late; NaN where the toe-off was not found."""
    contact_time_ms: NDArray[np.float64]
    touchdown_sd_ms: NDArray[np.float64]
    toe_off_sd_ms: NDArray[np.float64]
    """Standard deviation that each is said to scatter by, beside what all steps of a clip share."""
    true: int
    """True contacts away from the ends of the clip."""
    missed: int
    false: int


def match(found: Sequence[Contact], true_s: NDArray[np.float64], seen_s: tuple[float, float]) -> Matched:
    """Pair each found contact of one foot with the nearest true one.

    Parameters
    ----------
    true_s
        (n, 2) true touchdown and toe-off.
    seen_s
        First and last moment that was analysed: what lies near them is neither missed nor false.
    """
    times_s = np.array([(c.touchdown_s, c.toe_off_s) for c in found]).reshape(-1, 2)
    apart_s = np.abs(times_s[:, None, 0] - true_s[None, :, 0])
    paired = apart_s.min(axis=1, initial=np.inf) <= SAME_S
    inside = _inside(times_s[:, 0], seen_s)
    nearest = apart_s[paired].argmin(axis=1) if paired.any() else np.array([], dtype=int)
    errors_ms = 1000 * (times_s[paired] - true_s[nearest])
    said_ms = 1000 * np.array([(c.touchdown_sd_s, c.toe_off_sd_s) for c in found]).reshape(-1, 2)[paired]
    needed = _inside(true_s[:, 0], seen_s)
    return Matched(
        touchdown_ms=errors_ms[:, 0],
        toe_off_ms=errors_ms[:, 1],
        contact_time_ms=errors_ms[:, 1] - errors_ms[:, 0],
        touchdown_sd_ms=said_ms[:, 0],
        toe_off_sd_ms=said_ms[:, 1],
        true=int(needed.sum()),
        missed=int((needed & (apart_s.min(axis=0, initial=np.inf) > SAME_S)).sum()),
        false=int((inside & ~paired).sum()),
    )


def _inside(times_s: NDArray[np.float64], seen_s: tuple[float, float]) -> NDArray[np.bool_]:
    return np.asarray((times_s > seen_s[0] + EDGE_S) & (times_s < seen_s[1] - EDGE_S))
