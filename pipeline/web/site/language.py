"""The language of a page: Thai, or English for who chose it in the head of a page.

The Thai words in templates and code are the message ids (source language Thai), so a Thai page is
never looked up; `locale/en/LC_MESSAGES/saraban.po` holds the English ones, read once when first
asked for. What comes out of the register (subjects, names of groups, quoted law) is not translated,
nor are printed forms and the interface for programs.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from babel.messages.pofile import read_po
from fastapi import Request
from markupsafe import Markup, escape
from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from index.message import Cited, Message, english_words
from ocr.thai_text import to_arabic_digits
from pipeline.thai_form import thai_digits

COOKIE = "saraban_language"
ASKED = "language"
"""The word in an address that chooses: `/review?language=en` sets the cookie and shows `/review`."""
CATALOGUE = Path(__file__).parent.parent / "locale" / "en" / "LC_MESSAGES" / "saraban.po"
A_YEAR_SECONDS = 365 * 86_400
NO_PAGES = ("/api", "/static/")

CITED = {
    "ข้อ ": "clause ",
    "แบบที่ ": "form ",
    "ฉบับที่ ": "No. ",
    "ภาคผนวก ": "annex ",
    "พ.ศ. ": "B.E. ",
    "ตารางกำหนดอายุการเก็บหนังสือการเงิน": "table of periods for financial letters",
    "ระเบียบว่าด้วยการรักษาความลับฯ": "Regulation on Official Secrets",
}
"""Parts of a citation; the law's own words are not translated."""


class Language(StrEnum):
    """What a page is written in; the value is its code in HTML."""

    THAI = "th"
    ENGLISH = "en"


# Never from Accept-Language: the browsers of Thai offices are often set to English.
_current_language: ContextVar[Language] = ContextVar("language", default=Language.THAI)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The English of each Thai message; of counted ones with one and with many."""

    words: Mapping[str, str]
    counted: Mapping[str, tuple[str, ...]]


@cache
def english() -> Catalogue:
    """Return the English catalogue, read from its file once."""
    words = dict(english_words())
    many: dict[str, tuple[str, ...]] = {}
    with CATALOGUE.open("rb") as file:
        for message in read_po(file, locale="en"):
            if not message.id:
                continue  # the file's header
            if isinstance(message.id, str):
                words[message.id] = str(message.string)
            else:
                many[message.id[0]] = tuple(message.string or ())
    return Catalogue(words, many)


def current_language() -> Language:
    """Return the language that the request is answered in."""
    return _current_language.get()


def in_english() -> bool:
    """Tell whether the request is answered in English."""
    return _current_language.get() is Language.ENGLISH


def translated(thai: str) -> str:
    """Return Thai words of ours in the request's language, unchanged where there is no translation."""
    return words_in(_current_language.get(), thai)


def words_in(chosen: Language, thai: str) -> str:
    """Return Thai words of ours in a language, unchanged where there is no translation."""
    if chosen is Language.THAI:
        return str.__str__(thai)
    return english().words.get(thai) or str.__str__(thai)


def in_words(message: Message) -> str:
    """Return what another package says, with its values filled in, in the request's language."""
    return message.thai if not in_english() else message.rendered(translated, _english_value)


def _english_value(value: object) -> str:
    if isinstance(value, date):
        return f"{value.day} {value:%b %Y}"
    return clause_name(value) if isinstance(value, Cited) else to_arabic_digits(str(value))


def clause_name(clause: str) -> str:
    """Return a citation as it stands, or with English words for its parts."""
    if not in_english():
        return clause
    for thai, words in CITED.items():
        clause = clause.replace(thai, words)
    return clause


def _(thai: str, **values: object) -> str:
    """Translate words with `%(name)s` places, which are filled with `values`."""
    words = translated(thai)
    return words % values if values else words


def counted(thai: str, count: int, **values: object) -> str:
    """Translate words that stand with a number at `%(count)s`, which English bends them by."""
    return _numbered(thai, count) % {**values, "count": figures(count)}


def _numbered(thai: str, count: int) -> str:
    if _current_language.get() is Language.THAI:
        return thai
    one_or_many = english().counted.get(thai, (thai,))
    return one_or_many[0 if count == 1 else -1]


def figures(value: object) -> str:
    """Return a number as text in the figures of the request's language."""
    return to_arabic_digits(str(value)) if in_english() else thai_digits(value)


def _in_page(thai: str, **values: object) -> Markup:
    """Translate for a template, where values are escaped and the words are trusted: they are ours."""
    words = translated(thai)
    return Markup(words) % values if "%" in words else Markup(words)  # noqa: S704 - a constant of ours


def _counted_in_page(thai: str, count: int, **values: object) -> Markup:
    words = Markup(_numbered(thai, count))  # noqa: S704 - a constant of ours
    return words % {**values, "count": figures(count)}


class Marked(str):
    """Thai words in a table of ours that are translated when they are shown, not when they are made."""

    __slots__ = ()

    def __str__(self) -> str:
        """Return the words in the request's language."""
        return translated(self)

    def __format__(self, spec: str) -> str:
        """Return the words in the request's language, laid out."""
        return format(translated(self), spec)

    def __html__(self) -> str:
        """Return the words in the request's language, for a page."""
        return str(escape(translated(self)))


def mark(thai: str) -> str:
    """Mark words of a table, so that `python -m tests.catalogue` finds them and pages translate them."""
    return Marked(thai)


class Bilingual(Protocol):
    """An error or a reason that says itself in Thai, and in English or by the catalogue."""

    @property
    def thai(self) -> str:
        """What it says in Thai."""


def render(of: Bilingual | None) -> str:
    """Return what a message, an error or a reason says of itself, in the request's language."""
    if of is None or not in_english():
        return "" if of is None else of.thai
    own = of if isinstance(of, Message) else getattr(of, "message", None)
    if isinstance(own, Message):
        return in_words(own)
    words = getattr(of, "english", "") or english().words.get(of.thai)
    return words or (clause_name(str(of)) if isinstance(of, Exception) else of.thai)


PAGE_WORDS = {"_": _in_page, "gettext": _in_page, "counted": _counted_in_page}
WORD_FILTERS = {
    "translated": translated,
    "render": render,
    "clause_name": clause_name,
}
"""What templates call, and pass words of ours through."""


def other_language(request: Request) -> str:
    """Return the address that shows this page in the other language, as a link on the page."""
    other = Language.THAI if in_english() else Language.ENGLISH
    path, query = "", request.url.query
    if request.method != "GET":  # the answer to a form has no address: back to the form's page
        came_from = urlsplit(request.headers.get("referer", ""))
        path, query = _local(came_from.path), came_from.query
    return f"{path}?{urlencode([*_without_choice(query), (ASKED, other.value)])}"


def _without_choice(query: str) -> list[tuple[str, str]]:
    return [(k, v) for k, v in parse_qsl(query, keep_blank_values=True) if k != ASKED]


def _local(path: str) -> str:
    """Return the path as one of this server: two slashes would name another one."""
    return "/" + quote(path, safe="/%").lstrip("/")


class Speaking:
    """Finds a request's language in its cookie, and keeps what a person chose in one."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or str(scope["path"]).startswith(NO_PAGES):
            await self._app(scope, receive, send)
            return
        query = scope["query_string"].decode("latin-1")
        if f"{ASKED}=" in query and scope["method"] == "GET":
            chosen = dict(parse_qsl(query)).get(ASKED)
            if chosen in list(Language):
                await _remember(scope, query, Language(chosen))(scope, receive, send)
                return
        cookies = cookie_parser(Headers(scope=scope).get("cookie", ""))
        chose = cookies.get(COOKIE) == Language.ENGLISH
        _current_language.set(Language.ENGLISH if chose else Language.THAI)
        await self._app(scope, receive, send)


def _remember(scope: Scope, query: str, chosen: Language) -> RedirectResponse:
    rest = urlencode(_without_choice(query))
    address = _local(scope["path"]) + (f"?{rest}" if rest else "")
    answer = RedirectResponse(address, HTTPStatus.SEE_OTHER)
    secure = scope.get("scheme") == "https"
    answer.set_cookie(COOKIE, chosen, A_YEAR_SECONDS, httponly=True, samesite="lax", secure=secure)
    return answer
