"""Secret letters apart: their registers ทข.1 to ทข.3, and their destruction, for their registrar only.

For everybody else these addresses are refused by role; nothing of them stands on any other page.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from index.errors import NoSuchRecordError
from index.retention.batch import Batch, Stage
from index.retention.certificate import Certificate
from index.retention.errors import RetentionError
from index.retention.secret_registers import SOURCE
from index.visibility import Viewer
from ocr.thai_text import BUDDHIST_ERA
from pipeline.destruction import OfficeCopies
from pipeline.forms.certificate_paper import make_certificate
from pipeline.forms.papers import typeset_paper
from pipeline.web.retention.batch_pages import STAGE_THAI
from pipeline.web.retention.execution import FATE_THAI
from pipeline.web.retention.secret_steps import next_steps, statement_of
from pipeline.web.retention.shared import PostedForm, attempt, gregorian, keeping, letters_of
from pipeline.web.sent.pages import address_of
from pipeline.web.site.language import render
from pipeline.web.site.pages import RequestSite, Site, show
from pipeline.web.site.roles import Registrar

routes = APIRouter(prefix="/secret")
Year = Annotated[str, Query(max_length=4)]


@routes.get("", response_class=HTMLResponse)
def registers(request: Request, site: RequestSite, viewer: Registrar, year: Year = "") -> Response:
    """Show the three registers of a year, what is due, and the batches of secret letters."""
    return _registers(request, site, viewer, year)


@routes.post("/batches")
def propose(request: Request, site: RequestSite, viewer: Registrar, form: PostedForm) -> Response:
    """Put the ticked letters on a list of their own."""
    try:
        batch = keeping(site).batches.propose(
            viewer, letters_of(form, "letter"), now=site.now(), secret=True
        )
    except RetentionError as error:
        return _registers(request, site, viewer, "", render(error))
    return RedirectResponse(f"/secret/batches/{batch.batch_id}", HTTPStatus.SEE_OTHER)


@routes.get("/batches/{batch_id}", response_class=HTMLResponse)
def batch(request: Request, site: RequestSite, viewer: Registrar, batch_id: str) -> Response:
    """Show a batch of secret letters with its next step."""
    return _batch(request, site, viewer, batch_id)


@routes.post("/batches/{batch_id}/step")
def take_step(
    request: Request, site: RequestSite, viewer: Registrar, batch_id: str, form: PostedForm
) -> Response:
    """Note the step that people took on paper."""

    def work() -> object:
        retention = keeping(site)
        found = retention.batches.find(batch_id, viewer)
        steps = next_steps(found, form, retention.law.committees["destruction"])
        return retention.batches.record(viewer, batch_id, *steps, now=site.now())

    return attempt(
        work,
        f"/secret/batches/{batch_id}",
        lambda problem: _batch(request, site, viewer, batch_id, problem),
    )


@routes.post("/batches/{batch_id}/execution")
def execute(
    request: Request, site: RequestSite, viewer: Registrar, batch_id: str, form: PostedForm
) -> Response:
    """Destroy, or go on where it was broken off; the registrar who does it decided nothing of it."""
    copies = OfficeCopies(site.office.root, site.pictures, site.finder)

    def work() -> object:
        destruction, now = keeping(site).destruction, site.now()
        if form.get("resume") == "yes":
            return destruction.resume(
                viewer, batch_id, archive=site.archive, copies=copies, now=now
            )
        statement = statement_of(form, batch_id, now.date())
        return destruction.execute(
            viewer, batch_id, statement, archive=site.archive, copies=copies, now=now
        )

    return attempt(
        work,
        f"/secret/batches/{batch_id}",
        lambda problem: _batch(request, site, viewer, batch_id, problem),
    )


@routes.get("/batches/{batch_id}/certificate.pdf")
def certificate(site: RequestSite, viewer: Registrar, batch_id: str) -> Response:
    """Give the two-person certificate."""
    found = keeping(site).destruction.certificate(viewer, batch_id)
    paper = make_certificate(found, site.office.settings.office.name, site.book.people.names())
    return Response(typeset_paper(paper, site.now()), media_type="application/pdf")


def _registers(
    request: Request, site: Site, viewer: Viewer, year: str, problem: str = ""
) -> Response:
    retention, now = keeping(site), site.now()
    wanted = (gregorian(year) or now.year) + BUDDHIST_ERA
    site.book.audit.record(viewer.name, "secret_registers", now, details={"year": wanted})
    books = retention.secret_registers
    context = {
        "year": wanted,
        "received": books.received(viewer, wanted),
        "sent": books.sent(viewer, wanted, site.office.settings.office.name),
        "control": books.control(viewer, wanted),
        "states": site.book.letters.count_states(viewer),
        "suspected": [(one, address_of(one)) for one in site.book.sent.suspected(viewer)],
        "due": retention.surveys.survey(viewer, now.date(), due_only=True, secret=True),
        "batches": [one for one in retention.batches.lines(viewer) if one.batch_id[0] == "S"],
        "stage_thai": STAGE_THAI,
        "source": SOURCE,
        "problem": problem,
    }
    status = HTTPStatus.CONFLICT if problem else 200
    return show(request, "secret/registers.html", context, here="secret", status_code=status)


def _batch(
    request: Request, site: Site, viewer: Viewer, batch_id: str, problem: str = ""
) -> Response:
    retention, now = keeping(site), site.now()
    found = retention.batches.find(batch_id, viewer)
    context = {
        "batch": found,
        "waits": waits_for(found),
        "rows": retention.batches.rows(viewer, batch_id, now.date()),
        "prepared": retention.destruction.prepare(viewer, batch_id, now=now),
        "certificate": _certificate(site, viewer, batch_id),
        "grades": sorted(retention.law.committees["destruction"].grades),
        "fates": FATE_THAI,
        "deciders": site.book.mandates.deciders(now),
        "today": now.date(),
        "problem": problem,
    }
    status = HTTPStatus.CONFLICT if problem else 200
    return show(request, "secret/batch.html", context, here="secret", status_code=status)


def waits_for(batch: Batch) -> str:
    """Name the step that a batch waits for; the archives' answer comes before the execution."""
    if batch.stage is Stage.SENT and batch.unanswered:
        return "answer"
    return batch.stage.value


def _certificate(site: Site, viewer: Viewer, batch_id: str) -> Certificate | None:
    try:
        return keeping(site).destruction.certificate(viewer, batch_id)
    except NoSuchRecordError:
        return None
