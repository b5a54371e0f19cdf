"""Lists of the send books: numbers with the letters that have them, as a viewer may see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, literal, or_, select
from sqlalchemy.orm import Session

from index.choices import SEND_BOOKS, BookName, NumberStatus
from index.errors import NoSuchRecordError
from index.register.letters.filing import fold_number
from index.register.numbers.numbers import SENT_UNDER_ITS_NUMBER
from index.register.sent.sent_letter import SentDraft, SentEntry, SentFilter, SentLetter, SentPage
from index.register.store.number_tables import NumberRow
from index.register.store.sent_tables import SentRecipientRow, SentRow
from index.register.store.tables import BANGKOK
from index.register.store.visible import sent_fully_visible, sent_visible
from index.registered_letter import RegisterNumber
from index.visibility import Sight, Viewer, sent_sight


def list_entries(
    session: Session,
    viewer: Viewer,
    office_id: int,
    wanted: SentFilter,
    *,
    limit: int,
    offset: int,
    oldest_first: bool,
) -> SentPage:
    """Return some lines; see `Sent.page`."""
    condition = and_(NumberRow.office_id == office_id, _condition(viewer, wanted))
    joined = select(NumberRow, SentRow).outerjoin(SentRow, SENT_UNDER_ITS_NUMBER).where(condition)
    columns = (NumberRow.buddhist_year, NumberRow.book, NumberRow.running)
    order = columns if oldest_first else (NumberRow.at.desc(), columns[2].desc(), columns[1])
    counted = select(func.count(NumberRow.running)).outerjoin(SentRow, SENT_UNDER_ITS_NUMBER)
    total = session.scalar(counted.where(condition)) or 0
    rows = session.execute(joined.order_by(*order).limit(limit).offset(offset)).all()
    counts = _count_recipients(session, [sent.id for _, sent in rows if sent is not None])
    entries = [_show(viewer, _entry(number, sent, counts)) for number, sent in rows]
    return SentPage(tuple(entries), total)


def find_entry(
    session: Session, viewer: Viewer, office_id: int, book: BookName, number: RegisterNumber
) -> SentEntry:
    """Return the line of a number; NoSuchRecordError when the viewer may not know of it."""
    found = session.execute(
        select(NumberRow, SentRow)
        .outerjoin(SentRow, SENT_UNDER_ITS_NUMBER)
        .where(
            NumberRow.office_id == office_id,
            NumberRow.book == book,
            NumberRow.buddhist_year == number.buddhist_year,
            NumberRow.running == number.running,
            _seen(viewer),
        )
    ).one_or_none()
    if found is None:
        raise NoSuchRecordError(f"number {number} of the {book} book")
    drawn, sent = found
    counts = _count_recipients(session, [sent.id] if sent is not None else [])
    return _show(viewer, _entry(drawn, sent, counts))


@dataclass(frozen=True, slots=True)
class Drawn:
    """An entry that was made already; `same_words` tells that it says what is to be entered now."""

    entry: SentEntry
    by_this_form: bool
    same_words: bool


def find_drawn(
    session: Session,
    viewer: Viewer,
    office_id: int,
    book: BookName,
    draft: SentDraft,
    *,
    key: str,
    since: datetime,
) -> Drawn | None:
    """Return the entry of the form `key`, else the viewer's newest with the same words; see `Drawn`."""
    words = and_(
        SentRow.subject == " ".join(draft.subject.split()),
        SentRow.recipient == " ".join(draft.recipient.split()),
        SentRow.date == draft.date,
        SentRow.group_code == draft.group,
    )
    query = select(SentRow, words).where(
        SentRow.office_id == office_id, SentRow.registered_by == viewer.name
    )
    found = session.execute(query.where(SentRow.entry_key == key)).first() if key else None
    by_this_form = found is not None
    if found is None:
        lately = query.where(words, SentRow.book == book, SentRow.registered_at >= since)
        found = session.execute(lately.order_by(SentRow.id.desc()).limit(1)).first()
    if found is None:
        return None
    row, same_words = found
    number = RegisterNumber(row.running, row.buddhist_year)
    entry = find_entry(session, viewer, office_id, row.book, number)
    given = entry.status is NumberStatus.GIVEN
    return Drawn(entry, by_this_form, bool(same_words)) if given or by_this_form else None


def _seen(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition for the lines the viewer may know of.

    A number that was set aside is known to who keeps the books and to who set it aside.
    """
    own = and_(SentRow.id.is_(None), NumberRow.who == viewer.name)
    seen = literal(True) if viewer.keeps_register else or_(own, sent_visible(viewer))
    return and_(NumberRow.book.in_(SEND_BOOKS), seen)


def _condition(viewer: Viewer, wanted: SentFilter) -> ColumnElement[bool]:
    contents = _content_conditions(wanted)
    conditions = [_seen(viewer)]
    if contents:
        conditions.append(and_(SentRow.id.is_not(None), sent_fully_visible(viewer), *contents))
    if wanted.book is not None:
        conditions.append(NumberRow.book == wanted.book)
    if wanted.buddhist_year is not None:
        conditions.append(NumberRow.buddhist_year == wanted.buddhist_year)
    if wanted.day_from is not None:
        conditions.append(NumberRow.at >= datetime.combine(wanted.day_from, time(), BANGKOK))
    if wanted.day_to is not None:
        after = datetime.combine(wanted.day_to, time(), BANGKOK) + timedelta(days=1)
        conditions.append(NumberRow.at < after)
    return and_(*conditions)


def _content_conditions(wanted: SentFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.group:
        conditions.append(SentRow.group_code == wanted.group)
    if wanted.answers is not None:
        conditions.append(SentRow.answers_id == wanted.answers)
    words = " ".join(wanted.words.split())
    if words:
        sent_to = exists().where(
            SentRecipientRow.sent_id == SentRow.id,
            SentRecipientRow.name.icontains(words, autoescape=True),
        )
        conditions.append(
            or_(
                SentRow.subject.icontains(words, autoescape=True),
                SentRow.recipient.icontains(words, autoescape=True),
                SentRow.number_key.icontains(fold_number(words), autoescape=True),
                sent_to,
            )
        )
    return conditions


def _count_recipients(session: Session, ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Return for each letter how many addressees it has and how many of them acknowledged it."""
    rows = session.execute(
        select(
            SentRecipientRow.sent_id,
            func.count(literal(1)),
            func.count(SentRecipientRow.acknowledged_on),
        )
        .where(SentRecipientRow.sent_id.in_(ids))
        .group_by(SentRecipientRow.sent_id)
    )
    return {sent_id: (total, acknowledged) for sent_id, total, acknowledged in rows}


def _entry(
    number: NumberRow, sent: SentRow | None, counts: dict[int, tuple[int, int]]
) -> SentEntry:
    return SentEntry(
        book=BookName(number.book),
        register_number=RegisterNumber(number.running, number.buddhist_year),
        status=NumberStatus(number.status),
        status_note=number.note,
        entered_at=number.at,
        letter=None if sent is None else _letter(sent, *counts.get(sent.id, (0, 0))),
    )


def _letter(row: SentRow, recipient_count: int, acknowledged_count: int) -> SentLetter:
    return SentLetter(
        sent_id=row.id,
        number=row.number,
        date=row.date,
        registered_at=row.registered_at,
        registered_by=row.registered_by,
        revision=row.revision,
        subject=row.subject,
        recipient=row.recipient,
        group=row.group_code,
        urgency=row.urgency,
        secrecy=row.secrecy,
        note=row.note,
        answers=row.answers_id,
        recipient_count=recipient_count,
        acknowledged_count=acknowledged_count,
        suspected_secret=row.suspected_secret,
        retention_class=row.retention_class,
        erased_on=row.erased_on,
        paper_ended_on=row.paper_ended_on,
    )


def _show(viewer: Viewer, entry: SentEntry) -> SentEntry:
    if entry.letter is None:
        return entry
    sight = sent_sight(
        viewer,
        is_secret=entry.letter.is_secret,
        group=entry.letter.group,
        is_granted=-entry.letter.sent_id in viewer.granted,
    )
    return entry if sight is Sight.FULL else entry.redacted()
