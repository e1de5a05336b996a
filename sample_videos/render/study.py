"""The study set: unlike bodies, forms, cameras and phones, drawn once, split into fit and test bodies.

Constants may be fitted on the fit bodies only; errors are reported on the test bodies.
"""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from sample_videos.render.body import Body, rest
from sample_videos.render.camera import Camera
from sample_videos.render.dressing import Dressing
from sample_videos.render.encode import Encoding
from sample_videos.render.form import SPEEDS_M_S, Form, ImpossibleForm, PerSide, natural
from sample_videos.render.looks import Looks
from sample_videos.render.recorded import Recording
from sample_videos.render.running import run
from sample_videos.render.scene import Scene
from sample_videos.render.shot import Shot

BODIES = 10
FIT_BODIES = frozenset(range(0, BODIES, 2))
FRONTAL_SECONDS = 3.6
SECONDS = {30.0: 6.5, 60.0: 5.0, 120.0: 4.4, 240.0: 3.4}
TRIES = 40


@dataclass(frozen=True)
class Runner:
    """One body with its clothes."""

    number: int
    body: Body
    looks: Looks

    @property
    def group(self) -> str:
        """``fit`` or ``test``."""
        return "fit" if self.number in FIT_BODIES else "test"


def runners() -> tuple[Runner, ...]:
    """Draw the bodies."""
    rng = np.random.default_rng(2026)
    drawn = []
    for number in range(BODIES):
        woman = float(number % 4 >= 2)
        body = Body(
            height_cm=round(float(rng.normal(165 if woman else 178, 6)), 1),
            woman=woman,
            muscle=round(float(rng.uniform(0.4, 0.8)), 2),
            weight=round(float(rng.uniform(0.25, 0.6)), 2),
            proportions=round(float(rng.uniform(0.3, 0.7)), 2),
        )
        colours = rng.uniform(0.08, 0.9, (3, 3)).round(2)
        skin = np.array([0.82, 0.62, 0.50]) * rng.uniform(0.4, 1.05)
        looks = Looks(
            shirt=tuple(colours[0]),
            shorts=tuple(0.6 * colours[1]),
            shoes=tuple(colours[2]),
            skin=tuple(np.clip(skin, 0, 1).round(3)),
            hair=tuple((skin * rng.uniform(0.1, 0.6)).round(3)),
            stripes=float(rng.choice([0.0, 0.0, 0.15, 0.3])),
            seed=number,
        )
        drawn.append(Runner(number, body, looks))
    return tuple(drawn)


def study(trial: Recording | None) -> tuple[tuple[str, Shot], ...]:
    """List the clips of the study, each with its group.

    Parameters
    ----------
    trial
        A real runner's markers: two fit bodies also run with his motion. None leaves those clips out.
    """
    shots = []
    for runner in runners():
        rng = np.random.default_rng(100 + runner.number)
        rates = (30.0, 60.0, 120.0, 240.0 if runner.number % 4 < 2 else 60.0)
        for k, fps in enumerate(rates):
            view = "left" if (k + runner.number) % 2 else "right"
            shots.append((runner.group, _side(runner, f"side{k}", view, fps, rng)))
        rear, front = (_frontal(runner, view, rng) for view in ("rear", "front"))
        name = rear.name.replace("_rear_", "_tape_", 1)
        taped = replace(rear, name=name, looks=replace(rear.looks, tape=True, dressing=Dressing.TUCKED))
        shots += [(runner.group, shot) for shot in (rear, front, taped)]
        if trial is not None and runner.number in (0, 4):
            still = replace(_side(runner, "markers", "right", 120.0, rng), form=trial)
            shots.append((runner.group, still))
    return tuple(shots)


def edges() -> tuple[tuple[str, Shot], ...]:
    """List clips of runners at the edge of what runners do: slowest and fastest, fewest and most steps.

    Speed, cadence, duty factor, bounce, overstride and knee are set; the bounce is what gravity makes of
    such steps. Below 2.5 and above 4.5 m/s the legs follow the curves of the nearest measured speed.
    """
    wanted = (
        ("slow_few_steps", 2.2, 150.0, 40.0, 8.2, 20.0, 12.0),
        ("slow_many_steps", 2.2, 200.0, 38.0, 5.0, 16.0, 16.0),
        ("few_steps", 3.0, 150.0, 37.0, 8.5, 24.0, 10.0),
        ("many_steps", 3.4, 200.0, 32.0, 5.5, 22.0, 14.0),
        ("fast", 5.5, 190.0, 26.0, 7.0, 30.0, 18.0),
    )
    (_, runner, *_) = runners()
    shots = []
    for number, (name, speed, cadence, duty, bounce, overstride, knee) in enumerate(wanted):
        rng = np.random.default_rng(900 + number)
        form = replace(
            natural(float(np.clip(speed, SPEEDS_M_S[0], SPEEDS_M_S[-1]))),
            speed_m_s=speed,
            cadence_spm=cadence,
            duty_factor_pct=duty,
            oscillation_cm=bounce,
            overstride_pct_leg=overstride,
            knee_flexion_touchdown_deg=knee,
        )
        shot = _side(runner, "", "left" if number % 2 else "right", 60.0, rng)
        alone = replace(shot.scene, bystander=False, second_runner=False, mirror=False)
        shots.append(("edges", replace(shot, name=name, form=form, scene=alone)))
    return tuple(shots)


def again() -> tuple[tuple[str, Shot], ...]:
    """List clips of one runner filmed again and again: from elsewhere, and on other days.

    The form is the same; which steps fall into a clip, and how they vary, is drawn anew.
    """
    (_, runner, *_) = runners()
    rng = np.random.default_rng(700)
    room = Scene(wall=_tint(rng), floor=_tint(rng), rails=0.3, seed=7)
    usual = replace(_shot(runner, "", Camera("left"), room, 60.0, rng), scene=room)
    at = usual.camera
    moved = [
        ("usual", at),
        *((f"yaw{yaw:+.0f}", replace(at, yaw_deg=yaw)) for yaw in (-7.0, 7.0)),
        *((f"roll{roll:+.0f}", replace(at, roll_deg=roll)) for roll in (-3.0, 3.0)),
        *((f"far{far:.1f}", replace(at, distance_m=far)) for far in (2.8, 4.8)),
    ]
    shots = [(name, camera, usual.encoding, usual.seed) for name, camera in moved]
    for day in range(1, 6):
        camera = Camera(
            "left",
            distance_m=round(float(rng.uniform(3.2, 4.0)), 2),
            height_m=round(float(rng.uniform(0.9, 1.1)), 2),
            yaw_deg=round(float(rng.normal(0, 3)), 1),
            roll_deg=round(float(rng.normal(0, 1)), 1),
        )
        shots.append((f"day{day}", camera, replace(usual.encoding, noise=float(day)), 700 + day))
    return tuple(
        ("again", replace(usual, name=name, camera=camera, encoding=encoding, seed=seed))
        for name, camera, encoding, seed in shots
    )


def _side(runner: Runner, name: str, view: str, fps: float, rng: np.random.Generator) -> Shot:
    camera = Camera(
        view=view,
        distance_m=round(float(rng.uniform(2.8, 4.8)), 2),
        height_m=round(float(rng.uniform(0.7, 1.3)), 2),
        field_of_view_deg=float(rng.choice([38.0, 42.0, 48.0])),
        yaw_deg=round(float(rng.uniform(-8, 8)), 1),
        roll_deg=round(float(rng.uniform(-2, 2)), 1),
        shake_deg=float(rng.choice([0.0, 0.0, 0.15])),
    )
    scene = Scene(
        wall=_tint(rng),
        floor=_tint(rng),
        place=str(rng.choice(["gym", "gym", "garden", "dark"])),
        rails=round(float(rng.uniform(0.2, 0.6)), 2),
        bystander=bool(rng.random() < 0.3),
        second_runner=bool(rng.random() < 0.2),
        mirror=bool(rng.random() < 0.15),
        seed=int(rng.integers(1000)),
    )
    return _shot(runner, name, camera, scene, fps, rng)


def _frontal(runner: Runner, view: str, rng: np.random.Generator) -> Shot:
    camera = Camera(
        view=view,
        distance_m=round(float(rng.uniform(3.0, 4.5)), 2),
        height_m=round(float(rng.uniform(0.9, 1.4)), 2),
        yaw_deg=round(float(rng.uniform(-6, 6)), 1),
        roll_deg=round(float(rng.uniform(-2, 2)), 1),
    )
    scene = Scene(wall=_tint(rng), floor=_tint(rng), rails=0.3, seed=int(rng.integers(1000)))
    return replace(_shot(runner, view, camera, scene, 60.0, rng), seconds=FRONTAL_SECONDS)


def _shot(
    runner: Runner, name: str, camera: Camera, scene: Scene, fps: float, rng: np.random.Generator
) -> Shot:
    encoding = Encoding(
        capture_fps=fps,
        codec=str(rng.choice(["h264", "hevc"])),
        quality=int(rng.integers(22, 30)),
        exposure_s=float(rng.choice([0.004, 0.008])) if fps < 50 else 0.0,
        noise=round(float(rng.uniform(1, 5)), 1),
    )
    form = _form(runner, rng)
    full_name = f"{runner.group}{runner.number}_{name}_{camera.view}_{fps:.0f}"
    seed = int(rng.integers(10_000))
    return Shot(full_name, form, runner.body, runner.looks, camera, scene, encoding, SECONDS[fps], seed)


def _form(runner: Runner, rng: np.random.Generator) -> Form:
    """Draw a form that this body can run."""
    for _ in range(TRIES):
        form = drawn_form(rng)
        try:
            run(form, rest(runner.body), 1.0, 0)
        except ImpossibleForm:
            continue
        return form
    raise ImpossibleForm(f"none of {TRIES} drawn forms can be run by {runner.body}")


def drawn_form(rng: np.random.Generator) -> Form:
    """Draw a way of running between 2.5 and 3.6 m/s; not every body can run every one."""
    mean = natural(float(rng.uniform(2.5, 3.6)))
    stepping = replace(
        mean,
        overstride_pct_leg=mean.overstride_pct_leg + float(rng.uniform(-4, 9)),
        cadence_spm=mean.cadence_spm * float(rng.uniform(0.93, 1.07)),
        duty_factor_pct=mean.duty_factor_pct + float(rng.uniform(-2, 2)),
        knee_flexion_touchdown_deg=float(rng.uniform(8, 20)),
    )
    return replace(
        stepping,
        oscillation_cm=stepping.bounce_of_gravity_cm * float(rng.uniform(0.9, 1.1)),
        foot_strike_deg=float(rng.uniform(-4, 18)),
        lean_deg=float(rng.uniform(0, 14)),
        hip_drop_deg=PerSide(float(rng.uniform(0, 12)), float(rng.uniform(0, 12))),
        crossover_pct=PerSide(float(rng.uniform(-30, 12)), float(rng.uniform(-30, 12))),
        elbow_deg=float(rng.uniform(75, 110)),
        head_down_deg=float(rng.uniform(-5, 20)),
        step_width_cm=float(rng.uniform(0, 9)),
        asymmetry_pct=float(rng.normal(0, 3)),
    )


def _tint(rng: np.random.Generator) -> tuple[float, float, float]:
    return tuple(rng.uniform(0.2, 0.85, 3).round(2))


def rbds(folder: Path) -> Recording:
    """Name the trial of the runner RBDS001 in a folder."""
    return Recording(
        folder / "RBDS001runT25markers.txt",
        folder / "RBDS001runT25forces.txt",
        folder / "RBDS001static.txt",
        speed_m_s=2.5,
    )
