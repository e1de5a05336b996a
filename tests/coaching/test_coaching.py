from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gait.body import Side
from gait.coaching.assessment import Finding, assess
from gait.coaching.cue import Advice, book, choose
from gait.coaching.curves import mean_curve
from gait.coaching.norms import norms
from gait.metrics.catalogue import CATALOGUE
from gait.metrics.measurement import Measurement
from gait.motion.scale import Speed
from gait.quality.doubts import Doubt

TODAY = date(2026, 11, 23)
SPEED = Speed(3.0, 0.05, given=True)
USUAL = {name: norm.mean_at(3.0) for name, norm in norms().items()}


def number(name: str, value: float, n: int = 10, uncertainty: float = 0.5) -> Measurement:
    unit = {"cadence_spm": "steps/min", "contact_time_ms": "ms"}.get(name, "deg" if "deg" in name else "%")
    return Measurement(name, Side.LEFT, value, unit, uncertainty, n, (value,) * n, "side")


def runner(n: int = 10, uncertainty: float = 0.5, **changes: float) -> tuple[Measurement, ...]:
    return tuple(number(name, value, n, uncertainty) for name, value in {**USUAL, **changes}.items())


def advise(
    measurements: tuple[Measurement, ...],
    speed: Speed | None = SPEED,
    doubts: tuple[Doubt, ...] = (),
    *,
    in_pain: bool = False,
) -> Advice:
    findings = assess(measurements, speed, doubts)
    return choose(findings, measurements, speed, TODAY, in_pain=in_pain)


OVERSTRIDER = {"overstride_pct_leg": 36.0, "shank_deg": 19.0}


def test_an_overstrider_gets_one_cue_with_dose_and_date() -> None:
    advice = advise(runner(**OVERSTRIDER))
    assert advice.cue is not None
    assert advice.cue.id == "overstride"
    assert advice.cue.retest == TODAY + timedelta(days=28)
    assert "174" in advice.cue.drill, "own cadence of 166 plus 5 %"
    assert "36 %" in advice.why


def test_a_good_runner_is_told_to_change_nothing() -> None:
    advice = advise(runner())
    assert advice.cue is None
    assert advice.why.startswith("Nothing to change")


def test_overstride_alone_without_the_shin_is_no_fault() -> None:
    advice = advise(runner(overstride_pct_leg=36.0))
    assert advice.cue is None
    assert "What stands out (overstride)" in advice.why


def test_a_value_outside_the_usual_range_by_less_than_its_doubt_is_not_called_high() -> None:
    (finding,) = assess((number("overstride_pct_leg", 24.0 + 6.0, uncertainty=2.0),), SPEED, ())
    assert finding.value > finding.usual[1]
    assert finding.verdict == ""


def test_somebody_in_pain_gets_no_technique_cue() -> None:
    advice = advise(runner(**OVERSTRIDER), in_pain=True)
    assert advice.cue is None
    assert "clinician" in advice.why


def test_without_a_speed_there_is_no_verdict() -> None:
    advice = advise(runner(**OVERSTRIDER), speed=None)
    assert advice.cue is None
    assert "speed" in advice.why


@pytest.mark.parametrize("m_s", [1.5, 2.4, 4.6, 6.0])
def test_outside_the_speeds_that_were_studied_there_is_no_norm(m_s: float) -> None:
    advice = advise(runner(**OVERSTRIDER), speed=Speed(m_s, 0.05, given=True))
    assert advice.cue is None
    assert "no norms" in advice.why


def test_too_few_steps_give_no_cue() -> None:
    advice = advise(runner(n=6, **OVERSTRIDER))
    assert advice.cue is None
    assert "Too few steps" in advice.why


def test_a_clip_with_strong_doubts_gives_no_cue() -> None:
    doubt = Doubt("dark", "Too dark.", tuple(USUAL), 0.1)
    advice = advise(runner(**OVERSTRIDER), doubts=(doubt,))
    assert advice.cue is None
    assert "not good enough" in advice.why


def test_what_is_uncertain_is_no_finding() -> None:
    assert advise(runner(uncertainty=8.0, **OVERSTRIDER)).cue is None


@settings(deadline=None)
@given(
    overstride=st.floats(0, 60),
    shank=st.floats(-10, 40),
    lean=st.floats(-10, 30),
    bounce=st.floats(4, 20),
    cadence=st.floats(130, 220),
)
def test_there_is_never_more_than_one_cue_and_always_a_reason(
    overstride: float, shank: float, lean: float, bounce: float, cadence: float
) -> None:
    advice = advise(
        runner(
            overstride_pct_leg=overstride,
            shank_deg=shank,
            lean_deg=lean,
            oscillation_pct_leg=bounce,
            cadence_spm=cadence,
        )
    )
    assert advice.why
    if advice.cue is not None:
        assert "{" not in advice.cue.drill
        assert all(finding.direction != "usual" for finding in advice.findings)


@settings(deadline=None)
@given(
    more=st.floats(0, 20),
    speed_m_s=st.floats(2.5, 4.5),
)
def test_a_larger_deviation_is_never_a_smaller_finding(more: float, speed_m_s: float) -> None:
    speed = Speed(speed_m_s, 0.05, given=True)
    mean = norms()["overstride_pct_leg"].mean_at(speed_m_s)

    def finding(excess: float) -> Finding:
        return assess((number("overstride_pct_leg", mean + excess),), speed, ())[0]

    assert finding(5 + more).deviation <= finding(6 + more).deviation
    assert finding(6 + more).direction == "high"


def test_every_norm_and_cue_has_a_source_and_plain_words() -> None:
    recipes, _ = book()
    for norm in norms().values():
        assert norm.source and norm.limit_source
        assert norm.metric in CATALOGUE
    for recipe in recipes:
        assert recipe.source and recipe.dose and recipe.expect
        for need in (*recipe.needs, *recipe.and_one_of):
            assert need.metric in norms(), f"{recipe.id} needs a norm for {need.metric}"
            assert need.direction in ("low", "high")


def test_no_text_diagnoses_anything() -> None:
    recipes, _ = book()
    forbidden = ("injur", "patell", "syndrome", "tendin", "fractur", "diagnos", "patholog")
    for recipe in recipes:
        texts = (recipe.title, recipe.text, recipe.drill, recipe.dose, recipe.expect)
        assert not [word for word in forbidden for text in texts if word in text.lower()]


def test_the_mean_curves_agree_with_the_norms_at_touchdown() -> None:
    for speed in (2.5, 3.0, 3.5, 4.5):
        shank = mean_curve("shank", speed, np.array([0.0]))[0]
        assert shank == pytest.approx(norms()["shank_deg"].mean_at(speed), abs=0.2)
    assert np.isnan(mean_curve("knee", 6.0, np.array([0.0]))).all()


def test_a_finding_with_little_trust_does_not_hide_a_trusted_one() -> None:
    doubt = Doubt("feet", "Feet hidden.", ("overstride_pct_leg", "shank_deg"), 0.0)
    advice = advise(runner(oscillation_pct_leg=15.0, **OVERSTRIDER), doubts=(doubt,))
    assert advice.cue is not None
    assert advice.cue.id == "bounce"


def test_the_same_finding_on_a_changed_measurement_is_not_remembered() -> None:
    before = runner(**OVERSTRIDER)
    after = tuple(replace(m, value=USUAL[m.name]) for m in before)
    assert advise(before).cue is not None
    assert advise(after).cue is None
