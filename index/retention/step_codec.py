"""The steps of a destruction as JSON and back; one explicit form, so that old batches stay readable.

Days are ISO 8601, years Gregorian, sets sorted lists, mappings by letter id lists of pairs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from index.register.store.codec import dump_json
from index.retention.batch import Answer, ArchiveAnswer, Committee, Member, Opinion, Verdict
from index.retention.law import CommitteeRule, Verified
from index.retention.steps import (
    USUAL_COOLING_OFF_DAYS,
    Appoint,
    BeginExecution,
    Decide,
    FinishExecution,
    Judge,
    RecordAnswer,
    Report,
    Send,
    Step,
    TakeOut,
    Withdraw,
)

Json = dict[str, Any]


def pack_step(step: Step) -> Json:
    """Turn a step into plain JSON values; `step` names its kind."""
    name, pack, _ = _CODECS[type(step)]
    return {"step": name, **pack(step)}


def unpack_step(packed: Json) -> Step:
    """Read a step back; raise KeyError or ValueError when the JSON is not a packed step."""
    return _READERS[packed["step"]](packed)


def digest_step(packed: Json) -> str:
    """Return the SHA-256 of a packed step, which the audit trail keeps."""
    return hashlib.sha256(dump_json(packed).encode()).hexdigest()


def _pack_appoint(step: Appoint) -> Json:
    committee, rule, law = step.committee, step.rule, step.rule.law
    return {
        "order_number": committee.order_number,
        "ordered_on": committee.ordered_on.isoformat(),
        "everyone": [[member.person, member.grade] for member in committee.everyone],
        "rule": {
            "code": rule.code,
            "thai": rule.thai,
            "english": rule.english,
            "members_beside_chair": rule.members_beside_chair,
            "grades": sorted(rule.grades),
            "clause": law.clause,
            "source": law.source,
            "checked_by": law.checked_by,
            "checked_on": _iso(law.checked_on),
        },
    }


def _unpack_appoint(packed: Json) -> Appoint:
    chair, *members = (Member(person, grade) for person, grade in packed["everyone"])
    rule = packed["rule"]
    return Appoint(
        Committee(
            packed["order_number"], date.fromisoformat(packed["ordered_on"]), chair, tuple(members)
        ),
        CommitteeRule(
            rule["code"],
            rule["thai"],
            rule["english"],
            rule["members_beside_chair"],
            frozenset(rule["grades"]),
            Verified(rule["clause"], rule["source"], rule["checked_by"], _day(rule["checked_on"])),
        ),
    )


def _pack_judge(step: Judge) -> Json:
    opinion = step.opinion
    return {
        "person": step.person,
        "letter_id": step.letter_id,
        "opinion": [opinion.verdict.value, opinion.keep_until_year, opinion.reason],
    }


def _unpack_judge(packed: Json) -> Judge:
    verdict, year, reason = packed["opinion"]
    return Judge(packed["person"], packed["letter_id"], Opinion(Verdict(verdict), year, reason))


def _pack_decide(step: Decide) -> Json:
    return {
        "person": step.person,
        "on": step.on.isoformat(),
        "delegation_order": step.delegation_order,
        "withheld": sorted([letter_id, reason] for letter_id, reason in step.withheld.items()),
    }


def _unpack_decide(packed: Json) -> Decide:
    day = date.fromisoformat(packed["on"])
    return Decide(packed["person"], day, packed["delegation_order"], dict(packed["withheld"]))


def _pack_answer(step: RecordAnswer) -> Json:
    answer = step.answer
    return {
        "letter_id": step.letter_id,
        "answer": answer.answer.value,
        "letter_number": answer.letter_number,
        "answered_on": answer.answered_on.isoformat(),
        "extend_until_year": answer.extend_until_year,
    }


def _unpack_answer(packed: Json) -> RecordAnswer:
    answer = ArchiveAnswer(
        Answer(packed["answer"]),
        packed["letter_number"],
        date.fromisoformat(packed["answered_on"]),
        packed["extend_until_year"],
    )
    return RecordAnswer(packed["letter_id"], answer)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


_CODECS: Mapping[type, tuple[str, Callable[[Any], Json], Callable[[Json], Step]]] = {
    Appoint: ("appoint", _pack_appoint, _unpack_appoint),
    Judge: ("judge", _pack_judge, _unpack_judge),
    Report: (
        "report",
        lambda step: {"person": step.person, "on": step.on.isoformat()},
        lambda packed: Report(packed["person"], date.fromisoformat(packed["on"])),
    ),
    Decide: ("decide", _pack_decide, _unpack_decide),
    Send: (
        "send",
        lambda step: {"letter_number": step.letter_number, "on": step.on.isoformat()},
        lambda packed: Send(packed["letter_number"], date.fromisoformat(packed["on"])),
    ),
    RecordAnswer: ("record_answer", _pack_answer, _unpack_answer),
    TakeOut: (
        "take_out",
        lambda step: {"letter_id": step.letter_id, "reason": step.reason},
        lambda packed: TakeOut(packed["letter_id"], packed["reason"]),
    ),
    BeginExecution: (
        "begin_execution",
        lambda step: {
            "person": step.person,
            "on": step.on.isoformat(),
            "eligible": sorted(step.eligible),
            "cooling_off_days": step.cooling_off_days,
            "is_apart": step.is_apart,
        },
        lambda packed: BeginExecution(
            packed["person"],
            date.fromisoformat(packed["on"]),
            frozenset(packed["eligible"]),
            # named by later versions only
            packed.get("cooling_off_days", USUAL_COOLING_OFF_DAYS),
            packed.get("is_apart", True),
        ),
    ),
    FinishExecution: (
        "finish_execution",
        lambda step: {"destroyed": sorted(step.destroyed)},
        lambda packed: FinishExecution(frozenset(packed["destroyed"])),
    ),
    Withdraw: (
        "withdraw",
        lambda step: {"person": step.person, "reason": step.reason},
        lambda packed: Withdraw(packed["person"], packed["reason"]),
    ),
}
_READERS = {name: unpack for name, _, unpack in _CODECS.values()}
