"""Every frame of a clip, drawn off the screen."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import pyvista as pv
from numpy.typing import NDArray

from sample_videos.render.body import SEGMENTS, Rest, Skin
from sample_videos.render.camera import Sight
from sample_videos.render.dressing import flap_m
from sample_videos.render.looks import Looks, dressed, shoe_rgb, texture
from sample_videos.render.scene import Prop, Scene
from sample_videos.render.skeleton import Posed

FloatArray = NDArray[np.float64]
Picture = NDArray[np.uint8]
SHINE = {"diffuse": 0.65, "specular": 0.05}
LENS_PX = 0.7
"""Blur of the lens; it also smooths the edges of what is drawn."""
SKY = (0.70, 0.82, 0.95)


@dataclass(frozen=True, eq=False)
class Actor:
    """A body in clothes that moves."""

    rest: Rest
    looks: Looks
    posed: Posed
    shift: tuple[float, float, float] = (0.0, 0.0, 0.0)
    mirrored_at_m: float | None = None
    """Seen in a mirror that stands at this y."""

    def surfaces(self) -> tuple[Skin, ...]:
        """Dressed skin and both shoes, at rest."""
        return dressed(self.rest, self.looks), *self.rest.shoes.values()

    def moved(self, skin: Skin, frame: int) -> tuple[FloatArray, FloatArray]:
        """(V, 3) places and normals: every segment's motion, blended by its share (linear blend skinning)."""
        origins = np.stack([self.rest.origin[segment] for segment in SEGMENTS])
        turn, origin = self.posed.turn[frame], self.posed.origin[frame]
        carried = origin - np.einsum("sij,sj->si", turn, origins)
        blended = skin.weights @ np.concatenate([turn, carried[:, :, None]], axis=2).reshape(-1, 12)
        blended = blended.reshape(-1, 3, 4)
        points = np.einsum("vij,vj->vi", blended[:, :, :3], skin.vertices) + blended[:, :, 3] + self.shift
        if len(points) == len(self.rest.skin.vertices):
            bare, dressing = self.rest.skin, self.looks.dressing
            time_s = float(self.posed.time_s[frame])
            points[:, 2] += flap_m(self.rest, dressing, bare.vertices, bare.weights, time_s)
        normals = np.einsum("vij,vj->vi", blended[:, :, :3], skin.normals)
        if self.mirrored_at_m is not None:
            points = points * (1, -1, 1) + (0, 2 * self.mirrored_at_m, 0)
            normals = normals * (1, -1, 1)
        return points, normals


def film(
    actors: Sequence[Actor], props: Sequence[Prop], scene: Scene, sight: Sight, blur: int
) -> Iterator[Picture]:
    """Draw the frames one after the other.

    Parameters
    ----------
    sight
        The camera at T * blur instants; each frame is the mean of ``blur`` of them.
    """
    width, height = sight.size_px
    stage = pv.Plotter(off_screen=True, window_size=[width, height], lighting="none")
    stage.set_background(SKY if scene.place == "garden" else (0.1, 0.1, 0.1))
    _light(stage, scene)
    for prop in props:
        stage.add_mesh(prop.mesh, color=prop.lit(scene).colour, lighting=False)
    cast = [(actor, *entered) for actor in actors for entered in _enter(stage, actor, scene)]
    stage.disable_anti_aliasing()
    stage.render_window.SetMultiSamples(0)
    stage.camera.view_angle = float(np.degrees(2 * np.arctan(height / 2 / sight.focal_px)))
    stage.show(auto_close=False)
    try:
        for start in range(0, len(sight.right) - blur + 1, blur):
            total = np.zeros((height, width, 3), np.float32)
            for frame in range(start, start + blur):
                for actor, skin, mesh in cast:
                    points, normals = actor.moved(skin, frame)
                    mesh.points = points.astype(np.float32)
                    mesh.point_data["Normals"][:] = normals
                _aim(stage, sight, frame)
                stage.render()
                total += stage.screenshot(return_img=True)
            yield np.asarray(cv2.GaussianBlur(total / blur, (0, 0), LENS_PX), dtype=np.uint8)
    finally:
        stage.close()


def _enter(stage: pv.Plotter, actor: Actor, scene: Scene) -> Iterator[tuple[Skin, pv.PolyData]]:
    body, *shoes = actor.surfaces()
    mesh = _mesh(body)
    mesh.active_texture_coordinates = actor.rest.texture.astype(np.float32)
    picture = pv.Texture(np.flipud(texture(actor.rest, actor.looks)))
    stage.add_mesh(mesh, texture=picture, ambient=0.4 * scene.light, **SHINE)
    yield body, mesh
    for shoe in shoes:
        mesh = _mesh(shoe)
        mesh.point_data["rgb"] = shoe_rgb(shoe, actor.looks)
        stage.add_mesh(mesh, scalars="rgb", rgb=True, ambient=0.4 * scene.light, **SHINE)
        yield shoe, mesh


def _mesh(skin: Skin) -> pv.PolyData:
    faces = np.hstack([np.full((len(skin.faces), 1), 3), skin.faces])
    mesh = pv.PolyData(skin.vertices.astype(np.float32), faces)
    mesh.point_data["Normals"] = skin.normals.astype(np.float32)
    mesh.point_data.active_normals_name = "Normals"
    return mesh


def _light(stage: pv.Plotter, scene: Scene) -> None:
    for position, strength in (((3, 4, 6), 0.8), ((-4, -5, 5), 0.6)):
        stage.add_light(
            pv.Light(position=position, intensity=strength * scene.light, light_type="scene light")
        )


def _aim(stage: pv.Plotter, sight: Sight, frame: int) -> None:
    stage.camera.position = tuple(sight.position)
    stage.camera.focal_point = tuple(sight.position + sight.ahead[frame])
    stage.camera.up = tuple(sight.up[frame])
    stage.camera.clipping_range = (0.3, 40.0)
