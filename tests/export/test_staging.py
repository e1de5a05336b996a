"""Results are whole or not there, and what somebody else wrote is never touched."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gait.errors import BadRequest, OutputFailed
from gait.export import folder, staging

RECORD = "analysis.json"
NAMES = (RECORD, "report.html", "annotated.mp4", "touchdown_01_left.jpg", "touchdown_02_left.jpg")
THEIR_NAMES = (*NAMES, "touchdown_notes.jpg", "clip.mov")
contents = st.dictionaries(st.sampled_from(NAMES), st.binary(max_size=3), min_size=1)


def put(directory: Path, files: dict[str, bytes], register: Path | None = None) -> None:
    with staging.stage(directory, register) as place:
        for name, content in files.items():
            (place / staging.NEW / name).write_bytes(content)
        staging.put_in_place(place, directory, RECORD)


def shown(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in directory.iterdir() if not path.name.startswith(".")}


def hidden(directory: Path) -> set[str]:
    return {path.name for path in directory.iterdir() if path.name.startswith(".")} - {staging.LIST}


@contextmanager
def fresh() -> Iterator[Path]:
    with TemporaryDirectory() as name:
        yield Path(name)


@settings(deadline=None, max_examples=60)
@given(st.lists(contents, min_size=1, max_size=4))
def test_the_last_results_are_there_and_no_others(rounds: list[dict[str, bytes]]) -> None:
    with fresh() as directory:
        for files in rounds:
            put(directory, files)
        assert shown(directory) == rounds[-1]
        assert hidden(directory) == set()


@settings(deadline=None, max_examples=100)
@given(
    contents,
    contents,
    st.dictionaries(st.sampled_from([*NAMES, "touchdown_notes.jpg", "clip.mov"]), st.binary()),
)
def test_a_file_of_somebody_else_survives_everything(
    first: dict[str, bytes], second: dict[str, bytes], theirs: dict[str, bytes]
) -> None:
    with fresh() as directory:
        put(directory, first)
        for name, content in theirs.items():
            (directory / name).unlink(missing_ok=True)
            (directory / name).write_bytes(b"theirs" + content)
        before = shown(directory)
        taken = set(theirs) & set(second)
        if taken:
            with pytest.raises(staging.NotOurs):
                put(directory, second)
            assert shown(directory) == before
        else:
            put(directory, second)
            assert shown(directory) == second | {name: before[name] for name in theirs}
        assert hidden(directory) == set()


class Killed(BaseException):
    """Stands for the end of the program at one step: nothing cleans up after it."""


def steps_until(stop: int, patch: pytest.MonkeyPatch) -> list[str]:
    """Let the program die before its n-th change of the disk."""
    done: list[str] = []

    def counted(name: str, real: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **options: object) -> object:
            if len(done) == stop:
                raise Killed
            done.append(name)
            return real(*arguments, **options)

        return call

    for name in ("link", "replace", "rename", "unlink"):
        patch.setattr(os, name, counted(name, getattr(os, name)))
    patch.setattr(staging, "_undo", lambda *_: None)
    patch.setattr(staging, "_remove", lambda _: None)
    return done


@pytest.mark.parametrize("stop", range(1, 40))
def test_a_program_killed_at_any_step_leaves_the_old_or_the_new_or_no_record(
    stop: int, tmp_path: Path
) -> None:
    old = {name: b"old " + name.encode() for name in NAMES[:4]}
    new = {name: b"new " + name.encode() for name in (*NAMES[:3], NAMES[4])}
    put(tmp_path, old)
    with pytest.MonkeyPatch.context() as patch, suppress(Killed):
        steps_until(stop, patch)
        put(tmp_path, new)
    left = shown(tmp_path)
    kinds = {content.split()[0] for content in left.values()}
    assert len(kinds) <= 1, left
    assert RECORD not in left or left in (old, new)
    staging.sweep(tmp_path)
    assert shown(tmp_path) in (old, new)
    assert hidden(tmp_path) == set()
    put(tmp_path, new)
    assert shown(tmp_path) == new


@pytest.mark.parametrize("stop", range(0, 30, 3))
def test_a_disk_that_fails_at_any_step_leaves_what_was_there(stop: int, tmp_path: Path) -> None:
    old = {name: b"old " + name.encode() for name in NAMES[:4]}
    put(tmp_path, old)
    failed = False
    with pytest.MonkeyPatch.context() as patch:
        count = 0
        link = os.link

        def full(*arguments: object, **options: object) -> None:
            nonlocal count
            count += 1
            if count == stop // 3 + 1:
                raise OSError(5, "the disk fails")
            link(*arguments, **options)  # type: ignore[arg-type]

        patch.setattr(os, "link", full)
        patch.setattr(Path, "rename", lambda *_: (_ for _ in ()).throw(OSError(5, "the disk fails")))
        try:
            put_without_lock(tmp_path, {name: b"new" for name in NAMES})
        except OSError:
            failed = True
    assert failed == (stop // 3 < len(NAMES))
    assert shown(tmp_path) == (old if failed else {name: b"new" for name in NAMES})


def put_without_lock(directory: Path, files: dict[str, bytes]) -> None:
    place = directory / ".gait-0000000000000000"
    for part in (staging.NEW, staging.OLD):
        (place / part).mkdir(parents=True)
    for name, content in files.items():
        (place / staging.NEW / name).write_bytes(content)
    staging.put_in_place(place, directory, RECORD)


def test_two_analyses_at_once_leave_one_of_them(tmp_path: Path) -> None:
    with staging.stage(tmp_path) as one, staging.stage(tmp_path) as other:
        for place, content in ((one, b"1"), (other, b"2")):
            for name in NAMES:
                (place / staging.NEW / name).write_bytes(content)
        staging.sweep(tmp_path)
        staging.put_in_place(one, tmp_path, RECORD)
        staging.put_in_place(other, tmp_path, RECORD)
    assert set(shown(tmp_path).values()) == {b"2"}


@pytest.mark.parametrize("name", ["annotated.mp4", "report.html", "touchdown_03_right.jpg", staging.LIST])
def test_a_name_that_is_taken_is_said_before_the_work_starts(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"mine")
    with pytest.raises(OutputFailed, match="would be replaced") as caught:
        folder.require_writable(tmp_path)
    assert name in str(caught.value)
    assert (tmp_path / name).read_bytes() == b"mine"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_result_that_the_user_changed_is_theirs(tmp_path: Path) -> None:
    put(tmp_path, {"report.html": b"ours"})
    folder.require_writable(tmp_path)
    (tmp_path / "report.html").write_bytes(b"ours, with notes")
    with pytest.raises(OutputFailed):
        folder.require_writable(tmp_path)


@pytest.mark.parametrize(
    "make", [Path.mkdir, lambda path: path.symlink_to("elsewhere")], ids=["folder", "link"]
)
def test_a_folder_or_a_link_of_that_name_is_theirs(make: Callable[[Path], None], tmp_path: Path) -> None:
    put(tmp_path, {"annotated.mp4": b"ours"})
    (tmp_path / "annotated.mp4").unlink()
    make(tmp_path / "annotated.mp4")
    with pytest.raises(OutputFailed):
        folder.require_writable(tmp_path)


def test_their_notes_beside_the_results_are_no_matter(tmp_path: Path) -> None:
    (tmp_path / "touchdown_notes.jpg").write_bytes(b"mine")
    (tmp_path / "clip.mov").write_bytes(b"mine")
    folder.require_writable(tmp_path)
    assert set(shown(tmp_path)) == {"touchdown_notes.jpg", "clip.mov"}


@pytest.mark.parametrize("text", ["", " ", "/", "//", "/usr/.."])
def test_no_name_and_the_root_are_refused(text: str) -> None:
    with pytest.raises(BadRequest) as caught:
        folder.named(text)
    assert caught.value.field == "out"


def test_a_place_that_cannot_be_written_leaves_no_folder_behind(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"mine")
    with pytest.raises(OutputFailed):
        folder.require_writable(tmp_path / "file" / "deeper")
    folder.require_writable(tmp_path / "new" / "deeper")
    assert shown(tmp_path) == {"file": b"mine"}


UNPRIVILEGED = """
import os, sys
from pathlib import Path
from gait.errors import OutputFailed
from gait.export import folder
os.setgroups([]); os.setgid(65534); os.setuid(65534)
try:
    folder.require_writable(Path(sys.argv[1]))
    print("can be written")
except OutputFailed as error:
    print(error)
"""


@pytest.mark.skipif(os.name != "posix" or os.getuid() != 0, reason="needs to become somebody else")
def test_what_counts_is_the_folder_itself_not_the_one_above(tmp_path: Path) -> None:
    for above in [tmp_path, *tmp_path.parents[:3]]:
        above.chmod(0o755)
    for name, mode in (("theirs", 0o777), ("closed", 0o555)):
        (tmp_path / name).mkdir()
        (tmp_path / name).chmod(mode)
    said = {name: as_nobody(tmp_path / name) for name in ("theirs", "closed", "absent")}
    assert "can be written" in said["theirs"]
    assert "Permission denied" in said["closed"]
    assert "Permission denied" in said["absent"]


def as_nobody(directory: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", UNPRIVILEGED, str(directory)], capture_output=True, text=True, check=True
    )
    return done.stdout


def test_names_that_are_no_utf_8_can_be_written_to(tmp_path: Path) -> None:
    directory = tmp_path / os.fsdecode(b"l\xe4uft")
    folder.require_writable(directory)
    put(directory, {RECORD: b"new"})
    assert shown(directory) == {RECORD: b"new"}
    (directory / "report.html").write_bytes(b"mine")
    with pytest.raises(OutputFailed) as caught:
        folder.require_writable(directory)
    str(caught.value).encode()


WRITER = """
import sys, time
from pathlib import Path
from gait.export import folder, staging
with folder.ended_cleanly(), staging.stage(Path(sys.argv[1]), Path(sys.argv[2])) as place:
    (place / staging.NEW / "touchdown_01_left.jpg").write_bytes(b"a picture of the runner")
    print("writing", flush=True)
    time.sleep(60)
"""


def hears_every_signal() -> None:
    """A shell starts what runs behind it deaf to Ctrl-C; a test must not depend on it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def writing(directory: Path, register: Path) -> "subprocess.Popen[str]":
    running = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(directory), str(register)],
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=hears_every_signal,
    )
    assert running.stdout is not None
    assert running.stdout.readline() == "writing\n"
    return running


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_polite_end_leaves_nothing(number: signal.Signals, tmp_path: Path) -> None:
    running = writing(tmp_path / "results", tmp_path / "register")
    running.send_signal(number)
    running.communicate(timeout=10)
    assert not (tmp_path / "results").exists()
    assert list((tmp_path / "register").iterdir()) == []
    if number is not signal.SIGINT:
        assert running.returncode == 128 + number


def test_where_a_closed_terminal_is_ignored_a_polite_end_still_leaves_nothing(tmp_path: Path) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup leaves it to what it starts
    try:
        running = writing(tmp_path / "results", tmp_path / "register")
    finally:
        signal.signal(signal.SIGHUP, before)
    running.send_signal(signal.SIGHUP)
    time.sleep(0.2)
    assert running.poll() is None
    running.send_signal(signal.SIGTERM)
    running.communicate(timeout=10)
    assert running.returncode == 128 + signal.SIGTERM
    assert not (tmp_path / "results").exists()


def test_what_a_killed_program_left_is_swept_at_the_next_start_wherever_that_writes(tmp_path: Path) -> None:
    register = tmp_path / "register"
    killed, living = writing(tmp_path / "one", register), writing(tmp_path / "two", register)
    killed.kill()
    killed.communicate(timeout=10)
    assert hidden(tmp_path / "one")
    staging.sweep_noted(register)
    assert list((tmp_path / "one").iterdir()) == []
    assert hidden(tmp_path / "two"), "a living program's stage was removed"
    living.terminate()
    living.communicate(timeout=10)


def test_a_program_killed_while_it_tidies_up_leaves_what_the_next_one_finds(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch, suppress(Killed):
        real = staging.shutil.rmtree

        def killed_after(place: Path, **options: bool) -> None:
            real(place, **options)
            raise Killed

        patch.setattr(staging.shutil, "rmtree", killed_after)
        put(tmp_path, {RECORD: b"new"})
    assert hidden(tmp_path)
    staging.sweep(tmp_path)
    assert shown(tmp_path) == {RECORD: b"new"}
    assert hidden(tmp_path) == set()


def test_a_hidden_folder_of_somebody_else_stays(tmp_path: Path) -> None:
    theirs = tmp_path / ".gait-0123456789abcdef"
    theirs.mkdir()
    (theirs / "diary").write_bytes(b"mine")
    staging.sweep(tmp_path)
    assert (theirs / "diary").read_bytes() == b"mine"
