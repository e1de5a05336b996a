"""Playback time -> capture time: how fast the clip was really filmed.

A phone's slow motion is often stored as a plain 30 frames/s clip that says nothing about the 120 or
240 frames/s at which it was filmed. Every speed and every duration hangs on that factor, so it is
taken from something that knows (the user, the phone's tag) or from the file's own times if those
make the runner a plausible runner; otherwise :func:`confirm` refuses and says what to give.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gait.errors import BadRequest, UnknownCaptureRate

if TYPE_CHECKING:
    from gait.video.clip import Clip

PLAUSIBLE_CADENCE_SPM = (130.0, 225.0)
"""Steps per minute outside of which nobody runs steadily on a treadmill.

The mean runner takes 161 to 183 at 2.5 to 4.5 m/s (Fukuchi 2017, doi 10.7717/peerj.3298); the
range is a judgement, wide enough for slow joggers and sprinters and narrower than a factor of two.
"""
PHONE_RATES_FPS = (60.0, 100.0, 120.0, 200.0, 240.0, 300.0, 480.0, 960.0)


@dataclass(frozen=True)
class TimeBase:
    """How playback time maps to capture time, and why we believe it."""

    capture_fps: float
    slow_motion_factor: float
    """Playback seconds per second of reality: 8 for 240 frames/s stored as 30."""
    confidence: float
    """Between 0 and 1; a rank of the evidence, not a measured frequency."""
    evidence: tuple[str, ...]
    given: bool
    """True when the user named the capture rate."""

    def capture_s(self, pts_s: NDArray[np.float64]) -> NDArray[np.float64]:
        """Seconds of reality since the first of these presentation times."""
        return np.asarray((pts_s - pts_s[0]) / self.slow_motion_factor)


def time_base(clip: "Clip", capture_fps: float | None = None) -> TimeBase:
    """Take the capture rate from the user, else from the phone's tag, else from the file's times.

    Raises
    ------
    BadRequest
        If ``capture_fps`` is not a rate at which cameras film.
    """
    stored = clip.stored_fps
    if capture_fps is not None:
        if not 10 <= capture_fps <= 2000:
            raise BadRequest(
                f"A capture rate of {capture_fps:g} frames/s is not one a camera has: "
                "give the number from the camera's settings, such as 240."
            )
        return _base(stored, capture_fps, 1.0, f"you gave {capture_fps:g} frames/s", given=True)
    tag = clip.tagged_capture_fps
    if tag is not None:
        return _base(stored, tag, 0.95, f"the phone's own tag says {tag:g} frames/s")
    return _base(stored, stored, 0.8, f"the file plays {stored:.4g} frames/s and says nothing of slow motion")


def _base(
    stored_fps: float, capture_fps: float, confidence: float, why: str, *, given: bool = False
) -> TimeBase:
    return TimeBase(capture_fps, capture_fps / stored_fps, confidence, (why,), given)


def confirm(base: TimeBase, cadence_spm: float, name: str, option: str) -> TimeBase:
    """Hold the cadence that follows from a time base against what runners do.

    A rate that the user gave stands, whatever follows from it; the evidence then says so. ``name`` and
    ``option`` are the clip's and that of its capture rate on the command line, for the message.

    Raises
    ------
    UnknownCaptureRate
        If nobody runs at this cadence and the user gave no rate.
    """
    if plausible(cadence_spm):
        note = f"at this speed the runner takes {cadence_spm:.0f} steps/min, as runners do"
        return replace(base, evidence=(*base.evidence, note))
    if base.given:
        note = f"at this speed the runner would take {cadence_spm:.0f} steps/min, as nobody runs"
        return replace(base, confidence=0.3, evidence=(*base.evidence, note))
    raise UnknownCaptureRate(_question(base, cadence_spm, name, option))


def plausible(cadence_spm: float) -> bool:
    """True for a cadence at which people run."""
    low, high = PLAUSIBLE_CADENCE_SPM
    return low <= cadence_spm <= high


def _question(base: TimeBase, cadence_spm: float, name: str, option: str) -> str:
    steps = {fps: cadence_spm * fps / base.capture_fps for fps in PHONE_RATES_FPS}
    fitting = {fps: spm for fps, spm in steps.items() if plausible(spm)}
    hint = "; ".join(
        f"{fps:g} frames/s would make it {spm:.0f} ({option} {fps:g})" for fps, spm in fitting.items()
    )
    return (
        f"Taken at {base.capture_fps:.4g} frames/s, the runner in {name} makes {cadence_spm:.0f} steps/min, "
        "which nobody runs: the clip is probably slow motion that does not say how it was filmed. "
        f"Give the capture rate from the camera's setting: {hint or f'such as 240 ({option} 240)'}."
    )
