"""From what was typed to what an engine is asked: the strict question and the forgiving one.

Strict: the words in a row (weighing most), or the skeleton in a row. Forgiving: whole pieces of the
skeleton, one more than errors are allowed, so that one of them is unharmed in every letter wanted;
`verify` then decides. Only texts joined by "and" are forgiven: who writes OR has chosen her words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeAlias

from index.registered_letter import LetterKey
from index.search import analysis
from index.search.abbreviations import NO_ABBREVIATIONS, Abbreviations
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
    Term,
    Weighted,
    Without,
    narrowed,
)
from index.search.period import is_school_year, said_as
from index.search.phrasing import FIELDS, as_words, has_skeleton, in_a_row, scattered
from index.search.query import All, Dated, Either, InGroup, Node, Not, Number, Query, Words
from index.search.record import number_of
from index.search.verify import allowed_errors, as_said

OWN_NUMBER_WEIGHT = 10.0
MOST_POSTINGS = 50_000  # letters looked through for the skeleton of one text, about 10 ms
DATED_WEIGHT = (
    1_000.0  # `ม.ค. 69` brings the letters of that month before those that speak of it (up to 115)
)
SCHOOL_YEAR_WEIGHT = 1.0  # which begins in May, while its letters begin in January: words decide
MOST_GRAMS = 24  # of one text, the rarest first, by which letters are sought that nearly say it
MOST_FIRST_POSTINGS = 400_000  # of the grams of one piece: สำนวน has three that most letters hold
# Before a name, which stands in letters with and without.
_TITLE = re.compile("(?:นางสาว|นาง|นาย|น\\.ส\\.|ดร\\.|ว่าที่ร้อยตรี|ว่าที่ ?ร\\.ต\\.)(?=[ก-ฮเ-ไ]{3})")
_HAIRS = str.maketrans("ฎฏ", "ฏฎ")  # taken for each other, by people and by readers


@dataclass(frozen=True, slots=True)
class Within:
    """The letters a search may know of: those of these groups (None: of all), or with a copy for them,
    and single ones, but not those of `but`. Nothing else is found, counted, completed, suggested or likened."""

    groups: frozenset[str] | None
    letters: frozenset[LetterKey] = frozenset()
    but: frozenset[LetterKey] = frozenset()

    @property
    def question(self) -> Expression:
        """The question for these letters; it weighs nothing."""
        wanted: Expression = EVERYTHING
        if self.groups is not None:
            groups = tuple(Term("shown_to", group) for group in sorted(self.groups))
            wanted = AnyOf((*groups, _these(self.letters)) if self.letters else groups)
        if self.but:
            wanted = Without(wanted, _these(self.but))
        return Weighted(wanted, 0.0)


def _these(letters: Iterable[LetterKey]) -> OneOf:
    return OneOf("letter_id", tuple(sorted(map(number_of, letters))))


Form: TypeAlias = tuple[Words, ...]  # one way of saying a text: all of these


@dataclass(frozen=True, slots=True)
class Compared:
    """The question for what is certain (the words as typed), the one for letters that are segmented
    otherwise or misread, and the texts to compare those letters with, each in its forms."""

    certain: Expression
    loose: Expression
    texts: tuple[tuple[Form, ...], ...]


@dataclass(frozen=True, slots=True)
class Resembling:
    """The question for letters that share letters with what was typed, and the texts to compare."""

    question: Expression
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
        abbreviations: Abbreviations = NO_ABBREVIATIONS,
    ) -> None:
        self._abbreviations = abbreviations
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
        texts = {
            part: (forms if not part.quoted else forms[:1])
            for part in query.root.parts
            if isinstance(part, Words) and any(map(_is_comparable, forms := self.forms(part)))
        }
        if not texts:
            return None
        certain = {part: self._certain(forms) for part, forms in texts.items()}
        others = (
            len(query.root.parts) > 1
        )  # a letter may say one text as typed, and another misread
        loose = {
            part: AnyOf(
                (
                    *((certain[part],) if others else ()),
                    *(self._loose(form, others=others) for form in forms),
                )
            )
            for part, forms in texts.items()
        }
        return Compared(
            self._replaced(query, certain),
            self._replaced(query, loose),
            tuple(map(_told_apart, sorted(texts.values(), key=_length, reverse=True))),
        )

    def forms(self, node: Words) -> tuple[Form, ...]:
        """Return the ways of saying a text: as typed, and abbreviated or written out."""
        if node.quoted:
            return ((node,),)
        others = [*self._abbreviations.forms(node.text)]
        if name := _TITLE.match(node.text):
            others.append(node.text[name.end() :])
        if (hair := node.text.translate(_HAIRS)) != node.text:
            others.append(hair)
        return (
            (node,),
            *(tuple(Words(one, node.where) for one in other.split()) for other in others),
        )

    def resembling(self, query: Query) -> Resembling | None:
        """Return what to ask when nothing says what was typed: what shares letters with it.

        None where nothing typed is long enough to resemble something.
        """
        texts = tuple(
            part
            for part in query.root.parts
            if isinstance(part, Words)
            and not part.quoted
            and analysis.base_letters(analysis.skeleton(part.text)) >= analysis.GRAM
        )
        if not texts:
            return None
        wide = {part: AnyOf((self._text_in(part), *self._like(part))) for part in texts}
        return Resembling(self._replaced(query, wide), texts)

    def _like(self, node: Words) -> list[Expression]:
        """Return questions for the grams of a skeleton, the rarest first, and for a word one slip away."""
        words, field = FIELDS[node.where]
        grams = dict.fromkeys(analysis.grams(analysis.skeleton(node.text)))
        ranked = sorted((self._frequency(field, gram), gram) for gram in grams)
        asked: list[Expression] = []
        cost = 0
        for postings, gram in ranked:
            cost += postings
            if len(asked) == MOST_GRAMS or cost > MOST_POSTINGS:
                break
            if postings:
                asked.append(Term(field, gram))
        word = analysis.one_word(node.text)
        return [*asked, Near(words, word)] if word else asked

    def _certain(self, forms: tuple[Form, ...]) -> Expression:
        return AnyOf(tuple(AllOf(tuple(map(as_words, form))) for form in forms))

    def _loose(self, form: Form, *, others: bool) -> Expression:
        """Return the question for what may say a form misread; where it may say all as typed, is not asked twice."""
        pieces = [self._pieces(one) if has_skeleton(one.text) else () for one in form]
        if len(form) == 1 and not others:
            return AnyOf(tuple(pieces[0]))
        return AllOf(
            tuple(AnyOf((as_words(one), *those)) for one, those in zip(form, pieces, strict=True))
        )

    def _replaced(self, query: Query, questions: Mapping[Words, Expression]) -> Expression:
        def question(part: Node) -> Expression:
            known = questions.get(part) if isinstance(part, Words) else None
            return known if known is not None else self._node(part)

        parts = [part for part in query.root.parts if not isinstance(part, Not)]
        never = tuple(self._node(part.part) for part in query.root.parts if isinstance(part, Not))
        asked = [part for part in parts if not _is_limit(part)] or parts
        limits = tuple(Weighted(self._node(part), 0.0) for part in parts if part not in asked)
        wanted = tuple(map(question, asked))
        together = wanted[0] if len(wanted) == 1 else AllOf(wanted)
        together = narrowed(together, limits) if limits else together
        return Without(together, AnyOf(never)) if never else together

    def relaxed(self, query: Query) -> Expression | None:
        """Return the question for the words in any place, or words they begin; None without words."""
        if not any(isinstance(part, Words) and not part.quoted for part in query.root.parts):
            return None
        return AllOf(
            tuple(
                AnyOf(tuple(AllOf(tuple(map(scattered, form))) for form in self.forms(part)))
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
            Number: self._number,
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
        """Return the question for one typed text, in any of its forms."""
        forms = [AllOf(tuple(map(self._said_in, form))) for form in self.forms(node)]
        return AnyOf(tuple(forms)) if len(forms) > 1 else self._said_in(node)

    def _said_in(self, node: Words) -> Expression:
        """Return the question for one text: its words in a row, or its skeleton.

        Words only where even the rarest gram of the skeleton stands in too many letters.
        """
        in_words, field = as_words(node), FIELDS[node.where][1]
        if not has_skeleton(node.text):
            return in_words
        grams = tuple(analysis.grams(analysis.skeleton(node.text)))
        if min(self._frequency(field, gram) for gram in grams) > MOST_POSTINGS:
            return in_words
        return AnyOf((in_words, Phrase(field, grams, analysis.GRAM)))

    def _dated(self, node: Dated) -> Expression:
        first, last = node.period.first.toordinal(), node.period.last.toordinal()
        own: Expression = Between("date", first, last)
        if node.only_own:
            return own
        weight = SCHOOL_YEAR_WEIGHT if is_school_year(node.period) else DATED_WEIGHT
        parts: list[Expression] = [Weighted(own, weight)]
        if node.period.is_day:
            parts.append(Term("mentions", node.period.first.isoformat()))
        elif any(char.isdigit() for char in node.text):
            parts += (self._said_in(Words(one)) for one in said_as(node.period, node.text))
        return AnyOf(tuple(parts))

    def _number(self, node: Number) -> Expression:
        own: list[Expression] = [Weighted(Term("number", node.key), OWN_NUMBER_WEIGHT)]
        if node.only_own:
            return own[0]
        own.append(Term("mentions", node.key))
        words = tuple(analysis.words(node.text))
        if words:
            own.append(in_a_row(words))
        others = self._abbreviations.forms(node.text)  # ป.5 may be a number, or a class of a school
        own += (AllOf(tuple(as_words(Words(one)) for one in other.split())) for other in others)
        return AnyOf(tuple(own))

    def _pieces(self, node: Words) -> list[Expression]:
        """Return questions for pieces of a skeleton: with fewer errors than pieces, one is whole.

        In a large archive only the rarest are asked for: a piece like การ is in every letter,
        tells nothing and costs most.
        """
        field = FIELDS[node.where][1]
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


def _length(forms: tuple[Form, ...]) -> int:
    """Return how long a text is: long ones, which fewest letters say, are compared with most letters."""
    return sum(len(one.text) for one in forms[0])


def _told_apart(forms: tuple[Form, ...]) -> tuple[Form, ...]:
    """Return the forms that can be compared, one of those that say the same."""
    each = {tuple(as_said(one.text) for one in form): form for form in reversed(forms)}
    return tuple(form for form in forms if form in each.values() and _is_comparable(form))


def _is_comparable(form: Form) -> bool:
    return all(has_skeleton(one.text) for one in form)


def _is_limit(node: Node) -> bool:
    """Tell whether a part only narrows: how well a letter answers does not depend on it."""
    return isinstance(node, InGroup) or (isinstance(node, Dated) and node.only_own)
