"""From what was typed to what an engine is asked: the strict question and the forgiving one.

Strict: the words in a row (weighing most), or the skeleton in a row. Forgiving: whole pieces of the
skeleton, one more than errors are allowed, so that one of them is unharmed in every letter wanted;
`verify` then decides. Only texts joined by "and" are forgiven: who writes OR has chosen her words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from index.search import analysis
from index.search.engine import FACET_FIELDS
from index.search.expression import (
    EVERYTHING,
    AllOf,
    AnyOf,
    Between,
    Expression,
    Near,
    OneOf,
    Phrase,
    Starting,
    Term,
    Weighted,
    Without,
)
from index.search.query import All, Dated, Either, InGroup, Node, Not, Number, Query, Words
from index.search.verify import allowed_errors

WORDS_WEIGHT = 4.0
SUBJECT_WEIGHT = 3.0
OWN_NUMBER_WEIGHT = 10.0
MOST_POSTINGS = 50_000  # letters looked through for the skeleton of one text, about 10 ms
MOST_FIRST_POSTINGS = 400_000  # of the grams of one piece: สำนวน has three that most letters hold
_FIELDS = {
    "": ("words", "skeleton"),
    "subject": ("subject_words", "subject_skeleton"),
    "sender": ("sender_words", "sender_skeleton"),
}


@dataclass(frozen=True, slots=True)
class Within:
    """The letters a search may know of: those of these groups (None: of all), or with a copy for them,
    and single ones, but not those of `but`. Nothing else is found, counted, completed, suggested or likened."""

    groups: frozenset[str] | None
    letter_ids: frozenset[int] = frozenset()
    but: frozenset[int] = frozenset()

    @property
    def question(self) -> Expression:
        """The question for these letters; it weighs nothing."""
        wanted: Expression = EVERYTHING
        if self.groups is not None:
            groups = tuple(Term("shown_to", group) for group in sorted(self.groups))
            one_by_one = OneOf("letter_id", tuple(sorted(self.letter_ids)))
            wanted = AnyOf((*groups, one_by_one) if self.letter_ids else groups)
        if self.but:
            wanted = Without(wanted, OneOf("letter_id", tuple(sorted(self.but))))
        return Weighted(wanted, 0.0)


@dataclass(frozen=True, slots=True)
class Compared:
    """The question for what is certain (the words as typed), the one that also brings letters
    segmented otherwise or misread, and the texts to compare those letters with."""

    certain: Expression
    loose: Expression
    texts: tuple[Words, ...]


class Planner:
    """Plans questions about the letters in `within`, or all.

    `group_names` gives the names people know a group code by; `frequency` tells in about how many
    letters a field holds a token.
    """

    def __init__(
        self,
        group_names: Mapping[str, str],
        frequency: Callable[[str, str], int],
        within: Within | None = None,
    ) -> None:
        self._group_names = group_names
        self._frequency = frequency
        self._within = within

    def strict(self, query: Query) -> Expression:
        """Return the question for what was typed, by words or by skeleton."""
        return self._node(query.root)

    def compared(self, query: Query) -> Compared | None:
        """Return what to ask when single letters can be compared with what was typed.

        None when nothing can be compared: every text is short or stands in an alternative.
        """
        texts = tuple(
            part for part in query.root.parts if isinstance(part, Words) and has_skeleton(part.text)
        )
        if not texts:
            return None
        certain = {part: _as_words(part) for part in texts}
        loose = {part: AnyOf((certain[part], *self._pieces(part))) for part in texts}
        return Compared(self._replaced(query, certain), self._replaced(query, loose), texts)

    def _replaced(self, query: Query, questions: Mapping[Words, Expression]) -> Expression:
        def question(part: Node) -> Expression:
            known = questions.get(part) if isinstance(part, Words) else None
            return known if known is not None else self._node(part)

        parts = [part for part in query.root.parts if not isinstance(part, Not)]
        never = tuple(self._node(part.part) for part in query.root.parts if isinstance(part, Not))
        told = [part for part in parts if not _is_limit(part)] or parts
        limits = tuple(Weighted(self._node(part), 0.0) for part in parts if part not in told)
        wanted = tuple(map(question, told))
        together = wanted[0] if len(wanted) == 1 else AllOf(wanted)
        together = narrowed(together, limits) if limits else together
        return Without(together, AnyOf(never)) if never else together

    def relaxed(self, query: Query) -> Expression | None:
        """Return the question for the words in any place, or words they begin; None without words."""
        if not any(isinstance(part, Words) and not part.quoted for part in query.root.parts):
            return None
        return AllOf(
            tuple(
                _scattered(part)
                if isinstance(part, Words) and not part.quoted
                else self._node(part)
                for part in query.root.parts
            )
        )

    def nearly(self, query: Query) -> Expression | None:
        """Return the question with whole numbers one slip away allowed; None without such a number."""
        if not any(isinstance(part, Number) and "/" in part.key for part in query.root.parts):
            return None
        return AllOf(
            tuple(
                AnyOf((Near("number", part.key), Near("mentions", part.key)))
                if isinstance(part, Number) and "/" in part.key
                else self._node(part)
                for part in query.root.parts
            )
        )

    def most(self, query: Query) -> Expression | None:
        """Return the question for all but one of three or more words; None for fewer.

        In a bad scan one of several remembered words is often beyond recognition.
        """
        parts = query.root.parts
        droppable = [part for part in parts if isinstance(part, Words) and not part.quoted]
        if len(droppable) < 3:
            return None
        return AnyOf(
            tuple(
                self._node(All(tuple(part for part in parts if part is not left)))
                for left in droppable
            )
        )

    def filtered(
        self, wanted: Expression, filters: Mapping[str, Iterable[str]] = MappingProxyType({})
    ) -> Expression:
        """Narrow a question to the letters it may know of, and to facet values.

        Several values of one facet are alternatives.
        """
        parts: list[Expression] = []
        if self._within is not None:
            parts.append(self._within.question)
        for facet, values in filters.items():
            if facet not in FACET_FIELDS:
                continue
            parts.append(Weighted(AnyOf(tuple(Term(facet, value) for value in values)), 0.0))
        return narrowed(wanted, tuple(parts)) if parts else wanted

    def _node(self, node: Node) -> Expression:
        planners: dict[type, Callable[[Any], Expression]] = {
            Words: self._text_in,
            Number: _number,
            Dated: self._dated,
            InGroup: self._group,
            Not: lambda part: Without(EVERYTHING, self._node(part.part)),
            Either: lambda part: AnyOf(tuple(map(self._node, part.parts))),
            All: self._all,
        }
        return planners[type(node)](node)

    def _all(self, node: All) -> Expression:
        return self._replaced(Query("", node), {})

    def _text_in(self, node: Words) -> Expression:
        """Return the question for one typed text: its words in a row, or its skeleton.

        Words only where even the rarest gram of the skeleton stands in too many letters.
        """
        as_words, field = _as_words(node), _FIELDS[node.where][1]
        if not has_skeleton(node.text):
            return as_words
        grams = tuple(analysis.grams(analysis.skeleton(node.text)))
        if min(self._frequency(field, gram) for gram in grams) > MOST_POSTINGS:
            return as_words
        return AnyOf((as_words, Phrase(field, grams, analysis.GRAM)))

    def _dated(self, node: Dated) -> Expression:
        first, last = node.period.first.toordinal(), node.period.last.toordinal()
        own: Expression = Between("date", first, last)
        if node.only_own:
            return own
        parts: list[Expression] = [own]
        if node.period.is_day:
            parts.append(Term("mentions", node.period.first.isoformat()))
        elif any(char.isdigit() for char in node.text):
            parts.append(self._text_in(Words(node.text)))
        return AnyOf(tuple(parts))

    def _pieces(self, node: Words) -> list[Expression]:
        """Return questions for pieces of a skeleton: with fewer errors than pieces, one is whole.

        In a large archive only the rarest are asked for: a piece like การ is in every letter,
        tells nothing and costs most.
        """
        field = _FIELDS[node.where][1]
        bones = analysis.skeleton(node.text)
        count = min(allowed_errors(analysis.base_letters(bones)) + 1, len(bones) // analysis.GRAM)
        ranked: list[tuple[int, tuple[str, ...]]] = []
        for piece in analysis.pieces(bones, count):
            tokens = tuple(analysis.grams(piece))
            rarest = min(self._frequency(field, token) for token in tokens)
            ranked.append((rarest * len(tokens), tokens))
        asked: list[Expression] = []
        cost = 0
        for postings, tokens in sorted(ranked):
            cost += postings
            if cost > (MOST_POSTINGS if asked else MOST_FIRST_POSTINGS):
                break
            asked.append(Phrase(field, tokens, analysis.GRAM))
        return asked

    def _group(self, node: InGroup) -> Expression:
        typed = node.name.lower()
        codes = [
            code
            for code, name in self._group_names.items()
            if typed == code.lower() or typed in name.lower()
        ]
        return AnyOf(tuple(Term("group", code) for code in codes or [node.name]))


def narrowed(wanted: Expression, limits: tuple[Expression, ...]) -> Expression:
    """Return the question for what matches `wanted` and every limit; limits must weigh nothing.

    The limits go beside each single question: an engine walks through all of an alternative, also
    within a limit, but compares places of words only in letters where the rest agrees (measured: a
    phrase in one of eleven groups takes a fifth of the time).
    """
    match wanted:
        case AnyOf(parts):
            return AnyOf(tuple(narrowed(part, limits) for part in parts))
        case AllOf(parts) if parts:
            return AllOf(tuple(narrowed(part, limits) for part in parts))
        case Without(part, unwanted):
            return Without(narrowed(part, limits), unwanted)
        case Weighted(part, factor):
            return Weighted(narrowed(part, limits), factor)
    return AllOf((wanted, *limits))


def has_skeleton(text: str) -> bool:
    """Tell whether a text is long enough to be found by its skeleton."""
    return analysis.base_letters(analysis.skeleton(text)) >= analysis.SHORTEST_SKELETON


def _as_words(node: Words) -> Expression:
    words = tuple(analysis.words(node.text))
    if not words:
        return AnyOf(())
    if node.where:
        return Weighted(Phrase(_FIELDS[node.where][0], words), WORDS_WEIGHT)
    in_subject = Weighted(Phrase("subject_words", words), SUBJECT_WEIGHT)
    return AnyOf((Weighted(_in_a_row(words), WORDS_WEIGHT), in_subject))


def _in_a_row(words: tuple[str, ...]) -> Expression:
    """Return the question for words one after another anywhere in a letter."""
    if len(words) == 1:
        return Term("words", words[0])
    pairs = analysis.pairs(words)
    if words[-1] in analysis.PREFIXES:  # its pair has a word more, which was not typed
        return AllOf((_in_a_row(words[:-1]), Starting("pairs", pairs[-1])))
    covered = len(words) > 2 and words[-2] in analysis.PREFIXES
    return Phrase("pairs", tuple(pairs[:-1] if covered else pairs), overlap=2)


def _scattered(node: Words) -> Expression:
    field = _FIELDS[node.where][0]
    return AllOf(tuple(_begun(field, word) for word in dict.fromkeys(analysis.words(node.text))))


def _begun(field: str, word: str) -> Expression:
    """Return the question for a word, or for longer ones it begins: งบ for งบประมาณ."""
    return AnyOf((Term(field, word), Starting(field, word))) if len(word) > 1 else Term(field, word)


def _number(node: Number) -> Expression:
    own: list[Expression] = [Weighted(Term("number", node.key), OWN_NUMBER_WEIGHT)]
    if node.only_own:
        return own[0]
    own.append(Term("mentions", node.key))
    words = tuple(analysis.words(node.text))
    if words:
        own.append(_in_a_row(words))
    return AnyOf(tuple(own))


def _is_limit(node: Node) -> bool:
    """Tell whether a part only narrows: how well a letter answers does not depend on it."""
    return isinstance(node, InGroup) or (isinstance(node, Dated) and node.only_own)
