"""The clerk's list: what waits at the registry, most urgent first; it brings itself up to date."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from classify.letter import Decision
from index.choices import Step
from index.errors import KeepingError, NoSuchRecordError
from index.register.desk.sent_back import CameBack
from index.register.letters.letters import LetterFilter, Order, Standing
from index.registered_letter import RegisteredLetter, RegisterNumber
from index.visibility import Role, Viewer
from pipeline.night_check import last_check
from pipeline.web.letters.steps import hide_if_secret, last_change, local_path
from pipeline.web.site.language import _, mark, render, translated
from pipeline.web.site.pages import RequestSite, Site, show, show_changed
from pipeline.web.site.roles import DESK_ROLES, DeskWorker
from pipeline.web.site.time_left import TimeLeft, time_left
from pipeline.web.site.viewer import LoggedIn

routes = APIRouter()
ROWS = 30
REASON_WORDS = 3  # in a list; the letter's page shows all
ALL = "all"
RETURNED = "returned"
MOST_AT_ONCE = 200
IN_DOUBT, NO_DOUBT = "true", "none"
VIEWS = {
    Standing.AT_REGISTRY.value: mark("รอธุรการ"),
    RETURNED: mark("ถูกส่งคืน"),
    Standing.WITH_GROUP.value: mark("อยู่ที่กลุ่ม"),
    Standing.DONE.value: mark("เสร็จแล้ว"),
    ALL: mark("ทั้งหมด"),
}

PageNumber = Annotated[int, Query(ge=1, le=100_000)]
Code = Annotated[str, Query(max_length=64)]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list; `back` says why a group sent it back, `present` who else has it before her."""

    letter: RegisteredLetter
    because: tuple[str, ...]
    left: TimeLeft | None
    back: CameBack | None
    present: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list shows: `view` is one of VIEWS; `doubt` is IN_DOUBT, NO_DOUBT or empty for both."""

    view: str
    page: int
    group: str
    doubt: str
    urgent: bool

    def address(self, page: int | None = None, view: str = "") -> str:
        """Return the list's query."""
        return urlencode(
            {
                "show": view or self.view,
                "group": self.group,
                "doubt": self.doubt,
                "urgent": str(self.urgent).lower(),
                "page": page or self.page,
            }
        )


def _wanted(
    viewer: LoggedIn,
    *,
    shown: Annotated[str, Query(alias="show", max_length=16)] = "",
    page: PageNumber = 1,
    group: Code = "",
    urgent: bool = False,
    doubt: Annotated[str, Query(max_length=8)] = "",
) -> Wanted:
    usual = Standing.AT_REGISTRY.value if Role.REGISTRY_CLERK in viewer.roles else ALL
    doubt = doubt if doubt in (IN_DOUBT, NO_DOUBT) else ""
    return Wanted(shown if shown in VIEWS else usual, page, group, doubt, urgent)


Listed = Annotated[Wanted, Depends(_wanted)]


@routes.get("/", response_class=HTMLResponse)
def letters(
    request: Request,
    site: RequestSite,
    viewer: LoggedIn,
    wanted: Listed,
    *,
    did: Annotated[str, Query(max_length=16)] = "",
    count: Annotated[int, Query(ge=0, le=MOST_AT_ONCE)] = 0,
) -> Response:
    """Show the list: what waits at the registry by urgency, or the whole register, newest first.

    `did` and `count` tell what was just done to several letters, and to how many.
    """
    context = desk_context(site, viewer, wanted)
    context["summary"] = told_of(DID, did, count)
    return show(request, "letters.html", context, here="letters")


@routes.get("/letters/desk", response_class=HTMLResponse)
def desk(
    request: Request,
    site: RequestSite,
    viewer: LoggedIn,
    wanted: Listed,
    seen: Annotated[str, Query(max_length=64)] = "",
) -> Response:
    """Give the part of the list that changes, or nothing when it is what the asker has seen."""
    return show_changed(
        request,
        "_desk.html",
        wanted,
        lambda: desk_context(site, viewer, wanted),
        seen=seen,
        here="letters",
    )


@routes.post("/letters/bulk", response_class=HTMLResponse)
def bulk(
    request: Request,
    site: RequestSite,
    viewer: DeskWorker,
    wanted: Listed,
    *,
    action: Annotated[str, Form(max_length=16)],
    number: Annotated[list[str], Form(max_length=MOST_AT_ONCE)] = [],  # noqa: B006 - a form field
    group: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """Do one thing to several letters, each in a transaction of its own; say how many were done.

    All carry one time, by which they are taken back together. The browser is sent on where every letter
    went well, so that nothing is repeated by asking for the page again.
    """
    problem = ""
    if action not in BULK or not number:
        problem, number = translated(NOTHING_TICKED), []
    elif action == "route" and group not in site.group_names:
        problem, number = _("โปรดเลือกกลุ่มที่จะจ่ายก่อน"), []
    done, refused, now = 0, [], site.now()
    for one in number:
        why = _do_one(site, viewer, one, action=action, group=group, now=now)
        done += not why
        if why:
            refused.append((one, why))
    if done and not refused:
        sent_on = urlencode({"did": action, "count": done})
        return RedirectResponse(f"/?{wanted.address()}&{sent_on}", status_code=HTTPStatus.SEE_OTHER)
    summary = {"what": BULK.get(action, ""), "done": done, "refused": refused, "problem": problem}
    context = {**desk_context(site, viewer, wanted), "summary": summary}
    return show(request, "letters.html", context, here="letters")


BULK = {"route": mark("จ่ายให้กลุ่ม"), "confirm": mark("ยืนยันว่าถูกต้อง"), "done": mark("ดำเนินการแล้ว")}
UNDONE = {"undo": mark("ยกเลิกรายการก่อนหน้า")}
DID = {**BULK, **UNDONE}
LISTS = ("/", "/group")
NOTHING_TICKED = mark("โปรดทำเครื่องหมายหน้าหนังสือก่อน")


def told_of(deeds: Mapping[str, str], did: str, count: int) -> dict[str, object] | None:
    """Return what a list says of what was just done to several letters; None where nothing was."""
    if did not in deeds or not count:
        return None
    return {"what": deeds[did], "done": count, "refused": [], "problem": ""}


@routes.post("/letters/undo", response_class=HTMLResponse)
def undo_together(
    request: Request,
    site: RequestSite,
    viewer: LoggedIn,
    *,
    change: Annotated[list[str], Form(max_length=MOST_AT_ONCE)] = [],  # noqa: B006 - a form field
    back: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Take back what this person did to several letters at one stroke; `change` is number and revision of each."""
    now, done, refused = site.now(), 0, []
    for one in change:
        number, _space, revision = one.partition(" ")
        why = _undo_one(site, viewer, number, revision, now)
        done += not why
        if why:
            refused.append((number, why))
    if not refused:
        page = local_path(back) if urlsplit(back).path in LISTS else "/"
        sent_on = f"{page}{'&' if '?' in page else '?'}did=undo&count={done}"
        return RedirectResponse(sent_on, status_code=HTTPStatus.SEE_OTHER)
    wanted = _wanted(viewer)
    summary = {"what": DID["undo"], "done": done, "refused": refused, "problem": ""}
    context = {**desk_context(site, viewer, wanted), "summary": summary}
    return show(request, "letters.html", context, here="letters")


def _undo_one(site: Site, viewer: Viewer, number: str, revision: str, now: datetime) -> str:
    """Take back one change; return why it could not be, or nothing."""
    found = _find(site, viewer, number)
    if found is None or not revision.isascii() or not revision.isdigit():
        return translated(NoSuchRecordError.thai)
    try:
        changed = site.book.desk.undo(viewer, found.letter_id, now=now, revision=int(revision[:9]))
    except KeepingError as error:
        return render(error)
    hide_if_secret(site, changed)
    return ""


def _find(site: Site, viewer: Viewer, number: str) -> RegisteredLetter | None:
    try:
        return site.book.letters.by_number(viewer, RegisterNumber.parse(number))
    except ValueError:
        return None


def _do_one(
    site: Site, viewer: Viewer, number: str, *, action: str, group: str, now: datetime
) -> str:
    """Do it to one letter; return why it could not be done, in Thai, or nothing."""
    found = _find(site, viewer, number)
    if found is None:
        return translated(NoSuchRecordError.thai)
    desk = site.book.desk
    try:
        if action == "confirm":
            changed = desk.confirm_all(viewer, found.letter_id, now=now)
        elif action == "route":
            changed = desk.move(viewer, found.letter_id, Step.ROUTED, group=group, now=now)
        else:
            changed = desk.move(viewer, found.letter_id, Step.DONE, now=now)
    except KeepingError as error:
        return render(error)
    hide_if_secret(site, changed)
    return ""


def desk_context(site: Site, viewer: Viewer, wanted: Wanted) -> dict[str, object]:
    """Return what the list shows; `seen` changes whenever anything of it does."""
    with site.book.one_look():
        return _desk_context(site, viewer, wanted)


def _desk_context(site: Site, viewer: Viewer, wanted: Wanted) -> dict[str, object]:
    counts = site.book.letters.count_states(viewer)
    wanted_letters = _filter_of(wanted)
    by_urgency = wanted.urgent or wanted.view != ALL
    found = site.book.letters.page(
        viewer,
        wanted_letters,
        order=Order.URGENCY if by_urgency else Order.NUMBER_DOWN,
        limit=ROWS,
        offset=(wanted.page - 1) * ROWS,
        with_content=True,
    )
    now, periods = site.now(), site.periods
    ids = [letter.letter_id for letter in found.letters]
    back = site.book.desk.came_back(viewer, ids)
    works = bool(viewer.roles & DESK_ROLES)
    present = site.presence.of(ids if works else (), viewer.name, now)
    rows = [
        Row(
            letter,
            _short_reason(letter.decision),
            time_left(letter, periods, now),
            back.get(letter.letter_id),
            # of a letter that may not be opened not even that somebody has it
            present.get(letter.letter_id, "") if not letter.is_redacted else "",
        )
        for letter in found.letters
    ]
    returned = _count_returned(site, viewer)
    last = last_change(site, viewer)
    checked = last_check(site.office).at
    stamp = repr(
        (
            counts,
            checked,
            found.total,
            returned,
            last,
            [(row.letter.letter_id, row.letter.revision, row.left, row.present) for row in rows],
        )
    )
    return {
        "counts": counts,
        "checked": checked,
        "rows": rows,
        "total": found.total,
        "wanted": wanted,
        "views": VIEWS,
        "returned": returned,
        "people": site.book.people.names(),
        "more": found.total > wanted.page * ROWS,
        "groups": site.group_names,
        "works": works,
        "last": last,
        "inbox": site.office.folder_of(site.office.settings.watch.folder[0]),
        "seen": hashlib.sha256(stamp.encode()).hexdigest()[:16],
    }


def _filter_of(wanted: Wanted) -> LetterFilter:
    at = {ALL: None, RETURNED: Standing.AT_REGISTRY.value}.get(wanted.view, wanted.view)
    return LetterFilter(
        group=wanted.group,
        standing=Standing(at) if at else None,
        sent_back=wanted.view == RETURNED,
        needs_review={IN_DOUBT: True, NO_DOUBT: False}.get(wanted.doubt),
    )


def _count_returned(site: Site, viewer: Viewer) -> int:
    """Count what groups sent back and nobody has handed on since."""
    wanted = LetterFilter(standing=Standing.AT_REGISTRY, sent_back=True)
    return site.book.letters.page(viewer, wanted, order=Order.URGENCY, limit=0).total


def _short_reason(decision: Decision | None) -> tuple[str, ...]:
    """Return the few words that weighed most for the group that was chosen."""
    if decision is None or not decision.scores or decision.scores[0].group != decision.group:
        return ()
    strongest = sorted(decision.scores[0].because, key=lambda one: -one[2])
    return tuple(dict.fromkeys(word for word, _, points in strongest if points > 0))[:REASON_WORDS]
