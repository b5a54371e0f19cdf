"""Questions for one text: its words in a row, or in any place."""

from __future__ import annotations

from index.search import analysis
from index.search.expression import AllOf, AnyOf, Expression, Phrase, Starting, Term, Weighted
from index.search.query import Words

WORDS_WEIGHT = 4.0
SUBJECT_WEIGHT = 3.0
SENDER_WEIGHT = 2.0
FIELDS = {
    "": ("words", "skeleton"),
    "subject": ("subject_words", "subject_skeleton"),
    "sender": ("sender_words", "sender_skeleton"),
    "signer": ("signer_words", "signer_skeleton"),
}


def has_skeleton(text: str) -> bool:
    """Tell whether a text is long enough to be found by its skeleton."""
    return analysis.base_letters(analysis.skeleton(text)) >= analysis.SHORTEST_SKELETON


def as_words(node: Words) -> Expression:
    """Return the question for a text's words in a row; more in the letter's own fields, where it looks everywhere."""
    words = tuple(analysis.words(node.text))
    if not words:
        return AnyOf(())
    if node.where:
        return Weighted(Phrase(FIELDS[node.where][0], words), WORDS_WEIGHT)
    in_subject = Weighted(Phrase("subject_words", words), SUBJECT_WEIGHT)
    in_sender = Weighted(Phrase("sender_words", words), SENDER_WEIGHT)
    return AnyOf((Weighted(in_a_row(words), WORDS_WEIGHT), in_subject, in_sender))


def in_a_row(words: tuple[str, ...]) -> Expression:
    """Return the question for words one after another anywhere in a letter."""
    if len(words) == 1:
        return Term("words", words[0])
    pairs = analysis.pairs(words)
    if words[-1] in analysis.PREFIXES:  # its pair has a word more, which was not typed
        return AllOf((in_a_row(words[:-1]), Starting("pairs", pairs[-1])))
    covered = len(words) > 2 and words[-2] in analysis.PREFIXES
    return Phrase("pairs", tuple(pairs[:-1] if covered else pairs), overlap=2)


def scattered(node: Words) -> Expression:
    """Return the question for a text's words in any place, or longer ones they begin."""
    field = FIELDS[node.where][0]
    return AllOf(tuple(_begun(field, word) for word in dict.fromkeys(analysis.words(node.text))))


def _begun(field: str, word: str) -> Expression:
    """Return the question for a word, or for longer ones it begins: งบ for งบประมาณ."""
    return AnyOf((Term(field, word), Starting(field, word))) if len(word) > 1 else Term(field, word)
