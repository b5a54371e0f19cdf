"""Compare what was read with what was printed; every figure comes with its 95 % interval.

A share's interval is Wilson's (1927); the character error's is a bootstrap over letters. Fields are
compared without white space and dots, Thai and Arabic digits alike; sender, recipient and subject may
differ by 3 % ("near"). A field that is wrong, or made up, and in no list of things to look at is silent.
"""

from __future__ import annotations

import math
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import edlib

from benchmarks.letters_unlike.make import Made
from benchmarks.read import squeeze

Z = 1.959964
NEAR = 0.03
BOOTSTRAPS = 1000
FIELDS = ("number", "date", "sender", "recipient", "subject")
ARABIC = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")


@dataclass(slots=True)
class Marks:
    """How one letter was read: edits and characters, right or wrong a name, silent fields."""

    edits: int = 0
    characters: int = 0
    right: dict[str, bool] = field(default_factory=dict)
    unasked: int = 0
    silent: list[str] = field(default_factory=list)
    no_look: bool = False


def mark(made: Made, read: dict[str, Any]) -> Marks:
    """Compare one reading (`saraban read --json`) with its letter."""
    marks = Marks()
    text = squeeze(read.get("text") or "")
    for line in filter(None, map(squeeze, made.lines)):
        marks.characters += len(line)
        found = edlib.align(line, text, mode="HW")["editDistance"] if text else len(line)
        marks.edits += int(found)
    asked = set(read.get("needs_review", FIELDS))
    marks.no_look = "needs_review" in read and not asked
    wanted = truth_of(made)
    for name, want in wanted.items():
        got = ((read.get("fields") or {}).get(name) or {}).get("value") or ""
        marks.right[name] = is_right(name, want, got)
        if name not in asked:
            marks.unasked += 1
            if not marks.right[name]:
                marks.silent.append(name)
    for name, want in (("kind", made.letter.kind), ("group", made.letter.group)):
        marks.right[name] = read.get(name) == want
    return marks


def truth_of(made: Made) -> dict[str, str]:
    """Return the fields that the letter has, as printed; the date in ISO."""
    letter = made.letter
    values = {
        "number": letter.number,
        "date": letter.day.isoformat(),
        "sender": letter.sender,
        "recipient": letter.recipient,
        "subject": letter.subject,
    }
    return {name: value for name, value in values.items() if value is not None}


def is_right(name: str, want: str, got: str) -> bool:
    """Tell whether a value is what was printed, or near it where a long name may differ a little."""
    if name == "date":
        return want == got
    one, other = fold(want), fold(got)
    if one == other:
        return True
    if name == "number" or not one or not other:
        return False
    return bool(edlib.align(one, other)["editDistance"] <= NEAR * max(len(one), len(other)))


def fold(text: str) -> str:
    """Return a value without what does not count."""
    return re.sub(r"[.…]", "", squeeze(text).translate(ARABIC)).lower()


def wilson(right: int, count: int) -> tuple[float, float, float]:
    """Return a share with the ends of its 95 % interval."""
    if not count:
        return math.nan, 0.0, 1.0
    share = right / count
    spread = Z * math.sqrt(share * (1 - share) / count + Z * Z / (4 * count * count))
    middle, scale = share + Z * Z / (2 * count), 1 + Z * Z / count
    return share, max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def error_rate(marks: Sequence[Marks]) -> tuple[float, float, float]:
    """Return the character error with the ends of its bootstrap interval, letters drawn anew."""
    rng = random.Random(1)  # noqa: S311 - a benchmark
    rates = sorted(_rate(rng.choices(marks, k=len(marks))) for _ in range(BOOTSTRAPS))
    ends = rates[round(0.025 * BOOTSTRAPS)], rates[round(0.975 * BOOTSTRAPS) - 1]
    return _rate(marks), *ends


def _rate(marks: Iterable[Marks]) -> float:
    pairs = [(one.edits, one.characters) for one in marks]
    return sum(e for e, _ in pairs) / max(1, sum(c for _, c in pairs))


def report(made: Sequence[Made], marks: Sequence[Marks]) -> dict[str, dict[str, Any]]:
    """Return the figures of every condition and of all: (value, low, high) and how many they rest on."""
    parts: dict[str, list[Marks]] = defaultdict(list)
    for one, mark_ in zip(made, marks, strict=True):
        parts[one.condition].append(mark_)
        parts["all"].append(mark_)
    return {name: _figures(part) for name, part in parts.items()}


def _figures(marks: Sequence[Marks]) -> dict[str, Any]:
    figures: dict[str, Any] = {"letters": len(marks), "cer": _rounded(error_rate(marks))}
    for name in (*FIELDS, "kind", "group"):
        told = [one.right[name] for one in marks if name in one.right]
        figures[name] = _rounded(wilson(sum(told), len(told)))
    figures["silent"] = _rounded(
        wilson(sum(len(one.silent) for one in marks), sum(one.unasked for one in marks))
    )
    figures["no_look"] = _rounded(wilson(sum(one.no_look for one in marks), len(marks)))
    return figures


def _rounded(values: tuple[float, float, float]) -> list[float | None]:
    return [None if math.isnan(value) else round(value, 4) for value in values]


def markdown(figures: dict[str, dict[str, Any]]) -> str:
    """Return the figures as the table of docs/quality.md, per cent with their intervals."""
    columns = [name for name in figures["all"] if name != "letters"]
    rows = [
        "| condition | letters | " + " | ".join(columns) + " |",
        "|---|---:|" + "---:|" * len(columns),
    ]
    for name, values in figures.items():
        cells = (
            "–" if v is None else f"{100 * v:.1f} ({100 * low:.1f}–{100 * high:.1f})"
            for v, low, high in (values[c] for c in columns)
        )
        rows.append(f"| {name} | {values['letters']} | " + " | ".join(cells) + " |")
    return "\n".join(rows)
