"""Marker trajectories and gait events as C3D, which motion-capture programs read. Needs the package ezc3d."""

from pathlib import Path
from typing import Any

import numpy as np

from gait.errors import BadRequest
from gait.export.markers import Markers

MOST_FRAMES, MOST_EVENTS = 65_535, 255
"""What the heading of the format can count to."""
TO_MM = 1000.0
STRIKE, OFF = ("Foot Strike", 1), ("Foot Off", 2)
"""Label and number of the icon, as motion-capture programs know them."""


def require_c3d() -> None:
    """Find out whether C3D can be written.

    Raises
    ------
    BadRequest
        If the package for it is missing.
    """
    try:
        import ezc3d  # noqa: F401
    except ImportError as error:
        raise BadRequest(
            "C3D files need the package ezc3d, which is not installed: pip install ezc3d.", id="format"
        ) from error


def write_c3d(markers: Markers, path: Path) -> None:
    """Write points in millimetres, and touchdowns and toe-offs as events.

    Frame 1 of the file is at capture time 0, so that the events' times are those of every other file.

    Raises
    ------
    BadRequest
        If there are more frames or events than the format can hold.
    """
    import ezc3d

    events = _events(markers)
    if markers.first + len(markers.place) > MOST_FRAMES or len(events) > MOST_EVENTS:
        raise BadRequest(
            f"A C3D file holds at most {MOST_FRAMES:,} frames and {MOST_EVENTS} events, and this clip has "
            "more: choose another format, or cut the clip.",
            id="format",
        )
    file = ezc3d.c3d()
    points = file["parameters"]["POINT"]
    points["RATE"]["value"], points["UNITS"]["value"] = [markers.rate_hz], ["mm"]
    points["LABELS"]["value"] = list(markers.names)
    for axis, direction in (("X_SCREEN", "+X"), ("Y_SCREEN", "+Y")):
        file.add_parameter("POINT", axis, [direction])
    place = TO_MM * np.moveaxis(markers.place, -1, 0).swapaxes(1, 2)
    file["data"]["points"] = np.concatenate([place, np.ones((1, *place.shape[1:]))])
    file["header"]["points"]["first_frame"] = markers.first
    _add(file, events)
    file.write(str(path))


Event = tuple[float, str, str, int]


def _events(markers: Markers) -> list[Event]:
    """Time in seconds, foot, label and icon of each event, in order of time."""
    each = [
        (time_s, contact.side.value.capitalize(), *kind)
        for contact in markers.contacts
        for time_s, kind in ((contact.touchdown_s, STRIKE), (contact.toe_off_s, OFF))
        if np.isfinite(time_s)
    ]
    return sorted(each)


def _add(file: Any, events: list[Event]) -> None:
    if not events:
        return
    times_s = np.array([event[0] for event in events])
    columns = {
        "USED": len(events),
        "CONTEXTS": [event[1] for event in events],
        "LABELS": [event[2] for event in events],
        "DESCRIPTIONS": ["" for _ in events],
        "SUBJECTS": ["" for _ in events],
        "TIMES": np.stack([times_s // 60, times_s % 60]),
        "ICON_IDS": [event[3] for event in events],
        "GENERIC_FLAGS": [0 for _ in events],
    }
    for name, values in columns.items():
        file.add_parameter("EVENT", name, values)
