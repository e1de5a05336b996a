"""Hand orders out, and write what comes back: nobody else writes the store.

Each result is one transaction. So whatever ends this program, what is done is in the store once, and the same
command goes on with the rest.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, replace

from gait.batch import orders, outcomes
from gait.batch.orders import Order, answered
from gait.batch.outcomes import Outcome, Question, Refusal, Remembered
from gait.batch.processes import Died
from gait.batch.questions import Answers, Open, merged
from gait.errors import StoreFailed, StoreRefused
from gait.months.history import months
from gait.months.keep import MOST_DAYS, Filed, as_advised, file, the_runner, told_of, undoes
from gait.record import Record, from_json
from gait.record import to_json as to_record_json
from gait.store import assessments, runners, tasks
from gait.store.database import Store
from gait.store.domain import Actor, Assessment, Task, TaskState
from gait.store.keeping import NewFile

MOST_DEATHS = 2
KILLED = (
    "Two programs ended while they read this: it was set aside. Is one of the clips damaged, or very large?"
)
Submit = Callable[[str, str], "Future[str]"]
"""Hands out the JSON of an order, given its key first."""


@dataclass(frozen=True)
class House:
    """Where results go, and in whose name."""

    store: Store
    actor: Actor
    keep_clips: bool = True
    pictures: str = ""
    """Folder in which the pictures of questions lie."""


@dataclass(frozen=True, eq=False)
class Result:
    """What became of one order."""

    key: str
    order: Order
    state: TaskState
    said: Remembered
    record: Record | None = None
    """With the advice that follows from all of the runner's days; None unless done."""
    assessment_id: str | None = None
    picture: bytes = b""

    @property
    def open(self) -> tuple[Open, ...]:
        """The questions that it waits for."""
        return tuple(Open(self.key, self.order, each) for each in self.said.open)


Listen = Callable[[Result], None]


def known(house: House, wanted: Mapping[str, Order]) -> dict[str, Result]:
    """What the store says of orders, by key; those that were never finished are left out."""
    found = tasks.known(house.store, house.actor, wanted)
    records = _records(house, [task.assessment_id for task in found.values() if task.state == "done"])
    results = {}
    for key, task in found.items():
        record = records.get(task.assessment_id or "")
        if task.state == "begun" or (task.state == "done" and record is None):
            continue
        said = outcomes.remembered(task.text)
        results[key] = Result(key, wanted[key], task.state, said, record, task.assessment_id)
    return results


def answer(house: House, results: Mapping[str, Result], said: Answers) -> dict[str, Result]:
    """Keep answers in the store; return the orders that were asked, with what is known of them now."""
    changed = {}
    for key, result in results.items():
        if result.state == "asked" and said.get(key):
            told = replace(result.said, answers=merged(result.said.answers, said[key]))
            _note(house, key, result.order, Task(key, "asked", outcomes.to_json(told)))
            changed[key] = replace(result, said=told)
    return changed


def run(house: House, todo: Mapping[str, Order], submit: Submit, listen: Listen) -> None:
    """Do orders, the oldest day first, and save each result as it arrives.

    What is asked of a runner today follows from the days before: a day waits for the earlier days of the
    same runner that are still being read.

    Raises
    ------
    StoreFailed
        If the store cannot be written; what was saved before stays, and the same orders can be run again.
    """
    _Coordinator(house, todo, submit, listen).run()


class _Coordinator:
    def __init__(self, house: House, todo: Mapping[str, Order], submit: Submit, listen: Listen) -> None:
        self._house, self._todo, self._submit, self._listen = house, todo, submit, listen
        self._before = tasks.known(house.store, house.actor, todo)
        self._deaths = {key: task.deaths for key, task in self._before.items() if task.state == "begun"}
        self._waiting: dict[Future[str], str] = {}
        self._arrived: dict[str, Outcome] = {}
        self._days: dict[str, deque[str]] = defaultdict(deque)
        for key, order in todo.items():
            self._days[order.runner.casefold()].append(key)

    def run(self) -> None:
        for key in self._todo:
            self._hand_out(key)
        while self._waiting:
            finished, _ = wait(self._waiting, return_when=FIRST_COMPLETED)
            for future in finished:
                self._take(self._waiting.pop(future), future)

    def _hand_out(self, key: str) -> None:
        order = answered(self._todo[key], self._said(key).answers)
        self._waiting[self._submit(key, orders.to_json(order))] = key

    def _said(self, key: str) -> Remembered:
        task = self._before.get(key)
        return Remembered(answers=outcomes.remembered(task.text).answers) if task else Remembered()

    def _take(self, key: str, future: "Future[str]") -> None:
        try:
            self._arrived[key] = outcomes.outcome(future.result())
        except Died:
            self._died(key)
        for settled in self._next(self._todo[key].runner.casefold()):
            self._settle(settled, self._arrived.pop(settled))

    def _died(self, key: str) -> None:
        """Try once more; what has ended two programs is set aside."""
        self._deaths[key] = self._deaths.get(key, 0) + 1
        if self._deaths[key] < MOST_DEATHS:
            text = outcomes.to_json(self._said(key))
            _note(self._house, key, self._todo[key], Task(key, "begun", text, self._deaths[key]))
            self._hand_out(key)
        else:
            self._arrived[key] = Outcome("failed", trouble=KILLED)

    def _next(self, runner: str) -> Iterable[str]:
        """The runner's orders that can be settled now: what is not done at once, days one after the other."""
        line = self._days[runner]
        ready = [key for key in line if key in self._arrived and self._arrived[key].state != "done"]
        for key in ready:
            line.remove(key)
        while line and line[0] in self._arrived:
            ready.append(line.popleft())
        return ready

    def _settle(self, key: str, outcome: Outcome) -> None:
        order, said = self._todo[key], self._said(key)
        if outcome.state == "done":
            try:
                self._listen(_save(self._house, key, order, outcome, said))
                return
            except StoreRefused as error:
                outcome = Outcome("failed", refusals=(Refusal(order.name, error.id, str(error)),))
        told = replace(
            said,
            refusals=outcome.refusals,
            questions=_small(outcome.questions),
            trouble=outcome.trouble,
            name=order.name,
            pictures=self._house.pictures,
        )
        state: TaskState = "poison" if self._deaths.get(key, 0) >= MOST_DEATHS else outcome.state
        _note(self._house, key, order, Task(key, state, outcomes.to_json(told), self._deaths.get(key, 0)))
        self._listen(Result(key, order, state, replace(told, questions=outcome.questions)))


def _save(house: House, key: str, order: Order, outcome: Outcome, said: Remembered) -> Result:
    """Keep a day; one that a coach has corrected by hand stays as it is."""
    store, actor = house.store, house.actor
    record = from_json(outcome.record)
    runner = the_runner(store, actor, order.runner)
    task = Task(key, "done", outcomes.to_json(replace(said, refusals=outcome.refusals)))
    there = assessments.with_clips(store, actor, runner.id, [clip.sha256 for clip in record.clips])
    if there is not None and there.day != order.day:
        assessments.change_day(store, actor, there.id, order.day)
    files = {clip.id: clip.path for clip in order.request.clips}
    clips = [(clip.id, files[clip.id]) for clip in record.clips] if house.keep_clips else []
    part = None if there is not None else _part_of(house, runner.id, record)
    if part is not None:
        kept = assessments.save_record(store, actor, part.id, to_record_json(record), task)
        assessments.attach(store, actor, part.id, [NewFile(path, "clip", id) for id, path in clips])
        kept_id, shown = kept.id, as_advised(told_of(store, actor, kept, record))
    else:
        filed = file(store, actor, runner, Filed(record, order.day, clips, task))
        kept_id, shown = filed.assessment.id, as_advised(filed.told)
    return Result(key, order, "done", outcomes.remembered(task.text), shown, kept_id, outcome.picture)


def _part_of(house: House, runner_id: str, record: Record) -> Assessment | None:
    """The day as it was kept before its last clips came, if nobody has corrected it since."""
    now = {clip.sha256 for clip in record.clips}
    for day in assessments.timeline(house.store, house.actor, runner_id, limit=MOST_DAYS):
        then = {clip.sha256 for clip in day.clips}
        same_day = day.day.filmed_on == record.filmed_on
        if same_day and then < now and not undoes(house.store, house.actor, day, record):
            return day
    return None


def _note(house: House, key: str, order: Order, task: Task) -> None:
    """Note what is not done; whose it is, if he is in the store already."""
    try:
        runner_id = runners.by_name(house.store, house.actor, order.runner).id
    except StoreRefused:
        runner_id = None
    tasks.note(house.store, house.actor, task, runner_id)


def _records(house: House, ids: Iterable[str | None]) -> dict[str, Record]:
    """Records with the advice that follows from all days; those that are gone are left out."""
    found: dict[str, Record] = {}
    for id in ids:
        if id is None or id in found:
            continue
        try:
            runner_id = assessments.get(house.store, house.actor, id).runner_id
            days = months(house.store, house.actor, runner_id)
        except StoreFailed as error:
            if not isinstance(error, StoreRefused):
                raise
            continue
        found |= {day.assessment.id: as_advised(day.told) for day in days}
    return found


def _small(questions: Iterable[Question]) -> tuple[Question, ...]:
    """Questions without their pictures, which lie beside the table."""
    return tuple(replace(each, picture=b"") for each in questions)
