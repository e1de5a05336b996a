"""How landings scatter at few pictures a second: ``python -m studies.thinned FOLDER...``.

Reads every rendered side clip with its truth, leaves pictures out, and holds what is said of single landings
of the near leg against the truth: with what the signs scatter by alone, and with what lies between two
pictures (``gait.motion.contact.in_pictures``).
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from gait.analysis import ClipAnalysis, ClipRequest, Request
from gait.analysis.read import read_clips
from gait.errors import GaitError, NoRunner
from gait.metrics.run import EARLY_OR_LATE_S
from gait.motion.contact import Contact, in_pictures
from gait.motion.events import contacts
from gait.motion.rhythm import stride_s
from gait.motion.signals import clean
from gait.validate.events import match
from gait.validate.truth import SUFFIX, Truth, read_truth

RATES_FPS = (60, 30, 20)


class Landings(NamedTuple):
    """The landings of one clip at one rate."""

    off_ms: np.ndarray
    signs_ms: np.ndarray
    """Standard deviation by the signs alone."""
    said_ms: np.ndarray
    """Standard deviation that is said."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a line for each rate."""
    parser = argparse.ArgumentParser(prog="python -m studies.thinned", description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path, help="with NAME.mp4 and NAME.truth.json")
    read = list(_read(parser.parse_args(arguments).folders))
    for rate_fps in RATES_FPS:
        sys.stdout.write(_line(rate_fps, [_thinned(*each, rate_fps) for each in read]) + "\n")


def _read(folders: Sequence[Path]) -> Iterator[tuple[ClipAnalysis, Truth]]:
    for path in sorted(path for folder in folders for path in folder.glob(f"*{SUFFIX}")):
        try:
            truth = read_truth(path)
            (read,) = read_clips(Request((ClipRequest(truth.clip, capture_fps=truth.capture_fps),)))
        except GaitError:
            continue
        if isinstance(read, ClipAnalysis) and read.view.sagittal:
            yield read, truth


def _thinned(read: ClipAnalysis, truth: Truth, rate_fps: float) -> Landings | None:
    """The landings with only some of the pictures; None if it was filmed at less, or shows no run so."""
    every = round(truth.capture_fps / rate_fps)
    if truth.capture_fps < rate_fps:
        return None
    track = read.track.part(slice(None, None, every), "thinned")
    base = replace(read.base, capture_fps=truth.capture_fps / every)
    motion = clean(track, base, read.motion.viewpoint)
    near = read.motion.viewpoint.near
    try:
        by_signs = [each for each in contacts(motion, stride_s(motion)) if each.side is near]
    except NoRunner:
        return None
    seen_s = (float(motion.time_s[0]), float(motion.time_s[-1]))

    def matched(found: Sequence[Contact]) -> tuple[np.ndarray, np.ndarray]:
        pairs = match(found, truth.contacts[near], seen_s) if near else None
        return (pairs.touchdown_ms, pairs.touchdown_sd_ms) if pairs else (np.array([]), np.array([]))

    off_ms, signs_ms = matched(by_signs)
    return Landings(off_ms, signs_ms, matched([in_pictures(c, base.capture_fps) for c in by_signs])[1])


def _line(rate_fps: float, clips: Sequence[Landings | None]) -> str:
    known = [clip for clip in clips if clip is not None and len(clip.off_ms)]
    off, signs, said = (np.concatenate(each) for each in zip(*known, strict=True))
    own = np.concatenate([clip.off_ms - np.median(clip.off_ms) for clip in known])
    shared = 1000 * EARLY_OR_LATE_S

    def inside_pct(sd_ms: np.ndarray) -> float:
        return 100 * float(np.mean(np.abs(off) <= 2 * np.hypot(sd_ms, shared)))

    return (
        f"{rate_fps} pictures/s: {len(off)} landings of {len(known)} clips scatter by {own.std():.1f} ms "
        f"around their clip's middle; by the signs {np.median(signs):.1f}, said {np.median(said):.1f}; "
        f"within twice that and the 7 ms that all share: {inside_pct(signs):.0f} %, {inside_pct(said):.0f} %"
    )


if __name__ == "__main__":
    main()
