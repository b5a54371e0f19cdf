"""Search measured: `python benchmarks/search.py --letters 50000 --engine tantivy --json`.

Builds an index of made-up letters with 3 % reading errors, times indexing, freshness and query
classes, then measures recall and precision of a judged set on 2,500 letters at 0, 1, 3 and 8 %
reading errors. Sizes beyond `--distinct` letters reuse the analysed pages of the first ones under
new numbers, dates and ids, since segmentation is the costly part and does not change the index;
`analysis_ms_per_letter` gives its price.

With `--folder` the index stays there and is measured again without being built; `--rounds 0` builds
only. `index_reused` and the `build_` figures tell which it was and what building took.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.judged_queries import CLASSES, Judged, judged_queries
from benchmarks.scanned_letters import scanned_letters
from benchmarks.synthetic_letters import FIRST_DAY, MadeLetter, make_letter, misread
from index.registered_letter import LetterKey, RegisteredLetter, RegisterNumber
from index.search import FACET_FIELDS, LetterIndex, Sort, Upsert, open_index, rebuild
from index.search import record as records
from index.search.analysis import sample_of
from index.search.engine import EngineDocument
from ocr.thai_text import normalize

TODAY = date(2026, 6, 1)
BANGKOK = timezone(timedelta(hours=7))
NOISE = 0.03
JUDGED_LETTERS = 2_500
BATCH = 5_000
FRESH_LETTERS = 24


def registered(letter: MadeLetter, rate: float) -> RegisteredLetter:
    """Register a made-up letter as scanned: number and date confirmed by the clerk, the rest misread."""
    rng = random.Random(letter.letter_id * 31 + round(rate * 1000))  # noqa: S311 - repeatable data
    return RegisteredLetter(
        letter_id=letter.letter_id,
        register_number=RegisterNumber(letter.letter_id % 90_000 + 1, letter.date.year + 543),
        revision=1,
        received_at=datetime(
            letter.date.year, letter.date.month, letter.date.day, 9, tzinfo=BANGKOK
        ),
        number=letter.number,
        date=letter.date,
        sender=misread(letter.sender, rate, rng),
        recipient=misread(letter.recipient, rate, rng),
        subject=misread(letter.subject, rate, rng),
        kind="external",
        urgency="",
        secrecy="",
        group=letter.group,
        retention_class="R10",
        text=normalize(misread(letter.text, rate, rng)),  # as the reader leaves it
        sha256=f"{letter.letter_id:064x}",
        is_secret=False,
        review=(),
    )


def documents(count: int, distinct: int, timing: dict[str, float]) -> Iterator[EngineDocument]:
    """Yield `count` analysed letters; beyond `distinct` the pages come again under new numbers."""
    pages: list[EngineDocument] = []
    for letter_id in range(1, min(count, distinct) + 1):
        letter = registered(make_letter(letter_id), NOISE)
        start = time.process_time()
        document = records.document_of(letter)
        timing["analysis"] += time.process_time() - start
        pages.append(document)
        yield document
    rng = random.Random(5)  # noqa: S311 - repeatable data
    for letter_id in range(distinct + 1, count + 1):
        page = pages[letter_id % len(pages)]
        number = records.number_of(LetterKey.received(letter_id))
        running = rng.randint(1, 999_999)
        day = (FIRST_DAY + timedelta(days=rng.randrange(2200))).toordinal()
        numbers = {
            **page.numbers,
            "letter_id": number,
            "date": day,
            "received": day,
            "register": 25_690_000_000 + letter_id,
        }
        tokens = {
            **page.tokens,
            "number": f"ศธ04001/ว{running} ว{running} {running} {letter_id}/2569",
            "sample": sample_of(letter_id),
        }
        yield replace(page, letter_id=number, tokens=tokens, numbers=numbers)


def percentiles(seconds: Sequence[float]) -> dict[str, float]:
    """Return p50, p95 and p99 in milliseconds."""
    ordered = sorted(seconds)
    at = {
        name: ordered[min(len(ordered) - 1, int(len(ordered) * share))]
        for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))
    }
    return {name: round(value * 1000, 2) for name, value in at.items()}


def query_times(index: LetterIndex, queries: Sequence[Judged], rounds: int) -> dict[str, Any]:
    """Time every class: ten hits with highlights, by the clock and in CPU (for a shared machine).

    Facet counts are timed on their own, since a page can ask for them after the hits.
    """
    wall: dict[str, list[float]] = defaultdict(list)
    cpu: dict[str, list[float]] = defaultdict(list)

    def timed(names: Sequence[str], typed: str, **options: Any) -> None:  # noqa: ANN401 - passed on
        start, cpu_start = time.perf_counter(), time.process_time()
        index.search(typed, today=TODAY, **{"facets": (), **options})
        took, cpu_took = time.perf_counter() - start, time.process_time() - cpu_start
        for name in names:
            wall[name].append(took)
            cpu[name].append(cpu_took)

    for _ in range(rounds):
        for query in queries:
            timed(("all", query.kind), query.typed)
        for query in queries[::8]:
            first = query.typed.split()[0]
            timed(
                ("field_range_sort",),
                f"เรื่อง:{first} ลงวันที่: ม.ค. 2565 - ธ.ค. 2566",
                sort=Sort.NEWEST,
            )
            timed(("group_filter",), query.typed, filters={"group": ["plan"]})
            timed(("with_facet_counts",), query.typed, facets=FACET_FIELDS)
    return {
        "query_ms": {name: percentiles(seconds) for name, seconds in wall.items()},
        "query_cpu_ms": {name: percentiles(seconds) for name, seconds in cpu.items()},
    }


def timed_queries(kept: Path) -> list[Judged]:
    """Return the queries to time; they are kept, since making them takes a minute."""
    if not kept.exists():
        made = judged_queries([make_letter(letter_id) for letter_id in range(1, 1_001)])
        kept.write_text(json.dumps([(one.kind, one.typed) for one in made], ensure_ascii=False))
    return [Judged(kind, typed, frozenset()) for kind, typed in json.loads(kept.read_text())]


def freshness(folder: Path, samples: int) -> dict[str, dict[str, float]]:
    """Time from handing one letter over until a reader beside the writer finds it, as in an office,
    and until the writer has merged and takes the next; the letters stay in the index."""
    writing, reading = open_index(folder), open_index(folder)
    visible: list[float] = []
    written: list[float] = []
    first = writing.count()
    for running in range(first, first + samples):
        letter_id = 10_000_000 + running
        letter = replace(registered(make_letter(letter_id), 0), number=f"ศธ 09999/{running}")
        writer = threading.Thread(target=writing.apply, args=([Upsert(letter)],))
        start = time.perf_counter()
        writer.start()
        while True:
            was_writing = writer.is_alive()
            reading.refresh()
            hits = reading.search(letter.number, today=TODAY, limit=1, facets=()).hits
            if hits and hits[0].key.id == letter_id:
                break
            if not was_writing:
                raise SystemExit("a letter just added was not found")
            time.sleep(0.01)
        visible.append(time.perf_counter() - start)
        writer.join()
        written.append(time.perf_counter() - start)
    return {"add_to_visible_ms": percentiles(visible), "add_to_merged_ms": percentiles(written)}


def judge(
    folder: Path, engine: str, rate: float, letters: Sequence[MadeLetter], queries: Sequence[Judged]
) -> dict[str, tuple[float, float]]:
    """Return mean (recall, precision) per class and over all queries, of the whole returned sets."""
    index = rebuild(folder, engine, (registered(letter, rate) for letter in letters))
    return scores(index, queries)


def scores(index: LetterIndex, queries: Sequence[Judged]) -> dict[str, tuple[float, float]]:
    """Search every judged query and compare what comes back with what is wanted."""
    recalls: dict[str, list[float]] = defaultdict(list)
    precisions: dict[str, list[float]] = defaultdict(list)
    for query in queries:
        result = index.search(query.typed, today=TODAY, limit=100_000, facets=())
        found = {hit.key.id for hit in result.hits}
        right = len(found & query.wanted)
        for name in (query.kind, "all"):
            recalls[name].append(right / len(query.wanted))
            if found:
                precisions[name].append(right / len(found))
    return {
        name: (
            round(statistics.mean(recalls[name] or [0]), 4),
            round(statistics.mean(precisions[name] or [0]), 4),
        )
        for name in ("all", *CLASSES)
    }


def quality(folder: Path, engine: str, letters: int, rates: Sequence[float]) -> dict[str, Any]:
    """Measure the judged set at each rate of reading errors."""
    made = [make_letter(letter_id) for letter_id in range(1, letters + 1)]
    queries = judged_queries(made)
    report: dict[str, Any] = {
        "recall": {},
        "precision": {},
        "by_class": {},
        "queries": len(queries),
    }
    for rate in rates:
        name = f"{rate * 100:g}" if rate else "clean"
        by_class = judge(folder / name, engine, rate, made, queries)
        report["recall"][name], report["precision"][name] = by_class["all"]
        report["by_class"][name] = by_class
    return report


def quality_on_scans(folder: Path, engine: str, scans: Path) -> dict[str, tuple[float, float]]:
    """Measure a judged set on scans read by the line reader, found by what was read only."""
    letters = scanned_letters(scans)
    index = rebuild(folder, engine, (registered(one.known_by_page_only, 0) for one in letters))
    return scores(index, judged_queries([one.printed for one in letters]))


def build(folder: Path, engine: str, count: int, distinct: int, minutes: float) -> dict[str, Any]:
    """Build an index of `count` letters, or of those that `minutes` were enough for.

    What it cost is kept beside it in build.json.
    """
    timing: dict[str, float] = defaultdict(float)
    index = rebuild(folder, engine, ())
    start, clock_start = time.process_time(), time.perf_counter()
    batch: list[EngineDocument] = []
    wanted = count
    for document in documents(count, distinct, timing):
        batch.append(document)
        if len(batch) == min(BATCH, wanted):
            index.engine.write((), batch)
            batch = []
            if time.perf_counter() - clock_start > minutes * 60:
                count = records.key_of(document.letter_id).id
                break
    if batch:
        index.engine.write((), batch)
    index.tidy()
    cpu_seconds = time.process_time() - start
    seconds = cpu_seconds - timing["analysis"]
    analysis_seconds = timing["analysis"] / min(count, distinct, wanted)
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    report = {
        "engine": engine,
        "letters": count,
        "letters_wanted": wanted,
        "distinct": min(count, distinct),
        "build_cpu_seconds": round(cpu_seconds),
        "build_seconds": round(time.perf_counter() - clock_start),
        "index_per_cpu_second": round(1 / (seconds / count + analysis_seconds), 1),
        "engine_only_per_cpu_second": round(count / seconds, 1),
        "analysis_ms_per_letter": round(analysis_seconds * 1000, 2),
        "kb_per_letter": round(size / count / 1000, 2),
        "build_peak_rss_mb": peak_rss_mb(),
    }
    (folder / "build.json").write_text(json.dumps(report))
    return report


def speed(folder: Path, rounds: int) -> dict[str, Any]:
    """Time the index in `folder`."""
    report: dict[str, Any] = json.loads((folder / "build.json").read_text())
    index = open_index(folder)
    queries = timed_queries(folder.parent / "queries.json")
    query_times(index, queries[::5], 1)  # warm the page cache
    report |= query_times(index, queries, rounds)
    report |= freshness(folder, FRESH_LETTERS)
    report["peak_rss_mb"] = peak_rss_mb()
    return report


def peak_rss_mb() -> int:
    """Return the most memory this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=5_000)
    parser.add_argument("--engine", default="tantivy")
    parser.add_argument("--distinct", type=int, default=5_000, help="pages analysed afresh")
    parser.add_argument("--minutes", type=float, default=600, help="stop building after these")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument(
        "--judged", type=int, default=JUDGED_LETTERS, help="letters judged; 0 for none"
    )
    parser.add_argument("--scans", type=Path, help="also judge on these scans, with truth.json")
    parser.add_argument("--folder", type=Path, help="keep the index here, or time the one there")
    parser.add_argument("--json", action="store_true", help="one line of JSON only")
    options = parser.parse_args()
    folder = options.folder or Path(tempfile.mkdtemp(prefix="search-"))
    report: dict[str, Any] = {}
    if options.letters:
        place = folder / f"{options.engine}-{options.letters}"
        reused = (place / "build.json").exists()
        if not reused:
            minutes = options.minutes
            report = build(place, options.engine, options.letters, options.distinct, minutes)
        if options.rounds:
            report = speed(place, options.rounds)
        report["index_reused"] = reused
    if options.judged:
        report |= quality(folder, options.engine, options.judged, (0.0, 0.01, 0.03, 0.08))
    if options.scans:
        by_class = quality_on_scans(folder / "scans", options.engine, options.scans)
        report.setdefault("recall", {})["scans"], report.setdefault("precision", {})["scans"] = (
            by_class["all"]
        )
        report.setdefault("by_class", {})["scans"] = by_class
    if not options.folder:
        shutil.rmtree(folder)
    print(json.dumps(report, ensure_ascii=False, indent=None if options.json else 1))


if __name__ == "__main__":
    main()
