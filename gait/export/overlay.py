"""Draw on a frame what was measured in it."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import cv2
import matplotlib
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from gait.analysis import ClipAnalysis
from gait.body import BONES, LEFT, LIMBS, RIGHT, TRUNK, Side
from gait.metrics.catalogue import OVERSTRIDE, SHANK
from gait.metrics.run import over
from gait.motion.angles import lean_deg, shank_deg
from gait.motion.contact import Contact
from gait.motion.scale import Scale
from gait.plain import line
from gait.store.domain import Mark

Picture = NDArray[np.uint8]
Point = NDArray[np.float64]
Colour = tuple[int, int, int]

NEAR, FAR, MIDDLE = (255, 200, 40), (150, 165, 180), (235, 235, 235)
PLUMB_RGB, OVERSTRIDE_RGB, SHIN_RGB, LEAN_RGB = (255, 255, 255), (255, 92, 70), (80, 220, 120), (90, 190, 255)
SHADE = (16, 22, 30)
DRAWN_RGB = (255, 158, 203)
BARB_DEG = 26.0
LONGEST_LABEL = 60
"""Letters of a text that stand in the picture; the rest of a note is written beside it."""


@dataclass(frozen=True)
class Landing:
    """What one touchdown measures."""

    contact: Contact
    number: int
    """1 for the first touchdown shown."""
    overstride_pct: float = np.nan
    """NaN from behind and in front, as are the next three."""
    overstride_cm: float = np.nan
    """NaN without a scale."""
    shank_deg: float = np.nan
    lean_deg: float = np.nan
    """Mean over this contact; NaN if its end is unknown."""
    roll_deg: float = 0.0
    """How far the picture is turned clockwise."""

    @property
    def lined(self) -> bool:
        """True if overstride, shin and trunk are drawn in; from behind and in front a midline is."""
        return bool(np.isfinite(self.overstride_pct))

    @property
    def down(self) -> Point:
        """(2,) unit vector towards the ground in the picture."""
        roll = np.radians(self.roll_deg)
        return np.array([-np.sin(roll), np.cos(roll)])


def landings(clip: ClipAnalysis, scale: Scale | None) -> tuple[Landing, ...]:
    """Read every touchdown of the foot that faces the camera; of both feet from behind and in front."""
    motion, near = clip.motion, clip.near
    shown = enumerate(clip.near_contacts(), start=1)
    if near is None or motion.viewpoint.oblique:
        return tuple(Landing(contact, number, roll_deg=motion.roll.deg) for number, contact in shown)
    limbs = LIMBS[near]
    ahead = motion.xy[:, limbs.ankle, 0] - motion.xy[:, limbs.hip, 0]
    shank, lean = shank_deg(motion, near), lean_deg(motion)
    result = []
    for number, contact in shown:
        overstride_pct = OVERSTRIDE.right(100 * float(motion.at(ahead, contact.touchdown_s)))
        result.append(
            Landing(
                contact=contact,
                number=number,
                overstride_pct=overstride_pct,
                overstride_cm=overstride_pct * scale.leg_m if scale else np.nan,
                shank_deg=SHANK.right(float(motion.at(shank, contact.touchdown_s))),
                lean_deg=over(motion, lean, contact.touchdown_s, contact.toe_off_s, np.mean),
                roll_deg=motion.roll.deg,
            )
        )
    return tuple(result)


def typical(all_landings: tuple[Landing, ...]) -> Landing | None:
    """Return the landing that comes closest to the median overstride: the one that proves the number.

    Where none shows it, the middle one; None if there is none.
    """
    known = [landing for landing in all_landings if np.isfinite(landing.overstride_pct)]
    if not known:
        return all_landings[len(all_landings) // 2] if all_landings else None
    median = np.median([landing.overstride_pct for landing in known])
    return min(known, key=lambda landing: abs(landing.overstride_pct - median))


def with_skeleton(rgb: Picture, points: Point, near: Side | None) -> Picture:
    """Draw the bones over a copy of a picture; points (33, 2) in its pixels, NaN left out."""
    canvas = rgb.copy()
    width = _line_width(canvas)
    order = [near.other, near] if near else list(Side)
    for side in order:
        colour = NEAR if side is near or near is None else FAR
        for start, end in BONES[side]:
            _line(canvas, points[start], points[end], colour, width)
        for joint in (LIMBS[side].hip, *LIMBS[side].leg):
            _dot(canvas, points[joint], colour, 2 * width)
    for start, end in TRUNK:
        _line(canvas, points[start], points[end], MIDDLE, max(1, width // 2))
    return canvas


def with_landing(rgb: Picture, points: Point, near: Side | None, landing: Landing) -> Picture:
    """Draw skeleton, plumb line, overstride, shin angle and lean of one touchdown, or the midline."""
    canvas = with_skeleton(rgb, points, near)
    if near is None or not np.isfinite(landing.overstride_pct):
        return _with_midline(canvas, points, landing)
    limbs, width = LIMBS[near], _line_width(rgb)
    hip, knee, ankle = points[limbs.hip], points[limbs.knee], points[limbs.ankle]
    if not np.isfinite([hip, knee, ankle]).all():
        return canvas
    down = landing.down
    below = hip + down * float((ankle - hip) @ down)
    tick = 4 * width * down
    _dashed(canvas, hip, below + tick, PLUMB_RGB, width)
    _line(canvas, below, ankle, OVERSTRIDE_RGB, 2 * width)
    for end in (below, ankle):
        _line(canvas, end - tick, end + tick, OVERSTRIDE_RGB, width)
    _angle(canvas, knee, ankle, down, SHIN_RGB, width)
    mid_hip = (points[LEFT.hip] + points[RIGHT.hip]) / 2
    mid_shoulder = (points[LEFT.shoulder] + points[RIGHT.shoulder]) / 2
    if np.isfinite([mid_hip, mid_shoulder]).all():
        _angle(canvas, mid_hip, mid_shoulder, -down, LEAN_RGB, width)
    forward = 1 if ankle[0] >= hip[0] else -1
    sole_y = np.nanmax(points[[limbs.ankle, limbs.heel, limbs.toe], 1])
    labels = [
        (np.array([ankle[0], sole_y + 10 * width]), _overstride_text(landing), OVERSTRIDE_RGB),
        (knee + (forward * 10 * width, 0), f"shin {landing.shank_deg:.0f}°", SHIN_RGB),
    ]
    if np.isfinite(landing.lean_deg):
        place = mid_shoulder - (forward * 22 * width, 0)
        labels.append((place, f"lean {landing.lean_deg:.0f}°", LEAN_RGB))
    return _labelled(canvas, labels)


def _with_midline(canvas: Picture, points: Point, landing: Landing) -> Picture:
    """Draw the plumb line from the middle of the hips to the height of the foot that lands."""
    middle = (points[LEFT.hip] + points[RIGHT.hip]) / 2
    foot = points[LIMBS[landing.contact.side].ankle]
    if np.isfinite([middle, foot]).all():
        reach = float((foot - middle) @ landing.down)
        _dashed(canvas, middle, middle + reach * landing.down, PLUMB_RGB, _line_width(canvas))
    return _labelled(canvas, [(foot, f"{landing.contact.side} foot lands", PLUMB_RGB)])


def with_numbers(rgb: Picture, boxes_px: Sequence[tuple[float, ...]]) -> Picture:
    """Draw a numbered box around everybody: left, top, right, bottom in pixels, the first is number 1."""
    canvas, width = rgb.copy(), _line_width(rgb)
    labels = []
    for number, (left, top, right, bottom) in enumerate(boxes_px, start=1):
        upper, lower = _pixel(np.array([left, top])), _pixel(np.array([right, bottom]))
        cv2.rectangle(canvas, upper, lower, NEAR, 2 * width, cv2.LINE_AA)
        labels.append((np.array([(left + right) / 2, top]), str(number), NEAR))
    return _labelled(canvas, labels)


def with_drawings(rgb: Picture, marks: Sequence[Mark]) -> Picture:
    """Draw lines, angles with their degrees, arrows, strokes, texts and notes over a copy of a picture.

    Parameters
    ----------
    marks
        With points in the picture's pixels.
    """
    canvas, width = rgb.copy(), _line_width(rgb)
    labels = [label for mark in marks for label in _drawn(canvas, mark, width)]
    return _labelled(canvas, labels)


def _drawn(canvas: Picture, mark: Mark, width: int) -> list[tuple[Point, str, Colour]]:
    """Draw one mark; return what is to be written."""
    points = [np.array(point, dtype=float) for point in mark.points_px]
    if mark.kind in ("text", "note"):
        if mark.kind == "note":
            _dot(canvas, points[0], DRAWN_RGB, 3 * width)
        place = points[0] + (0, 5 * width if mark.kind == "note" else 0)
        return [(place, _shortened(mark.text), DRAWN_RGB)]
    for start, end in pairwise(points):
        _line(canvas, start, end, DRAWN_RGB, 2 * width)
    if mark.kind == "arrow":
        _barbs(canvas, points[0], points[1], width)
    return [_arc(canvas, points, width)] if mark.kind == "angle" else []


def _barbs(canvas: Picture, start: Point, tip: Point, width: int) -> None:
    back = np.arctan2(*(start - tip)[::-1])
    for turn in np.radians([-BARB_DEG, BARB_DEG]):
        barb = 12 * width * np.array([np.cos(back + turn), np.sin(back + turn)])
        _line(canvas, tip, tip + barb, DRAWN_RGB, 2 * width)


def _arc(canvas: Picture, points: Sequence[Point], width: int) -> tuple[Point, str, Colour]:
    """Draw the arc at the middle one of three points; return its degrees, to be written in the opening."""
    one, corner, other = points
    start_deg, stop_deg = (float(np.degrees(np.arctan2(*(to - corner)[::-1]))) for to in (one, other))
    turn_deg = (stop_deg - start_deg + 180) % 360 - 180
    reach = 0.4 * float(min(np.hypot(*(one - corner)), np.hypot(*(other - corner))))
    sweep = (start_deg, start_deg + turn_deg)
    cv2.ellipse(canvas, _pixel(corner), (round(reach),) * 2, 0, *sweep, DRAWN_RGB, width, cv2.LINE_AA)
    middle = np.radians(start_deg + turn_deg / 2)
    place = corner + (reach + 12 * width) * np.array([np.cos(middle), np.sin(middle)])
    return place, f"{abs(turn_deg):.0f}°", DRAWN_RGB


def _shortened(text: str) -> str:
    shown = line(text)
    return shown if len(shown) <= LONGEST_LABEL else f"{shown[: LONGEST_LABEL - 1]}…"


def captioned(rgb: Picture, text: str) -> Picture:
    """Write a line into the upper left corner of a copy of a picture."""
    margin = 4 * _line_width(rgb)
    return _labelled(rgb, [(np.array([margin, margin]), text, PLUMB_RGB)], centred=False)


def scaled_to(rgb: Picture, height: int) -> Picture:
    """Shrink a picture to at most this height, to even sides."""
    share = min(1.0, height / rgb.shape[0])
    size = tuple(max(2, round(side * share) // 2 * 2) for side in (rgb.shape[1], rgb.shape[0]))
    return np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)


def as_jpeg(rgb: Picture, quality: int = 90) -> bytes:
    """Encode a picture as JPEG."""
    _, data = cv2.imencode(".jpg", rgb[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    return bytes(data)


def shrunk(picture: bytes, height: int, quality: int = 80) -> bytes:
    """Shrink an encoded picture to at most this height, as JPEG."""
    return as_jpeg(scaled_to(np.asarray(Image.open(io.BytesIO(picture)).convert("RGB")), height), quality)


def _overstride_text(landing: Landing) -> str:
    text = f"overstride {landing.overstride_pct:.0f} % of leg"
    return f"{text}, {landing.overstride_cm:.0f} cm" if np.isfinite(landing.overstride_cm) else text


def _line_width(rgb: Picture) -> int:
    return max(2, round(float(rgb.shape[0]) / 400))


def _pixel(point: Point) -> tuple[int, int]:
    return round(float(point[0])), round(float(point[1]))


def _line(canvas: Picture, start: Point, end: Point, colour: Colour, width: int) -> None:
    if np.isfinite([start, end]).all():
        cv2.line(canvas, _pixel(start), _pixel(end), SHADE, width + 2, cv2.LINE_AA)
        cv2.line(canvas, _pixel(start), _pixel(end), colour, width, cv2.LINE_AA)


def _dot(canvas: Picture, point: Point, colour: Colour, radius: int) -> None:
    if np.isfinite(point).all():
        cv2.circle(canvas, _pixel(point), radius, SHADE, -1, cv2.LINE_AA)
        cv2.circle(canvas, _pixel(point), max(1, radius - 1), colour, -1, cv2.LINE_AA)


def _dashed(canvas: Picture, start: Point, end: Point, colour: Colour, width: int) -> None:
    pieces = max(2, int(np.hypot(*(end - start)) / (6 * width)))
    knots = np.linspace(start, end, 2 * pieces)
    for first, second in zip(knots[::2], knots[1::2], strict=True):
        _line(canvas, first, second, colour, width)


def _angle(canvas: Picture, corner: Point, end: Point, vertical: Point, colour: Colour, width: int) -> None:
    """Draw a limb from a corner, the vertical through the corner, and the arc between them."""
    length = float(np.hypot(*(end - corner)))
    upright = corner + length * vertical
    _dashed(canvas, corner, upright, colour, max(1, width // 2))
    _line(canvas, corner, end, colour, 2 * width)
    start_deg, stop_deg = (float(np.degrees(np.arctan2(*(to - corner)[::-1]))) for to in (upright, end))
    turn_deg = (stop_deg - start_deg + 180) % 360 - 180
    radius = round(0.6 * length)
    sweep = (start_deg, start_deg + turn_deg)
    cv2.ellipse(canvas, _pixel(corner), (radius, radius), 0, *sweep, colour, width, cv2.LINE_AA)


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(
        Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans-Bold.ttf", size
    )


def _labelled(rgb: Picture, labels: Sequence[tuple[Point, str, Colour]], *, centred: bool = True) -> Picture:
    """Write texts on dark plates, kept inside the picture and clear of each other."""
    image = Image.fromarray(rgb)
    draw = ImageDraw.Draw(image, "RGBA")
    font = _font(max(12, round(rgb.shape[0] / 45)))
    pad = font.size // 3
    plates: list[tuple[float, float, float, float]] = []
    for anchor, text, colour in labels:
        if not np.isfinite(anchor).all():
            continue
        left, top, right, bottom = draw.textbbox((0, 0), text, font=font)
        width, height = right - left + 2 * pad, bottom - top + 2 * pad
        x = anchor[0] - width / 2 if centred else anchor[0]
        x = float(np.clip(x, 0, max(0, image.width - width)))
        y = _clear_of(plates, (x, anchor[1], x + width, anchor[1] + height))
        y = float(np.clip(y, 0, max(0, image.height - height)))
        plates.append((x, y, x + width, y + height))
        draw.rounded_rectangle((x, y, x + width, y + height), pad, fill=(*SHADE, 215))
        draw.text((x + pad - left, y + pad - top), text, font=font, fill=colour)
    return np.asarray(image)


def _clear_of(plates: Sequence[tuple[float, ...]], place: tuple[float, ...]) -> float:
    """Top of a plate moved down until it covers none of the others."""
    left, top, right, bottom = place
    for over_left, over_top, over_right, over_bottom in sorted(plates, key=lambda plate: plate[1]):
        beside = right <= over_left or over_right <= left
        if not beside and top < over_bottom and over_top < bottom:
            top, bottom = over_bottom + 2, over_bottom + 2 + bottom - top
    return top
