"""Known-item search: is the letter a clerk remembers among the first five hits?

`python benchmarks/known_item_search.py --truth ../shared/samples/truth.json --read DIR` indexes the
read text of each scan (`DIR/NAME.txt`, as the reading step gave it) among made-up letters with 3 %
reading errors. The register's number and date are the true ones (a clerk confirms them); subject and
sender are left empty, so that only the read text can be found. Each letter is looked for by what a
person remembers: telling words or a phrase of its subject, its number or a piece of it with a word, its date
with a word, its signer. Prints JSON with every failure, for two people: one who remembers a letter by
words that are not in every fifth letter, and one who takes any word of its subject.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.search import TODAY, registered
from benchmarks.synthetic_letters import make_letter, short_date
from classify.dates import parse_thai_date
from index.registered_letter import RegisteredLetter
from index.search import LetterIndex, rebuild
from index.search.analysis import base_letters, number_parts, skeleton
from ocr.thai_text import split_words, to_arabic_digits

FIRST = 5
_YEAR = re.compile("[0-9๐-๙]")  # nobody remembers a letter by "ประจำปี ๒๕๖๙"
DISTRACTORS = 2_000
COMMON_SHARE = 0.2
PEOPLE = {"telling words": COMMON_SHARE, "any words": 1.0}


def common_words(truths: Collection[dict[str, Any]], share: float) -> frozenset[str]:
    """Return the words that stand in more than a share of the letters, as การศึกษา does in a school
    district."""
    pages = [set(split_words("\n".join(one["text"]))) for one in truths]
    seen = Counter(word for page in pages for word in page)
    return frozenset(word for word, count in seen.items() if count > share * len(pages))


def remembered(
    truth: dict[str, Any], common: frozenset[str], rng: random.Random
) -> Iterator[tuple[str, str]]:
    """Yield (kind, query) as a person remembers the letter; only what its page really has."""
    subject = truth.get("subject", "")
    tokens = split_words(subject)
    words = [
        token for token in tokens if len(re.findall("[ก-ฮ]", token)) >= 3 and token not in common
    ]
    if len(words) >= 3:
        yield "words", " ".join(rng.sample(words, 3))
        phrases = ["".join(tokens[start : start + 6]).strip() for start in range(len(tokens) - 5)]
        telling = [
            one for one in phrases if base_letters(skeleton(one)) >= 14 and not _YEAR.search(one)
        ]
        if telling:
            yield "phrase", rng.choice(telling)
    number = truth.get("number", "")
    if number:
        yield "number", to_arabic_digits(number)
        if words:
            yield "piece of number", f"{number_parts(number)[-1]} {rng.choice(words)}"
    day = parse_thai_date(truth.get("date", ""))
    if day and words:
        yield "date", f"{rng.choice(words)} {short_date(day)}"
    signer = truth.get("signer", "").removeprefix("นางสาว").removeprefix("นาง").removeprefix("นาย")
    if signer and words:
        yield "signer", f"{signer} {rng.choice(words)}"


def letters(truth: dict[str, Any], folder: Path) -> dict[str, RegisteredLetter]:
    """Return the read letters by scan name, with ids from 1."""
    made: dict[str, RegisteredLetter] = {}
    for name in sorted(truth):
        file = folder / f"{name}.txt"
        if file.exists() and not truth[name].get("secrecy"):
            blank = registered(make_letter(len(made) + 1), 0)
            made[name] = replace(
                blank,
                number=to_arabic_digits(truth[name].get("number", "")),
                date=parse_thai_date(truth[name].get("date", "")) or date(2020, 1, 1),
                subject="",
                sender="",
                recipient="",
                text=file.read_text(encoding="utf-8"),
            )
    return made


def distractor(letter_id: int) -> RegisteredLetter:
    """Make another letter of the archive, misread at 3 %.

    Its subject line is left out: made-up letters have the same public subjects as the samples, and
    a letter with the very subject one remembers would be no mistake to find.
    """
    made = make_letter(letter_id)
    lines = tuple(line for line in made.lines if not line.startswith("เรื่อง "))
    return registered(replace(made, subject="", lines=lines), 0.03)


def main() -> None:
    """Search and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--truth", type=Path, required=True)
    parser.add_argument("--read", type=Path, required=True)
    parser.add_argument("--engine", default="tantivy")
    options = parser.parse_args()
    truth = json.loads(options.truth.read_text(encoding="utf-8"))
    known = letters(truth, options.read)
    others = map(distractor, range(100_000, 100_000 + DISTRACTORS))
    index = rebuild(Path(tempfile.mkdtemp()), options.engine, [*known.values(), *others])
    report = {
        person: first_five(index, truth, known, common_words(list(truth.values()), share))
        for person, share in PEOPLE.items()
    }
    print(json.dumps(report, ensure_ascii=False, indent=1))


def first_five(
    index: LetterIndex,
    truth: dict[str, dict[str, Any]],
    known: dict[str, RegisteredLetter],
    common: frozenset[str],
) -> dict[str, Any]:
    """Look for every known letter as a person remembers it; tell how many are in the first five."""
    failures: list[dict[str, Any]] = []
    asked: dict[str, int] = {}
    for name in known:
        rng = random.Random(name)  # noqa: S311 - repeatable queries
        twins = {other.letter_id for key, other in known.items() if key[-7:-4] == name[-7:-4]}
        for kind, query in remembered(truth[name], common, rng):
            asked[kind] = asked.get(kind, 0) + 1
            hits = index.search(query, today=TODAY, limit=FIRST).hits
            if twins.isdisjoint(hit.key.id for hit in hits):
                failures.append(
                    {
                        "scan": name,
                        "kind": kind,
                        "query": query,
                        "hits": len(hits),
                        "condition": truth[name].get("condition"),
                    }
                )
    total = sum(asked.values())
    return {
        "letters": len(known),
        "searches": total,
        "by_kind": asked,
        "in_first_five": round(1 - len(failures) / total, 4),
        "failures": failures,
    }


if __name__ == "__main__":
    main()
