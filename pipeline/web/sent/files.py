"""Copies of what was sent: attached on the page, read by the workers, given as searchable PDF or as they came."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from http import HTTPStatus
from pathlib import Path
from typing import IO, Annotated

from fastapi import APIRouter, File, Request, UploadFile
from fastapi.responses import FileResponse, RedirectResponse, Response

from index.archive import ArchivedFile, Shelf
from index.errors import NoSuchRecordError
from index.register.sent.sent_letter import SentEntry, SentFile, SentLetter
from index.visibility import Viewer
from pipeline.carry import SCRATCH_PREFIX
from pipeline.look import OUTSIDE
from pipeline.web.sent.pages import Opened, address_of, may_open
from pipeline.web.site.file_headers import PDF_POLICY, picture_answer
from pipeline.web.site.pages import RequestSite, Site
from pipeline.web.site.roles import Writer
from pipeline.web.site.viewer import LoggedIn
from watch_folder.errors import RefusedScanError
from watch_folder.file_names import readable_name
from watch_folder.whole import EXTENSIONS, PDF

LIMITS = {"/sent/": 100 * 1024 * 1024}
"""The most bytes a request takes; one scan of a hundred pages."""
routes = APIRouter(prefix="/sent/{book}/{running}/{year}")


@routes.post("/files")
def attach(
    site: RequestSite,
    viewer: Writer,
    opened: Opened,
    *,
    file: Annotated[UploadFile, File()],
) -> Response:
    """Archive a scanned copy of what was sent and note it with the letter; a worker reads it."""
    entry, found = opened
    # A folder in `work`: what a crash leaves of it is swept away at the next start.
    with tempfile.TemporaryDirectory(prefix=SCRATCH_PREFIX, dir=site.office.work) as scratch:
        try:
            kept, media_type = _archive(site, file.file, Path(scratch), secret=found.is_secret)
        except RefusedScanError:
            return RedirectResponse(f"{address_of(entry)}?problem=file", HTTPStatus.SEE_OTHER)
    site.book.sent.attach(
        viewer,
        found.sent_id,
        sha256=kept.sha256,
        name=readable_name(file.filename or "scan"),
        media_type=media_type,
        size_bytes=kept.size_bytes,
        now=site.now(),
    )
    return RedirectResponse(address_of(entry), HTTPStatus.SEE_OTHER)


def _archive(
    site: Site, source: IO[bytes], scratch: Path, *, secret: bool
) -> tuple[ArchivedFile, str]:
    """Keep a whole file in the archive; raises RefusedScanError for another."""
    path = scratch / "copy"
    with path.open("wb") as target:
        shutil.copyfileobj(source, target)
    media_type = OUTSIDE(path)
    with path.open("rb") as whole:
        sha256 = hashlib.file_digest(whole, "sha256").hexdigest()
    kept = site.archive.keep_original(path, sha256, EXTENSIONS[media_type], secret=secret)
    return kept, media_type


@routes.get("/files/{place}")
def searchable(site: RequestSite, viewer: LoggedIn, opened: Opened, place: int) -> Response:
    """Give the n-th copy as searchable PDF; as it came while there is none."""
    file = _find(site, viewer, opened, place)
    if file.searchable_sha256 is None:
        return _give(site, opened[0], place, file)
    name = _name(opened[0], place, ".pdf")
    path = site.archive.path_of(file.searchable_sha256, Shelf.SEARCHABLE)
    return _inline(path, name)


@routes.get("/files/{place}/original")
def original(site: RequestSite, viewer: LoggedIn, opened: Opened, place: int) -> Response:
    """Give the n-th copy as it came."""
    return _give(site, opened[0], place, _find(site, viewer, opened, place))


@routes.post("/files/{place}/retry")
def retry(site: RequestSite, viewer: Writer, opened: Opened, place: int) -> Response:
    """Have a copy that could not be read tried again."""
    entry, found = opened
    file = _find(site, viewer, opened, place)
    site.book.sent_copies.retry(viewer, found.sent_id, file.sha256, site.now())
    return RedirectResponse(address_of(entry), HTTPStatus.SEE_OTHER)


@routes.get("/small.jpg")
def small_picture(
    request: Request, site: RequestSite, viewer: LoggedIn, opened: Opened
) -> Response:
    """Give the first page of the first copy as a small picture; none of a secret letter."""
    found = opened[1]
    files = (one for one in site.book.sent.files(viewer, found.sent_id) if one.searchable_sha256)
    file = next(files, None)
    if found.is_secret or file is None or file.searchable_sha256 is None:
        raise NoSuchRecordError("the small picture")
    pdf = site.archive.path_of(file.searchable_sha256, Shelf.SEARCHABLE)
    picture = site.pictures.small(pdf, 1, secret=False)
    return picture_answer(request, picture.jpeg, secret=False)


def _find(site: Site, viewer: Viewer, opened: tuple[SentEntry, SentLetter], place: int) -> SentFile:
    """Return the n-th copy, and note that one of a secret letter was looked at."""
    entry, found = opened
    files = site.book.sent.files(viewer, found.sent_id)
    if not 1 <= place <= len(files) or not may_open(viewer, files[place - 1]):
        raise NoSuchRecordError(f"copy {place}")
    if found.is_secret:
        details = {"book": entry.book, "number": str(entry.register_number)}
        site.book.audit.record(viewer.name, "sent_file_viewed", site.now(), details=details)
    return files[place - 1]


def _give(site: Site, entry: SentEntry, place: int, file: SentFile) -> Response:
    """Give the bytes as they came: a PDF to be looked at, a picture to be saved; its own name stays out."""
    path = site.archive.path_of(file.sha256)
    name = _name(entry, place, EXTENSIONS.get(file.media_type, ".bin"))
    if file.media_type == PDF:
        return _inline(path, name)
    return FileResponse(
        path,
        media_type="application/octet-stream",
        filename=name,
        content_disposition_type="attachment",
    )


def _inline(path: Path, name: str) -> FileResponse:
    return FileResponse(
        path,
        media_type=PDF,
        filename=name,
        content_disposition_type="inline",
        headers=PDF_POLICY,
    )


def _name(entry: SentEntry, place: int, suffix: str) -> str:
    number = entry.register_number
    return f"saraban-{entry.book}-{number.running}-{number.buddhist_year}-{place}{suffix}"
