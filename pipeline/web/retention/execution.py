"""Carrying a batch out: what would go today and what stands against it, the executor's statement, the proof."""

from __future__ import annotations

import mimetypes
import tempfile
from collections.abc import AsyncIterator
from http import HTTPStatus
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import FileResponse, HTMLResponse, Response
from starlette.datastructures import FormData, UploadFile

from index.archive import Shelf
from index.errors import NoSuchRecordError
from index.message import message
from index.retention.certificate import Certificate, Fate, PaperPart, Statement
from index.retention.errors import StepRefusedError
from index.retention.retention import Retention
from index.visibility import Role, Viewer
from pipeline.destruction import OfficeCopies
from pipeline.web.retention.shared import attempt, day_of, keeping, shared, shown_names, text_of
from pipeline.web.site.language import mark
from pipeline.web.site.pages import RequestSite, Site, show
from pipeline.web.site.roles import RetentionReader
from pipeline.web.site.viewer import only

routes = APIRouter(prefix="/retention/batches/{batch_id}")
EXECUTING = (Role.RECORDS_OFFICER, Role.REGISTRY_CLERK)
Executor = Annotated[Viewer, Depends(only(*EXECUTING))]
MOST_WITNESSES, MOST_PHOTOGRAPHS, MOST_BYTES = 4, 10, 20 << 20
PHOTOGRAPHS = {b"\xff\xd8\xff": ".jpg", b"\x89PNG": ".png", b"%PDF": ".pdf"}
FATE_THAI = {
    Fate.DESTROYED: mark("ทำลายแล้ว"),
    Fate.KEPT: mark("ยังเก็บไว้"),
    Fate.NONE: mark("ไม่มีกระดาษ (มาทางอิเล็กทรอนิกส์)"),
}


async def read_statement(request: Request) -> AsyncIterator[FormData]:
    """Hand out the posted statement with its photographs, which are closed afterwards."""
    async with request.form(max_fields=100, max_files=MOST_PHOTOGRAPHS) as form:
        yield form


@routes.get("/execution", response_class=HTMLResponse)
def execution(
    request: Request, site: RequestSite, viewer: RetentionReader, batch_id: str
) -> Response:
    """Show what carrying the batch out would do today, or its certificate."""
    return _show(request, site, viewer, batch_id)


def _show(
    request: Request,
    site: Site,
    viewer: Viewer,
    batch_id: str,
    *,
    problem: str = "",
    typed: FormData | None = None,
) -> Response:
    retention, now = keeping(site), site.now()
    found = retention.destruction.prepare(viewer, batch_id, now=now)
    rule = retention.law.deadlines["electronic_destruction"]
    return show(
        request,
        "retention/execution.html",
        {
            **shared(viewer, "batches", retention.law, problem),
            "found": found,
            "batch": found.batch,
            "certificate": _certificate(retention, viewer, batch_id),
            "may_execute": bool(viewer.roles & set(EXECUTING)),
            "rule": rule,
            "fates": FATE_THAI,
            "witnesses": range(MOST_WITNESSES),
            "names": shown_names(site.book.people.all()),
            "today": now.date(),
            "typed": typed or {},
        },
        here="retention" if Role.RECORDS_OFFICER in viewer.roles else "batches",
        status_code=HTTPStatus.CONFLICT if problem else 200,
    )


def _certificate(retention: Retention, viewer: Viewer, batch_id: str) -> Certificate | None:
    try:
        return retention.destruction.certificate(viewer, batch_id)
    except NoSuchRecordError:
        return None


@routes.post("/execution")
def execute(
    request: Request,
    site: RequestSite,
    viewer: Executor,
    batch_id: str,
    form: Annotated[FormData, Depends(read_statement)],
) -> Response:
    """Carry the batch out, or go on with it where it was broken off."""
    copies = OfficeCopies(site.office.root, site.pictures, site.finder)

    def work() -> object:
        destruction, now = keeping(site).destruction, site.now()
        if form.get("resume") == "yes":
            return destruction.resume(
                viewer, batch_id, archive=site.archive, copies=copies, now=now
            )
        if text_of(form, "again") != batch_id:
            raise StepRefusedError("ข้อ 68.5", message("พิมพ์เลขที่บัญชีอีกครั้งเพื่อยืนยันว่าจะทำลาย เรียกคืนไม่ได้"))
        refusal = destruction.prepare(viewer, batch_id, now=now).refusal
        if refusal is not None:  # before any photograph is kept for nothing
            raise refusal
        statement = _statement(site, form)
        return destruction.execute(
            viewer, batch_id, statement, archive=site.archive, copies=copies, now=now
        )

    return attempt(
        work,
        f"/retention/batches/{batch_id}/execution",
        lambda problem: _show(request, site, viewer, batch_id, problem=problem, typed=form),
    )


def _statement(site: Site, form: FormData) -> Statement:
    today = site.now().date()
    witnesses = tuple(
        name for place in range(MOST_WITNESSES) if (name := text_of(form, f"witness-{place}"))
    )
    chosen = text_of(form, "paper")
    fate = Fate(chosen) if chosen in list(Fate) else Fate.GONE_BEFORE
    done_on = day_of(text_of(form, "paper_on"), today) if fate is Fate.DESTROYED else None
    if not text_of(form, "backups_gone"):
        raise StepRefusedError("ข้อ 68.5", message("ต้องระบุวันที่สำเนาสำรองชุดสุดท้ายหมดอายุ"))
    return Statement(
        witnesses,
        PaperPart(
            fate,
            text_of(form, "method"),
            text_of(form, "place"),
            done_on,
            _photographs(site, form),
        ),
        day_of(text_of(form, "backups_gone"), today),
        text_of(form, "electronic_order"),
        text_of(form, "note"),
    )


def _photographs(site: Site, form: FormData) -> tuple[str, ...]:
    """Keep the photographs in the archive's evidence; return their SHA-256."""
    kept = []
    for one in form.getlist("photograph"):
        if not isinstance(one, UploadFile) or not one.filename:
            continue
        content = one.file.read(MOST_BYTES + 1)
        suffix = next((end for begin, end in PHOTOGRAPHS.items() if content.startswith(begin)), "")
        if not suffix or len(content) > MOST_BYTES:
            raise StepRefusedError("ข้อ 68.5", message("ภาพถ่ายต้องเป็น JPEG PNG หรือ PDF ไม่เกิน 20 MB"))
        with tempfile.NamedTemporaryFile(suffix=suffix) as file:
            file.write(content)
            file.flush()
            kept.append(site.archive.keep_evidence(Path(file.name), suffix, secret=False).sha256)
    return tuple(kept)


@routes.get("/evidence/{sha256}")
def evidence(site: RequestSite, viewer: RetentionReader, batch_id: str, sha256: str) -> Response:
    """Give a photograph that a certificate names."""
    certificate = keeping(site).destruction.certificate(viewer, batch_id)
    if sha256 not in certificate.statement.paper.photographs:
        raise NoSuchRecordError(f"evidence {sha256[:16]} of batch {batch_id}")
    path = site.archive.path_of(sha256, Shelf.EVIDENCE)
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return FileResponse(path, media_type=kind)
