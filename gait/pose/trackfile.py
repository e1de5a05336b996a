"""Landmarks as a file: everything that the pose stage gives, so that a clip need not be read again.

A file is NumPy's ``.npz``: open it with ``numpy.load``, or with :func:`load`.
"""

from dataclasses import astuple
from pathlib import Path
from typing import BinaryIO

import numpy as np

from gait.errors import BadRequest
from gait.pose.posetrack import PoseTrack
from gait.video.footage import Footage
from gait.video.plumb import Plumb

SUFFIX = ".track.npz"
NOT_KNOWN = np.zeros((0, 0), dtype=bool)


def save(track: PoseTrack, file: BinaryIO) -> None:
    """Write a track into an open file.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    film = track.footage
    np.savez(
        file,
        frame=track.frame,
        pts_s=track.pts_s,
        xy_px=track.xy_px,
        visibility=track.visibility,
        repaired=track.repaired,
        size_px=track.size_px,
        repeated=film.repeated,
        blended=film.blended,
        cuts=film.cuts,
        drift_share=film.drift_share,
        light=film.light,
        spacing=film.spacing,
        unread=film.unread,
        outside=NOT_KNOWN if track.outside is None else track.outside,
        quarters=track.quarters,
        left_out=np.array(track.left_out, dtype=str),
        plumb=astuple(track.plumb) if track.plumb else (),
    )


def load(path: Path) -> PoseTrack:
    """Read a track.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    BadRequest
        If it holds no track, or only part of one.
    """
    try:
        with np.load(path, allow_pickle=False) as data:
            return _track(data)
    except FileNotFoundError:
        raise
    except Exception as error:  # a damaged file can fail in any way
        raise BadRequest(
            f"{path.name} holds no landmarks of this program, or is damaged: write it again from the clip.",
            id="track-file",
        ) from error


def _track(data: "np.lib.npyio.NpzFile") -> PoseTrack:
    width, height = (int(side) for side in data["size_px"])
    return PoseTrack(
        frame=data["frame"],
        pts_s=data["pts_s"],
        xy_px=data["xy_px"],
        visibility=data["visibility"],
        repaired=data["repaired"],
        size_px=(width, height),
        footage=Footage(
            repeated=data["repeated"],
            blended=bool(data["blended"]),
            cuts=tuple(int(cut) for cut in data["cuts"]),
            drift_share=float(data["drift_share"]),
            light=float(data["light"]),
            spacing=float(data["spacing"]),
            unread=int(data["unread"]),
        ),
        plumb=_plumb(data["plumb"].tolist()),
        outside=data["outside"] if data["outside"].size else None,
        quarters=int(data["quarters"]),
        left_out=tuple(str(why) for why in data["left_out"]),
    )


def _plumb(values: list[float]) -> Plumb | None:
    if not values:
        return None
    tilt, per_px, middle, sd, level_off, by_level = values
    return Plumb(tilt, per_px, middle, sd, level_off, bool(by_level))
