"""Questions of batches that wait in the store: shown and answered anywhere, and the same command goes on."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from gait.batch import outcomes
from gait.batch.orders import Answer
from gait.batch.outcomes import Question, Remembered
from gait.batch.questions import merged
from gait.store import tasks
from gait.store.database import Store
from gait.store.domain import Actor


@dataclass(frozen=True)
class Waiting:
    """One question about a clip, however many assessments wait for the answer."""

    question: Question
    name: str
    """Runner and day."""
    keys: tuple[str, ...]
    """The tasks that wait."""
    pictures: str

    @property
    def picture(self) -> Path | None:
        """Where its picture is; None if there is none, or not any more."""
        name = self.question.picture_name
        path = Path(self.pictures, name) if name and self.pictures else None
        return path if path is not None and path.is_file() else None


def waiting(store: Store, actor: Actor) -> tuple[Waiting, ...]:
    """Every question that nobody has answered, the oldest first; the same clip is asked about once."""
    found: dict[tuple[str, str], Waiting] = {}
    for key, said in _asked(store, actor):
        for question in said.open:
            same = (question.digest, question.field)
            known = found.get(same, Waiting(question, said.name, (), said.pictures))
            found[same] = replace(known, keys=(*known.keys, key))
    return tuple(found.values())


def answer(store: Store, actor: Actor, to: Waiting, said: Answer) -> None:
    """Keep the answer with every task that waits for it: the next ``gait batch`` goes on with it.

    Raises
    ------
    StoreFailed
        If it cannot be kept, or the batch went on meanwhile.
    """
    known = dict(_asked(store, actor))
    for key in to.keys:
        if key in known:
            answers = merged(known[key].answers, {to.question.digest: said})
            tasks.retell(store, actor, key, outcomes.to_json(replace(known[key], answers=answers)))


def _asked(store: Store, actor: Actor) -> Iterable[tuple[str, Remembered]]:
    return [(task.key, outcomes.remembered(task.text)) for task in tasks.asked(store, actor)]
