"""The web application: routes, guard, static files and the pages for what goes wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any

import fontpkg_sarabun
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from index.archive import Archive
from index.book import Book
from index.errors import KeepingError, LetterDestroyedError, NoSuchRecordError
from index.retention.errors import StepRefusedError
from index.search import ABBREVIATIONS_FILE
from ocr import OcrError
from pipeline.errors import PipelineError
from pipeline.finder import Finder
from pipeline.office import Office
from pipeline.page_pictures import PagePictures
from pipeline.rules_in_force import RulesInForce
from pipeline.web.api.asking import methods_of
from pipeline.web.api.changes import LIMITS, add_interface
from pipeline.web.desk import (
    actions as desk_actions,
)
from pipeline.web.desk import (
    group as group_page,
)
from pipeline.web.desk import (
    inbox as inbox_page,
)
from pipeline.web.desk import (
    review as review_page,
)
from pipeline.web.entry import login as login_pages
from pipeline.web.entry import mandates as mandates_page
from pipeline.web.entry import people as people_pages
from pipeline.web.entry import tokens as tokens_page
from pipeline.web.entry.body_limit import BodyLimit
from pipeline.web.entry.gate import Gate, is_api, page_of
from pipeline.web.entry.guard import Guard
from pipeline.web.entry.head import HeadAsGet
from pipeline.web.entry.rate import Rate
from pipeline.web.folder import pages as folder_pages
from pipeline.web.folder import signing as folder_signing
from pipeline.web.folder import tasks as tasks_page
from pipeline.web.intake import (
    duplicates as duplicates_page,
)
from pipeline.web.intake import (
    imports as import_page,
)
from pipeline.web.intake import (
    quarantine as quarantine_page,
)
from pipeline.web.intake import (
    upload as upload_page,
)
from pipeline.web.letters import access as access_pages
from pipeline.web.letters import files as letter_files
from pipeline.web.letters import pages as letter_pages
from pipeline.web.letters import parts as parts_page
from pipeline.web.overview import (
    audit as audit_page,
)
from pipeline.web.overview import (
    dashboard as dashboard_page,
)
from pipeline.web.overview import (
    forms as forms_page,
)
from pipeline.web.overview import (
    machine as machine_page,
)
from pipeline.web.overview import (
    manuals as manual_pages,
)
from pipeline.web.retention import pages as retention_pages
from pipeline.web.retention import secret_pages
from pipeline.web.retention.tombstone import answer_gone
from pipeline.web.search import saved_searches
from pipeline.web.search import search as search_page
from pipeline.web.sent import (
    changes as sent_changes,
)
from pipeline.web.sent import (
    files as sent_files,
)
from pipeline.web.sent import (
    numbers as numbers_page,
)
from pipeline.web.sent import (
    pages as sent_pages,
)
from pipeline.web.site.language import Speaking, _, figures, mark, render
from pipeline.web.site.pages import HERE, Site, machine_time, show
from pipeline.web.site.problems import answer_problem

FONTS = ("Sarabun-Regular.ttf", "Sarabun-SemiBold.ttf")
A_DAY = {"Cache-Control": "public, max-age=86400"}
Answer = Callable[[Request, Exception], Response]
PARTS = (
    login_pages,
    people_pages,
    mandates_page,
    audit_page,
    letter_files,
    inbox_page,
    letter_pages,
    desk_actions,
    parts_page,
    review_page,
    search_page,
    secret_pages,
    access_pages,
    saved_searches,
    quarantine_page,
    sent_pages,
    sent_changes,
    sent_files,
    numbers_page,
    upload_page,
    import_page,
    duplicates_page,
    forms_page,
    group_page,
    folder_pages,
    folder_signing,
    tasks_page,
    dashboard_page,
    tokens_page,
    machine_page,
    manual_pages,
)


def make_app(
    office: Office,
    book: Book,
    *,
    rules: RulesInForce,
    host: str = "",
    clock: Callable[[], datetime] = machine_time,
) -> FastAPI:
    """Return the application for one office; `host` is a further name it may be called by."""
    groups = {group.code: group.name for group in rules.current().groups.groups}
    app = FastAPI(title="Saraban", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.site = Site(
        office=office,
        book=book,
        archive=Archive(office.archive),
        rules=rules,
        finder=Finder(
            office.search_index,
            office.settings.search.engine,
            groups,
            book.outbox.leaving,
            abbreviations=office.rules / ABBREVIATIONS_FILE,
        ),
        pictures=PagePictures(office.pictures),
        clock=clock,
    )
    app.state.rate = Rate(office.settings.web.api_a_minute)
    for part in PARTS:
        app.include_router(part.routes)
    app.include_router(retention_pages.routes)
    add_interface(app)
    app.add_api_route("/static/fonts/{name}", font)
    app.mount("/static", StaticFiles(directory=HERE / "static"))
    for kind, answer in (
        (HTTPException, _refused),
        (RequestValidationError, _unfit),
        (NoSuchRecordError, _not_there),
        (LetterDestroyedError, answer_gone),
        (StepRefusedError, _too_soon),
        (KeepingError, _in_trouble),
        (OcrError, _in_trouble),
        (PipelineError, _in_trouble),
    ):
        app.add_exception_handler(kind, _to_its_asker(answer))
    web = office.settings.web
    hosts = {"localhost", "127.0.0.1", "::1", web.host, web.public_name.lower(), host} - {""}
    limits = {**LIMITS, **sent_files.LIMITS, **upload_page.LIMITS, **import_page.LIMITS}
    app.add_middleware(BodyLimit, limits=limits)
    app.add_middleware(Gate)
    app.add_middleware(Speaking)
    app.add_middleware(Guard, hosts=frozenset(hosts))
    app.add_middleware(HeadAsGet)
    return app


def _to_its_asker(page: Answer) -> Answer:
    """Answer a program with problem details, and a person with a page."""

    def answer(request: Request, error: Exception) -> Response:
        if not is_api(request.url.path):
            return page(request, error)
        answered = answer_problem(error)
        if answered.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            answered.headers["Allow"] = methods_of(request)
        return answered

    return answer


def font(name: str) -> Response:
    """Give Sarabun from its package."""
    if name not in FONTS:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return FileResponse(
        Path(fontpkg_sarabun.ROOT) / "files" / name, media_type="font/ttf", headers=A_DAY
    )


_REFUSALS: dict[int, tuple[str, str]] = {
    HTTPStatus.FORBIDDEN: (
        mark("ท่านไม่มีสิทธิทำรายการนี้"),
        mark("งานนี้ทำได้เฉพาะผู้มีหน้าที่ โปรดติดต่อผู้ดูแลระบบหากท่านต้องทำ"),
    ),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (
        mark("ไฟล์ใหญ่เกินกำหนด"),
        mark("โปรดส่งครั้งละน้อยไฟล์ลง หรือสแกนใหม่ที่ 300 dpi"),
    ),
}
"""What a refusal by its HTTP status is headed by, and the advice under it."""


def _refused(request: Request, error: Exception) -> Response:
    """Answer for an HTTP error: 403 says that the role is missing, all else is not there.

    Who asks for the address of a form, which a browser keeps after its answer, is led to the form's page.
    """
    status = error.status_code if isinstance(error, HTTPException) else 0
    if status == HTTPStatus.METHOD_NOT_ALLOWED and request.method == "GET":
        return RedirectResponse(page_of(request.app, request.url.path), HTTPStatus.SEE_OTHER)
    if status not in _REFUSALS:
        return _not_there(request, error)
    title, advice = _REFUSALS[status]
    return show(
        request, "problem.html", {"title": _(title), "advice": _(advice)}, status_code=status
    )


def _unfit(request: Request, error: Exception) -> Response:
    """Say what is wrong with an address: a word too long, a page that no list has; else it is not there."""
    wrong = error.errors() if isinstance(error, RequestValidationError) else ()
    advice = next((text for one in wrong if (text := _advice_of(one))), "")
    if not advice:
        return _not_there(request, error)
    context = {"title": _("แสดงตามที่ขอไม่ได้"), "advice": advice}
    return show(request, "problem.html", context, status_code=HTTPStatus.UNPROCESSABLE_ENTITY)


def _advice_of(wrong: Mapping[str, Any]) -> str:
    """Return what is wrong with one value of a query, or nothing for all else."""
    if wrong["loc"][0] != "query":
        return ""
    if wrong["type"] == "string_too_long":
        most = wrong["ctx"]["max_length"]
        return _("ข้อความยาวเกินไป พิมพ์ได้ไม่เกิน %(most)s ตัวอักษร", most=figures(most))
    if wrong["loc"][-1] == "page" and wrong["type"] == "greater_than_equal":
        return _("ไม่มีหน้าที่ขอ เลขหน้าเริ่มจาก %(first)s", first=figures(1))
    return ""


def _not_there(request: Request, _error: Exception) -> Response:
    """Answer alike for what is not there and what may not be seen."""
    return show(
        request,
        "problem.html",
        {
            "title": _("ไม่พบหน้านี้"),
            "advice": _("อาจไม่มีหนังสือเลขนี้ หรือท่านไม่มีสิทธิดู โปรดตรวจเลขทะเบียนรับแล้วค้นหาอีกครั้ง"),
        },
        status_code=HTTPStatus.NOT_FOUND,
    )


def _explained(error: Exception) -> str:
    return render(error) if isinstance(error, KeepingError | PipelineError) else ""


def _too_soon(request: Request, error: Exception) -> Response:
    """Say why something is not to be had as matters stand: a paper of a step that was not taken yet."""
    context = {"title": _("ดำเนินการไม่ได้"), "advice": _explained(error)}
    return show(request, "problem.html", context, status_code=HTTPStatus.CONFLICT)


def _in_trouble(request: Request, error: Exception) -> Response:
    return show(
        request,
        "problem.html",
        {"title": _("ขณะนี้แสดงไม่ได้"), "advice": _explained(error)},
        status_code=HTTPStatus.SERVICE_UNAVAILABLE,
    )
