"""The waistband's edge: found and followed to the degree, and left alone where it is none."""

from typing import Literal

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from gait.pose.waistband import Edge, Waistline, find_edge, follow_marked

TRUNK_PX = 160.0
SIZE = 208
HIPS = np.array([104.0, 130.0])
PICTURES = 16
SHIRT, SHORTS, BAND, SKIN = (150, 60, 60), (40, 50, 70), (25, 28, 36), (190, 150, 120)
BAND_PX = 12
Dress = Literal["tucked", "crop top", "one colour", "hem", "striped"]


def back(angle_deg: float, seed: int, dress: Dress = "tucked", hand: bool = False) -> NDArray[np.uint8]:
    """Shirt, band and shorts of a runner whose pelvis is tilted, + right side of the picture up."""
    rng = np.random.default_rng(seed)
    edge_y = HIPS[1] - (-6 if dress == "hem" else 32)
    y, x = np.indices((SIZE, SIZE)).astype(float)
    down = y - (edge_y - np.tan(np.radians(angle_deg)) * (x - HIPS[0]))
    rgb = np.empty((SIZE, SIZE, 3))
    rgb[:] = SHIRT

    def paint(colour: tuple[int, int, int], below: float) -> None:
        """Cover everything below a line that is parallel to the edge, smoothly between pixels."""
        share = np.clip(down - below + 0.5, 0, 1)[..., None]
        rgb[:] = (1 - share) * rgb + share * np.array(colour)

    if dress == "striped":
        rgb[(y // 7) % 2 == 0] = (110, 95, 60)
    if dress == "crop top":
        paint(SKIN, -45)
    if dress != "one colour":
        if dress != "hem":
            paint(BAND, 0)
        paint(SHORTS, 0 if dress == "hem" else BAND_PX)
    if hand:
        cv2.circle(rgb, (round(HIPS[0] + 30), round(edge_y)), 26, SKIN, -1)
    noisy = cv2.GaussianBlur(rgb, (0, 0), 1.0) + rng.normal(0, 3, rgb.shape)
    return np.asarray(np.clip(noisy, 0, 255), np.uint8)


def waistline(pictures: list[NDArray[np.uint8]], stray_px: float = 0.0) -> Waistline:
    """The pictures, with hip points that stray from the pelvis as the model's do."""
    stray = np.random.default_rng(5).normal(0, stray_px, (len(pictures), 2))
    return Waistline(pictures, HIPS + stray, TRUNK_PX)


def angles(edge: Edge) -> NDArray[np.float64]:
    across, down = (edge.line_px[:, 1] - edge.line_px[:, 0]).T
    return np.asarray(-np.degrees(np.arctan2(down, across)))


WITHIN_DEG = {"tucked": 1.0, "crop top": 1.0, "striped": 1.25}
"""Stripes that stay level while the band tilts pull the line towards them, by a tenth of the tilt."""
TILTS = st.lists(st.floats(-11, 11), min_size=PICTURES, max_size=PICTURES)


@settings(deadline=None, max_examples=12)
@given(tilts_deg=TILTS, dress=st.sampled_from(["tucked", "crop top", "striped"]))
def test_a_waistband_is_read_to_about_a_degree_whatever_is_worn_above_it(
    tilts_deg: list[float], dress: Dress
) -> None:
    edge = find_edge(waistline([back(a, k, dress) for k, a in enumerate(tilts_deg)], stray_px=3.0))
    assert edge.flaw == ""
    np.testing.assert_allclose(angles(edge), tilts_deg, atol=WITHIN_DEG[dress])


def test_the_edge_lies_where_it_is() -> None:
    edge = find_edge(waistline([back(3.0, k) for k in range(PICTURES)]))
    assert edge.line_px[:, :, 1].mean() == pytest.approx(HIPS[1] - 32, abs=6)
    assert edge.above_hips == pytest.approx(32 / TRUNK_PX, abs=0.04)


def test_a_hand_on_the_band_hides_single_pictures_or_changes_nothing() -> None:
    tilts = np.linspace(-6, 6, PICTURES)
    edge = find_edge(waistline([back(a, k, hand=k % 4 == 0) for k, a in enumerate(tilts)]))
    seen = np.isfinite(angles(edge))
    assert edge.flaw == ""
    assert seen[np.arange(PICTURES) % 4 != 0].all()
    np.testing.assert_allclose(angles(edge)[seen], tilts[seen], atol=1.5)


@pytest.mark.parametrize(("dress", "flaw"), [("one colour", "one-colour"), ("hem", "not-on-the-pelvis")])
def test_what_is_no_waistband_is_said(dress: Dress, flaw: str) -> None:
    edge = find_edge(waistline([back(2.0 * (k % 3), k, dress) for k in range(PICTURES)]))
    assert edge.flaw in (flaw, "no-edge")


@settings(deadline=None, max_examples=8)
@given(tilts_deg=TILTS, off_px=st.floats(-4, 4), twist_px=st.floats(-3, 3))
def test_two_clicks_beside_the_edge_are_moved_to_it(
    tilts_deg: list[float], off_px: float, twist_px: float
) -> None:
    waist = waistline([back(a, k) for k, a in enumerate(tilts_deg)], stray_px=2.0)
    slope = np.tan(np.radians(tilts_deg[4]))
    left, right = (np.array([HIPS[0] + x, HIPS[1] - 32 - slope * x + off_px]) for x in (-26.0, 26.0))
    edge = follow_marked(waist, 4, left, right + (0, twist_px))
    assert edge.flaw == ""
    np.testing.assert_allclose(angles(edge), tilts_deg, atol=2.0)


def test_clicks_on_plain_cloth_are_not_followed() -> None:
    waist = waistline([back(0.0, k, "one colour") for k in range(PICTURES)])
    edge = follow_marked(waist, 3, HIPS - (26, 32), HIPS - (-26, 32))
    assert edge.flaw == "one-colour"
    assert np.isnan(edge.line_px).all()
