"""The interface for programs, the changing half: hand a scan in, correct, route, finish, send back."""

from __future__ import annotations

from tempfile import SpooledTemporaryFile
from typing import IO, Annotated

from fastapi import APIRouter, FastAPI, Path, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from index.errors import NoSuchRecordError
from index.register.desk.desk import Step
from index.register.store.states import JobState
from index.registered_letter import RegisteredLetter
from index.visibility import Viewer
from pipeline.handed_in import UPLOAD, hand_in, inner_folder
from pipeline.web.api import letters as api
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
from pipeline.web.site.pages import OnSite, Site
from pipeline.web.site.roles import DeskWorker, LetterWorker
from watch_folder.whole import EXTENSIONS

MEBIBYTE = 1024 * 1024
LIMITS = {"/api/letters/": MEBIBYTE // 16, "/api/letters": 100 * MEBIBYTE, "/api/": MEBIBYTE // 16}
"""The most bytes an address takes: scans up to 100 MiB, everything else is a few words."""
IN_MEMORY_BYTES, CHUNK_BYTES = 4 * MEBIBYTE, MEBIBYTE
TOO_LARGE, UNSUPPORTED, UNPROCESSABLE = 413, 415, 422
ACCEPTED = 202
SCAN = {"schema": {"type": "string", "format": "binary"}}
routes = APIRouter(prefix="/api", tags=["change"], responses=REFUSALS)


def add_interface(app: FastAPI) -> None:
    """Put the interface for programs, both halves and their description, into the application."""
    for part in (api.routes, routes):
        app.include_router(part)
    api.add_description(app, api.routes, routes)


@routes.post(
    "/letters",
    status_code=ACCEPTED,
    responses={
        TOO_LARGE: dict(problem_example(TOO_LARGE, "More than 100 MiB")),
        UNSUPPORTED: dict(problem_example(UNSUPPORTED, "None of ours")),
    },
    openapi_extra={"requestBody": {"required": True, "content": dict.fromkeys(EXTENSIONS, SCAN)}},
)
async def add_letter(
    request: Request,
    site: OnSite,
    viewer: DeskWorker,
    *,
    name: Annotated[str, Query(max_length=255, description="The file's name")] = "scan",
    secret: Annotated[bool, Query(description="Treat it as secret, whatever it shows")] = False,
) -> Job:
    """Hand a scan in: the body is the file. It is read within moments; ask `/api/jobs/{id}`."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in EXTENSIONS:
        raise HTTPException(UNSUPPORTED)
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
    site: OnSite,
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


@routes.patch("/letters/{number}/{year}")
def correct(
    site: OnSite, viewer: DeskWorker, number: Running, year: Year, wanted: Correction
) -> LetterSummary:
    """Correct or confirm one field; its doubts are closed."""
    found = find_letter(site, viewer, number, year)
    if wanted.field == "group":
        _known_group(site, wanted.value)
    changed = site.book.desk.correct(
        viewer, found.letter_id, wanted.field, wanted.value, now=site.now(), reason=wanted.reason
    )
    return _answer(site, changed)


@routes.post("/letters/{number}/{year}/route")
def route(
    site: OnSite, viewer: DeskWorker, number: Running, year: Year, wanted: Routing
) -> LetterSummary:
    """Send the letter to a group."""
    found = find_letter(site, viewer, number, year)
    group = _known_group(site, wanted.group)
    return _move(site, viewer, found, Step.ROUTED, group=group, note=wanted.note)


@routes.post("/letters/{number}/{year}/done")
def done(
    site: OnSite, viewer: LetterWorker, number: Running, year: Year, wanted: Finishing
) -> LetterSummary:
    """Say that what the letter asks for has been done."""
    found = find_letter(site, viewer, number, year)
    return _move(site, viewer, found, Step.DONE, note=wanted.note)


@routes.post("/letters/{number}/{year}/return")
def send_back(
    site: OnSite, viewer: LetterWorker, number: Running, year: Year, wanted: Returning
) -> LetterSummary:
    """Send the letter back to the registry, which chooses another group."""
    found = find_letter(site, viewer, number, year)
    return _move(site, viewer, found, Step.RETURNED, note=wanted.note)


def _move(
    site: Site, viewer: Viewer, found: RegisteredLetter, step: Step, *, note: str, group: str = ""
) -> LetterSummary:
    moved = site.book.desk.move(
        viewer, found.letter_id, step, now=site.now(), group=group, note=note
    )
    return _answer(site, moved)


def _known_group(site: Site, code: str) -> str:
    if code not in site.group_names:
        raise HTTPException(UNPROCESSABLE, f"there is no group {code!r}; see /api/groups")
    return code


def _answer(site: Site, letter: RegisteredLetter) -> LetterSummary:
    """Answer with the letter as its changer may have it now; the files of one that turned secret move."""
    hide_if_secret(site, letter)
    return LetterSummary(**summary_of(letter))
