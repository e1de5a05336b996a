"""From leg lengths to metres."""

from dataclasses import dataclass

import numpy as np

from gait.errors import BadRequest

LEG_OVER_HEIGHT = 0.491
"""Thigh plus shank over body height: 0.245 + 0.246 (Winter 2009, as used by Fukuchi 2017)."""
LEG_OVER_HEIGHT_SD = 0.015
ADULT_LEG_M = 0.84
ADULT_LEG_SD_M = 0.06
"""Thigh plus shank of an adult of 1.71 +- 0.12 m: only to infer a rough speed, never to print centimetres."""
PLANTED_FOOT_SHARE = 0.03
"""Error of the planted foot's speed: on exact joints it reads 2 to 3 % slow, on the bundled clips 1 %."""
BELT_SCALE_SHARE = 0.04
"""Error of a leg length taken from the belt: the planted foot's and the display's together."""
DISPLAY_SHARE = 0.02
"""Error of a speed read off a treadmill; a judgement."""
HEIGHT_CM = (120.0, 230.0)
SPEED_KMH = (4.0, 30.0)


@dataclass(frozen=True)
class Scale:
    """Length of the runner's thigh plus shank."""

    leg_m: float
    sd_m: float
    source: str


@dataclass(frozen=True)
class Speed:
    """Running speed, as given or as the feet on the belt show it."""

    m_s: float
    sd_m_s: float
    given: bool


def scale_of(
    height_cm: float | None, speed_kmh: float | None, legs_per_s: float, further_share: float = 0.0
) -> Scale | None:
    """Take the leg length from the body height, else from belt speed; None without either.

    Parameters
    ----------
    legs_per_s
        Speed of the planted foot in leg lengths per second; NaN if unknown.
    further_share
        Its further error, as a share of it: what an unsure capture rate or a moving camera adds.
    """
    if height_cm is not None:
        height_m = height_cm / 100
        return Scale(LEG_OVER_HEIGHT * height_m, LEG_OVER_HEIGHT_SD * height_m, "body height")
    if speed_kmh is not None and np.isfinite(legs_per_s):
        leg_m = speed_kmh / 3.6 / legs_per_s
        share = float(np.hypot(BELT_SCALE_SHARE, further_share))
        return Scale(leg_m, share * leg_m, "belt speed")
    return None


def belt_over_height(height_cm: float | None, speed_kmh: float | None, legs_per_s: float) -> float:
    """Leg length that the belt's speed gives over the one that the body height gives; NaN without both.

    Examples
    --------
    >>> round(belt_over_height(180.0, 10.8, 3.0 / 0.8838), 2)
    1.0
    """
    if height_cm is None or speed_kmh is None:
        return float("nan")
    return speed_kmh / 3.6 / legs_per_s / (LEG_OVER_HEIGHT * height_cm / 100)


def speed_of(
    speed_kmh: float | None, legs_per_s: float, scale: Scale | None, further_share: float = 0.0
) -> Speed | None:
    """Take the speed as given, else infer it from the planted foot and the leg length.

    Parameters
    ----------
    further_share
        Further error of the planted foot's speed, as a share of it: what an unsure capture rate or a moving
        camera adds.
    """
    if speed_kmh is not None:
        return Speed(speed_kmh / 3.6, DISPLAY_SHARE * speed_kmh / 3.6, given=True)
    if not np.isfinite(legs_per_s):
        return None
    leg_m, sd_m = (scale.leg_m, scale.sd_m) if scale else (ADULT_LEG_M, ADULT_LEG_SD_M)
    share = float(np.linalg.norm([sd_m / leg_m, PLANTED_FOOT_SHARE, further_share]))
    return Speed(legs_per_s * leg_m, share * legs_per_s * leg_m, given=False)


def require_runner(height_cm: float | None, speed_kmh: float | None) -> None:
    """Refuse a height and a speed that no runner has.

    Raises
    ------
    BadRequest
        If the height is not 120 to 230 cm, or the speed not 4 to 30 km/h.
    """
    _require("height", height_cm, HEIGHT_CM, "cm")
    _require("speed", speed_kmh, SPEED_KMH, "km/h")


def _require(name: str, value: float | None, limits: tuple[float, float], unit: str) -> None:
    low, high = limits
    if value is not None and unit == "cm" and low <= 100 * value <= high:
        raise BadRequest(
            f"A {name} of {value:g} cm is not one this tool can work with: if you mean {value:g} metres, "
            f"give {100 * value:g}.",
            field=f"{name}_{unit}",
        )
    if value is not None and not low <= value <= high:
        raise BadRequest(
            f"A {name} of {value:g} {unit} is not one this tool can work with: "
            f"give a number between {low:g} and {high:g} {unit}.",
            field=f"{name}_{unit.replace('/', '')}",
        )
