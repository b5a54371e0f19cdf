"""Log-ins: sessions end in time, failures wait longer and longer, and no answer tells who exists."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from index.errors import KeepingError, LogInRefusedError, LogInThrottledError, PersonRefusedError
from index.register.people.logins import (
    FREE_FAILURES,
    LONGEST_WAIT_SECONDS,
    Logins,
    SessionLimits,
    wait_seconds,
)
from index.register.people.people import People, Person
from index.register.store.database import Database
from index.visibility import Role
from tests.keeping import NOW, run_sql

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
LIMITS = SessionLimits(timedelta(hours=12), timedelta(minutes=60))
MALEE = Person("malee", "มาลี", frozenset({Role.REGISTRY_CLERK}), must_change_password=False)
GOOD, OTHER = "ข้าวเหนียวมะม่วง", "ส้มตำไทยไข่เค็ม"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def people(url: str) -> Iterator[People]:
    database = Database(url, "office")
    made = People(database, hasher=QUICK)
    made.add(MALEE, who="root", now=NOW, password=GOOD)
    made.add(Person("chief", "", frozenset({Role.ADMINISTRATOR})), who="root", now=NOW)
    yield made
    database.close()


@pytest.fixture
def logins(people: People) -> Logins:
    return Logins(people._database, people)


def enter(
    logins: Logins,
    password: str = GOOD,
    *,
    name: str = "malee",
    seconds: float = 0,
    address: str = "10.0.0.1",
    previous: str = "",
) -> str:
    now = NOW + timedelta(seconds=seconds)
    return logins.log_in(name, password, address=address, now=now, limits=LIMITS, previous=previous)


def test_a_session_is_a_random_token_of_which_only_the_hash_is_kept(
    logins: Logins, url: str
) -> None:
    tokens = {enter(logins), enter(logins)}
    assert len(tokens) == 2
    kept = str(run_sql(url, "SELECT * FROM sessions"))
    assert not any(token in kept for token in tokens)
    assert {logins.who(token, NOW, LIMITS) for token in tokens} == {MALEE}
    assert logins.who("", NOW, LIMITS) is None
    assert logins.who("0" * 64, NOW, LIMITS) is None


def test_a_session_ends_twelve_hours_after_log_in_however_busy(logins: Logins) -> None:
    token = enter(logins)
    for half_hours in range(24):
        assert logins.who(token, NOW + half_hours * 30 * MINUTE, LIMITS) == MALEE
    assert logins.who(token, NOW + timedelta(hours=12), LIMITS) is None


def test_a_session_ends_when_the_person_does_nothing_for_an_hour(logins: Logins) -> None:
    token = enter(logins)
    assert logins.who(token, NOW + 59 * MINUTE, LIMITS) == MALEE
    assert logins.who(token, NOW + 118 * MINUTE, LIMITS) == MALEE
    assert logins.who(token, NOW + 178 * MINUTE, LIMITS) is None


def test_a_page_that_asks_by_itself_keeps_no_session_alive(logins: Logins) -> None:
    token = enter(logins)
    for minute in range(60):
        assert logins.who(token, NOW + minute * MINUTE, LIMITS, active=False) == MALEE
    assert logins.who(token, NOW + 60 * MINUTE, LIMITS, active=False) is None


def test_log_out_and_a_new_log_in_end_the_old_session(logins: Logins) -> None:
    first = enter(logins)
    second = enter(logins, previous=first)
    assert logins.who(first, NOW, LIMITS) is None
    logins.log_out(second, address="", now=NOW)
    logins.log_out(second, address="", now=NOW)
    assert logins.who(second, NOW, LIMITS) is None


def test_a_changed_role_counts_at_once_and_who_left_is_out_at_once(
    logins: Logins, people: People
) -> None:
    token = enter(logins)
    changed = Person("malee", "มาลี", frozenset({Role.AUDITOR}), must_change_password=False)
    people.change(changed, who="chief", now=NOW)
    assert logins.who(token, NOW, LIMITS) == changed
    people.disable("malee", who="chief", now=NOW)
    assert logins.who(token, NOW, LIMITS) is None
    with pytest.raises(LogInRefusedError):
        enter(logins)


def test_a_new_password_ends_all_sessions_and_must_be_new_and_proven(logins: Logins) -> None:
    tokens = [enter(logins), enter(logins)]
    with pytest.raises(LogInRefusedError):
        logins.change_password("malee", OTHER, OTHER + "x", address="", now=NOW)
    with pytest.raises(PersonRefusedError):
        logins.change_password("malee", GOOD, GOOD, address="", now=NOW)
    assert logins.who(tokens[0], NOW, LIMITS) == MALEE
    logins.change_password("malee", GOOD, OTHER, address="", now=NOW)
    assert [logins.who(token, NOW, LIMITS) for token in tokens] == [None, None]
    assert enter(logins, OTHER)
    with pytest.raises(LogInRefusedError):
        enter(logins)


def test_unknown_wrong_and_left_answer_alike_and_compare_once_each(
    logins: Logins, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    people.add(Person("left", ""), who="root", now=NOW, password=GOOD)
    people.disable("left", who="root", now=NOW)
    compared = []
    verify = PasswordHasher.verify

    def count(hasher: PasswordHasher, kept: str | bytes, password: str | bytes) -> bool:
        compared.append(password)
        return bool(verify(hasher, kept, password))

    monkeypatch.setattr(PasswordHasher, "verify", count)
    told = []
    for name, password in (("nobody", GOOD), ("malee", OTHER), ("left", GOOD)):
        with pytest.raises(LogInRefusedError) as refused:
            enter(logins, password, name=name)
        told.append((str(refused.value), refused.value.thai))
    assert len(set(told)) == 1
    assert len(compared) == 3


@pytest.mark.parametrize("name", ["malee", "nobody"])
def test_after_five_failures_a_name_waits_whether_anybody_has_it_or_not(
    logins: Logins, name: str
) -> None:
    for _ in range(FREE_FAILURES["name"]):
        with pytest.raises(LogInRefusedError):
            enter(logins, OTHER, name=name)
    with pytest.raises(LogInThrottledError) as told:
        enter(logins, GOOD, name=name.upper(), address="10.0.0.2")
    assert told.value.wait_seconds == 5
    with pytest.raises(LogInThrottledError):
        enter(logins, GOOD, name=name, seconds=4)
    with pytest.raises(LogInRefusedError):
        enter(logins, OTHER, name=name, seconds=5)
    with pytest.raises(LogInThrottledError) as longer:
        enter(logins, GOOD, name=name, seconds=6)
    assert longer.value.wait_seconds == 9


def test_a_right_password_after_the_wait_starts_the_count_anew(logins: Logins) -> None:
    for _ in range(5):
        with pytest.raises(LogInRefusedError):
            enter(logins, OTHER)
    assert enter(logins, seconds=5)
    for _ in range(5):
        with pytest.raises(LogInRefusedError):
            enter(logins, OTHER, seconds=6)


def test_an_address_that_tries_many_names_waits_too_and_ones_own_log_in_does_not_help(
    logins: Logins,
) -> None:
    for number in range(FREE_FAILURES["address"] - 1):
        with pytest.raises(LogInRefusedError):
            enter(logins, name=f"name{number}")
    assert enter(logins)
    with pytest.raises(LogInRefusedError):
        enter(logins, name="last")
    with pytest.raises(LogInThrottledError):
        enter(logins)
    assert enter(logins, address="10.0.0.2")


def test_failures_are_forgotten_after_a_day(logins: Logins, url: str) -> None:
    for _ in range(5):
        with pytest.raises(LogInRefusedError):
            enter(logins, OTHER)
    with pytest.raises(LogInRefusedError):
        enter(logins, OTHER, seconds=25 * 3600)
    assert run_sql(url, "SELECT DISTINCT failures FROM attempts") == [(1,)]


def test_the_wait_doubles_and_ends_at_a_quarter_of_an_hour() -> None:
    waits = [wait_seconds("name", failures) for failures in range(4, 14)]
    assert waits == [0, 5, 10, 20, 40, 80, 160, 320, 640, 900]
    assert wait_seconds("name", 10_000) == LONGEST_WAIT_SECONDS


def test_guesses_at_the_same_moment_do_not_slip_through_together(people: People, url: str) -> None:
    def guess(number: int) -> str:
        database = Database(url, "office")
        try:
            enter(Logins(database, people), f"wrong guess {number}", address=f"10.0.1.{number}")
        except KeepingError as error:
            return type(error).__name__
        finally:
            database.close()
        return "in"

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(guess, range(12)))
    assert answers.count("LogInRefusedError") == FREE_FAILURES["name"]
    assert answers.count("LogInThrottledError") == 12 - FREE_FAILURES["name"]


def test_a_hash_of_older_parameters_is_made_anew_at_log_in(people: People, url: str) -> None:
    stronger = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    renewed = People(people._database, hasher=stronger)
    enter(Logins(people._database, renewed))
    kept = str(run_sql(url, "SELECT password_hash FROM people WHERE name = 'malee'"))
    assert "m=16,t=2" in kept
