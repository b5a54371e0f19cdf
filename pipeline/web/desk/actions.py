"""What a person does on a letter's page: correct, confirm, hand over, return, instruct, finish, undo."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from index.choices import Step
from index.errors import CorrectionRefusedError, LetterChangedError, UndoRefusedError
from index.registered_letter import RegisteredLetter
from index.retention.errors import StepRefusedError
from index.visibility import Viewer
from pipeline.web.letters.field_input import read_typed
from pipeline.web.letters.pages import Refused, find_letter, letter_page, written_by_both
from pipeline.web.letters.steps import (
    MOVED,
    go_back,
    hide_if_secret,
    local_path,
    next_at_registry,
    require,
    what_may,
)
from pipeline.web.site.language import _, render, translated
from pipeline.web.site.local_form import moment
from pipeline.web.site.pages import RequestSite, Site
from pipeline.web.site.roles import DeskWorker
from pipeline.web.site.viewer import LoggedIn

routes = APIRouter(prefix="/letters/{running}/{year}")
Text = Annotated[str, Form(max_length=4000)]
Short = Annotated[str, Form(max_length=64)]
Revision = Annotated[int | None, Form()]
NEXT = "next"
REFUSALS = (CorrectionRefusedError, LetterChangedError, UndoRefusedError, StepRefusedError)


@routes.post("/correct")
def correct(
    request: Request,
    site: RequestSite,
    viewer: DeskWorker,
    running: int,
    year: int,
    *,
    field: Short,
    value: Text = "",
    reason: Text = "",
    back: Text = "",
    revision: Revision = None,
    sure: Text = "",
) -> Response:
    """Set one field to what the clerk typed; what cannot be is said beside the field."""
    found = find_letter(site, viewer, running, year)
    typed = read_typed(field, value, found, today=site.now().date(), sure=sure)
    if typed.problem:
        asked = frozenset({field} if typed.asked else ())
        refused = Refused({field: typed.problem}, {field: value}, asked)
        return letter_page(request, site, viewer, found, refused)
    return _do(
        request,
        site,
        viewer,
        found,
        lambda: site.book.desk.check(
            viewer,
            found.letter_id,
            {field: typed.value},
            now=site.now(),
            reason=reason.strip(),
            revision=revision,
        ),
        back=back,
        typed={field: value},
    )


@routes.post("/confirm")
def confirm(
    request: Request,
    site: RequestSite,
    viewer: DeskWorker,
    running: int,
    year: int,
    *,
    field: Short,
    back: Text = "",
) -> Response:
    """Say that one field is right as it stands."""
    found = find_letter(site, viewer, running, year)
    change = lambda: site.book.desk.confirm(viewer, found.letter_id, field, now=site.now())  # noqa: E731
    return _do(request, site, viewer, found, change, back=back)


@routes.post("/route")
def route(
    request: Request,
    site: RequestSite,
    viewer: DeskWorker,
    running: int,
    year: int,
    *,
    group: Short,
    then: Short = "",
    back: Text = "",
    revision: Revision = None,
) -> Response:
    """Hand the letter to a group; `then` may ask for the letter that waits next.

    Where somebody was first, `revision` not being the letter's any more, that is said and nothing done.
    """
    found = find_letter(site, viewer, running, year)
    if group not in site.group_names:
        refused = Refused({"": _("ไม่มีกลุ่มนี้ โปรดเลือกจากรายการ")})
        return letter_page(request, site, viewer, found, refused)
    target = next_at_registry(site, viewer, found.letter_id) if then == NEXT else back
    return _move(
        request, site, viewer, found, Step.ROUTED, group=group, back=target, revision=revision
    )


@routes.post("/copies")
def copies(
    request: Request,
    site: RequestSite,
    viewer: DeskWorker,
    running: int,
    year: int,
    *,
    group: Annotated[list[str], Form(max_length=64)] = [],  # noqa: B006
    back: Text = "",
) -> Response:
    """Say which groups get a copy."""
    found = find_letter(site, viewer, running, year)
    wanted = tuple(code for code in group if code in site.group_names and code != found.group)
    change = lambda: site.book.desk.set_copies(viewer, found.letter_id, wanted, now=site.now())  # noqa: E731
    return _do(request, site, viewer, found, change, back=back)


@routes.post("/return")
def send_back(
    request: Request,
    site: RequestSite,
    viewer: LoggedIn,
    running: int,
    year: int,
    *,
    note: Text = "",
    back: Text = "",
) -> Response:
    """Send the letter back to the registry; the reason is asked for."""
    found = find_letter(site, viewer, running, year)
    require(what_may(viewer, found).give_back)
    if not note.strip():
        refused = Refused({"return": _("โปรดเขียนเหตุผลที่ส่งคืน")})
        return letter_page(request, site, viewer, found, refused)
    registry = site.rules.current().groups.default_group
    return _move(
        request, site, viewer, found, Step.RETURNED, group=registry, note=note.strip(), back=back
    )


@routes.post("/instruct")
def instruct(
    request: Request,
    site: RequestSite,
    viewer: LoggedIn,
    running: int,
    year: int,
    *,
    note: Text = "",
    officer: Annotated[str, Form(max_length=200)] = "",
    back: Text = "",
) -> Response:
    """Give an order in one's own name, or copy one from paper: then `officer` is who signed it there."""
    found = find_letter(site, viewer, running, year)
    may, officer = what_may(viewer, found), officer.strip()
    require(may.copy_order if officer else may.instruct or may.copy_order)
    problem = "" if note.strip() else _("โปรดเขียนข้อความเกษียน")
    signers = {one.name for one in site.book.folder_lists.signers(site.now())}
    if not may.instruct and officer not in signers:
        problem = problem or _("โปรดเลือกผู้ลงนามในคำสั่งบนกระดาษจากรายชื่อ")
    if problem or (officer and officer not in signers):
        refused = Refused({"instruct": problem or _("ไม่มีผู้ลงนามชื่อนี้")}, {"officer": officer})
        return letter_page(request, site, viewer, found, refused)
    return _move(
        request,
        site,
        viewer,
        found,
        Step.INSTRUCTED,
        note=note.strip(),
        officer=officer,
        back=back,
    )


@routes.post("/finish")
def finish(
    request: Request,
    site: RequestSite,
    viewer: DeskWorker,
    running: int,
    year: int,
    *,
    note: Text = "",
    back: Text = "",
) -> Response:
    """Note that nothing more is to be done with the letter."""
    found = find_letter(site, viewer, running, year)
    return _move(request, site, viewer, found, Step.DONE, note=note.strip(), back=back)


@routes.post("/undo")
def undo(
    request: Request,
    site: RequestSite,
    viewer: LoggedIn,
    running: int,
    year: int,
    *,
    revision: Revision = None,
    back: Text = "",
) -> Response:
    """Take back this person's last change of the letter: the one that was offered, and no other."""
    found = find_letter(site, viewer, running, year)
    desk, now = site.book.desk, site.now()
    return _do(
        request,
        site,
        viewer,
        found,
        lambda: desk.undo(viewer, found.letter_id, now=now, revision=revision),
        back=back,
    )


def _move(
    request: Request,
    site: Site,
    viewer: Viewer,
    found: RegisteredLetter,
    step: Step,
    *,
    back: str,
    group: str = "",
    officer: str = "",
    note: str = "",
    revision: int | None = None,
) -> Response:
    desk, now = site.book.desk, site.now()
    return _do(
        request,
        site,
        viewer,
        found,
        lambda: desk.move(
            viewer,
            found.letter_id,
            step,
            group=group,
            officer=officer,
            note=note,
            now=now,
            revision=revision,
        ),
        back=back,
    )


def _do(
    request: Request,
    site: Site,
    viewer: Viewer,
    found: RegisteredLetter,
    change: Callable[[], RegisteredLetter],
    *,
    back: str,
    typed: dict[str, str] | None = None,
) -> Response:
    """Make the change and go on; a refusal is shown on the letter's page, with what was typed."""
    try:
        changed = change()
    except REFUSALS as error:
        now, typed = find_letter(site, viewer, *_number(found)), typed or {}
        changed_since = isinstance(error, LetterChangedError)
        both = written_by_both(now, typed) if changed_since else ()
        first = _who_was_first(site, viewer, now) if changed_since and not typed else ""
        refused = Refused({"": first or render(error)}, typed, both=both)
        return letter_page(request, site, viewer, now, refused)
    hide_if_secret(site, changed)
    if local_path(back).startswith("/letters/") and back != f"/letters/{found.register_number}":
        return RedirectResponse(back, status_code=HTTPStatus.SEE_OTHER)
    return go_back(viewer, changed, back)


def _who_was_first(site: Site, viewer: Viewer, letter: RegisteredLetter) -> str:
    """Say what was done last with a letter that stands elsewhere than the person saw it; or nothing."""
    moves = site.book.desk.history(viewer, letter.letter_id)
    if not moves:
        return ""
    last = moves[-1]
    return _(
        "%(who)s %(what)s %(group)s ก่อนแล้วเมื่อ %(at)s จึงไม่ได้ทำซ้ำ",
        who=site.book.people.names().get(last.who, last.who),
        what=translated(MOVED.get(last.step, last.step)),
        group=site.group_names.get(last.group, last.group),
        at=moment(last.at.astimezone(site.office.zone)),
    )


def _number(found: RegisteredLetter) -> tuple[int, int]:
    return found.register_number.running, found.register_number.buddhist_year
