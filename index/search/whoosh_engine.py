"""The Whoosh engine: pure Python, for small archives.

Lessons kept (engines.md 1.2): `commit(merge=False)` by day, since a default commit may rewrite the
whole archive and stall for minutes; merging in `tidy`, which ends a rebuild; temporary runs of
killed writers are swept away when the next writer starts; no multi-process writer.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from pickle import UnpicklingError  # Whoosh keeps its table of contents so
from typing import Any, TypeAlias, TypeVar

from whoosh import fields, index, query, sorting
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.reading import SegmentReader
from whoosh.writing import OPTIMIZE, SegmentWriter

from index.search.engine import (
    COUNTED_FIELDS,
    FACET_FIELDS,
    KEYWORD_FIELDS,
    NUMBER_FIELDS,
    ROW_FIELDS,
    SORT_FIELDS,
    EngineAnswer,
    EngineDocument,
    EngineHit,
    Sort,
)
from index.search.errors import IndexUnavailableError, IndexWriteError
from index.search.expression import (
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
from index.search.file_proof import FileProof, checksum
from index.search.writer_lock import sole_writer

NAME = "whoosh"
WRITER_MEMORY_MB = 64
_SUMS = "sums.json"

T = TypeVar("T")
Merging: TypeAlias = Callable[[SegmentWriter, list[Any]], list[Any]]


def _schema() -> fields.Schema:
    tokens = SpaceSeparatedTokenizer()
    columns: dict[str, Any] = {"record": fields.STORED()}
    for field in COUNTED_FIELDS:
        columns[field] = fields.TEXT(analyzer=tokens, phrase=False)
    for field in ROW_FIELDS:
        columns[field] = fields.TEXT(analyzer=tokens, phrase=True)
    for field in KEYWORD_FIELDS:
        columns[field] = fields.KEYWORD()
    for field in FACET_FIELDS:
        columns[field] = fields.ID(sortable=True)
    for field in NUMBER_FIELDS:
        columns[field] = fields.NUMERIC(bits=64, sortable=True, stored=field == "letter_id")
    return fields.Schema(**columns)


class WhooshEngine:
    """A Whoosh index in `folder`; made when it does not exist and `create` is true."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        self._folder = folder
        if create:
            folder.mkdir(parents=True, exist_ok=True)
        if create and not index.exists_in(str(folder)):
            index.create_in(str(folder), _schema()).close()
        self._proof = FileProof(folder, self._is_as_noted)
        self._proof.prove(folder / name for name in self._sums())
        self._index = self._guard(lambda: index.open_dir(str(folder)))
        self._searcher = self._guard(self._index.searcher)

    def _guard(self, call: Callable[[], T]) -> T:
        """Run a Whoosh call; what a damaged file makes it raise becomes IndexUnavailableError."""
        try:
            return call()
        except _DAMAGE as error:
            problem = f"{type(error).__name__}: {error}"
            raise IndexUnavailableError(self._folder, problem) from error

    # --- writing

    def write(self, removed: Collection[int], added: Iterable[EngineDocument]) -> None:
        """Remove letters, then add letters, in one commit without merging."""
        self._write(removed, added, merging=_merge_only(frozenset()))

    def _write(
        self, removed: Collection[int], added: Iterable[EngineDocument], *, merging: Merging
    ) -> None:
        with sole_writer(self._folder):
            self._sweep()
            try:
                writer = self._index.writer(limitmb=WRITER_MEMORY_MB)
            except (*_DAMAGE, index.LockError) as error:
                raise IndexUnavailableError(self._folder, str(error)) from error
            try:
                self._fill(writer, removed, added)
                writer.commit(mergetype=merging)
                self._note_sums()
            except _DAMAGE as error:
                raise IndexWriteError(self._folder, f"{type(error).__name__}: {error}") from error
            finally:
                # A broken batch leaves temporary runs behind; the next writer sweeps them away.
                if not writer.is_closed:
                    writer.writelock.release()
        self.refresh()

    def _fill(
        self, writer: SegmentWriter, removed: Collection[int], added: Iterable[EngineDocument]
    ) -> None:
        if removed:
            writer.delete_by_query(query.Or([query.Term("letter_id", one) for one in removed]))
        for document in added:
            writer.add_document(
                **document.tokens, **document.facets, **document.numbers, record=document.record
            )

    def _sums(self) -> dict[str, int]:
        """Return the checksum of each file that was noted when it was written; Whoosh has none itself."""
        try:
            return dict(json.loads((self._folder / _SUMS).read_text(encoding="utf-8")))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, TypeError) as error:
            raise IndexUnavailableError(self._folder, f"{_SUMS}: {error}") from error

    def _is_as_noted(self, path: Path) -> bool:
        return self._sums().get(path.name) == checksum(path)

    def _note_sums(self) -> None:
        """Note the checksums of new files; none is ever changed after it was written."""
        known = self._sums()
        files = [one for end in ("seg", "toc") for one in self._folder.glob(f"*.{end}")]
        sums = {one.name: known[one.name] if one.name in known else checksum(one) for one in files}
        beside = self._folder / f"{_SUMS}.new"
        beside.write_text(json.dumps(sums), encoding="utf-8")
        beside.replace(self._folder / _SUMS)

    def _sweep(self) -> None:
        for leftover in self._folder.glob("*.tmp"):
            if leftover.is_dir():
                shutil.rmtree(leftover, ignore_errors=True)

    # --- reading

    def run(
        self,
        expression: Expression,
        *,
        sort: Sort = Sort.RELEVANCE,
        limit: int = 10,
        offset: int = 0,
    ) -> EngineAnswer:
        """Find letters; see `Engine.run`."""
        return self._guard(lambda: self._run(expression, sort, limit, offset))

    def _run(self, expression: Expression, sort: Sort, limit: int, offset: int) -> EngineAnswer:
        options: dict[str, Any] = {"limit": max(1, limit + offset)}
        if sort is not Sort.RELEVANCE:
            field, descending = SORT_FIELDS[sort]
            options["sortedby"] = sorting.FieldFacet(field, reverse=descending)
        wanted = query_of(expression)
        results = self._searcher.search(wanted, **options)
        hits = [
            EngineHit(hit["letter_id"], float(hit.score or 0), hit["record"])
            for hit in islice(results, offset, offset + limit)
        ]
        return EngineAnswer(hits, len(results))

    def facets(self, expression: Expression, fields: Sequence[str]) -> dict[str, dict[str, int]]:
        """Count facet values over every match; a limited search would count the best hits only."""
        return self._guard(lambda: self._facets(query_of(expression), fields))

    def _facets(self, wanted: query.Query, facets: Sequence[str]) -> dict[str, dict[str, int]]:
        counts: dict[str, dict[str, int]] = {field: {} for field in facets}
        for searcher, _ in self._searcher.leaf_searchers():
            matching = list(searcher.docs_for_query(wanted))
            if not matching:
                continue
            reader = searcher.reader()
            for field in facets:
                column = reader.column_reader(field)
                counted = counts[field]
                for number in matching:
                    value = str(column[number])
                    counted[value] = counted.get(value, 0) + 1
        return counts

    def count(self, expression: Expression) -> int:
        """Count the letters that match."""
        wanted = query_of(expression)
        return self._guard(lambda: sum(1 for _ in self._searcher.docs_for_query(wanted)))

    def revisions(self, letter_ids: Collection[int] | None = None) -> dict[int, int]:
        """Return letter id → revision."""
        wanted = (
            query.Every()
            if letter_ids is None
            else query.Or([query.Term("letter_id", one) for one in letter_ids])
        )
        return self._guard(lambda: self._revisions(wanted))

    def _revisions(self, wanted: query.Query) -> dict[int, int]:
        found: dict[int, int] = {}
        for searcher, _ in self._searcher.leaf_searchers():
            places = list(searcher.docs_for_query(wanted))
            if not places:  # an index without letters has no columns to read
                continue
            reader = searcher.reader()
            ids, numbers = reader.column_reader("letter_id"), reader.column_reader("revision")
            found.update((int(ids[place]), int(numbers[place])) for place in places)
        return found

    def tokens_starting(self, field: str, prefix: str, limit: int) -> Iterator[str]:
        """Yield tokens that begin with `prefix`."""
        found = self._guard(
            lambda: list(islice(self._searcher.reader().expand_prefix(field, prefix), limit))
        )
        return (token.decode("utf-8") for token in found)

    def frequency(self, field: str, token: str) -> int:
        """Return in about how many letters a text field holds a token."""
        return self._guard(lambda: int(self._searcher.doc_frequency(field, token)))

    def forget(self, read: Callable[[int], EngineDocument | None], limit: int) -> bool:
        """Merge the segments that hold removed letters; Whoosh reads the living ones from there."""
        holding = self._guard(self._segments_with_removed)
        if holding:
            self._write((), (), merging=_merge_only(holding))
        return bool(holding)

    def _segments_with_removed(self) -> frozenset[str]:
        living = self._revisions(query.Every()).keys()
        holding: set[str] = set()
        for searcher, _ in self._searcher.leaf_searchers():
            reader = searcher.reader()
            if reader.has_deletions():
                ids = reader.column_reader("letter_id")
                if any(int(ids[place]) not in living for place in range(reader.doc_count_all())):
                    holding.add(reader.segment().segment_id())
        return frozenset(holding)

    def refresh(self) -> None:
        """See what was committed since, and that no file is damaged."""
        self._proof.prove(self._folder / name for name in self._sums())
        if self._guard(self._searcher.up_to_date):
            return
        # `Searcher.refresh` would reuse segment readers that have not heard of deletions.
        fresh = self._guard(self._index.searcher)
        self._searcher.close()
        self._searcher = fresh

    def tidy(self) -> None:
        """Merge all segments into one; takes minutes on a large archive."""
        self._write((), (), merging=OPTIMIZE)

    def close(self) -> None:
        """Let go of the files."""
        self._searcher.close()
        self._index.close()


def _merge_only(names: frozenset[str]) -> Merging:
    """Return a way of committing that writes the living letters of these segments anew."""

    def merge(writer: SegmentWriter, segments: list[Any]) -> list[Any]:
        kept: list[Any] = []
        for segment in segments:
            if segment.segment_id() in names:
                reader = SegmentReader(writer.storage, writer.schema, segment)
                writer.add_reader(reader)
                reader.close()
            else:
                kept.append(segment)
        return kept

    return merge


# What Whoosh is seen to raise on missing, truncated or foreign files.
_DAMAGE = (
    OSError,
    ValueError,
    KeyError,
    IndexError,
    TypeError,
    EOFError,
    AssertionError,
    AttributeError,
    ImportError,
    UnpicklingError,
    index.IndexError,
)


def query_of(expression: Expression) -> query.Query:
    """Translate the algebra into a Whoosh query."""
    return _TRANSLATE[type(expression)](expression)


def _phrase(part: Phrase) -> query.Query:
    if len(part.tokens) == 1:
        return query.Term(part.field, part.tokens[0])
    return query.Phrase(part.field, list(part.tokens))


def _all_of(part: AllOf) -> query.Query:
    return query.And([query_of(one) for one in part.parts]) if part.parts else query.Every()


def _any_of(part: AnyOf) -> query.Query:
    return query.Or([query_of(one) for one in part.parts]) if part.parts else query.NullQuery


def _one_of(part: OneOf) -> query.Query:
    terms = [query.Term(part.field, value) for value in part.values]
    return query.ConstantScoreQuery(query.Or(terms)) if terms else query.NullQuery


def _between(part: Between) -> query.Query:
    """Return the question for a range; one that weighs nothing (a boost of 0) would find nothing by itself."""
    return query.ConstantScoreQuery(query.NumericRange(part.field, part.low, part.high))


def _weighted(part: Weighted) -> query.Query:
    inner = query_of(part.part)
    if isinstance(inner, query.ConstantScoreQuery):
        inner.score *= part.factor  # it has no boost that counts
    elif hasattr(inner, "boost"):
        inner.boost *= part.factor
    return inner


_TRANSLATE: dict[type, Callable[[Any], Any]] = {
    Term: lambda part: query.Term(part.field, part.token),
    Near: lambda part: query.FuzzyTerm(part.field, part.token, maxdist=1, prefixlength=0),
    Starting: lambda part: query.Prefix(part.field, part.prefix),
    Phrase: _phrase,
    Between: _between,
    OneOf: _one_of,
    AllOf: _all_of,
    AnyOf: _any_of,
    Without: lambda part: query.AndNot(query_of(part.wanted), query_of(part.unwanted)),
    Weighted: _weighted,
}
