"""Did you mean: another spelling of a typed word that the archive knows and that finds more."""

from __future__ import annotations

from collections.abc import Callable

import edlib

from index.search import analysis
from index.search.engine import Engine
from index.search.query import Query, Words

MOST_TOKENS = 4_000  # vocabulary looked at for one word
MOST_TRIED = 3  # spellings whose hits are counted
LONGEST_DISTANCE = 2
LETTERS_A_SLIP = 4  # of a short word another one is always near


def better_query(
    engine: Engine,
    query: Query,
    total: int,
    knows: Callable[[str], bool],
    count: Callable[[str], int],
) -> str | None:
    """Return the query with one word spelled as the archive spells it, when that finds more.

    `knows` tells whether any letter has a word, `count` how many letters a text finds.
    """
    for part in query.root.parts:
        if not isinstance(part, Words):
            continue
        for word in analysis.words(part.text):
            if len(word) < 2 or knows(word):
                continue
            for other in _spellings(engine, word):
                better = query.text.replace(word, other, 1)
                if better != query.text and count(better) > total:
                    return better
    return None


def _spellings(engine: Engine, word: str) -> list[str]:
    """Return known words nearest to `word`, best first; they begin with the same letter."""
    bones = analysis.skeleton(word)
    ranked: list[tuple[bool, int, str]] = []
    for token in engine.tokens_starting("words", word[:1], MOST_TOKENS):
        if abs(len(token) - len(word)) > LONGEST_DISTANCE:
            continue
        distance = edlib.align(word, token, k=LONGEST_DISTANCE)["editDistance"]
        same_letters = analysis.skeleton(token) == bones
        if distance > 0 and (same_letters or distance <= len(word) // LETTERS_A_SLIP):
            ranked.append((not same_letters, distance, token))
    return [token for _, _, token in sorted(ranked)[:MOST_TRIED]]
