"""The upload page: several files at once, each answered for; they go in by the door that scanners use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Annotated

from fastapi import APIRouter, Depends, File, Form, Request, UploadFile
from fastapi.responses import HTMLResponse, Response

from index.register.arrivals import JobState
from index.visibility import Role, Viewer
from pipeline.errors import FileUnfitError
from pipeline.handed_in import UPLOAD, HandedIn, hand_in, inner_folder
from pipeline.web.language import _, said
from pipeline.web.pages import OnSite, Site, show
from pipeline.web.sent_form import Line
from pipeline.web.viewer import only
from watch_folder.errors import RefusedScanError

MEBIBYTE = 1024 * 1024
MOST_FILE_BYTES, MOST_FILES = 100 * MEBIBYTE, 50
LIMITS = {"/upload": 500 * MEBIBYTE}
"""The most bytes of one request; one file may have `MOST_FILE_BYTES`."""
routes = APIRouter()
Uploader = Annotated[Viewer, Depends(only(Role.REGISTRY_CLERK, Role.SECRET_REGISTRAR))]


@dataclass(frozen=True, slots=True)
class FileAnswer:
    """What became of one file: taken in, the same as a letter there is, or refused and why."""

    name: str
    taken: bool
    words: str
    known_as: str = ""


@routes.get("/upload", response_class=HTMLResponse)
def upload(request: Request, site: OnSite, _viewer: Uploader) -> Response:
    """Show the empty form."""
    return _show(request, site)


@routes.post("/upload", response_class=HTMLResponse)
def take_in(
    request: Request,
    site: OnSite,
    viewer: Uploader,
    *,
    files: Annotated[list[UploadFile], File()],
    group: Annotated[Line, Form()] = "",
    secret: Annotated[bool, Form()] = False,
) -> Response:
    """Hand the files in and say of each what became of it."""
    group = group if group in site.group_names else ""
    answers = [
        _take_one(site, viewer, file, group, secret)
        if place < MOST_FILES
        else FileAnswer(
            file.filename or "",
            taken=False,
            words=_("ส่งได้ครั้งละไม่เกิน %(most)s ไฟล์", most=MOST_FILES),
        )
        for place, file in enumerate(files)
        if file.filename
    ]
    return _show(request, site, answers=answers, group=group, secret=secret)


def _take_one(site: Site, viewer: Viewer, file: UploadFile, group: str, secret: bool) -> FileAnswer:
    name = file.filename or ""
    if (file.size or 0) > MOST_FILE_BYTES:
        most = MOST_FILE_BYTES // MEBIBYTE
        return FileAnswer(
            name,
            taken=False,
            words=_("ไฟล์ใหญ่เกิน %(most)s MB โปรดสแกนที่ 300 dpi หรือแบ่งไฟล์", most=most),
        )
    folder = inner_folder(site.office, UPLOAD, secret=secret)
    if group:
        folder /= group  # a folder inside is named by the group it is proposed to
        folder.mkdir(exist_ok=True, mode=0o700)
    try:
        handed = hand_in(folder, name, _chunks(file.file))
    except FileUnfitError as unfit:
        return FileAnswer(name, taken=False, words=_why(unfit))
    details = {"sha256": handed.sha256, "secret": secret}
    site.book.audit.record(viewer.name, "uploaded", site.now(), details=details)
    return _answer_known(site, viewer, name, handed)


def _answer_known(site: Site, viewer: Viewer, name: str, handed: HandedIn) -> FileAnswer:
    """Say that it is a copy of a letter; of one the viewer may not open, not even that."""
    job = site.book.jobs.find(handed.sha256)
    letter = (
        site.book.letters.by_sha256(viewer, handed.sha256)
        if job is not None and job.state is JobState.FILED
        else None
    )
    if letter is None:
        return FileAnswer(name, taken=True, words=_("กำลังอ่าน"))
    return FileAnswer(
        name,
        taken=True,
        words=_("ไฟล์นี้มีอยู่แล้ว ไม่ออกเลขซ้ำ"),
        known_as=str(letter.register_number),
    )


def _chunks(source: IO[bytes]) -> Iterator[bytes]:
    return iter(lambda: source.read(MEBIBYTE), b"")


def _why(unfit: FileUnfitError) -> str:
    """Return why a file was refused without its name, which stands before it anyway."""
    cause = unfit.__cause__
    return said(cause.reason) if isinstance(cause, RefusedScanError) else said(unfit)


def _show(
    request: Request,
    site: Site,
    *,
    answers: list[FileAnswer] | None = None,
    group: str = "",
    secret: bool = False,
) -> Response:
    return show(
        request,
        "upload.html",
        {
            "answers": answers or [],
            "group": group,
            "secret": secret,
            "groups": site.group_names,
            "most_mebibytes": MOST_FILE_BYTES // MEBIBYTE,
            "most_files": MOST_FILES,
        },
        here="upload",
    )
