"""What fewer pictures cost: ``python -m studies.sampling``.

The bundled clips of 120 frames/s and more, read at different numbers of pictures a stride.
"""

import os
import sys
import time
from tempfile import TemporaryDirectory

import numpy as np

from gait.pose import track
from gait.pose.cache import FOLDER_VARIABLE
from gait.validate.clips import Validated, validate_clip
from gait.validate.truth import read_truth
from tests.truth import SAMPLES, truth

PICTURES = (1000, 60, 40, 25)
FAST_CLIPS = ("runner_a_side_120", "runner_b_side_240_stored_as_30", "runner_d_side_120")
SHOWN = {"overstride_pct_leg": "overstride", "shank_deg": "shin", "oscillation_cm": "bounce"}


def main() -> None:
    """Print errors and time for each clip and number of pictures."""
    for name in FAST_CLIPS:
        for pictures in PICTURES:
            track.PICTURES_A_STRIDE = pictures
            with TemporaryDirectory() as folder:
                os.environ[FOLDER_VARIABLE] = folder
                started = time.monotonic()
                found = validate_clip(
                    read_truth(SAMPLES / f"{name}.truth.json"), lambda what, done, total: None
                )
                took_s = time.monotonic() - started
            sys.stdout.write(
                _row(name, pictures, found, took_s) if isinstance(found, Validated) else "refused\n"
            )
            sys.stdout.flush()


def _row(name: str, pictures: int, found: Validated, took_s: float) -> str:
    assert found.near is not None
    touchdown, toe_off = (np.median(np.abs(e)) for e in (found.near.touchdown_ms, found.near.toe_off_ms))
    errors = {pair.quantity: pair.error for pair in found.pairs}
    others = ", ".join(f"{label} {errors[quantity]:+.1f}" for quantity, label in SHOWN.items())
    known = truth(name)
    stride = 120 / known.values["cadence_spm", None] * known.capture_fps
    read = "all" if stride < 2 * pictures else f"{stride / _every(stride, pictures):.0f}"
    events = f"touchdown {touchdown:.1f}, toe-off {toe_off:.1f} ms"
    return f"{name:32}{read:>4} a stride {took_s:5.0f} s  {events}, {others}\n"


def _every(stride: float, pictures: int) -> int:
    return next(every for every in track.EVERY if every == 1 or stride / every >= pictures)


if __name__ == "__main__":
    main()
