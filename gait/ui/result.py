"""One day's result: the landing that proves it, the cue in large type, then everything else."""

from collections.abc import Callable, Sequence

import streamlit as st

from gait import plain
from gait.analysis import Analysis, judge
from gait.coaching.assessment import Finding
from gait.coaching.words import amount, usual_text
from gait.errors import GaitError
from gait.export import overlay
from gait.export.figures import Picture, joint_curves
from gait.export.folder import write
from gait.export.pictures import frame_of_proof, shown, stills
from gait.export.proxy import proxy
from gait.export.report import rows
from gait.metrics.catalogue import CATALOGUE
from gait.metrics.words import absent_by_reason, unit_of
from gait.months.keep import Filed, Kept, as_advised, file
from gait.record import Record, record_of
from gait.store.domain import Day
from gait.ui.form import Form
from gait.ui.house import actor, current_runner, dark, store
from gait.ui.jobs import Reading
from gait.ui.metronome import metronome
from gait.ui.player.component import Look, Reel, player

BARS, JOINTS_A_ROW = 4, 3
LINES = "White: straight down from the hip. Red: overstride. Green: shin. Blue: trunk."
MIDLINE = "White: straight down from the middle of the hips."


def show(job: Reading, form: Form, ask: Callable[[Record, Kept | None], None]) -> None:
    """Judge the clips that were read, keep the day, show it.

    Parameters
    ----------
    ask
        Asks below the cue what only a person can say.
    """
    try:
        analysis = judge(job.clips, form.request(job.request.clips), job.refused)
    except GaitError as error:
        st.error(plain.markdown(str(error)))
        return
    kept = _kept(job, analysis, form)
    record = as_advised(kept.told) if kept else record_of(analysis)
    if kept:
        _last_time(kept)
        _corrected(kept)
    with st.container(key="gait_proof_and_cue"):
        left, right = st.columns([2, 3], gap="large")
    with right:
        advice(record)
    with left:
        landing_picture(job, analysis)
    ask(record, kept)
    _bars(record)
    with st.expander("All numbers"):
        table(record)
    _player(job, analysis)
    curves = joint_curves(record, dark=dark())
    if curves:
        st.subheader("Your joints over one stride")
        joints(curves, "over one stride: curves")
        st.caption(
            "Line: the middle of your strides, with their spread. Grey: the mean runner at your speed."
        )
    limits(record)
    _downloads(job, analysis)


def _kept(job: Reading, analysis: Analysis, form: Form) -> Kept | None:
    """Keep the day with the chosen runner; once for each change of what is known."""
    runner, record = current_runner(), record_of(analysis)
    over = st.session_state.pop("over_corrections", False)
    known = (job.ticket, id(job.made), runner.id, form)
    if st.session_state.get("kept_for") == known and not over:
        return st.session_state["kept"]  # type: ignore[no-any-return]
    day = Day(
        record.filmed_on,
        form.runner.speed_kmh,
        shoes=form.shoes,
        incline_pct=form.runner.incline_pct,
        in_pain=form.in_pain,
    )
    clips = [(clip.id, clip.clip.path) for clip in analysis.clips]
    try:
        new = Filed(record, day, clips, over_corrections=over)
        kept = file(store(), actor(), runner, new)
    except GaitError as error:
        st.warning(f"This day could not be kept: {plain.markdown(str(error))}")
        return None
    st.session_state["kept_for"], st.session_state["kept"] = known, kept
    return kept


def _last_time(kept: Kept) -> None:
    """What the day before said, and what can be said of the difference."""
    name = plain.markdown(kept.runner.name)
    check = kept.told.since.check if kept.told.since else None
    if check is not None:
        st.info(f"**Since your cue:** {plain.markdown(check.text)}")
    elif kept.last is not None and kept.told.since is not None and kept.told.since.gate:
        st.info(f"**Last time:** {plain.markdown(kept.told.since.gate[0].text)}")
    st.caption(f"Kept with {name}, {kept.assessment.day.filmed_on:%d %B %Y}.")


def _corrected(kept: Kept) -> None:
    """Say that a day corrected by hand stays, and let it be replaced."""
    if not kept.corrected:
        return
    st.info(
        "These clips were kept before and corrected by hand since. The corrected numbers stay, and are the "
        "ones here; pictures and downloads are as the clips were read now."
    )
    st.button("Put this reading in its place", key="replace_corrected", on_click=_replace_corrected)


def _replace_corrected() -> None:
    st.session_state["over_corrections"] = True


def advice(record: Record) -> None:
    """The cue in large type, or why there is none."""
    cue = record.advice.cue
    if cue is None:
        with st.container(border=True):
            st.html('<p class="gait-say">No cue this time.</p>')
            st.markdown(plain.markdown(record.advice.why))
        return
    with st.container(border=True):
        st.html(f'<p class="gait-say">{plain.markup(cue.text)}</p>')
        st.markdown(plain.markdown(record.advice.why))
        if cue.drill not in record.advice.why:
            st.markdown(f"**Drill.** {plain.markdown(cue.drill)}")
        if cue.target_cadence_spm is not None:
            metronome(cue.target_cadence_spm, "beat")
        if cue.weeks:
            weeks = enumerate(cue.weeks, start=1)
            st.markdown("**How much.**\n" + "\n".join(f"- Week {k}: {plain.markdown(w)}" for k, w in weeks))
        elif cue.dose != cue.drill:
            st.markdown(f"**How much.** {plain.markdown(cue.dose)}")
        st.markdown(
            f"**Film again on {cue.retest:%d %B %Y}**, same speed, shoes, side and camera. "
            f"{plain.markdown(f'{cue.expect} {cue.film_twice}')}"
        )
        with st.expander("If that does not click, and what to mind"):
            st.markdown(plain.markdown(cue.fallback))
            st.markdown("\n".join(f"- {plain.markdown(note)}" for note in cue.notes))


def landing_picture(job: Reading, analysis: Analysis) -> None:
    """The most typical landing with its lines, and what they mean."""
    main = shown(analysis)[0]
    proof = overlay.typical(main.landings)
    if proof is None:
        st.info("No landing could be read in these clips: the film below shows what was seen.")
        return
    path = job.folder / f"proof_{main.clip.clip.sha256[:16]}_{proof.number}.jpg"
    if not path.exists():
        path.write_bytes(stills(main.clip, [proof])[proof.number])
    st.image(str(path), alt=f"Landing {proof.number}, {proof.contact.side} foot, with the lines drawn in")
    st.caption(f"Landing {proof.number}, {proof.contact.side} foot. {LINES if proof.lined else MIDLINE}")


def _bars(record: Record) -> None:
    """The numbers that the cue rests on, or what is judged, as bars: you, and what is usual."""
    chosen = list(record.advice.findings) or [f for f in record.findings if f.verdict]
    chosen += [f for f in record.findings if f not in chosen]
    if chosen:
        st.subheader("You, and what is usual at your speed")
        bars = "".join(_bar(finding) for finding in chosen[:BARS])
        st.html(f'<div class="gait-bars">{bars}</div>')


def _bar(finding: Finding) -> str:
    metric = CATALOGUE[finding.metric]
    low, high = finding.usual
    low = low if low > -1e9 else finding.norm - 2 * finding.limit
    high = high if high < 1e9 else finding.norm + 2 * finding.limit
    spread = 2 * finding.unsure
    least, most = min(low, finding.value - spread), max(high, finding.value + spread)
    room = 0.15 * (most - least) or 1.0
    least, most = least - room, most + room

    def at(value: float) -> float:
        return 100 * (value - least) / (most - least)

    name = f"{metric.label}, {finding.side}" if finding.side else metric.label
    you = amount(finding.metric, finding.value, finding.unit)
    words = f"<b>{plain.markup(name)}</b>you {plain.markup(you)}, usual {plain.markup(usual_text(finding))}"
    track = (
        f'<div class="gait-usual" style="left:{at(low):.1f}%;width:{at(high) - at(low):.1f}%"></div>'
        f'<div class="gait-range" style="left:{at(finding.value - spread):.1f}%;'
        f'width:{at(finding.value + spread) - at(finding.value - spread):.1f}%"></div>'
        f'<div class="gait-you" style="left:{at(finding.value):.1f}%"></div>'
    )
    return (
        f'<div class="gait-bar"><div class="words">{words}</div><div class="gait-track">{track}</div></div>'
    )


def joints(pictures: Sequence[Picture], what: str) -> None:
    """A picture for each joint: three in a row, one below the other on a phone."""
    for row in range(0, len(pictures), JOINTS_A_ROW):
        of_row = pictures[row : row + JOINTS_A_ROW]
        for column, picture in zip(st.columns(JOINTS_A_ROW), of_row, strict=False):
            column.image(picture.png, width="stretch", alt=f"{picture.name} {what}")


def table(record: Record) -> None:
    """Every number, with what is usual."""
    st.table(
        [
            {"What": row.name, "You": row.value, "Usual at your speed": row.usual, "": row.verdict}
            for row in rows(record)
        ]
    )
    if record.differences:
        st.markdown("**Left less right**")
        st.table(
            [
                {
                    "What": metric.label,
                    "Left less right": f"{each.value:+z.{metric.decimals}f}{unit_of(each.unit)}",
                    "": "" if each.clear else "not more than two films differ by themselves",
                }
                for each, metric in ((each, CATALOGUE[each.name]) for each in record.differences)
            ]
        )
    st.caption(
        "± is how far off a number can be, in all but one case of twenty. High and low are said only where "
        "the number stays outside of the usual range even so."
    )


def _player(job: Reading, analysis: Analysis) -> None:
    st.subheader("Frame by frame")
    names = [clip.clip.path.name for clip in analysis.clips]
    chosen = 0
    if len(names) > 1:
        main = names.index(analysis.main.clip.path.name)
        chosen = names.index(st.selectbox("Clip", names, index=main, key="player_clip"))
    clip = analysis.clips[chosen]
    proxies = st.session_state.setdefault("proxies", {})
    key = (job.ticket, clip.id, id(clip))
    if key not in proxies:
        proxies.clear()
        proxies[key] = proxy(clip)
    folder = job.folder / "frames" / clip.clip.sha256[:16]
    folder.mkdir(parents=True, exist_ok=True)
    reel = Reel(clip.id, f"from the {clip.view}", proxies[key], folder)
    player([reel], key="measure_player", look=Look(frame=frame_of_proof(clip, analysis.scale)))


def limits(record: Record) -> None:
    """What was not used, what limits the clips, what is not shown: a line each."""
    if record.refused:
        st.subheader("Clips that were not used")
        st.markdown(
            "\n".join(f"- **{plain.markdown(r.file)}**: {plain.markdown(r.text)}" for r in record.refused)
        )
    if record.doubts:
        st.subheader("What limits this")
        st.markdown("\n".join(_doubts(record)))
    with st.expander("How fast it was filmed, and what is not shown"):
        for clip in record.clips:
            proof = plain.markdown("; ".join(clip.time_base.evidence))
            st.markdown(f"- **{plain.markdown(clip.file)}**: {proof}")
        absent = absent_by_reason(record.measurements)
        st.markdown("\n".join(f"- **{names}**: {plain.markdown(reason)}" for reason, names in absent.items()))


def _doubts(record: Record) -> Sequence[str]:
    several = len(record.clips) > 1
    return [
        "- " + (f"**{plain.markdown(d.clip)}**: " if several and d.clip else "") + plain.markdown(d.text)
        for d in record.doubts
    ]


def _downloads(job: Reading, analysis: Analysis) -> None:
    st.subheader("Take it with you")
    folder = job.folder / "result"
    made = folder / "report.html"
    if not made.exists():
        if not st.button("Make the report and the video", key="make"):
            return
        with st.spinner("Drawing the pictures"):
            try:
                write(analysis, folder)
            except GaitError as error:
                st.error(plain.markdown(str(error)))
                return
    files = (
        ("Report", "report.html", "text/html"),
        ("Video", "annotated.mp4", "video/mp4"),
        ("All numbers", "analysis.json", "application/json"),
    )
    for column, (label, name, kind) in zip(st.columns(len(files)), files, strict=True):
        column.download_button(label, (folder / name).read_bytes(), name, kind, width="stretch")
