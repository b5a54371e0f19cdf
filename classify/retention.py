"""Proposing a retention class: the first rule that fits; a person decides."""

from __future__ import annotations

from classify.letter import Kind
from classify.routing import words_found
from classify.rules import RetentionRule, RetentionRules


def propose_retention(
    rules: RetentionRules,
    *,
    subject: str,
    group: str,
    kind: Kind,
    is_secret: bool,
    is_circular: bool,
    has_subject: bool = True,
) -> tuple[str, str]:
    """Return (class code, reason in Thai). Protected classes stand first, so no rule lowers them.

    Where a letter has no subject (`has_subject` false) its text stands in `subject`, and the reason says so.
    """
    where = "" if has_subject else " (พบในข้อความ ไม่พบเรื่อง)"
    for rule in rules.rules:
        if not _applies(rule, group, kind, is_secret, is_circular):
            continue
        if rule.no_words and words_found(subject, rule.no_words):
            continue
        begun = next((one for one in rule.begins if subject.startswith(one)), None)
        words = words_found(subject, rule.any_words)
        if (rule.any_words and not words) or (rule.begins and not (begun and has_subject)):
            continue
        found = [*words, *([f"ขึ้นต้นว่า {begun}"] if begun else ())]
        because = f"{rule.because}: {', '.join(found)}" if found else rule.because
        return rule.class_code, f"{because}{where if found else ''}"
    return rules.default_class, "ไม่เข้ากฎอื่น เก็บตามอายุทั่วไป"


def _applies(
    rule: RetentionRule, group: str, kind: Kind, is_secret: bool, is_circular: bool
) -> bool:
    return (
        (not rule.groups or group in rule.groups)
        and (not rule.kinds or kind.value in rule.kinds)
        and (rule.is_secret is None or rule.is_secret == is_secret)
        and (rule.is_circular is None or rule.is_circular == is_circular)
    )
