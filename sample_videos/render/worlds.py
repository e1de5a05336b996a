"""Worlds: sets of clips that differ in how their runners move, each with bodies and cameras of its own.

What is fitted on some worlds and tried on another is what a user may expect in his own.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from sample_videos.render.body import Body, rest
from sample_videos.render.camera import Camera
from sample_videos.render.driven import Carriage
from sample_videos.render.encode import Encoding
from sample_videos.render.form import Form, ImpossibleForm, natural
from sample_videos.render.looks import Looks
from sample_videos.render.recorded import Recording
from sample_videos.render.running import run
from sample_videos.render.scene import Scene
from sample_videos.render.shot import Shot
from sample_videos.render.single_runners import Single
from sample_videos.render.study import TRIES, drawn_form, rbds

RATES = (60.0, 120.0, 60.0, 60.0, 60.0, 120.0)
SECONDS = {60.0: 4.2, 120.0: 3.6}
SIZE_PX = (540, 960)
SINGLES = ("BMC02", "BMC11", "BMC10", "BMC16", "BMC09", "BMC20")
"""Runners of a laboratory with a force plate in the belt, unlike each other: knees that bend by 32 to 44
degrees, heels and forefeet that land first, a leg that lands moving and one that lands at rest."""
LANDING_S = 0.018
MARKERS_FROM_S = (1.5, 6.0, 11.0, 15.0, 19.5, 24.0)


def worlds(runners: Path | None, trial: Path | None) -> tuple[tuple[str, Shot], ...]:
    """List the clips of all worlds, each with its world's name.

    Parameters
    ----------
    runners, trial
        Folders with single runners' angles and with the trial RBDS001; without it, its world is left out.
    """
    return (
        *(("forms", shot) for shot in forms()),
        *(("single", shot) for shot in (singles(runners) if runners else ())),
        *(("markers", shot) for shot in (markers(trial) if trial else ())),
    )


def forms() -> Iterator[Shot]:
    """Forms bent from the mean curves, with knees that bend as real ones do when they land."""
    for shot, rng in _stages("forms", 4100):
        yield replace(shot, form=_runnable(shot.body, rng))


def singles(folder: Path) -> Iterator[Shot]:
    """Single real runners, by the angles of their legs."""
    for (shot, rng), name in zip(_stages("single", 4200), SINGLES, strict=True):
        form = Single(
            folder / "stride_curves.csv",
            name,
            shot.seconds,
            shot.seed,
            _carriage(rng),
            hip_drop_deg=float(rng.uniform(2, 8)),
        )
        yield replace(shot, form=form, name=f"{shot.name}_{name}")


def markers(folder: Path) -> Iterator[Shot]:
    """One real runner's markers in bodies of ours, with the force plate's contacts."""
    for (shot, rng), start_s in zip(_stages("markers", 4300), MARKERS_FROM_S, strict=True):
        trial: Recording = replace(rbds(folder), start_s=start_s, carriage=_carriage(rng))
        yield replace(shot, form=trial)


def _stages(world: str, seed: int) -> Iterator[tuple[Shot, np.random.Generator]]:
    """Draw bodies, clothes, cameras and places."""
    for number, fps in enumerate(RATES):
        rng = np.random.default_rng(seed + number)
        view = "left" if (number + seed // 100) % 2 else "right"
        shot = Shot(
            f"{world}{number}_{view}_{fps:.0f}",
            natural(3.0),
            _body(rng),
            _looks(rng, number + seed),
            _camera(rng, view),
            Scene(
                wall=_tint(rng),
                floor=_tint(rng),
                place=str(rng.choice(["gym", "garden", "dark"])),
                rails=round(float(rng.uniform(0.2, 0.5)), 2),
                seed=int(rng.integers(1000)),
            ),
            Encoding(
                capture_fps=fps,
                codec="h264",
                quality=int(rng.integers(20, 31)),
                exposure_s=0.006 if number == 3 else 0.0,
                noise=round(float(rng.uniform(1, 6)), 1),
            ),
            SECONDS[fps],
            int(rng.integers(10_000)),
        )
        yield shot, rng


def _body(rng: np.random.Generator) -> Body:
    woman = float(rng.random() < 0.5)
    return Body(
        height_cm=round(float(rng.normal(166 if woman else 178, 7)), 1),
        woman=woman,
        muscle=round(float(rng.uniform(0.3, 0.9)), 2),
        weight=round(float(rng.uniform(0.2, 0.7)), 2),
        proportions=round(float(rng.uniform(0.2, 0.8)), 2),
    )


def _looks(rng: np.random.Generator, seed: int) -> Looks:
    colours = rng.uniform(0.06, 0.95, (3, 3)).round(2)
    skin = np.array([0.82, 0.62, 0.50]) * rng.uniform(0.35, 1.08)
    return Looks(
        shirt=tuple(colours[0]),
        shorts=tuple((0.8 * colours[1]).round(3)),
        shoes=tuple(colours[2]),
        skin=tuple(np.clip(skin, 0, 1).round(3)),
        hair=tuple((skin * rng.uniform(0.1, 0.8)).round(3)),
        stripes=float(rng.choice([0.0, 0.15, 0.3])),
        wrinkles=round(float(rng.uniform(0.05, 0.25)), 2),
        seed=seed,
    )


def _camera(rng: np.random.Generator, view: str) -> Camera:
    return Camera(
        view=view,
        distance_m=round(float(rng.uniform(2.7, 5.0)), 2),
        height_m=round(float(rng.uniform(0.6, 1.4)), 2),
        field_of_view_deg=float(rng.choice([38.0, 42.0, 48.0])),
        yaw_deg=round(float(rng.uniform(-8, 8)), 1),
        roll_deg=round(float(rng.uniform(-2, 2)), 1),
        shake_deg=float(rng.choice([0.0, 0.0, 0.15])),
        size_px=SIZE_PX,
    )


def _carriage(rng: np.random.Generator) -> Carriage:
    return Carriage(
        lean_deg=round(float(rng.uniform(0, 13)), 1),
        elbow_deg=round(float(rng.uniform(75, 110)), 1),
        step_width_m=round(float(rng.uniform(0.0, 0.09)), 3),
    )


def _runnable(body: Body, rng: np.random.Generator) -> Form:
    for _ in range(TRIES):
        form = drawn_form(rng)
        try:
            run(form, rest(body), 1.0, 0)
        except ImpossibleForm:
            continue
        return replace(form, landing_s=LANDING_S)
    raise ImpossibleForm(f"none of {TRIES} drawn forms can be run by {body}")


def _tint(rng: np.random.Generator) -> tuple[float, float, float]:
    red, green, blue = rng.uniform(0.15, 0.9, 3).round(2)
    return float(red), float(green), float(blue)
