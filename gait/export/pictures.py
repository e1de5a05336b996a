"""Pictures of the touchdowns, and the annotated videos."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gait.analysis import Analysis, ClipAnalysis, Glimpse, Progress
from gait.errors import WhichRunner
from gait.export import overlay
from gait.export.overlay import Landing, Picture
from gait.motion.scale import Scale
from gait.video.clip import Frame, stored_fps
from gait.video.reader import frames, open_clip
from gait.video.writer import write_video

VIDEO_HEIGHT_PX = 960
STILL_HEIGHT_PX = 480
PLAYBACK_FPS = 30
MAX_VIDEO_CAPTURE_FPS = 120.0
"""Frames a second of reality that the video shows: at 30 a second it then plays four times slower."""
HOLD_FRAMES = 20
"""How long the video stands still at each landing, so that its lines and numbers can be read."""


@dataclass(frozen=True, eq=False)
class Shown:
    """One clip's landings, and what its files are called."""

    clip: ClipAnalysis
    landings: tuple[Landing, ...]
    name: str
    """Empty for the clip that shows what matters most; else its view, with a number if there are several."""

    @property
    def video(self) -> str:
        """File name of the annotated video."""
        return f"annotated_{self.name}.mp4" if self.name else "annotated.mp4"

    def picture(self, landing: Landing) -> str:
        """File name of the picture of one touchdown."""
        start = f"{self.name}_" if self.name else ""
        return f"{start}touchdown_{landing.number:02d}_{landing.contact.side}.jpg"


def shown(analysis: Analysis) -> tuple[Shown, ...]:
    """Every clip with its landings, the one that matters most first."""
    main = analysis.main
    others = [clip for clip in analysis.clips if clip.id != main.id]
    views = [str(clip.view) for clip in others]
    names = [
        view if views.count(view) == 1 else f"{view}_{views[:number].count(view) + 1}"
        for number, view in enumerate(views)
    ]
    return tuple(
        Shown(clip, overlay.landings(clip, analysis.scale), name)
        for clip, name in zip([main, *others], ["", *names], strict=True)
    )


def draw(analysis: Analysis, directory: Path, progress: Progress = lambda what, done, total: None) -> None:
    """Write one JPEG per touchdown and an annotated video of each clip into a folder."""
    for each in shown(analysis):
        pictures = _video_pictures(each, directory, progress)
        write_video(directory / each.video, pictures, PLAYBACK_FPS)


def stills(clip: ClipAnalysis, landings: Sequence[Landing]) -> dict[int, bytes]:
    """JPEG of each of these landings, by its number; only their frames are decoded."""
    at = {first_frame_of_contact(clip, each.contact.touchdown_s): each for each in landings}
    wanted = np.array(sorted(at), dtype=int)
    return {
        at[frame.index].number: overlay.as_jpeg(_still(clip, frame, at[frame.index]))
        for frame in frames(clip.clip, wanted)
    }


def glimpsed(seen: Glimpse) -> bytes:
    """JPEG of a few pictures side by side, with the skeletons of those who were seen; empty without any.

    Raises
    ------
    UnreadableClip
        If the clip cannot be read any more.
    """
    drawn = list(_glimpses(seen))
    return overlay.as_jpeg(np.hstack(drawn)) if drawn else b""


def glimpsed_singly(seen: Glimpse) -> list[bytes]:
    """The same pictures, a JPEG of each.

    Raises
    ------
    UnreadableClip
        If the clip cannot be read any more.
    """
    return [overlay.as_jpeg(picture) for picture in _glimpses(seen)]


def _glimpses(seen: Glimpse) -> Iterator[Picture]:
    people = {each.index: each.people for each in seen.pictures}
    for frame in frames(seen.clip, np.array(sorted(people), dtype=int)):
        picture = frame.rgb
        for person in people[frame.index]:
            picture = overlay.with_skeleton(picture, person.xy_px, seen.near)
        yield overlay.scaled_to(picture, STILL_HEIGHT_PX)


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


def frame_of_proof(clip: ClipAnalysis, scale: Scale | None) -> int | None:
    """Number of the frame that shows the landing which proves the clip's numbers; None without a landing."""
    proof = overlay.typical(overlay.landings(clip, scale))
    return None if proof is None else first_frame_of_contact(clip, proof.contact.touchdown_s)


def _video_pictures(each: Shown, directory: Path, progress: Progress) -> Iterator[Picture]:
    clip = each.clip
    held = {first_frame_of_contact(clip, landing.contact.touchdown_s): landing for landing in each.landings}
    first, last = clip.track.frame[[0, -1]]
    capture_fps = clip.base.slow_motion_factor * stored_fps(clip.clip.pts_s[first : last + 1])
    every = max(1, round(capture_fps / MAX_VIDEO_CAPTURE_FPS))
    slow = capture_fps / every / PLAYBACK_FPS
    caption = f"{slow:.2g} times slower" if slow > 1 else "real time"
    if clip.base.assumed:
        caption = f"{caption}, unproven"
    film = np.arange(first, last + 1, every)
    wanted = np.union1d(film, list(held)).astype(int)
    for done, frame in enumerate(frames(clip.clip, wanted)):
        landing = held.get(frame.index)
        if landing is not None:
            picture = _still(clip, frame, landing)
            (directory / each.picture(landing)).write_bytes(overlay.as_jpeg(picture))
            still = overlay.captioned(overlay.scaled_to(picture, VIDEO_HEIGHT_PX), "landing")
            yield from [still] * HOLD_FRAMES
        elif frame.index in film:
            points = clip.motion.pixels_at(_time_s(clip, frame))
            skeleton = overlay.with_skeleton(frame.rgb, points, clip.near)
            yield overlay.captioned(overlay.scaled_to(skeleton, VIDEO_HEIGHT_PX), caption)
        progress(f"drawing {each.name}".strip(), done + 1, len(wanted))


def _time_s(clip: ClipAnalysis, frame: Frame) -> float:
    return float(clip.base.capture_s(np.array([frame.pts_s]))[0])


def _still(clip: ClipAnalysis, frame: Frame, landing: Landing) -> Picture:
    points = clip.motion.pixels_at(_time_s(clip, frame))
    return overlay.with_landing(frame.rgb, points, clip.near, landing)
