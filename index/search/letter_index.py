"""The search index of letters: what the rest of the program sees, whichever engine runs inside."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol, TypeAlias

from index.registered_letter import RegisteredLetter, RegisterNumber
from index.search import analysis
from index.search.engine import FACET_FIELDS, Engine, EngineHit, Sort
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
)
from index.search.plan import Planner, nearly_number
from index.search.query import Dated, Number, Query, Words, parse_query
from index.search.record import Record, document_of, may_be_indexed
from index.search.snippet import Snippet, make_snippet
from index.search.suggest import better_query
from index.search.verify import Comparer, misreadings

BATCH = 2_000  # letters in one commit
ENOUGH_HITS = 1_000  # with as many strict hits nobody misses the misread ones
MOST_CANDIDATES = 1_000  # misread letters compared with what was typed, for one search
FORGIVEN_WEIGHT = 0.01  # misread letters come after the strict hits
FEW_HITS = 3  # with fewer, another spelling is looked for
MOST_LIKE_WORDS = 20


@dataclass(frozen=True, slots=True)
class Upsert:
    """A letter is new or has changed."""

    letter: RegisteredLetter


@dataclass(frozen=True, slots=True)
class Delete:
    """A letter leaves the index (destroyed, cancelled, or found to be secret) at `revision`."""

    letter_id: int
    revision: int


Change: TypeAlias = Upsert | Delete


@dataclass(frozen=True, slots=True)
class Hit:
    """One letter found, ready to be shown."""

    letter_id: int
    register_number: RegisterNumber
    number: str
    date: date | None
    sender: str
    subject: str
    group: str
    score: float
    snippet: Snippet


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A page of hits, how many there are in all, facet counts, and a spelling that finds more."""

    hits: tuple[Hit, ...]
    total: int
    facets: Mapping[str, Mapping[str, int]]
    did_you_mean: str | None = None


class SearchIndex(Protocol):
    """What the rest of the program may ask of the search index."""

    @property
    def analysis_version(self) -> str:
        """The analysis the index was built with."""

    def apply(self, changes: Iterable[Change]) -> None:
        """Take over changes in order; twice is the same as once."""

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
    ) -> SearchResult:
        """Find letters."""

    def complete(self, prefix: str, field: str, limit: int = 8) -> tuple[str, ...]:
        """Return senders or subjects that hold what was typed so far."""

    def more_like(self, letter_id: int, limit: int = 5) -> tuple[Hit, ...]:
        """Return letters that speak of the same things."""

    def count(self) -> int:
        """Count the letters in the index."""

    def revisions(self) -> Mapping[int, int]:
        """Return letter id → revision, to compare with the book."""

    def refresh(self) -> None:
        """See what another process has committed since."""

    def tidy(self) -> None:
        """Merge and clean at night."""

    def close(self) -> None:
        """Let go of the files."""


@dataclass(slots=True)
class LetterIndex:
    """A search index over one engine. `group_names` lets people search by a group's Thai name."""

    engine: Engine
    group_names: Mapping[str, str] = field(default_factory=dict)
    analysis_version: str = analysis.ANALYSIS_VERSION

    # --- writing

    def apply(self, changes: Iterable[Change]) -> None:
        """Take over changes in order, in batches of one commit each; twice is the same as once.

        A letter that may not be in the common index is removed from it instead.
        Raises IndexBusyError, IndexWriteError, IndexUnavailableError.
        """
        batch: dict[int, Change] = {}
        for change in changes:
            letter_id, revision = _identity(change)
            waiting = batch.get(letter_id)
            if waiting is None or _identity(waiting)[1] <= revision:
                batch[letter_id] = change
            if len(batch) >= BATCH:
                self._write(batch)
                batch = {}
        if batch:
            self._write(batch)

    def _write(self, batch: Mapping[int, Change]) -> None:
        there = self.engine.revisions(batch)
        removed: list[int] = []
        added: list[RegisteredLetter] = []
        for letter_id, change in batch.items():
            revision = _identity(change)[1]
            if isinstance(change, Upsert) and may_be_indexed(change.letter):
                if there.get(letter_id, -1) >= revision:
                    continue
                added.append(change.letter)
                removed += [letter_id] if letter_id in there else []
            elif there.get(letter_id, revision + 1) <= revision:
                removed.append(letter_id)
        if removed or added:
            self.engine.write(removed, map(document_of, added))

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
    ) -> SearchResult:
        """Find letters; never fails for what was typed. Raises IndexUnavailableError."""
        parsed = parse_query(query, today) if isinstance(query, str) else query
        question = self._question(parsed, filters or {})
        answer = self.engine.run(question, sort=sort, limit=limit, offset=offset, facets=facets)
        typed = _typed_texts(parsed)
        hits = tuple(_hit(hit, typed) for hit in answer.hits)
        better = None
        if answer.total < FEW_HITS and not parsed.is_empty:
            better = better_query(self.engine, parsed, answer.total, self._count_for(today))
        return SearchResult(hits, answer.total, answer.facets, better)

    def _count_for(self, today: date) -> Callable[[str], int]:
        planner = Planner(self.group_names)
        return lambda text: self.engine.count(planner.strict(parse_query(text, today)))

    def _question(self, query: Query, filters: Mapping[str, Sequence[str]]) -> Expression:
        """Return the question to ask; where hits are few, letters are compared one by one."""
        planner = Planner(self.group_names)
        strict = planner.filtered(planner.strict(query), filters)
        total = self.engine.count(strict)
        if total >= ENOUGH_HITS:
            return strict
        compared = planner.compared(query)
        if compared is not None:
            certain, loose, texts = compared
            certain = planner.filtered(certain, filters)
            also = self._misread(certain, planner.filtered(loose, filters), texts)
            total = self.engine.count(certain) + len(also)
            strict = AnyOf((certain, Weighted(OneOf("letter_id", also), FORGIVEN_WEIGHT)))
        for wider in (nearly_number, planner.relaxed):
            loose_question = wider(query) if not total else None
            if loose_question is not None:
                strict = planner.filtered(loose_question, filters)
                total = self.engine.count(strict)
        return strict

    def _misread(
        self, certain: Expression, loose: Expression, texts: Sequence[Words]
    ) -> tuple[int, ...]:
        """Return further letters that say what was typed, as read by eye: other words, misread."""
        candidates = self.engine.run(Without(loose, certain), limit=MOST_CANDIDATES).hits
        rightly = self.engine.count(certain)
        records = [Record.from_bytes(hit.record) for hit in candidates]
        left = list(range(len(candidates)))
        for part in texts:
            comparer = Comparer(part.text)
            wordings = {place: comparer.wording(records[place].field(part.where)) for place in left}
            accepted = misreadings(wordings.values(), rightly)
            left = [place for place in left if wordings[place] in accepted]
        return tuple(candidates[place].letter_id for place in left)

    def complete(self, prefix: str, field: str, limit: int = 8) -> tuple[str, ...]:
        """Return senders (`sender`) or subjects (`subject`) of letters that hold `prefix`."""
        if field not in ("sender", "subject"):
            return ()
        question = _holding(prefix, field)
        if question is None:
            return ()
        answer = self.engine.run(question, sort=Sort.REGISTER, limit=limit * 8)
        values = Counter(Record.from_bytes(hit.record).field(field) for hit in answer.hits)
        return tuple(value for value, _ in values.most_common(limit) if value)

    def more_like(self, letter_id: int, limit: int = 5) -> tuple[Hit, ...]:
        """Return letters that share the letter's most telling words; none for an unknown letter."""
        itself = OneOf("letter_id", (letter_id,))
        answer = self.engine.run(itself, limit=1)
        if not answer.hits:
            return ()
        record = Record.from_bytes(answer.hits[0].record)
        total = self.engine.count(AllOf(()))
        weights: dict[str, float] = {}
        for word, times in Counter(analysis.words(f"{record.subject}\n{record.text}")).items():
            seen = self.engine.count(Term("words", word)) if len(word) > 2 else 0
            if 1 < seen < max(2, total // 2):
                weights[word] = (1 + math.log(times)) * math.log(1 + total / seen)
        telling = sorted(weights, key=lambda word: -weights[word])[:MOST_LIKE_WORDS]
        alike = Without(AnyOf(tuple(Term("words", word) for word in telling)), itself)
        return tuple(_hit(hit, telling) for hit in self.engine.run(alike, limit=limit).hits)

    # --- state

    def count(self) -> int:
        """Count the letters in the index."""
        return self.engine.count(AllOf(()))

    def revisions(self) -> Mapping[int, int]:
        """Return letter id → revision, to compare with the book."""
        return self.engine.revisions()

    def refresh(self) -> None:
        """See what another process has committed since."""
        self.engine.refresh()

    def tidy(self) -> None:
        """Merge and clean at night."""
        self.engine.tidy()

    def close(self) -> None:
        """Let go of the files."""
        self.engine.close()


def _identity(change: Change) -> tuple[int, int]:
    if isinstance(change, Upsert):
        return change.letter.letter_id, change.letter.revision
    return change.letter_id, change.revision


def _typed_texts(query: Query) -> list[str]:
    """Return the texts to highlight."""
    texts: list[str] = []
    for part in query.root.parts:
        inner = getattr(part, "parts", (part,))
        texts += [one.text for one in inner if isinstance(one, Words | Number | Dated)]
    return texts


def _holding(prefix: str, field: str) -> Expression | None:
    bones = analysis.skeleton(prefix)
    if len(bones) >= analysis.GRAM:
        return Phrase(f"{field}_skeleton", tuple(analysis.grams(bones)))
    words = analysis.words(prefix)
    return Starting(f"{field}_words", words[-1]) if words else None


def _hit(hit: EngineHit, typed: Sequence[str]) -> Hit:
    record = Record.from_bytes(hit.record)
    return Hit(
        letter_id=hit.letter_id,
        register_number=RegisterNumber.parse(record.register_number),
        number=record.number,
        date=date.fromisoformat(record.date) if record.date else None,
        sender=record.sender,
        subject=record.subject,
        group=record.group,
        score=hit.score,
        snippet=make_snippet(record.text, typed),
    )
