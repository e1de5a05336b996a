"""``gait mark``: pictures of a clip from behind, to read off where the waistband is."""

import argparse
from pathlib import Path
from typing import Any

from gait.cli.progress import progress_bars, say
from gait.errors import BadRequest
from gait.limits import limit_own_memory


def add(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "mark", help="show where to mark the waistband of a clip from behind, for the drop of the hips"
    )
    parser.add_argument("clip", type=Path, metavar="CLIP", help="a clip from straight behind")
    parser.add_argument("--capture-fps", type=float, metavar="F", help="frames/s at which it was filmed")
    parser.add_argument("--out", required=True, metavar="DIR", help="write the pictures there")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Read the clip, choose pictures in mid-stance, write them enlarged with a ruler in pixels."""
    from gait.analysis import ClipRequest, Refused, offered_frames, read_clip
    from gait.export.folder import named, require_writable
    from gait.export.marking import FOLDER, write_pictures

    out = named(options.out)
    require_writable(out)
    limit_own_memory()
    with progress_bars() as progress:
        read = read_clip(ClipRequest(options.clip, options.capture_fps), progress=progress)
    if isinstance(read, Refused):
        raise read.error
    frames = offered_frames(read)
    if not frames:
        raise BadRequest(
            f"{options.clip.name} is not filmed from behind, or shows no whole stance: hip drop takes a clip "
            "from straight behind."
        )
    written = write_pictures(read, frames, out / FOLDER)
    say(f"Written: {', '.join(str(path) for path in written)}")
    say(
        "In one of them read off two points on the upper edge of the waistband, 6 to 8 cm left and right of "
        f"the spine. Then: gait analyze {options.clip} --hips {frames[0]}:X,Y:X,Y"
    )
    return 0
