"""The list of letters, which brings itself up to date, and the page of one letter."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from classify.letter import Decision, Found
from index.archive import Shelf
from index.errors import NoSuchRecordError
from index.register.letters import LetterFilter, Order
from index.registered_letter import RegisteredLetter, RegisterNumber
from index.visibility import SECRET_PLACEHOLDER, Viewer
from pipeline.reading import FIELDS
from pipeline.web import thai_form
from pipeline.web.page_pictures import PagePicture
from pipeline.web.pages import OnSite, Site, show
from pipeline.web.viewer import Looking

routes = APIRouter()
ROWS = 30
REASON_WORDS = 3  # in a list; the letter's page shows all
NO_CHANGE = 204

PageNumber = Annotated[int, Query(ge=1, le=100_000)]
GroupCode = Annotated[str, Query(max_length=64)]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list."""

    letter: RegisteredLetter
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a field stands on the page picture, in its pixels."""

    field: str
    left: int
    top: int
    width: int
    height: int
    doubt: bool


@dataclass(frozen=True, slots=True)
class Field:
    """One field on the letter's page; `confidence` is None for what is not on the page.

    `crop` is the piece of the page to compare a doubtful value with.
    """

    name: str
    value: str
    confidence: float | None
    page: int | None
    doubts: tuple[str, ...]
    crop: Mark | None


@dataclass(frozen=True, slots=True)
class ShownPage:
    """One page with the marks on it."""

    number: int
    width: int
    height: int
    marks: tuple[Mark, ...]


@routes.get("/", response_class=HTMLResponse)
def letters(
    request: Request,
    site: OnSite,
    viewer: Looking,
    *,
    page: PageNumber = 1, group: GroupCode = "",
    urgent: bool = False,
) -> Response:  # fmt: skip
    """Show the list, newest first (or the most urgent first)."""
    context = desk_context(site, viewer, page, group, urgent)
    return show(request, "letters.html", context, here="letters")


@routes.get("/letters/desk", response_class=HTMLResponse)
def desk(
    request: Request,
    site: OnSite,
    viewer: Looking,
    *,
    page: PageNumber = 1, group: GroupCode = "",
    urgent: bool = False, seen: Annotated[str, Query(max_length=64)] = "",
) -> Response:  # fmt: skip
    """Give the part of the list that changes, or nothing when it is what the asker has seen."""
    context = desk_context(site, viewer, page, group, urgent)
    if context["seen"] == seen:
        return Response(status_code=NO_CHANGE)
    return show(request, "_desk.html", context, here="letters")


def desk_context(
    site: Site, viewer: Viewer, page: int, group: str, urgent: bool
) -> dict[str, object]:
    """Return what the list shows; `seen` changes whenever anything of it does."""
    counts = site.book.letters.count_states(viewer)
    found = site.book.letters.page(
        viewer,
        LetterFilter(group=group),
        order=Order.URGENCY if urgent else Order.NUMBER_DOWN,
        limit=ROWS,
        offset=(page - 1) * ROWS,
        with_content=True,
    )
    rows = [Row(letter, _short_reason(letter.decision)) for letter in found.letters]
    stamp = repr(
        (counts, found.total, [(row.letter.letter_id, row.letter.revision) for row in rows])
    )
    return {
        "counts": counts,
        "rows": rows,
        "page": page,
        "more": found.total > page * ROWS,
        "group": group,
        "groups": site.group_names,
        "urgent": urgent,
        "inbox": site.office.folder_of(site.office.settings.watch.folder[0]),
        "seen": hashlib.sha256(stamp.encode()).hexdigest()[:16],
    }


def _short_reason(decision: Decision | None) -> tuple[str, ...]:
    """Return the few words that weighed most for the group that was chosen."""
    if decision is None or not decision.scores or decision.scores[0].group != decision.group:
        return ()
    strongest = sorted(decision.scores[0].because, key=lambda one: -one[2])
    return tuple(dict.fromkeys(word for word, _, points in strongest if points > 0))[:REASON_WORDS]


@routes.get("/letters/{running}/{year}", response_class=HTMLResponse)
def letter(request: Request, site: OnSite, viewer: Looking, running: int, year: int) -> Response:
    """Show one letter: its page, its fields with their places, why it goes where."""
    found = find_letter(site, viewer, running, year)
    decision = found.decision
    names = site.group_names
    scores = decision.scores if decision else ()
    return show(
        request,
        "letter.html",
        {
            "letter": found,
            "kind": thai_form.kind_name(found.kind),
            "fields": list(_fields(found)),
            "pages": list(_pages(site, viewer, found)),
            "group_name": names.get(found.group, found.group),
            "scores": [
                {
                    "name": names.get(score.group, score.group),
                    "points": thai_form.thai_digits(f"{score.score:.1f}"),
                    "because": list(dict.fromkeys(word for word, _, _ in score.because)),
                }
                for score in scores[:3]
                if score.score > 0
            ],
            "copies": [names.get(code, code) for code in found.copies],
        },
        here="letters",
    )


def find_letter(site: Site, viewer: Viewer, running: int, year: int) -> RegisteredLetter:
    """Return the letter if the viewer may open it; NoSuchRecordError for everything else.

    Whoever opens one, and whoever tries, stands in the audit trail.
    """
    number, audit = RegisterNumber(running, year), site.book.audit
    found = site.book.letters.by_number(viewer, number)
    if found is None or found.subject == SECRET_PLACEHOLDER:
        audit.note_refused_view(viewer.name, running, year, site.now())
        raise NoSuchRecordError(f"letter {number}")
    audit.note_view(viewer.name, found.letter_id, site.now(), always=found.is_secret)
    return found


def _fields(found: RegisteredLetter) -> Iterator[Field]:
    """Yield the fields as they stand today, each with the doubts that are still open."""
    today = {
        "number": thai_form.thai_digits(found.number),
        "date": thai_form.thai_date(found.date),
        "sender": found.sender,
        "recipient": found.recipient,
        "subject": found.subject,
        "urgency": found.urgency or "ไม่มี",
        "secrecy": found.secrecy or "ไม่มี",
    }
    for name in (*FIELDS, "group", "kind", "text"):
        evidence = getattr(found.letter, name, None) if name in FIELDS else None
        doubts = _open_doubts(found, name)
        if name in FIELDS or doubts:
            yield Field(
                name=name,
                value=today.get(name, ""),
                confidence=evidence.confidence if evidence else None,
                page=evidence.page if evidence and evidence.box else None,
                doubts=doubts,
                crop=_crop(name, evidence) if doubts else None,
            )


def _crop(name: str, evidence: Found[object] | None) -> Mark | None:
    """Return the field's place with a little paper around it."""
    if evidence is None or evidence.box is None:
        return None
    box, margin = evidence.box, evidence.box.height // 3
    return Mark(
        name,
        max(0, box.left - margin),
        max(0, box.top - margin),
        box.width + 2 * margin,
        box.height + 2 * margin,
        doubt=True,
    )


def _open_doubts(found: RegisteredLetter, field: str) -> tuple[str, ...]:
    if field not in found.review or found.decision is None:
        return ()
    return tuple(one.thai for one in found.decision.review if one.field == field)


def _pages(site: Site, viewer: Viewer, found: RegisteredLetter) -> Iterator[ShownPage]:
    """Yield the pages; only those with marks need their true size, the others are drawn lazily."""
    file = site.book.letters.file_of(viewer, found.letter_id)
    marks: dict[int, list[Mark]] = {}
    for name in FIELDS:
        evidence = getattr(found.letter, name, None)
        if evidence is not None and evidence.box is not None and evidence.page is not None:
            box = evidence.box
            marks.setdefault(evidence.page, []).append(
                Mark(name, box.left, box.top, box.width, box.height, name in found.review)
            )
    size = (2480, 3508)
    for number in range(1, file.page_count + 1):
        if number in marks or number == 1:
            picture = page_picture(site, viewer, found, number)
            size = (picture.width, picture.height)
        yield ShownPage(number, *size, tuple(marks.get(number, ())))


def page_picture(site: Site, viewer: Viewer, found: RegisteredLetter, number: int) -> PagePicture:
    """Return a page's picture; raises NoSuchRecordError when the letter has no such page."""
    file = site.book.letters.file_of(viewer, found.letter_id)
    if file.searchable_sha256 is None or not 1 <= number <= file.page_count:
        raise NoSuchRecordError(f"page {number}")
    pdf = site.archive.path_of(file.searchable_sha256, Shelf.SEARCHABLE)
    return site.pictures.get(pdf, number, secret=file.is_secret)
