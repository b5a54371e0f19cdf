"""Queries as clerks type them, mistakes and all: is the letter meant among the first five?

`python -m benchmarks.clerk_queries [--half build|report] [--drawn] [--engine E] [--verbose]` builds a made-up
office of 164 letters among 2,000 others, all with 2 % reading errors, and asks what
`data/clerk_queries.tsv` lists. The queries were written before the search was tried on them, and fall
into two halves by a hash of what is typed: one to build on, one to report. `--drawn` instead draws one
mistake of each of four kinds into a phrase of every subject. Prints JSON by kind: how many were asked, the share
found in the first five, and of the queries that nothing answers, how many show letters all the same, and how
many without the mark; a letter among the others that does say it, and is dated so, is an answer after all.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.search import TODAY, registered
from benchmarks.synthetic_letters import DATA, MadeLetter, make_letter, phrases
from index.registered_letter import RegisteredLetter
from index.search import LetterIndex, SearchResult, rebuild
from index.search.analysis import base_letters, skeleton
from index.search.query import Dated, Words, parse_query
from index.search.verify import as_said
from ocr.thai_text import split_words

FIRST = 5
OTHERS = 2_000
RATE = 0.02
NOTHING, UNASKED, DATED = "-", "unasked", "dated "
MISTAKES = ("vowel", "consonant", "left out", "swapped")
_BODY_PHRASES = 3
_CONSONANTS = "กขคฆงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ"
_VOWELS = "ะาิีึืุูเแโไใ"


@dataclass(frozen=True, slots=True)
class Asked:
    """One query: its kind, what is typed, and what is wanted as the data file says it."""

    kind: str
    typed: str
    wanted: str

    @property
    def half(self) -> str:
        """`build` or `report`, by a hash of what is typed."""
        return ("build", "report")[hashlib.sha256(self.typed.encode()).digest()[0] % 2]


def asked() -> list[Asked]:
    """Return all queries of the data file."""
    lines = (DATA / "clerk_queries.tsv").read_text(encoding="utf-8").splitlines()
    return [Asked(*line.split("\t")) for line in lines if line and not line.startswith("#")]


def office() -> Iterator[MadeLetter]:
    """Yield the letters to be looked for: the public subjects in order, then those of the data file."""
    for place, subject in enumerate(phrases()["S"], 1):
        made = make_letter(place, seed=18)
        lines = tuple(f"เรื่อง {subject}" if one.startswith("เรื่อง ") else one for one in made.lines)
        yield replace(made, subject=subject, lines=lines)
    for line in (DATA / "clerk_letters.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield _written(line.split("\t"))


def _written(row: Sequence[str]) -> MadeLetter:
    name, day, number, sender, signer, subject, said = row
    rng = random.Random(int(name))  # noqa: S311 - repeatable data
    made = make_letter(int(name), seed=18)
    body = rng.sample(phrases()["P"], _BODY_PHRASES)
    lines = (
        f"ที่ {number}",
        sender,
        f"เรื่อง {subject}",
        f"เรียน {made.recipient}",
        said,
        *body,
        "จึงเรียนมาเพื่อโปรดทราบและดำเนินการต่อไป",
        "ขอแสดงความนับถือ",
        f"({signer})",
    )
    return replace(
        made,
        letter_id=int(name),
        number=number,
        date=date.fromisoformat(day),
        sender=sender,
        subject=subject,
        persons=(signer, signer),
        lines=lines,
    )


def other(letter_id: int) -> RegisteredLetter:
    """Make another letter of the archive; its subject is a part of a sentence, not a public one."""
    return registered(other_as_written(letter_id), RATE)


def other_as_written(letter_id: int) -> MadeLetter:
    """Make another letter without reading errors."""
    made = make_letter(letter_id)
    subject = random.Random(letter_id).choice(phrases()["P"])  # noqa: S311 - repeatable data
    lines = tuple(line for line in made.lines if not line.startswith("เรื่อง "))
    return replace(made, subject=subject, lines=(f"เรื่อง {subject}", *lines))


def build(folder: Path, engine: str) -> LetterIndex:
    """Build the index of the office among the others."""
    others = map(other, range(100_000, 100_000 + OTHERS))
    return rebuild(folder, engine, [*(registered(one, RATE) for one in office()), *others])


def is_found(query: Asked, result: SearchResult) -> bool:
    """Tell whether the first hits are what was wanted."""
    first = result.hits[:FIRST]
    if query.wanted == UNASKED:
        return result.asked_nothing
    if query.wanted == NOTHING:
        return not first or result.near
    if query.wanted.startswith(DATED):
        low, _, high = query.wanted.removeprefix(DATED).partition("..")
        days = [hit.date.isoformat() if hit.date else "" for hit in first]
        return bool(days) and all(low <= day <= high for day in days)
    return not {int(one) for one in query.wanted.split(",")}.isdisjoint(hit.key.id for hit in first)


def _answers(query: Asked, result: SearchResult) -> bool:
    """Tell whether the first hits, letters among the others, say as they were written what was typed."""
    return all(_says(other_as_written(hit.key.id), query.typed) for hit in result.hits[:FIRST])


def _says(written: MadeLetter, typed: str) -> bool:
    said = as_said(f"{written.subject} {written.sender} {written.text}")
    return all(
        (isinstance(part, Words) and as_said(part.text) in said)
        or (isinstance(part, Dated) and part.period.first <= written.date <= part.period.last)
        for part in parse_query(typed, TODAY).root.parts
    )


def judge(index: LetterIndex, queries: Sequence[Asked], *, verbose: bool) -> dict[str, Any]:
    """Ask every query; return the figures by kind, those that nothing answers on their own."""
    right: dict[str, list[bool]] = defaultdict(list)
    shown = unmarked = answered = 0
    for query in queries:
        result = index.search(query.typed, today=TODAY, limit=FIRST, facets=())
        found = is_found(query, result)
        kind = "nothing" if query.wanted == NOTHING else query.kind
        right[kind].append(found)
        if kind == "nothing":
            shown += bool(result.hits)
            answered += not found and _answers(query, result)
            unmarked += not found and not _answers(query, result)
        if verbose and (not found or (kind == "nothing" and result.hits)):
            hits = [(hit.key.id, hit.subject[:30]) for hit in result.hits[:2]]
            print(query, result.near, result.did_you_mean, hits, file=sys.stderr)
    nothing = right.pop("nothing", [])
    report: dict[str, Any] = {kind: _share(found) for kind, found in sorted(right.items())}
    if nothing:
        report["nothing"] = {
            "asked": len(nothing),
            "shown": shown,
            "unmarked": unmarked,
            "answered after all": answered,
        }
    return report


def _share(found: Sequence[bool]) -> dict[str, float]:
    return {"asked": len(found), "first five": round(sum(found) / len(found), 3)}


def mistaken(text: str, kind: str, rng: random.Random) -> str | None:
    """Return `text` with one mistake of a kind inside it; None where it has no place for one."""
    letters = {"vowel": _VOWELS, "consonant": _CONSONANTS}.get(kind, _CONSONANTS + _VOWELS)
    places = [place for place in range(1, len(text) - 1) if text[place] in letters]
    if kind == "swapped":
        places = [
            place
            for place in places
            if re.match("[ก-๎]", text[place + 1]) and text[place] != text[place + 1]
        ]
    if not places:
        return None
    at = rng.choice(places)
    if kind == "left out":
        return text[:at] + text[at + 1 :]
    if kind == "swapped":
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text[:at] + rng.choice(letters.replace(text[at], "")) + text[at + 1 :]


def drawn(letters: Sequence[MadeLetter]) -> Iterator[tuple[str, str, frozenset[int]]]:
    """Yield (kind of mistake, what is typed, letters that say what is meant), one of each a subject.

    What is meant is a run of words of the subject that at most five letters say.
    """
    said = {one.letter_id: re.sub(r"\s", "", f"{one.subject}\n{one.text}") for one in letters}
    for one in letters[: len(phrases()["S"])]:
        rng = random.Random(one.letter_id)  # noqa: S311 - repeatable data
        words = split_words(one.subject)
        runs = ["".join(words[start : start + 4]).strip() for start in range(len(words) - 3)]
        holders = {
            run: frozenset(key for key, text in said.items() if re.sub(r"\s", "", run) in text)
            for run in runs
            if base_letters(skeleton(run)) >= 8 and not re.search("[0-9๐-๙]", run)
        }
        telling = [run for run, ids in holders.items() if 1 <= len(ids) <= FIRST]
        for kind in MISTAKES if telling else ():
            run = rng.choice(telling)
            typed = mistaken(run, kind, rng)
            if typed:
                yield kind, typed, holders[run]


def judge_drawn(index: LetterIndex, *, verbose: bool) -> dict[str, Any]:
    """Look for every subject with each kind of mistake drawn into it."""
    right: dict[str, list[bool]] = defaultdict(list)
    for kind, typed, wanted in drawn(list(office())):
        result = index.search(typed, today=TODAY, limit=FIRST, facets=())
        found = not wanted.isdisjoint(hit.key.id for hit in result.hits)
        right[kind].append(found)
        if verbose and not found:
            print(kind, typed, sorted(wanted), result.near, result.total, file=sys.stderr)
    return {kind: _share(found) for kind, found in right.items()}


def main() -> None:
    """Ask and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", default="tantivy")
    parser.add_argument("--half", choices=("build", "report"))
    parser.add_argument("--drawn", action="store_true", help="draw mistakes into the subjects")
    parser.add_argument("--verbose", action="store_true", help="print every failure")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        index = build(Path(folder), options.engine)
        if options.drawn:
            report = judge_drawn(index, verbose=options.verbose)
        else:
            queries = [one for one in asked() if options.half in (None, one.half)]
            report = judge(index, queries, verbose=options.verbose)
        index.close()
    print(json.dumps(report, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
