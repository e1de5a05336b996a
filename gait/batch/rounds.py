"""One batch from what the store knows to the last answer: do, ask, do what was answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from gait.batch import questions
from gait.batch.manifest import Problem
from gait.batch.orders import Order, key_of
from gait.batch.questions import Answers, Open
from gait.batch.results import Results
from gait.batch.run import House, Result, Submit, answer, known, run
from gait.months.room import said
from gait.store.files import room_bytes

SPARE = 1.05
"""Room beyond the clips themselves that must be free: rows, pictures."""
Orders = Mapping[str, Order]
"""By key."""


@dataclass(frozen=True)
class Scope:
    """What is done again though it was settled."""

    again: bool = False
    """Everything."""
    failed: bool = False
    """What failed or was set aside."""

    def wants(self, result: Result | None) -> bool:
        """True if an order is to be done now."""
        if result is None or self.again:
            return True
        if result.state in ("failed", "poison"):
            return self.failed
        return result.state == "asked" and bool(result.said.answers) and not result.said.open


class Told(Protocol):
    """Who is told how it goes, and may be asked."""

    def begin(self, todo: Orders) -> None:
        """So many are done now."""

    def took(self, result: Result) -> None:
        """One is settled."""

    def end(self) -> None:
        """All of these are."""

    def ask(self, asked: Sequence[Open]) -> Answers:
        """What a person says now; nothing if nobody is there."""


def by_key(orders: Sequence[Order], model_sha256: str) -> tuple[dict[str, Order], tuple[Problem, ...]]:
    """Each order by its key, and those that are asked for twice."""
    found: dict[str, Order] = {}
    twice = []
    for order in orders:
        key = key_of(order, model_sha256)
        if key in found:
            twice.append(Problem(order.where, f"This is the same as {found[key].where}: give it once."))
        found.setdefault(key, order)
    return found, tuple(twice)


def lacks_room(house: House, n_bytes: int) -> tuple[Problem, ...]:
    """Say if the clips that are to be kept do not fit on the store's disk."""
    free = room_bytes(house.store.files)
    if not house.keep_clips or free >= SPARE * n_bytes:
        return ()
    what = f"The clips take {said(n_bytes)} and {said(free)} are free: make room, or keep only the numbers."
    return (Problem("the store's disk", what),)


def rounds(house: House, results: Results, orders: Orders, submit: Submit, scope: Scope, told: Told) -> None:
    """Do what is to be done, ask what came up, and go on until nobody answers.

    Raises
    ------
    StoreFailed
        If the store cannot be written; the same call goes on where this one stopped.
    BadRequest
        If the table of answers makes no sense.
    OutputFailed
        If the results cannot be written.
    """
    table = results.folder / questions.TABLE
    results.begin(known(house, orders).values())
    _answered(house, results, questions.filled(table))
    settled = {result.key: result for result in results.all}
    todo = {key: order for key, order in orders.items() if scope.wants(settled.get(key))}
    while True:
        try:
            _round(house, results, todo, submit, told)
        finally:
            heard = questions.filled(table)
            changed = _answered(house, results, heard)
            results.finish(list(orders))
        changed |= _answered(house, results, told.ask(results.open) if results.open else {})
        todo = {key: orders[key] for key, result in changed.items() if not result.said.open}
        if not todo:
            results.finish(list(orders))
            return


def _round(house: House, results: Results, todo: Orders, submit: Submit, told: Told) -> None:
    def take(result: Result) -> None:
        results.take(result)
        told.took(result)

    told.begin(todo)
    try:
        run(house, todo, submit, take)
    finally:
        told.end()


def _answered(house: House, results: Results, heard: Answers) -> dict[str, Result]:
    changed = answer(house, {result.key: result for result in results.all}, heard)
    for result in changed.values():
        results.take(result)
    return changed
