"""What was agreed to: who, when, for what, until when; taken back once, gone with the runner."""

from datetime import timedelta

import pytest

from gait.errors import StoreRefused
from gait.store import audit, consents, erasure
from gait.store.database import Store, reading
from gait.store.domain import Agreed
from gait.store.models import ConsentRow
from tests.store.days import FILMED, OWNER, a_runner

LATER = FILMED + timedelta(days=90)
AGREED = Agreed("Films, seen by the club's coaches", "Ann's mother", FILMED, LATER)


def test_a_consent_says_who_when_for_what_and_who_wrote_it_down(store: Store) -> None:
    runner = a_runner(store)
    given = consents.give(store, OWNER, runner.id, AGREED)
    assert consents.of_runner(store, OWNER, runner.id) == (given,)
    assert (given.agreed, given.author) == (AGREED, OWNER.name)
    assert audit.events(store, OWNER, runner.id)[0].what == "consent given"


def test_a_consent_holds_from_its_day_to_its_end_or_until_it_is_taken_back(store: Store) -> None:
    given = consents.give(store, OWNER, a_runner(store).id, AGREED)
    day = timedelta(days=1)
    assert [given.holds_on(on) for on in (FILMED - day, FILMED, LATER, LATER + day)] == [0, 1, 1, 0]
    back = consents.withdraw(store, OWNER, given.id, FILMED + day)
    assert [back.holds_on(on) for on in (FILMED, FILMED + day)] == [1, 0]


def test_what_is_taken_back_stays_so_and_stays_written_down(store: Store) -> None:
    runner = a_runner(store)
    given = consents.give(store, OWNER, runner.id, AGREED)
    back = consents.withdraw(store, OWNER, given.id, LATER)
    with pytest.raises(StoreRefused, match="already"):
        consents.withdraw(store, OWNER, given.id, FILMED)
    assert consents.of_runner(store, OWNER, runner.id) == (back,)


def test_consents_go_with_the_runner(store: Store) -> None:
    runner = a_runner(store)
    consents.give(store, OWNER, runner.id, AGREED)
    erasure.erase(store, OWNER, runner.id)
    with reading(store) as session:
        assert session.query(ConsentRow).count() == 0


@pytest.mark.parametrize(
    ("purpose", "given_by", "until"), [("", "Ann", None), ("Films", " ", None), ("Films", "Ann", FILMED)]
)
def test_a_consent_that_says_nothing_is_refused(purpose: str, given_by: str, until: object) -> None:
    with pytest.raises(StoreRefused):
        Agreed(purpose, given_by, LATER, until)  # type: ignore[arg-type]
