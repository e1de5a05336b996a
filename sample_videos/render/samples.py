"""The clips that stand in this repository."""

from dataclasses import replace

from sample_videos.render.body import Body
from sample_videos.render.camera import Camera
from sample_videos.render.dressing import Dressing
from sample_videos.render.encode import Encoding
from sample_videos.render.form import Form, PerSide, natural
from sample_videos.render.looks import Looks
from sample_videos.render.scene import Scene
from sample_videos.render.shot import Shot

A = Body(height_cm=180)
A_LOOKS = Looks(shirt=(0.78, 0.16, 0.14), stripes=0.18)
TUCKED = replace(A_LOOKS, dressing=Dressing.TUCKED)
TAPED = replace(TUCKED, tape=True)
A_FORM = replace(
    natural(3.0),
    overstride_pct_leg=36.0,
    knee_flexion_touchdown_deg=5.0,
    oscillation_cm=8.0,
    cadence_spm=154.0,
    duty_factor_pct=37.0,
    hip_drop_deg=PerSide(9.0, 8.0),
    crossover_pct=PerSide(6.0, -8.0),
)
A_LATER = replace(A_FORM, overstride_pct_leg=30.0, knee_flexion_touchdown_deg=7.5, cadence_spm=160.0)
B = Body(height_cm=168, woman=1.0, weight=0.3, muscle=0.5)
B_LOOKS = Looks(
    shirt=(0.12, 0.45, 0.35), skin=(0.45, 0.30, 0.22), hair=(0.05, 0.04, 0.04), shoes=(0.85, 0.7, 0.1), seed=2
)
B_FORM = replace(natural(3.0), overstride_pct_leg=22.0, cadence_spm=178.0, duty_factor_pct=33.0, lean_deg=6.0)
C = Body(height_cm=174, woman=1.0, weight=0.5)
C_LOOKS = Looks(
    shirt=(0.85, 0.82, 0.78), shorts=(0.35, 0.12, 0.30), hair=(0.55, 0.38, 0.2), stripes=0.0, seed=3
)
D = Body(height_cm=185, muscle=0.75)
D_LOOKS = Looks(shirt=(0.15, 0.2, 0.5), skin=(0.62, 0.44, 0.33), shoes=(0.8, 0.3, 0.15), stripes=0.25, seed=4)
D_FORM = replace(
    natural(2.8),
    overstride_pct_leg=21.0,
    cadence_spm=166.0,
    oscillation_cm=8.4,
    hip_drop_deg=PerSide(3.0, 3.0),
)
E = Body(height_cm=171, weight=0.55, muscle=0.45)
E_LOOKS = Looks(shirt=(0.9, 0.55, 0.1), shorts=(0.2, 0.2, 0.22), seed=5)


def samples() -> tuple[Shot, ...]:
    """List the clips of the committed set."""
    slow = Encoding(capture_fps=240, stored_fps=30)
    rear = Camera(view="rear", distance_m=3.4, height_m=1.05)
    front = Camera(view="front", distance_m=3.8, height_m=1.2)
    return (
        _a("runner_a_side_120", A_FORM, Camera(yaw_deg=2.0), Encoding(120), seed=11),
        _a("runner_a_right_120", A_FORM, Camera("right", yaw_deg=-2.0), Encoding(120), seed=20, looks=TUCKED),
        _a("runner_a_rear_60", A_FORM, rear, Encoding(60), seed=12, looks=TUCKED),
        _a("runner_a_front_60", A_FORM, front, Encoding(60), seed=21, looks=TUCKED),
        _a("runner_a_side_120_two_months_later", A_LATER, Camera(yaw_deg=-2.0), Encoding(120), seed=13),
        _a("runner_a_rear_60_tape", A_FORM, rear, Encoding(60), seed=14, looks=TAPED),
        Shot(
            "runner_b_side_240_stored_as_30",
            B_FORM,
            B,
            B_LOOKS,
            Camera(view="right", distance_m=3.3),
            Scene(wall=(0.55, 0.65, 0.60), seed=2),
            slow,
            seconds=4.0,
            seed=15,
        ),
        Shot(
            "runner_c_side_60_bystander",
            replace(natural(2.7), cadence_spm=164.0),
            C,
            C_LOOKS,
            Camera(view="right", yaw_deg=4.0, roll_deg=1.0, shake_deg=0.15),
            Scene(bystander=True, seed=3),
            Encoding(60, exposure_s=0.004),
            seed=16,
        ),
        Shot("runner_d_side_120", D_FORM, D, D_LOOKS, Camera(), Scene(seed=4), Encoding(120), seed=17),
        Shot(
            "runner_d_front_60",
            D_FORM,
            D,
            D_LOOKS,
            Camera(view="front", distance_m=3.8, height_m=1.3),
            Scene(console=False, seed=4),
            Encoding(60),
            seed=18,
        ),
        Shot(
            "runner_e_side_30_lying",
            replace(natural(2.6), lean_deg=11.0),
            E,
            E_LOOKS,
            Camera(distance_m=4.0, roll_deg=-1.0, shake_deg=0.2),
            Scene(wall=(0.30, 0.42, 0.25), floor=(0.33, 0.36, 0.22), place="garden", seed=5),
            Encoding(30, codec="hevc", exposure_s=0.008, turned_deg=90),
            seconds=7.0,
            seed=19,
        ),
    )


def _a(
    name: str, form: Form, camera: Camera, encoding: Encoding, *, seed: int, looks: Looks = A_LOOKS
) -> Shot:
    scene = Scene(console=camera.view != "front", seed=1)
    return Shot(name, form, A, looks, camera, scene, encoding, seconds=6.4, seed=seed)
