"""Who may see which letter, as conditions on the book's rows: `index.visibility` in SQL."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, case, exists, false, literal, not_, or_

from index.register.store.sent_tables import SentRow
from index.register.store.tables import CopyRow, LetterRow
from index.visibility import SECRECY_RANK, Viewer, clearance_rank


def fully_visible(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition on `letters` for what the viewer may open (`Sight.FULL`)."""
    hidden = or_(LetterRow.is_secret, LetterRow.suspected_secret)
    granted = LetterRow.id.in_(viewer.granted) if viewer.granted else false()
    opened: list[ColumnElement[bool]] = [and_(not_(hidden), _open_to(viewer, granted))]
    if viewer.denied:
        hidden = and_(hidden, LetterRow.id.not_in(viewer.denied))
    if viewer.is_registrar:
        opened.append(hidden)
    elif viewer.granted:
        needed = case(
            {secrecy.value: rank for secrecy, rank in SECRECY_RANK.items()},
            value=LetterRow.secrecy,
            else_=max(SECRECY_RANK.values()),
        )
        cleared = needed <= literal(clearance_rank(viewer))
        opened.append(and_(hidden, granted, cleared, not_(LetterRow.suspected_secret)))
    return and_(LetterRow.state == "filed", or_(*opened))


def visible(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition on `letters` for what the viewer may know of, placeholders included."""
    if viewer.keeps_register:
        return LetterRow.state == "filed"
    return fully_visible(viewer)


def _open_to(viewer: Viewer, granted: ColumnElement[bool]) -> ColumnElement[bool]:
    if viewer.keeps_register:
        return LetterRow.state == "filed"
    own = viewer.own_groups
    if not own:
        return granted
    has_copy = exists().where(CopyRow.letter_id == LetterRow.id, CopyRow.group_code.in_(own))
    # nobody's but the registry's until a person handed it on (`index.visibility.groups_having`)
    given = and_(LetterRow.step != "", or_(LetterRow.group_code.in_(own), has_copy))
    return or_(given, granted)


def sent_fully_visible(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition on `sent` for what the viewer may open (`Sight.FULL`)."""
    entrusted = [-one for one in viewer.granted if one < 0]
    own: ColumnElement[bool] = SentRow.group_code.in_(viewer.own_groups)
    own = literal(True) if viewer.keeps_register else own
    own = or_(own, SentRow.id.in_(entrusted)) if entrusted else own
    return own if viewer.is_registrar else and_(not_(sent_hidden()), own)


def sent_hidden() -> ColumnElement[bool]:
    """Return the condition on `sent` for letters that are secret, or may be by what was read on a copy."""
    return or_(SentRow.secrecy != "", SentRow.suspected_secret)


def sent_visible(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition on `sent` for what the viewer may know of, placeholders included."""
    return SentRow.id.is_not(None) if viewer.keeps_register else sent_fully_visible(viewer)
