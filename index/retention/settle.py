"""What a closed batch leaves behind for the letters that were not destroyed (ข้อ 68.2, 69, 70).

A later year that the committee or the archives named, a letter to be kept for good, and one that the
archives asked for are noted with the letter, so that the next January knows of them.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from index.retention.batch import Answer, Batch, Verdict
from index.retention.law import Law, Until
from index.retention.papers import get_paper, note_paper, set_class
from index.retention.tables import ClockRow


def settle(session: Session, batch: Batch, law: Law, *, who: str, now: datetime) -> None:
    """Note the outcome of every item that stays, inside the caller's writing transaction.

    Before the head decided, nothing was settled: the letters are simply free for the next round.
    """
    if batch.decided_on is None:
        return
    for letter_id in batch.items:
        if letter_id not in batch.executed and letter_id not in batch.withheld:
            _settle_one(session, batch, letter_id, law, who=who, now=now)


def _settle_one(
    session: Session, batch: Batch, letter_id: int, law: Law, *, who: str, now: datetime
) -> None:
    answer, verdict = batch.answers.get(letter_id), batch.verdict(letter_id)
    for_good, year, wanted = False, None, None
    if answer is not None:
        for_good = answer.answer is Answer.FOR_GOOD
        year = answer.extend_until_year if answer.answer is Answer.EXTEND else None
        wanted = answer.answered_on if answer.answer is Answer.TRANSFER else None
    elif verdict is not None:
        for_good = verdict.verdict is Verdict.KEEP_FOR_GOOD
        year = verdict.keep_until_year if verdict.verdict is Verdict.KEEP_UNTIL else None
    if not (for_good or year or wanted):
        return
    row = get_paper(session, letter_id)
    if for_good:
        code = next(one.code for one in law.classes.values() if one.until is Until.PERMANENT)
        reason = f"บัญชีหนังสือขอทำลาย {batch.batch_id}"
        set_class(session, row, code, who=who, now=now, reason=reason)
    else:
        _set_clock(session, letter_id, year, wanted)
    details = {
        "batch": batch.batch_id,
        "for_good": for_good,
        "until_year": year,
        "wanted_on": wanted and wanted.isoformat(),
    }
    note_paper(session, row, "kept_longer", who=who, now=now, details=details)


def _set_clock(session: Session, letter_id: int, year: int | None, wanted: date | None) -> None:
    clock = session.get(ClockRow, letter_id) or ClockRow(letter_id=letter_id)
    if year is not None:
        clock.kept_until_year = max(year, clock.kept_until_year or 0)
    if wanted is not None:
        clock.wanted_on = wanted
    session.add(clock)
