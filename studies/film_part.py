"""Write some pictures of a film as a film of its own: ``python -m studies.film_part FILM FIRST LAST OUT``.

A coach's film shows one way to run after the other; each of them is a film of its own to the tool.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from gait.video.clip import stored_fps
from gait.video.reader import frames, open_clip
from gait.video.writer import write_video


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the pictures from FIRST to LAST, counted from 0."""
    parser = argparse.ArgumentParser(prog="python -m studies.film_part", description=__doc__)
    parser.add_argument("film", type=Path)
    parser.add_argument("first", type=int)
    parser.add_argument("last", type=int)
    parser.add_argument("out", type=Path)
    options = parser.parse_args(arguments)
    clip = open_clip(options.film)
    part = frames(clip, np.arange(options.first, options.last + 1))
    write_video(options.out, (frame.rgb for frame in part), fps=round(stored_fps(clip.pts_s)))


if __name__ == "__main__":
    main()
