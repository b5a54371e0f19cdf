"""Whose pages lie in whose files: letters cut from one scan, and scans that belong to another letter.

A letter that was cut out has a file of its own, and its pages stay in the scan they were cut from. A
letter that was joined gave its number up: its files are pages of the letter it was joined to. So is a
further copy that was held back or joined.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session, aliased

from index.register.store.desk_tables import PartRow
from index.register.store.import_tables import SameLetterRow
from index.register.store.tables import LetterRow

CUT, JOINED, HELD = "cut", "joined", "held"


def belonging_to(session: Session, row: LetterRow) -> list[LetterRow]:
    """Return the letters without a number of their own any more that go where this one goes."""
    return _reach(row, lambda one: _belonging(session, one))


def cut_from(session: Session, row: LetterRow) -> list[LetterRow]:
    """Return the letters whose pages lie in this one's scan, also those not in the book yet."""
    return _reach(row, lambda one: _cut(session, one))


def scans_around(session: Session, row: LetterRow) -> list[LetterRow]:
    """Return the letters in whose scans this one's pages lie: what it was cut from, and that from."""
    return _reach(row, lambda one: _source(session, one))


def letters_of_scan(session: Session, row: LetterRow) -> list[LetterRow]:
    """Return the letters that share pages with this one, itself first: cut from, cut out, or joined to it."""
    sharing = (scans_around, cut_from, belonging_to)
    return [row, *(one for others in sharing for one in others(session, row))]


def kept_for_others(session: Session, office_id: int) -> frozenset[str]:
    """Return the SHA-256 of scans of destroyed letters that hold pages of letters still kept."""
    sources = select(PartRow.source_id).where(PartRow.relation == CUT)
    gone = session.scalars(
        select(LetterRow).where(
            LetterRow.office_id == office_id,
            LetterRow.erased_on.is_not(None),
            LetterRow.id.in_(sources),
        )
    )
    return frozenset(
        row.sha256 for row in gone if any(one.erased_on is None for one in cut_from(session, row))
    )


def joined_to(session: Session, condition: ColumnElement[bool]) -> dict[int, int]:
    """Return the ids of letters that were joined to those of a condition on `letters`: to which."""
    joined = aliased(LetterRow)
    by_pages = (
        select(joined.id, LetterRow.id)
        .join(PartRow, PartRow.source_id == LetterRow.id)
        .join(
            joined,
            and_(joined.office_id == PartRow.office_id, joined.sha256 == PartRow.sha256),
        )
        .where(PartRow.relation == JOINED)
    )
    as_copy = (
        select(SameLetterRow.second_id, LetterRow.id)
        .join(SameLetterRow, SameLetterRow.first_id == LetterRow.id)
        .where(SameLetterRow.state == JOINED)
    )
    whole: dict[int, int] = {}
    while True:
        pairs = [
            (one, whole.get(into, into))
            for query in (by_pages, as_copy)
            for one, into in session.execute(query.where(condition))
            if one not in whole
        ]
        if not pairs:
            return whole
        whole.update(pairs)
        condition = LetterRow.id.in_([one for one, _ in pairs])


def gave_its_number_up() -> ColumnElement[bool]:
    """Say of a letter that it was joined to another: it is no letter of its own any more."""
    by_pages = select(PartRow.sha256).where(
        PartRow.office_id == LetterRow.office_id,
        PartRow.sha256 == LetterRow.sha256,
        PartRow.relation == JOINED,
    )
    as_copy = select(SameLetterRow.first_id).where(
        SameLetterRow.second_id == LetterRow.id, SameLetterRow.state == JOINED
    )
    here = or_(
        by_pages.correlate(LetterRow).exists(),
        as_copy.correlate(LetterRow).exists(),
    )
    return and_(LetterRow.cancelled, here)


def _reach(row: LetterRow, step: Callable[[LetterRow], Iterable[LetterRow]]) -> list[LetterRow]:
    """Follow a relation to its end; a letter that is come to twice is followed once."""
    found: dict[int, LetterRow] = {}
    waiting = [row]
    while waiting:
        for one in step(waiting.pop()):
            if one.id != row.id and one.id not in found:
                found[one.id] = one
                waiting.append(one)
    return list(found.values())


def _belonging(session: Session, row: LetterRow) -> list[LetterRow]:
    copies = select(SameLetterRow.second_id).where(
        SameLetterRow.first_id == row.id, SameLetterRow.state.in_((HELD, JOINED))
    )
    without_number = or_(LetterRow.cancelled, LetterRow.running.is_(None))
    query = select(LetterRow).where(
        LetterRow.office_id == row.office_id,
        or_(
            LetterRow.sha256.in_(_parts(row, JOINED)),
            and_(LetterRow.id.in_(copies), without_number),
        ),
    )
    return list(session.scalars(query.order_by(LetterRow.id)))


def _cut(session: Session, row: LetterRow) -> list[LetterRow]:
    query = select(LetterRow).where(
        LetterRow.office_id == row.office_id, LetterRow.sha256.in_(_parts(row, CUT))
    )
    return list(session.scalars(query.order_by(LetterRow.id)))


def _source(session: Session, row: LetterRow) -> list[LetterRow]:
    part = session.get(PartRow, (row.office_id, row.sha256))
    if part is None or part.relation != CUT:
        return []
    return [session.get_one(LetterRow, part.source_id)]


def _parts(row: LetterRow, relation: str) -> Select[str]:
    return select(PartRow.sha256).where(
        PartRow.office_id == row.office_id,
        PartRow.source_id == row.id,
        PartRow.relation == relation,
    )
