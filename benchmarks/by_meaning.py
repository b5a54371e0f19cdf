"""Would vectors learnt from the archive find what words do not? A trial of LSA, as JSON.

usage: python -m benchmarks.by_meaning [--manuals DIR]

The office of `clerk_queries` (164 letters among 2,000 others) is asked `data/meant_queries.tsv`: what a letter is
about in other words than its own. Latent semantic analysis (Deerwester et al. 1990): tf-idf of words,
the first 100 singular vectors, cosine. It is learnt from the archive, or from the archive and paragraphs of
real prose in DIR. `rescued` counts the queries that search answers with nothing right in the first five and
LSA with the letter meant.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.clerk_queries import FIRST, OTHERS, RATE, office, other
from benchmarks.search import TODAY, registered
from benchmarks.synthetic_letters import DATA
from index.registered_letter import RegisteredLetter
from index.search import rebuild
from index.search.analysis import words

DIMENSIONS, OVERSAMPLED, ROUNDS = 100, 20, 3
RAREST = 2  # letters that hold a word
LINES_A_PARAGRAPH = 8
Vectors = NDArray[np.float32]


class Meaning:
    """The space of a collection of texts."""

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        seen = Counter(word for text in texts for word in set(text))
        known = sorted(word for word, count in seen.items() if count >= RAREST)
        self._places = {word: place for place, word in enumerate(known)}
        self._idf = np.log(len(texts) / np.array([seen[word] for word in known], np.float32))
        table = self._weighed(texts)
        rng = np.random.default_rng(18)
        wide = rng.standard_normal((len(known), DIMENSIONS + OVERSAMPLED)).astype(np.float32)
        for _ in range(ROUNDS):  # randomized SVD (Halko, Martinsson and Tropp 2011)
            wide, _ = np.linalg.qr(table.T @ (table @ wide))
        _, _, right = np.linalg.svd(table @ wide, full_matrices=False)
        self._axes = wide @ right.T[:, :DIMENSIONS]

    def vectors(self, texts: Sequence[Sequence[str]]) -> Vectors:
        """Return a unit vector for each text, zeros for one without known words."""
        placed = self._weighed(texts) @ self._axes
        return _unit(placed)

    def _weighed(self, texts: Sequence[Sequence[str]]) -> Vectors:
        table = np.zeros((len(texts), len(self._places)), np.float32)
        for row, text in enumerate(texts):
            for word, times in Counter(text).items():
                if (place := self._places.get(word)) is not None:
                    table[row, place] = (1 + np.log(times)) * self._idf[place]
        return _unit(table)


def _unit(rows: Vectors) -> Vectors:
    long: Vectors = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return long


def meant() -> list[tuple[str, int]]:
    """Return the queries and the letters meant."""
    lines = (DATA / "meant_queries.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [(typed, int(wanted)) for typed, wanted in rows]


def paragraphs(folder: Path) -> list[list[str]]:
    """Return the words of real prose, some lines together."""
    parts: list[list[str]] = []
    for file in sorted(folder.glob("*.txt")):
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
        starts = range(0, len(lines), LINES_A_PARAGRAPH)
        parts += (lines[start : start + LINES_A_PARAGRAPH] for start in starts)
    return [words("\n".join(part), normalized=True) for part in parts]


def is_first(ids: Iterable[int], wanted: int) -> bool:
    """Tell whether the letter meant is one of them."""
    return wanted in list(ids)[:FIRST]


def measure(manuals: Path | None) -> dict[str, object]:
    """Ask search and LSA."""
    letters: list[RegisteredLetter] = [registered(one, RATE) for one in office()]
    letters += map(other, range(100_000, 100_000 + OTHERS))
    texts = [words(f"{one.subject}\n{one.subject}\n{one.text}", normalized=True) for one in letters]
    ids = [one.letter_id for one in letters]
    with tempfile.TemporaryDirectory() as folder:
        index = rebuild(Path(folder), "tantivy", letters)
        by_words = []
        for typed, wanted in meant():
            hits = index.search(typed, today=TODAY, limit=FIRST, facets=()).hits
            by_words.append(is_first((hit.key.id for hit in hits), wanted))
        index.close()
    report: dict[str, object] = {"asked": len(by_words), "words": sum(by_words)}
    corpora = {"archive": texts}
    if manuals:
        corpora["archive and prose"] = texts + paragraphs(manuals)
    for name, corpus in corpora.items():
        space = Meaning(corpus)
        known = space.vectors(texts)
        likeness = space.vectors([words(typed) for typed, _ in meant()]) @ known.T
        found = [
            is_first((ids[place] for place in np.argsort(-row)[:FIRST]), wanted)
            for row, (_, wanted) in zip(likeness, meant(), strict=True)
        ]
        rescued = sum(lsa and not word for lsa, word in zip(found, by_words, strict=True))
        report[name] = {"texts": len(corpus), "lsa": sum(found), "rescued": rescued}
    return report


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--manuals", type=Path, help="folder of real prose, *.txt")
    options = parser.parse_args()
    print(json.dumps(measure(options.manuals), ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
