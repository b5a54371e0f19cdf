"""What the book says to people: a sentence's id with its values; the edge chooses the language.

The id is the Thai sentence with `%(name)s` places (gettext's way, as in the pages), so nobody ever has to
read values back out of a finished sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

from classify.dates import format_thai_date
from ocr.thai_text import to_thai_digits

CATALOGUE = Path(__file__).parent / "locale" / "en" / "LC_MESSAGES" / "index.po"


class Cited(str):
    """A citation of the law (`ข้อ 57.3`): its words have English names, its figures stay."""

    __slots__ = ()


class Private(str):
    """What a person wrote freely, perhaps about a secret letter: shown on a page, left out of logs."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Message:
    """One thing said, in no language yet. Values: texts, numbers, days, citations, private words, messages."""

    id: str
    values: tuple[tuple[str, object], ...] = ()

    def rendered(self, words: Callable[[str], str], value: Callable[[object], str]) -> str:
        """Return it with `words` giving an id's words in a language, and `value` a value's text."""
        filled = {
            name: one.rendered(words, value) if isinstance(one, Message) else value(one)
            for name, one in self.values
        }
        return words(self.id) % filled if filled else words(self.id)

    @property
    def thai(self) -> str:
        """The words in Thai."""
        return self.rendered(str, _for_clerks)

    @property
    def english(self) -> str:
        """The words in English for logs and operators; Thai where the catalogue has none.

        `…` stands for what is `Private`.
        """
        return self.rendered(lambda thai: english_words().get(thai, thai), _for_operators)


def _for_clerks(value: object) -> str:
    return in_thai(value) if isinstance(value, date) else str(value)


def in_thai(day: date) -> str:
    """Return a day as a letter prints it: `๑๕ มกราคม ๒๕๖๙`."""
    return to_thai_digits(format_thai_date(day))


def _for_operators(value: object) -> str:
    return "…" if isinstance(value, Private) else str(value)


def message(thai: str, **values: object) -> Message:
    """Say a sentence; `python -m tests.catalogue` finds it here and asks for its English."""
    return Message(thai, tuple(values.items()))


def mark(thai: str) -> str:
    """Mark the sentence of a table or class, so that `python -m tests.catalogue` finds it."""
    return thai


@cache
def english_words() -> Mapping[str, str]:
    """Return the English of each sentence of the catalogue, read from its file once."""
    with CATALOGUE.open("rb") as file:
        return {str(one.id): str(one.string) for one in read_po(file, locale="en") if one.id}
