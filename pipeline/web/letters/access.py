"""Who may open a secret letter and who has it: the registrar's page of one letter, and each holder's list.

The registrar gives a cleared person the right to open one letter until a day and takes it back; letters are
handed on with receipts. Nothing of this stands on a page of somebody who is neither registrar nor cleared.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from index.errors import PersonRefusedError
from index.registered_letter import RegisteredLetter
from index.visibility import Viewer
from pipeline.web.letters.pages import find_letter
from pipeline.web.retention.shared import shown_names
from pipeline.web.site.language import render
from pipeline.web.site.pages import RequestSite, Site, show
from pipeline.web.site.roles import Cleared, Registrar
from pipeline.web.site.typed_day import parse_day

routes = APIRouter(prefix="/secret")
ONE = "/letters/{running}/{year}"
USUAL_DAYS = 7  # what the form proposes; the registrar says otherwise
Name = Annotated[str, Form(max_length=64)]
Words = Annotated[str, Form(max_length=300)]


@routes.get("/held", response_class=HTMLResponse)
def held(request: Request, site: RequestSite, viewer: Cleared) -> Response:
    """Show the secret letters that are with the viewer, wait for her signature, or are granted to her."""
    site.book.audit.record(viewer.name, "secret_held", site.now())
    return _held(request, site, viewer)


@routes.get(ONE, response_class=HTMLResponse)
def access(
    request: Request, site: RequestSite, viewer: Registrar, running: int, year: int
) -> Response:
    """Show who may open a letter and who must not, and in whose hands it is."""
    return _access(request, site, viewer, find_letter(site, viewer, running, year))


@routes.post(ONE + "/grant")
def grant(
    request: Request,
    site: RequestSite,
    viewer: Registrar,
    running: int,
    year: int,
    *,
    person: Name = "",
    until: Name = "",
    reason: Words = "",
) -> Response:
    """Let one cleared person open the letter to the end of a day."""
    found = find_letter(site, viewer, running, year)
    ends, now = _end_of_day(site, until), site.now()
    return _do(
        request,
        site,
        viewer,
        found,
        lambda: site.book.grants.permit(
            viewer, found.letter_id, person, until=ends or now, reason=reason, now=now
        ),
    )


@routes.post(ONE + "/end")
def end(
    request: Request,
    site: RequestSite,
    viewer: Registrar,
    running: int,
    year: int,
    *,
    person: Name = "",
) -> Response:
    """Take a person's right back at once."""
    found = find_letter(site, viewer, running, year)
    return _do(
        request,
        site,
        viewer,
        found,
        lambda: site.book.grants.take_back(viewer, found.letter_id, person, now=site.now()),
    )


@routes.post(ONE + "/deny")
def deny(
    request: Request,
    site: RequestSite,
    viewer: Registrar,
    running: int,
    year: int,
    *,
    person: Name = "",
    reason: Words = "",
) -> Response:
    """Forbid a person the letter, whatever is granted."""
    found = find_letter(site, viewer, running, year)
    return _do(
        request,
        site,
        viewer,
        found,
        lambda: site.book.grants.deny(
            viewer, found.letter_id, person, reason=reason, now=site.now()
        ),
    )


@routes.post(ONE + "/lift")
def lift(
    request: Request,
    site: RequestSite,
    viewer: Registrar,
    running: int,
    year: int,
    *,
    person: Name = "",
) -> Response:
    """End a denial."""
    found = find_letter(site, viewer, running, year)
    return _do(
        request,
        site,
        viewer,
        found,
        lambda: site.book.grants.lift(viewer, found.letter_id, person, now=site.now()),
    )


@routes.post(ONE + "/fetch")
def fetch(
    request: Request,
    site: RequestSite,
    viewer: Registrar,
    running: int,
    year: int,
    *,
    note: Words = "",
) -> Response:
    """Note that the registrar fetched the letter from who had it."""
    found = find_letter(site, viewer, running, year)
    return _do(
        request,
        site,
        viewer,
        found,
        lambda: site.book.handovers.fetch(viewer, found.letter_id, note=note, now=site.now()),
    )


@routes.post(ONE + "/hand-over")
def hand_over(
    request: Request,
    site: RequestSite,
    viewer: Cleared,
    running: int,
    year: int,
    *,
    person: Name = "",
    note: Words = "",
) -> Response:
    """Hand the letter to somebody who may open it; it stays with the giver until that one has signed."""
    found = find_letter(site, viewer, running, year)
    return _do(
        request,
        site,
        viewer,
        found,
        lambda: site.book.handovers.give(
            viewer, found.letter_id, person, note=note, now=site.now()
        ),
    )


@routes.post(ONE + "/sign")
def sign(request: Request, site: RequestSite, viewer: Cleared, running: int, year: int) -> Response:
    """Sign for the letter (ใบตอบรับ)."""
    found = find_letter(site, viewer, running, year)
    return _do(
        request,
        site,
        viewer,
        found,
        lambda: site.book.handovers.sign(viewer, found.letter_id, now=site.now()),
    )


@routes.post(ONE + "/take-back")
def take_back(
    request: Request, site: RequestSite, viewer: Cleared, running: int, year: int
) -> Response:
    """Take back what nobody has signed for yet."""
    found = find_letter(site, viewer, running, year)
    return _do(
        request,
        site,
        viewer,
        found,
        lambda: site.book.handovers.take_back(viewer, found.letter_id, now=site.now()),
    )


def _do(
    request: Request,
    site: Site,
    viewer: Viewer,
    found: RegisteredLetter,
    work: Callable[[], None],
) -> Response:
    """Do it and show it as it stands then: to the registrar the letter's page, to others their list."""
    try:
        work()
    except PersonRefusedError as error:
        if viewer.is_registrar:
            return _access(request, site, viewer, found, render(error))
        return _held(request, site, viewer, render(error))
    own = f"/secret/letters/{found.register_number}"
    return RedirectResponse(own if viewer.is_registrar else "/secret/held", HTTPStatus.SEE_OTHER)


def _access(
    request: Request, site: Site, viewer: Viewer, found: RegisteredLetter, problem: str = ""
) -> Response:
    book, now = site.book, site.now()
    rights = book.grants.access(viewer, found.letter_id, now)
    is_secret = found.is_secret and found.erased_on is None
    context = {
        "letter": found,
        "rights": rights,
        "people": shown_names(book.people.all()),
        "until": (now + timedelta(days=USUAL_DAYS)).date(),
        "today": now.date(),
        "problem": problem,
        "me": viewer.name,
        "hands": book.handovers.of_letter(viewer, found.letter_id) if is_secret else (),
        "holder": book.handovers.holder(viewer, found.letter_id) if is_secret else "",
        "takers": book.handovers.takers(viewer, found.letter_id, now) if is_secret else (),
    }
    code = HTTPStatus.UNPROCESSABLE_ENTITY if problem else 200
    return show(request, "secret/access.html", context, here="secret", status_code=code)


def _held(request: Request, site: Site, viewer: Viewer, problem: str = "") -> Response:
    book, now = site.book, site.now()
    lines = book.handovers.held_by(viewer, now)
    takers = {
        one.letter.letter_id: book.handovers.takers(viewer, one.letter.letter_id, now)
        for one in lines
        if one.holds and one.is_open and not one.sent_to
    }
    context = {
        "lines": lines,
        "takers": takers,
        "people": shown_names(book.people.all()),
        "clearance": viewer.clearance.value,
        "problem": problem,
    }
    code = HTTPStatus.UNPROCESSABLE_ENTITY if problem else 200
    return show(request, "secret/held.html", context, here="held", status_code=code)


def _end_of_day(site: Site, text: str) -> datetime | None:
    """Return the end of a day in the office's time; None for what is no day."""
    day = parse_day(text)
    if day is None:
        return None
    return datetime.combine(day, time(23, 59, 59), site.office.zone)
