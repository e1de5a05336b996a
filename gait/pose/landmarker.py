"""MediaPipe's pose landmarker, one picture at a time.

IMAGE mode treats every picture alone. VIDEO mode, the usual choice, smooths the landmarks over time:
measured against exact truth the knee then lags by 13 to 25 ms and the hip by 32 to 46 ms, which no
later step can undo.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import mediapipe as mp
import numpy as np
from mediapipe.tasks.python import BaseOptions, vision
from numpy.typing import NDArray

from gait.pose.posetrack import Person

VERSION = str(mp.__version__)


class Landmarker:
    """A loaded model, used from one thread at a time; to be closed."""

    def __init__(self, model: Path, max_people: int) -> None:
        options = vision.PoseLandmarkerOptions(
            base_options=BaseOptions(model_asset_path=str(model)),
            running_mode=vision.RunningMode.IMAGE,
            num_poses=max_people,
        )
        self._landmarker = vision.PoseLandmarker.create_from_options(options)

    def close(self) -> None:
        """Free the model."""
        self._landmarker.close()

    def people(self, rgb: NDArray[np.uint8]) -> list[Person]:
        """Find everybody in a picture, (height, width, 3) in sRGB; an empty list if nobody is there."""
        square = _square(rgb)
        image = mp.Image(image_format=mp.ImageFormat.SRGB, data=square)
        return _people(self._landmarker.detect(image), len(square))


class Landmarkers:
    """Loaded models, each lent to one thread at a time and kept for the next one until all are closed."""

    def __init__(self, model: Path, max_people: int) -> None:
        self._model = model
        self._max_people = max_people
        self._idle: list[Landmarker] = []

    @contextmanager
    def lent(self) -> Iterator[Landmarker]:
        """Lend a model; load one if none is idle."""
        try:
            landmarker = self._idle.pop()
        except IndexError:
            landmarker = Landmarker(self._model, self._max_people)
        try:
            yield landmarker
        finally:
            self._idle.append(landmarker)

    def close(self) -> None:
        """Free all that are idle."""
        while self._idle:
            self._idle.pop().close()


def follow(pictures: Iterable[NDArray[np.uint8]], model: Path, step_ms: int) -> Iterator[list[Person]]:
    """Read pictures in VIDEO mode, time stamps ``step_ms`` apart: what IMAGE mode is measured against."""
    options = vision.PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(model)), running_mode=vision.RunningMode.VIDEO
    )
    with vision.PoseLandmarker.create_from_options(options) as landmarker:
        for number, rgb in enumerate(pictures):
            square = _square(rgb)
            image = mp.Image(image_format=mp.ImageFormat.SRGB, data=square)
            yield _people(landmarker.detect_for_video(image, number * step_ms), len(square))


def _people(result: vision.PoseLandmarkerResult, size: int) -> list[Person]:
    return [
        Person(
            xy_px=np.array([(point.x, point.y) for point in body]) * size,
            visibility=np.array([point.visibility for point in body]),
        )
        for body in result.pose_landmarks
    ]


def _square(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Pad to a square below and to the right: MediaPipe projects landmarks exactly only there."""
    height, width = rgb.shape[:2]
    size = max(height, width)
    padding = ((0, size - height), (0, size - width), (0, 0))
    return np.ascontiguousarray(np.pad(rgb, padding))
