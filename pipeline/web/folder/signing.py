"""What people do with a paper of the folder: put it in, sign it, send it back, carry it, take it out."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from index.choices import Deed, PaperKind, Station
from index.errors import FolderRefusedError, LetterChangedError
from index.instructions import working_days_after
from index.message import message
from index.register.folder.papers import Paper, PaperDraft, TaskDraft
from index.visibility import Role, Viewer
from pipeline.web.folder.pages import FolderReader, Submitter, find_about, show_form, show_paper
from pipeline.web.letters.pages import Refused, find_letter, letter_page
from pipeline.web.site.language import render
from pipeline.web.site.pages import RequestSite, Site
from pipeline.web.site.typed_day import no_day, parse_day
from pipeline.web.site.viewer import only

routes = APIRouter()
Short = Annotated[str, Form(max_length=64)]
Line = Annotated[str, Form(max_length=1000)]
Text = Annotated[str, Form(max_length=8000)]
Revision = Annotated[int | None, Form()]
Secretary = Annotated[Viewer, Depends(only(Role.SECRETARY))]


@routes.post("/folder/letters/{running}/{year}")
def submit_letter(
    request: Request,
    site: RequestSite,
    viewer: Submitter,
    running: int,
    year: int,
    *,
    last: Short = Station.DIRECTOR,
) -> Response:
    """Put a received letter into the folder, up to the desk that is named."""
    found = find_letter(site, viewer, running, year)
    group = found.group if found.step else site.rules.current().groups.default_group
    draft = PaperDraft(PaperKind.LETTER, group, found.letter_id, last=_station(last))
    try:
        site.book.folder.submit(viewer, draft, now=site.now())
    except FolderRefusedError as error:
        return letter_page(request, site, viewer, found, Refused({"folder": render(error)}))
    return _to(f"/letters/{found.register_number}")


@routes.post("/folder/new")
def submit(
    request: Request,
    site: RequestSite,
    viewer: Submitter,
    *,
    kind: Short = PaperKind.MEMO,
    letter: Short = "",
    group: Short = "",
    subject: Line = "",
    body: Text = "",
    last: Short = Station.DIRECTOR,
) -> Response:
    """Put in a memo, or the draft of an answer."""
    about = find_about(site, viewer, letter)
    chosen = PaperKind.ANSWER if kind == PaperKind.ANSWER and about else PaperKind.MEMO
    draft = PaperDraft(
        chosen, group, about.letter_id if about else None, subject, body, _station(last)
    )
    try:
        if group not in site.group_names:
            raise FolderRefusedError("the paper", message("ไม่มีกลุ่มนี้ โปรดเลือกจากรายการ"))
        paper_id = site.book.folder.submit(viewer, draft, now=site.now())
    except FolderRefusedError as error:
        typed = {"group": group, "subject": subject, "body": body, "last": last}
        return show_form(
            request, site, viewer, kind=chosen, about=about, typed=typed, problem=render(error)
        )
    return _to(f"/folder/{paper_id}")


@routes.post("/folder/{paper_id}/sign")
def sign(
    request: Request,
    site: RequestSite,
    viewer: FolderReader,
    paper_id: int,
    *,
    preset: Short = "",
    deed: Short = "",
    words: Text = "",
    owner: Short = "",
    due: Short = "",
    revision: Revision = None,
) -> Response:
    """Give one's word: by a usual order, by words of one's own, or send the paper back with the reason.

    A usual order is one press; what it asks becomes a task of the paper's group. With words of one's own a
    task is made where a day is given.
    """
    lists, now = site.book.folder_lists, site.now()
    paper = lists.find(viewer, paper_id, now)
    usual = site.instructions.presets.get(preset)
    typed = {"words": words, "owner": owner, "due": due}
    day = parse_day(due)
    task = None
    if usual is not None:
        deed, words = usual.deed, usual.words
        day = None
        if usual.working_days is not None:
            day = working_days_after(now.date(), usual.working_days)
    elif due and day is None:
        return show_paper(request, site, viewer, paper_id, problem=render(no_day(due)), typed=typed)
    if day is not None:
        task = TaskDraft(words or paper.subject, paper.group, day, owner)

    def change() -> Paper:
        return site.book.folder.sign(
            viewer, paper_id, _deed(deed), words=words, task=task, revision=revision, now=now
        )

    return _do(request, site, viewer, paper_id, change, typed=typed, back="/folder")


@routes.post("/folder/{paper_id}/carry")
def carry(
    request: Request,
    site: RequestSite,
    viewer: Secretary,
    paper_id: int,
    *,
    to: Short = "",
    reason: Line = "",
) -> Response:
    """Let the secretary lay the paper on another desk; she signs nothing by it."""

    def change() -> None:
        site.book.folder.carry(viewer, paper_id, _station(to), reason=reason, now=site.now())

    return _do(request, site, viewer, paper_id, change, typed={"reason": reason})


@routes.post("/folder/{paper_id}/again")
def again(
    request: Request,
    site: RequestSite,
    viewer: Submitter,
    paper_id: int,
    *,
    subject: Line = "",
    body: Text = "",
) -> Response:
    """Put in again what came back, with its words as they are now."""

    def change() -> None:
        site.book.folder.submit_again(viewer, paper_id, subject=subject, body=body, now=site.now())

    typed = {"subject": subject, "body": body}
    return _do(request, site, viewer, paper_id, change, typed=typed)


@routes.post("/folder/{paper_id}/withdraw")
def withdraw(request: Request, site: RequestSite, viewer: Submitter, paper_id: int) -> Response:
    """Take out what one has put in."""

    def change() -> None:
        site.book.folder.withdraw(viewer, paper_id, now=site.now())

    return _do(request, site, viewer, paper_id, change)


def _do(
    request: Request,
    site: Site,
    viewer: Viewer,
    paper_id: int,
    change: Callable[[], object],
    *,
    typed: dict[str, str] | None = None,
    back: str = "",
) -> Response:
    """Make the change and go on; a refusal is said on the paper's page."""
    try:
        change()
    except (FolderRefusedError, LetterChangedError) as error:
        said = render(error)
        return show_paper(request, site, viewer, paper_id, problem=said, typed=typed)
    return _to(back or f"/folder/{paper_id}")


def _deed(name: str) -> Deed:
    return Deed(name) if name in list(Deed) else Deed.SUBMITTED  # which the book refuses to sign


def _station(name: str) -> Station:
    return Station(name) if name in list(Station) else Station.DIRECTOR


def _to(address: str) -> RedirectResponse:
    return RedirectResponse(address, status_code=HTTPStatus.SEE_OTHER)
