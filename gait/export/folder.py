"""Write everything about an analysis into one folder, whole files or none."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from errno import ENOTDIR
from pathlib import Path

from gait.analysis import Analysis, Progress
from gait.errors import OutputFailed
from gait.export.pictures import draw
from gait.export.report import report_html
from gait.record import to_json


def write(
    analysis: Analysis, directory: Path, progress: Progress = lambda what, done, total: None
) -> tuple[Path, ...]:
    """Write record, report, annotated video and touchdown pictures; return their paths.

    Everything is made in a scratch folder beside the target and moved over when complete, so an
    interrupted run leaves nothing half-written. Pictures of an earlier analysis are replaced.

    Raises
    ------
    OutputFailed
        If the folder cannot be written.
    """
    with _told_in_words(directory), _scratch_beside(directory) as scratch:
        draw(analysis, scratch, progress)
        (scratch / "report.html").write_text(report_html(analysis, scratch), encoding="utf-8")
        (scratch / "analysis.json").write_text(to_json(analysis) + "\n", encoding="utf-8")
        return _move(scratch, directory)


def require_writable(directory: Path) -> None:
    """Find out before the work starts whether the results can be written.

    Raises
    ------
    OutputFailed
        If the folder cannot be written.
    """
    with _told_in_words(directory):
        if directory.exists() and not directory.is_dir():
            raise NotADirectoryError(ENOTDIR, "a file is in the way")
        with _scratch_beside(directory):
            pass


@contextmanager
def _scratch_beside(directory: Path) -> Iterator[Path]:
    directory.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=directory.parent, prefix=".gait-") as name:
        yield Path(name)


@contextmanager
def _told_in_words(directory: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputFailed(
            f"The results could not be written to {directory} ({error.strerror or error}): "
            "choose another folder."
        ) from error


def _move(scratch: Path, directory: Path) -> tuple[Path, ...]:
    directory.mkdir(exist_ok=True)
    made = sorted(scratch.iterdir())
    for path in made:
        shutil.move(path, directory / path.name)
    current = {path.name for path in made}
    for old in directory.glob("*touchdown_*.jpg"):
        if old.name not in current:
            old.unlink()
    return tuple(directory / path.name for path in made)
