"""Runner A, filmed four times in as many months, while the overstride goes away.

Nothing is the same but the runner: other clothes, another place of the phone, another day.
"""

from dataclasses import replace

from sample_videos.render.camera import Camera
from sample_videos.render.encode import Encoding
from sample_videos.render.samples import A_FORM, A_LOOKS, A
from sample_videos.render.scene import Scene
from sample_videos.render.shot import Shot

HARDLY = replace(A_FORM, overstride_pct_leg=34.5, knee_flexion_touchdown_deg=5.5, cadence_spm=155.5)
LEARNT = replace(A_FORM, overstride_pct_leg=30.0, knee_flexion_touchdown_deg=7.5, cadence_spm=162.5)
MENDED = replace(A_FORM, overstride_pct_leg=26.5, knee_flexion_touchdown_deg=9.5, cadence_spm=165.0)
CLOTHES = (
    A_LOOKS,
    replace(A_LOOKS, shirt=(0.82, 0.80, 0.25), shorts=(0.15, 0.15, 0.2)),
    replace(A_LOOKS, shirt=(0.2, 0.3, 0.6), shoes=(0.8, 0.35, 0.1)),
    replace(A_LOOKS, shirt=(0.85, 0.85, 0.85), stripes=0.0),
)
CAMERAS = (
    Camera(yaw_deg=2.0),
    Camera(yaw_deg=-2.0, distance_m=3.6, roll_deg=0.5),
    Camera(yaw_deg=1.0, distance_m=3.3, height_m=0.8),
    Camera(yaw_deg=-1.5, distance_m=3.5, roll_deg=-0.8),
)


def months() -> tuple[Shot, ...]:
    """List the four films; the first is of before any cue."""
    films = zip((A_FORM, HARDLY, LEARNT, MENDED), CLOTHES, CAMERAS, strict=True)
    return tuple(
        Shot(f"month_{n}", form, A, looks, camera, Scene(seed=1), Encoding(120), seconds=6.4, seed=70 + n)
        for n, (form, looks, camera) in enumerate(films)
    )
