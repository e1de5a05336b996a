"""How shirt and shorts meet at the waist, and how the cloth there moves with the body."""

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from sample_videos.render.body import SEGMENTS, Rest, Skin
from sample_videos.render.skeleton import Posed

FloatArray = NDArray[np.float64]
WAIST_ABOVE_HIP_M, WAISTBAND_M = 0.085, 0.035
RIGID_M, FADES_M = (-0.06, 0.02), 0.06
"""From where to where around the edge of the band cloth sits still on the pelvis, and over what it yields."""
BARE_M = 0.11
"""Skin between the band and a crop top."""
HEM_ABOVE_HIP_M, OVER_BAND_ABOVE_HIP_M = 0.0, 0.045
"""Where a loose shirt ends, and one that only just covers the band."""
FLAPS_M, FLAPS_HZ, FLAPS_OVER_M = (0.012, 0.014, 0.005), (2.75, 1.37, 3.9), 0.16
"""How far a hem moves up and down as a whole, left against right 10 cm off the spine, and in waves."""
SEEN_BESIDE_M = 0.07
"""The two points of the line that is seen lie so far left and right of the spine."""


class Dressing(StrEnum):
    """What covers the waist."""

    TRUNK = "trunk"
    """Cloth that follows the skin of the trunk, the band too."""
    TUCKED = "tucked"
    """A band that sits still on the pelvis, the shirt in it."""
    CROP_TOP = "crop_top"
    ONE_COLOUR = "one_colour"
    """As tucked, but shirt, band and shorts cannot be told apart."""
    HEM = "hem"
    """A loose shirt over the band whose hem flaps."""
    OVER_BAND = "over_band"
    """A close shirt pulled just over the band; its edge follows the trunk."""

    @property
    def rigid(self) -> bool:
        """Whether the edge that is seen sits on the pelvis."""
        return self in (Dressing.TUCKED, Dressing.CROP_TOP, Dressing.ONE_COLOUR)


def band_z(rest: Rest) -> float:
    """Height of the upper edge of the band on the body at rest."""
    return float(rest.origin["thigh.L"][2] + WAIST_ABOVE_HIP_M)


def shirt_ends_z(rest: Rest, dressing: Dressing) -> float:
    """Height at which the shirt ends on the body at rest."""
    hip_z = float(rest.origin["thigh.L"][2])
    below = {Dressing.HEM: hip_z + HEM_ABOVE_HIP_M, Dressing.OVER_BAND: hip_z + OVER_BAND_ABOVE_HIP_M}
    above = BARE_M if dressing is Dressing.CROP_TOP else 0.0
    return below.get(dressing, band_z(rest) + above)


def edge_z(rest: Rest, dressing: Dressing) -> float:
    """Height of the edge across the back that is seen."""
    return min(band_z(rest), shirt_ends_z(rest, dressing))


def cloth_weights(rest: Rest, dressing: Dressing, at: FloatArray, skin: FloatArray) -> FloatArray:
    """(V, S) share of each segment in moving points of the cloth, from those of the skin under them."""
    if not dressing.rigid:
        return skin
    above = at[:, 2] - band_z(rest)
    low, high = RIGID_M
    off = np.maximum(low - above, above - high).clip(0)
    still = np.where(skin[:, _arms()].sum(axis=1) > 0.5, 0.0, (1 - off / FADES_M).clip(0))
    pelvis = np.zeros(len(SEGMENTS))
    pelvis[SEGMENTS.index("pelvis")] = 1
    return np.asarray((1 - still[:, None]) * skin + still[:, None] * pelvis)


def _arms() -> list[int]:
    return [k for k, name in enumerate(SEGMENTS) if name.split(".")[0] in ("upperarm", "forearm", "hand")]


def flap_m(rest: Rest, dressing: Dressing, at: FloatArray, skin: FloatArray, time_s: float) -> FloatArray:
    """(V,) how much points of the cloth are lifted by a flapping hem."""
    if dressing is not Dressing.HEM:
        return np.zeros(len(at))
    off = np.abs(at[:, 2] - shirt_ends_z(rest, dressing))
    free = np.where(skin[:, _arms()].sum(axis=1) > 0.5, 0.0, (1 - off / FLAPS_OVER_M).clip(0))
    whole, across, wave = FLAPS_M
    turn = 2 * np.pi * time_s * np.array(FLAPS_HZ)
    lifted = whole * np.sin(turn[0] + 0.6) + across * np.sin(turn[1] + 2.0) * at[:, 1] / 0.10
    return np.asarray(free * (lifted + wave * np.sin(turn[2] + 45 * at[:, 1])))


def seen_edge(posed: Posed, rest: Rest, dressing: Dressing) -> FloatArray:
    """(T, 2, 3) left and right point of the edge that is seen across the back."""
    points, skin = _on_the_back(rest.skin, edge_z(rest, dressing))
    moved = posed.skinned(rest, points, cloth_weights(rest, dressing, points, skin))
    lifted = np.stack([flap_m(rest, dressing, points, skin, time_s) for time_s in posed.time_s])
    moved[:, :, 2] += lifted
    return moved


def _on_the_back(skin: Skin, z: float) -> tuple[FloatArray, FloatArray]:
    """(2, 3) points left and right of the spine, and (2, S) their shares of the segments."""
    points, shares = [], []
    for y in (SEEN_BESIDE_M, -SEEN_BESIDE_M):
        aside = np.hypot(skin.vertices[:, 1] - y, skin.vertices[:, 2] - z)
        near = np.argsort(np.where(skin.vertices[:, 0] < 0, aside, np.inf))[:4]
        share = 1 / (aside[near] + 1e-4)
        share /= share.sum()
        points.append((share @ skin.vertices[near, 0], y, z))
        shares.append(share @ skin.weights[near])
    return np.array(points), np.array(shares)
