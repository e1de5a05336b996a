"""One pass over a clip: a picture of every touchdown, and the annotated video."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from gait.analysis import Analysis, ClipAnalysis, Progress
from gait.errors import WhichRunner
from gait.export import overlay
from gait.export.overlay import Landing, Picture
from gait.video.clip import Frame, stored_fps
from gait.video.reader import frames, open_clip
from gait.video.writer import write_video

VIDEO_HEIGHT_PX = 960
PLAYBACK_FPS = 30
MAX_VIDEO_CAPTURE_FPS = 120.0
"""Frames a second of reality that the video shows: at 30 a second it then plays four times slower."""
HOLD_FRAMES = 20
"""How long the video stands still at each landing, so that its lines and numbers can be read."""


def touchdown_name(landing: Landing) -> str:
    """File name of the picture of one touchdown."""
    return f"touchdown_{landing.number:02d}_{landing.contact.side}.jpg"


def draw(analysis: Analysis, directory: Path, progress: Progress = lambda what, done, total: None) -> None:
    """Write one JPEG per touchdown of the near foot and ``annotated.mp4`` into a folder."""
    clip = analysis.side
    landings = overlay.landings(clip, analysis.scale)
    pictures = _video_pictures(clip, landings, directory, progress)
    write_video(directory / "annotated.mp4", pictures, PLAYBACK_FPS)


def everybody(path: Path, question: WhichRunner) -> bytes:
    """JPEG of the picture in which everybody is numbered.

    Raises
    ------
    UnreadableClip
        If the clip cannot be read any more.
    """
    (frame,) = frames(open_clip(path), np.array([question.frame]))
    return overlay.as_jpeg(overlay.with_numbers(frame.rgb, question.boxes_px))


def first_frame_of_contact(clip: ClipAnalysis, touchdown_s: float) -> int:
    """Number of the frame that shows the landing: the nearest one at or just after it."""
    times_s = clip.base.capture_s(clip.clip.pts_s)
    quarter_frame_s = 0.25 / clip.base.capture_fps
    return min(int(np.searchsorted(times_s, touchdown_s - quarter_frame_s)), len(times_s) - 1)


def _video_pictures(
    clip: ClipAnalysis, landings: tuple[Landing, ...], directory: Path, progress: Progress
) -> Iterator[Picture]:
    stills = {first_frame_of_contact(clip, each.contact.touchdown_s): each for each in landings}
    first, last = clip.track.frame[[0, -1]]
    capture_fps = clip.base.slow_motion_factor * stored_fps(clip.clip.pts_s[first : last + 1])
    every = max(1, round(capture_fps / MAX_VIDEO_CAPTURE_FPS))
    slow = capture_fps / every / PLAYBACK_FPS
    caption = f"{slow:.2g} times slower" if slow > 1 else "real time"
    film = np.arange(first, last + 1, every)
    shown = np.union1d(film, list(stills)).astype(int)
    for done, frame in enumerate(frames(clip.clip, shown)):
        landing = stills.get(frame.index)
        if landing is not None:
            picture = _still(clip, frame, landing)
            (directory / touchdown_name(landing)).write_bytes(overlay.as_jpeg(picture))
            held = overlay.captioned(overlay.scaled_to(picture, VIDEO_HEIGHT_PX), "landing")
            yield from [held] * HOLD_FRAMES
        elif frame.index in film:
            points = clip.motion.pixels_at(_time_s(clip, frame))
            skeleton = overlay.with_skeleton(frame.rgb, points, clip.motion.viewpoint.near)
            yield overlay.captioned(overlay.scaled_to(skeleton, VIDEO_HEIGHT_PX), caption)
        progress("drawing", done + 1, len(shown))


def _time_s(clip: ClipAnalysis, frame: Frame) -> float:
    return float(clip.base.capture_s(np.array([frame.pts_s]))[0])


def _still(clip: ClipAnalysis, frame: Frame, landing: Landing) -> Picture:
    near = landing.contact.side
    points = clip.motion.pixels_at(_time_s(clip, frame))
    return overlay.with_landing(frame.rgb, points, near, landing)
