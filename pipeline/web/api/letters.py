"""The interface for programs, the reading half: letters, their files, search, counts.

Everything asks the book with the program's viewer, as every page does. A letter that this viewer may
not open answers 404 on every address, like one that does not exist.
"""

from __future__ import annotations

from datetime import date, datetime, time
from functools import lru_cache
from importlib import metadata
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, FastAPI, Path, Query, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.exceptions import HTTPException

from index.choices import BookName
from index.errors import LetterDestroyedError
from index.register.letters.letters import LetterFilter, Order, Standing
from index.registered_letter import RegisterNumber
from index.search.errors import SearchError
from pipeline.destruction import tombstone_as_json
from pipeline.finder import Wanted
from pipeline.office import law_in_force
from pipeline.web.api.asking import give_tag, known_group, known_parameters
from pipeline.web.api.models import (
    Counts,
    Group,
    Hit,
    HitList,
    IsoDay,
    LetterDetail,
    LetterList,
    LetterSummary,
    Status,
    detail_of,
    problem_example,
    summary_of,
)
from pipeline.web.letters import files as letter_files
from pipeline.web.letters.pages import find_letter
from pipeline.web.site.pages import RequestSite
from pipeline.web.site.viewer import LoggedIn

MOST_ROWS = 200
DESCRIPTION = (
    "Read and change the register of an office. Every address wants a log-in or "
    "`Authorization: Bearer <token>`; the page /tokens makes them. Letters that a token may "
    "not open answer 404; of secret ones lists tell only the number. Errors are problem details "
    "(RFC 9457). See docs/api.md."
)
REFUSALS: dict[int | str, dict[str, Any]] = {
    400: dict(problem_example(400, "No UTF-8, or a body that is no JSON")),
    401: dict(problem_example(401, "Not logged in")),
    403: dict(problem_example(403, "The role is missing")),
    404: dict(problem_example(404, "Not there, or not for you")),
    410: dict(problem_example(410, "The letter was lawfully destroyed")),
    422: dict(problem_example(422, "The request cannot be understood")),
    429: dict(problem_example(429, "Asked too often; wait `Retry-After` seconds")),
    503: dict(problem_example(503, "The office is in trouble")),
}
routes = APIRouter(
    prefix="/api", tags=["read"], responses=REFUSALS, dependencies=[Depends(known_parameters)]
)
ListState = Literal["needs_review", "checked", "registry", "group", "done"]
Running = Annotated[
    int, Path(ge=1, le=10_000_000, description="The receive number", examples=[123])
]
Year = Annotated[int, Path(ge=2400, le=3000, description="Its Buddhist year", examples=[2569])]
Words = Annotated[str, Query(max_length=400)]
GroupCode = Annotated[str, Query(max_length=64)]
Day = Annotated[IsoDay | None, Query(description="ISO 8601, a year of the common era: 2026-01-15")]


@routes.get("/letters")
def letters(
    site: RequestSite,
    viewer: LoggedIn,
    *,
    group: GroupCode = "",
    state: ListState | None = None,
    first: Annotated[Day, Query(alias="from")] = None,
    last: Annotated[Day, Query(alias="to")] = None,
    q: Annotated[str, Query(max_length=200, description="A part of the subject")] = "",
    cursor: Annotated[str, Query(max_length=20, pattern=r"^(\d{1,8}/\d{4})?$")] = "",
    limit: Annotated[int, Query(ge=1, le=MOST_ROWS)] = 50,
) -> LetterList:
    """List the register, newest first. `from` and `to` are days of receipt; both ends count."""
    wanted = LetterFilter(
        group=known_group(site, group) if group else "",
        needs_review={"needs_review": True, "checked": False}.get(state or ""),
        standing=Standing(state) if state in tuple(Standing) else None,
        received_from=_begin(first, site.office.zone),
        received_to=_end(last, site.office.zone),
        subject=q,
        below=RegisterNumber.parse(cursor) if cursor else None,
    )
    found = site.book.letters.page(viewer, wanted, order=Order.NUMBER_DOWN, limit=limit)
    more = found.total > len(found.letters) and found.letters
    return LetterList(
        letters=[LetterSummary(**summary_of(one)) for one in found.letters],
        total=found.total,
        next=str(found.letters[-1].register_number) if more else None,
    )


@routes.get("/letters/{number}/{year}")
def letter(
    site: RequestSite, viewer: LoggedIn, number: Running, year: Year, response: Response
) -> LetterDetail:
    """Give one letter: its fields with the evidence, and what a person should look at.

    Its `ETag` names this state of it, for the `If-Match` of a change.
    """
    found = find_letter(site, viewer, number, year)
    give_tag(response, found)
    deliveries = site.book.deliveries.of_letter(found.letter_id)
    if found.erased_on is not None:
        destruction = site.book.retention(law_in_force(site.office)).destruction
        stone = destruction.tombstone_of(viewer, found.letter_id)
        return detail_of(found, 0, deliveries, tombstone_as_json(stone) if stone else {})
    pages = site.book.letters.file_of(viewer, found.letter_id).page_count
    return detail_of(found, pages, deliveries)


@routes.get("/letters/{number}/{year}/text", response_class=PlainTextResponse)
def text(site: RequestSite, viewer: LoggedIn, number: Running, year: Year) -> Response:
    """Give the text of all pages, as it was read."""
    found = find_letter(site, viewer, number, year)
    if found.erased_on is not None:
        raise LetterDestroyedError(str(found.register_number), found.erased_on)
    return PlainTextResponse(found.text)


@routes.get("/letters/{number}/{year}/file", response_class=FileResponse)
def searchable(
    request: Request, site: RequestSite, viewer: LoggedIn, number: Running, year: Year
) -> Response:
    """Give the searchable PDF; 304 to who has it already (`If-None-Match`)."""
    return letter_files.searchable(request, site, viewer, number, year)


@routes.get("/letters/{number}/{year}/original", response_class=FileResponse)
def original(
    request: Request, site: RequestSite, viewer: LoggedIn, number: Running, year: Year
) -> Response:
    """Give the bytes as they came; 304 to who has them already (`If-None-Match`)."""
    return letter_files.original(request, site, viewer, number, year)


@routes.get("/search")
def search(
    site: RequestSite,
    viewer: LoggedIn,
    *,
    q: Words = "",
    group: GroupCode = "",
    sender: Annotated[str, Query(max_length=200)] = "",
    first: Annotated[Day, Query(alias="from")] = None,
    last: Annotated[Day, Query(alias="to")] = None,
    book: BookName = BookName.RECEIVE,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    offset: Annotated[int, Query(ge=0, le=10_000)] = 0,
) -> HitList:
    """Find letters by everything that stands in them, received ones unless another book is named.

    `from` and `to` are the letter's own date.
    """
    if group:
        known_group(site, group)
    wanted = Wanted(q, group, sender, first, last, book=book.value)
    try:
        result = site.finder.search(
            wanted, viewer=viewer, today=site.now().date(), limit=limit, offset=offset
        )
    except SearchError as error:
        raise HTTPException(503, str(error)) from error
    hits = []
    # The index is behind the book by a moment.
    shown = site.book.searchable.shown(viewer, [hit.key for hit in result.hits])
    for hit in result.hits:
        found = shown.get(hit.key)
        if found is not None:
            hits.append(
                Hit(
                    letter=LetterSummary(**summary_of(found)),
                    snippet=hit.snippet.text,
                    highlights=[(start, end) for start, end in hit.snippet.highlights],
                )
            )
    return HitList(hits=hits, did_you_mean=result.did_you_mean or "", near=result.near)


@routes.get("/groups")
def groups(site: RequestSite, _viewer: LoggedIn) -> list[Group]:
    """Name the groups of the office."""
    return [Group(code=code, name=name) for code, name in site.group_names.items()]


@routes.get("/counts")
def counts(site: RequestSite, viewer: LoggedIn) -> Counts:
    """Count files by where they stand, and letters that may be opened by group and urgency."""
    states = site.book.letters.count_states(viewer)
    return Counts(
        received=states.received,
        filed=states.filed,
        waiting=states.waiting + states.working,
        quarantined=states.quarantined,
        dismissed=states.dismissed,
        duplicates=states.duplicates,
        review=states.review,
        by_group=site.book.letters.counts_by(viewer, "group"),
        by_urgency=site.book.letters.counts_by(viewer, "urgency"),
    )


@routes.get("/status")
def status(site: RequestSite, _viewer: LoggedIn) -> Status:
    """Tell whether the office is at work."""
    return Status(
        office=site.office.settings.office.name,
        version=_version(),
        time=site.now(),
        index_behind=site.book.outbox.count(),
    )


def add_description(app: FastAPI, *parts: APIRouter) -> None:
    """Answer `/openapi.json` with what stands under `/api`; it holds no letter and needs no log-in."""

    @lru_cache(maxsize=1)
    def describe() -> dict[str, Any]:
        mine = [one for part in parts for one in part.routes]
        document = get_openapi(
            title="Saraban", version=_version(), description=DESCRIPTION, routes=mine
        )
        schemes = {
            "token": {"type": "http", "scheme": "bearer"},
            "session": {"type": "apiKey", "in": "cookie", "name": "saraban_session"},
        }
        document.setdefault("components", {})["securitySchemes"] = schemes
        document["security"] = [{"token": []}, {"session": []}]
        return document

    def openapi() -> Response:
        return JSONResponse(describe())

    app.add_api_route("/openapi.json", openapi, include_in_schema=False)


def _begin(day: date | None, zone: Any) -> datetime | None:  # noqa: ANN401 - a tzinfo
    return None if day is None else datetime.combine(day, time.min, zone)


def _end(day: date | None, zone: Any) -> datetime | None:  # noqa: ANN401 - a tzinfo
    return None if day is None else datetime.combine(day, time.max, zone)


def _version() -> str:
    try:
        return metadata.version("saraban")
    except metadata.PackageNotFoundError:
        return ""
