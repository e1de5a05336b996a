"""What came of an order, as it travels from the process that did it, and what is remembered of it."""

import json
from dataclasses import dataclass, field
from typing import Literal

from gait.batch.orders import CONVERTER, LEFT_OUT, Answer

State = Literal["done", "refused", "asked", "failed"]


@dataclass(frozen=True)
class Refusal:
    """One clip that cannot be used, and why."""

    file: str
    id: str
    text: str


@dataclass(frozen=True)
class Question:
    """What only a person can say of one clip."""

    digest: str
    """SHA-256 of the clip."""
    file: str
    field: Literal["capture_fps", "person"]
    text: str
    choices: tuple[float, ...]
    """Answers that would fit, the likeliest first."""
    picture: bytes = b""
    """JPEG of everybody, numbered; empty where a picture does not help."""

    @property
    def picture_name(self) -> str:
        """File name of its picture; empty if there is none."""
        return f"who_{self.digest[:16]}.jpg" if self.field == "person" else ""

    @property
    def asked(self) -> str:
        """The question in words."""
        if self.field == "person":
            return self.text
        return f"{self.text} Which capture rate was set on the phone, in frames a second?"


@dataclass(frozen=True)
class Outcome:
    """What came of an order."""

    state: State
    record: str = ""
    """JSON; empty unless done."""
    refusals: tuple[Refusal, ...] = ()
    questions: tuple[Question, ...] = ()
    picture: bytes = b""
    """JPEG of the landing that shows most; empty if there is none."""
    trouble: str = ""
    """The error of our own that came up, with its trace."""


@dataclass(frozen=True)
class Remembered:
    """What the store keeps of an order that is not done, and what was said of its clips."""

    refusals: tuple[Refusal, ...] = ()
    questions: tuple[Question, ...] = ()
    answers: dict[str, Answer] = field(default_factory=dict)
    """By the digest of the clip."""
    trouble: str = ""
    name: str = ""
    """Runner and day, for whoever is asked."""
    pictures: str = ""
    """Folder with the pictures that belong to the questions."""

    @property
    def open(self) -> tuple[Question, ...]:
        """The questions that nobody has answered."""
        return tuple(each for each in self.questions if not self._answered(each))

    @property
    def why(self) -> str:
        """In a line, what stands in the way."""
        said = [f"{each.file}: {each.text}" for each in self.refusals]
        said += [f"{each.file}: {each.text}" for each in self.open]
        return " ".join(said) or self.trouble.strip().rpartition("\n")[2]

    def _answered(self, question: Question) -> bool:
        return not {question.field, LEFT_OUT}.isdisjoint(self.answers.get(question.digest, {}))


def to_json(value: Outcome | Remembered) -> str:
    """Write it."""
    return json.dumps(CONVERTER.unstructure(value))


def outcome(text: str) -> Outcome:
    """Read an outcome."""
    return CONVERTER.structure(json.loads(text), Outcome)


def remembered(text: str) -> Remembered:
    """Read what is remembered; nothing of an empty text."""
    return CONVERTER.structure(json.loads(text), Remembered) if text else Remembered()
