"""``python -m sample_videos.render``: committed clips, study, edges, a runner again, four months, worlds."""

import argparse
import hashlib
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gait.errors import GaitError
from gait.validate.truth import SUFFIX, SUMS

if TYPE_CHECKING:
    from sample_videos.render.shot import Shot

HERE = Path(__file__).parents[1]
NEEDS_EXTRA = "The renderer needs more packages ({error}): pip install --editable '.[render]'"


def main(arguments: Sequence[str] | None = None) -> int:
    """Render; returns 0 when every clip is there, 2 when something is missing."""
    options = _parser().parse_args(arguments)
    try:
        _render(options)
    except ImportError as error:
        sys.stderr.write(NEEDS_EXTRA.format(error=error) + "\n")
        return 2
    except GaitError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_status
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sample_videos.render", description=__doc__)
    parser.add_argument("which", choices=("samples", "study", "edges", "again", "waists", "worlds", "months"))
    parser.add_argument("--out", type=Path, default=HERE, help="folder for the clips")
    parser.add_argument("--only", default="", help="render clips whose name contains this")
    parser.add_argument("--keep", action="store_true", help="leave clips that are there already")
    parser.add_argument("--rbds", type=Path, help="folder with a real runner's markers, for study and worlds")
    parser.add_argument("--runners", type=Path, help="folder with single runners' angles, for worlds")
    return parser


def _render(options: argparse.Namespace) -> None:
    from sample_videos.render.shot import make

    drawn = _drawn(options)
    for group, shot in drawn:
        folder = options.out / group
        clip = folder / f"{shot.name}.mp4"
        if options.only not in shot.name or (options.keep and clip.is_file()):
            continue
        folder.mkdir(parents=True, exist_ok=True)
        started = time.monotonic()
        make(shot, folder)
        seconds = time.monotonic() - started
        sys.stdout.write(f"{shot.name}: {len(shot.frame_s)} frames in {seconds:.0f} s\n")
        sys.stdout.flush()
    for group in {group for group, _ in drawn}:
        write_sums(options.out / group)


def _drawn(options: argparse.Namespace) -> "list[tuple[str, Shot]]":
    """The folder inside ``--out`` and what is to be rendered into it."""
    from sample_videos.render.months import months
    from sample_videos.render.samples import samples
    from sample_videos.render.study import again, edges, rbds, study
    from sample_videos.render.waists import waists
    from sample_videos.render.worlds import worlds

    sets: dict[str, Callable[[], Sequence[tuple[str, Shot]]]] = {
        "samples": lambda: [("", shot) for shot in samples()],
        "months": lambda: [("", shot) for shot in months()],
        "edges": edges,
        "again": again,
        "waists": waists,
        "worlds": lambda: worlds(options.runners, options.rbds),
        "study": lambda: study(rbds(options.rbds) if options.rbds else None),
    }
    return list(sets[options.which]())


def write_sums(folder: Path) -> None:
    """Bind clips and truths of a folder together: ``sha256sum --check SHA256SUMS``."""
    clips = [clip for clip in folder.glob("*.mp4") if clip.with_name(clip.stem + SUFFIX).is_file()]
    files = sorted([*clips, *folder.glob(f"*{SUFFIX}")])
    lines = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
