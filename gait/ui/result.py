"""Show an analysis in a page: the cue, the frames that prove it, the numbers, the limits."""

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from gait.analysis import Analysis
from gait.export import overlay
from gait.export.figures import joint_curves_png
from gait.export.folder import write
from gait.export.pictures import shown, stills
from gait.export.report import rows
from gait.metrics.words import absent_by_reason
from gait.record import Record, record_of


@dataclass(frozen=True, eq=False)
class Result:
    """An analysis, and the folder that its report, videos and pictures are written to when asked for."""

    analysis: Analysis
    folder: Path


def show(result: Result) -> None:
    """Show everything, the cue first."""
    record = record_of(result.analysis)
    proof, said = st.columns([2, 3])
    with said:
        _advice(record)
    with proof:
        _proof(result.analysis)
    _table(record)
    curves = joint_curves_png(record)
    if curves is not None:
        st.subheader("Your joints over one stride")
        st.image(curves)
        st.caption(
            "Line: the middle of your strides, with their spread. Grey: the mean runner at your speed."
        )
    _limits(record)
    _downloads(result)


def _advice(record: Record) -> None:
    cue = record.advice.cue
    if cue is None:
        st.info(f"**No cue.** {record.advice.why}")
        return
    with st.container(border=True):
        st.header(cue.text)
        st.write(record.advice.why)
        st.markdown(f"**Drill.** {cue.drill}")
        st.markdown(f"**How much.** {cue.dose}")
        st.markdown(
            f"**Film again** on {cue.retest:%d %B %Y}: same speed, shoes, side and camera. {cue.expect}"
        )


def _proof(analysis: Analysis) -> None:
    main = shown(analysis)[0]
    proof = overlay.typical(main.landings)
    if proof is None:
        return
    numbers = [landing.number for landing in main.landings]
    chosen = proof.number
    if len(numbers) > 1:
        chosen = st.select_slider("Landing", numbers, value=proof.number, key="landing")
    landing = main.landings[numbers.index(chosen)]
    st.image(stills(main.clip, [landing])[landing.number])
    st.caption(
        f"Landing {landing.number}, {landing.contact.side} foot, at {landing.contact.touchdown_s:.3f} s. "
        "White: straight down from the hip. Red: overstride. Green: shin. Blue: trunk."
    )


def _table(record: Record) -> None:
    st.subheader("What was measured")
    st.table(
        [
            {"What": row.name, "You": row.value, "Usual at your speed": row.usual, "": row.verdict}
            for row in rows(record)
        ]
    )


def _limits(record: Record) -> None:
    st.subheader("How fast it was filmed")
    for clip in record.clips:
        st.markdown(f"- **{clip.file}**: {'; '.join(clip.time_base.evidence)}.")
    if record.refused:
        st.subheader("Clips that were not used")
        st.markdown("\n".join(f"- **{each.file}**: {each.text}" for each in record.refused))
    if record.doubts:
        st.subheader("What limits this")
        st.markdown("\n".join(f"- {doubt.text}" for doubt in record.doubts))
    st.subheader("What is not shown, and why")
    absent = absent_by_reason(record.measurements)
    st.markdown("\n".join(f"- **{names}**: {reason}." for reason, names in absent.items()))


def _downloads(result: Result) -> None:
    st.subheader("Take it with you")
    if not (result.folder / "report.html").exists():
        if not st.button("Make report and video", key="make"):
            return
        with st.spinner("Drawing the pictures"):
            write(result.analysis, result.folder)
    files = (
        ("Report", "report.html", "text/html"),
        ("Annotated video", "annotated.mp4", "video/mp4"),
        ("All numbers", "analysis.json", "application/json"),
    )
    for column, (label, name, kind) in zip(st.columns(len(files)), files, strict=True):
        column.download_button(label, (result.folder / name).read_bytes(), name, kind, width="stretch")
