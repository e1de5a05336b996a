"""Drawings, notes and joints put right: as the player has them, and as the store keeps them.

A note is kept twice: what it says, by whom and when, pinned to a frame and a joint; and, among the drawings,
where in the picture it stands.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from gait.body import JOINTS, Landmark
from gait.export.proxy import Proxy
from gait.store import annotations
from gait.store.database import Store
from gait.store.domain import Actor, Note, Pin
from gait.store.domain import Mark as KeptMark
from gait.ui.player.state import Mark, MarkKind, Point

NOT_DRAWN = frozenset({"note", "joint"})
NAMES = {landmark: name for name, landmark in JOINTS.items()}
Points = Mapping[tuple[int, Landmark], Point]
"""Where a joint was moved to, by frame and landmark."""
NOWHERE: Points = MappingProxyType({})


def kept_marks(store: Store, actor: Actor, assessment_id: str, clip: str, shown: Proxy) -> tuple[Mark, ...]:
    """Take the drawings and notes of a clip from the store."""
    drawn = annotations.marks(store, actor, assessment_id, clip)
    notes = [note for note in annotations.notes(store, actor, assessment_id) if note.pin.clip == clip]
    drawings = [
        Mark(MarkKind(m.kind), m.frame, m.points_px, m.text) for m in drawn if m.kind not in NOT_DRAWN
    ]
    return (*drawings, *(_noted(note, drawn, shown) for note in notes))


def kept_points(store: Store, actor: Actor, assessment_id: str, clip: str) -> Points:
    """Take from the store which joints of a clip were put right."""
    return {
        (mark.frame, JOINTS[mark.text]): mark.points_px[0]
        for mark in annotations.marks(store, actor, assessment_id, clip)
        if mark.kind == "joint" and mark.text in JOINTS
    }


def keep_marks(
    store: Store,
    actor: Actor,
    place: tuple[str, str],
    marks: Sequence[Mark],
    points: Points = NOWHERE,
) -> tuple[Note, ...]:
    """Make these the drawings, notes and joints of a clip; a note that stays keeps its author and date.

    Parameters
    ----------
    place
        Id of the assessment, and the clip.

    Returns
    -------
    tuple[Note, ...]
        The notes of the whole day.
    """
    assessment_id, clip = place
    drawings = [KeptMark(mark.kind.value, mark.frame, mark.points, mark.text) for mark in marks]
    wanted = [
        (Pin(clip, each.frame, NAMES[mark.joint] if mark.joint is not None else ""), each.text)
        for mark, each in zip(marks, drawings, strict=True)
        if mark.kind is MarkKind.NOTE
    ]
    joints = [KeptMark("joint", frame, (xy,), NAMES[joint]) for (frame, joint), xy in points.items()]
    annotations.replace_marks(store, actor, assessment_id, clip, [*drawings, *joints])
    for note in annotations.notes(store, actor, assessment_id):
        if note.pin.clip != clip:
            continue
        if (note.pin, note.text) in wanted:
            wanted.remove((note.pin, note.text))
        else:
            annotations.remove_note(store, actor, note.id)
    for pin, text in wanted:
        annotations.add_note(store, actor, assessment_id, pin, text)
    return annotations.notes(store, actor, assessment_id)


def note_at(shown: Proxy, frame: int, text: str, joint: Landmark | None = None) -> Mark:
    """Make a note on a frame: at the joint, or in the middle of the picture where that is not seen."""
    return Mark(MarkKind.NOTE, frame, (_place(shown, frame, joint),), text, joint)


def _noted(note: Note, drawn: Sequence[KeptMark], shown: Proxy) -> Mark:
    joint = JOINTS.get(note.pin.joint)
    for mark in drawn:
        if (mark.kind, mark.frame, mark.text) == ("note", note.pin.frame, note.text):
            return Mark(MarkKind.NOTE, mark.frame, mark.points_px, note.text, joint)
    return note_at(shown, note.pin.frame, note.text, joint)


def _place(shown: Proxy, frame: int, joint: Landmark | None) -> Point:
    position = frame - int(shown.frames.number[0])
    if joint is not None and 0 <= position < len(shown.landmarks):
        x, y = shown.landmarks[position, joint, :2].tolist()
        if np.isfinite([x, y]).all():
            return x, y
    left, top, right, bottom = shown.cut.box_px
    return (left + right) / 2, (top + bottom) / 2
