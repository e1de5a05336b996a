"""Where every segment is: hinges from the hips down by two-link inverse kinematics, the rest from angles."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sample_videos.render.body import SEGMENTS, SIDES, Rest

FloatArray = NDArray[np.float64]
FORWARD = np.array([1.0, 0.0, 0.0])
REACH = 0.999
"""A leg is never stretched farther than this share of its length."""


@dataclass(frozen=True, eq=False)
class Arm:
    """Angles of one arm at T instants, in the chest's frame, degrees."""

    swing_deg: FloatArray
    """Upper arm ahead of the trunk."""
    elbow_deg: FloatArray
    """Angle at the elbow, 180 = straight."""
    inward_deg: FloatArray
    """Forearm turned towards the midline."""
    out_deg: float = 8.0
    """Upper arm held away from the trunk."""


@dataclass(frozen=True, eq=False)
class Drive:
    """What moves the body, at T instants; sides in the order left, right."""

    time_s: FloatArray
    pelvis: FloatArray
    """(T, 3) middle of the hip joints, metres."""
    pelvis_turn: FloatArray
    """(T, 3, 3) against the body at rest."""
    chest_turn: FloatArray
    head_turn: FloatArray
    ankle: tuple[FloatArray, FloatArray]
    """(T, 3) each."""
    foot_deg: tuple[FloatArray, FloatArray]
    """(T,) pitch of the foot, + toes up."""
    toes_deg: tuple[FloatArray, FloatArray]
    arms: tuple[Arm, Arm]


@dataclass(frozen=True, eq=False)
class Posed:
    """Every segment at T instants."""

    time_s: FloatArray
    turn: FloatArray
    """(T, S, 3, 3) against the body at rest."""
    origin: FloatArray
    """(T, S, 3) metres."""

    def index(self, segment: str) -> int:
        """Number of a segment."""
        return SEGMENTS.index(segment)

    def at(self, segment: str) -> FloatArray:
        """(T, 3) path of a segment's origin."""
        return np.asarray(self.origin[:, SEGMENTS.index(segment)])

    def carried(self, rest: Rest, segment: str, point: FloatArray) -> FloatArray:
        """(T, 3) path of a point of the body at rest that moves with a segment."""
        turn = self.turn[:, SEGMENTS.index(segment)]
        return np.asarray(self.at(segment) + turn @ (point - rest.origin[segment]))

    def skinned(self, rest: Rest, points: FloatArray, weights: FloatArray) -> FloatArray:
        """(T, V, 3) paths of (V, 3) points of the body at rest, moved by (V, S) shares of the segments."""
        origins = np.stack([rest.origin[segment] for segment in SEGMENTS])
        carried = self.origin - np.einsum("tsij,sj->tsi", self.turn, origins)
        turn = np.einsum("vs,tsij->tvij", weights, self.turn)
        return np.asarray(
            np.einsum("tvij,vj->tvi", turn, points) + np.einsum("vs,tsi->tvi", weights, carried)
        )


def pose(drive: Drive, rest: Rest) -> Posed:
    """Place every segment of a body."""
    turn: dict[str, FloatArray] = {"pelvis": drive.pelvis_turn, "chest": drive.chest_turn}
    turn["loin"] = halfway(drive.pelvis_turn, drive.chest_turn)
    turn["neck"], turn["head"] = halfway(drive.chest_turn, drive.head_turn), drive.head_turn
    hips = (rest.origin["thigh.L"] + rest.origin["thigh.R"]) / 2
    at = {"pelvis": drive.pelvis + _apply(drive.pelvis_turn, rest.origin["pelvis"] - hips)}
    for parent, child in (("pelvis", "loin"), ("loin", "chest"), ("chest", "neck"), ("neck", "head")):
        at[child] = at[parent] + _apply(turn[parent], rest.apart(parent, child))
    for index, side in enumerate(SIDES):
        at[f"thigh.{side}"] = at["pelvis"] + _apply(turn["pelvis"], rest.apart("pelvis", f"thigh.{side}"))
        _pose_leg(drive, rest, index, turn, at)
        at[f"upperarm.{side}"] = at["chest"] + _apply(turn["chest"], rest.apart("chest", f"upperarm.{side}"))
        _pose_arm(drive.arms[index], rest, side, turn, at)
    return Posed(
        drive.time_s,
        np.stack([turn[segment] for segment in SEGMENTS], axis=1),
        np.stack([at[segment] for segment in SEGMENTS], axis=1),
    )


def _pose_leg(
    drive: Drive, rest: Rest, index: int, turn: dict[str, FloatArray], at: dict[str, FloatArray]
) -> None:
    side = SIDES[index]
    hip, ankle = at[f"thigh.{side}"], drive.ankle[index]
    thigh_m, shank_m = (
        rest.length(f"thigh.{side}", f"shank.{side}"),
        rest.length(f"shank.{side}", f"foot.{side}"),
    )
    ahead = drive.pelvis_turn @ FORWARD * (1, 0.3, 0)
    knee = two_links(hip, ankle, thigh_m, shank_m, ahead)
    at[f"shank.{side}"], at[f"foot.{side}"] = knee, ankle
    for segment, start, end in (("thigh", hip, knee), ("shank", knee, ankle)):
        child = "shank" if segment == "thigh" else "foot"
        resting = frame(rest.apart(f"{segment}.{side}", f"{child}.{side}"), FORWARD)
        turn[f"{segment}.{side}"] = frame(end - start, ahead) @ resting.T
    turn[f"foot.{side}"] = pitched(-drive.foot_deg[index])
    turn[f"toes.{side}"] = pitched(-drive.toes_deg[index])
    at[f"toes.{side}"] = ankle + _apply(turn[f"foot.{side}"], rest.apart(f"foot.{side}", f"toes.{side}"))


def _pose_arm(
    arm: Arm, rest: Rest, side: str, turn: dict[str, FloatArray], at: dict[str, FloatArray]
) -> None:
    outward = 1.0 if side == "L" else -1.0
    chest = turn["chest"]
    swing = pitched(-arm.swing_deg)
    hang = chest @ swing @ rolled(np.full(len(chest), outward * arm.out_deg))
    upper = _apply(hang, np.array([0.0, 0.0, -1.0]))
    bend = hang @ yawed(-outward * arm.inward_deg) @ pitched(-(180 - arm.elbow_deg))
    fore = _apply(bend, np.array([0.0, 0.0, -1.0]))
    elbow = at[f"upperarm.{side}"] + rest.length(f"upperarm.{side}", f"forearm.{side}") * upper
    wrist = elbow + rest.length(f"forearm.{side}", f"hand.{side}") * fore
    at[f"forearm.{side}"], at[f"hand.{side}"] = elbow, wrist
    upper_rest = rest.apart(f"upperarm.{side}", f"forearm.{side}")
    fore_rest = rest.apart(f"forearm.{side}", f"hand.{side}")
    turn[f"upperarm.{side}"] = frame(upper, fore) @ frame(upper_rest, fore_rest).T
    turn[f"forearm.{side}"] = frame(fore, -upper) @ frame(fore_rest, -upper_rest).T
    turn[f"hand.{side}"] = turn[f"forearm.{side}"]


def two_links(
    start: FloatArray, end: FloatArray, first_m: float, second_m: float, pole: FloatArray
) -> FloatArray:
    """(T, 3) joint between two links, bent towards a pole; straight if the target is out of reach."""
    along = end - start
    distance = np.linalg.norm(along, axis=1, keepdims=True)
    reach = np.clip(distance, abs(first_m - second_m) + 1e-6, REACH * (first_m + second_m))
    along = along / distance
    across = pole - np.sum(pole * along, axis=1, keepdims=True) * along
    across /= np.linalg.norm(across, axis=1, keepdims=True)
    ahead = (first_m**2 - second_m**2 + reach**2) / (2 * reach)
    return np.asarray(start + ahead * along + np.sqrt(np.maximum(first_m**2 - ahead**2, 0)) * across)


def frame(along: FloatArray, pole: FloatArray) -> FloatArray:
    """(..., 3, 3) orientation whose third axis runs along, and whose first leans towards the pole."""
    third = along / np.linalg.norm(along, axis=-1, keepdims=True)
    pole = np.broadcast_to(pole, third.shape)
    first = pole - np.sum(pole * third, axis=-1, keepdims=True) * third
    first = first / np.linalg.norm(first, axis=-1, keepdims=True)
    return np.stack([first, np.cross(third, first), third], axis=-1)


def pitched(deg: FloatArray) -> FloatArray:
    """(T, 3, 3) turn about the y axis, + forward and down."""
    return _about(1, deg)


def rolled(deg: FloatArray) -> FloatArray:
    """(T, 3, 3) turn about the x axis, + left side up."""
    return _about(0, deg)


def yawed(deg: FloatArray) -> FloatArray:
    """(T, 3, 3) turn about the z axis, + towards the left."""
    return _about(2, deg)


def halfway(first: FloatArray, second: FloatArray) -> FloatArray:
    """(T, 3, 3) orientation in the middle between two that are not opposite."""
    u, _, vt = np.linalg.svd(first + second)
    return np.asarray(u @ vt)


def _about(axis: int, deg: FloatArray) -> FloatArray:
    angle = np.radians(np.asarray(deg, dtype=float))
    one, other = (axis + 1) % 3, (axis + 2) % 3
    turn = np.zeros((*angle.shape, 3, 3))
    turn[..., axis, axis] = 1
    turn[..., one, one] = turn[..., other, other] = np.cos(angle)
    turn[..., one, other], turn[..., other, one] = -np.sin(angle), np.sin(angle)
    return turn


def _apply(turn: FloatArray, vector: FloatArray) -> FloatArray:
    return np.asarray(turn @ vector)
