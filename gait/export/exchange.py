"""An analysis for other programs: every step as a table, markers as TRC, C3D and netCDF, and the signs."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum, auto
from pathlib import Path

from gait import plain
from gait.analysis import Analysis, ClipAnalysis
from gait.errors import BadRequest, Reason
from gait.export import staging
from gait.export.c3d import require_c3d, write_c3d
from gait.export.folder import ended_cleanly, register, told_in_words
from gait.export.markers import in_metres, in_pixels
from gait.export.netcdf import require_netcdf, write_netcdf
from gait.export.steps import Of, steps_csv, summary_csv
from gait.export.trc import trc
from gait.metrics.catalogue import CATALOGUE
from gait.pose import trackfile
from gait.record import record_of

README = "README.txt"
CONVENTIONS = Path(__file__).with_name("conventions.txt")
RUNNER = "runner"
NO_METRES = Reason(
    "no-scale", "Metres need a scale: give the runner's height or the belt's speed.", "height_cm"
)


class Format(StrEnum):
    """What can be written."""

    CSV = auto()
    TRC = auto()
    C3D = auto()
    NETCDF = auto()
    LANDMARKS = auto()


@dataclass(frozen=True)
class Written:
    """What was written, and what could not be."""

    paths: tuple[Path, ...]
    left_out: tuple[Reason, ...]


def formats(text: str) -> tuple[Format, ...]:
    """Read a list of formats, such as ``csv,trc``.

    Raises
    ------
    BadRequest
        If one is not known, or the package for it is missing.
    """
    names = list(dict.fromkeys(name.strip().lower() for name in text.split(",") if name.strip()))
    known = {each.value for each in Format}
    strange = [name for name in names if name not in known]
    if strange or not names:
        raise BadRequest(
            f"“{', '.join(strange) or text}” is no format: choose from {', '.join(Format)}.", id="format"
        )
    needs: dict[str, Callable[[], None]] = {Format.C3D: require_c3d, Format.NETCDF: require_netcdf}
    for name in names:
        needs.get(name, lambda: None)()
    return tuple(map(Format, names))


def write(analysis: Analysis, directory: Path, wanted: Sequence[Format], subject: str = "") -> Written:
    """Write an analysis for other programs, all of it or nothing.

    Parameters
    ----------
    subject
        What the runner is called in the files; may be empty.

    Raises
    ------
    OutputFailed
        If the folder cannot be written, or a name is taken by a file that this program did not write.
    """
    with told_in_words(directory), ended_cleanly(), staging.stage(directory, register()) as place:
        new = place / staging.NEW
        left_out = tuple(dict.fromkeys(_fill(analysis, new, wanted, subject)))
        (new / README).write_text(_readme(analysis), encoding="utf-8")
        return Written(staging.put_in_place(place, directory, README), left_out)


def _fill(analysis: Analysis, new: Path, wanted: Sequence[Format], subject: str) -> Iterator[Reason]:
    if Format.CSV in wanted:
        day = analysis.request.filmed_on
        of = Of(f"{subject} {day}".strip(), day)
        tables = {
            "steps.csv": steps_csv(of, analysis.clips, analysis.scale),
            "summary.csv": summary_csv(of, record_of(analysis)),
        }
        for name, text in tables.items():
            (new / name).write_text(text, encoding="utf-8", newline="")
    for read, stem in zip(analysis.clips, stems(analysis.clips), strict=True):
        yield from _markers(analysis, read, new / stem, (wanted, subject))
        if Format.LANDMARKS in wanted:
            with (new / f"{stem}{trackfile.SUFFIX}").open("xb") as file:
                trackfile.save(read.track, file)


def _markers(
    analysis: Analysis, read: ClipAnalysis, stem: Path, how: tuple[Sequence[Format], str]
) -> Iterator[Reason]:
    wanted, subject = how
    each = [(in_pixels(read), f"{stem.name}_px")]
    if analysis.scale is not None:
        each.append((in_metres(read, analysis.scale.leg_m), stem.name))
    elif set(wanted) - {Format.CSV, Format.LANDMARKS}:
        yield NO_METRES
    for markers, name in each:
        if Format.TRC in wanted:
            path = stem.with_name(f"{name}.trc")
            path.write_text(trc(markers, path.name), encoding="utf-8", newline="")
        if Format.NETCDF in wanted:
            write_netcdf(markers, stem.with_name(f"{name}.nc"), subject or RUNNER)
        if Format.C3D in wanted and markers.unit == "m":
            try:
                write_c3d(markers, stem.with_name(f"{name}.c3d"))
            except BadRequest as error:
                yield error.reason


def stems(clips: Sequence[ClipAnalysis]) -> tuple[str, ...]:
    """Name the files of each clip: as its own, without spaces; with its number where two are alike."""
    names = ["_".join(plain.file_name(read.clip.path.stem).split()) for read in clips]
    alike = [names.count(name) > 1 or name.lower() in ("steps", "summary") for name in names]
    return tuple(
        f"{name}_{k}" if same else name for k, (name, same) in enumerate(zip(names, alike, strict=True), 1)
    )


def _readme(analysis: Analysis) -> str:
    scale, made = analysis.scale, analysis.provenance
    head = [
        f"Written by gait {made.gait} (method {made.method}, mediapipe {made.mediapipe},",
        f"pose model SHA-256 {made.model_sha256}).",
        f"Filmed on {analysis.request.filmed_on}.",
        f"Thigh plus shank {scale.leg_m:.3f} ± {scale.sd_m:.3f} m, from {scale.source}."
        if scale
        else "No scale: neither height nor belt speed was given, so there is nothing in metres.",
    ]
    clips = [
        f"  {stem}: {plain.line(read.id)}, {read.view} view, {read.base.capture_fps:.6g} frames/s, "
        f"SHA-256 {read.clip.sha256}"
        for read, stem in zip(analysis.clips, stems(analysis.clips), strict=True)
    ]
    metrics = [f"  {m.name:30}{m.unit:11}{m.label}: {m.meaning}" for m in CATALOGUE.values()]
    text = [*head, "", "Clips", "-----", *clips, "", CONVENTIONS.read_text(encoding="utf-8"), "Metrics"]
    return plain.readable("\n".join([*text, "-------", *metrics]) + "\n")
