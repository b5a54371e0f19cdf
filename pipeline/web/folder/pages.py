"""The folder: what waits for somebody's word, one paper with its way, and what is put in."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, Response

from index.choices import FolderState, PaperKind, Station
from index.errors import NoSuchRecordError
from index.instructions import working_days_after
from index.register.folder.papers import Paper
from index.register.folder.seats import stations_up_to
from index.registered_letter import RegisteredLetter, RegisterNumber
from index.visibility import Role, Sight, Viewer, may_see
from pipeline.web.letters.steps import DEED_NAMES, STATION_NAMES
from pipeline.web.site.language import mark
from pipeline.web.site.menu import LETTER_ROLES
from pipeline.web.site.pages import RequestSite, Site, show
from pipeline.web.site.roles import GROUP_ROLES
from pipeline.web.site.viewer import only

routes = APIRouter()

VIEWS = {
    "waiting": mark("รอท่านสั่งการ"),
    "under_way": mark("อยู่ในแฟ้ม"),
    "decided": mark("สั่งการแล้ว"),
}
STATES = {
    "under_way": (FolderState.UNDER_WAY, FolderState.RETURNED),
    "decided": (FolderState.DECIDED, FolderState.WITHDRAWN),
}
KIND_NAMES = {
    PaperKind.LETTER: mark("หนังสือรับ"),
    PaperKind.MEMO: mark("บันทึกเสนอ"),
    PaperKind.ANSWER: mark("ร่างหนังสือตอบ"),
}
STATE_NAMES = {
    FolderState.UNDER_WAY: mark("กำลังเสนอ"),
    FolderState.RETURNED: mark("ส่งคืนแก้ไข"),
    FolderState.DECIDED: mark("สั่งการแล้ว"),
    FolderState.WITHDRAWN: mark("ถอนเรื่องแล้ว"),
}
FolderReader = Annotated[Viewer, Depends(only(*LETTER_ROLES))]
SUBMITTERS = GROUP_ROLES | {Role.REGISTRY_CLERK, Role.SECRET_REGISTRAR}
Submitter = Annotated[Viewer, Depends(only(*SUBMITTERS))]
Short = Annotated[str, Query(max_length=32)]


@routes.get("/folder", response_class=HTMLResponse)
def folder(
    request: Request,
    site: RequestSite,
    viewer: FolderReader,
    shown: Annotated[str, Query(alias="show", max_length=16)] = "",
) -> Response:
    """Show what waits for the viewer, what is in the folder, or what was decided."""
    lists, now = site.book.folder_lists, site.now()
    usual = "waiting" if lists.seats(viewer, now) else "under_way"
    view = shown if shown in VIEWS else usual
    with site.book.one_look():
        waiting = lists.waiting(viewer, now)
        papers = waiting if view == "waiting" else lists.seen(viewer, STATES[view], now)
        context = {
            "view": view,
            "views": VIEWS,
            "papers": papers,
            "count": len(waiting),
            "may_submit": bool(viewer.roles & SUBMITTERS),
            **names(site),
        }
    return show(request, "folder/list.html", context, here="folder")


@routes.get("/folder/new", response_class=HTMLResponse)
def new(
    request: Request,
    site: RequestSite,
    viewer: Submitter,
    *,
    letter: Short = "",
    kind: Short = PaperKind.MEMO,
) -> Response:
    """Show the form of a memo, or of the draft of an answer to a received letter."""
    about = find_about(site, viewer, letter)
    chosen = PaperKind.ANSWER if kind == PaperKind.ANSWER and about else PaperKind.MEMO
    return show_form(request, site, viewer, kind=chosen, about=about, typed={})


@routes.get("/folder/{paper_id}", response_class=HTMLResponse)
def paper(request: Request, site: RequestSite, viewer: FolderReader, paper_id: int) -> Response:
    """Show one paper: what it says, its way so far, and what the viewer may do with it now."""
    return show_paper(request, site, viewer, paper_id)


def show_paper(
    request: Request,
    site: Site,
    viewer: Viewer,
    paper_id: int,
    *,
    problem: str = "",
    typed: dict[str, str] | None = None,
) -> Response:
    """Show one paper; `problem` is why something was not done, `typed` what was written."""
    with site.book.one_look():
        found = site.book.folder_lists.find(viewer, paper_id, site.now())
        context = {
            "paper": found,
            "may_sign": site.book.folder_lists.may_sign(viewer, paper_id, site.now()),
            "is_own": found.made_by == viewer.name,
            "stations": _carried_to(viewer, found),
            "letter_opens": found.letter is not None and _opens(viewer, found.letter),
            "presets": site.instructions.presets.values(),
            "owners": _owners(site, found),
            "due": working_days_after(site.now().date(), site.instructions.meeting_days),
            "problem": problem,
            "typed": typed or {},
            **names(site),
        }
    code = HTTPStatus.UNPROCESSABLE_ENTITY if problem else 200
    return show(request, "folder/paper.html", context, here="folder", status_code=code)


def show_form(
    request: Request,
    site: Site,
    viewer: Viewer,
    *,
    kind: PaperKind,
    about: RegisteredLetter | None,
    typed: dict[str, str],
    problem: str = "",
) -> Response:
    """Show the form of a memo or an answer, with what was typed before."""
    clerk = bool(viewer.roles & (SUBMITTERS - GROUP_ROLES))
    groups = {
        code: name for code, name in site.group_names.items() if clerk or code in viewer.own_groups
    }
    context = {
        "kind": kind,
        "about": about,
        "groups": groups,
        "typed": typed,
        "problem": problem,
        "station_names": STATION_NAMES,
        "kind_names": KIND_NAMES,
    }
    code = HTTPStatus.UNPROCESSABLE_ENTITY if problem else 200
    return show(request, "folder/new.html", context, here="folder", status_code=code)


def find_about(site: Site, viewer: Viewer, number: str) -> RegisteredLetter | None:
    """Return the letter that a paper is about; NoSuchRecordError for one that may not be opened."""
    if not number:
        return None
    try:
        found = site.book.letters.by_number(viewer, RegisterNumber.parse(number))
    except ValueError:
        found = None
    if found is None or found.is_redacted:
        raise NoSuchRecordError(f"letter {number}")
    return found


def names(site: Site) -> dict[str, object]:
    """Return what people, groups, desks and deeds are called."""
    return {
        "people": site.book.people.names(),
        "groups": site.group_names,
        "station_names": STATION_NAMES,
        "kind_names": KIND_NAMES,
        "state_names": STATE_NAMES,
        "deed_names": DEED_NAMES,
    }


def _carried_to(viewer: Viewer, found: Paper) -> tuple[Station, ...]:
    """Return the desks that the secretary may lay a paper on; none for anybody else."""
    if Role.SECRETARY not in viewer.roles or found.state is not FolderState.UNDER_WAY:
        return ()
    return tuple(one for one in stations_up_to(found.last) if one is not found.station)


def _owners(site: Site, found: Paper) -> list[tuple[str, str]]:
    """Return who of the paper's group can be given what is asked, by user name."""
    return [
        (one.name, one.shown_name)
        for one in site.book.people.all()
        if one.active and found.group in one.groups
    ]


def _opens(viewer: Viewer, letter: RegisteredLetter) -> bool:
    return may_see(viewer, letter) is Sight.FULL
