"""The search index of letters: what the rest of the program sees, whichever engine runs inside."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from index.registered_letter import LetterKey, RegisteredLetter
from index.search import analysis
from index.search.abbreviations import Abbreviations, load_abbreviations
from index.search.answer import Answerer, Page
from index.search.engine import FACET_FIELDS, Engine, EngineDocument, Sort
from index.search.expression import (
    AllOf,
    AnyOf,
    Expression,
    OneOf,
    Phrase,
    Starting,
    Term,
    Weighted,
    Without,
    narrowed,
)
from index.search.hit import Hit, SearchResult, hit_of
from index.search.plan import Planner, Within
from index.search.query import Dated, Number, Query, Words, parse_query
from index.search.record import Record, document_of, key_of, may_be_indexed, number_of
from index.search.suggest import better_query

BATCH = 2_000  # letters in one commit
FORGET_BATCH = 200  # letters written anew at once: two seconds, so that new ones need not wait
FEW_HITS = 3  # with fewer, another spelling is looked for
MOST_LIKE_WORDS = 20
MOST_COUNTED = 20_000  # with more hits, what facets hold is reckoned from a sixteenth of them


@dataclass(frozen=True, slots=True)
class Upsert:
    """A letter is new or has changed."""

    letter: RegisteredLetter


@dataclass(frozen=True, slots=True)
class Delete:
    """A letter leaves the index (destroyed, cancelled, or found to be secret) at `revision`."""

    key: LetterKey
    revision: int


Change: TypeAlias = Upsert | Delete


@dataclass(slots=True)
class LetterIndex:
    """A search index over one engine. `group_names` lets people search by a group's Thai name."""

    engine: Engine
    group_names: Mapping[str, str] = field(default_factory=dict)
    abbreviations: Abbreviations = field(default_factory=load_abbreviations)
    analysis_version: str = field(default_factory=analysis.analysis_version)

    @property
    def is_outdated(self) -> bool:
        """Tell whether another analysis built the index, so that it should be built anew."""
        return self.analysis_version != analysis.analysis_version()

    # --- writing

    def apply(self, changes: Iterable[Change]) -> None:
        """Take over changes in order, in batches of one commit each; twice is the same as once.

        A letter that may not be in the common index is removed from it instead.
        Raises IndexBusyError, IndexWriteError, IndexUnavailableError.
        """
        batch: dict[int, Change] = {}
        for change in changes:
            number, revision = _identity(change)
            waiting = batch.get(number)
            if waiting is None or _identity(waiting)[1] <= revision:
                batch[number] = change
            if len(batch) >= BATCH:
                self._write(batch)
                batch = {}
        if batch:
            self._write(batch)

    def _write(self, batch: Mapping[int, Change]) -> None:
        there = self.engine.revisions(batch)
        removed: list[int] = []
        added: list[RegisteredLetter] = []
        for number, change in batch.items():
            revision = _identity(change)[1]
            if isinstance(change, Upsert) and may_be_indexed(change.letter):
                if there.get(number, -1) >= revision:
                    continue
                added.append(change.letter)
                removed += [number] if number in there else []
            elif there.get(number, revision + 1) <= revision:
                removed.append(number)
        if removed or added:
            self.engine.write(removed, map(document_of, added))

    def forget(self, read: Callable[[LetterKey], RegisteredLetter | None]) -> bool:
        """Take the words of removed letters out of the files too; return whether any were left.

        A removed letter is found by nothing at once; its words stay in the index's files until what
        lies beside them is written anew, which is done here in short steps: call until it returns
        False. `read` gives a letter as the book has it. Raises what `apply` raises.
        """

        def document(number: int) -> EngineDocument | None:
            letter = read(key_of(number))
            return document_of(letter) if letter and may_be_indexed(letter) else None

        return self.engine.forget(document, FORGET_BATCH)

    # --- searching

    def search(
        self,
        query: str | Query,
        *,
        today: date,
        filters: Mapping[str, Sequence[str]] | None = None,
        sort: Sort = Sort.RELEVANCE,
        limit: int = 10,
        offset: int = 0,
        facets: Sequence[str] = FACET_FIELDS,
        within: Within | None = None,
    ) -> SearchResult:
        """Find letters; never fails for what was typed. Raises IndexUnavailableError."""
        parsed = parse_query(query, today) if isinstance(query, str) else query
        if parsed.says_nothing:
            return SearchResult((), 0, {}, asked_nothing=True)
        planner = self._planner(within)
        page = Page(sort, limit, offset)
        answer = Answerer(self.engine, planner, filters or {}, page, today).answer(parsed)
        total = answer.found.total
        typed = _typed_texts(planner, parsed)
        if answer.near and answer.meant:
            typed += _typed_texts(planner, parse_query(answer.meant, today))
        hits = tuple(hit_of(hit, typed) for hit in answer.found.hits)
        meant = answer.meant
        if meant is None and (answer.near or total < FEW_HITS) and not parsed.is_empty:
            knows, count_of = self._knows_for(planner), self._count_for(planner, today)
            meant = better_query(self.engine, parsed, 0 if answer.near else total, knows, count_of)
        estimated = total > MOST_COUNTED
        count = self._estimates if estimated else self.engine.facets
        counts = count(answer.question, facets) if facets else {}
        return SearchResult(hits, total, counts, meant, estimated, answer.near)

    def _estimates(self, question: Expression, facets: Sequence[str]) -> dict[str, dict[str, int]]:
        """Reckon facet counts from one of the equal parts of all letters, to two digits."""
        part = Weighted(Term("sample", analysis.sample_of(0)), 0.0)
        counts = self.engine.facets(narrowed(question, (part,)), facets)
        return {
            field: {value: _rounded(count * analysis.SAMPLES) for value, count in values.items()}
            for field, values in counts.items()
        }

    def _knows_for(self, planner: Planner) -> Callable[[str], bool]:
        def knows(word: str) -> bool:
            if not self.engine.frequency("words", word):
                return False
            return self.engine.count(planner.filtered(Term("words", word))) > 0

        return knows

    def _count_for(self, planner: Planner, today: date) -> Callable[[str], int]:
        def count(text: str) -> int:
            query = parse_query(text, today)
            compared = planner.compared(query)
            question = compared.certain if compared else planner.strict(query)
            return self.engine.count(planner.filtered(question))

        return count

    def _planner(self, within: Within | None) -> Planner:
        return Planner(self.group_names, self.engine.frequency, within, self.abbreviations)

    def complete(
        self, prefix: str, field: str, limit: int = 8, *, within: Within | None = None
    ) -> tuple[str, ...]:
        """Return senders (`sender`) or subjects (`subject`) of letters that hold `prefix`."""
        if field not in ("sender", "subject"):
            return ()
        question = _holding(prefix, field)
        if question is None:
            return ()
        question = self._planner(within).filtered(question)
        answer = self.engine.run(question, sort=Sort.REGISTER, limit=limit * 8)
        values = Counter(Record.from_bytes(hit.record).field(field) for hit in answer.hits)
        return tuple(value for value, _ in values.most_common(limit) if value)

    def more_like(
        self, key: LetterKey, limit: int = 5, *, within: Within | None = None
    ) -> tuple[Hit, ...]:
        """Return letters that share the letter's most telling words; none for an unknown letter."""
        itself, planner = OneOf("letter_id", (number_of(key),)), self._planner(within)
        answer = self.engine.run(planner.filtered(itself), limit=1)
        if not answer.hits:
            return ()
        record = Record.from_bytes(answer.hits[0].record)
        total = self.engine.count(AllOf(()))
        weights: dict[str, float] = {}
        for word, times in Counter(analysis.words(f"{record.subject}\n{record.text}")).items():
            seen = self.engine.frequency("words", word) if len(word) > 2 else 0
            if 1 < seen <= max(2, total // 2):
                weights[word] = (1 + math.log(times)) * math.log(1 + total / seen)
        telling = sorted(weights, key=lambda word: -weights[word])[:MOST_LIKE_WORDS]
        alike = Without(AnyOf(tuple(Term("words", word) for word in telling)), itself)
        found = self.engine.run(planner.filtered(alike), limit=limit).hits
        return tuple(hit_of(hit, telling) for hit in found)

    # --- state

    def count(self) -> int:
        """Count the letters in the index."""
        return self.engine.count(AllOf(()))

    def revisions(self) -> Mapping[LetterKey, int]:
        """Return letter → revision, to compare with the book."""
        return {key_of(number): revision for number, revision in self.engine.revisions().items()}

    def refresh(self) -> None:
        """See what another process has committed since."""
        self.engine.refresh()

    def tidy(self) -> None:
        """Merge what was written in parts; the end of a rebuild."""
        self.engine.tidy()

    def close(self) -> None:
        """Let go of the files."""
        self.engine.close()


def _rounded(count: int) -> int:
    """Return a count to two digits."""
    return round(count, 2 - len(str(count)))


def _identity(change: Change) -> tuple[int, int]:
    """Return the number that engines know the letter by, and its revision."""
    if isinstance(change, Upsert):
        return number_of(change.letter.key), change.letter.revision
    return number_of(change.key), change.revision


def _typed_texts(planner: Planner, query: Query) -> list[str]:
    """Return the texts to highlight, abbreviations written out too."""
    texts: list[str] = []
    for part in query.root.parts:
        for one in getattr(part, "parts", (part,)):
            if isinstance(one, Words):
                texts += [text.text for form in planner.forms(one) for text in form]
            elif isinstance(one, Number | Dated):
                texts.append(one.text)
    return texts


def _holding(prefix: str, field: str) -> Expression | None:
    bones = analysis.skeleton(prefix)
    if len(bones) >= analysis.GRAM:
        return Phrase(f"{field}_skeleton", tuple(analysis.grams(bones)), analysis.GRAM)
    words = analysis.words(prefix)
    return Starting(f"{field}_words", words[-1]) if words else None
