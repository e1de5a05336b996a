"""``gait mark``: pictures of a clip, to read off where the waistband is, or the hands are."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gait.cli.progress import progress_bars, say
from gait.errors import BadRequest
from gait.limits import limit_own_memory

if TYPE_CHECKING:
    from gait.analysis import ClipAnalysis


def add(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "mark",
        help="show where to mark the waistband of a clip from behind, for the drop of the hips, or the hands "
        "of one from the front, for arms that cross",
    )
    parser.add_argument("clip", type=Path, metavar="CLIP", help="a clip from straight behind or in front")
    parser.add_argument("--capture-fps", type=float, metavar="F", help="frames/s at which it was filmed")
    parser.add_argument("--out", required=True, metavar="DIR", help="write the pictures there")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Read the clip, choose pictures, write them enlarged with a ruler in pixels."""
    from gait.analysis import ClipRequest, Refused, read_clip
    from gait.body import View
    from gait.export.folder import named, require_writable

    out = named(options.out)
    require_writable(out)
    limit_own_memory()
    with progress_bars() as progress:
        read = read_clip(ClipRequest(options.clip, options.capture_fps), progress=progress)
    if isinstance(read, Refused):
        raise read.error
    for line in _hands(read, out) if read.view is View.FRONT else _waistband(read, out):
        say(line)
    return 0


def _waistband(read: "ClipAnalysis", out: Path) -> tuple[str, str]:
    from gait.analysis import offered_frames
    from gait.export.marking import WAIST, write_pictures

    frames = offered_frames(read)
    path = read.clip.path
    if not frames:
        raise BadRequest(
            f"{path.name} shows no whole stance from behind, nor the front: hip drop takes a clip from "
            "straight behind, crossing arms one from straight in front."
        )
    written = write_pictures(read, frames, out, WAIST)
    return (
        f"Written: {', '.join(str(path) for path in written)}",
        "In one of them read off two points on the upper edge of the waistband, 6 to 8 cm left and right of "
        f"the spine. Then: gait analyze {path} --hips {frames[0]}:X,Y:X,Y",
    )


def _hands(read: "ClipAnalysis", out: Path) -> tuple[str, str]:
    from gait.analysis import offered_swings
    from gait.export.marking import ARMS, write_pictures

    swings = offered_swings(read)
    path = read.clip.path
    if not swings:
        raise BadRequest(
            f"{path.name} shows no whole step: film 8 to 10 seconds with the whole body in view."
        )
    written = write_pictures(read, [frame for _, frame in swings], out, ARMS)
    whose = ", ".join(f"{side} hand {frame}" for side, frame in swings)
    options = " ".join(f"--hands {side}:{frame}:X,Y:X,Y:X,Y" for side, frame in swings)
    return (
        f"Written: {', '.join(str(path) for path in written)}",
        f"Pictures in which a hand is about farthest across: {whose}. In each read off the wrist, the middle "
        f"of the hips and the middle of the shoulders, in this order. Then: gait analyze {path} {options}",
    )
