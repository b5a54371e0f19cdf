"""The papers of an office as one table to select from, received and sent alike (`papers`)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Subquery,
    and_,
    case,
    literal,
    not_,
    or_,
    select,
    true,
    union_all,
)

from index.choices import SEND_BOOKS, BookName
from index.register.letters.shared_pages import gave_its_number_up
from index.register.store.sent_tables import SentRow
from index.register.store.tables import LetterRow
from index.register.store.visible import fully_visible, sent_fully_visible, sent_hidden
from index.visibility import Viewer


def listed(
    office_id: int,
    viewer: Viewer,
    *,
    secret: bool = False,
    joined: bool = False,
    among: Iterable[int] | None = None,
) -> Subquery:
    """Return the papers for every list of retention; `among` narrows to some ids.

    Never a secret one, nor one suspected to be secret, whoever looks: these run apart (DOMAIN §10).
    `secret` asks for that run: secret papers only, and only those that this viewer may open.
    A letter that was joined to another ends with that one: it is listed only where `joined` asks.
    """
    hidden = or_(LetterRow.is_secret, LetterRow.suspected_secret)
    in_this_run = (
        and_(LetterRow.is_secret, not_(LetterRow.suspected_secret)) if secret else not_(hidden)
    )
    sent_in_this_run = (
        and_(SentRow.secrecy != "", not_(SentRow.suspected_secret))
        if secret
        else not_(sent_hidden())
    )
    letters = and_(
        LetterRow.office_id == office_id,
        LetterRow.book == BookName.RECEIVE,
        fully_visible(viewer),
        in_this_run,
        true() if joined else not_(gave_its_number_up()),
    )
    sent = and_(SentRow.office_id == office_id, sent_fully_visible(viewer), sent_in_this_run)
    return _papers(letters, sent, among)


def visible_papers(viewer: Viewer, among: Iterable[int]) -> Subquery:
    """Return those of some papers that a viewer may open, secret ones too."""
    return _papers(fully_visible(viewer), sent_fully_visible(viewer), among)


def named_papers(among: Iterable[int]) -> Subquery:
    """Return some papers by their ids, whoever asks."""
    return _papers(true(), true(), among)


def in_order(of: Subquery) -> tuple[ColumnElement[Any], ...]:
    """Return the order of every list: by year, received before sent, by number."""
    return of.c.buddhist_year, of.c.place, of.c.running


def _papers(
    letters: ColumnElement[bool], sent: ColumnElement[bool], among: Iterable[int] | None
) -> Subquery:
    if among is not None:
        ids = list(among)
        letters = and_(letters, LetterRow.id.in_([one for one in ids if one > 0]))
        sent = and_(sent, SentRow.id.in_([-one for one in ids if one < 0]))
    places = {name.value: place for place, name in enumerate(SEND_BOOKS, start=1)}
    received = select(
        LetterRow.id.label("id"),
        literal(0).label("place"),
        LetterRow.book.label("book"),
        LetterRow.running.label("running"),
        LetterRow.buddhist_year.label("buddhist_year"),
        LetterRow.number.label("number"),
        LetterRow.date.label("date"),
        LetterRow.sender.label("sender"),
        LetterRow.subject.label("subject"),
        LetterRow.retention_class.label("retention_class"),
        or_(LetterRow.is_secret, LetterRow.suspected_secret).label("is_hidden"),
        LetterRow.erased_on.label("erased_on"),
        LetterRow.paper_ended_on.label("paper_ended_on"),
    ).where(letters)
    out = select(
        (-SentRow.id).label("id"),
        case(places, value=SentRow.book).label("place"),
        SentRow.book.label("book"),
        SentRow.running.label("running"),
        SentRow.buddhist_year.label("buddhist_year"),
        SentRow.number.label("number"),
        SentRow.date.label("date"),
        literal("").label("sender"),
        SentRow.subject.label("subject"),
        SentRow.retention_class.label("retention_class"),
        sent_hidden().label("is_hidden"),
        SentRow.erased_on.label("erased_on"),
        SentRow.paper_ended_on.label("paper_ended_on"),
    ).where(sent)
    return union_all(received, out).subquery("papers")
