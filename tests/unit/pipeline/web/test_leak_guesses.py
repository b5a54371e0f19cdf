"""Who guesses a word of a secret letter learns nothing: the answer is as for a word that stands nowhere."""

from __future__ import annotations

import re

import pytest

from tests import walking
from tests.leaking import CLERK, GRANTED, OFFICER, REGISTRAR, World

GUESSED = (
    "/search?q={}",
    "/search?sender={}",
    "/search/print?q={}",
    "/search/complete?q={}",
    "/search/complete?sender={}",
    "/sent?q={}",
    "/api/search?q={}",
    "/api/letters?q={}",
    "/retention/store?find={}",
    "/forms/found.xlsx?q={}",
    "/forms/20.xlsx?place={}",
)


OWN_LISTS = ("/sent", "/api/letters", "/retention", "/forms/20")
GUESSED_WAYS = ("marked", "doubtful", "set later", "further copy", "sent secret", "sent, set later")


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
