"""The tantivy engine: embedded, for large archives.

Lessons kept (engines.md 1.1): exactly one writer at a time, and the index re-opened before each
writer is made, since writers taking turns leak segment files; commits in batches; Rust panics reach
Python as BaseException and are turned into errors here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import tantivy

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
from index.search.file_proof import FileProof, committed_files, has_its_footer
from index.search.record_cache import RecordCache
from index.search.writer_lock import sole_writer

NAME = "tantivy"
WRITER_HEAP_BYTES = 96_000_000
MOST_FACET_VALUES = 50
SEGMENT_FACET_VALUES = 100  # looked up in each segment: a lookup costs more than a hundred hits
_EVERY = 10_000_000
_IDENTITY = ("letter_id", "revision")

T = TypeVar("T")


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for field in COUNTED_FIELDS:
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="freq")
    for field in ROW_FIELDS:
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="position")
    for field in KEYWORD_FIELDS:
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="basic")
    for field in FACET_FIELDS:
        builder.add_text_field(field, tokenizer_name="raw", index_option="basic", fast=True)
    for field in NUMBER_FIELDS:
        builder.add_integer_field(field, indexed=True, fast=True)
    builder.add_bytes_field("record", stored=True)
    return builder.build()


class TantivyEngine:
    """A tantivy index in `folder`; made when it does not exist and `create` is true."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        self._folder = folder
        if create:
            folder.mkdir(parents=True, exist_ok=True)
        self._proof = FileProof(folder, has_its_footer)
        if not create:
            self._proof.prove(committed_files(folder))
        self._index = self._open(create)
        self._schema = self._index.schema
        self._records = RecordCache()
        self._seen = self._committed()
        self._searcher = self._guard(self._index.searcher)

    def _open(self, create: bool) -> tantivy.Index:
        if create and not tantivy.Index.exists(str(self._folder)):
            index = self._guard(lambda: tantivy.Index(_schema(), str(self._folder)))
        else:
            index = self._guard(lambda: tantivy.Index.open(str(self._folder)))
        index.config_reader("manual")  # else a thread of tantivy's opens files whenever it likes
        return index

    def _guard(self, call: Callable[[], T]) -> T:
        """Run a tantivy call; what it raises, panics included, becomes IndexUnavailableError."""
        try:
            return call()
        except (ValueError, OSError, TypeError) as error:
            raise IndexUnavailableError(self._folder, str(error)) from error
        except BaseException as error:
            if type(error).__name__ != "PanicException":
                raise
            raise IndexUnavailableError(self._folder, f"tantivy panicked: {error}") from error

    # --- writing

    def write(self, removed: Collection[int], added: Iterable[EngineDocument]) -> None:
        """Remove letters, then add letters, in one commit."""
        with sole_writer(self._folder):
            index = self._open(create=False)
            try:
                writer = index.writer(WRITER_HEAP_BYTES, 1)
                for letter_id in removed:
                    writer.delete_documents_by_term("letter_id", letter_id)
                for document in added:
                    writer.add_document(self._document(document))
                writer.commit()
                writer.wait_merging_threads()
            except (ValueError, OSError) as error:
                raise IndexWriteError(self._folder, str(error)) from error
            except BaseException as error:
                if type(error).__name__ != "PanicException":
                    raise
                raise IndexWriteError(self._folder, f"tantivy panicked: {error}") from error
        self._records.drop(removed)
        self.refresh()

    def _document(self, document: EngineDocument) -> tantivy.Document:
        fields: dict[str, Any] = {**document.tokens, **document.facets, **document.numbers}
        fields["record"] = document.record
        return tantivy.Document.from_dict(fields, self._schema)

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
        searcher: Any = self._searcher
        query = self._query(expression)
        if sort is Sort.RELEVANCE:
            found = searcher.search(query, max(limit, 1), count=True, offset=offset)
        else:
            field, descending = SORT_FIELDS[sort]
            order = tantivy.Order.Desc if descending else tantivy.Order.Asc
            found = searcher.search(
                query, max(limit, 1), count=True, offset=offset, order_by_field=field, order=order
            )
        pairs = found.hits[:limit]
        places = [place for _, place in pairs]
        if not places:
            return EngineAnswer([], found.count)
        ids, revisions = (searcher.fast_field_values(one, places) for one in _IDENTITY)
        records = self._records.read(
            list(zip(ids, revisions, strict=True)),
            lambda place: searcher.doc(places[place]).get_first("record"),
        )
        hits = [
            EngineHit(letter_id, float(score or 0), record)
            for letter_id, (score, _), record in zip(ids, pairs, records, strict=True)
        ]
        return EngineAnswer(hits, found.count)

    def facets(self, expression: Expression, fields: Sequence[str]) -> dict[str, dict[str, int]]:
        """Count the letters that match by the values of facet fields."""
        query = self._query(expression)
        most = {"size": MOST_FACET_VALUES, "segment_size": SEGMENT_FACET_VALUES}
        wanted = {field: {"terms": {"field": field, **most}} for field in fields}
        counted = self._guard(lambda: self._searcher.aggregate(query, wanted))
        return {
            field: {bucket["key"]: int(bucket["doc_count"]) for bucket in counted[field]["buckets"]}
            for field in fields
        }

    def count(self, expression: Expression) -> int:
        """Count the letters that match."""
        if expression == EVERYTHING:
            return int(self._searcher.num_docs)
        query = self._query(expression)
        searcher: Any = self._searcher
        return int(self._guard(lambda: searcher.search(query, 1, count=True).count))

    def revisions(self, letter_ids: Collection[int] | None = None) -> dict[int, int]:
        """Return letter id → revision."""
        query = (
            tantivy.Query.all_query()
            if letter_ids is None
            else tantivy.Query.term_set_query(self._schema, "letter_id", list(letter_ids))
        )
        searcher: Any = self._searcher
        limit = max(1, min(searcher.num_docs, _EVERY))
        found = self._guard(lambda: searcher.search(query, limit, count=False))
        places = [place for _, place in found.hits]
        if not places:
            return {}
        ids, revisions = self._guard(
            lambda: [searcher.fast_field_values(one, places) for one in _IDENTITY]
        )
        return dict(zip(ids, revisions, strict=True))

    def tokens_starting(self, field: str, prefix: str, limit: int) -> Iterator[str]:
        """Yield tokens that begin with `prefix`."""
        searcher: Any = self._searcher
        found = self._guard(lambda: searcher.terms_with_prefix(field, prefix, limit=limit))
        return (token for token, _ in found)

    def frequency(self, field: str, token: str) -> int:
        """Return in about how many letters a text field holds a token."""
        return self._guard(lambda: self._searcher.doc_freq(field, token))

    def forget(self, read: Callable[[int], EngineDocument | None], limit: int) -> bool:
        """Write anew what shares a segment with removed letters; one without living letters goes."""
        beside = self._guard(self._beside_removed)[:limit]
        if beside:
            documents = (read(letter_id) for letter_id in beside)
            self.write(beside, [document for document in documents if document])
        return bool(beside)

    def _beside_removed(self) -> list[int]:
        """Return the living letters of the first segment that also holds a removed one."""
        about = json.loads((self._folder / "meta.json").read_text(encoding="utf-8"))
        searcher: Any = self._searcher
        for segment, facts in enumerate(about["segments"]):
            if not facts["deletes"]:
                continue
            places = [tantivy.DocAddress(segment, place) for place in range(facts["max_doc"])]
            written = set(searcher.fast_field_values("letter_id", places))
            wanted = tantivy.Query.term_set_query(self._schema, "letter_id", list(written))
            found = [place for _, place in searcher.search(wanted, len(written), count=False).hits]
            living = searcher.fast_field_values("letter_id", found) if found else []
            if written - set(living):
                pairs = zip(living, found, strict=True)
                return [letter_id for letter_id, place in pairs if place.segment_ord == segment]
        return []

    def refresh(self) -> None:
        """See what was committed since, and that no file is damaged."""
        self._proof.prove(committed_files(self._folder))
        committed = self._committed()
        if committed != self._seen:
            self._guard(self._index.reload)
            self._searcher = self._guard(self._index.searcher)
            self._seen = committed

    def _committed(self) -> tuple[int, int]:
        """Return what changes with every commit: tantivy replaces the file that names the segments."""
        try:
            facts = (self._folder / "meta.json").stat()
        except OSError as error:
            raise IndexUnavailableError(self._folder, str(error)) from error
        return facts.st_ino, facts.st_mtime_ns

    def tidy(self) -> None:
        """Remove files no longer needed; tantivy merges by itself."""
        with sole_writer(self._folder):
            writer = self._guard(lambda: self._open(create=False).writer(WRITER_HEAP_BYTES, 1))
            writer.garbage_collect_files()
            writer.wait_merging_threads()

    def close(self) -> None:
        """Nothing is held between calls."""

    # --- the algebra

    def _query(self, expression: Expression) -> tantivy.Query:
        query: tantivy.Query = _TRANSLATE[type(expression)](self, expression)
        return query

    def _term(self, part: Term) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, part.field, part.token)

    def _near(self, part: Near) -> tantivy.Query:
        return tantivy.Query.fuzzy_term_query(self._schema, part.field, part.token, 1)

    def _starting(self, part: Starting) -> tantivy.Query:
        # Fuzzy without an edit: a regular expression takes a quarter of a millisecond to be compiled.
        return tantivy.Query.fuzzy_term_query(self._schema, part.field, part.prefix, 0, prefix=True)

    def _phrase(self, part: Phrase) -> tantivy.Query:
        if len(part.tokens) == 1:
            return tantivy.Query.term_query(self._schema, part.field, part.tokens[0])
        # Pairs and grams overlap: every second or third and the last, in their places, say the same.
        last = len(part.tokens) - 1
        places = [*range(0, last, part.overlap), last]
        placed: list[str | tuple[int, str]] = [(place, part.tokens[place]) for place in places]
        return tantivy.Query.phrase_query(self._schema, part.field, placed)

    def _between(self, part: Between) -> tantivy.Query:
        kind = tantivy.FieldType.Integer
        return tantivy.Query.range_query(self._schema, part.field, kind, part.low, part.high)

    def _one_of(self, part: OneOf) -> tantivy.Query:
        return tantivy.Query.term_set_query(self._schema, part.field, list(part.values))

    def _all_of(self, part: AllOf) -> tantivy.Query:
        if not part.parts:
            return tantivy.Query.all_query()
        return self._boolean(tantivy.Occur.Must, part.parts)

    def _any_of(self, part: AnyOf) -> tantivy.Query:
        if not part.parts:
            return tantivy.Query.empty_query()
        return self._boolean(tantivy.Occur.Should, part.parts)

    def _boolean(self, occur: tantivy.Occur, parts: Sequence[Expression]) -> tantivy.Query:
        if len(parts) == 1:
            return self._query(parts[0])
        return tantivy.Query.boolean_query([(occur, self._query(part)) for part in parts])

    def _without(self, part: Without) -> tantivy.Query:
        must, never = tantivy.Occur.Must, tantivy.Occur.MustNot
        return tantivy.Query.boolean_query(
            [(must, self._query(part.wanted)), (never, self._query(part.unwanted))]
        )

    def _weighted(self, part: Weighted) -> tantivy.Query:
        return tantivy.Query.boost_query(self._query(part.part), part.factor)


_TRANSLATE: dict[type, Callable[[TantivyEngine, Any], Any]] = {
    Term: TantivyEngine._term,
    Near: TantivyEngine._near,
    Starting: TantivyEngine._starting,
    Phrase: TantivyEngine._phrase,
    Between: TantivyEngine._between,
    OneOf: TantivyEngine._one_of,
    AllOf: TantivyEngine._all_of,
    AnyOf: TantivyEngine._any_of,
    Without: TantivyEngine._without,
    Weighted: TantivyEngine._weighted,
}
