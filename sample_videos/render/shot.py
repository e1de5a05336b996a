"""One clip: who runs how, filmed from where, stored in what way."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sample_videos.render.body import Body, rest
from sample_videos.render.camera import Camera, Sight, sight
from sample_videos.render.encode import Encoding, encode
from sample_videos.render.film import Actor, Picture, film
from sample_videos.render.form import Form, natural
from sample_videos.render.looks import Looks
from sample_videos.render.recorded import Recording, recorded
from sample_videos.render.running import run
from sample_videos.render.scene import WALL_M, Prop, Scene, room, treadmill
from sample_videos.render.single_runners import Single, single
from sample_videos.render.standing import Standing
from sample_videos.render.truth import Filmed, Motion, record, write

FloatArray = NDArray[np.float64]
OTHERS_BODY = Body(height_cm=172, woman=1.0, weight=0.45, muscle=0.5)
OTHERS_LOOKS = Looks(shirt=(0.2, 0.35, 0.6), shorts=(0.3, 0.3, 0.3), skin=(0.6, 0.42, 0.32), seed=99)
BESIDE_M, BEHIND_M = 0.8, 1.4
"""Where others are: this far along the wall, and this far behind the runner."""


@dataclass(frozen=True)
class Shot:
    """Everything that makes a clip."""

    name: str
    form: Form | Recording | Single
    body: Body = Body()
    looks: Looks = Looks()
    camera: Camera = Camera()
    scene: Scene = Scene()
    encoding: Encoding = Encoding()
    seconds: float = 6.0
    seed: int = 0

    def motion(self) -> Motion:
        """The runner in motion."""
        body = rest(self.body)
        if isinstance(self.form, Recording):
            return recorded(self.form, body)
        if isinstance(self.form, Single):
            return single(self.form, body)
        return run(self.form, body, self.seconds, self.seed)

    @property
    def frame_s(self) -> FloatArray:
        """(T,) when each frame is in the middle of its exposure."""
        fps = self.encoding.capture_fps
        return np.arange(round(self.seconds * fps)) / fps


def make(shot: Shot, folder: Path) -> Path:
    """Render a clip and write it with its truth: NAME.mp4, NAME.truth.json, NAME.npz."""
    motion, path = shot.motion(), folder / f"{shot.name}.mp4"
    write_truth(shot, motion, path)
    unfinished = path.with_name(f"unfinished-{path.name}")
    encode(unfinished, pictures(shot, motion), shot.encoding, shot.seed)
    return unfinished.replace(path)


def write_truth(shot: Shot, motion: Motion, path: Path) -> None:
    """Write what is true of a clip, without rendering it."""
    seen = sight(shot.camera, shot.frame_s, shot.seed)
    truth = record(motion, len(shot.frame_s), shot.encoding.capture_fps, _about(shot))
    write(path, truth, motion, Filmed(seen, shot.frame_s, shot.looks.dressing))


def pictures(shot: Shot, motion: Motion) -> Iterator[Picture]:
    """Frames of a clip, upright and without the sensor's noise."""
    blur = shot.encoding.blur
    opened = (np.arange(blur) - (blur - 1) / 2) / blur * shot.encoding.exposure_s
    instants_s = (shot.frame_s[:, None] + opened).ravel()
    seen = sight(shot.camera, instants_s, shot.seed)
    actors = [Actor(motion.rest, shot.looks, motion.at(instants_s)), *_others(shot, seen, instants_s)]
    if shot.scene.mirror:
        mirror_m = -np.sign(seen.position[1]) * WALL_M
        actors.append(replace(actors[0], mirrored_at_m=float(mirror_m)))
    return film(actors, _props(shot, seen), shot.scene, seen, blur)


def _props(shot: Shot, seen: Sight) -> Sequence[Prop]:
    props = [*treadmill(shot.scene), *room(shot.scene, seen.position)]
    if shot.scene.second_runner:
        props += treadmill(shot.scene, _aside(seen)[1])
    return props


def _others(shot: Shot, seen: Sight, instants_s: FloatArray) -> list[Actor]:
    other, others = rest(OTHERS_BODY), []
    if shot.scene.bystander:
        x, y = _aside(seen)
        standing = Standing(other).at(instants_s)
        others.append(Actor(other, OTHERS_LOOKS, standing, (x + BESIDE_M, y, 0.0)))
    if shot.scene.second_runner:
        running = run(natural(3.3), other, shot.seconds, shot.seed + 1).at(instants_s)
        others.append(Actor(other, OTHERS_LOOKS, running, (0.0, _aside(seen)[1], 0.0)))
    return others


def _aside(seen: Sight) -> tuple[float, float]:
    """Behind the runner in a side view, next to the runner in a view from behind or in front."""
    from_the_side = abs(seen.position[1]) > abs(seen.position[0])
    return (0.0, -float(np.sign(seen.position[1])) * BEHIND_M) if from_the_side else (0.0, 1.1)


def _motion(form: Form | Recording | Single) -> str:
    """Where a clip's motion comes from."""
    return {Recording: "markers", Single: "single"}.get(type(form), "form")


def _about(shot: Shot) -> dict[str, Any]:
    camera, scene, encoding = shot.camera, shot.scene, shot.encoding
    return {
        "name": shot.name,
        "view": camera.view,
        "stored_fps": encoding.file_fps,
        "conditions": {
            "capture_fps": encoding.capture_fps,
            "distance_m": camera.distance_m,
            "yaw_deg": camera.yaw_deg,
            "roll_deg": camera.roll_deg,
            "shake_deg": camera.shake_deg,
            "place": scene.place,
            "others": scene.bystander or scene.second_runner or scene.mirror,
            "exposure_ms": 1000 * encoding.exposure_s,
            "motion": _motion(shot.form),
            "dressing": shot.looks.dressing.value,
            "woman": shot.body.woman >= 0.5,
        },
    }
