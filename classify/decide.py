"""From a letter to a decision: group, copies, retention class, and what a clerk should look at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from classify.letter import Decision, Found, GroupScore, Kind, Letter, ReviewReason
from classify.numbers import LetterNumber, find_number
from classify.reasons import reason
from classify.retention import propose_retention
from classify.routing import Clues, copies_of, margin_of, score_groups
from classify.rules import GroupRules, RuleSet
from ocr.document import RecognizedDocument

_MATTER = re.compile(r"เรื่อง\s*(?P<matter>.{12,200}?)(?=\s(?:ไปแล้ว|จึง|ดังนี้|นั้น|มีผล|เพื่อ)|$)")
_LETTER_PAGES = 2  # what routing reads; the pages after them are mostly enclosures


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Below which confidence (0 to 1) a field is shown to a clerk; an office may raise or lower them.

    `margin` is how far the first group must be ahead of the second. The first five are set on calibrated
    confidence (`data/calibration.toml`) so that of what nobody is asked about at most 0.5 % should be wrong: of
    senders and subjects said to be right with 0.9, 0.15 % were wrong; recipients, numbers and dates need more.
    """

    number: float = 0.98
    date: float = 0.98
    sender: float = 0.9
    recipient: float = 0.98
    subject: float = 0.9
    urgency: float = 0.8
    secrecy: float = 0.8
    kind: float = 0.7
    margin: float = 0.2


DEFAULT_THRESHOLDS = Thresholds()


def decide(
    letter: Letter,
    document: RecognizedDocument,
    rules: RuleSet,
    *,
    thresholds: Thresholds = DEFAULT_THRESHOLDS,
    proposed_group: str = "",
) -> Decision:
    """Decide where the letter goes and how long it is kept, and collect every reason to look.

    `proposed_group` is the code of the group whose scanner it came from: that is where it goes, and
    nobody is asked about it. A code that is no group's proposes nothing.
    Secret letters still name the group the rules propose; showing them to the registrar only is
    the register's business.
    """
    clues = clues_of(letter, document, rules)
    scores = score_groups(clues, rules.groups)
    hit = bool(scores) and scores[0].score > 0
    proposed = proposed_group in {one.code for one in rules.groups.groups}
    group = scores[0].group if hit else rules.groups.default_group
    group = proposed_group if proposed else group
    margin = margin_of(scores)
    retention_class, because = propose_retention(
        rules.retention,
        subject=clues.subject or clues.body[:600],
        group=group,
        kind=letter.kind.value,
        is_secret=letter.is_secret,
        is_circular=bool(clues.number and clues.number.circular),
        has_subject=bool(clues.subject),
    )
    review = [*letter.doubts, *_missing(letter), *_unsure(letter, thresholds)]
    if not proposed:
        review += _group_reasons(scores, margin, rules.groups, thresholds)
    if retention_class in rules.retention.protected:
        review.append(reason("retention_class", "retention_protected", retention_class))
    return Decision(
        group=group,
        scores=scores,
        margin=margin,
        copies=() if letter.is_secret else _others(group, copies_of(clues, scores, rules.groups)),
        retention_class=retention_class,
        retention_because=because,
        review=tuple(dict.fromkeys(review)),
    )


def _others(group: str, copies: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one for one in copies if one != group)


def clues_of(letter: Letter, document: RecognizedDocument, rules: RuleSet) -> Clues:
    """Return what routing looks at; a stamped letter has no subject, so its text stands in for it."""
    body = " ".join(page.text.replace("\n", " ") for page in document.pages[:_LETTER_PAGES])
    subject = letter.subject.value if letter.subject else ""
    if not subject:
        subject = _matter_of(body)
    number: LetterNumber | None = find_number(letter.number.value) if letter.number else None
    sender = " ".join(f.value for f in (letter.sender, letter.owner) if f is not None)
    province = number is not None and rules.agencies.is_province(number.letters)
    return Clues(subject, body, sender, number, province)


def _matter_of(body: str) -> str:
    """Return what a text without a subject line says it is about: what follows `เรื่อง` in it."""
    match = _MATTER.search(body)
    return match["matter"] if match else body


def _missing(letter: Letter) -> Iterator[ReviewReason]:
    kind = letter.kind.value
    if letter.sender is None:
        yield reason("sender", "sender_missing")
    if letter.subject is None and kind not in (Kind.STAMPED, Kind.RADIO):
        yield reason("subject", "subject_missing")
    if _printed(letter.recipient) is None:
        unprinted = kind in (Kind.ORDER, Kind.ANNOUNCEMENT, Kind.EVIDENCE)
        yield reason("recipient", "recipient_not_printed" if unprinted else "recipient_missing")


def _printed(found: Found[str] | None) -> Found[str] | None:
    """Leave out what was only proposed: it is asked about with a reason of its own."""
    return found if found is not None and found.as_printed else None


def _unsure(letter: Letter, thresholds: Thresholds) -> Iterator[ReviewReason]:
    fields: tuple[tuple[str, Found[object] | None, float], ...] = (
        ("number", letter.number, thresholds.number),
        ("date", letter.date, thresholds.date),
        ("sender", letter.sender, thresholds.sender),
        ("recipient", _printed(letter.recipient), thresholds.recipient),
        ("subject", letter.subject, thresholds.subject),
        ("urgency", letter.urgency, thresholds.urgency),
        ("secrecy", letter.secrecy, thresholds.secrecy),
    )
    for name, found, threshold in fields:
        if found is not None and found.confidence < threshold:
            yield reason(name, "low_confidence")
    if letter.kind.confidence < thresholds.kind:
        yield reason("kind", "kind_unsure", letter.kind.as_printed)


def _group_reasons(
    scores: tuple[GroupScore, ...], margin: float, rules: GroupRules, thresholds: Thresholds
) -> Iterator[ReviewReason]:
    if not scores or scores[0].score <= 0:
        yield reason("group", "group_default", rules.group(rules.default_group).name)
    elif margin < thresholds.margin:
        names = " / ".join(rules.group(score.group).name for score in scores[:2])
        yield reason("group", "group_unsure", names)
