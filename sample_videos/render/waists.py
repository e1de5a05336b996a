"""A set for hip drop and arm crossover: unlike bodies in every dressing from behind, hands from the front.

None of these bodies is in the study. Constants may be fitted on the group ``fit``; the group ``test`` was
looked at while gates were set; ``fresh`` was drawn after that, for errors to report.
"""

from dataclasses import replace

import numpy as np

from sample_videos.render.body import Body, rest
from sample_videos.render.camera import Camera
from sample_videos.render.dressing import Dressing
from sample_videos.render.encode import Encoding
from sample_videos.render.form import Form, ImpossibleForm, PerSide, natural
from sample_videos.render.looks import Looks, Rgb
from sample_videos.render.running import run
from sample_videos.render.scene import Scene
from sample_videos.render.shot import Shot

SECONDS, FPS = 3.2, 60.0
SIZE_PX = 480, 1280
"""Only as wide as the runner: quicker to render."""
TRIES = 60
BARE, TAPED = "bare", "taped"
FIT = ("tucked", "crop_top", "hem", "tucked", "one_colour", BARE, "tucked", "hem")
TEST = (
    *("tucked", "crop_top", "hem", "tucked", "one_colour", "tucked", BARE, "over_band"),
    *("tucked", "crop_top", "hem", "tucked", "one_colour", "crop_top", "hem", "tucked"),
    *(TAPED,) * 4,
)
FRONT_FIT, FRONT_TEST = 3, 5
GROUPS = (("fit", FIT, FRONT_FIT, 0), ("test", TEST, FRONT_TEST, 100), ("fresh", TEST, FRONT_TEST, 200))
FRONT_FROM = 50


def waists() -> tuple[tuple[str, Shot], ...]:
    """List the clips, each with its group."""
    shots = []
    for group, clothes, fronts, first in GROUPS:
        shots += [(group, _rear(worn, first + k)) for k, worn in enumerate(clothes)]
        shots += [(group, _front(first + FRONT_FROM + k)) for k in range(fronts)]
    return tuple(shots)


def _rear(worn: str, number: int) -> Shot:
    rng = np.random.default_rng(5000 + number)
    shot = _shot(f"{worn}{number}_rear_60", "rear", number, rng)
    own = {BARE: Dressing.CROP_TOP, TAPED: Dressing.TUCKED}
    looks = replace(shot.looks, dressing=own.get(worn) or Dressing(worn), tape=worn == TAPED)
    return replace(shot, looks=replace(looks, shirt=looks.skin, stripes=0.0) if worn == BARE else looks)


def _front(number: int) -> Shot:
    rng = np.random.default_rng(5000 + number)
    shot = _shot(f"hands{number}_front_60", "front", number, rng)
    return replace(shot, scene=replace(shot.scene, console=False))


def _shot(name: str, view: str, number: int, rng: np.random.Generator) -> Shot:
    woman = float(rng.random() < 0.5)
    body = Body(
        height_cm=round(float(rng.normal(166 if woman else 179, 6)), 1),
        woman=woman,
        muscle=round(float(rng.uniform(0.35, 0.8)), 2),
        weight=round(float(rng.uniform(0.2, 0.65)), 2),
        proportions=round(float(rng.uniform(0.25, 0.75)), 2),
    )
    camera = Camera(
        view=view,
        distance_m=round(float(rng.uniform(2.8, 4.5)), 2),
        height_m=round(float(rng.uniform(0.8, 1.4)), 2),
        yaw_deg=round(float(rng.uniform(-7, 7)), 1),
        roll_deg=round(float(rng.uniform(-2, 2)), 1),
        shake_deg=float(rng.choice([0.0, 0.0, 0.1])),
        size_px=SIZE_PX,
    )
    encoding = Encoding(FPS, quality=int(rng.integers(22, 30)), noise=round(float(rng.uniform(1, 5)), 1))
    scene = Scene(wall=_tint(rng), floor=_tint(rng), rails=0.3, seed=number)
    looks = _looks(number, rng)
    form = _form(body, view, number, rng)
    return Shot(name, form, body, looks, camera, scene, encoding, SECONDS, seed=number)


def _looks(number: int, rng: np.random.Generator) -> Looks:
    colours = rng.uniform(0.08, 0.9, (2, 3)).round(2)
    skin = (np.array([0.82, 0.62, 0.50]) * rng.uniform(0.4, 1.05)).clip(0, 1).round(3)
    return Looks(
        shirt=_rgb(colours[0]),
        shorts=_rgb(rng.choice([0.25, 0.6]) * colours[1]),
        skin=_rgb(skin),
        hair=_rgb(skin * rng.uniform(0.1, 0.6)),
        stripes=float(rng.choice([0.0, 0.0, 0.15, 0.3])),
        seed=number,
    )


def _form(body: Body, view: str, number: int, rng: np.random.Generator) -> Form:
    """Draw a form that this body can run: level to 11 degrees of drop, feet apart to crossing."""
    for _ in range(TRIES):
        mean = natural(float(rng.uniform(2.5, 3.6)))
        crossing = (-30, 18) if view == "front" else (-30, 8)
        form = replace(
            mean,
            cadence_spm=mean.cadence_spm * float(rng.uniform(0.94, 1.06)),
            oscillation_cm=mean.oscillation_cm * float(rng.uniform(0.95, 1.1)),
            lean_deg=float(rng.uniform(0, 12)),
            hip_drop_deg=PerSide(float(rng.uniform(0, 11)), float(rng.uniform(0, 11))),
            crossover_pct=PerSide(float(rng.uniform(*crossing)), float(rng.uniform(*crossing))),
            elbow_deg=float(rng.uniform(75, 105)),
            step_width_cm=float(rng.uniform(-4, 9)),
        )
        try:
            run(form, rest(body), SECONDS, number)
        except ImpossibleForm:
            continue
        return form
    raise ImpossibleForm(f"none of {TRIES} drawn forms can be run by {body}")


def _tint(rng: np.random.Generator) -> Rgb:
    return _rgb(rng.uniform(0.2, 0.85, 3).round(2))


def _rgb(colour: np.ndarray) -> Rgb:
    return (float(colour[0]), float(colour[1]), float(colour[2]))
