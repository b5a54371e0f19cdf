"""Which group a letter goes to: words over the subject, then the body, then the sender; explained.

Every point has its reason, so that `explain` can show the sum and an office can change it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass

from classify.fuzzy import find_near, skeleton_positions
from classify.letter import GroupScore
from classify.numbers import LetterNumber
from classify.rules import Condition, Group, GroupRules, Keyword, SenderPrior, Weights
from ocr.thai_text import is_word, split_words

SUBJECT, BODY, SENDER = "เรื่อง", "เนื้อความ", "ผู้ส่ง"
_BODY_LETTERS = 4000
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Clues:
    """What routing looks at: the subject, the body, the sender's name and the number's parts.

    `is_province` tells whether the number's letters are a province's.
    """

    subject: str
    body: str = ""
    sender: str = ""
    number: LetterNumber | None = None
    is_province: bool = False


class _Text:
    """A text with its skeleton, asked for words; short words are asked with their marks on.

    A word with misread letters is only looked for where the text has letters that belong to no
    word: clean print is never bent into a keyword (`พื้นที่การศึกษา` is no `ทุนการศึกษา`).
    """

    def __init__(self, text: str) -> None:
        self.raw = re.sub(r"\s+", " ", text)
        self.tight = re.sub(r"\s+", "", text)
        self.bones, self._places = skeleton_positions(self.raw)
        self._misread: frozenset[int] | None = None

    def has(self, word: Keyword, fuzzy: bool) -> bool:
        if word.is_latin:
            pattern = rf"(?<![A-Za-z0-9]){re.escape(word.text)}(?![A-Za-z0-9])"
            return re.search(pattern, self.raw) is not None
        if len(word.bones) < 4:
            return word.text.replace(" ", "") in self.tight
        if word.bones in self.bones:
            return True
        if not fuzzy or not word.edits or not self.misread:
            return False
        hit = find_near(word.bones, self.bones, word.edits)
        if hit is None:
            return False
        span = range(max(0, hit[0] - len(word.bones) - 1), hit[0] + 1)
        return any(index in self.misread for index in span)

    @property
    def misread(self) -> frozenset[int]:
        """The indices in the skeleton of letters that belong to no dictionary word."""
        if self._misread is None:
            bad = set()
            for run in re.finditer(r"[ก-๎]+", self.raw):
                at = run.start()
                for piece in split_words(run[0]):
                    if not is_word(piece):
                        bad |= set(range(at, at + len(piece)))
                    at += len(piece)
            self._misread = frozenset(i for i, place in enumerate(self._places) if place in bad)
        return self._misread


@dataclass(frozen=True, slots=True)
class _Texts:
    subject: _Text
    body: _Text
    sender: _Text


def score_groups(clues: Clues, rules: GroupRules) -> tuple[GroupScore, ...]:
    """Return all groups with their points and reasons, best first; ties keep the official order."""
    texts = _Texts(_Text(clues.subject), _Text(clues.body[:_BODY_LETTERS]), _Text(clues.sender))
    scored = []
    for order, group in enumerate(rules.groups):
        because = _points(group, clues, texts, rules.weights)
        total = round(sum(points for _, _, points in because), 3)
        scored.append((total, -order, GroupScore(group.code, total, tuple(because))))
    scored.sort(key=lambda item: (item[0], item[1]), reverse=True)
    return tuple(score for _, _, score in scored)


def margin_of(scores: tuple[GroupScore, ...]) -> float:
    """Return how far the first group is ahead of the second, 0 (a tie or no hit) to 1."""
    if not scores or scores[0].score <= 0:
        return 0.0
    second = max(0.0, scores[1].score) if len(scores) > 1 else 0.0
    return round((scores[0].score - second) / scores[0].score, 4)


def copies_of(clues: Clues, scores: tuple[GroupScore, ...], rules: GroupRules) -> tuple[str, ...]:
    """Return the groups that get a copy: by rule, and those near to the lead's score on the subject."""
    if not scores or scores[0].score <= 0:
        return ()
    lead = scores[0]
    subject = _Text(clues.subject)
    chosen = [
        code
        for rule in rules.copies
        if any(subject.has(w, True) for w in rule.any_words)
        for code in rule.to
    ]
    chosen += [
        other.group
        for other in scores[1:]
        if other.score >= rules.weights.copy_share * lead.score
        and any(
            where == SUBJECT and points > rules.weights.weak for _, where, points in other.because
        )
    ]
    return tuple(dict.fromkeys(code for code in chosen if code != lead.group))


_Reason = tuple[str, str, float]


def _points(group: Group, clues: Clues, texts: _Texts, weights: Weights) -> list[_Reason]:
    subject, body = texts.subject, texts.body
    because: list[_Reason] = []
    because += _word_points(group.strong, subject, body, weights, lambda w: _strength(w, weights))
    because += _word_points(group.weak, subject, body, weights, lambda _: weights.weak)
    because += _word_points(group.negative, subject, None, weights, lambda _: -weights.negative)
    numbers = [prior.number for prior in group.senders if prior.number]
    fitting = next((number for number in numbers if _number_fits(number, clues)), None)
    if fitting is not None:
        because.append((fitting, SENDER, weights.sender_number))
    # The sender's own group of the same name (every area office has the same ten) counts as well.
    names = [prior.name for prior in group.senders if prior.name] + [Keyword.of(group.name)]
    named = next((name for name in names if texts.sender.has(name, fuzzy=True)), None)
    if named is not None:
        because.append((named.text, SENDER, weights.sender_name))
    because += [
        (condition.because, "เงื่อนไข", condition.points)
        for condition in group.conditions
        if _holds(condition, clues, subject, texts.sender)
    ]
    return because


def _strength(word: Keyword, weights: Weights) -> float:
    letters = len(word.bones) * (2 if word.is_latin else 1)
    return round(weights.strong * math.pow(letters / 8, weights.length_power), 3)


def _word_points(
    words: tuple[Keyword, ...],
    subject: _Text,
    body: _Text | None,
    weights: Weights,
    points: Callable[[Keyword], float],
) -> list[_Reason]:
    """Points of the words found; a word inside a longer one that was found too counts once."""
    found: list[_Reason] = []
    counted: list[str] = []
    for word in sorted(words, key=lambda w: -len(w.bones)):
        if any(word.bones in longer for longer in counted):
            continue
        if subject.has(word, fuzzy=True):
            found.append((word.text, SUBJECT, points(word)))
        elif body is not None and body.bones and body.has(word, fuzzy=False):
            found.append((word.text, BODY, round(points(word) * weights.body, 3)))
        else:
            continue
        counted.append(word.bones)
    return found


def _number_fits(prior: str, clues: Clues) -> bool:
    number = clues.number
    if number is None:
        return False
    letters, _, owner = prior.partition(" ")
    owner = "".join(_DIGITS.findall(owner))
    mine = number.owner.replace(".", "")
    same = (
        clues.is_province if letters == "province" else letters.replace(".", "") == number.letters
    )
    return same and mine.startswith(owner)


def _holds(condition: Condition, clues: Clues, subject: _Text, sender: _Text) -> bool:
    if not all(subject.has(word, fuzzy=True) for word in condition.all_words):
        return False
    if condition.any_words and not any(
        subject.has(word, fuzzy=True) for word in condition.any_words
    ):
        return False
    if any(subject.has(word, fuzzy=True) for word in condition.no_words):
        return False
    return not condition.senders or any(
        _sender_fits(prior, clues, sender) for prior in condition.senders
    )


def _sender_fits(prior: SenderPrior, clues: Clues, sender: _Text) -> bool:
    if prior.name is not None:
        return sender.has(prior.name, fuzzy=True)
    return _number_fits(prior.number, clues)


def words_found(text: str, words: tuple[Keyword, ...]) -> tuple[str, ...]:
    """Return which of the words stand in a text, mark-insensitively."""
    asked = _Text(text)
    return tuple(word.text for word in words if asked.has(word, fuzzy=True))
