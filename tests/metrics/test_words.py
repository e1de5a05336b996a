"""How a number, and the lack of one, is printed."""

import numpy as np

from gait.body import Side
from gait.errors import Reason
from gait.metrics.catalogue import HIP_DROP, OVERSTRIDE
from gait.metrics.measurement import Measurement, missing
from gait.metrics.words import absent_by_reason, value_text

WHY, OTHER = Reason("unread", "it could not be read"), Reason("hidden", "it is hidden")


def test_a_number_is_printed_with_twice_its_uncertainty_and_its_lack_as_a_dash() -> None:
    known = Measurement("shank_deg", Side.LEFT, 17.6, "deg", 2.4, 9, (), "a.mp4")
    assert value_text(known) == "18° ± 5"
    assert value_text(missing(HIP_DROP, None, "", WHY)) == "–"


def test_nothing_is_printed_as_less_than_nothing() -> None:
    assert value_text(Measurement("lean_deg", None, -0.3, "deg", 2.0, 9, (), "a.mp4")) == "0° ± 4"


def test_what_is_missing_is_named_once_for_each_reason() -> None:
    known = Measurement("shank_deg", Side.LEFT, 17.6, "deg", 2.4, 9, (), "a.mp4")
    left, right = (missing(HIP_DROP, side, "", WHY) for side in Side)
    other = missing(OVERSTRIDE, Side.RIGHT, "", OTHER)
    assert absent_by_reason([left, known, right, left, other]) == {
        WHY.text: "Hip drop, left; Hip drop, right",
        OTHER.text: "Overstride, right",
    }
    assert absent_by_reason([known]) == {}
    assert np.isfinite(known.value)
