"""One letter as pages show it: its fields with their doubts and places, its page pictures with marks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from classify.letter import Found
from index.archive import Shelf
from index.errors import NoSuchRecordError
from index.register.letters.letters import LetterFile
from index.registered_letter import RegisteredLetter
from index.visibility import Viewer, is_hidden
from pipeline.page_pictures import PagePicture
from pipeline.reading import FIELDS
from pipeline.web.letters.field_input import Control, control_for
from pipeline.web.site import local_form
from pipeline.web.site.language import _, figures, render, translated
from pipeline.web.site.pages import Site


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

    `control` is what it is corrected with, `crop` the piece of the page to compare a doubtful value with.
    """

    name: str
    value: str
    confidence: float | None
    page: int | None
    doubts: tuple[str, ...]
    control: Control | None
    crop: Mark | None


@dataclass(frozen=True, slots=True)
class ShownPage:
    """One page with the marks on it."""

    number: int
    width: int
    height: int
    marks: tuple[Mark, ...]


def fields_of(found: RegisteredLetter) -> Iterator[Field]:
    """Yield the fields as they stand today, each with the doubts that are still open."""
    today = {
        "number": figures(found.number),
        "date": local_form.day(found.date),
        "sender": found.sender,
        "recipient": found.recipient,
        "subject": found.subject,
        "kind": local_form.kind_name(found.kind),
        "urgency": translated(found.urgency) or _("ไม่มี"),
        "secrecy": translated(found.secrecy) or _("ไม่มี"),
    }
    for name in (*FIELDS, "kind", "group", "text", "pages"):
        evidence = getattr(found.letter, name, None) if name in FIELDS else None
        doubts = open_doubts(found, name)
        if name in (*FIELDS, "kind") or doubts:
            yield Field(
                name=name,
                value=today.get(name, ""),
                confidence=evidence.confidence if evidence else None,
                page=evidence.page if evidence and evidence.box else None,
                doubts=doubts,
                control=control_for(name, found),
                crop=crop_of(name, evidence) if doubts else None,
            )


def crop_of(name: str, evidence: Found[object] | None) -> Mark | None:
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


def open_doubts(found: RegisteredLetter, field: str) -> tuple[str, ...]:
    """Return the sentences of a field's open doubts."""
    if field not in found.review or found.decision is None:
        return ()
    return tuple(render(one) for one in found.decision.review if one.field == field)


def pages_of(site: Site, viewer: Viewer, found: RegisteredLetter) -> Iterator[ShownPage]:
    """Yield the pages; only those with marks need their true size, the others are drawn lazily."""
    file = site.book.letters.file_of(viewer, found.letter_id)
    is_secret = file.is_secret or is_hidden(found)
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
            picture = site.pictures.get(_searchable(site, file, number), number, secret=is_secret)
            size = (picture.width, picture.height)
        yield ShownPage(number, *size, tuple(marks.get(number, ())))


def page_picture(
    site: Site, viewer: Viewer, found: RegisteredLetter, number: int, *, small: bool = False
) -> PagePicture:
    """Return a page's picture; raises NoSuchRecordError when the letter has no such page."""
    file = site.book.letters.file_of(viewer, found.letter_id)
    find = site.pictures.small if small else site.pictures.get
    return find(_searchable(site, file, number), number, secret=file.is_secret or is_hidden(found))


def _searchable(site: Site, file: LetterFile, number: int) -> Path:
    """Return where the PDF with that page lies; raises NoSuchRecordError when there is none."""
    if file.searchable_sha256 is None or not 1 <= number <= file.page_count:
        raise NoSuchRecordError(f"page {number}")
    return site.archive.path_of(file.searchable_sha256, Shelf.SEARCHABLE)
