"""Files of people who film and cut, made from bundled clips.

``python -m studies.ordinary_files [--before DIR] [N ...]``.

Each is made in a scratch folder as an editor or a phone would make it, then given to the command line, or
to the reader where only the pictures count. A line says what was made and what the tool says; with
``--before`` also what an older checkout says of the same file.
"""

import argparse
import itertools
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np
from numpy.typing import NDArray

from gait.video.reader import frames, open_clip
from gait.video.writer import write_video
from studies.attacks import WEAK
from studies.checkout import HERE, Code, Ran
from tests.conftest import light_pictures
from tests.truth import truth
from tests.video.files import KINDS, Kind, film, store

Picture = NDArray[np.uint8]
STORED_FPS = 30
COUNT_PICTURES = """
import sys
from pathlib import Path
import numpy as np
from gait.video.reader import frames, open_clip
clip = open_clip(Path(sys.argv[1]))
shown = [frame.pts_s for frame in frames(clip)]
step = np.diff(shown)
print(f"{len(shown)} pictures read, steps of {1000 * step.min():.0f} to {1000 * step.max():.0f} ms")
"""


@dataclass(frozen=True)
class Ordinary:
    """One file, and what is asked about it."""

    point: int
    made: str
    ask: Callable[[Code], str]


FILES: list[Ordinary] = []


def ordinary(point: int, made: str) -> Callable[[Callable[[Code], str]], Callable[[Code], str]]:
    """Add a function to the files."""

    def add(ask: Callable[[Code], str]) -> Callable[[Code], str]:
        FILES.append(Ordinary(point, made, ask))
        return ask

    return add


def light(code: Code, name: str = "clip.mp4") -> Path:
    """4.2 s of runner A, small."""
    path = code.scratch / name
    if not path.exists():
        write_video(path, light_pictures(seconds=4.2), fps=60)
    return path


def said(ran: Ran) -> str:
    """Status, then the complaint, or what the table says of the clip."""
    if ran.status:
        return str(ran)
    flat = " ".join(ran.out.split())
    at = flat.find("filmed at")
    return f"status 0: … {flat[max(at - 40, 0) : at + 90]} …" if at >= 0 else "status 0"


@ordinary(1, "a clip called `annotated.mp4`, their `touchdown_notes.jpg` beside it, `--out .`")
def their_files(code: Code) -> str:
    folder = code.scratch / "mine"
    folder.mkdir()
    clip, notes = light(code, "mine/annotated.mp4"), folder / "touchdown_notes.jpg"
    notes.write_bytes(b"my notes")
    before = clip.read_bytes()
    ran = code.gait("analyze", clip, "--out", ".", cwd=folder)
    kept = clip.exists() and clip.read_bytes() == before
    film_is, notes_are = "kept" if kept else "REPLACED", "kept" if notes.exists() else "DELETED"
    return f"film {film_is}, notes {notes_are}; {said(ran)[:120]}"


@ordinary(2, "runner A played at 40 % by an editor: the nearest pictures, stored at 30")
def forty_percent(code: Code) -> str:
    path = code.scratch / "forty.mp4"
    pictures = list(light_pictures(seconds=6.4))
    nearest = np.round(np.arange(0, len(pictures) - 1, 0.4 * 60 / STORED_FPS)).astype(int)
    write_video(path, (pictures[k] for k in nearest), fps=STORED_FPS)
    return said(code.gait("analyze", path))


LEAD_INS_S = (2.25, 2.5, 3.0, 3.5, 4.5)


def lead_in(seconds: float) -> Callable[[Code], str]:
    return lambda code: said(code.gait("analyze", ramp(code, seconds)))


for each in LEAD_INS_S:
    ordinary(3, f"slow motion (120 stored as 30) after {each:g} s in real time, as phones share it")(
        lead_in(each)
    )


def ramp(code: Code, lead_in_s: float) -> Path:
    """Real time at 30 pictures a second, then every picture of 120."""
    path = code.scratch / f"ramp{lead_in_s}.mp4"
    fast = list(light_pictures(seconds=9.0, every=1))
    first = fast[: round(120 * lead_in_s)][::4]
    write_video(path, [*first, *fast[round(120 * lead_in_s) :]], fps=STORED_FPS)
    return path


@ordinary(3, "runner B, 240 stored as 30, after 2.25 s in real time")
def lead_in_of_b(code: Code) -> str:
    path, slow = code.scratch / "ramp_b.mp4", truth("runner_b_side_240_stored_as_30").clip
    fast = [np.ascontiguousarray(frame.rgb[::2, ::2]) for frame in frames(open_clip(slow))]
    write_video(path, [*fast[:540:8], *fast[540:]], fps=STORED_FPS)
    return said(code.gait("analyze", path))


@ordinary(4, "trimmed without encoding anew: 77 pictures in, the first keyframe that is shown 173 later")
def trimmed(code: Code) -> str:
    rare = {"crf": "12", "bf": "2", "g": "250", "keyint_min": "250", "sc_threshold": "0"}
    pictures = [film()[k % 24] for k in range(400)]
    whole = store(code.scratch / "whole", Kind("mov", "libx264", options=rare), pictures)
    data = bytearray(whole.read_bytes())
    at = data.index(b"elst") + 4
    start = int.from_bytes(data[at + 12 : at + 16], "big")
    data[at + 12 : at + 16] = (start + 77 * 640).to_bytes(4, "big")
    path = code.scratch / "trimmed.mov"
    path.write_bytes(data)
    return f"323 pictures are shown; {code.python(COUNT_PICTURES, path)}"


@ordinary(4, "two MPEG-TS files of 24 pictures joined end to end, as cameras split them")
def joined(code: Code) -> str:
    kind = Kind("ts", "libx264", options={"crf": "12", "bf": "2", "g": "12"})
    parts = [store(code.scratch / f"part{k}", kind, film()) for k in range(2)]
    path = code.scratch / "joined.ts"
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    return f"48 pictures are in it; {code.python(COUNT_PICTURES, path)}"


@ordinary(4, "H.264 with B-frames in AVI, 24 pictures at 30 a second")
def avi(code: Code) -> str:
    path = store(code.scratch / "b_frames", KINDS["h264_avi_b_frames"], film())
    return f"24 pictures, steps of 33 ms; {code.python(COUNT_PICTURES, path)}"


@ordinary(5, "a towel over both feet, which stay inside the picture")
def hidden_feet(code: Code) -> str:
    def covered(picture: Picture) -> Picture:
        hidden = picture.copy()
        hidden[int(0.68 * len(hidden)) : int(0.93 * len(hidden))] = (120, 110, 100)
        return hidden

    return feet(code, "hidden.mp4", covered)


@ordinary(5, "one picture in two so blurred that no leg can be followed; the feet stay inside")
def blurred(code: Code) -> str:
    numbers = itertools.count()

    def smeared(picture: Picture) -> Picture:
        return np.asarray(cv2.blur(picture, (61, 61)), np.uint8) if next(numbers) % 2 else picture

    return feet(code, "blurred.mp4", smeared)


@ordinary(5, "the picture cut off above the ankles")
def cut_off(code: Code) -> str:
    return feet(code, "cut.mp4", lambda picture: picture[: int(0.72 * len(picture)) // 2 * 2])


def feet(code: Code, name: str, change: Callable[[Picture], Picture]) -> str:
    """Whether it says of runner A in changed pictures that the feet are out of the picture."""
    path = code.scratch / name
    write_video(path, (change(picture) for picture in light_pictures(seconds=4.2)), fps=60)
    ran = code.gait("analyze", path)
    claimed = "out of the picture" in " ".join((ran.out + ran.err).split())
    return f"{'says' if claimed else 'does not say'} that the feet are out of the picture; {said(ran)}"


@ordinary(6, "a phone that leans by 4°, an app's grid drawn over the film: the roll that is read")
def drawn_grid(code: Code) -> str:
    path = code.scratch / "grid.mp4"

    def drawn() -> Iterator[Picture]:
        for picture in light_pictures(seconds=4.2):
            yield _grid(_turned(picture, 4.0))

    write_video(path, drawn(), fps=60)
    return code.python(ROLL, path)


ROLL = """
import sys
from pathlib import Path
from gait.analysis import read_track
from gait.video.reader import open_clip
clip = open_clip(Path(sys.argv[1]))
found = read_track(clip).plumb
print("nothing is said of it" if found is None else f"{found.at(clip.size_px[0] / 2):+.2f} degrees")
"""


@ordinary(6, "the same with bars, with an editor's buttons, with a caption's box: the roll of 8 pictures")
def other_drawings(code: Code) -> str:
    told = []
    for name, draw in (("bars", _bars), ("buttons", _buttons), ("box", _box)):
        path = code.scratch / f"{name}.mp4"
        write_video(path, (draw(_turned(picture, 4.0)) for picture in light_pictures(seconds=1.0)), fps=60)
        told.append(f"{name}: {code.python(ROLL_OF_EDGES, path)}")
    return ", ".join(told)


ROLL_OF_EDGES = """
import sys
from pathlib import Path
from gait.video.plumb import plumb, straight_edges
from gait.video.reader import frames, open_clip
clip = open_clip(Path(sys.argv[1]))
seen = [straight_edges(frame.rgb) for frame in frames(clip) if frame.index % 8 == 0]
found = plumb(seen, clip.size_px)
print("nothing is said of it" if found is None else f"{found.at(clip.size_px[0] / 2):+.2f} degrees")
"""


def _turned(picture: Picture, deg: float) -> Picture:
    height, width = picture.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), deg, 1.12)
    return np.asarray(cv2.warpAffine(picture, turn, (width, height), borderMode=cv2.BORDER_REFLECT), np.uint8)


def _grid(picture: Picture) -> Picture:
    drawn = picture.copy()
    height, width = drawn.shape[:2]
    for share in (0.25, 1 / 3, 0.5, 2 / 3, 0.75):
        cv2.line(drawn, (round(share * width), 0), (round(share * width), height), (255, 255, 255), 1)
        cv2.line(drawn, (0, round(share * height)), (width, round(share * height)), (255, 255, 255), 1)
    return drawn


def _bars(picture: Picture) -> Picture:
    drawn = picture.copy()
    drawn[:, :45], drawn[:, -45:], drawn[:35], drawn[-35:] = 0, 0, 0, 0
    return drawn


def _buttons(picture: Picture) -> Picture:
    drawn = picture.copy()
    for left in range(10, 350, 65):
        for top in (15, 590):
            cv2.rectangle(drawn, (left, top), (left + 50, top + 30), (40, 40, 40), -1)
    return drawn


def _box(picture: Picture) -> Picture:
    drawn = picture.copy()
    cv2.rectangle(drawn, (20, 540), (340, 620), (20, 20, 20), -1)
    cv2.rectangle(drawn, (20, 20), (160, 70), (230, 230, 230), -1)
    return drawn


@ordinary(6, "an upright film between black bars as wide as itself: is it called dark?")
def bars(code: Code) -> str:
    path = code.scratch / "bars.mp4"

    def barred() -> Iterator[Picture]:
        for picture in light_pictures(seconds=4.2):
            side = np.zeros((len(picture), picture.shape[1] * 2 // 3 // 2 * 2, 3), np.uint8)
            yield np.hstack([side, picture, side])

    write_video(path, barred(), fps=60)
    ran = code.gait("analyze", path)
    return f"{'called dark' if 'dark' in ran.out + ran.err else 'not called dark'}; {said(ran)[:80]}"


@ordinary(7, "a name that is no UTF-8, `--out DIR`")
def not_utf8(code: Code) -> str:
    path = os.fsencode(code.scratch / "l") + b"\xe4uft.mp4"
    Path(os.fsdecode(path)).write_bytes(light(code).read_bytes())
    ran = code.gait("analyze", os.fsdecode(path), "--out", code.scratch / "odd")
    written = (code.scratch / "odd" / "analysis.json").exists()
    return (
        f"{str(ran)[:120] if ran.status else 'status 0'}; results {'written' if written else 'NOT written'}"
    )


@ordinary(7, "output redirected in cp1250, then in cp932")
def code_pages(code: Code) -> str:
    ends = []
    for page in ("cp1250", "cp932"):
        told = Code(code.checkout, code.scratch, {"PYTHONIOENCODING": page})
        ran = told.gait("analyze", light(code))
        ends.append(f"{page}: {str(ran)[:90] if ran.status else 'status 0'}")
    return "; ".join(ends)


@ordinary(7, "a folder that may be written inside one that may not")
def inside_a_closed_one(code: Code) -> str:
    parent = code.scratch / "parent"
    (parent / "out").mkdir(parents=True)
    parent.chmod(0o555)
    ran = code.gait("analyze", light(code), "--out", parent / "out", before=WEAK)
    parent.chmod(0o755)
    return str(ran)[:140] if ran.status else "status 0, written"


@ordinary(8, "`--speed-kmh 10,8`")
def comma(code: Code) -> str:
    ran = code.gait("analyze", light(code), "--speed-kmh", "10,8")
    return str(ran)[:140] if ran.status else "status 0"


@ordinary(8, "a clip called `-clip.mp4`")
def dash(code: Code) -> str:
    light(code, "-clip.mp4")
    return str(code.gait("analyze", "-clip.mp4"))[:200]


@ordinary(8, "standard error is closed (`2>&-`), output kept")
def no_standard_error(code: Code) -> str:
    line = f"{sys.executable} -m gait.cli analyze {light(code)} 2>&-"
    done = subprocess.run(
        ["bash", "-c", line], env=code.environment(), capture_output=True, text=True, check=False
    )
    return f"status {done.returncode}, {'a table' if 'steps' in done.stdout else 'no table'}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a table of every file, or of those with these numbers."""
    parser = argparse.ArgumentParser(prog="python -m studies.ordinary_files", description=__doc__)
    parser.add_argument("--before", type=Path, help="an older checkout, for a column of its own")
    parser.add_argument("numbers", type=int, nargs="*", help="points to try; else all")
    options = parser.parse_args(arguments)
    checkouts = [each.resolve() for each in (options.before, HERE) if each]
    _say("| | made | " + ("before | " if options.before else "") + "now |")
    _say("|---" * (len(checkouts) + 2) + "|")
    with TemporaryDirectory(prefix="ordinary-") as name:
        codes = [Code(checkout, Path(name) / str(k)) for k, checkout in enumerate(checkouts)]
        for each in FILES:
            if options.numbers and each.point not in options.numbers:
                continue
            cells = " | ".join(_cell(_asked(each, code), Path(name)) for code in codes)
            _say(f"| {each.point} | {each.made} | {cells} |")


def _asked(each: Ordinary, code: Code) -> str:
    code.environment()
    try:
        return each.ask(code)
    except Exception as error:  # noqa: BLE001 - one file that cannot be made stops no other
        return f"could not be tried: {type(error).__name__}: {error}"


def _cell(text: str, scratch: Path) -> str:
    shown = "".join(c if c.isprintable() else "?" for c in text.replace(str(scratch), "SCRATCH"))
    return (shown if len(shown) < 260 else f"{shown[:250]} …").replace("|", "\\|")


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
