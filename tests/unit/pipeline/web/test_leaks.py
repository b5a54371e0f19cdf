"""Nothing of a secret letter shows itself to who may not see it: not on any route, in any list, count or picture.

Every route of the application is walked as every kind of person, in an office whose letters are secret in every
way there is. Whoever adds a route says in `tests.walking` what it is asked, or this fails.
"""

from __future__ import annotations

import logging
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from classify.letter import Secrecy
from index.book import Book
from index.register.people.people import Person
from index.registered_letter import RegisteredLetter
from index.visibility import Role
from pipeline.office import Office, open_book, open_office
from tests import walking
from tests.canaries import FIELDS, SecretOffice, add_open_letters, add_secret_letters
from tests.keeping import NOW
from tests.retaining import JANUARY
from tests.visiting import GOOD, Browser, visiting
from tests.walking import Ask

CLERK, OFFICER = Role.REGISTRY_CLERK.value, Role.GROUP_OFFICER.value
REGISTRAR = Role.SECRET_REGISTRAR.value
GRANTED = ("marked", "piece")
PEOPLE = (
    Person("cleared", "", frozenset({Role.GROUP_OFFICER}), frozenset({"plan"}), Secrecy.TOP_SECRET),
    Person("granted", "", frozenset({Role.GROUP_OFFICER}), frozenset({"plan"}), Secrecy.TOP_SECRET),
    Person("denied", "", frozenset({Role.SECRET_REGISTRAR})),
    Person("everything", "", frozenset(Role) - {Role.SECRET_REGISTRAR}, frozenset({"plan", "hr"})),
)
NOBODY_SPECIAL = (*(one.value for one in Role if one.value != REGISTRAR), "cleared", "everything")


@dataclass(slots=True)
class World:
    """The office, and a browser in which somebody is logged in."""

    made: SecretOffice
    browser: Browser

    def log_in(self, name: str) -> None:
        self.browser.cookies = httpx.Cookies()
        assert self.browser.log_in(name).status_code == 303

    def ask(self, ask: Ask) -> httpx.Response:
        if ask.route.partition(" ")[2].startswith("/api/") and ask.method != "GET":
            return self.browser.ask(ask.method, ask.address, json=dict(ask.data))
        return self.browser.ask(ask.method, ask.address, data=dict(ask.data) or None)

    def found_in(self, answer: httpx.Response) -> dict[str, set[str]]:
        """Return the ways of the secret letters that an answer tells of, each with what it tells."""
        told: dict[str, set[str]] = {}
        words, colour = walking.words_in(answer), walking.colour_of(answer)
        for one in self.made.canaries.values():
            fields = {field for field in FIELDS if one.word(field) in words}
            if colour and max(abs(a - b) for a, b in zip(colour, one.colour, strict=True)) < 12:
                fields.add("picture")
            if fields:
                told[one.way] = fields
        return told

    def secret_in(self, answer: httpx.Response) -> dict[str, set[str]]:
        secret = {one.way for one in self.made.secret}
        return {way: told for way, told in self.found_in(answer).items() if way in secret}


@contextmanager
def world_of(office: Office, book: Book, folder: Path, *, secret: bool = True) -> Iterator[World]:
    """Make the office as people make it, partly through its own pages."""
    with visiting(office, book) as browser:
        for one in PEOPLE:
            person = replace(one, shown_name=one.name, must_change_password=False)
            book.people.add(person, who="test", now=NOW, password=GOOD)
        made = SecretOffice(office, book, folder)
        world = World(made, browser)

        def hide(letter: RegisteredLetter) -> None:
            """Look at it, so that pictures are kept and counts remembered; then it turns secret."""
            number = letter.register_number
            world.log_in(OFFICER)
            assert browser.get("/group?group=plan").status_code == 200
            world.log_in(CLERK)
            for address in (f"/letters/{number}", f"/letters/{number}/small.jpg"):
                assert browser.get(address).status_code == 200
            answer = browser.post(f"/letters/{number}/correct", field="secrecy", value="ลับ")
            assert answer.status_code == 303
            assert world.secret_in(answer) == {}

        add_open_letters(made)
        if secret:
            add_secret_letters(made, hide)
            give_rights(made)
        browser.now = JANUARY
        yield world


def give_rights(made: SecretOffice) -> None:
    registrar = made.book.people.find(REGISTRAR)
    assert registrar is not None
    looking, grants = registrar.looking(), made.book.grants
    for way in GRANTED:
        grants.permit(
            looking, made.received[way].letter_id, "granted",
            until=JANUARY + timedelta(days=9), reason="ร่วมพิจารณา", now=NOW,
        )  # fmt: skip
    marked = made.received["marked"].letter_id
    grants.deny(looking, marked, "denied", reason="คู่กรณี", now=NOW)


@pytest.fixture(scope="module")
def world(made_office: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One office for everybody who only looks."""
    folder = tmp_path_factory.mktemp("leaks")
    with copied(made_office, folder) as (office, book), world_of(office, book, folder) as made:
        yield made


@contextmanager
def copied(made_office: Path, folder: Path) -> Iterator[tuple[Office, Book]]:
    office = open_office(shutil.copytree(made_office, folder / "office"))
    with open_book(office) as book:
        yield office, book


def test_every_route_is_walked(world: World) -> None:
    known = {f"GET {path}" for path in walking.GET} | set(walking.OTHER)
    assert walking.names_of(world.browser.app.routes) == known


@pytest.mark.parametrize("name", NOBODY_SPECIAL)
def test_who_may_not_see_secret_letters_meets_nothing_of_them(world: World, name: str) -> None:
    world.log_in(name)
    seen: set[str] = set()
    for ask in walking.readings(world.made):
        answer = world.ask(ask)
        assert answer.status_code < 500 or ask.route == "GET /healthz", ask  # no server runs
        told = world.found_in(answer)
        assert world.secret_in(answer) == {}, (name, ask)
        seen |= told.keys()
    if name in (CLERK, OFFICER, Role.AUDITOR.value, "everything"):
        assert {"open", "open sent"} <= seen  # the pages were pages


def shown_words(made: SecretOffice, way: str) -> set[str]:
    """Return what the pages show of a letter to who may see it.

    Of what is not in the book only the file's name is shown, which stands on no page of what is; of a
    row of another system's list that waits to be read, nothing.
    """
    if way in ("unreadable", "sent, unread copy"):
        return {"nam"}
    if way == "waiting":
        return set()
    if way in made.sent:
        return {"snd", "rcp", "sub", "txt", "nam", "nte"}
    absent = {"first of two": {"num"}, "further copy": {"num", "rcp"}}  # two scans, one number
    return {"num", "snd", "rcp", "sub", "txt", "picture"} - absent.get(way, set())


def test_the_registrar_meets_every_word(world: World) -> None:
    """What nobody ever saw could not leak: the walk does come to where the words stand."""
    world.log_in(REGISTRAR)
    seen: dict[str, set[str]] = {}
    for ask in walking.readings(world.made):
        for way, told in world.found_in(world.ask(ask)).items():
            seen.setdefault(way, set()).update(told)
    for one in world.made.secret:
        assert shown_words(world.made, one.way) <= seen.get(one.way, set()), one.way
    for way in ("set later", "sent back", "doubtful", "sent secret"):
        assert "nte" in seen[way], way


def test_who_was_granted_meets_that_letter_and_no_other(world: World) -> None:
    world.log_in("granted")
    seen: dict[str, set[str]] = {}
    for ask in walking.readings(world.made):
        for way, told in world.secret_in(world.ask(ask)).items():
            assert way in GRANTED, (ask, way, told)
            seen.setdefault(way, set()).update(told)
    for way in GRANTED:
        assert {"num", "snd", "rcp", "sub", "txt", "picture"} <= seen[way]


def test_a_registrar_who_was_denied_meets_all_but_that_letter(world: World) -> None:
    world.log_in("denied")
    seen: set[str] = set()
    for ask in walking.readings(world.made):
        seen |= world.secret_in(world.ask(ask)).keys()
    assert seen == {one.way for one in world.made.secret} - {"marked", "waiting"}


def test_a_programs_key_meets_nothing(world: World) -> None:
    """Not even one of a registrar who is clerk too: no key opens secret letters."""
    both = Person("both", "", frozenset({Role.SECRET_REGISTRAR, Role.REGISTRY_CLERK}))
    book, browser = world.made.book, world.browser
    book.people.add(replace(both, shown_name="b"), who="test", now=NOW, password=GOOD)
    key = book.people.create_token(both.looking(), "p", [Role.REGISTRY_CLERK], now=NOW)
    browser.cookies = httpx.Cookies()
    for ask in walking.readings(world.made):
        if ask.address.startswith("/api/"):
            answer = browser.ask("GET", ask.address, {"authorization": f"Bearer {key}"})
            assert world.secret_in(answer) == {}, ask


@pytest.mark.parametrize("name", [CLERK, OFFICER, Role.RECORDS_OFFICER.value, "everything"])
def test_no_attempt_to_change_something_tells_of_it(
    office: Office, book: Book, tmp_path: Path, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Nor does what is left afterwards on the pages, to the same person; nor any line of the log."""
    caplog.set_level(logging.DEBUG)
    with world_of(office, book, tmp_path) as world:
        world.log_in(name)
        for ask in walking.changes(world.made):
            answer = world.ask(ask)
            assert answer.status_code < 500 or ask.route == "GET /healthz", ask  # no server runs
            assert world.secret_in(answer) == {}, ask
        world.log_in(name)
        for ask in walking.readings(world.made):
            assert world.secret_in(world.ask(ask)) == {}, ask
        words = {one.word(field) for one in world.made.secret for field in FIELDS}
    assert {word for word in words if word in caplog.text.lower()} == set()


GUESSED = (
    "/search?q={}", "/search?sender={}", "/search/print?q={}", "/search/complete?q={}",
    "/search/complete?sender={}", "/sent?q={}", "/api/search?q={}", "/api/letters?q={}",
    "/retention/store?find={}", "/forms/found.xlsx?q={}", "/forms/20.xlsx?place={}",
)  # fmt: skip


OWN_LISTS = ("/sent", "/api/letters", "/retention", "/forms/20")
GUESSED_WAYS = (
    "marked", "doubtful", "set later", "further copy", "sent secret", "sent, set later"
)  # fmt: skip


@pytest.mark.parametrize("name", [CLERK, OFFICER, "cleared", "granted", "everything", REGISTRAR])
def test_no_filter_tells_a_right_guess_from_a_wrong_one(world: World, name: str) -> None:
    """Who guesses a word of a secret letter is answered as for a word that stands nowhere."""
    world.log_in(name)
    opened = {"granted": set(GRANTED), REGISTRAR: set(GUESSED_WAYS)}.get(name, set())
    for address in GUESSED:
        nowhere = "kanariqzznnn"
        wrong = answered(world, address, nowhere)
        for way in GUESSED_WAYS:
            if way in opened and address.startswith(OWN_LISTS):
                continue  # a list of the book, which finds it for who may see it
            for field in ("sub", "snd", "txt", "rcp"):
                word = world.made.canaries[way].word(field)
                assert answered(world, address, word) == wrong, (address, word)


def answered(world: World, address: str, word: str) -> str:
    """Return what stands in an answer but for the word that was asked for."""
    answer = world.browser.get(address.format(word))
    words = walking.words_of(answer.content).replace(word, "~")
    return re.sub(r"\d{4}-\d\d-\d\dt\d\d:\d\d:\d\dz", "", words)  # when a workbook was made
