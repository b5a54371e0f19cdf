"""What is done with a letter that was sent: corrected, sent to whom, acknowledged, cancelled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from index.choices import NumberStatus
from index.errors import NumberRefusedError
from index.register.sent.sent_letter import Recipient
from index.visibility import SECRECY_FIELD
from pipeline.sending import load_sending
from pipeline.web.sent.form import Line, SentForm, Text, read_form, recipients_of
from pipeline.web.sent.pages import Opened, address_of, answered_by, show_sent
from pipeline.web.site.pages import RequestSite
from pipeline.web.site.roles import Writer
from pipeline.web.site.typed_day import parse_day

routes = APIRouter(prefix="/sent/{book}/{running}/{year}")
Positions = Annotated[list[int], Form()]
Field = Annotated[Line, Form()]


@routes.post("/change")
def change(
    request: Request,
    site: RequestSite,
    viewer: Writer,
    opened: Opened,
    form: Annotated[SentForm, Form()],
) -> Response:
    """Correct the letter; the old words stay on its page."""
    entry, found = opened
    if entry.status is not NumberStatus.GIVEN:
        return _back(address_of(entry))
    form = form.model_copy(update={"book": entry.book})
    read = read_form(site, viewer, form, load_sending(site.office), before=found)
    draft = read.draft
    if draft is None:
        refused = (form, read.asked)
        return show_sent(request, site, viewer, opened, problem=read.problem, refused=refused)
    if draft.answers is None and answered_by(site, viewer, found) is None:
        draft = replace(draft, answers=found.answers)  # one that this person may not know of stays
    changed = site.book.sent.change(viewer, found.sent_id, draft, now=site.now())
    if SECRECY_FIELD in changed and draft.secrecy:
        for file in site.book.sent.files(viewer, found.sent_id):
            site.archive.hide(file.sha256, file.searchable_sha256)
            site.pictures.forget(str(file.searchable_sha256))
    return _back(address_of(entry))


@routes.post("/recipients")
def add_recipients(
    site: RequestSite,
    viewer: Writer,
    opened: Opened,
    *,
    others: Annotated[Text, Form()] = "",
    way: Field = "",
) -> Response:
    """Add recipients, one a line."""
    entry, found = opened
    names = recipients_of(SentForm(others=others), load_sending(site.office))
    site.book.sent.add_recipients(viewer, found.sent_id, names, way=way, now=site.now())
    return _back(address_of(entry))


@routes.post("/sending")
def record_sending(
    site: RequestSite,
    viewer: Writer,
    opened: Opened,
    *,
    position: Positions = [],  # noqa: B006 - FastAPI copies it
    way: Field = "",
    on: Field = "",
    reference: Field = "",
) -> Response:
    """Note how and when the letter went to the chosen recipients, or to all that it has not gone to."""
    entry, found = opened
    there = site.book.sent.recipients(viewer, found.sent_id)
    chosen = _chosen(there, position, (one.position for one in there if one.sent_on is None))
    day = parse_day(on)
    if day is None or not chosen:
        return _back(address_of(entry), "nobody" if day else "day")
    site.book.sent.record_sending(
        viewer, found.sent_id, chosen, way=way, on=day, reference=reference, now=site.now()
    )
    return _back(address_of(entry))


@routes.post("/acknowledged")
def acknowledge(
    site: RequestSite,
    viewer: Writer,
    opened: Opened,
    *,
    position: Positions = [],  # noqa: B006 - FastAPI copies it
    by: Field = "",
    acknowledged_on: Field = "",
) -> Response:
    """Note who acknowledged the letter; for the chosen recipients, or all that did not yet."""
    entry, found = opened
    there = site.book.sent.recipients(viewer, found.sent_id)
    silent = (one.position for one in there if one.acknowledged_on is None)
    chosen = _chosen(there, position, silent)
    day = parse_day(acknowledged_on)
    if day is None or not chosen:
        return _back(address_of(entry), "nobody" if day else "day")
    site.book.sent.acknowledge(viewer, found.sent_id, chosen, by=by, on=day, now=site.now())
    return _back(address_of(entry))


@routes.post("/cancel")
def cancel(
    site: RequestSite,
    viewer: Writer,
    opened: Opened,
    *,
    reason: Field = "",
) -> Response:
    """Cancel the letter with a reason; its number stays in the book and is not given again."""
    entry, _found = opened
    try:
        site.book.sent.cancel(
            viewer, entry.book, entry.register_number, note=reason, now=site.now()
        )
    except NumberRefusedError:
        return _back(address_of(entry), "reason")
    return _back(address_of(entry))


def _chosen(
    there: Iterable[Recipient], positions: Iterable[int], otherwise: Iterable[int]
) -> list[int]:
    """Return the chosen positions that exist; without any, the others that are meant."""
    known = {one.position for one in there}
    return sorted(known & set(positions)) or list(otherwise)


def _back(address: str, problem: str = "") -> RedirectResponse:
    query = f"?problem={problem}" if problem else ""
    return RedirectResponse(address + query, status_code=HTTPStatus.SEE_OTHER)
