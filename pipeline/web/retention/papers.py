"""The papers around a destruction, from the batch: memo, order, covering letter, joint note; and "nothing due"."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from fastapi import APIRouter
from fastapi.responses import Response

from index.errors import NoSuchRecordError
from index.message import message
from index.retention.batch import Batch, Stage
from index.retention.errors import StepRefusedError
from index.retention.unclosed import OpenFilter
from index.visibility import Viewer
from ocr.thai_text import BUDDHIST_ERA
from pipeline.forms.docx import MEDIA_TYPE, write_docx
from pipeline.forms.gather import FORM_PRINTED
from pipeline.forms.january_papers import (
    SHIPPED_PAPERS,
    Known,
    PaperText,
    fill_nothing_due,
    fill_paper,
    load_papers,
)
from pipeline.forms.papers import Paper, typeset_paper
from pipeline.web.retention.shared import gregorian, keeping
from pipeline.web.site.file_headers import NOT_KEPT, PDF_POLICY
from pipeline.web.site.pages import RequestSite, Site
from pipeline.web.site.roles import RecordsReader

routes = APIRouter()
MEMO, ORDER, LETTER, NOTE = "committee-memo", "committee-order", "archives-letter", "joint-note"
NOTHING_DUE = "nothing-due"


class Kind(StrEnum):
    """What a paper is made into."""

    PDF = "pdf"
    DOCX = "docx"


def papers_of(site: Site, batch: Batch) -> tuple[PaperText, ...]:
    """Return the papers that a batch is far enough for."""
    texts = _texts(site)
    return tuple(
        texts[key] for key in (MEMO, ORDER, LETTER, NOTE) if _too_early(key, batch) is None
    )


def _texts(site: Site) -> dict[str, PaperText]:
    return dict(load_papers(site.office.rules / SHIPPED_PAPERS))


def _too_early(key: str, batch: Batch) -> StepRefusedError | None:
    """Say why a paper cannot be written yet: it would state what has not happened."""
    if key == LETTER and batch.decided_on is None:
        return StepRefusedError("ข้อ 69", message("หัวหน้าส่วนราชการยังไม่ได้พิจารณาบัญชีนี้"))
    if key == NOTE and batch.stage is not Stage.DESTROYED:
        return StepRefusedError("ข้อ 68.5", message("ยังทำลายไม่เสร็จ"))
    return None


@routes.get("/retention/batches/{batch_id}/papers/{key}.{kind}")
def of_a_batch(
    site: RequestSite, viewer: RecordsReader, batch_id: str, key: str, kind: Kind
) -> Response:
    """Give a paper of a batch, filled in as far as the batch has come."""
    retention, texts = keeping(site), _texts(site)
    batch = retention.batches.find(batch_id)
    if key not in (MEMO, ORDER, LETTER, NOTE):
        raise NoSuchRecordError(f"a paper {key!r}")
    early = _too_early(key, batch)
    if early is not None:
        raise early
    known = Known(
        site.office.settings.office.name,
        batch,
        retention.law.committees["destruction"],
        site.book.people.names(),
        retention.destruction.certificate(viewer, batch_id) if key == NOTE else None,
    )
    return _give(site, viewer, fill_paper(texts[key], known), key=key, code=batch_id, kind=kind)


@routes.get("/retention/papers/nothing-due.{kind}")
def nothing_due(site: RequestSite, viewer: RecordsReader, kind: Kind, year: str = "") -> Response:
    """Give the report that nothing is due in a year; refused where something is."""
    retention, today = keeping(site), site.now().date()
    wanted = gregorian(year) or today.year
    as_of = today if wanted == today.year else date(wanted, 1, 1)
    due = sum(one.due for one in retention.due_list.counts(viewer, as_of))
    if due:
        raise StepRefusedError("ข้อ 66", message("มีหนังสือครบกำหนด %(count)s ฉบับ", count=due))
    _, unclosed = retention.unclosed.page(viewer, OpenFilter(), limit=1)
    office = site.office.settings.office.name
    paper = fill_nothing_due(_texts(site)[NOTHING_DUE], office, wanted, as_of, unclosed)
    return _give(site, viewer, paper, key=NOTHING_DUE, code=str(wanted + BUDDHIST_ERA), kind=kind)


def _give(site: Site, viewer: Viewer, paper: Paper, *, key: str, code: str, kind: Kind) -> Response:
    now = site.now()
    content = typeset_paper(paper, now) if kind is Kind.PDF else write_docx(paper)
    details = {"form": key, "made": kind.value, "code": code}
    site.book.audit.record(viewer.name, FORM_PRINTED, now, details=details)
    shown = "inline" if kind is Kind.PDF else "attachment"
    named = {"Content-Disposition": f'{shown}; filename="{key}-{code}.{kind.value}"'}
    headers = NOT_KEPT | named | (PDF_POLICY if kind is Kind.PDF else {})
    media = "application/pdf" if kind is Kind.PDF else MEDIA_TYPE
    return Response(content, media_type=media, headers=headers)
