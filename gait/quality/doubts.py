"""What limits a clip: which numbers it touches, how far, and how to film better."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gait.body import LIMBS, Side, View
from gait.metrics.catalogue import CATALOGUE, EVERY_VIEW, SAGITTAL, Trait, with_any
from gait.metrics.run import Run
from gait.motion.contact import MIN_STEPS
from gait.motion.evenness import sampling
from gait.motion.events import ground_unrest_legs
from gait.motion.signals import Roll
from gait.motion.timebase import TimeBase
from gait.pose.posetrack import PoseTrack
from gait.video.clip import Clip, stored_fps

LEANING_DEG = 3.0
SCALES_APART = 0.1
"""Twice what the planted foot, the display and a body's proportions are wrong by, together."""
TURN_DEG = 15.0
"""Beyond this turn lengths along the belt shorten by more than 3 % and hip width leaks into them."""
SLOW_CAPTURE_FPS = 50.0
"""At 30 frames/s one frame is 5 to 8 cm of overstride (Fukuchi 2017 curves)."""
SMALL_LEG_PX = 150.0
MISSED_STRIDES = 1.5
"""Strides between two landings of a foot from which one between them was missed."""
REPAIRED_SHARE = 0.08
UNSTEADY_SHARE = 0.05
REPEATED_PICTURES_SHARE = 0.05
UNREAD_SHARE = 0.01
"""Share of pictures whose loss is said; a judgement."""
DARK = 60.0
"""Grey level of the picture: the study's dark rooms have 28 to 49, all lit places 90 or more."""
SHAKING_LEGS = 0.009
"""How far the ground seems to move: at most 0.0073 on a stand, 0.010 to 0.020 in ten of twelve trembling
hands (study)."""
SLOWED = 1.02
"""A film that plays so many times slower than life is no longer in real time."""
HELD_LEGS = 0.04
"""Spread of a wrist along the belt below which it holds on: swinging ones have 0.085 to 0.2 (study)."""


@dataclass(frozen=True)
class Doubt:
    """One thing that limits a clip, or all of them."""

    id: str
    text: str
    """What is wrong and how to film better."""
    metrics: tuple[str, ...]
    trust: float
    """What remains of the trust in these metrics, 0 to 1; a judgement."""
    clip: str = ""
    """The clip it is about, by its id; empty if about all of them."""
    field: str = ""
    """The field of the request that would mend it; empty if none would."""

    def touches(self, metric: str, clip: str) -> bool:
        """True if it limits a metric that was read from this clip."""
        return metric in self.metrics and self.clip in ("", clip)


@dataclass(frozen=True)
class Evidence:
    """What the doubts are judged by."""

    view: View
    steps: int
    """Of the near foot; from behind and in front of the foot that has fewer."""
    turn_deg: float
    roll: Roll
    capture_fps: float
    leg_px: float
    repaired_share: float
    unevenness: float
    """Standard deviation of a foot's stride times over the stride, of whichever foot is less even."""
    contradiction: str | None
    """What speaks against the capture rate that the user gave."""
    assumed: bool
    """True if the film was taken to play as fast as it does without a proof."""
    filmed_fps: float
    """The rate that was taken, of which not every picture need have been read."""
    unsaid_pct: float
    """Error of the capture rate where only the run tells it; 0 where the file or the user does."""
    slowed: float
    """How many times slower than life it plays."""
    travels: bool
    """True if the runner moves through the picture or changes in size."""
    drift_share: float
    made_up: bool
    """True if pictures were made up between filmed ones."""
    picked: bool
    """True if the pictures beat, as where some were picked."""
    repeated_share: float
    respaced: bool
    """True if the repeats only fill up an even rate, so that the times of the others are known."""
    cuts: int
    times_missing: bool
    light: float
    unrest_legs: float
    """How far the ground seems to rise and fall; NaN if unknown."""
    wrist_legs: float
    """Standard deviation of the near hand's place along the belt; NaN if it is not seen."""
    unread: int
    """Pictures that the file announces and does not give."""
    unread_share: float
    left_out: tuple[str, ...]
    """Why part of the shot was not used."""
    lying: bool


@dataclass(frozen=True)
class Rule:
    """When a doubt applies and what it says."""

    id: str
    applies: Callable[[Evidence], bool]
    text: Callable[[Evidence], str]
    traits: frozenset[Trait]
    """It touches every metric with one of these that the clip can show."""
    trust: float
    views: tuple[View, ...] = EVERY_VIEW
    field: str = ""

    def metrics(self, view: View) -> tuple[str, ...]:
        """Names of the metrics that it touches in a clip of this view."""
        return tuple(
            name for name, metric in CATALOGUE.items() if view in metric.views and metric.traits & self.traits
        )


EVERYTHING = frozenset(Trait)
LENGTHS = frozenset({Trait.LENGTH})
AT_LANDING = frozenset({Trait.LANDING})
MOMENTS = frozenset({Trait.LANDING, Trait.CONTACT})
RULES = (
    Rule(
        "few-steps",
        lambda e: e.steps < MIN_STEPS,
        lambda e: (
            f"Only {e.steps} {_steps(e.steps)} of {_foot(e.view)} could be read, and {MIN_STEPS} "
            "make a verdict: these numbers are estimates. Film 8 to 10 seconds."
        ),
        EVERYTHING,
        0.0,
    ),
    Rule(
        "turned",
        lambda e: e.turn_deg > TURN_DEG,
        lambda e: (
            f"The camera stood about {e.turn_deg:.0f} degrees off the side: put it square to the "
            "treadmill's long edge."
        ),
        LENGTHS | {Trait.ANGLE},
        0.6,
        SAGITTAL,
    ),
    Rule(
        "roll-unknown",
        lambda e: not e.roll.known,
        lambda e: (
            "Nothing straight was seen behind the runner, so it cannot be told whether the phone leaned; the "
            "ranges are wider for that. Film with the treadmill's long edge or a wall in the picture."
        ),
        frozenset({Trait.UPRIGHT}),
        0.7,
    ),
    Rule(
        "leaning-phone",
        lambda e: abs(e.roll.deg) > LEANING_DEG,
        lambda e: f"The phone leaned by {abs(e.roll.deg):.0f} degrees; this was taken off. Set it up level.",
        frozenset({Trait.UPRIGHT}),
        0.9,
    ),
    Rule(
        "incline-unknown",
        lambda e: e.roll.level_off_deg != 0,
        lambda e: (
            f"What is level here leans by {abs(e.roll.level_off_deg):.0f} degrees against what stands "
            f"upright, as on a treadmill raised by about {_rise_pct(e.roll):.0f} %. What stands upright was "
            "believed; give the treadmill's incline to make that sure."
        ),
        frozenset({Trait.UPRIGHT}),
        0.6,
        SAGITTAL,
        "incline_pct",
    ),
    Rule(
        "slow-camera",
        lambda e: e.capture_fps < SLOW_CAPTURE_FPS,
        lambda e: (
            f"Filmed at {e.capture_fps:.0f} frames/s, the moment of landing is blurred: use the "
            "phone's slow motion (120 or 240)."
        ),
        MOMENTS,
        0.3,
        SAGITTAL,
    ),
    Rule(
        "small",
        lambda e: e.leg_px < SMALL_LEG_PX,
        lambda e: (
            "The runner is small in the picture: come closer, so that the body fills at least half of "
            "its height."
        ),
        EVERYTHING,
        0.6,
    ),
    Rule(
        "legs-mixed-up",
        lambda e: e.repaired_share > REPAIRED_SHARE,
        lambda e: (
            f"The two legs were mixed up in {100 * e.repaired_share:.0f} % of the frames and have been "
            "put right: shorts and shoes that stand out from the background help."
        ),
        AT_LANDING,
        0.6,
    ),
    Rule(
        "unsteady",
        lambda e: e.unevenness > UNSTEADY_SHARE,
        lambda e: (
            "The landings that were found come unevenly: the speed changed, or some of them were misread. "
            "Film at one steady speed."
        ),
        EVERYTHING,
        0.7,
    ),
    Rule(
        "capture-rate",
        lambda e: bool(e.contradiction),
        lambda e: f"The capture rate you gave may be wrong: {e.contradiction}. Check the camera's setting.",
        EVERYTHING,
        0.0,
        field="capture_fps",
    ),
    Rule(
        "taken-as-it-plays",
        lambda e: e.assumed,
        lambda e: (
            "What is seen does not prove how fast this was filmed; it was taken to play "
            + ("in real time" if e.slowed < SLOWED else f"{e.slowed:.2g} times slower than life")
            + ". Give the frames per second, or film 8 to 10 seconds with the phone at rest."
        ),
        EVERYTHING,
        0.0,
        field="capture_fps",
    ),
    Rule(
        "rate-unsaid",
        lambda e: e.unsaid_pct > 0,
        lambda e: (
            f"{_taken(e)}: times, cadence and speed can be off by {2 * e.unsaid_pct:.0f} %. Say the camera's "
            "rate to make that sure."
        ),
        frozenset({Trait.RATE}),
        0.8,
        field="capture_fps",
    ),
    Rule(
        "passes",
        lambda e: e.travels and e.drift_share == 0,
        lambda e: (
            "The runner moves through the picture, seen from ever another side: lengths along the way are "
            "right in the middle of it and short towards its ends. Film from farther away, or on a treadmill."
        ),
        LENGTHS,
        0.8,
        SAGITTAL,
    ),
    Rule(
        "camera-moves",
        lambda e: e.drift_share > 0,
        lambda e: (
            f"The camera wandered by {100 * e.drift_share:.0f} % of the picture: put the phone on a stand. "
            "Lengths and the running speed suffer most."
        ),
        frozenset({Trait.STEADY}),
        0.6,
    ),
    Rule(
        "shaking",
        lambda e: e.unrest_legs > SHAKING_LEGS,
        lambda e: (
            f"The phone shook: the ground seems to move by {100 * e.unrest_legs:.1f} % of the leg from step "
            "to step. Put the phone on a stand."
        ),
        LENGTHS | {Trait.CONTACT},
        0.6,
    ),
    Rule(
        "dark",
        lambda e: e.light < DARK,
        lambda e: (
            "The picture is dark: legs blur and are mixed up more easily. Film in daylight, or turn all the "
            "lights on."
        ),
        EVERYTHING,
        0.8,
    ),
    Rule(
        "hand-on-rail",
        lambda e: e.wrist_legs < HELD_LEGS,
        lambda e: (
            "The near hand hardly moves: whoever holds on to the rail runs differently. Let go of it for the "
            "film."
        ),
        EVERYTHING,
        0.3,
    ),
    Rule(
        "made-up-pictures",
        lambda e: e.made_up,
        lambda e: (
            "Pictures between the filmed ones were made up by the phone or an editor: film in real slow "
            "motion (120 or 240), and send the file itself."
        ),
        MOMENTS,
        0.3,
    ),
    Rule(
        "uneven-pictures",
        lambda e: e.picked,
        lambda e: (
            "The pictures are not evenly spread over the run, as where a program left some out or made some "
            "up: landings fall where it put them. Send the file that the camera wrote."
        ),
        MOMENTS,
        0.8,
    ),
    Rule(
        "repeated-pictures",
        lambda e: e.repeated_share > REPEATED_PICTURES_SHARE and not e.respaced,
        lambda e: (
            f"{100 * e.repeated_share:.0f} % of the pictures only repeat the one before, as in a screen "
            "recording: they were left out. Send the file that the camera wrote."
        ),
        MOMENTS,
        0.6,
    ),
    Rule(
        "even-repeats",
        lambda e: e.repeated_share > REPEATED_PICTURES_SHARE and e.respaced,
        lambda e: (
            f"{100 * e.repeated_share:.0f} % of the pictures only repeat the one before, evenly, as where a "
            "film is stored at a higher rate: they were left out, and the others put where they were taken."
        ),
        frozenset(),
        1.0,
    ),
    Rule(
        "cuts",
        lambda e: e.cuts > 0,
        lambda e: (
            f"The film was cut in {e.cuts} {'place' if e.cuts == 1 else 'places'}: only the longest shot "
            "was used."
        ),
        frozenset(),
        1.0,
    ),
    Rule(
        "pace-changes",
        lambda e: "pace" in e.left_out,
        lambda e: (
            "The pace or the trunk's lean changed during the film: only the longest part that is run in one "
            "way was used. Film one pace at a time."
        ),
        frozenset(),
        1.0,
    ),
    Rule(
        "feet-partly-outside",
        lambda e: "feet" in e.left_out,
        lambda e: (
            "The feet are out of the picture in part of the film: only the part that shows them was used. "
            "Film from farther away or lower."
        ),
        frozenset(),
        1.0,
    ),
    Rule(
        "lying-film",
        lambda e: e.lying,
        lambda e: (
            "The film lay on its side or upside down and was turned so that the runner stands upright. "
            "Hold the phone still when the film begins, so that it notes which way is up."
        ),
        frozenset(),
        1.0,
    ),
    Rule(
        "unread-pictures",
        lambda e: e.unread_share > UNREAD_SHARE,
        lambda e: (
            f"{e.unread} of the film's pictures could not be read: the file is damaged or was cut. Send the "
            "file that the camera wrote."
        ),
        MOMENTS,
        0.8,
    ),
    Rule(
        "no-times",
        lambda e: e.times_missing,
        lambda e: (
            "The file does not say when each picture was taken; they were spaced evenly. Send the file that "
            "the camera wrote."
        ),
        frozenset({Trait.TIME}),
        0.7,
    ),
)


def _steps(count: int) -> str:
    return "step" if count == 1 else "steps"


def _taken(e: Evidence) -> str:
    """Which rate was taken, where only the run tells it."""
    if e.slowed < SLOWED:
        return f"It was taken to play in real time, at {e.filmed_fps:.4g} frames/s, which is likely, not sure"
    return (
        f"Nothing in the file says how fast it was filmed. {e.filmed_fps:.4g} frames/s, the usual rate "
        "nearest to what the run shows, was taken"
    )


def _rise_pct(roll: Roll) -> float:
    return 100 * float(np.tan(np.radians(abs(roll.level_off_deg))))


def _foot(view: View) -> str:
    return "the near foot" if view.sagittal else "each foot"


def check(run: Run, clip: Clip, track: PoseTrack, base: TimeBase) -> tuple[Doubt, ...]:
    """List what limits one clip."""
    evidence = _evidence(run, clip, track, base)
    view = run.motion.viewpoint.view
    return tuple(
        Doubt(rule.id, rule.text(evidence), rule.metrics(view), rule.trust, run.clip, rule.field)
        for rule in RULES
        if view in rule.views and rule.applies(evidence)
    )


def _evidence(run: Run, clip: Clip, track: PoseTrack, base: TimeBase) -> Evidence:
    film, spread, motion = track.footage, sampling(track), run.motion
    near = motion.viewpoint.near
    sides = (near,) if near else tuple(Side)
    landings_s = [[c.touchdown_s for c in run.contacts_of(side)] for side in sides]
    steps = min(map(len, landings_s))
    return Evidence(
        view=motion.viewpoint.view,
        steps=steps,
        turn_deg=motion.viewpoint.turn_deg,
        roll=motion.roll,
        capture_fps=base.slow_motion_factor * stored_fps(track.pts_s),
        leg_px=motion.leg_px,
        repaired_share=float(track.repaired.mean()),
        unevenness=max(_unevenness(s, run.stride_s) for s in landings_s),
        contradiction=base.contradiction,
        assumed=base.assumed,
        filmed_fps=base.capture_fps,
        unsaid_pct=100 * base.factor_sd if base.unsaid else 0.0,
        slowed=base.slow_motion_factor,
        travels=motion.reference is not None,
        drift_share=film.drift_share if film.camera_moves else 0.0,
        made_up=film.blended or spread.made_up,
        picked=bool(np.isfinite(spread.beat)),
        repeated_share=float(film.repeated.mean()) if len(film.repeated) else 0.0,
        respaced=film.spacing != 1,
        cuts=len(film.cuts),
        times_missing=clip.times_missing,
        light=film.light,
        unrest_legs=ground_unrest_legs(motion, near, run.stride_s) if near else np.nan,
        unread=film.unread,
        unread_share=film.unread / (film.unread + max(1, len(film.repeated))),
        left_out=track.left_out,
        lying=track.quarters != 0,
        wrist_legs=float(np.nanstd(motion.xy[:, LIMBS[near].wrist, 0])) if near else np.nan,
    )


def _unevenness(landings_s: list[float], stride_s: float) -> float:
    """Spread of one foot's stride times over the stride; a stride that holds a missed landing is left out."""
    gaps_s = np.diff(landings_s)
    single = gaps_s[gaps_s < MISSED_STRIDES * stride_s]
    return float(np.std(single) / stride_s) if len(single) > 1 else 0.0


def check_scale(belt_over_height: float) -> tuple[Doubt, ...]:
    """Say that body height and belt speed do not fit together.

    Parameters
    ----------
    belt_over_height
        Leg length by the belt's speed over that by the body height; NaN without both.
    """
    apart = belt_over_height - 1
    if not abs(apart) > SCALES_APART:
        return ()
    text = (
        f"Height and belt speed do not fit together: by the belt the leg is {100 * abs(apart):.0f} % "
        f"{'longer' if apart > 0 else 'shorter'} than the height makes it. Check both; centimetres go by the "
        "height."
    )
    return (Doubt("scales-disagree", text, with_any(Trait.METRES), 0.5, field="height_cm"),)
