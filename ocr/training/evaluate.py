"""Measure a shipped model on held-out lines: errors, digits, confusions, and whether it knows its doubt."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from ocr.recognizer import LineRecognizer, RecognizedLine
from ocr.training.shards import Shard, read_shard

THAI_DIGITS = frozenset("๐๑๒๓๔๕๖๗๘๙")
ARABIC_DIGITS = frozenset("0123456789")
TEMPERATURES = (0.7, 0.85, 1.0, 1.15, 1.3, 1.5, 1.75, 2.0, 2.4)
BINS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 1.000001)


@dataclass(slots=True)
class Scores:
    """Counts over a set of lines; rates are properties. Digits count as right when read as themselves."""

    edits: int = 0
    characters: int = 0
    edits_spaceless: int = 0
    characters_spaceless: int = 0
    exact: int = 0
    lines: int = 0
    thai: Counter[bool] = field(default_factory=Counter)
    arabic: Counter[bool] = field(default_factory=Counter)
    confusions: Counter[tuple[str, str]] = field(default_factory=Counter)
    judged: list[tuple[float, bool]] = field(default_factory=list)  # confidence, was it right

    @property
    def error(self) -> float:
        """Edits a character, spaces counted."""
        return self.edits / max(1, self.characters)

    @property
    def error_spaceless(self) -> float:
        """Edits a character, spaces ignored."""
        return self.edits_spaceless / max(1, self.characters_spaceless)

    def as_table(self) -> dict[str, object]:
        """Return what the model card shows."""
        return {
            "lines": self.lines,
            "cer": round(self.error, 5),
            "cer_without_spaces": round(self.error_spaceless, 5),
            "lines_exact": round(self.exact / max(1, self.lines), 4),
            "thai_digits": round(self.thai[True] / max(1, self.thai.total()), 5),
            "arabic_digits": round(self.arabic[True] / max(1, self.arabic.total()), 5),
            "confusions": [
                f"{a or '-'}>{b or '-'} {n}" for (a, b), n in self.confusions.most_common(25)
            ],
            "reliability": reliability(self.judged),
        }


def evaluate(recognizer: LineRecognizer, path: Path, most: int | None = None) -> Scores:
    """Read a shard with the run-time recognizer and score it."""
    shard = read_shard(path)
    crops = shard.crops[:most]
    return score(recognizer.recognize(crops), Shard(crops, shard.texts[:most]))


def score(lines: list[RecognizedLine], shard: Shard) -> Scores:
    """Score lines read against the truth of their shard."""
    scores = Scores()
    for line, truth in zip(lines, shard.texts, strict=True):
        pairs = align(truth, line.text)
        wrong = [(a, b) for a, b in pairs if a != b]
        scores.lines += 1
        scores.exact += not wrong
        scores.edits += len(wrong)
        scores.characters += len(truth)
        scores.edits_spaceless += sum(1 for a, b in wrong if {a, b} - {"", " "})
        scores.characters_spaceless += len(truth) - truth.count(" ")
        scores.confusions.update(wrong)
        sure = iter(line.characters)
        for a, b in pairs:
            if b:
                scores.judged.append((next(sure).confidence, a == b))
            if a in THAI_DIGITS:
                scores.thai[a == b] += 1
            elif a in ARABIC_DIGITS:
                scores.arabic[a == b] += 1
    return scores


def align(truth: str, read: str) -> list[tuple[str, str]]:
    """Pair the characters of two texts by least edits; '' stands for a character left out."""
    rows = [list(range(len(read) + 1))]
    for i, a in enumerate(truth, 1):
        last, row = rows[-1], [i]
        for j, b in enumerate(read, 1):
            row.append(min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b)))
        rows.append(row)
    pairs = []
    i, j = len(truth), len(read)
    while i or j:
        if i and j and rows[i][j] == rows[i - 1][j - 1] + (truth[i - 1] != read[j - 1]):
            i, j = i - 1, j - 1
            pairs.append((truth[i], read[j]))
        elif i and rows[i][j] == rows[i - 1][j] + 1:
            i -= 1
            pairs.append((truth[i], ""))
        else:
            j -= 1
            pairs.append(("", read[j]))
    return pairs[::-1]


def reliability(judged: list[tuple[float, bool]]) -> list[dict[str, float]]:
    """Return, by bin of confidence, how many characters fell there, what was claimed and what held."""
    table = []
    for low, high in pairwise(BINS):
        inside = [(c, right) for c, right in judged if low <= c < high]
        if inside:
            claimed = sum(c for c, _ in inside) / len(inside)
            held = sum(right for _, right in inside) / len(inside)
            row = {
                "from": low,
                "characters": len(inside),
                "claimed": round(claimed, 4),
                "held": round(held, 4),
            }
            table.append(row)
    return table


def log_loss(judged: list[tuple[float, bool]]) -> float:
    """Return the mean negative log-likelihood of being right, what calibration makes least."""
    total = 0.0
    for confidence, right in judged:
        p = min(max(confidence if right else 1 - confidence, 1e-6), 1.0)
        total -= math.log(p)
    return total / max(1, len(judged))


def fit_temperature(recognizer: LineRecognizer, path: Path, most: int = 300) -> float:
    """Return the temperature that makes the confidences of held-out lines likeliest."""
    losses = {}
    kept = recognizer.temperature
    for temperature in TEMPERATURES:
        recognizer.temperature = temperature
        losses[temperature] = log_loss(evaluate(recognizer, path, most).judged)
    recognizer.temperature = kept
    return min(losses, key=lambda t: losses[t])
