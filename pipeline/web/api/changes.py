"""The interface for programs, the changing half: hand a scan in, correct, route, finish, send back."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from typing import IO, Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from index.choices import JobState, Step
from index.errors import CorrectionRefusedError, NoSuchRecordError
from index.registered_letter import RegisteredLetter
from index.visibility import Viewer
from pipeline.handed_in import UPLOAD, hand_in, inner_folder
from pipeline.web.api import letters as api
from pipeline.web.api.asking import (
    IfMatch,
    NeededIfMatch,
    give_tag,
    known_group,
    known_parameters,
    revision_meant,
)
from pipeline.web.api.letters import REFUSALS, Running, Year
from pipeline.web.api.models import (
    Correction,
    Finishing,
    Job,
    LetterSummary,
    Returning,
    Routing,
    problem_example,
    summary_of,
)
from pipeline.web.letters.pages import find_letter
from pipeline.web.letters.steps import hide_if_secret
from pipeline.web.site.pages import RequestSite, Site
from pipeline.web.site.roles import DeskWorker, LetterWorker
from pipeline.web.site.typed_day import parse_day, still_to_come
from watch_folder.whole import EXTENSIONS

MEBIBYTE = 1024 * 1024
LIMITS = {"/api/letters/": MEBIBYTE // 16, "/api/letters": 100 * MEBIBYTE, "/api/": MEBIBYTE // 16}
"""The most bytes an address takes: scans up to 100 MiB, everything else is a few words."""
IN_MEMORY_BYTES, CHUNK_BYTES = 4 * MEBIBYTE, MEBIBYTE
SCAN = {"schema": {"type": "string", "format": "binary"}}
routes = APIRouter(
    prefix="/api", tags=["change"], responses=REFUSALS, dependencies=[Depends(known_parameters)]
)
CONFLICTS: dict[int | str, dict[str, Any]] = {
    409: dict(problem_example(409, "Changed meanwhile, or done before")),
    412: dict(problem_example(412, "Not the letter of If-Match any more")),
}


def add_interface(app: FastAPI) -> None:
    """Put the interface for programs, both halves and their description, into the application."""
    for part in (api.routes, routes):
        app.include_router(part)
    api.add_description(app, api.routes, routes)


@routes.post(
    "/letters",
    status_code=HTTPStatus.ACCEPTED,
    responses={
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: dict(
            problem_example(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "More than 100 MiB")
        ),
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE: dict(
            problem_example(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "None of ours")
        ),
    },
    openapi_extra={"requestBody": {"required": True, "content": dict.fromkeys(EXTENSIONS, SCAN)}},
)
async def add_letter(
    request: Request,
    site: RequestSite,
    viewer: DeskWorker,
    *,
    name: Annotated[str, Query(max_length=255, description="The file's name")] = "scan",
    secret: Annotated[bool, Query(description="Treat it as secret, whatever it shows")] = False,
) -> Job:
    """Hand a scan in: the body is the file. It is read within moments; ask `/api/jobs/{id}`."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in EXTENSIONS:
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    with SpooledTemporaryFile(max_size=IN_MEMORY_BYTES) as scan:
        async for chunk in request.stream():
            scan.write(chunk)
        scan.seek(0)
        return await run_in_threadpool(_take_in, site, viewer, scan, name, secret)


def _take_in(site: Site, viewer: Viewer, scan: IO[bytes], name: str, secret: bool) -> Job:
    folder = inner_folder(site.office, UPLOAD, secret=secret)
    handed = hand_in(folder, name, iter(lambda: scan.read(CHUNK_BYTES), b""))
    details = {"sha256": handed.sha256, "secret": secret}
    site.book.audit.record(viewer.name, "uploaded", site.now(), details=details)
    return Job(id=handed.sha256, state=JobState.WAITING)


@routes.get("/jobs/{job}", tags=["read"])
def job(
    site: RequestSite,
    viewer: DeskWorker,
    job: Annotated[str, Path(pattern="^[0-9a-f]{64}$", description="SHA-256 of the file")],
) -> Job:
    """Tell how far a scan has come. One that became a letter you may not open is not there."""
    found = site.book.jobs.find(job)
    if found is not None and found.state is not JobState.FILED:
        return Job(id=job, state=found.state)
    letter = site.book.letters.by_sha256(viewer, job)
    if letter is not None:
        return Job(id=job, state=JobState.FILED, letter=str(letter.register_number))
    if _waits_at_the_door(site):  # the same for what is unknown and what is hidden
        return Job(id=job, state=JobState.WAITING)
    raise NoSuchRecordError(f"job {job[:16]}")


def _waits_at_the_door(site: Site) -> bool:
    folders = (inner_folder(site.office, UPLOAD, secret=secret) for secret in (False, True))
    return any(
        one.is_file() and not one.name.startswith(".")
        for folder in folders
        for one in folder.rglob("*")
    )


@routes.patch(
    "/letters/{number}/{year}",
    responses={**CONFLICTS, 428: dict(problem_example(428, "Without If-Match"))},
)
def correct(
    site: RequestSite,
    viewer: DeskWorker,
    number: Running,
    year: Year,
    wanted: Correction,
    *,
    response: Response,
    if_match: NeededIfMatch,
) -> LetterSummary:
    """Correct or confirm one field; its doubts are closed. `If-Match` says which state was read."""
    found = find_letter(site, viewer, number, year)
    revision = revision_meant(found, if_match)
    if wanted.field == "group":
        known_group(site, wanted.value)
    if wanted.field == "date" and not wanted.certain:
        _not_ahead(wanted.value, site.now().date())
    changed = site.book.desk.check(
        viewer,
        found.letter_id,
        {wanted.field: wanted.value},
        now=site.now(),
        reason=wanted.reason,
        revision=revision,
    )
    return _answer(site, response, changed)


@routes.post("/letters/{number}/{year}/route", responses=CONFLICTS)
def route(
    site: RequestSite,
    viewer: DeskWorker,
    number: Running,
    year: Year,
    wanted: Routing,
    *,
    response: Response,
    if_match: IfMatch = "",
) -> LetterSummary:
    """Send the letter to a group; 409 where it is with that group already."""
    found = find_letter(site, viewer, number, year)
    revision = revision_meant(found, if_match)
    moved = site.book.desk.move(
        viewer,
        found.letter_id,
        Step.ROUTED,
        group=known_group(site, wanted.group),
        note=wanted.note,
        revision=revision,
        now=site.now(),
    )
    return _answer(site, response, moved)


@routes.post("/letters/{number}/{year}/done", responses=CONFLICTS)
def done(
    site: RequestSite,
    viewer: LetterWorker,
    number: Running,
    year: Year,
    wanted: Finishing,
    *,
    response: Response,
    if_match: IfMatch = "",
) -> LetterSummary:
    """Say that what the letter asks for has been done; 409 where that was said before."""
    found = find_letter(site, viewer, number, year)
    revision = revision_meant(found, if_match)
    moved = site.book.desk.move(
        viewer, found.letter_id, Step.DONE, note=wanted.note, revision=revision, now=site.now()
    )
    return _answer(site, response, moved)


@routes.post("/letters/{number}/{year}/return", responses=CONFLICTS)
def send_back(
    site: RequestSite,
    viewer: LetterWorker,
    number: Running,
    year: Year,
    wanted: Returning,
    *,
    response: Response,
    if_match: IfMatch = "",
) -> LetterSummary:
    """Send the letter back to the registry, which chooses another group; 409 where it stands sent back."""
    found = find_letter(site, viewer, number, year)
    revision = revision_meant(found, if_match)
    moved = site.book.desk.move(
        viewer, found.letter_id, Step.RETURNED, note=wanted.note, revision=revision, now=site.now()
    )
    return _answer(site, response, moved)


def _not_ahead(value: str, today: date) -> None:
    """Ask about a letter's date that lies ahead; what is no day is refused where it is set."""
    asked = still_to_come(parse_day(value), today)
    if asked is not None:
        refused = CorrectionRefusedError(
            "date", f"{value} has not come yet; if it is meant, send certain: true"
        )
        refused.says(asked)
        raise refused


def _answer(site: Site, response: Response, letter: RegisteredLetter) -> LetterSummary:
    """Answer with the letter as its changer may have it now; the files of one that turned secret move."""
    hide_if_secret(site, letter)
    give_tag(response, letter)
    return LetterSummary(**summary_of(letter))
