"""Where the treadmill stands, and who and what stands around it."""

from dataclasses import dataclass

import numpy as np
import pyvista as pv
from numpy.typing import NDArray

from sample_videos.render.looks import Rgb

FloatArray = NDArray[np.float64]
FLOOR_M = -0.22
WALL_M = 2.6
BELT_M = (-0.95, 0.75, 0.25)
"""Rear end, front end and half width of the belt; it runs at z = 0."""


@dataclass(frozen=True)
class Scene:
    """The surroundings of a clip."""

    wall: Rgb = (0.62, 0.68, 0.72)
    floor: Rgb = (0.35, 0.32, 0.30)
    place: str = "gym"
    """``gym``, ``garden`` or ``dark``."""
    rails: float = 0.45
    """How far the handrails reach back from the console, metres."""
    console: bool = True
    """False: a flat treadmill without posts, so that a phone in front sees the hands."""
    bystander: bool = False
    second_runner: bool = False
    """Another runner on a treadmill behind."""
    raised_deg: float = 0.0
    """How far the treadmill rises towards its front; who runs on it still runs as on a level one."""
    mirror: bool = False
    """The wall behind the treadmill is a mirror."""
    seed: int = 0

    @property
    def light(self) -> float:
        """Brightness of the place."""
        return 0.35 if self.place == "dark" else 1.0


@dataclass(frozen=True, eq=False)
class Prop:
    """One thing with one colour."""

    mesh: pv.PolyData
    colour: Rgb

    def lit(self, scene: "Scene") -> "Prop":
        """The same thing in the light of a place."""
        return Prop(self.mesh, _rgb(np.array(self.colour) * scene.light))


def treadmill(scene: Scene, aside_m: float = 0.0) -> tuple[Prop, ...]:
    """Belt, deck, posts, rails and console; ``aside_m`` moves it to the left."""
    rear, front, half = BELT_M
    dark, grey = (0.05, 0.05, 0.06), (0.16, 0.16, 0.18)
    props = [
        _box((rear, front), (-half, half), (-0.02, 0.0), dark),
        _box((rear - 0.05, front + 0.30), (-half - 0.09, half + 0.09), (FLOOR_M, -0.02), grey),
        _box((rear, front + 0.2), (half, half + 0.08), (-0.02, 0.005), (0.45, 0.45, 0.47)),
        _box((rear, front + 0.2), (-half - 0.08, -half), (-0.02, 0.005), (0.45, 0.45, 0.47)),
    ]
    if scene.console:
        props.append(_box((front + 0.12, front + 0.22), (-half - 0.08, half + 0.08), (1.02, 1.28), grey))
    for side in (-1, 1) if scene.console else ():
        y = side * (half + 0.08)
        props.append(_tube((front + 0.2, y, FLOOR_M), (front + 0.2, y, 1.1)))
        props.append(_tube((front + 0.2, y, 0.93), (front + 0.2 - scene.rails, y, 0.93)))
    return tuple(
        Prop(prop.mesh.rotate_y(-scene.raised_deg, point=(0, 0, 0)).translate((0, aside_m, 0)), prop.colour)
        for prop in props
    )


def room(scene: Scene, phone: FloatArray) -> tuple[Prop, ...]:
    """Floor, walls and what hangs on them; a garden has hedges and a sky.

    A wall that would stand between the phone, at (3,) metres, and the runner is left out.
    """
    rng = np.random.default_rng(scene.seed)
    far = 2 * WALL_M if scene.place == "garden" or scene.mirror else WALL_M
    props = [_box((-12, 12), (-12, 12), (FLOOR_M - 0.02, FLOOR_M), scene.floor)]
    for axis, sign in ((0, 1), (0, -1), (1, 1), (1, -1)):
        away = far + (1.5 if axis == 0 else 0)
        if sign * phone[axis] < away - 0.5:
            props += _wall(scene, axis, sign, away, rng)
    return tuple(props)


def _wall(scene: Scene, axis: int, sign: int, far: float, rng: np.random.Generator) -> list[Prop]:
    """One wall with panels; everything stands off it a little, so that nothing flickers."""

    def slab(along: tuple[float, float], heights: tuple[float, float], depth: float, colour: Rgb) -> Prop:
        near, back = sign * (far - depth), sign * (far - depth + 0.03)
        through = (min(near, back), max(near, back))
        return _box(*((through, along) if axis == 0 else (along, through)), heights, colour)

    hedge = scene.place == "garden"
    top = 1.6 if hedge else 3.5
    slabs = [slab((-12, 12), (FLOOR_M, top), 0.0, scene.wall)]
    for k in range(14):
        left = -6 + 0.9 * k + rng.uniform(-0.1, 0.1)
        bottom = rng.uniform(FLOOR_M, 1.2)
        tint = np.clip(np.array(scene.wall) * rng.uniform(0.45, 1.35) + rng.normal(0, 0.06, 3), 0, 1)
        wide, high = rng.uniform(0.2, 0.8), rng.uniform(0.2, 1.3)
        slabs.append(slab((left, left + wide), (bottom, min(bottom + high, top + 0.1)), 0.04, _rgb(tint)))
    return slabs


def _rgb(colour: np.ndarray) -> Rgb:
    return (float(colour[0]), float(colour[1]), float(colour[2]))


def _box(x: tuple[float, float], y: tuple[float, float], z: tuple[float, float], colour: Rgb) -> Prop:
    return Prop(pv.Box(bounds=(*x, *y, *z)), colour)


def _tube(start: tuple[float, float, float], end: tuple[float, float, float]) -> Prop:
    return Prop(pv.Line(start, end).tube(radius=0.022, n_sides=12), (0.12, 0.12, 0.13))
