"""Where the phone stands, and where it sees a point."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
AROUND_DEG = {"left": 90.0, "rear": 180.0, "right": -90.0, "front": 0.0}
"""Direction from the runner to the phone, from straight ahead towards the left."""
SHAKE_HZ = (1.3, 2.1, 3.7)
"""Slow movements of a hand, of equal size."""


@dataclass(frozen=True)
class Camera:
    """A phone on a stand or in a hand."""

    view: str = "left"
    distance_m: float = 3.6
    height_m: float = 1.0
    aim_m: float = 0.88
    """Height of the point in the runner's plane at which it looks."""
    field_of_view_deg: float = 42.0
    """From the upper to the lower edge of the picture."""
    yaw_deg: float = 0.0
    """Walked around the runner towards his back (side) or his left (rear, front)."""
    roll_deg: float = 0.0
    """Turned about its own axis, + picture turns clockwise."""
    shake_deg: float = 0.0
    """Standard deviation of where a hand points it."""
    size_px: tuple[int, int] = (720, 1280)


@dataclass(frozen=True, eq=False)
class Sight:
    """The camera at T instants."""

    position: FloatArray
    """(3,)"""
    right: FloatArray
    """(T, 3) unit vectors of the picture in space."""
    up: FloatArray
    ahead: FloatArray
    focal_px: float
    size_px: tuple[int, int]

    def px(self, points: FloatArray) -> FloatArray:
        """(T, J, 2) where (T, J, 3) points are seen; the picture spans [0, width] and [0, height]."""
        away = points - self.position
        depth = np.einsum("tjk,tk->tj", away, self.ahead)
        across = np.einsum("tjk,tk->tj", away, self.right) / depth
        above = np.einsum("tjk,tk->tj", away, self.up) / depth
        middle = np.array(self.size_px) / 2
        return np.stack([middle[0] + self.focal_px * across, middle[1] - self.focal_px * above], axis=-1)


def sight(camera: Camera, time_s: FloatArray, seed: int) -> Sight:
    """Point a camera at the middle of the treadmill."""
    towards_back = {"left": 1.0, "right": -1.0}.get(camera.view, 1.0)
    around = np.radians(AROUND_DEG[camera.view] + towards_back * camera.yaw_deg)
    position = np.array(
        [camera.distance_m * np.cos(around), camera.distance_m * np.sin(around), camera.height_m]
    )
    rng = np.random.default_rng(seed)
    tremble = np.zeros((3, len(time_s)))
    for hz in SHAKE_HZ:
        phase = rng.uniform(0, 2 * np.pi, (3, 1))
        tremble += np.sin(2 * np.pi * hz * time_s + phase)
    tremble *= np.radians(camera.shake_deg) * np.sqrt(2 / len(SHAKE_HZ))
    ahead = np.array([0, 0, camera.aim_m]) - position
    ahead = ahead / np.linalg.norm(ahead)
    right = np.cross(ahead, [0, 0, 1.0])
    right = right / np.linalg.norm(right)
    up = np.cross(right, ahead)
    pointed = ahead + tremble[0][:, None] * right + tremble[1][:, None] * up
    pointed /= np.linalg.norm(pointed, axis=1, keepdims=True)
    level = np.cross(pointed, up)
    level /= np.linalg.norm(level, axis=1, keepdims=True)
    above = np.cross(level, pointed)
    roll = np.radians(camera.roll_deg) + tremble[2][:, None]
    focal = camera.size_px[1] / 2 / np.tan(np.radians(camera.field_of_view_deg) / 2)
    return Sight(
        position,
        np.cos(roll) * level + np.sin(roll) * above,
        np.cos(roll) * above - np.sin(roll) * level,
        pointed,
        float(focal),
        camera.size_px,
    )
