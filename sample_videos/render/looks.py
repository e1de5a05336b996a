"""What the runner wears: one picture that is wrapped around the body."""

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import LinearNDInterpolator
from scipy.ndimage import gaussian_filter

from sample_videos.render.body import SEGMENTS, SOLE_M, Rest, Skin
from sample_videos.render.dressing import WAISTBAND_M, Dressing, band_z, cloth_weights, shirt_ends_z

FloatArray = NDArray[np.float64]
Rgb = tuple[float, float, float]
TEXTURE_PX = 768
TAPE_RADIUS_M, TAPE_APART_M = 0.017, 0.10
SHORTS_M, SOCKS_M = 0.24, 0.09
"""Length of the shorts below the hip joint, and of the socks above the ankle."""
LOOSE_M, HAIR_M = 0.010, 0.014


@dataclass(frozen=True)
class Looks:
    """Clothes, skin and hair; colours from 0 to 1."""

    shirt: Rgb = (0.75, 0.15, 0.15)
    shorts: Rgb = (0.10, 0.12, 0.18)
    skin: Rgb = (0.78, 0.58, 0.46)
    hair: Rgb = (0.15, 0.10, 0.07)
    shoes: Rgb = (0.20, 0.65, 0.30)
    stripes: float = 0.0
    """Contrast of stripes and checks on shirt and shorts; 0 is plain cloth."""
    wrinkles: float = 0.12
    tape: bool = False
    """Two white dots on the back of the waistband."""
    dressing: Dressing = Dressing.TRUNK
    seed: int = 0


def dressed(rest: Rest, looks: Looks) -> Skin:
    """Put loose clothes and hair on the body at rest; around the waist they move as the dressing has it."""
    skin = rest.skin
    part = _parts(rest, looks.dressing, skin.vertices, skin.weights)
    out = LOOSE_M * (part.shorts | part.shirt) + HAIR_M * part.hair
    return replace(
        skin,
        vertices=np.asarray(skin.vertices + skin.normals * out[:, None]),
        weights=cloth_weights(rest, looks.dressing, skin.vertices, skin.weights),
    )


@dataclass(frozen=True, eq=False)
class Parts:
    """Which part of the outfit covers each point."""

    sock: NDArray[np.bool_]
    shorts: NDArray[np.bool_]
    waistband: NDArray[np.bool_]
    shirt: NDArray[np.bool_]
    hair: NDArray[np.bool_]


def _parts(rest: Rest, dressing: Dressing, at: FloatArray, weights: FloatArray) -> Parts:
    def share(*segments: str) -> FloatArray:
        columns = [k for k, name in enumerate(SEGMENTS) if name.split(".")[0] in segments]
        return np.asarray(weights[:, columns].sum(axis=1))

    z = at[:, 2]
    hip_z, ankle_z = rest.origin["thigh.L"][2], rest.origin["foot.L"][2]
    waist_z, shirt_z = band_z(rest), shirt_ends_z(rest, dressing)
    shorts_z = min(waist_z, shirt_z)
    arm = share("upperarm", "forearm", "hand") > 0.5
    elbow = rest.origin["forearm.L"]
    shoulder = rest.origin["upperarm.L"]
    along = (np.abs(at[:, 1]) - shoulder[1]) / (elbow[1] - shoulder[1])
    trunk = ~arm & (share("neck", "head") < 0.5)
    head = share("head") > 0.7
    eye_z, ear_x = rest.origin["head"][2] + 0.05, rest.origin["head"][0]
    crown = rest.height_m
    return Parts(
        sock=z < ankle_z + SOCKS_M,
        shorts=~arm & (z > hip_z - SHORTS_M) & (z <= shorts_z),
        waistband=~arm & (z > waist_z - WAISTBAND_M) & (z <= shorts_z),
        shirt=(trunk & (z > shirt_z)) | (arm & (along < 0.55)),
        hair=head & ((z > crown - 0.06) | ((at[:, 0] < ear_x - 0.01) & (z > eye_z - 0.06))),
    )


@cache
def texture(rest: Rest, looks: Looks) -> NDArray[np.uint8]:
    """(P, P, 3) picture that dresses the body; its first row is the bottom."""
    middle = (np.arange(TEXTURE_PX) + 0.5) / TEXTURE_PX
    u, v = np.meshgrid(middle, middle)
    known = LinearNDInterpolator(
        rest.texture, np.hstack([rest.skin.vertices, rest.skin.weights]), fill_value=0.0
    )
    here = known(np.column_stack([u.ravel(), v.ravel()]))
    at, shares = here[:, :3], here[:, 3:]
    part = _parts(rest, looks.dressing, at, shares)
    colour = _coloured(rest, looks, at, part)
    rng = np.random.default_rng(looks.seed)
    cloth = gaussian_filter(rng.standard_normal((TEXTURE_PX, TEXTURE_PX)), 5)
    creased = (part.shirt | part.shorts)[:, None] * looks.wrinkles
    colour *= 1 + creased * (cloth / cloth.std()).reshape(-1, 1)
    square = (255 * np.clip(colour, 0, 1)).astype(np.uint8).reshape(TEXTURE_PX, TEXTURE_PX, 3)
    return np.ascontiguousarray(square)


def _coloured(rest: Rest, looks: Looks, at: FloatArray, part: Parts) -> FloatArray:
    colour = np.tile(np.array(looks.skin), (len(at), 1))
    band = np.sign(np.sin(2 * np.pi * at[:, 2] / 0.06)) * looks.stripes
    check = np.sign(np.sin(2 * np.pi * at[:, 1] / 0.05)) * looks.stripes
    colour[part.sock] = (0.92, 0.92, 0.92)
    colour[part.shirt] = np.array(looks.shirt) * (1 + band[part.shirt, None])
    colour[part.shorts] = np.array(looks.shorts) * (1 + (band * check)[part.shorts, None]) + 0.05
    seam = part.shorts & (np.abs(at[:, 0] - rest.origin["thigh.L"][0]) < 0.012)
    colour[seam] = np.array(looks.shirt)
    colour[part.waistband] = 0.6 * np.array(looks.shorts)
    if looks.dressing is Dressing.ONE_COLOUR:
        colour[part.shorts | part.waistband] = np.array(looks.shirt)
    colour[part.hair] = np.array(looks.hair)
    if looks.tape:
        colour[_tape(rest, at)] = (1.0, 1.0, 1.0)
    return colour


def shoe_rgb(shoe: Skin, looks: Looks) -> NDArray[np.uint8]:
    """(V, 3) colour of each point of a shoe: white sole, coloured upper with a stripe."""
    x, z = shoe.vertices[:, 0], shoe.vertices[:, 2]
    colour = np.tile(np.array(looks.shoes), (len(x), 1))
    slanting = (x - x.min()) / np.ptp(x) + 0.6 * z / z.max()
    colour[np.abs(slanting - 0.75) < 0.06] = 1 - 0.8 * np.array(looks.shoes)
    colour[z < SOLE_M * 1.15] = (0.93, 0.93, 0.90)
    return (255 * colour).astype(np.uint8)


def _tape(rest: Rest, at: FloatArray) -> NDArray[np.bool_]:
    height = band_z(rest) - WAISTBAND_M / 2
    away = np.hypot(np.abs(at[:, 1]) - TAPE_APART_M / 2, at[:, 2] - height)
    return np.asarray((away < TAPE_RADIUS_M) & (at[:, 0] < rest.origin["pelvis"][0]))
