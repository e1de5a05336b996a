"""Runners with the names that people have."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gait.errors import StoreRefused
from gait.store import audit, runners
from gait.store.database import Store
from gait.store.domain import Profile
from gait.store.texts import MOST_IN_LINE, searchable
from tests.store.conftest import Opens
from tests.store.days import COACH, OWNER, a_runner

ODD = (
    "Søren Ååå", "O'Brien; DROP TABLE runners;--", 'a "quoted" name', "../../etc/passwd", "C:\\con\\aux",
    "50% off_", "李小龍", "محمد", "👩‍🦰🏃", "=HYPERLINK(1)", "x" * MOST_IN_LINE, "née", "%s {0} \\x",
)  # fmt: skip


def test_a_runner_with_an_odd_name_is_kept_and_found(store: Store) -> None:
    for name in ODD:
        made = a_runner(store, name)
        assert runners.get(store, OWNER, made.id) == made
        assert runners.by_name(store, OWNER, made.name) == made
        assert made in runners.search(store, OWNER, made.name[1:])
        assert runners.search(store, OWNER, made.name + "!") == ()


@pytest.mark.parametrize(
    ("name", "id_"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ("x" * 300, "too-long"),
        ("a\0b", "unprintable"),
        ("a\nb", "unprintable"),
        ("\ud800", "unprintable"),
        ("a\u202eb", "unprintable"),
    ],
)
def test_a_name_that_cannot_be_is_refused_in_one_sentence(name: str, id_: str) -> None:
    with pytest.raises(StoreRefused) as refused:
        Profile(name)
    assert (refused.value.id, refused.value.field) == (id_, "name")
    assert str(refused.value).count(".") == 1


@given(st.text(max_size=300))
@settings(deadline=None)
def test_any_text_is_a_name_or_is_refused(text: str) -> None:
    try:
        name = Profile(text).name
    except StoreRefused:
        return
    assert name.encode()
    assert Profile(name).name == name


def test_accents_and_capitals_do_not_matter_when_searching(store: Store) -> None:
    jose = a_runner(store, "José García")
    assert runners.search(store, OWNER, "GARCIA") == (jose,)
    assert runners.search(store, OWNER, "  jose ") == (jose,)
    assert runners.by_name(store, OWNER, "josé garcía") == jose


def test_signs_of_a_search_pattern_are_letters_like_any_other(store: Store) -> None:
    a_runner(store, "Ann")
    assert runners.search(store, OWNER, "%") == ()
    assert runners.search(store, OWNER, "A_n") == ()


def test_two_runners_of_one_owner_are_not_called_the_same(store: Store) -> None:
    a_runner(store, "Ann")
    other = a_runner(store, "Bob")
    for name in ("ann", "ＡＮＮ"):
        with pytest.raises(StoreRefused, match="already"):
            a_runner(store, name)
        with pytest.raises(StoreRefused, match="already"):
            runners.change(store, OWNER, other.id, Profile(name))
    assert [each.name for each in runners.search(store, OWNER)] == ["Ann", "Bob"]


def test_a_coach_with_two_runners_of_one_name_is_asked_which(store: Store) -> None:
    runners.grant(store, OWNER, a_runner(store, "Ann").id, COACH.id)
    a_runner(store, "Ann", COACH)
    with pytest.raises(StoreRefused) as refused:
        runners.by_name(store, COACH, "Ann")
    assert refused.value.id == "which-of-several"


def test_a_change_is_there_when_the_program_starts_anew(opens: Opens) -> None:
    store = opens()
    made = a_runner(store)
    changed = runners.change(store, OWNER, made.id, Profile("Änn", "imperial", 171.5, "calf\nsince May"))
    again = runners.get(opens(), OWNER, made.id)
    assert again == changed
    assert again.profile == Profile("Änn", "imperial", 171.5, "calf\nsince May")


def test_what_happened_is_written_down_with_who_and_when(store: Store) -> None:
    made = a_runner(store)
    runners.change(store, OWNER, made.id, Profile("Anna"))
    last, first = audit.events(store, OWNER, made.id)
    assert (first.what, last.what, last.actor_id) == ("runner added", "runner changed", OWNER.id)
    assert first.at < last.at
    assert "Ann" not in f"{first}{last}"


def test_searching_is_the_same_however_the_letters_are_composed() -> None:
    assert searchable("e\u0301") == searchable("\u00e9") == "e"
