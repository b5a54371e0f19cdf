"""What is done with a letter that was sent: corrected, sent to whom, acknowledged, its copy attached, cancelled."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import IO, Annotated

from fastapi import APIRouter, File, Form, UploadFile
from fastapi.responses import FileResponse, RedirectResponse, Response

from index.archive import ArchivedFile
from index.errors import NoSuchRecordError, NumberRefusedError
from index.register.numbers import NumberStatus
from index.register.sent_letter import Recipient
from index.visibility import SECRECY_FIELD
from pipeline.carry import SCRATCH_PREFIX
from pipeline.sending import load_sending
from pipeline.web.letter_files import PDF_POLICY
from pipeline.web.pages import OnSite, Site
from pipeline.web.sent_form import Line, SentForm, Text, read_form, recipients_of
from pipeline.web.sent_pages import SEE_OTHER, Opened, Writer, address_of, answered_by
from pipeline.web.viewer import Looking
from watch_folder.errors import RefusedScanError
from watch_folder.file_names import readable_name
from watch_folder.whole import EXTENSIONS, PDF, check_whole

LIMITS = {"/sent/": 100 * 1024 * 1024}
"""The most bytes a request takes; one scan of a hundred pages."""
routes = APIRouter(prefix="/sent/{book}/{running}/{year}")
Positions = Annotated[list[int], Form()]
Field = Annotated[Line, Form()]


@routes.post("/change")
def change(
    site: OnSite,
    viewer: Writer,
    opened: Opened,
    form: Annotated[SentForm, Form()],
) -> Response:
    """Correct the letter; the old words stay on its page."""
    entry, found = opened
    draft, problem = read_form(site, viewer, form, load_sending(site.office))
    if draft is None or problem or entry.status is not NumberStatus.GIVEN:
        return _back(address_of(entry), "form")
    if draft.answers is None and answered_by(site, viewer, found) is None:
        draft = replace(draft, answers=found.answers)  # one that this person may not know of stays
    changed = site.book.sent.change(viewer, found.sent_id, draft, now=site.now())
    if SECRECY_FIELD in changed and draft.secrecy:
        for file in site.book.sent.files(viewer, found.sent_id):
            site.archive.hide(file.sha256)
    return _back(address_of(entry))


@routes.post("/recipients")
def add_recipients(
    site: OnSite,
    viewer: Writer,
    opened: Opened,
    *,
    others: Annotated[Text, Form()] = "",
    way: Field = "",
) -> Response:
    """Add recipients, one a line."""
    entry, found = opened
    names = recipients_of(SentForm(others=others), load_sending(site.office))
    site.book.sent.add_recipients(viewer, found.sent_id, names, way=way, now=site.now())
    return _back(address_of(entry))


@routes.post("/sending")
def record_sending(
    site: OnSite,
    viewer: Writer,
    opened: Opened,
    *,
    position: Positions = [],  # noqa: B006 - FastAPI copies it
    way: Field = "",
    on: Field = "",
    reference: Field = "",
) -> Response:
    """Note how and when the letter went to the chosen recipients, or to all that it has not gone to."""
    entry, found = opened
    there = site.book.sent.recipients(viewer, found.sent_id)
    chosen = _chosen(there, position, (one.position for one in there if one.sent_on is None))
    day = _day(on)
    if day is None or not chosen:
        return _back(address_of(entry), "nobody" if day else "day")
    site.book.sent.record_sending(
        viewer, found.sent_id, chosen, way=way, on=day, reference=reference, now=site.now()
    )
    return _back(address_of(entry))


@routes.post("/acknowledged")
def acknowledge(
    site: OnSite,
    viewer: Writer,
    opened: Opened,
    *,
    position: Positions = [],  # noqa: B006 - FastAPI copies it
    by: Field = "",
    acknowledged_on: Field = "",
) -> Response:
    """Note who acknowledged the letter; for the chosen recipients, or all that did not yet."""
    entry, found = opened
    there = site.book.sent.recipients(viewer, found.sent_id)
    silent = (one.position for one in there if one.acknowledged_on is None)
    chosen = _chosen(there, position, silent)
    day = _day(acknowledged_on)
    if day is None or not chosen:
        return _back(address_of(entry), "nobody" if day else "day")
    site.book.sent.acknowledge(viewer, found.sent_id, chosen, by=by, on=day, now=site.now())
    return _back(address_of(entry))


@routes.post("/cancel")
def cancel(
    site: OnSite,
    viewer: Writer,
    opened: Opened,
    *,
    reason: Field = "",
) -> Response:
    """Cancel the letter with a reason; its number stays in the book and is not given again."""
    entry, _found = opened
    try:
        site.book.sent.cancel(
            viewer, entry.book, entry.register_number, note=reason, now=site.now()
        )
    except NumberRefusedError:
        return _back(address_of(entry), "reason")
    return _back(address_of(entry))


@routes.post("/files")
def attach(
    site: OnSite,
    viewer: Writer,
    opened: Opened,
    *,
    file: Annotated[UploadFile, File()],
) -> Response:
    """Archive a scanned copy of what was sent and note it with the letter."""
    entry, found = opened
    # A folder in `work`: what a crash leaves of it is swept away at the next start.
    with tempfile.TemporaryDirectory(prefix=SCRATCH_PREFIX, dir=site.office.work) as scratch:
        try:
            kept, media_type = _archive(site, file.file, Path(scratch), secret=found.is_secret)
        except RefusedScanError:
            return _back(address_of(entry), "file")
    site.book.sent.attach(
        viewer,
        found.sent_id,
        sha256=kept.sha256,
        name=readable_name(file.filename or "scan"),
        media_type=media_type,
        size_bytes=kept.size_bytes,
        now=site.now(),
    )
    return _back(address_of(entry))


def _archive(
    site: Site, source: IO[bytes], scratch: Path, *, secret: bool
) -> tuple[ArchivedFile, str]:
    """Keep a whole file in the archive; raises RefusedScanError for another."""
    path = scratch / "copy"
    with path.open("wb") as target:
        shutil.copyfileobj(source, target)
    media_type = check_whole(path)
    with path.open("rb") as whole:
        sha256 = hashlib.file_digest(whole, "sha256").hexdigest()
    kept = site.archive.keep_original(path, sha256, EXTENSIONS[media_type], secret=secret)
    return kept, media_type


@routes.get("/files/{place}")
def file(site: OnSite, viewer: Looking, opened: Opened, place: int) -> Response:
    """Give the n-th copy: a PDF to be looked at, a picture to be saved; its own name stays out."""
    entry, found = opened
    files = site.book.sent.files(viewer, found.sent_id)
    if not 1 <= place <= len(files):
        raise NoSuchRecordError(f"copy {place}")
    one = files[place - 1]
    if found.is_secret:
        details = {"book": entry.book, "number": str(entry.register_number)}
        site.book.audit.record(viewer.name, "sent_file_viewed", site.now(), details=details)
    is_pdf = one.media_type == PDF
    number, suffix = entry.register_number, EXTENSIONS.get(one.media_type, ".bin")
    name = f"saraban-{entry.book}-{number.running}-{number.buddhist_year}-{place}{suffix}"
    return FileResponse(
        site.archive.path_of(one.sha256),
        media_type=PDF if is_pdf else "application/octet-stream",
        filename=name,
        content_disposition_type="inline" if is_pdf else "attachment",
        headers=PDF_POLICY if is_pdf else {},
    )


def _chosen(
    there: Iterable[Recipient], positions: Iterable[int], otherwise: Iterable[int]
) -> list[int]:
    """Return the chosen positions that exist; without any, the others that are meant."""
    known = {one.position for one in there}
    return sorted(known & set(positions)) or list(otherwise)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _back(address: str, problem: str = "") -> RedirectResponse:
    query = f"?problem={problem}" if problem else ""
    return RedirectResponse(address + query, status_code=SEE_OTHER)
