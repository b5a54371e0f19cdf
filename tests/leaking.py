"""An office whose letters are secret in every way there is, and people who walk through it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import httpx

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
            looking,
            made.received[way].letter_id,
            "granted",
            until=JANUARY + timedelta(days=9),
            reason="ร่วมพิจารณา",
            now=NOW,
        )
    marked = made.received["marked"].letter_id
    grants.deny(looking, marked, "denied", reason="คู่กรณี", now=NOW)


@contextmanager
def copied(made_office: Path, folder: Path) -> Iterator[tuple[Office, Book]]:
    office = open_office(shutil.copytree(made_office, folder / "office"))
    with open_book(office) as book:
        yield office, book
