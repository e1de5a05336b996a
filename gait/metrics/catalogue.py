"""Every metric once: what it is called, what shows it, how wrong it can be, and what it hangs on."""

from dataclasses import dataclass
from enum import StrEnum, auto

from gait.body import Side, View
from gait.errors import Reason


class Trait(StrEnum):
    """What a metric hangs on: a doubt names traits, and touches the metrics that have one of them."""

    LANDING = auto()
    """Read at the moment of landing."""
    CONTACT = auto()
    """Hangs on how long the foot is on the ground."""
    LENGTH = auto()
    """A length in the picture."""
    ANGLE = auto()
    """An angle in the picture."""
    TIME = auto()
    """A time, so that it hangs on when each picture was taken."""
    RATE = auto()
    """Grows or shrinks with the capture rate."""
    UPRIGHT = auto()
    """Measured against the vertical, so that it hangs on the phone's roll."""
    STEADY = auto()
    """Compares places of different moments, so that it hangs on a camera at rest."""
    METRES = auto()
    """In metres, so that it hangs on the scale."""


SAGITTAL = (View.LEFT, View.RIGHT)
FRONTAL = (View.REAR, View.FRONT)
EVERY_VIEW = (*SAGITTAL, *FRONTAL)

FILM_THE_SIDE = Reason(
    "no-side-clip",
    "only a clip from the side shows it: film one with the phone level with the hip, square to the treadmill",
)
FILM_THE_BACK = Reason(
    "no-frontal-clip", "a clip from the side cannot show it: film one from straight behind"
)
FILM_THE_HIPS = Reason(
    "no-rear-clip",
    "only a clip from straight behind shows it, with the waistband in sight: shirt tucked in, crop top or "
    "bare",
)
FILM_THE_HANDS = Reason(
    "no-front-clip",
    "only a clip from straight in front shows it, with no console between you and the phone",
)
FILM_BOTH_SIDES = Reason(
    "one-side",
    "from one side the two feet do not look alike: film one clip from each side",
)


@dataclass(frozen=True)
class Metric:
    """One metric: its name in the record and for people, and the errors that more steps do not average out.

    Both errors are of the whole chain, from picture to number; docs/accuracy.md says what is left of them.
    """

    name: str
    label: str
    unit: str
    decimals: int
    meaning: str
    views: tuple[View, ...]
    traits: frozenset[Trait]
    unseen: Reason
    """What to say where no clip has such a view."""
    sided: bool = True
    """True if each side of the body has its own."""
    systematic: float = 0.0
    """Spread between clips."""
    reads_high: float = 0.0
    """What all clips have in common; it is taken off."""
    per_roll_deg: float = 0.0
    """What one degree of the phone's roll adds."""
    step_sd: float = 0.0
    """Spread from step to step to expect where there are too few steps to see it: for angles that of 40
    real runners (Fukuchi, Ferber and Duarte, BMC and RIC data, the middle one), else twice
    that of the bundled clips."""

    both: bool = False
    """True if the mean of both sides is said too, first and as the headline."""

    @property
    def sides(self) -> tuple[Side | None, ...]:
        """The sides of which there is one each, or None for the whole body."""
        each = tuple(Side) if self.sided else ()
        return (None, *each) if self.both or not self.sided else each

    def right(self, read: float) -> float:
        """Take off what all clips read too high."""
        return read - self.reads_high


def _traits(*names: Trait) -> frozenset[Trait]:
    return frozenset(names)


_LENGTH_AT_LANDING = _traits(Trait.LANDING, Trait.LENGTH, Trait.UPRIGHT)
_ANGLE_AT_LANDING = _traits(Trait.LANDING, Trait.ANGLE)
_CONTACT = _traits(Trait.CONTACT, Trait.TIME)
_LEANING = _traits(Trait.ANGLE, Trait.UPRIGHT)
_BOUNCE = _traits(Trait.LENGTH, Trait.STEADY)

OVERSTRIDE = Metric(
    "overstride_pct_leg",
    "Overstride",
    "%",
    0,
    "how far the ankle lands ahead of the hip, in % of the leg's length",
    SAGITTAL,
    _LENGTH_AT_LANDING,
    FILM_THE_SIDE,
    systematic=1.5,
    per_roll_deg=1.75,
    step_sd=1.8,
)
OVERSTRIDE_CM = Metric(
    "overstride_cm",
    "Overstride in cm",
    "cm",
    0,
    "the same in centimetres",
    SAGITTAL,
    _LENGTH_AT_LANDING | {Trait.METRES},
    FILM_THE_SIDE,
)
SHANK = Metric(
    "shank_deg",
    "Shin angle at landing",
    "deg",
    0,
    "0 is upright; plus: the foot is ahead of the knee",
    SAGITTAL,
    _ANGLE_AT_LANDING | {Trait.UPRIGHT},
    FILM_THE_SIDE,
    systematic=1.6,
    reads_high=-0.7,
    per_roll_deg=1.0,
    step_sd=1.3,
)
KNEE_AT_TOUCHDOWN = Metric(
    "knee_flexion_touchdown_deg",
    "Knee bend at landing",
    "deg",
    0,
    "0 is a straight leg",
    SAGITTAL,
    _ANGLE_AT_LANDING,
    FILM_THE_SIDE,
    systematic=3.7,
    reads_high=2.0,
    step_sd=1.4,
)
KNEE_PEAK = Metric(
    "knee_flexion_peak_deg",
    "Deepest knee bend",
    "deg",
    0,
    "while the foot is on the ground",
    SAGITTAL,
    _traits(Trait.ANGLE),
    FILM_THE_SIDE,
    systematic=3.4,
    reads_high=1.2,
    step_sd=1.4,
)
FOOT_STRIKE = Metric(
    "foot_strike_deg",
    "Foot at landing",
    "deg",
    0,
    "against lying flat; plus: heel first, near 0 or minus: flat or forefoot",
    SAGITTAL,
    _ANGLE_AT_LANDING,
    FILM_THE_SIDE,
    systematic=2.8,
    reads_high=2.6,
    step_sd=1.8,
)
THIGH_TOE_OFF = Metric(
    "thigh_toe_off_deg",
    "Thigh at push-off",
    "deg",
    0,
    "how far the thigh reaches back",
    SAGITTAL,
    _LEANING | {Trait.CONTACT},
    FILM_THE_SIDE,
    systematic=2.6,
    reads_high=-1.6,
    per_roll_deg=1.0,
    step_sd=1.1,
)
LEAN = Metric(
    "lean_deg",
    "Forward lean",
    "deg",
    0,
    "trunk against upright; plus: forward",
    SAGITTAL,
    _LEANING | {Trait.STEADY},
    FILM_THE_SIDE,
    sided=False,
    systematic=2.3,
    per_roll_deg=1.0,
    step_sd=0.5,
)
ANKLE_LEAN = Metric(
    "ankle_lean_deg",
    "Lean from the ankles",
    "deg",
    0,
    "the legs' part of the lean; plus: forward",
    SAGITTAL,
    _LEANING | {Trait.CONTACT},
    FILM_THE_SIDE,
    sided=False,
    systematic=1.6,
    per_roll_deg=1.0,
    step_sd=1.2,
)
WAIST_BEND = Metric(
    "waist_bend_deg",
    "Bend at the waist",
    "deg",
    0,
    "what the trunk leans more than the legs",
    SAGITTAL,
    _traits(Trait.ANGLE, Trait.CONTACT),
    FILM_THE_SIDE,
    sided=False,
    systematic=3.1,
    step_sd=1.2,
)
ELBOW = Metric(
    "elbow_deg",
    "Elbow",
    "deg",
    0,
    "180 is a straight arm",
    SAGITTAL,
    _traits(Trait.ANGLE),
    FILM_THE_SIDE,
    systematic=3.4,
    reads_high=3.5,
    step_sd=2.0,
)
HEAD = Metric(
    "head_forward_pct",
    "Head forward",
    "%",
    0,
    "ears ahead of the shoulders, in % of the trunk",
    SAGITTAL,
    _LEANING,
    FILM_THE_SIDE,
    sided=False,
    systematic=1.8,
    reads_high=9.2,
    per_roll_deg=0.85,
    step_sd=0.5,
)
SHOULDERS = Metric(
    "shoulder_to_ear_pct",
    "Shoulders below the ears",
    "%",
    0,
    "in % of the trunk; smaller when the shoulders are drawn up",
    SAGITTAL,
    _traits(Trait.LENGTH),
    FILM_THE_SIDE,
    sided=False,
    systematic=2.2,
    reads_high=0.8,
    step_sd=0.5,
)
OSCILLATION_PCT = Metric(
    "oscillation_pct_leg",
    "Bounce",
    "%",
    1,
    "rise and fall of the body, in % of the leg's length",
    SAGITTAL,
    _BOUNCE,
    FILM_THE_SIDE,
    sided=False,
    systematic=0.8,
    reads_high=0.3,
    step_sd=0.5,
)
OSCILLATION_CM = Metric(
    "oscillation_cm",
    "Bounce in cm",
    "cm",
    1,
    "the same in centimetres",
    SAGITTAL,
    _BOUNCE | {Trait.METRES},
    FILM_THE_SIDE,
    sided=False,
)
HIP_DROP = Metric(
    "hip_drop_deg",
    "Hip drop",
    "deg",
    0,
    "how far the free side of the pelvis sinks in the middle of a stance",
    (View.REAR,),
    _LEANING,
    FILM_THE_HIPS,
    systematic=5.0,
    per_roll_deg=1.0,
    step_sd=0.8,
    both=True,
)
CROSSOVER = Metric(
    "crossover_pct",
    "Arm crossover",
    "%",
    0,
    "hand past the body's midline, in % of shoulder width; minus: not crossed",
    (View.FRONT,),
    _traits(Trait.LENGTH),
    FILM_THE_HANDS,
    systematic=6.0,
    step_sd=2.0,
    both=True,
)
STEP_WIDTH = Metric(
    "step_width_pct_leg",
    "Step width",
    "%",
    0,
    "between the two lines of footprints, in % of the leg's length; minus: they cross",
    FRONTAL,
    _traits(Trait.LENGTH, Trait.STEADY),
    FILM_THE_BACK,
    sided=False,
    systematic=1.4,
    reads_high=2.0,
    step_sd=1.1,
)
STEP_WIDTH_CM = Metric(
    "step_width_cm",
    "Step width in cm",
    "cm",
    0,
    "the same in centimetres",
    FRONTAL,
    _traits(Trait.LENGTH, Trait.STEADY, Trait.METRES),
    FILM_THE_BACK,
    sided=False,
)
FOOT_CROSSOVER = Metric(
    "foot_crossover_pct_leg",
    "Foot under the body",
    "%",
    0,
    "foot past the middle of the hips, in % of the leg; minus: not crossed",
    FRONTAL,
    _traits(Trait.LENGTH, Trait.UPRIGHT),
    FILM_THE_BACK,
    systematic=1.1,
    reads_high=-1.5,
    per_roll_deg=1.75,
    step_sd=0.8,
)
SWAY = Metric(
    "pelvis_sway_pct_leg",
    "Side sway",
    "%",
    0,
    "of the hips within a stride, in % of the leg's length",
    FRONTAL,
    _traits(Trait.LENGTH, Trait.STEADY),
    FILM_THE_BACK,
    sided=False,
    systematic=0.6,
    reads_high=0.3,
    step_sd=0.4,
)
CADENCE = Metric(
    "cadence_spm",
    "Cadence",
    "steps/min",
    0,
    "steps in a minute, both feet",
    EVERY_VIEW,
    _traits(Trait.TIME, Trait.RATE),
    FILM_THE_SIDE,
    sided=False,
    systematic=0.6,
    step_sd=2.4,
)
CONTACT_TIME = Metric(
    "contact_time_ms",
    "Ground contact",
    "ms",
    0,
    "how long the foot is on the ground",
    SAGITTAL,
    _CONTACT | {Trait.RATE},
    FILM_THE_SIDE,
    systematic=15.0,
    step_sd=15.0,
)
FLIGHT_TIME = Metric(
    "flight_time_ms",
    "Flight",
    "ms",
    0,
    "how long neither foot is on the ground",
    SAGITTAL,
    _CONTACT | {Trait.RATE},
    FILM_THE_SIDE,
    systematic=15.0,
    step_sd=15.0,
)
DUTY_FACTOR = Metric(
    "duty_factor_pct",
    "Time on the ground",
    "%",
    0,
    "share of the stride that this foot is on the ground",
    SAGITTAL,
    _CONTACT,
    FILM_THE_SIDE,
    systematic=2.0,
    step_sd=2.1,
)
STEP_ASYMMETRY = Metric(
    "step_time_asymmetry_pct",
    "Left step against right",
    "%",
    0,
    "plus: the left step takes longer",
    SAGITTAL,
    _CONTACT,
    FILM_BOTH_SIDES,
    sided=False,
    systematic=1.5,
)
CONTACT_ASYMMETRY = Metric(
    "contact_time_asymmetry_pct",
    "Left contact against right",
    "%",
    0,
    "plus: the left foot is longer on the ground",
    SAGITTAL,
    _CONTACT,
    FILM_BOTH_SIDES,
    sided=False,
)
SPEED = Metric(
    "speed_kmh",
    "Speed",
    "km/h",
    1,
    "as given, or as the foot on the belt shows it",
    SAGITTAL,
    _traits(Trait.TIME, Trait.RATE, Trait.METRES, Trait.STEADY),
    FILM_THE_SIDE,
    sided=False,
)

CATALOGUE: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        OVERSTRIDE,
        OVERSTRIDE_CM,
        SHANK,
        KNEE_AT_TOUCHDOWN,
        KNEE_PEAK,
        FOOT_STRIKE,
        THIGH_TOE_OFF,
        LEAN,
        ANKLE_LEAN,
        WAIST_BEND,
        ELBOW,
        HEAD,
        SHOULDERS,
        OSCILLATION_PCT,
        OSCILLATION_CM,
        HIP_DROP,
        CROSSOVER,
        STEP_WIDTH,
        STEP_WIDTH_CM,
        FOOT_CROSSOVER,
        SWAY,
        CADENCE,
        CONTACT_TIME,
        FLIGHT_TIME,
        DUTY_FACTOR,
        STEP_ASYMMETRY,
        CONTACT_ASYMMETRY,
        SPEED,
    )
}
"""In the order in which they are shown."""


def with_any(*traits: Trait) -> tuple[str, ...]:
    """Names of the metrics that hang on one of these."""
    return tuple(name for name, metric in CATALOGUE.items() if metric.traits & set(traits))
