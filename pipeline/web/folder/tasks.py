"""The follow-up page: what orders and resolutions ask of whom by when, and what came of it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from index.errors import FolderRefusedError
from index.instructions import working_days_after
from index.register.folder.papers import TaskDraft
from index.register.folder.tasks import FOLLOWERS, may_finish
from index.visibility import Viewer
from pipeline.web.folder.pages import FolderReader, names
from pipeline.web.site.language import mark, render
from pipeline.web.site.pages import RequestSite, Site, show
from pipeline.web.site.typed_day import no_day, parse_day

routes = APIRouter()
Short = Annotated[str, Form(max_length=64)]
Line = Annotated[str, Form(max_length=1000)]
VIEWS = {
    "mine": mark("ของข้าพเจ้า"),
    "open": mark("ยังไม่เสร็จ"),
    "done": mark("เสร็จแล้ว"),
}


@routes.get("/tasks", response_class=HTMLResponse)
def tasks(
    request: Request,
    site: RequestSite,
    viewer: FolderReader,
    shown: Annotated[str, Query(alias="show", max_length=16)] = "",
) -> Response:
    """List tasks: one's own, all that are open, or what is done."""
    return _list(request, site, viewer, shown)


@routes.post("/tasks")
def resolve(
    request: Request,
    site: RequestSite,
    viewer: FolderReader,
    *,
    origin: Line = "",
    words: Line = "",
    group: Short = "",
    owner: Short = "",
    due: Short = "",
) -> Response:
    """Enter what a meeting resolved; without a day it is due in the working days of the table."""
    typed = {"origin": origin, "words": words, "group": group, "owner": owner, "due": due}
    day = parse_day(due)
    if due and day is None:
        return _list(request, site, viewer, "open", typed=typed, problem=render(no_day(due)))
    if day is None:
        day = working_days_after(site.now().date(), site.instructions.meeting_days)
    try:
        known = group if group in site.group_names else ""
        task = TaskDraft(words, known, day, owner)
        site.book.tasks.resolve(viewer, task, origin=origin, now=site.now())
    except FolderRefusedError as error:
        return _list(request, site, viewer, "open", typed=typed, problem=render(error))
    return RedirectResponse("/tasks?show=open", status_code=HTTPStatus.SEE_OTHER)


@routes.post("/tasks/{task_id}/done")
def finish(
    site: RequestSite,
    viewer: FolderReader,
    task_id: int,
    *,
    result: Line = "",
    back: Short = "mine",
) -> Response:
    """Note that a task is done."""
    site.book.tasks.finish(viewer, task_id, result=result, now=site.now())
    view = back if back in VIEWS else "mine"
    return RedirectResponse(f"/tasks?show={view}", status_code=HTTPStatus.SEE_OTHER)


def _list(
    request: Request,
    site: Site,
    viewer: Viewer,
    shown: str,
    *,
    problem: str = "",
    typed: dict[str, str] | None = None,
) -> Response:
    view = shown if shown in VIEWS else "mine"
    today = site.now().date()
    with site.book.one_look():
        found = site.book.tasks.page(viewer, done=view == "done", mine=view == "mine")
        context = {
            "view": view,
            "views": VIEWS,
            "tasks": [(one, one.is_late(today), may_finish(viewer, one)) for one in found],
            "may_resolve": bool(viewer.roles & FOLLOWERS),
            "everybody": [one for one in site.book.people.all() if one.active],
            "due": working_days_after(today, site.instructions.meeting_days),
            "problem": problem,
            "typed": typed or {},
            **names(site),
        }
    code = HTTPStatus.UNPROCESSABLE_ENTITY if problem else 200
    return show(request, "folder/tasks.html", context, here="tasks", status_code=code)
