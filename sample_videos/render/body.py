"""The runner's body: shape from the Anny model, divided into rigid segments that blend at the joints.

Axes everywhere in the renderer: x forward, y to the runner's left, z up, metres. Anny (Apache-2.0, NAVER
2025, with MakeHuman's CC0 shapes) looks along its -y, its left is +x.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pyvista as pv
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
SIDES = ("L", "R")
LIMB_BONES = {
    "thigh": "upperleg01",
    "shank": "lowerleg01",
    "foot": "foot",
    "toes": "toe2-1",
    "upperarm": "upperarm01",
    "forearm": "lowerarm01",
    "hand": "wrist",
}
"""Segments of each side, and the Anny bone at whose head each begins."""
ORIGINS = {
    "pelvis": "root",
    "loin": "spine05",
    "chest": "spine03",
    "neck": "neck01",
    "head": "head",
} | {f"{segment}.{side}": f"{bone}.{side}" for side in SIDES for segment, bone in LIMB_BONES.items()}
"""Segments, and the bone at whose head each begins."""
SEGMENTS = tuple(ORIGINS)
ADULT = 0.67
"""Anny's age of a grown-up."""
SOLE_M, UPPER_M = 0.024, 0.007
"""Thickness of a running shoe's sole and of its upper."""
SOLE_BEGINS_M = 0.03
"""Height above the bare sole up to which the shoe's sole reaches."""
COLLAR_M, TOE_BEND_M = 0.0, 0.03
"""Edge of the shoe above the ankle joint, and length over which it bends at the toes."""


@dataclass(frozen=True)
class Body:
    """Shape of a runner. Shares run from 0 to 1, with 0.5 in the middle of Anny's people."""

    height_cm: float = 178.0
    woman: float = 0.0
    age: float = ADULT
    muscle: float = 0.6
    weight: float = 0.35
    proportions: float = 0.5


@dataclass(frozen=True, eq=False)
class Skin:
    """A surface that moves with the segments."""

    vertices: FloatArray
    """(V, 3) metres, at rest."""
    faces: NDArray[np.int64]
    """(F, 3) triangles."""
    normals: FloatArray
    """(V, 3) directions out of the surface."""
    weights: FloatArray
    """(V, S) share of each segment in moving a vertex; rows sum to 1."""


@dataclass(frozen=True, eq=False)
class Rest:
    """The body at rest, in shoes that stand on z = 0."""

    skin: Skin
    texture: FloatArray
    """(V, 2) place of each vertex of the skin on the picture that dresses it."""
    shoes: dict[str, Skin]
    """By side, L and R."""
    origin: dict[str, FloatArray]
    """(3,) where each segment begins."""

    @property
    def height_m(self) -> float:
        """Sole to crown."""
        return float(self.skin.vertices[:, 2].max())

    def apart(self, start: str, end: str) -> FloatArray:
        """(3,) vector from one segment's origin to another's."""
        return self.origin[end] - self.origin[start]

    def length(self, start: str, end: str) -> float:
        """Distance between the origins of two segments."""
        return float(np.linalg.norm(self.apart(start, end)))

    @property
    def leg_m(self) -> float:
        """Thigh and shank."""
        return self.length("thigh.L", "shank.L") + self.length("shank.L", "foot.L")


@cache
def rest(body: Body) -> Rest:
    """Build a body at rest: one vertex for every corner of the texture, scaled to the wanted height."""
    bare, heads, model = _anny(body)
    corners = np.stack([model.faces.numpy(), model.face_texture_coordinate_indices.numpy()], axis=-1)
    unique, faces = np.unique(corners.reshape(-1, 2), axis=0, return_inverse=True)
    weights = _segment_weights(model)
    floor = bare[:, 2].min() - SOLE_M
    scale = body.height_cm / 100 / (bare[:, 2].max() - floor)
    vertices = (bare - (0, 0, floor)) * scale
    origin = {segment: (head - (0, 0, floor)) * scale for segment, head in heads.items()}
    skin = Skin(vertices, corners[..., 0], _normals(vertices, corners[..., 0]), weights)
    return Rest(
        skin=Skin(
            vertices[unique[:, 0]], faces.reshape(-1, 3), skin.normals[unique[:, 0]], weights[unique[:, 0]]
        ),
        texture=model.texture_coordinates.numpy()[unique[:, 1]].astype(float),
        shoes={side: _shoe(skin, origin, side) for side in SIDES},
        origin=origin,
    )


def _anny(body: Body):  # type: ignore[no-untyped-def]
    import anny

    model = anny.Anny(pose_parameterization="world")
    shape = model(
        phenotype_kwargs={
            "gender": body.woman,
            "age": body.age,
            "muscle": body.muscle,
            "weight": body.weight,
            "height": 0.5,
            "proportions": body.proportions,
        }
    )
    ours = [1, 0, 2]
    turn = np.array([-1.0, 1.0, 1.0])
    vertices = shape["rest_vertices"][0].numpy().astype(float)[:, ours] * turn
    bones = shape["rest_bone_heads"][0].numpy().astype(float)[:, ours] * turn
    labels = list(model.bone_labels)
    heads = {segment: bones[labels.index(bone)] for segment, bone in ORIGINS.items()}
    return vertices, heads, model


def _segment_weights(model) -> FloatArray:  # type: ignore[no-untyped-def]
    bone_segment = np.array([SEGMENTS.index(_segment_of(bone)) for bone in model.bone_labels])
    indices = model.vertex_bone_indices.numpy()
    shares = model.vertex_bone_weights.numpy().astype(float)
    weights = np.zeros((len(indices), len(SEGMENTS)))
    np.add.at(weights, (np.arange(len(indices))[:, None], bone_segment[indices]), shares)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def _segment_of(bone: str) -> str:
    """Find the segment a bone belongs to.

    Examples
    --------
    >>> _segment_of("toe3-2.L"), _segment_of("clavicle.R"), _segment_of("finger2-1.R")
    ('toes.L', 'chest', 'hand.R')
    """
    name, _, side = bone.partition(".")
    starts = {
        "root": "pelvis",
        "pelvis": "pelvis",
        "upperleg": f"thigh.{side}",
        "lowerleg": f"shank.{side}",
        "foot": f"foot.{side}",
        "toe": f"toes.{side}",
        "spine05": "loin",
        "spine04": "loin",
        "spine": "chest",
        "clavicle": "chest",
        "shoulder": "chest",
        "upperarm": f"upperarm.{side}",
        "lowerarm": f"forearm.{side}",
        "neck": "neck",
        "head": "head",
        "eye": "head",
    }
    return next((segment for start, segment in starts.items() if name.startswith(start)), f"hand.{side}")


def _shoe(skin: Skin, origin: dict[str, FloatArray], side: str) -> Skin:
    """Wrap a foot into the hull of its upper and of a level sole."""
    ankle, ball = origin[f"foot.{side}"], origin[f"toes.{side}"]
    columns = [SEGMENTS.index(f"{part}.{side}") for part in ("foot", "toes")]
    covered = (skin.weights[:, columns].sum(axis=1) > 0.6) & (skin.vertices[:, 2] < ankle[2] + COLLAR_M)
    foot = skin.vertices[covered]
    upper = foot + UPPER_M * _unit((foot - (ankle + ball) / 2) * (1, 1, 0))
    under = upper[upper[:, 2] < foot[:, 2].min() + SOLE_BEGINS_M]
    rim, sole = under + (0, 0, 0), under * (1, 1, 0)
    hull = (
        pv.PolyData(np.vstack([upper, rim, sole])).delaunay_3d().extract_surface(algorithm="dataset_surface")
    )
    fine = hull.triangulate().subdivide(2, "linear").clean()
    points, faces = np.asarray(fine.points, dtype=float), fine.regular_faces
    bend = np.clip((points[:, 0] - ball[0]) / TOE_BEND_M + 0.5, 0, 1)
    weights = np.zeros((len(points), len(SEGMENTS)))
    weights[:, columns[0]], weights[:, columns[1]] = 1 - bend, bend
    return Skin(points, faces, _normals(points, faces), weights)


def _normals(vertices: FloatArray, faces: NDArray[np.int64]) -> FloatArray:
    corner = vertices[faces]
    across = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    normals = np.zeros_like(vertices)
    for k in range(3):
        np.add.at(normals, faces[:, k], across)
    return _unit(normals)


def _unit(vectors: FloatArray) -> FloatArray:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9))
