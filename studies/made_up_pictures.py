"""Can pictures that were made up by following what moves be seen? ``python -m studies.made_up_pictures``.

Averages of neighbours are found by their own sharpness and place (``gait.video.footage``). What ffmpeg's
``minterpolate`` makes is no average: it warps. But it blurs what moves, in every picture that is not a
filmed one, and so at a regular beat. Printed is, for beats of 2 to 5 pictures, by how much (as a logarithm)
the sharpness of what moves differs between the phases, and by how many standard errors: for made-up
pictures, for films as they were taken, and for these stored once more, which sharpens and blurs at a beat of
its own.
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from gait.video.reader import frames, open_clip
from studies.real_faults import Picture, between, write
from tests.truth import SAMPLES

HEIGHT_PX, MOVING_PCT, AROUND = 320, 96, 15
BEATS = (2, 3, 4, 5)
FILMED = (
    ("runner_a_side_120", 2),
    ("runner_c_side_60_bystander", 1),
    ("runner_d_side_120", 2),
    ("runner_b_side_240_stored_as_30", 1),
)


def main() -> None:
    """Print the table."""
    for title, pictures in _films():
        cells = "".join(f"{f'{size:.2f} ({errors:.1f})':>14}" for size, errors in beats(pictures))
        sys.stdout.write(f"{title:44}{cells}\n")
        sys.stdout.flush()


def _films() -> Iterator[tuple[str, Sequence[Picture]]]:
    for fps, every, count in ((24, 5, 32), (30, 4, 40)):
        made = between(small("runner_a_side_120", every, count), fps, 60)
        yield f"made up, {fps} to 60", stored(made)
    for name, every in FILMED:
        taken = small(name, every, 80)
        yield f"{name}, as filmed", taken
        yield "   stored once more", stored(taken)


def small(name: str, every: int, count: int) -> list[Picture]:
    """Every so many pictures of a bundled clip, small."""
    found = []
    for frame in frames(open_clip(SAMPLES / f"{name}.mp4"), np.arange(0, every * count, every)):
        height, width = frame.rgb.shape[:2]
        size = (round(width * HEIGHT_PX / height) // 2 * 2, HEIGHT_PX)
        found.append(np.asarray(cv2.resize(frame.rgb, size, interpolation=cv2.INTER_AREA), dtype=np.uint8))
    return found


def stored(pictures: Sequence[Picture]) -> list[Picture]:
    """The same after they were stored as a film of 60 frames/s."""
    with TemporaryDirectory() as scratch:
        path = Path(scratch) / "film.mp4"
        write(path, pictures, 60)
        return [frame.rgb for frame in frames(open_clip(path))]


def beats(pictures: Sequence[Picture]) -> list[tuple[float, float]]:
    """For each beat the largest difference of sharpness between its phases, and its standard errors."""
    grey = [cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32) for picture in pictures]
    sharp = np.array([_sharpness(*grey[k - 1 : k + 2]) for k in range(1, len(grey) - 1)])
    level = np.log(sharp) - ndimage.uniform_filter1d(np.log(sharp), AROUND, mode="nearest")
    found = []
    for beat in BEATS:
        phases = [float(np.median(level[phase::beat])) for phase in range(beat)]
        error = 1.25 * float(np.std(level)) / np.sqrt(len(level) / beat)
        found.append((max(phases) - min(phases), (max(phases) - min(phases)) / error))
    return found


def _sharpness(before: NDArray[np.float32], it: NDArray[np.float32], after: NDArray[np.float32]) -> float:
    """How much edges stand out where something moves."""
    moves = np.maximum(np.abs(it - before), np.abs(after - it))
    return float(np.abs(cv2.Laplacian(it, cv2.CV_32F))[moves > np.percentile(moves, MOVING_PCT)].mean())


if __name__ == "__main__":
    main()
