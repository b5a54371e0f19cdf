"""Splitting a letter's scan at pages, and joining a letter that was wrongly apart to another."""

from __future__ import annotations

import tempfile
from http import HTTPStatus
from itertools import pairwise
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from index.archive import Shelf
from index.errors import KeepingError, LetterChangedError, NoSuchRecordError
from index.register.received.parts import PAGES_FIELD, Rest, check_starts
from index.registered_letter import RegisteredLetter, RegisterNumber
from index.visibility import Viewer, is_hidden
from ocr import page_range
from ocr.document import PAGE_BREAK
from pipeline.carry import SCRATCH_PREFIX
from pipeline.cutting import cut_out
from pipeline.errors import FileUnfitError
from pipeline.web.letters.pages import find_letter
from pipeline.web.letters.view import pages_of
from pipeline.web.site.language import _, render
from pipeline.web.site.pages import RequestSite, Site, show
from pipeline.web.site.roles import DeskWorker

routes = APIRouter(prefix="/letters/{running}/{year}")
MOST_PIECES = 200


@routes.get("/split", response_class=HTMLResponse)
def split_form(
    request: Request, site: RequestSite, viewer: DeskWorker, running: int, year: int
) -> Response:
    """Show the pages and ask where new letters begin; what the program proposes is ticked."""
    letter = find_letter(site, viewer, running, year)
    proposed: tuple[int, ...] = ()
    if letter.decision is not None and PAGES_FIELD in letter.review:  # still asked
        proposed = next((one.pages for one in letter.decision.review if one.pages), ())
    return _split_page(request, site, viewer, letter, proposed)


@routes.post("/split")
def split(
    request: Request,
    site: RequestSite,
    viewer: DeskWorker,
    running: int,
    year: int,
    *,
    revision: Annotated[int, Form()],
    start: Annotated[list[int], Form(max_length=MOST_PIECES)] = [],  # noqa: B006 - a form field
) -> Response:
    """Cut the pages out; the new letters come into the book by the normal way."""
    letter = find_letter(site, viewer, running, year)
    starts = sorted(set(start))
    try:
        _split(site, viewer, letter, starts, revision)
    except (KeepingError, FileUnfitError) as error:
        if isinstance(error, NoSuchRecordError):
            raise
        return _split_page(request, site, viewer, letter, tuple(starts), problem=render(error))
    return RedirectResponse(f"/letters/{letter.register_number}", status_code=HTTPStatus.SEE_OTHER)


def _split_page(
    request: Request,
    site: Site,
    viewer: Viewer,
    letter: RegisteredLetter,
    starts: tuple[int, ...],
    *,
    problem: str = "",
) -> Response:
    context = {
        "letter": letter,
        "pages": list(pages_of(site, viewer, letter)),
        "starts": starts,
        "problem": problem,
    }
    code = HTTPStatus.UNPROCESSABLE_ENTITY if problem else 200
    return show(request, "split.html", context, here="letters", status_code=code)


def _split(
    site: Site, viewer: Viewer, letter: RegisteredLetter, starts: list[int], revision: int
) -> None:
    """Hand the pieces in first, then note them: a crash in between loses no page.

    What was handed in and not noted comes as a letter of its own, and cutting again knows it.
    """
    file = site.book.letters.file_of(viewer, letter.letter_id)
    check_starts(letter.letter_id, file.page_count, starts)
    if file.searchable_sha256 is None:
        raise NoSuchRecordError("the searchable PDF")
    if letter.revision != revision:
        raise LetterChangedError(letter.letter_id)
    old = file.searchable_sha256
    with tempfile.TemporaryDirectory(prefix=SCRATCH_PREFIX, dir=site.office.work) as folder:
        scratch = Path(folder)
        rest = scratch / "rest.pdf"
        searchable = site.archive.path_of(old, Shelf.SEARCHABLE)
        page_range.cut_pages(searchable, range(1, starts[0]), rest)
        kept = site.archive.keep_searchable(rest, secret=is_hidden(letter))
        text = PAGE_BREAK.join(page_range.read_texts(rest))
        pieces = cut_out(
            site.office,
            site.archive.path_of(file.sha256),
            [range(start, end) for start, end in pairwise((*starts, file.page_count + 1))],
            f"เลขรับ {letter.register_number.running}",
            scratch,
            secret=is_hidden(letter),
        )
    site.book.parts.split(
        viewer,
        letter.letter_id,
        pieces,
        Rest(starts[0] - 1, kept.sha256, text),
        revision=revision,
        now=site.now(),
    )
    # Made from the scan, which stays; left where it was, it would show the other letters' pages.
    site.archive.remove(old, Shelf.SEARCHABLE)
    site.pictures.forget(old)


@routes.get("/join", response_class=HTMLResponse)
def join_form(
    request: Request,
    site: RequestSite,
    viewer: DeskWorker,
    running: int,
    year: int,
    *,
    into: Annotated[str, Query(max_length=32)] = "",
) -> Response:
    """Show both letters side by side and ask once more: a cancelled number does not come back."""
    letter = find_letter(site, viewer, running, year)
    return _join_page(request, site, viewer, letter, into)


@routes.post("/join")
def join(
    request: Request,
    site: RequestSite,
    viewer: DeskWorker,
    running: int,
    year: int,
    *,
    into: Annotated[str, Form(max_length=32)],
    note: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Join this letter to the other one; its number is cancelled with a note."""
    letter = find_letter(site, viewer, running, year)
    other = _other(site, viewer, into)
    if other is None:
        return _join_page(request, site, viewer, letter, into)
    try:
        joined = site.book.parts.join(
            viewer, letter.letter_id, other.letter_id, note=note.strip(), now=site.now()
        )
    except KeepingError as error:
        if isinstance(error, NoSuchRecordError):
            raise
        return _join_page(request, site, viewer, letter, into, problem=render(error))
    return RedirectResponse(f"/letters/{joined.register_number}", status_code=HTTPStatus.SEE_OTHER)


@routes.post("/apart")
def take_apart(
    site: RequestSite,
    viewer: DeskWorker,
    running: int,
    year: int,
    *,
    joined: Annotated[str, Form(max_length=32)],
) -> Response:
    """Take back that a letter was joined to this one; it has its number again."""
    letter, other = find_letter(site, viewer, running, year), _other(site, viewer, joined)
    if other is None:
        raise NoSuchRecordError(f"letter {joined}")
    site.book.parts.take_apart(viewer, letter.letter_id, other.letter_id, now=site.now())
    return RedirectResponse(f"/letters/{letter.register_number}", status_code=HTTPStatus.SEE_OTHER)


def _join_page(
    request: Request,
    site: Site,
    viewer: Viewer,
    letter: RegisteredLetter,
    into: str,
    *,
    problem: str = "",
) -> Response:
    other = _other(site, viewer, into)
    if other is None and into:
        problem = _("ไม่พบเลขรับนี้ เขียนเป็น ๑๒/๒๕๖๙")
    context = {
        "letter": letter,
        "pages": list(pages_of(site, viewer, letter)),
        "other": other,
        "other_pages": list(pages_of(site, viewer, other)) if other else [],
        "into": into,
        "problem": problem,
    }
    code = HTTPStatus.UNPROCESSABLE_ENTITY if problem else 200
    return show(request, "join.html", context, here="letters", status_code=code)


def _other(site: Site, viewer: Viewer, number: str) -> RegisteredLetter | None:
    """Return the letter of a typed number; None when there is none that this person may open."""
    try:
        wanted = RegisterNumber.parse(number)
        return find_letter(site, viewer, wanted.running, wanted.buddhist_year)
    except (ValueError, NoSuchRecordError):
        return None
