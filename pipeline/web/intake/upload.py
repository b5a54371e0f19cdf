"""The upload page: several files at once, each answered for; they go in by the door that scanners use."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import IO, Annotated

from fastapi import APIRouter, File, Form, Path, Query, Request, UploadFile
from fastapi.responses import HTMLResponse, Response

from index.choices import JobState
from index.errors import NumberRefusedError, ReservationTakenError
from index.registered_letter import RegisterNumber
from index.visibility import Viewer
from pipeline.errors import FileUnfitError
from pipeline.handed_in import UPLOAD, HandedIn, hand_in, inner_folder
from pipeline.web.sent.form import Line
from pipeline.web.site.language import _, figures, render
from pipeline.web.site.pages import RequestSite, Site, show
from pipeline.web.site.roles import DeskWorker
from watch_folder.errors import RefusedScanError

MEBIBYTE = 1024 * 1024
MOST_FILE_BYTES, MOST_FILES = 100 * MEBIBYTE, 50
LIMITS = {"/upload": 500 * MEBIBYTE}
"""The most bytes of one request; one file may have `MOST_FILE_BYTES`."""
routes = APIRouter()


@dataclass(frozen=True, slots=True)
class FileAnswer:
    """What became of one file: taken in, the same as a letter there is, or refused and why."""

    name: str
    taken: bool
    words: str
    known_as: str = ""
    job: str = ""
    """The file's SHA-256 while it is read: the page asks by it what became of it."""


@dataclass(frozen=True, slots=True)
class Way:
    """How files are to go in: proposed to a group, as secret, under a reserved number."""

    group: str
    secret: bool
    number: RegisterNumber | None = None


@routes.get("/upload", response_class=HTMLResponse)
def upload(
    request: Request,
    site: RequestSite,
    _viewer: DeskWorker,
    reserved: Annotated[str, Query(max_length=32)] = "",
) -> Response:
    """Show the empty form; `reserved` is the number that a scan is to be filed under."""
    return _show(request, site, reserved=reserved)


@routes.get("/upload/jobs/{job}", response_class=HTMLResponse)
def state(
    request: Request,
    site: RequestSite,
    viewer: DeskWorker,
    job: Annotated[str, Path(pattern="^[0-9a-f]{64}$")],
) -> Response:
    """Give the piece of the page that says how far a file has come; of a hidden letter, no more than that."""
    found = site.book.jobs.find(job)
    letter = site.book.letters.by_sha256(viewer, job)
    context = {"job": job, "letter": letter, "state": found.state if found else None, "words": ""}
    return show(request, "_upload_state.html", context)


@routes.post("/upload", response_class=HTMLResponse)
def take_in(
    request: Request,
    site: RequestSite,
    viewer: DeskWorker,
    *,
    files: Annotated[list[UploadFile], File()],
    group: Annotated[Line, Form()] = "",
    secret: Annotated[bool, Form()] = False,
    reserved: Annotated[Line, Form()] = "",
) -> Response:
    """Hand the files in and say of each what became of it."""
    group = group if group in site.group_names else ""
    number = _read_number(reserved)
    if number is not None:
        answers = _take_reserved(site, viewer, files, Way(group, secret, number))
        done = all(one.taken for one in answers)
        return _show(
            request,
            site,
            answers=answers,
            group=group,
            secret=secret,
            reserved="" if done else reserved,
        )
    answers = [
        _take_one(site, viewer, file, Way(group, secret))
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


def _read_number(text: str) -> RegisterNumber | None:
    try:
        return RegisterNumber.parse(text)
    except ValueError:
        return None


def _take_reserved(
    site: Site, viewer: Viewer, files: Sequence[UploadFile], way: Way
) -> list[FileAnswer]:
    """File one scan under the number that was kept back; several scans cannot have one number."""
    if len(files) != 1:
        words = _("เลขที่จองไว้ใช้ได้กับไฟล์เดียว โปรดเลือกไฟล์เดียว ยังไม่ได้รับไฟล์ใด")
        return [FileAnswer(file.filename or "", taken=False, words=words) for file in files]
    file = files[0]
    try:
        answer = _take_one(site, viewer, file, way)
    except ReservationTakenError as taken:
        return [FileAnswer(file.filename or "", taken=False, words=render(taken))]
    except NumberRefusedError:
        words = _("เลขที่จองไว้ถูกใช้หรือยกเลิกแล้ว โปรดเลือกใหม่")
        return [FileAnswer(file.filename or "", taken=False, words=words)]
    return [answer]


def _take_one(site: Site, viewer: Viewer, file: UploadFile, way: Way) -> FileAnswer:
    name, number = file.filename or "", way.number
    if (file.size or 0) > MOST_FILE_BYTES:
        most = MOST_FILE_BYTES // MEBIBYTE
        return FileAnswer(
            name,
            taken=False,
            words=_("ไฟล์ใหญ่เกิน %(most)s MB โปรดสแกนที่ 300 dpi หรือแบ่งไฟล์", most=most),
        )
    folder = inner_folder(site.office, UPLOAD, secret=way.secret)
    if way.group:
        folder /= way.group  # a folder inside is named by the group it is proposed to
        folder.mkdir(exist_ok=True, mode=0o700)
    bound = False

    def bind(sha256: str) -> None:
        nonlocal bound
        if number is not None:
            bound = site.book.reservations.bind(number, sha256, who=viewer.name, now=site.now())

    try:
        handed = hand_in(folder, name, _chunks(file.file), before=bind)
    except FileUnfitError as unfit:
        if bound and number is not None:
            site.book.reservations.let_go(number, who=viewer.name, now=site.now())
        return FileAnswer(name, taken=False, words=_why(unfit))
    details = {"sha256": handed.sha256, "secret": way.secret}
    site.book.audit.record(viewer.name, "uploaded", site.now(), details=details)
    answer = _answer_known(site, viewer, name, handed)
    if bound and not answer.known_as:
        words = _("กำลังอ่าน จะลงรับในเลข %(number)s ที่จองไว้", number=figures(number))
        return replace(answer, words=words)
    return answer


def _answer_known(site: Site, viewer: Viewer, name: str, handed: HandedIn) -> FileAnswer:
    """Say that it is a copy of a letter; of one the viewer may not open, not even that."""
    job = site.book.jobs.find(handed.sha256)
    letter = (
        site.book.letters.by_sha256(viewer, handed.sha256)
        if job is not None and job.state is JobState.FILED
        else None
    )
    if letter is None:
        return FileAnswer(name, taken=True, words=_("กำลังอ่าน"), job=handed.sha256)
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
    return render(cause.reason) if isinstance(cause, RefusedScanError) else render(unfit)


def _show(
    request: Request,
    site: Site,
    *,
    answers: list[FileAnswer] | None = None,
    group: str = "",
    secret: bool = False,
    reserved: str = "",
) -> Response:
    return show(
        request,
        "upload.html",
        {
            "answers": answers or [],
            "group": group,
            "secret": secret,
            "reserved": reserved,
            "reservations": [one for one in site.book.reservations.all() if not one.waits],
            "groups": site.group_names,
            "most_mebibytes": MOST_FILE_BYTES // MEBIBYTE,
            "most_files": MOST_FILES,
        },
        here="upload",
    )
