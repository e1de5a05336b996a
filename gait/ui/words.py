"""How a page says and asks things, in the units that were chosen."""

from datetime import date

import streamlit as st

METRIC, IMPERIAL = "metric", "imperial"
KM_A_MILE, CM_AN_INCH = 1.609344, 2.54


def units() -> str:
    """The units of this session."""
    return str(st.session_state.get("units", METRIC))


def speed_kmh(label: str, key: str, known: float | None = None) -> float | None:
    """Ask for a speed; None where none is given."""
    if units() == METRIC:
        return st.number_input(f"{label}, km/h", 4.0, 30.0, known, 0.1, "%.1f", key=key)
    mph = st.number_input(
        f"{label}, mph",
        2.5,
        18.6,
        None if known is None else known / KM_A_MILE,
        0.1,
        "%.1f",
        key=f"{key}_mph",
    )
    return None if mph is None else mph * KM_A_MILE


def length_cm(label: str, key: str, known: float | None = None) -> float | None:
    """Ask for a body height; None where none is given."""
    if units() == METRIC:
        return st.number_input(f"{label}, cm", 120.0, 230.0, known, 1.0, "%.0f", key=key)
    feet, inches = st.columns(2)
    whole = None if known is None else divmod(known / CM_AN_INCH, 12)
    ft = feet.number_input(f"{label}, feet", 3, 7, None if whole is None else int(whole[0]), key=f"{key}_ft")
    inch = inches.number_input(
        "and inches", 0.0, 11.9, None if whole is None else whole[1], 0.5, key=f"{key}_in"
    )
    return None if ft is None else (12 * ft + (inch or 0.0)) * CM_AN_INCH


def said_day(day: date) -> str:
    """Say a day.

    Examples
    --------
    >>> said_day(date(2026, 8, 3))
    '3 August 2026'
    """
    return f"{day.day} {day:%B %Y}"


def said_height(cm: float) -> str:
    """Say a body height.

    Examples
    --------
    >>> said_height(180)
    '180 cm'
    """
    if units() == METRIC:
        return f"{cm:.0f} cm"
    feet, inches = divmod(round(cm / CM_AN_INCH), 12)
    return f"{feet} ft {inches} in"


def said_speed(kmh: float) -> str:
    """Say a speed.

    Examples
    --------
    >>> said_speed(10.8)
    '10.8 km/h (5:33 a km)'
    """
    imperial = units() == IMPERIAL
    speed, unit, way = (kmh / KM_A_MILE, "mph", "mile") if imperial else (kmh, "km/h", "km")
    minutes, seconds = divmod(round(3600 / speed), 60)
    return f"{speed:.1f} {unit} ({minutes}:{seconds:02d} a {way})"


def pace(done: int, total: int, elapsed_s: float) -> str:
    """Say how far a piece of work is, how fast it goes and how long it takes yet.

    Examples
    --------
    >>> pace(50, 250, 2.0)
    '50 of 250 frames, 25 a second, 8 seconds left'
    >>> pace(1, 250, 0.0)
    '1 of 250 frames'
    """
    said = f"{done} of {total} frames"
    if elapsed_s < 1 or done == 0:
        return said
    rate = done / elapsed_s
    return f"{said}, {rate:.0f} a second, {(total - done) / rate:.0f} seconds left"
