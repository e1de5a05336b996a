"""The body's vocabulary: landmarks, sides, views.

``LEFT`` and ``RIGHT`` of :class:`Side` are always the runner's own left and right.
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Landmark(IntEnum):
    """The 33 points of the BlazePose model, in its order (Bazarevsky 2020, arXiv:2006.10204)."""

    NOSE = 0
    LEFT_EYE_INNER = 1
    LEFT_EYE = 2
    LEFT_EYE_OUTER = 3
    RIGHT_EYE_INNER = 4
    RIGHT_EYE = 5
    RIGHT_EYE_OUTER = 6
    LEFT_EAR = 7
    RIGHT_EAR = 8
    MOUTH_LEFT = 9
    MOUTH_RIGHT = 10
    LEFT_SHOULDER = 11
    RIGHT_SHOULDER = 12
    LEFT_ELBOW = 13
    RIGHT_ELBOW = 14
    LEFT_WRIST = 15
    RIGHT_WRIST = 16
    LEFT_PINKY = 17
    RIGHT_PINKY = 18
    LEFT_INDEX = 19
    RIGHT_INDEX = 20
    LEFT_THUMB = 21
    RIGHT_THUMB = 22
    LEFT_HIP = 23
    RIGHT_HIP = 24
    LEFT_KNEE = 25
    RIGHT_KNEE = 26
    LEFT_ANKLE = 27
    RIGHT_ANKLE = 28
    LEFT_HEEL = 29
    RIGHT_HEEL = 30
    LEFT_TOE = 31
    RIGHT_TOE = 32


COUNT = len(Landmark)
JOINTS = {landmark.name.lower().replace("_", " "): landmark for landmark in Landmark}
"""What each is called in words: "left knee"."""


class Side(StrEnum):
    """The runner's own left or right."""

    LEFT = "left"
    RIGHT = "right"

    @property
    def other(self) -> "Side":
        """The opposite side."""
        return Side.RIGHT if self is Side.LEFT else Side.LEFT

    @property
    def outward(self) -> int:
        """Which way this side lies from the body's middle along an axis to the runner's right: +1 or -1."""
        return 1 if self is Side.RIGHT else -1


class View(StrEnum):
    """What the camera sees: the runner's left or right side, the back, or the front."""

    LEFT = "left"
    RIGHT = "right"
    REAR = "rear"
    FRONT = "front"

    @property
    def sagittal(self) -> bool:
        """True for a view from the side."""
        return self in (View.LEFT, View.RIGHT)


class Facing(StrEnum):
    """Where the runner runs to in the picture."""

    LEFT = "left"
    RIGHT = "right"
    AWAY = "away"
    TOWARD = "toward"


@dataclass(frozen=True)
class Limbs:
    """The landmarks of one side of the body."""

    shoulder: Landmark
    elbow: Landmark
    wrist: Landmark
    hip: Landmark
    knee: Landmark
    ankle: Landmark
    heel: Landmark
    toe: Landmark

    @property
    def leg(self) -> tuple[Landmark, Landmark, Landmark, Landmark]:
        """Knee, ankle, heel and toe: what moves when two legs are mixed up."""
        return (self.knee, self.ankle, self.heel, self.toe)


LIMBS = {
    side: Limbs(
        *(
            Landmark[f"{side.name}_{joint}"]
            for joint in (
                "SHOULDER",
                "ELBOW",
                "WRIST",
                "HIP",
                "KNEE",
                "ANKLE",
                "HEEL",
                "TOE",
            )
        )
    )
    for side in Side
}
LEFT, RIGHT = LIMBS[Side.LEFT], LIMBS[Side.RIGHT]

BONES: dict[Side, tuple[tuple[Landmark, Landmark], ...]] = {
    side: (
        (limbs.shoulder, limbs.elbow),
        (limbs.elbow, limbs.wrist),
        (limbs.shoulder, limbs.hip),
        (limbs.hip, limbs.knee),
        (limbs.knee, limbs.ankle),
        (limbs.ankle, limbs.heel),
        (limbs.heel, limbs.toe),
        (limbs.ankle, limbs.toe),
    )
    for side, limbs in LIMBS.items()
}
"""The lines of the skeleton, by the side they belong to."""

TRUNK = ((LEFT.shoulder, RIGHT.shoulder), (LEFT.hip, RIGHT.hip))
"""The lines that join the two sides."""

MIRRORED = tuple(
    Landmark[
        landmark.name.replace("LEFT", "RIGHT")
        if "LEFT" in landmark.name
        else landmark.name.replace("RIGHT", "LEFT")
    ]
    for landmark in Landmark
)
"""The landmark that each becomes in a mirrored picture."""
