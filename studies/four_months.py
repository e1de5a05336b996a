"""Four films of one runner while the overstride goes away: ``python -m studies.four_months DIR``.

DIR holds the four clips that ``python -m sample_videos.render months --out DIR`` renders. Each is analysed
and kept as its user would keep it, a month after the one before, in a store that is thrown away afterwards.
"""

import os
import sys
import tempfile
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from gait.cli import main as gait
from gait.store.opening import FOLDER_VARIABLE

FIRST = date(2026, 6, 1)
MONTH = timedelta(days=30)


def main(arguments: Sequence[str] | None = None) -> int:
    """Analyse and keep the films; returns 1 if one is missing or is refused."""
    (folder,) = arguments if arguments is not None else sys.argv[1:]
    clips = sorted(Path(folder).glob("month_*.mp4"))
    with tempfile.TemporaryDirectory() as store:
        os.environ[FOLDER_VARIABLE] = store
        read = [_keep(clip, FIRST + number * MONTH) for number, clip in enumerate(clips)]
        asked = gait(["history", "Ada"])
    return int(len(clips) < 4 or any(read) or asked)


def _keep(clip: Path, day: date) -> int:
    sys.stdout.write(f"\n{clip.stem}, filmed on {day}\n")
    sys.stdout.flush()
    return gait(
        ["analyze", str(clip), "--height-cm", "180", "--speed-kmh", "10.8", "--shoes", "blue"]
        + ["--runner", "Ada", "--filmed-on", str(day)]
    )


if __name__ == "__main__":
    sys.exit(main())
