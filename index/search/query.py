"""The query language a person guesses right: what is typed becomes a small tree.

Words must all be there; `"…"` is a phrase, `-word` must not be there, `หรือ` (`OR`, `|`) joins
alternatives, `เรื่อง:` `จาก:` (`ผู้ส่ง:`) `ที่:` `กลุ่ม:` `ลงวันที่:` `ลงนาม:` look in one field. Dates and
letter numbers are recognized as such. Nothing is a syntax error: what makes no sense is searched for as words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, groupby
from typing import TypeAlias

from index.search.analysis import base_letters, number_key, part_of_number, skeleton, words
from index.search.period import Period, is_of_the_letter, parse_period, parse_spoken
from index.search.word_cutter import cut_words
from ocr.thai_text import is_word

LONGEST_QUERY = 400  # characters; what is pasted beyond is dropped
LONGEST_DATE = 9  # words, as in `1 ม.ค. 2569 ถึง 15 ก.พ. 2569`
LONGEST_NUMBER = 4  # words, as in `ที่ ศธ 04001/ว 123`

_FIELDS = {
    "เรื่อง": "subject",
    "subject": "subject",
    "จาก": "sender",
    "ผู้ส่ง": "sender",
    "from": "sender",
    "sender": "sender",
    "ลงนาม": "signer",
    "ผู้ลงนาม": "signer",
    "signer": "signer",
    "ที่": "number",
    "เลขที่": "number",
    "number": "number",
    "no": "number",
    "กลุ่ม": "group",
    "group": "group",
    "ลงวันที่": "date",
    "วันที่": "date",
    "date": "date",
}
_OR = ("OR", "|", "||", "หรือ")
_FREE = ("subject", "sender", "signer")  # fields of words
_QUOTES = str.maketrans(dict.fromkeys("“”„‟″«»", '"'))
_TOKEN = re.compile(
    rf"""(?P<minus>-)?(?:(?P<field>{"|".join(sorted(_FIELDS, key=len, reverse=True))})\s*:\s*)?"""
    r"""(?:"(?P<quoted>[^"]*)"?|(?P<plain>[^\s"]+))""",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Words:
    """Text that must be there; `where` is a field or empty for everywhere."""

    text: str
    where: str = ""
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Number:
    """A letter number or a piece of one, as a key; `text` as typed."""

    key: str
    text: str
    only_own: bool = False  # the letter's own number, not one it speaks of


@dataclass(frozen=True, slots=True)
class Dated:
    """The letter's date in a period; in free text also a letter that speaks of it."""

    period: Period
    text: str
    only_own: bool = False


@dataclass(frozen=True, slots=True)
class InGroup:
    """Letters of a group, by code or name."""

    name: str


@dataclass(frozen=True, slots=True)
class Not:
    """Letters that do not match."""

    part: Node


@dataclass(frozen=True, slots=True)
class Either:
    """Letters that match at least one part."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class All:
    """Letters that match every part; no parts: every letter."""

    parts: tuple[Node, ...]


Node: TypeAlias = Words | Number | Dated | InGroup | Not | Either | All


@dataclass(frozen=True, slots=True)
class Query:
    """What was typed, understood."""

    text: str
    root: All

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing is asked for; such a query lists every letter."""
        return not self.root.parts

    @property
    def says_nothing(self) -> bool:
        """Tell whether something was typed, but nothing that could be looked for: `%`, `หรือ`."""
        return bool(self.text) and self.is_empty


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    where: str
    minus: bool
    quoted: bool

    @property
    def is_bare(self) -> bool:
        return not (self.where or self.minus or self.quoted)


def parse_query(text: str, today: date) -> Query:
    """Understand what was typed; never raises."""
    clean = re.sub(r"\s+", " ", text.replace("\x00", " ")[:LONGEST_QUERY]).strip()
    tokens = [_token(match) for match in _TOKEN.finditer(clean.translate(_QUOTES))]
    nodes: list[Node | None] = []
    place = 0
    while place < len(tokens):
        node, used = _node(tokens[place:], today)
        nodes.append(node)
        place += used
    return Query(clean, All(_join(nodes)))


def with_closed_spaces(query: Query) -> Query | None:
    """Return the query with spaces closed that stand inside a word (`ไข้เลือด ออก`); None without such."""
    closed: list[Node] = []
    for is_plain, run in groupby(query.root.parts, key=_is_plain):
        parts = list(run)
        closed += (
            _closed([one.text for one in parts if isinstance(one, Words)]) if is_plain else parts
        )
    return Query(query.text, All(tuple(closed))) if len(closed) < len(query.root.parts) else None


def _is_plain(node: Node) -> bool:
    return isinstance(node, Words) and not (node.where or node.quoted)


def _closed(texts: Sequence[str]) -> list[Node]:
    """Join neighbouring texts where the dictionary has a word across the space between them."""
    starts = [0, *accumulate(map(len, texts))]
    inside: set[int] = set()
    place = 0
    for word in cut_words("".join(texts)):
        if is_word(word):
            inside.update(range(place + 1, place + len(word)))
        place += len(word)
    joined: list[str] = []
    for start, text in zip(starts, texts, strict=False):
        if joined and start in inside:
            joined[-1] += text
        else:
            joined.append(text)
    return [Words(text) for text in joined]


def _token(match: re.Match[str]) -> _Token:
    where = _FIELDS.get((match["field"] or "").lower(), "")
    quoted = match["quoted"] is not None
    content = match["quoted"] if quoted else match["plain"]
    return _Token(content.strip(), where, bool(match["minus"]), quoted)


def _node(tokens: Sequence[_Token], today: date) -> tuple[Node | None, int]:
    """Make a node of the first token and those that belong to it; None for `OR`."""
    first = tokens[0]
    if first.is_bare and first.text in _OR:
        return None, 1
    node, used = (
        _dated(tokens, today)
        or _numbered(tokens[: _place_of_date(tokens, today)])
        or (_plain(first), 1)
    )
    return (Not(node) if first.minus else node), used


def _plain(token: _Token) -> Node:
    if token.where == "group":
        return InGroup(token.text)
    where = token.where if token.where in _FREE else ""
    return Words(token.text, where, token.quoted)


def _runs(tokens: Sequence[_Token], longest: int) -> list[tuple[str, int]]:
    """Return the first token alone and joined with the bare ones after it, longest first."""
    length = 1
    if not tokens[0].quoted:
        while length < min(longest, len(tokens)) and tokens[length].is_bare:
            length += 1
    texts = [token.text for token in tokens[:length]]
    return [(" ".join(texts[:size]), size) for size in range(length, 0, -1)]


def _dated(tokens: Sequence[_Token], today: date) -> tuple[Node, int] | None:
    where = tokens[0].where
    if where not in ("", "date") or (tokens[0].quoted and not where):
        return None
    parse = parse_period if where == "date" else parse_spoken
    for text, size in _runs(tokens, LONGEST_DATE):
        if period := parse(text, today):
            return Dated(period, text, only_own=where == "date" or is_of_the_letter(text)), size
    return None


def _place_of_date(tokens: Sequence[_Token], today: date) -> int:
    """Return where a date of several words begins: in `กรอบ 10 ก.ค. 2569` no number is `กรอบ 10`."""
    for place in range(1, min(LONGEST_NUMBER, len(tokens))):
        found = _dated(tokens[place:], today)
        if found and found[1] > 1:
            return place
    return len(tokens)


def _numbered(tokens: Sequence[_Token]) -> tuple[Node, int] | None:
    where = tokens[0].where
    if where not in ("", "number") or (tokens[0].quoted and not where):
        return None
    for text, size in _runs(tokens, LONGEST_NUMBER):
        key = number_key(text) if _is_all_number(text) else ""
        if not key and (where == "number" or size <= 2):
            key = part_of_number(text) or ""
        if key:
            return Number(key, text, only_own=where == "number"), size
    return None


def _is_all_number(text: str) -> bool:
    """Tell whether nothing but a number was typed: no word of more letters than an agency's."""
    return not re.search(r"[ก-ฮ][ก-๎]{6,}|[ะ-ฺเ-๎]", text.removeprefix("ที่").strip())


def _join(nodes: Sequence[Node | None]) -> tuple[Node, ...]:
    """Bind `OR` between its neighbours; an `OR` without one is dropped."""
    joined: list[Node] = []
    alternative = False
    for node in nodes:
        if node is None:
            alternative = bool(joined)
        elif _says_nothing(node):
            continue
        elif alternative:
            before = joined.pop()
            earlier = before.parts if isinstance(before, Either) else (before,)
            joined.append(Either((*earlier, node)))
            alternative = False
        else:
            joined.append(node)
    return tuple(joined)


def _says_nothing(node: Node) -> bool:
    inner = node.part if isinstance(node, Not) else node
    if isinstance(inner, InGroup):
        return not inner.name
    return isinstance(inner, Words) and not (
        words(inner.text) or base_letters(skeleton(inner.text))
    )
