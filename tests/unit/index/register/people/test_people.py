"""People are taken in, changed and given passwords and tokens; nothing secret is kept or noted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from classify.letter import Secrecy
from index.book import Book
from index.errors import LogInRefusedError, NoSuchRecordError, PersonRefusedError
from index.register.people.logins import Logins, SessionLimits
from index.register.people.people import People, Person
from index.register.store.database import Database
from index.visibility import Role
from tests.keeping import NOW, run_sql

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
CLERK = Person("malee", "มาลี ธุรการ", frozenset({Role.REGISTRY_CLERK}))
CHIEF = Person("chief", "ผู้ดูแลระบบ", frozenset({Role.ADMINISTRATOR}))
GOOD = "ข้าวเหนียวมะม่วง"


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = Database(url, "office")
    yield opened
    opened.close()


@pytest.fixture
def people(database: Database) -> People:
    return People(database, hasher=QUICK)


def test_a_person_is_kept_as_described_with_a_hash_only(people: People, url: str) -> None:
    cleared = Person(
        "wichai",
        "วิชัย",
        frozenset({Role.GROUP_HEAD, Role.COMMITTEE_MEMBER}),
        frozenset({"plan"}),
        Secrecy.VERY_SECRET,
    )
    password = people.add(cleared, who="root", now=NOW)
    assert people.find("WICHAI ") == cleared
    viewer = cleared.looking(frozenset({7}))
    assert (viewer.own_groups, viewer.granted) == (frozenset({"plan"}), frozenset({7}))
    kept = str(run_sql(url, "SELECT password_hash FROM people"))
    assert "$argon2id$" in kept
    assert password not in kept


@pytest.mark.parametrize("name", ["", "a", "1abc", "มาลี", "two words", "x" * 33, "saraban", "a/b"])
def test_a_name_that_cannot_be_typed_is_refused(people: People, name: str) -> None:
    with pytest.raises(PersonRefusedError, match="user name"):
        people.add(Person(name, "x", frozenset({Role.AUDITOR})), who="root", now=NOW)
    assert people.all() == ()


def test_a_name_is_given_once(people: People) -> None:
    people.add(CLERK, who="root", now=NOW)
    with pytest.raises(PersonRefusedError, match="already"):
        people.add(CLERK, who="root", now=NOW)


def test_one_time_passwords_are_drawn_from_the_given_chance(database: Database) -> None:
    people = People(database, hasher=QUICK, draw=lambda count: bytes(range(count)))
    assert people.draw_password() == "abcd-efgh-ijkm"
    assert len({People(database).draw_password() for _ in range(50)}) == 50


@pytest.mark.parametrize(
    "password", ["short", "password123", "malee-2569", "aaaaaaaaaaab", "x" * 201, ""]
)
def test_a_password_that_is_easy_to_guess_is_refused(people: People, password: str) -> None:
    people.add(CLERK, who="root", now=NOW)
    with pytest.raises(PersonRefusedError):
        people.set_password("malee", password, who="malee", now=NOW)


def test_the_last_administrator_stays(people: People) -> None:
    people.add(CHIEF, who="saraban", now=NOW)
    people.add(CLERK, who="chief", now=NOW)
    with pytest.raises(PersonRefusedError, match="last administrator"):
        people.disable("chief", who="chief", now=NOW)
    with pytest.raises(PersonRefusedError, match="last administrator"):
        people.change(Person("chief", "x", frozenset({Role.AUDITOR})), who="chief", now=NOW)
    assert people.find("chief") == CHIEF
    people.disable("malee", who="chief", now=NOW)
    found = people.find("malee")
    assert found is not None
    assert not found.active


def test_whoever_is_not_there_cannot_be_changed(people: People) -> None:
    for change in (
        lambda: people.disable("nobody", who="root", now=NOW),
        lambda: people.reset_password("nobody", who="root", now=NOW),
        lambda: people.change(Person("nobody", ""), who="root", now=NOW),
    ):
        with pytest.raises(NoSuchRecordError):
            change()


def test_only_an_empty_office_gets_a_first_administrator(people: People) -> None:
    assert people.add_first(CHIEF, GOOD, now=NOW)
    assert not people.add_first(Person("second", ""), GOOD, now=NOW)
    assert [person.name for person in people.all()] == ["chief"]


def test_a_token_looks_with_the_roles_it_was_given_and_its_owner_still_has(people: People) -> None:
    both = Person(
        "both", "x", frozenset({Role.REGISTRY_CLERK, Role.AUDITOR}), clearance=Secrecy.SECRET
    )
    people.add(both, who="root", now=NOW)
    people.add(CHIEF, who="root", now=NOW)
    key = people.create_token(both.looking(), "สถิติ", {Role.AUDITOR}, now=NOW)
    viewer = people.viewer_of_token(key, NOW)
    assert viewer is not None
    assert (viewer.name, viewer.roles, viewer.clearance) == (
        "both",
        frozenset({Role.AUDITOR}),
        Secrecy.NONE,
    )
    people.change(Person("both", "x", frozenset({Role.REGISTRY_CLERK})), who="chief", now=NOW)
    weaker = people.viewer_of_token(key, NOW)
    assert weaker is not None
    assert weaker.roles == frozenset()
    people.disable("both", who="chief", now=NOW)
    assert people.viewer_of_token(key, NOW) is None
    assert people.viewer_of_token("saraban_" + "0" * 64, NOW) is None


@pytest.mark.parametrize("roles", [set(), {Role.ADMINISTRATOR}, {Role.SECRET_REGISTRAR}])
def test_a_token_is_no_stronger_than_its_owner_and_never_a_registrar(
    people: People, roles: set[Role]
) -> None:
    person = Person("malee", "x", frozenset({Role.REGISTRY_CLERK, Role.SECRET_REGISTRAR}))
    people.add(person, who="root", now=NOW)
    with pytest.raises(PersonRefusedError):
        people.create_token(person.looking(), "key", roles, now=NOW)


def test_a_token_is_revoked_by_its_owner_or_an_administrator_only(people: People) -> None:
    other = Person("other", "x", frozenset({Role.AUDITOR}))
    for person in (CLERK, CHIEF, other):
        people.add(person, who="root", now=NOW)
    key = people.create_token(CLERK.looking(), "key", CLERK.roles, now=NOW)
    (token,) = people.tokens(CLERK.looking())
    assert people.tokens(other.looking()) == ()
    with pytest.raises(NoSuchRecordError):
        people.revoke_token(other.looking(), token.token_id, now=NOW)
    assert people.viewer_of_token(key, NOW) is not None
    people.revoke_token(CHIEF.looking(), token.token_id, now=NOW)
    assert people.viewer_of_token(key, NOW) is None
    assert people.tokens(CHIEF.looking())[0].revoked_at == NOW


def test_every_change_stands_in_the_trail_and_no_password_or_token_does(
    people: People, database: Database, book: Book
) -> None:
    logins = Logins(database, people)
    limits = SessionLimits(timedelta(hours=1), timedelta(hours=1))
    first = people.add(CHIEF, who="saraban", now=NOW)
    second = people.add(CLERK, who="chief", now=NOW)
    session = logins.log_in("malee", second, address="::1", now=NOW, limits=limits)
    with pytest.raises(LogInRefusedError):
        logins.log_in("hunter2-typed-here", GOOD, address="::1", now=NOW, limits=limits)
    key = people.create_token(CLERK.looking(), "key", CLERK.roles, now=NOW)
    third = people.reset_password("malee", who="chief", now=NOW)
    logins.change_password("malee", third, GOOD, address="::1", now=NOW)
    logins.log_out(
        logins.log_in("malee", GOOD, address="::1", now=NOW, limits=limits), address="::1", now=NOW
    )
    people.disable("malee", who="chief", now=NOW)
    entries = book.audit.entries()
    assert [(one.who, one.action) for one in entries] == [
        ("saraban", "person_added"),
        ("chief", "person_added"),
        ("malee", "login"),
        ("(unknown)", "login_refused"),
        ("malee", "token_made"),
        ("chief", "password_reset"),
        ("malee", "password_changed"),
        ("malee", "login"),
        ("malee", "logout"),
        ("chief", "person_changed"),
    ]
    written = str(entries)
    for secret in (first, second, third, GOOD, session, key, "hunter2", "argon2"):
        assert secret not in written
    assert book.audit.verify() == ()
