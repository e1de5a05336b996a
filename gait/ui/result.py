"""Show an analysis in a page: the cue, the frames that prove it, the numbers, the limits."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import streamlit as st

from gait.analysis import Analysis
from gait.coaching.assessment import finding_of
from gait.coaching.words import usual_text
from gait.export import overlay
from gait.export.figures import joint_curves_png
from gait.export.pictures import touchdown_name
from gait.metrics.labels import LABELS, absent_by_reason, title, value_text
from gait.ui.words import for_page


@dataclass(frozen=True, eq=False)
class Result:
    """An analysis and the folder that its pictures were written to; both go when the page is left."""

    analysis: Analysis
    scratch: TemporaryDirectory[str]

    @property
    def folder(self) -> Path:
        """Where the report, the video and the pictures are."""
        return Path(self.scratch.name) / "result"


def show(result: Result) -> None:
    """Show everything, the cue first."""
    _advice(result)
    _landings(result)
    _table(result.analysis)
    st.subheader("Your joints over one stride")
    st.image(joint_curves_png(result.analysis))
    st.caption("Thin: each stride. Thick: their middle. Grey: the mean runner at your speed, 5° either way.")
    _limits(result.analysis)
    _downloads(result)


def _advice(result: Result) -> None:
    advice = result.analysis.advice
    if advice.cue is None:
        st.info(f"**No cue.** {for_page(advice.why)}")
        return
    cue = advice.cue
    with st.container(border=True):
        st.header(cue.text)
        st.write(for_page(advice.why))
        st.markdown(f"**Drill.** {cue.drill}")
        st.markdown(f"**Dose.** {cue.dose}")
        st.markdown(
            f"**Film again** on {cue.retest:%d %B %Y}: same speed, shoes, side and camera. {cue.expect} "
            f"{cue.film_twice}"
        )
        st.markdown(f"**If that does not click.** {cue.fallback}")
        st.caption(" ".join(cue.notes))


def _landings(result: Result) -> None:
    landings = overlay.landings(result.analysis.side, result.analysis.scale)
    proof = overlay.typical(landings)
    if proof is None:
        return
    st.subheader("Every landing")
    numbers = [landing.number for landing in landings]
    chosen = st.select_slider("Landing", numbers, value=proof.number, key="landing")
    landing = landings[numbers.index(chosen)]
    picture, video = st.columns(2)
    picture.image(str(result.folder / touchdown_name(landing)))
    picture.caption(
        f"Landing {landing.number}, {landing.contact.side} foot, at {landing.contact.touchdown_s:.3f} s. "
        "White: straight down from the hip. Red: overstride. Green: shin. Blue: trunk."
    )
    video.video(str(result.folder / "annotated.mp4"))
    video.caption("The clip in slow motion; the numbers show at each landing.")


def _table(analysis: Analysis) -> None:
    st.subheader("What was measured")
    rows = []
    for measurement in analysis.measurements:
        if measurement.why_missing is None:
            finding = finding_of(analysis.findings, measurement)
            rows.append(
                {
                    "What": title(measurement),
                    "You": value_text(measurement),
                    "Usual at your speed": usual_text(finding) if finding else "",
                    "": finding.verdict if finding else "",
                    "Steps": str(measurement.n),
                    "Meaning": LABELS[measurement.name].meaning,
                }
            )
    st.table(rows)
    st.caption(
        "± holds the true value about 19 times in 20, as far as this tool knows its own errors. "
        "High and low: outside of what is usual by more than this clip leaves in doubt."
    )


def _limits(analysis: Analysis) -> None:
    st.subheader("How fast it was filmed")
    for clip in analysis.clips:
        st.markdown(f"- **{clip.clip.path.name}**: {'; '.join(clip.proof)}.")
    if analysis.doubts:
        st.subheader("What limits this clip")
        st.markdown("\n".join(f"- {for_page(doubt.text)}" for doubt in analysis.doubts))
    st.subheader("What is not shown, and why")
    absent = absent_by_reason(analysis.measurements)
    st.markdown("\n".join(f"- **{names}**: {for_page(reason)}." for reason, names in absent.items()))


def _downloads(result: Result) -> None:
    st.subheader("Take it with you")
    files = (
        ("Report", "report.html", "text/html"),
        ("Annotated video", "annotated.mp4", "video/mp4"),
        ("All numbers", "analysis.json", "application/json"),
    )
    for column, (label, name, kind) in zip(st.columns(len(files)), files, strict=True):
        column.download_button(label, (result.folder / name).read_bytes(), name, kind, width="stretch")
