"""Who may see a secret letter meets that one and no other; what nobody could meet anywhere would prove nothing."""

from __future__ import annotations

from dataclasses import replace

import httpx

from index.register.people.people import Person
from index.visibility import Role
from tests import walking
from tests.canaries import SecretOffice
from tests.keeping import NOW
from tests.leaking import GRANTED, REGISTRAR, World
from tests.visiting import GOOD


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
