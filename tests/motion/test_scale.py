import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gait.errors import BadRequest
from gait.motion.scale import LEG_OVER_HEIGHT, belt_over_height, require_runner, scale_of, speed_of


@settings(deadline=None)
@given(height_cm=st.floats(130, 220))
def test_the_leg_is_a_fixed_share_of_the_height(height_cm: float) -> None:
    scale = scale_of(height_cm, None, math.nan)
    assert scale is not None
    assert scale.leg_m == pytest.approx(LEG_OVER_HEIGHT * height_cm / 100)
    assert 0 < scale.sd_m < 0.1 * scale.leg_m


def test_the_belt_is_a_scale_when_the_height_is_unknown() -> None:
    scale = scale_of(None, 10.8, legs_per_s=3.4)
    assert scale is not None
    assert scale.leg_m == pytest.approx(3.0 / 3.4)
    assert scale_of(None, None, 3.4) is None


@settings(deadline=None)
@given(height_cm=st.floats(140, 210), speed_kmh=st.floats(7, 16))
def test_height_and_belt_that_fit_together_agree_and_others_are_said(
    height_cm: float, speed_kmh: float
) -> None:
    legs_per_s = speed_kmh / 3.6 / (LEG_OVER_HEIGHT * height_cm / 100)
    assert belt_over_height(height_cm, speed_kmh, legs_per_s) == pytest.approx(1)
    assert belt_over_height(height_cm, 1.2 * speed_kmh, legs_per_s) == pytest.approx(1.2)
    assert math.isnan(belt_over_height(None, speed_kmh, legs_per_s))


def test_a_speed_that_was_inferred_is_much_less_certain_than_one_given() -> None:
    inferred, given_speed = speed_of(None, 3.4, None), speed_of(10.8, 3.4, None)
    assert inferred is not None and given_speed is not None
    assert not inferred.given and given_speed.given
    assert inferred.sd_m_s > 3 * given_speed.sd_m_s
    assert speed_of(None, math.nan, None) is None


@pytest.mark.parametrize(
    ("height_cm", "speed_kmh"), [(12, None), (400, None), (None, 0), (None, 99), (math.nan, None)]
)
def test_a_height_or_speed_that_no_runner_has_is_refused(
    height_cm: float | None, speed_kmh: float | None
) -> None:
    with pytest.raises(BadRequest, match="between"):
        require_runner(height_cm, speed_kmh)


@pytest.mark.parametrize(("height_m", "meant"), [(1.80, "180"), (1.65, "165"), (2.05, "205")])
def test_a_height_in_metres_is_asked_about_with_the_centimetres_it_would_be(
    height_m: float, meant: str
) -> None:
    with pytest.raises(BadRequest, match=rf"if you mean {height_m:g} metres, give {meant}\.") as caught:
        require_runner(height_m, None)
    assert caught.value.field == "height_cm"
