"""An order -> what came of it. Runs in a process of its own, here or on another machine."""

import hashlib
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from gait.analysis import Analysis, ClipAnalysis, Refused, judge, read_clips
from gait.batch import orders, outcomes
from gait.batch.orders import Order
from gait.batch.outcomes import Outcome, Question, Refusal
from gait.errors import BadRequest, GaitError, UnknownCaptureRate, WhichRunner
from gait.export import overlay
from gait.export.pictures import everybody, stills
from gait.limits import limit_own_memory
from gait.record import to_json

Report = Callable[[str, int, int], None]
PICTURE_PX = 480
TOO_LARGE = "needs more memory than an analysis may take: give a shorter or a smaller clip."


def work(text: str, report: Report) -> str:
    """Do an order, both as JSON; what goes wrong is part of the answer, not an exception."""
    limit_own_memory()
    order = orders.from_json(text)
    try:
        done = do(order, report)
    except MemoryError:
        done = Outcome("refused", refusals=(Refusal(order.request.clips[0].path.name, "memory", TOO_LARGE),))
    except GaitError as error:
        file = error.clip or order.request.clips[0].path.name
        done = Outcome("failed", refusals=(Refusal(file, error.id, str(error)),))
    except Exception:  # noqa: BLE001 - one clip's trouble must not end the batch
        done = Outcome("failed", trouble=traceback.format_exc())
    return outcomes.to_json(done)


def do(order: Order, report: Report) -> Outcome:
    """Read the clips and judge them, unless one asks something or none can be used.

    Raises
    ------
    GaitError
        If the fault is ours or this computer's, or a clip is not the one that was ordered.
    """
    for clip, digest in zip(order.request.clips, order.digests, strict=True):
        _require_same(clip.path, digest)
    each = read_clips(order.request, report)
    refused = [one for one in each if isinstance(one, Refused)]
    asking = [one for one in refused if one.asks]
    said = tuple(Refusal(one.file, one.reason.id, one.reason.text) for one in refused if not one.asks)
    if asking:
        return Outcome("asked", refusals=said, questions=tuple(_question(one, order, each) for one in asking))
    clips = [one for one in each if isinstance(one, ClipAnalysis)]
    if not clips:
        return Outcome("refused", refusals=said)
    analysis = judge(clips, order.request, refused)
    return Outcome("done", to_json(analysis), said, picture=_landing(analysis))


def _require_same(path: Path, digest: str) -> None:
    try:
        with path.open("rb") as file:
            same = hashlib.file_digest(file, "sha256").hexdigest() == digest
    except OSError as error:
        raise BadRequest(
            f"{path} cannot be read here ({error.strerror}): is it still there, and is the folder shared?",
            id="clip-gone",
            clip=path.name,
        ) from error
    if not same:
        raise BadRequest(
            f"{path} is not the clip that was looked at when the batch began: start the batch again.",
            id="clip-changed",
            clip=path.name,
        )


def _question(refused: Refused, order: Order, each: Sequence[ClipAnalysis | Refused]) -> Question:
    number = [one is refused for one in each].index(True)
    digest, path = order.digests[number], order.request.clips[number].path
    error = refused.error
    if isinstance(error, WhichRunner):
        picture = b""
        with suppress(GaitError):
            picture = everybody(path, error)
        people = tuple(float(person) for person in error.numbers)
        return Question(digest, refused.file, "person", str(error), people, picture)
    rates = error.rates_fps if isinstance(error, UnknownCaptureRate) else ()
    return Question(digest, refused.file, "capture_fps", str(error), rates)


def _landing(analysis: Analysis) -> bytes:
    """The most typical landing of the clip that matters most, small; without one, nothing."""
    main = analysis.main
    typical = overlay.typical(overlay.landings(main, analysis.scale))
    if typical is None:
        return b""
    with suppress(GaitError):
        return overlay.shrunk(stills(main, [typical])[typical.number], PICTURE_PX)
    return b""
