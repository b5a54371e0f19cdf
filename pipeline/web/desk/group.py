"""A group's list: what is new, in hand, done, sent back, copies; its people take letters and finish them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from index.choices import OPEN_STEPS, Step
from index.errors import KeepingError, LetterChangedError, NoSuchRecordError
from index.register.desk.group_lists import GroupLetter, GroupView
from index.registered_letter import RegisteredLetter, RegisterNumber
from index.retention.errors import StepRefusedError
from index.visibility import Role, Viewer
from pipeline.calendar_file import write_due_days
from pipeline.reminders import REMINDED_BEFORE
from pipeline.web.desk.inbox import MOST_AT_ONCE, NOTHING_TICKED, UNDONE, PageNumber, told_of
from pipeline.web.letters.group_work import is_past, may_work, officers_of, works_in
from pipeline.web.letters.pages import Refused, find_letter, letter_page
from pipeline.web.letters.steps import go_back, last_change
from pipeline.web.site.language import _, mark, render, translated
from pipeline.web.site.pages import RequestSite, Site, show, show_changed
from pipeline.web.site.roles import GroupReader, GroupWorker
from pipeline.web.site.time_left import TimeLeft, time_left
from pipeline.web.site.typed_day import no_day, parse_day

routes = APIRouter()
ROWS = 30
EVER = timedelta(days=3660)
RETURNED = "returned"
VIEWS = {
    GroupView.NEW.value: mark("รอรับ"),
    GroupView.IN_HAND.value: mark("กำลังดำเนินการ"),
    GroupView.DONE.value: mark("เสร็จแล้ว"),
    RETURNED: mark("ส่งคืนธุรการ"),
    GroupView.COPIES.value: mark("สำเนาเพื่อทราบ"),
}
STEPS = {
    Step.TAKEN.value: mark("รับเรื่อง"),
    Step.ASSIGNED.value: mark("มอบหมาย"),
    Step.DONE.value: mark("ดำเนินการแล้ว"),
}
DID = {**STEPS, **UNDONE}
NO_OFFICER = mark("โปรดเลือกผู้ที่จะมอบหมายจากบุคลากรในกลุ่ม")
BAD_DAY = mark("โปรดเลือกวันกำหนดตั้งแต่วันนี้เป็นต้นไป")

Short = Annotated[str, Form(max_length=64)]
Words = Annotated[str, Form(max_length=1000)]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list; `overdue` by its urgency or by the group's own deadline."""

    line: GroupLetter
    left: TimeLeft | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which list of which group; `groups` are the codes this person may choose from."""

    group: str
    view: str
    page: int
    groups: tuple[str, ...]

    def address(self, page: int | None = None, view: str = "") -> str:
        """Return the list's query."""
        return urlencode(
            {"group": self.group, "show": view or self.view, "page": page or self.page}
        )


def _wanted(
    site: RequestSite,
    viewer: GroupReader,
    *,
    group: Annotated[str, Query(max_length=64)] = "",
    shown: Annotated[str, Query(alias="show", max_length=16)] = "",
    page: PageNumber = 1,
) -> Wanted:
    every = Role.REGISTRY_CLERK in viewer.roles
    codes = tuple(code for code in site.group_names if every or code in viewer.own_groups)
    if (group and group not in codes) or not codes:
        raise NoSuchRecordError(f"a group {group!r}")
    own = next((code for code in codes if code in viewer.own_groups), codes[0])
    return Wanted(group or own, shown if shown in VIEWS else GroupView.NEW, page, codes)


Listed = Annotated[Wanted, Depends(_wanted)]


@routes.get("/group", response_class=HTMLResponse)
def group_list(
    request: Request,
    site: RequestSite,
    viewer: GroupReader,
    wanted: Listed,
    *,
    did: Annotated[str, Query(max_length=16)] = "",
    count: Annotated[int, Query(ge=0, le=MOST_AT_ONCE)] = 0,
) -> Response:
    """Show a group's list, the most urgent first; `did` and `count` as on the clerk's list."""
    context = {**_context(site, viewer, wanted), "summary": told_of(DID, did, count)}
    return show(request, "group.html", context, here="group")


@routes.get("/group/due.ics")
def due_file(site: RequestSite, viewer: GroupReader, wanted: Listed) -> Response:
    """Give the days a group has set itself as a file for other calendars, by register number only."""
    now = site.now()
    lines = site.book.groups.due(viewer, wanted.group, now.date() + EVER)
    due = [
        (line.letter.register_number, line.deadline.due_on)
        for line in lines
        if line.deadline is not None
    ]
    name = site.group_names[wanted.group]
    return Response(
        write_due_days(due, group=name, now=now),
        media_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="saraban-{wanted.group}.ics"'},
    )


@routes.get("/group/desk", response_class=HTMLResponse)
def desk(
    request: Request,
    site: RequestSite,
    viewer: GroupReader,
    wanted: Listed,
    seen: Annotated[str, Query(max_length=64)] = "",
) -> Response:
    """Give the part of the list that changes, or nothing when it is what the asker has seen."""
    return show_changed(
        request,
        "_group_desk.html",
        wanted,
        lambda: _context(site, viewer, wanted),
        seen=seen,
        here="group",
    )


@routes.post("/group/bulk", response_class=HTMLResponse)
def bulk(
    request: Request,
    site: RequestSite,
    viewer: GroupWorker,
    wanted: Listed,
    *,
    step: Short,
    number: Annotated[list[str], Form(max_length=MOST_AT_ONCE)] = [],  # noqa: B006 - a form field
    officer: Short = "",
) -> Response:
    """Take one step with several letters, each in a transaction of its own; say how many were done.

    As on the clerk's list all carry one time, and the browser is sent on where every letter went well.
    """
    problem = _lacks(site, step, wanted.group, officer)
    if step not in STEPS or not number:
        problem = NOTHING_TICKED
    done, refused, now = 0, [], site.now()
    for one in () if problem else number:
        why = _do_one(site, viewer, one, step=Step(step), officer=officer, now=now)
        done += not why
        if why:
            refused.append((one, why))
    if done and not refused:
        sent_on = urlencode({"did": step, "count": done})
        return RedirectResponse(
            f"/group?{wanted.address()}&{sent_on}", status_code=HTTPStatus.SEE_OTHER
        )
    summary = {
        "what": STEPS.get(step, ""),
        "done": done,
        "refused": refused,
        "problem": translated(problem) if problem else "",
    }
    context = {**_context(site, viewer, wanted), "summary": summary}
    return show(request, "group.html", context, here="group")


@routes.post("/group/letters/{running}/{year}")
def take_step(
    request: Request,
    site: RequestSite,
    viewer: GroupWorker,
    running: int,
    year: int,
    *,
    step: Short,
    officer: Short = "",
    note: Words = "",
    back: Words = "",
) -> Response:
    """Take the letter, give it to somebody of the group, or note that it is done."""
    found = _find_own(site, viewer, running, year)
    problem = _("ไม่มีรายการนี้") if step not in STEPS else _lacks(site, step, found.group, officer)
    if not problem:
        try:
            changed = site.book.desk.move(
                viewer,
                found.letter_id,
                Step(step),
                officer=officer if step == Step.ASSIGNED else "",
                note=note.strip(),
                within=found.group,
                now=site.now(),
            )
        except (LetterChangedError, StepRefusedError) as error:
            problem = render(error)
        else:
            return go_back(viewer, changed, back)
    latest = find_letter(site, viewer, running, year)
    return letter_page(request, site, viewer, latest, Refused({"group": problem}))


@routes.post("/group/letters/{running}/{year}/deadline")
def set_deadline(
    request: Request,
    site: RequestSite,
    viewer: GroupWorker,
    running: int,
    year: int,
    *,
    due: Short = "",
    note: Words = "",
    back: Words = "",
) -> Response:
    """Set the day by which the group wants to be done; an empty one takes it away."""
    found = _find_own(site, viewer, running, year)
    day = parse_day(due)
    past = day is not None and day < site.now().date()
    if past or (due and day is None):
        problem = BAD_DAY if past else render(no_day(due))
        return letter_page(
            request, site, viewer, found, Refused({"deadline": problem}, {"due": due})
        )
    site.book.groups.set_deadline(viewer, found.letter_id, day, note=note.strip(), now=site.now())
    return go_back(viewer, found, back)


def _find_own(site: Site, viewer: Viewer, running: int, year: int) -> RegisteredLetter:
    found = find_letter(site, viewer, running, year)
    if not works_in(viewer, found.group):
        raise HTTPException(HTTPStatus.FORBIDDEN)
    return found


def _lacks(site: Site, step: str, group: str, officer: str) -> str:
    """Return what is missing for the step, in Thai, or nothing."""
    if step != Step.ASSIGNED:
        return ""
    return "" if officer in {one.name for one in officers_of(site, group)} else NO_OFFICER


def _do_one(
    site: Site, viewer: Viewer, number: str, *, step: Step, officer: str, now: datetime
) -> str:
    """Take the step with one letter; return why it could not be done, in Thai, or nothing."""
    try:
        found = site.book.letters.by_number(viewer, RegisterNumber.parse(number))
    except ValueError:
        found = None
    if found is None or found.is_redacted or not may_work(viewer, found):
        return translated(NoSuchRecordError.thai)
    try:
        site.book.desk.move(
            viewer,
            found.letter_id,
            step,
            officer=officer if step is Step.ASSIGNED else "",
            within=found.group,
            now=now,
        )
    except KeepingError as error:
        return render(error)
    return ""


def _context(site: Site, viewer: Viewer, wanted: Wanted) -> dict[str, object]:
    with site.book.one_look():
        return _read_context(site, viewer, wanted)


def _read_context(site: Site, viewer: Viewer, wanted: Wanted) -> dict[str, object]:
    groups, now = site.book.groups, site.now()
    counts: dict[str, int] = {
        view.value: number for view, number in groups.counts(viewer, wanted.group).items()
    }
    back = groups.sent_back(viewer, wanted.group)
    counts[RETURNED] = len(back)
    due = groups.due(viewer, wanted.group, now.date() + REMINDED_BEFORE)
    rows, total = [], len(back)
    if wanted.view != RETURNED:
        offset = (wanted.page - 1) * ROWS
        page = groups.page(viewer, wanted.group, GroupView(wanted.view), limit=ROWS, offset=offset)
        periods, total = site.periods, page.total
        rows = [_row(line, time_left(line.letter, periods, now), now.date()) for line in page.lines]
    last = last_change(site, viewer)
    state = [(row.line.letter.revision, row.line.deadline, row.left) for row in rows]
    stamp = repr(
        (counts, last, back, due, now.date(), [row.line.letter.letter_id for row in rows], state)
    )
    return {
        "wanted": wanted,
        "views": VIEWS,
        "counts": counts,
        "rows": rows,
        "due": due,
        "back": back if wanted.view == RETURNED else (),
        "total": total,
        "more": wanted.view != RETURNED and total > wanted.page * ROWS,
        "groups": site.group_names,
        "works": works_in(viewer, wanted.group)
        and wanted.view in (GroupView.NEW, GroupView.IN_HAND),
        "officers": officers_of(site, wanted.group),
        "shown": site.book.people.names(),
        "last": last,
        "seen": hashlib.sha256(stamp.encode()).hexdigest()[:16],
    }


def _row(line: GroupLetter, left: TimeLeft | None, today: date) -> Row:
    open_still = line.letter.step in OPEN_STEPS
    late = is_past(line.deadline, today) or (left is not None and left.late)
    return Row(line, left, overdue=open_still and late)
