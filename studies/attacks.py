"""Attack the tool again: ``python -m studies.attacks [--before CHECKOUT] [NUMBER ...]``.

Each attack makes a hostile file, name, place or program and runs the command line, the decoding worker or
the app as a user would, all in a scratch folder. A line says what was tried and what happened; with
``--before`` also what an older checkout makes of the same. Attacks on the app drive the system's Chromium.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import av
import numpy as np
from numpy.typing import NDArray

from gait.video.writer import write_video
from studies import attacks_app
from studies.checkout import HERE, Code, Ran
from tests.conftest import light_pictures
from tests.truth import truth
from tests.video.files import KINDS, store
from tests.video.test_door import with_cover

Picture = NDArray[np.uint8]
MOUNT_MB = 1
SHORT_S = 4.2


@dataclass(frozen=True)
class Found:
    """What became of an attack."""

    held: bool
    said: str


@dataclass(frozen=True)
class Attack:
    """One thing to try."""

    point: int
    tried: str
    run: Callable[[Code], Found]


ATTACKS: list[Attack] = []


def attack(point: int, tried: str) -> Callable[[Callable[[Code], Found]], Callable[[Code], Found]]:
    """Add a function to the attacks."""

    def add(run: Callable[[Code], Found]) -> Callable[[Code], Found]:
        ATTACKS.append(Attack(point, tried, run))
        return run

    return add


def in_a_sentence(ran: Ran, *words: str, status: int = 2) -> Found:
    """Held if it ends with this status and one sentence that has one of the words."""
    held = ran.in_words and ran.status == status and (not words or any(w in ran.said for w in words))
    return Found(held, str(ran))


def short_clip(code: Code, name: str = "clip.mp4") -> Path:
    """A few steps of runner A, small."""
    path = code.scratch / name
    if not path.exists():
        write_video(path, light_pictures(seconds=SHORT_S), fps=60)
    return path


def not_run_at_all(path: Path) -> Path:
    """A film of a wall, for what ends before anybody is looked for."""
    write_video(path, [np.full((240, 320, 3), 90, np.uint8)] * 40, fps=30)
    return path


# 1: memory


@attack(1, "a bundled clip (0.7 MB) remuxed with its times stretched 3,000 times: `gait analyze`")
def stretched(code: Code) -> Found:
    path = code.scratch / "stretched.mkv"
    with av.open(str(truth("runner_c_side_60_bystander").clip)) as source, av.open(str(path), "w") as sink:
        stream = sink.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.pts, packet.dts = 3000 * (packet.pts or 0), 3000 * packet.dts
                packet.stream = stream
                sink.mux(packet)
    ran = code.gait("analyze", path)
    return Found(ran.status == 2 and ran.peak_mb < 1000, f"{ran}; {ran.peak_mb:.0f} MB, {ran.took_s:.0f} s")


@attack(1, "the same with `--capture-fps 240`, so that its rate need not be proven")
def stretched_and_told(code: Code) -> Found:
    ran = code.gait("analyze", code.scratch / "stretched.mkv", "--capture-fps", "240")
    return Found(ran.status == 2 and ran.peak_mb < 1000, f"{ran}; {ran.peak_mb:.0f} MB, {ran.took_s:.0f} s")


# 2: foreign text


@attack(2, "the app: a file named as a Markdown picture on a server that listens, dropped and read")
def markdown_name(code: Code) -> Found:
    called = attacks_app.calls_after_upload(code)
    return Found(not called, f"the server was called {len(called)} times")


@attack(2, "a clip whose name colours the terminal and rings its bell")
def terminal_name(code: Code) -> Found:
    path = code.scratch / "run\x1b[31m\x07.mp4"
    path.write_text("no film")
    ran = code.gait("analyze", path)
    loud = "\x1b" in ran.err or "\x07" in ran.err
    return Found(
        not loud and ran.status == 2, f"status {ran.status}; {'obeyed' if loud else 'shown as text'}"
    )


# 3: a film outlives its tab


@attack(3, "the app: kill -9 while it holds a clip, then start it again")
def killed_app(code: Code) -> Found:
    before, after = attacks_app.files_after_a_kill(code)
    return Found(before > 0 and after == 0, f"{before} files of the visitor before, {after} after the start")


@attack(3, "the app: a visitor leaves while his clip is there; what is left 400 s later")
def left_behind(code: Code) -> Found:
    before, after = attacks_app.files_after_leaving(code)
    return Found(before > 0 and after == 0, f"{before} files while there, {after} after 400 s")


@attack(3, "the app: an upload of 400 MB, no film; memory once it was answered")
def large_upload(code: Code) -> Found:
    there_mb, after_mb = attacks_app.memory_of_an_upload(code, 400)
    return Found(after_mb < 100, f"{there_mb:.0f} MB while it lies on the page, {after_mb:.0f} MB 20 s after")


# 4: the decoder was taken over

ASSAULT = """
import os, socket, sys, urllib.request
from pathlib import Path
def _try(step):
    try: step(); return 1
    except Exception: return 0
def _fork():
    if os.fork() == 0: os._exit(0)
def _threadless_clone():
    import ctypes
    child = ctypes.CDLL(None).syscall(56, 17, 0, 0, 0, 0)
    if child == 0: os._exit(0)
    if child < 0: raise OSError
def assault(other, port):
    yield sum(1 << k for k, step in enumerate((
        lambda: socket.create_connection(("127.0.0.1", port), 1),
        lambda: Path("/etc/passwd").read_bytes(),
        lambda: Path(other).read_bytes(),
        lambda: Path(other + ".new").write_bytes(b"x"),
        lambda: os.rename(other, other + ".moved"),
        lambda: os.unlink(other if os.path.exists(other) else other + ".moved"),
        lambda: os.posix_spawn("/bin/true", ["true"], {}),
        _fork, _threadless_clone,
        lambda: os.environ["SECRET"],
        lambda: os.kill(os.getppid(), 0),
    )) if _try(step))
def never_yields():
    yield os.getpid()
    while True: pass
"""
NAMES = (
    "a TCP connection", "/etc/passwd", "another file read", "a file written", "a file renamed",
    "a file deleted",    "a program started", "fork", "clone", "the environment", "a signal to its parent",
)  # fmt: skip
DRIVER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import assault
from gait.video import sandbox
def jobs(work, *arguments):
    if hasattr(sandbox, "Job"):
        return sandbox.stream(sandbox.Job(Path(sys.argv[2]), int, work, arguments))
    return sandbox.stream("clip.mp4", work, *arguments)
if sys.argv[3] == "spin":
    for value in jobs(assault.never_yields): print(value, flush=True)
else:
    for value in jobs(assault.assault, sys.argv[3], int(sys.argv[4])): print(value, flush=True)
"""


def driver(code: Code, *arguments: object) -> "subprocess.Popen[str]":
    """Run hostile code in the decoding worker of a checkout."""
    folder, own = code.scratch / "assault", code.scratch / "own.mp4"
    folder.mkdir(exist_ok=True)
    (folder / "assault.py").write_text(ASSAULT)
    own.write_bytes(b"clip")
    told = code.environment() | {"SECRET": "token", "PYTHONPATH": f"{code.checkout}{os.pathsep}{folder}"}
    return subprocess.Popen(
        [sys.executable, "-c", DRIVER, str(folder), str(own), *map(str, arguments)],
        env=told,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@attack(4, "code of an attacker inside the decoding worker tries 11 things")
def taken_over(code: Code) -> Found:
    other = code.scratch / "diary.txt"
    other.write_text("private")
    with attacks_app.listener() as (port, _):
        out, err = driver(code, other, port).communicate(timeout=60)
    if not out.strip():
        return Found(False, f"no answer: {err.strip().splitlines()[-1:]}")
    done = [name for bit, name in enumerate(NAMES) if int(out) >> bit & 1]
    return Found(not done, f"{len(done)} of {len(NAMES)} worked" + (f": {', '.join(done)}" if done else ""))


# 5: tracebacks


@attack(5, "a GIF of 1 x 1 pixels")
def tiny_gif(code: Code) -> Found:
    return in_a_sentence(code.gait("analyze", noise_gif(code.scratch / "tiny", (1, 1))), "pixels")


@attack(5, "a GIF of 1 x 8192 pixels")
def thin_gif(code: Code) -> Found:
    return in_a_sentence(code.gait("analyze", noise_gif(code.scratch / "thin", (8192, 1))), "pixels")


def noise_gif(path: Path, size: tuple[int, int]) -> Path:
    """Four pictures of noise."""
    chance = np.random.default_rng(0)
    return store(path, KINDS["gif"], [chance.integers(0, 255, (*size, 3), np.uint8) for _ in range(4)])


@attack(5, "runner A (MPEG-TS, 360 x 640 pixels) whose pictures become half as wide after 2 s")
def shape_changes(code: Code) -> Found:
    def narrower(picture: Picture) -> Picture:
        quarter = picture.shape[1] // 4 // 2 * 2
        return picture[:, quarter:-quarter]

    return read_on(code, code.scratch / "narrower.ts", narrower)


@attack(5, "the same whose pictures become half as large after 2 s, of the same shape")
def size_changes(code: Code) -> Found:
    return read_on(code, code.scratch / "smaller.ts", lambda picture: picture[::2, ::2])


def read_on(code: Code, path: Path, other: Callable[[Picture], Picture]) -> Found:
    """Held if the clip is read, or refused in a sentence that is true."""
    pictures = list(light_pictures(seconds=SHORT_S))
    of_two_sizes(path, pictures[:120], [other(each) for each in pictures[120:]], fps=60)
    ran = code.gait("analyze", path)
    untrue = "out of the picture" in ran.said or "steadily" in ran.said
    return Found(ran.in_words and not untrue, said_of_clip(ran))


def said_of_clip(ran: Ran) -> str:
    """Status, then the complaint, or what the table says of the clip."""
    flat = " ".join(ran.out.split())
    at = flat.find("filmed at")
    return f"status 0: … {flat[at : at + 60]} …" if ran.status == 0 and at >= 0 else str(ran)


def of_two_sizes(path: Path, first: Sequence[Picture], then: Sequence[Picture], fps: int) -> None:
    """Write pictures of one size, then of another, as one H.264 stream."""
    tick, at = Fraction(1, fps), 0
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=fps)
        stream.height, stream.width = first[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        for pictures in (first, then):
            coder = av.VideoCodecContext.create("libx264", "w")
            coder.height, coder.width = pictures[0].shape[:2]
            coder.pix_fmt, coder.time_base, coder.framerate = "yuv420p", tick, Fraction(fps)
            coder.options = {"crf": "18", "bf": "0"}
            for picture in (*pictures, None):
                frame = None
                if picture is not None:
                    frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), "rgb24")
                    frame.pts, frame.time_base, at = at, tick, at + 1
                for packet in coder.encode(frame):
                    packet.stream, packet.time_base = stream, tick
                    container.mux(packet)


@attack(5, "`gait analyze CLIP --json --out DIR | true`: nobody reads the output")
def nobody_reads(code: Code) -> Found:
    return written_anyway(code, "| true")


@attack(5, "`gait analyze CLIP --json --out DIR >/dev/full`")
def output_full(code: Code) -> Found:
    return written_anyway(code, ">/dev/full")


@attack(5, "`gait analyze CLIP --json --out DIR >&-`: standard output is closed")
def output_closed(code: Code) -> Found:
    return written_anyway(code, ">&-")


def written_anyway(code: Code, where: str) -> Found:
    """Run an analysis whose output goes nowhere: no traceback, and the folder is written."""
    clip, out = short_clip(code), code.scratch / f"out{abs(hash(where))}"
    line = f"{sys.executable} -m gait.cli analyze {clip} --json --out {out} {where}"
    done = subprocess.run(
        ["bash", "-c", line], env=code.environment(), capture_output=True, text=True, check=False
    )
    there, words = (
        (out / "analysis.json").exists(),
        "Traceback" not in done.stderr and "Error:" not in done.stderr,
    )
    shown = "in words" if words else f"traceback, {done.stderr.strip().splitlines()[-1]}"
    return Found(there and words, f"{shown}; results {'written' if there else 'NOT written'}")


WEAK = ("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all")
"""Take from root what lets it pass by permissions."""


@attack(5, "a clip in a folder that may not be opened")
def closed_folder(code: Code) -> Found:
    folder = code.scratch / "closed"
    folder.mkdir(exist_ok=True)
    clip = not_run_at_all(folder / "clip.mp4")
    folder.chmod(0o000)
    try:
        return in_a_sentence(code.gait("analyze", clip, before=WEAK), "permission")
    finally:
        folder.chmod(0o755)


@attack(5, "a name of 300 characters")
def long_name(code: Code) -> Found:
    return in_a_sentence(code.gait("analyze", code.scratch / ("x" * 300 + ".mp4")), "name")


@attack(5, "the app: files called `..`, of 300 characters, and with control characters")
def names_in_the_app(code: Code) -> Found:
    said, whole = attacks_app.said_of_names(code)
    return Found(whole, said)


# 6: results whole or not there


@attack(6, "`--out` on a disk of 1 MB")
def full_disk(code: Code) -> Found:
    place = code.scratch / "small"
    place.mkdir(exist_ok=True)
    with mounted(place, MOUNT_MB):
        ran = code.gait("analyze", short_clip(code), "--out", place / "out")
        left = sorted(path.name for path in place.rglob("*") if path.is_file())
    return Found(
        ran.in_words and ran.status == 1 and not left, f"{ran}; left: {', '.join(left) or 'nothing'}"
    )


@contextmanager
def mounted(place: Path, size_mb: float) -> Iterator[None]:
    """A disk in memory of this size."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={int(size_mb * 1024)}k", "none", place], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)


@attack(6, "SIGTERM while the results are drawn")
def ended_politely(code: Code) -> Found:
    return stopped(code, signal.SIGTERM)


@attack(6, "SIGHUP (the terminal is closed) while the results are drawn")
def hung_up(code: Code) -> Found:
    return stopped(code, signal.SIGHUP)


@attack(6, "SIGKILL while the results are drawn, then another analysis elsewhere")
def killed(code: Code) -> Found:
    return stopped(code, signal.SIGKILL, again=True)


def stopped(code: Code, how: signal.Signals, *, again: bool = False) -> Found:
    """Send a signal while hidden files are being made; say what is left beside an older result."""
    clip, home = short_clip(code), code.scratch / f"home{how.name}"
    out = home / "out"
    out.mkdir(parents=True, exist_ok=True)
    (out / "mine.txt").write_text("mine")
    process = code.start("analyze", clip, "--out", out, before=("env", "--default-signal=HUP,TERM"))
    while process.poll() is None and not list(home.rglob("*.jpg")):
        time.sleep(0.01)
    process.send_signal(how)
    process.communicate()
    if again:
        code.gait("analyze", clip, "--out", code.scratch / f"else{how.name}")
    left = sorted(str(path.relative_to(home)) for path in home.rglob("*") if path.is_file())
    theirs = [each for each in left if each != "out/mine.txt"]
    return Found(not theirs, f"status {process.returncode}; {len(theirs)} files of the runner left")


@attack(6, "a folder that may be written in one that may not")
def in_a_closed_parent(code: Code) -> Found:
    parent = code.scratch / "parent"
    (parent / "out").mkdir(parents=True, exist_ok=True)
    parent.chmod(0o555)
    try:
        ran = code.gait("analyze", short_clip(code), "--out", parent / "out", before=WEAK)
    finally:
        parent.chmod(0o755)
    return Found(ran.status == 0, str(ran))


@attack(6, "a folder that may not be written: noticed before the work?")
def closed_out(code: Code) -> Found:
    out = code.scratch / "unwritable"
    out.mkdir(exist_ok=True)
    out.chmod(0o555)
    shutil.rmtree(code.scratch / "cache", ignore_errors=True)
    ran = code.gait("analyze", short_clip(code), "--out", out, before=WEAK)
    read = any((code.scratch / "cache").rglob("*.npz"))
    how = f"after {ran.took_s:.0f} s, {'once' if read else 'before'} the clip was read"
    return Found(ran.status == 1 and ran.in_words and not read, f"{ran}; {how}")


@attack(6, '`--out ""`')
def out_without_a_name(code: Code) -> Found:
    return in_a_sentence(code.gait("analyze", short_clip(code), "--out", ""), "name")


@attack(6, "`--out /`")
def out_is_the_root(code: Code) -> Found:
    before = set(Path("/").iterdir())
    ran = code.gait("analyze", short_clip(code), "--out", "/")
    new = set(Path("/").iterdir()) - before
    for path in new:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    return Found(ran.status == 2 and not new, f"{ran}; {len(new)} new entries in /")


# 7: good files called damaged


def read_or_nobody(ran: Ran) -> Found:
    """Held if the pictures were read: nobody runs in them, or too short."""
    held = ran.in_words and not any(word in ran.said for word in ("damaged", "broke off", "cannot be read"))
    return Found(held, str(ran))


@attack(7, "an MP4 whose cover is larger than its film")
def cover(code: Code) -> Found:
    return read_or_nobody(code.gait("analyze", with_cover(code.scratch / "cover.mp4", film_too=True)))


@attack(7, "music with a cover")
def song(code: Code) -> Found:
    return in_a_sentence(code.gait("analyze", with_cover(code.scratch / "song.mp4", film_too=False)), "sound")


@attack(7, "a clip without the permission to read it")
def no_permission(code: Code) -> Found:
    clip = not_run_at_all(code.scratch / "private.mp4")
    clip.chmod(0o000)
    return in_a_sentence(code.gait("analyze", clip, before=WEAK), "permission")


@attack(7, "8K in HLG (HEVC, 10 bits) while four other programs keep both processors busy")
def large_hlg(code: Code) -> Found:
    return large(code, "arib-std-b67")


@attack(7, "8K in PQ (HEVC, 10 bits) while four other programs keep both processors busy")
def large_pq(code: Code) -> Found:
    return large(code, "smpte2084")


def large(code: Code, transfer: str) -> Found:
    """Read a few pictures of 8K under load."""
    path = HERE / "out" / f"8k_{transfer}.mp4"
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        _encode_8k(path, transfer)
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(4)]
    try:
        ran = code.gait("analyze", path)
    finally:
        for each in busy:
            each.kill()
            each.wait()
    found = read_or_nobody(ran)
    return Found(found.held and "memory" not in ran.said, f"{found.said}; {ran.peak_mb:.0f} MB")


def _encode_8k(path: Path, transfer: str, count: int = 14) -> None:
    marks = {"arib-std-b67": 18, "smpte2084": 16}
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx265", rate=30)
        stream.width, stream.height, stream.pix_fmt = 7680, 4320, "yuv420p10le"
        stream.options = {
            "preset": "ultrafast",
            "crf": "30",
            "x265-params": f"log-level=error:colorprim=bt2020:transfer={transfer}:colormatrix=bt2020nc",
        }
        stream.codec_context.color_trc = marks[transfer]
        stream.codec_context.color_primaries, stream.codec_context.colorspace = 9, 9
        small = np.random.default_rng(1).integers(60, 900, (540, 960), np.uint16)
        for number in range(count):
            frame = av.VideoFrame(7680, 4320, "yuv420p10le")
            for plane, scale in zip(frame.planes, (8, 4, 4), strict=True):
                rows = np.kron(np.roll(small, number, axis=1), np.ones((scale, scale), np.uint16))
                padded = np.zeros((plane.height, plane.line_size // 2), np.uint16)
                padded[:, : plane.width] = rows
                plane.update(padded.tobytes())
            frame.pts, frame.time_base = number, Fraction(1, 30)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


# 8: the app's door


@attack(8, "the app: a WebSocket with a foreign Host and Origin (DNS rebinding)")
def rebinding(code: Code) -> Found:
    said = attacks_app.foreign_socket(code)
    return Found("refused" in said, said)


@attack(8, "the app: does its start look for an address outside? (strace)")
def looks_outside(code: Code) -> Found:
    return nothing_outside(attacks_app.connections_outside(code))


@attack(8, "the app: a page of another site asks it for a WebSocket; does it look for an address outside?")
def knocked(code: Code) -> Found:
    return nothing_outside(attacks_app.connections_outside(code, knocks=True))


def nothing_outside(addresses: set[str]) -> Found:
    """Held if no connection was tried."""
    tried = ", ".join(sorted(addresses))
    return Found(not addresses, f"tried: {tried}" if tried else "no connection tried beyond this machine")


# 9: orphans, options


@attack(9, "a worker that never yields, its parent killed")
def orphan(code: Code) -> Found:
    parent = driver(code, "spin")
    assert parent.stdout is not None
    worker = int(parent.stdout.readline() or 0)
    parent.kill()
    parent.communicate()
    began_s = time.monotonic()
    while alive(worker) and time.monotonic() - began_s < 20:
        time.sleep(0.05)
    took_s, lives = time.monotonic() - began_s, alive(worker)
    if lives:
        os.kill(worker, signal.SIGKILL)
    return Found(took_s < 5, f"still running after {took_s:.0f} s" if lives else f"gone after {took_s:.1f} s")


def alive(process: int) -> bool:
    """True while a process runs (a zombie does not)."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@attack(9, "`--rear-person 2` without a clip from behind")
def rear_person(code: Code) -> Found:
    return in_a_sentence(code.gait("analyze", short_clip(code), "--rear-person", "2"))


@attack(9, "`--height-cm 180,5`")
def comma(code: Code) -> Found:
    ran = code.gait("analyze", short_clip(code), "--height-cm", "180,5")
    return Found(ran.status == 0, str(ran))


@attack(9, "`--height-cm 1.80`: metres?")
def metres(code: Code) -> Found:
    return in_a_sentence(code.gait("analyze", short_clip(code), "--height-cm", "1.80"), "metres")


# 10: where the parts come from


@attack(10, "a package whose content is not the one that was locked (one digit of each hash changed)")
def other_package(code: Code) -> Found:
    lock = code.checkout / "requirements.lock"
    if not lock.exists():
        return Found(False, "no hashes: whatever the index serves under that version is installed")
    entry = next(part for part in lock.read_text().split("\n") if part.startswith("iniconfig=="))
    text = lock.read_text()
    body = text[text.index(entry) :].split("\n\n")[0]
    lines = body.splitlines()
    end = next(k for k, line in enumerate(lines) if not line.endswith("\\"))
    wrong = [
        line.replace("sha256:", "sha256:0")[:-3] + " \\" if "sha256" in line else line for line in lines[:end]
    ]
    last = lines[end].replace("sha256:", "sha256:0")[:-1]
    bad = code.scratch / "bad.lock"
    bad.write_text("\n".join([*wrong, last]) + "\n")
    done = subprocess.run(
        [sys.executable, "-m", "pip", "install", "--require-hashes", "--no-deps", "--dry-run",
         "--ignore-installed", "--requirement", str(bad)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    refused = "DO NOT MATCH THE HASHES" in done.stderr
    return Found(
        refused and done.returncode != 0,
        "refused: the hashes do not match" if refused else done.stderr[-200:],
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table of every attack, or of those with these numbers."""
    parser = argparse.ArgumentParser(prog="python -m studies.attacks", description=__doc__)
    parser.add_argument("--before", type=Path, help="an older checkout, for a column of its own")
    parser.add_argument("numbers", type=int, nargs="*", help="points to try; else all")
    options = parser.parse_args(arguments)
    checkouts = [each.resolve() for each in (options.before, HERE) if each]
    _say("| | tried | " + ("before | " if options.before else "") + "now | |")
    _say("|---" * (len(checkouts) + 3) + "|")
    broken = 0
    with TemporaryDirectory(prefix="attacks-") as name:
        codes = [Code(checkout, Path(name) / str(k)) for k, checkout in enumerate(checkouts)]
        for each in ATTACKS:
            if options.numbers and each.point not in options.numbers:
                continue
            found = [_tried(each, code) for code in codes]
            broken += not found[-1].held
            said = " | ".join(_cell(one.said, Path(name)) for one in found)
            _say(f"| {each.point} | {each.tried} | {said} | {'holds' if found[-1].held else 'BROKEN'} |")
    _say(f"\n{broken} broken.")
    return int(broken > 0)


def _tried(each: Attack, code: Code) -> Found:
    code.environment()
    try:
        return each.run(code)
    except Exception as error:  # noqa: BLE001 - one attack that cannot be made stops no other
        return Found(False, f"could not be tried: {type(error).__name__}: {error}")


def _cell(text: str, scratch: Path) -> str:
    shown = "".join(c if c.isprintable() else "?" for c in text.replace(str(scratch), "SCRATCH"))
    short = shown if len(shown) < 260 else f"{shown[:250]} …"
    return short.replace("|", "\\|").replace(str(Path.home()), "~")


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
