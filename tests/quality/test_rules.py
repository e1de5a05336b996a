"""Every rule about a clip, just within what is well and just beyond it; and what a user then reads."""

from dataclasses import replace

import numpy as np
import pytest

from gait.body import LEFT, RIGHT, Side, View
from gait.errors import NoRunner
from gait.metrics.catalogue import CATALOGUE, Trait, with_any
from gait.motion.signals import Roll
from gait.motion.view import viewpoint
from gait.quality import gates
from gait.quality.doubts import RULES, Evidence, Rule, check_scale
from tests.truth import perfect_track

GOOD = Evidence(
    view=View.LEFT,
    steps=7,
    turn_deg=15.0,
    roll=Roll(3.0, 0.2, known=True),
    capture_fps=50.0,
    leg_px=150.0,
    repaired_share=0.08,
    unevenness=0.05,
    contradiction=None,
    assumed=False,
    filmed_fps=240.0,
    unsaid_pct=0.0,
    slowed=1.0,
    travels=False,
    drift_share=0.0,
    made_up=False,
    picked=False,
    repeated_share=0.05,
    respaced=False,
    cuts=0,
    times_missing=False,
    light=60.0,
    unrest_legs=0.009,
    wrist_legs=0.04,
    unread=3,
    unread_share=0.01,
    left_out=(),
    lying=False,
)
"""At the very edge of what is well, in everything."""
BEYOND: dict[str, tuple[dict[str, object], float, str]] = {
    "few-steps": ({"steps": 6}, 0.0, "Only 6 steps of the near foot could be read, and 7 make a verdict"),
    "turned": ({"turn_deg": 15.6}, 0.6, "The camera stood about 16 degrees off the side"),
    "roll-unknown": ({"roll": Roll(0.0, 2.0, known=False)}, 0.7, "cannot be told whether the phone leaned"),
    "leaning-phone": ({"roll": Roll(-4.0, 0.2, known=True)}, 0.9, "The phone leaned by 4 degrees"),
    "incline-unknown": (
        {"roll": Roll(0.0, 0.2, known=True, level_off_deg=-3.0)},
        0.6,
        "leans by 3 degrees against what stands upright, as on a treadmill raised by about 5 %",
    ),
    "slow-camera": ({"capture_fps": 49.6}, 0.3, "Filmed at 50 frames/s, the moment of landing is blurred"),
    "small": ({"leg_px": 149.0}, 0.6, "The runner is small in the picture"),
    "legs-mixed-up": ({"repaired_share": 0.1}, 0.6, "mixed up in 10 % of the frames"),
    "unsteady": ({"unevenness": 0.051}, 0.7, "The landings that were found come unevenly"),
    "capture-rate": ({"contradiction": "a fall of 2 m/s²"}, 0.0, "may be wrong: a fall of 2 m/s². Check"),
    "taken-as-it-plays": ({"assumed": True}, 0.0, "it was taken to play in real time"),
    "rate-unsaid": (
        {"unsaid_pct": 5.5, "slowed": 8.0},
        0.8,
        "240 frames/s, the usual rate nearest to what the run shows, was taken: times, cadence and speed can "
        "be off by 11 %",
    ),
    "passes": ({"travels": True}, 0.8, "The runner moves through the picture"),
    "camera-moves": ({"drift_share": 0.03}, 0.6, "The camera wandered by 3 % of the picture"),
    "shaking": ({"unrest_legs": 0.0121}, 0.6, "the ground seems to move by 1.2 % of the leg"),
    "dark": ({"light": 59.0}, 0.8, "The picture is dark"),
    "hand-on-rail": ({"wrist_legs": 0.039}, 0.3, "The near hand hardly moves"),
    "made-up-pictures": ({"made_up": True}, 0.3, "were made up by the phone or an editor"),
    "uneven-pictures": ({"picked": True}, 0.8, "not evenly spread over the run"),
    "repeated-pictures": ({"repeated_share": 0.2}, 0.6, "20 % of the pictures only repeat the one before"),
    "even-repeats": ({"repeated_share": 0.2, "respaced": True}, 1.0, "20 % of the pictures only repeat"),
    "cuts": ({"cuts": 2}, 1.0, "The film was cut in 2 places: only the longest shot"),
    "pace-changes": ({"left_out": ("pace",)}, 1.0, "The pace or the trunk's lean changed during the film"),
    "feet-partly-outside": ({"left_out": ("feet",)}, 1.0, "The feet are out of the picture in part"),
    "lying-film": ({"lying": True}, 1.0, "The film lay on its side or upside down"),
    "unread-pictures": ({"unread_share": 0.011}, 0.8, "3 of the film's pictures could not be read"),
    "no-times": ({"times_missing": True}, 0.7, "does not say when each picture was taken"),
}


def test_every_rule_is_here() -> None:
    assert [rule.id for rule in RULES] == list(BEYOND)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_speaks_beyond_its_limit_and_not_at_it(rule: Rule) -> None:
    change, trust, said = BEYOND[rule.id]
    beyond = replace(GOOD, **change)  # type: ignore[arg-type]
    assert not rule.applies(GOOD)
    assert rule.applies(beyond)
    assert said in rule.text(beyond)
    assert rule.trust == trust
    assert {other.id for other in RULES if other.applies(beyond)} == {rule.id}


@pytest.mark.parametrize(
    ("view", "steps", "said"),
    [(View.LEFT, 1, "Only 1 step of the near foot could"), (View.REAR, 2, "Only 2 steps of each foot could")],
)
def test_few_steps_are_counted_in_words_of_the_view(view: View, steps: int, said: str) -> None:
    (rule,) = (rule for rule in RULES if rule.id == "few-steps")
    assert said in rule.text(replace(GOOD, view=view, steps=steps))


def test_a_slowed_film_that_was_taken_as_it_plays_is_not_called_real_time() -> None:
    (rule,) = (rule for rule in RULES if rule.id == "taken-as-it-plays")
    said = rule.text(replace(GOOD, assumed=True, slowed=2.63))
    assert "taken to play 2.6 times slower than life" in said and "real time" not in said


def test_one_cut_is_one_place() -> None:
    (rule,) = (rule for rule in RULES if rule.id == "cuts")
    assert "in 1 place:" in rule.text(replace(GOOD, cuts=1))


def test_unknown_shaking_and_hands_are_no_doubt() -> None:
    unknown = replace(GOOD, unrest_legs=np.nan, wrist_legs=np.nan)
    assert not [rule.id for rule in RULES if rule.applies(unknown)]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
@pytest.mark.parametrize("view", View)
def test_a_rule_touches_just_what_hangs_on_what_it_is_about(rule: Rule, view: View) -> None:
    touched = set(rule.metrics(view))
    for name, metric in CATALOGUE.items():
        hangs = any(trait in metric.traits for trait in rule.traits)
        assert (name in touched) == (hangs and view in metric.views), name


def test_what_hangs_on_a_trait_is_named_and_nothing_else() -> None:
    named = with_any(Trait.METRES, Trait.TIME)
    assert set(named) == {
        name for name, m in CATALOGUE.items() if Trait.METRES in m.traits or Trait.TIME in m.traits
    }
    assert "overstride_cm" in named and "shank_deg" not in named


@pytest.mark.parametrize(("by_belt", "said"), [(1.25, "25 % longer"), (0.75, "25 % shorter")])
def test_a_scale_that_contradicts_the_other_says_which_way(by_belt: float, said: str) -> None:
    (doubt,) = check_scale(by_belt)
    assert doubt.text == (
        f"Height and belt speed do not fit together: by the belt the leg is {said} than the height makes it. "
        "Check both; centimetres go by the height."
    )
    assert (doubt.id, doubt.field, doubt.trust) == ("scales-disagree", "height_cm", 0.5)
    assert doubt.metrics == with_any(Trait.METRES)
    assert doubt.touches("overstride_cm", "any.mp4") and not doubt.touches("shank_deg", "any.mp4")


@pytest.mark.parametrize(
    ("outside", "said"), [(True, "out of the picture"), (False, "could not be followed")]
)
def test_a_refusal_says_in_how_many_of_the_frames_and_what_to_do(outside: bool, said: str) -> None:
    track = perfect_track("runner_a_side_120")
    xy, out = track.xy_px.copy(), np.zeros(track.visibility.shape, dtype=bool)
    xy[: len(xy) // 2, LEFT.toe] = np.nan
    out[: len(xy) // 2, LEFT.toe] = outside
    with pytest.raises(NoRunner) as caught:
        gates.require_feet(replace(track, xy_px=xy, outside=out), viewpoint(track))
    more = "with the whole body and the belt in view." if outside else "with nothing between the phone and"
    assert said in str(caught.value)
    assert "in 50 % of the frames" in str(caught.value) and more in str(caught.value)


@pytest.mark.parametrize(("missing", "refused"), [(29, False), (31, True)])
def test_up_to_three_in_ten_frames_may_lack_a_foot(missing: int, *, refused: bool) -> None:
    whole = perfect_track("runner_a_side_120")
    track = replace(whole, xy_px=whole.xy_px.copy(), outside=None)
    lacking = np.arange(len(track.pts_s)) < missing / 100 * len(track.pts_s)
    track.xy_px[lacking, LEFT.ankle] = np.nan
    if refused:
        with pytest.raises(NoRunner, match="could not be followed in 3"):
            gates.require_feet(track, viewpoint(whole))
    else:
        gates.require_feet(track, viewpoint(whole))


def test_frames_without_the_runner_are_not_counted_as_missing_feet() -> None:
    whole = perfect_track("runner_a_side_120")
    gone = np.arange(len(whole.pts_s)) % 2 == 0
    track = replace(whole, xy_px=whole.xy_px.copy(), visibility=whole.visibility.copy())
    track.xy_px[gone], track.visibility[gone] = np.nan, 0
    gates.require_feet(track, viewpoint(whole))
    nobody = replace(track, xy_px=track.xy_px * np.nan, visibility=track.visibility * 0)
    gates.require_feet(nobody, viewpoint(whole))


def test_from_behind_no_foot_is_the_near_one() -> None:
    rear = perfect_track("runner_a_rear_60")
    gates.require_feet(replace(rear, xy_px=rear.xy_px * np.nan), viewpoint(rear))


@pytest.mark.parametrize(("cut_off", "said"), [(0.6, "60 % of the frames"), (0.4, "nobody runs")])
def test_who_is_cut_off_below_the_knees_from_behind_is_not_said_to_run_unsteadily(
    cut_off: float, said: str
) -> None:
    rear = perfect_track("runner_a_rear_60")
    outside = np.zeros(rear.visibility.shape, dtype=bool)
    outside[: round(cut_off * len(outside)), [LEFT.ankle, RIGHT.ankle]] = True
    reason = gates.why_no_rhythm(NoRunner("nobody runs"), replace(rear, outside=outside))
    assert said in str(reason)
    assert (reason.id == "feet-outside") is (cut_off > 0.5)


def test_a_clip_that_is_too_short_is_said_to_be_so_wherever_the_feet_are() -> None:
    rear = perfect_track("runner_a_rear_60")
    short = NoRunner("too short", id="short")
    everything = np.ones(rear.visibility.shape, dtype=bool)
    assert gates.why_no_rhythm(short, replace(rear, outside=everything)) is short


def test_the_far_foot_may_be_hidden() -> None:
    whole = perfect_track("runner_a_side_120")
    side = viewpoint(whole).near
    assert side is Side.LEFT
    track = replace(whole, xy_px=whole.xy_px.copy())
    track.xy_px[:, [28, 30, 32]] = np.nan
    gates.require_feet(track, viewpoint(whole))
