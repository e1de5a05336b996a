"""How long an analysis takes and how much memory it needs: ``make bench``.

Every figure is of a whole program, started anew: the bundled side clips and ten seconds of 240 frames/s in
1080p (runner B's strides on end, enlarged), on one core and on all, for the first time and again; beside them
the same model run over the long clip as most programs run it, picture after picture as a video.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np
import psutil

from gait.body import Side
from gait.pose.cache import FOLDER_VARIABLE
from gait.video.reader import frames, open_clip
from gait.video.writer import write_video
from tests.conftest import SIDE_CLIPS
from tests.truth import truth

LONG_CLIP, LONG_FRAMES, LONG_SIZE = "runner_b_side_240_stored_as_30", 2400, (1080, 1920)
NAIVE = """
import sys
import mediapipe as mp
from mediapipe.tasks.python import BaseOptions, vision
from pathlib import Path
from gait.pose import model as models
from gait.video.reader import frames, open_clip
(model,) = models.read_manifest()
options = vision.PoseLandmarkerOptions(
    base_options=BaseOptions(model_asset_path=str(models.ensure(model))),
    running_mode=vision.RunningMode.VIDEO,
)
with vision.PoseLandmarker.create_from_options(options) as landmarker:
    for number, frame in enumerate(frames(open_clip(Path(sys.argv[1])))):
        landmarker.detect_for_video(mp.Image(image_format=mp.ImageFormat.SRGB, data=frame.rgb), 4 * number)
"""
FIRST_PAGE = """
import sys
from streamlit.testing.v1 import AppTest
app = AppTest.from_file("app.py", default_timeout=900).run()
if len(sys.argv) > 1:
    from pathlib import Path
    clip = Path(sys.argv[1])
    app.file_uploader(key="side").upload(clip.name, clip.read_bytes(), "video/mp4").run()
    app.button(key="analyse").click().run()
    assert not app.error, app.error[0].value
"""


@dataclass(frozen=True)
class Cost:
    """What one program took."""

    wall_s: float
    peak_mb: float
    """Memory of the program and of all that it started, what they share counted once, at its largest."""


def main() -> None:
    """Measure and print one row after the other."""
    with TemporaryDirectory() as scratch:
        folder = Path(scratch)
        long = folder / "long.mp4"
        write_video(long, _long(), fps=30)
        cores = sorted(os.sched_getaffinity(0))
        clips = [*(truth(name).clip for name in SIDE_CLIPS), long]
        _row("start of the program", _cost(["-m", "gait.cli", "models"], cores, folder / "cache"))
        for clip in clips:
            read = len(open_clip(clip).pts_s)
            for used in (cores[:1], cores):
                cache = folder / f"{clip.stem}_{len(used)}"
                _row(f"{clip.stem}, {len(used)} cores", _analysed(clip, used, cache), read)
            _row(f"{clip.stem}, again", _analysed(clip, cores, folder / f"{clip.stem}_{len(cores)}"), read)
        naive = _cost(["-c", NAIVE, str(long)], cores, folder / "cache")
        _row("long, the model alone as a video", naive, LONG_FRAMES)
        _row("the app's first page", _cost(["-c", FIRST_PAGE], cores, folder / "page"))
        first = _cost(["-c", FIRST_PAGE, str(clips[0])], cores, folder / "page")
        _row(f"the app, {clips[0].stem}: to its first picture", first)


def _analysed(clip: Path, cores: Sequence[int], cache: Path) -> Cost:
    return _cost(["-m", "gait.cli", "analyze", str(clip), "--capture-fps", f"{_rate(clip):g}"], cores, cache)


def _rate(clip: Path) -> float:
    return truth(LONG_CLIP if clip.stem == "long" else clip.stem).capture_fps


def _row(name: str, cost: Cost, read: int = 0) -> None:
    rate = f"{read / cost.wall_s:8.1f} frames/s" if read else ""
    sys.stdout.write(f"{name:58}{cost.wall_s:7.1f} s{cost.peak_mb:8.0f} MB{rate}\n")
    sys.stdout.flush()


def _cost(arguments: Sequence[str], cores: Sequence[int], cache: Path) -> Cost:
    started, peak = time.monotonic(), 0
    program = subprocess.Popen(
        [sys.executable, *arguments],
        env={**os.environ, FOLDER_VARIABLE: str(cache)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=lambda: os.sched_setaffinity(0, cores),
    )
    process = psutil.Process(program.pid)
    while program.poll() is None:
        peak = max(peak, _memory(process))
        time.sleep(0.2)
    if program.returncode not in (0, 2):
        raise RuntimeError(f"{arguments} ended with {program.returncode}")
    return Cost(time.monotonic() - started, peak / 1e6)


def _memory(process: psutil.Process) -> int:
    total = 0
    try:
        for each in (process, *process.children(recursive=True)):
            total += each.memory_full_info().pss
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0
    return total


def _long() -> Iterator[np.ndarray]:
    """Whole strides of runner B over and over."""
    known = truth(LONG_CLIP)
    landings = known.contacts[Side.RIGHT][:, 0] * known.capture_fps
    first, last = round(landings[0]), round(landings[-1])
    clip = open_clip(known.clip)
    for shown in range(0, LONG_FRAMES, last - first):
        wanted = np.arange(first, min(last, first + LONG_FRAMES - shown))
        for frame in frames(clip, wanted):
            yield cv2.resize(frame.rgb, LONG_SIZE, interpolation=cv2.INTER_LINEAR)


if __name__ == "__main__":
    main()
