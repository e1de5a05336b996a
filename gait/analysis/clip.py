"""One clip, read or refused."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gait.analysis.glimpse import Glimpse
from gait.body import Side, View
from gait.errors import GaitError, Reason, UnknownCaptureRate, WhichRunner
from gait.metrics.run import Run
from gait.motion.contact import Contact, require_possible
from gait.motion.hands import MarkedSwing
from gait.motion.pelvis import Waist
from gait.motion.scale import Scale
from gait.motion.signals import Motion
from gait.motion.timebase import TimeBase
from gait.pose.posetrack import PoseTrack
from gait.video.clip import Clip


@dataclass(frozen=True, eq=False)
class ClipAnalysis:
    """One clip, seen and timed."""

    id: str
    clip: Clip
    base: TimeBase
    track: PoseTrack
    motion: Motion
    stride_s: float
    contacts: tuple[Contact, ...]
    detected: tuple[Contact, ...]
    """The contacts as they were found, whatever has been edited since."""
    waist: Waist | None = None
    swings: tuple[MarkedSwing, ...] = ()
    """Hands that somebody marked from the front, in the order of time."""

    @property
    def view(self) -> View:
        """What the camera sees of the runner."""
        return self.motion.viewpoint.view

    @property
    def near(self) -> Side | None:
        """The side of the body that faces the camera; None from behind and in front."""
        return self.motion.viewpoint.near

    @property
    def proof(self) -> tuple[str, ...]:
        """What the capture rate rests on, and how often the legs had to be told apart."""
        mixed_pct = 100 * float(self.track.repaired.mean())
        legs = f"left and right leg were mixed up in {mixed_pct:.0f} % of the pictures and put right"
        return (*self.base.evidence, legs) if mixed_pct >= 0.5 else self.base.evidence

    def near_contacts(self) -> tuple[Contact, ...]:
        """Contacts of the foot that faces the camera; of both feet from behind and in front."""
        return tuple(c for c in self.contacts if self.near in (None, c.side))

    def run(self, scale: Scale | None) -> Run:
        """The clip ready to be measured."""
        return Run(
            self.id,
            self.motion,
            self.contacts,
            self.stride_s,
            scale,
            self.waist,
            self.swings,
            self.base.factor_sd,
            self.track.footage.camera_moves,
        )


@dataclass(frozen=True)
class Refused:
    """One clip that could not be read, and why. It never takes the others with it."""

    clip: str
    """Its id."""
    file: str
    error: GaitError
    meanwhile: ClipAnalysis | None = None
    """Where the capture rate is not known: the clip at a likely one, to show what does not hang on time. Else
    None."""
    glimpse: Glimpse | None = None
    """Where somebody was seen and nothing can be measured: what there is to show. Else None."""

    @property
    def reason(self) -> Reason:
        """Why, with what to do."""
        return self.error.reason

    @property
    def asks(self) -> bool:
        """True if an answer of the user is all that is missing."""
        return isinstance(self.error, UnknownCaptureRate | WhichRunner)


def with_contacts(read: ClipAnalysis, contacts: Sequence[Contact]) -> ClipAnalysis:
    """The same clip with other contacts, edited by a coach; nothing is decoded or detected again.

    Raises
    ------
    BadRequest
        If no runner can have these contacts.
    """
    times_s = read.motion.time_s
    require_possible(contacts, (float(times_s[0]), float(times_s[-1])), read.stride_s)
    return replace(read, contacts=tuple(contacts))
