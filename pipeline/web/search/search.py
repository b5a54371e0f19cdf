"""The search page: hits with their page, facets with counts, suggestions, likeness, a list to print."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from markupsafe import Markup, escape

from index.choices import BookName
from index.errors import NoSuchRecordError
from index.message import Message
from index.register.letters.searchable import has_picture
from index.registered_letter import RegisteredLetter
from index.search import Hit, Snippet, Sort
from index.search.errors import SearchError
from index.visibility import Viewer, is_hidden
from pipeline.finder import Wanted
from pipeline.web.letters.pages import find_letter
from pipeline.web.letters.view import page_picture
from pipeline.web.site import local_form
from pipeline.web.site.file_headers import picture_answer
from pipeline.web.site.language import figures, mark, render, translated
from pipeline.web.site.names import BOOK_NAMES
from pipeline.web.site.pages import RequestSite, Site, show
from pipeline.web.site.typed_day import no_day, parse_day
from pipeline.web.site.viewer import LoggedIn

routes = APIRouter()
HITS, PRINTED, SEE_OTHER = 20, 500, 303
SHOWN_VALUES = 8  # of one facet
FACETS = ("book", "group", "year", "kind", "urgency", "sender")
SORTS = {
    Sort.RELEVANCE: mark("ตรงที่สุด"),
    Sort.NEWEST: mark("ลงวันที่ล่าสุด"),
    Sort.OLDEST: mark("ลงวันที่เก่าที่สุด"),
    Sort.REGISTER: mark("เลขรับล่าสุด"),
    Sort.REGISTER_UP: mark("เลขรับแรกสุด"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address says: texts and days as typed."""

    q: str = ""
    group: str = ""
    sender: str = ""
    from_day: str = ""
    to_day: str = ""
    kind: str = ""
    urgency: str = ""
    year: str = ""
    book: str = ""
    sort: str = ""

    @property
    def is_anything(self) -> bool:
        """Tell whether anything is asked for."""
        return any(value for name, value in self.named().items() if name != "sort")

    def named(self) -> dict[str, str]:
        """Return the values by their names in the address."""
        days = {"from": self.from_day, "to": self.to_day}
        return {
            "q": self.q,
            "group": self.group,
            "sender": self.sender,
            **days,
            "kind": self.kind,
            "urgency": self.urgency,
            "year": self.year,
            "book": self.book,
            "sort": self.sort,
        }

    def address(self, **changed: object) -> str:
        """Return the address of this search with some values changed."""
        return address_of({**self.named(), **changed})

    @property
    def problem(self) -> Message | None:
        """What is wrong with the days that were typed."""
        wrong = (one for one in (self.from_day, self.to_day) if one and parse_day(one) is None)
        return next(map(no_day, wrong), None)

    @property
    def wanted(self) -> Wanted:
        """What the index is asked; an order that is none narrows nothing."""
        return Wanted(
            self.q,
            self.group,
            self.sender,
            parse_day(self.from_day),
            parse_day(self.to_day),
            kind=self.kind,
            urgency=self.urgency,
            year=self.year,
            book=self.book,
            sort=Sort(self.sort) if self.sort in SORTS else Sort.RELEVANCE,
        )


@dataclass(frozen=True, slots=True)
class ShownHit:
    """A hit as the book has the letter now."""

    letter: RegisteredLetter
    snippet: Markup
    page: int  # where the snippet stands
    has_picture: bool

    @property
    def is_sent(self) -> bool:
        """Tell whether it stands in a send book."""
        return self.letter.book != BookName.RECEIVE

    @property
    def address(self) -> str:
        """The letter's page."""
        number = self.letter.register_number
        return f"/sent/{self.letter.book}/{number}" if self.is_sent else f"/letters/{number}"


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One line of a facet: choosing it narrows the search, choosing it again widens it."""

    name: str
    count: int
    address: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A way of narrowing the search, with its most frequent values."""

    name: str
    values: tuple[FacetValue, ...]


def address_of(values: Mapping[str, object]) -> str:
    """Return the search page's address for these values, the empty ones left out."""
    return "/search?" + urlencode({name: value for name, value in values.items() if value})


def asked(
    *,
    q: Annotated[str, Query(max_length=400)] = "",
    group: Annotated[str, Query(max_length=64)] = "",
    sender: Annotated[str, Query(max_length=200)] = "",
    from_day: Annotated[str, Query(alias="from", max_length=60)] = "",
    to_day: Annotated[str, Query(alias="to", max_length=60)] = "",
    kind: Annotated[str, Query(max_length=32)] = "",
    urgency: Annotated[str, Query(max_length=32)] = "",
    year: Annotated[str, Query(max_length=4)] = "",
    book: Annotated[str, Query(max_length=16)] = "",
    sort: Annotated[str, Query(max_length=16)] = "",
) -> Asked:
    """Read the address."""
    return Asked(q, group, sender, from_day, to_day, kind, urgency, year, book, sort)


AskedSearch = Annotated[Asked, Depends(asked)]
PageNumber = Annotated[int, Query(ge=1, le=1000)]


@routes.get("/search", response_class=HTMLResponse)
def search(
    request: Request, site: RequestSite, viewer: LoggedIn, asked: AskedSearch, page: PageNumber = 1
) -> Response:
    """Show the letters that hold what was typed."""
    context = _shared(site, viewer, asked) | {"page": page, "problem": render(asked.problem)}
    if not asked.is_anything or asked.problem:
        return show(request, "search.html", context, here="search")
    try:
        result = site.finder.search(
            asked.wanted,
            viewer=viewer,
            today=site.now().date(),
            limit=HITS,
            offset=(page - 1) * HITS,
            facets=FACETS,
        )
    except SearchError as error:
        return show(request, "search.html", {**context, "problem": render(error)}, here="search")
    return show(
        request,
        "search.html",
        {
            **context,
            "hits": list(_shown(site, viewer, result.hits)),
            "total": result.total,
            "more": result.total > page * HITS,
            "facets": list(_facets(site, asked, result.facets)),
            "estimated": result.estimated,
            "did_you_mean": result.did_you_mean,
            "near": result.near,
            "asked_nothing": result.asked_nothing,
        },
        here="search",
    )


@routes.get("/search/print", response_class=HTMLResponse)
def print_list(
    request: Request, site: RequestSite, viewer: LoggedIn, asked: AskedSearch
) -> Response:
    """Show what was found as a plain table, for paper."""
    if asked.problem:
        return RedirectResponse(asked.address(), SEE_OTHER)
    try:
        result = site.finder.search(
            asked.wanted, viewer=viewer, today=site.now().date(), limit=PRINTED
        )
    except SearchError as error:
        context = _shared(site, viewer, asked) | {"page": 1, "problem": render(error)}
        return show(request, "search.html", context, here="search")
    hits = list(_shown(site, viewer, result.hits))
    context = _shared(site, viewer, asked) | {
        "hits": hits,
        "total": result.total,
        "near": result.near,
        "printed_at": site.now(),
    }
    return show(request, "search_print.html", context, here="search")


@routes.get("/search/like/{running}/{year}", response_class=HTMLResponse)
def more_like(
    request: Request, site: RequestSite, viewer: LoggedIn, running: int, year: int
) -> Response:
    """Show letters that speak of the same things."""
    found = find_letter(site, viewer, running, year)
    context = _shared(site, viewer, Asked()) | {"page": 1, "like": found}
    try:
        hits = site.finder.more_like(found.key, viewer=viewer)
    except SearchError as error:
        return show(request, "search.html", {**context, "problem": render(error)}, here="search")
    shown = list(_shown(site, viewer, hits))
    return show(
        request, "search.html", {**context, "hits": shown, "total": len(shown)}, here="search"
    )


@routes.get("/search/complete", response_class=HTMLResponse)
def complete(
    site: RequestSite,
    viewer: LoggedIn,
    *,
    q: Annotated[str, Query(max_length=400)] = "",
    sender: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """Give senders or subjects that hold what was typed so far, for the field's list."""
    typed, field = (sender, "sender") if sender else (q, "subject")
    try:
        values = site.finder.complete(typed.strip(), field, viewer=viewer) if typed.strip() else ()
    except SearchError:
        values = ()  # the search itself says what is wrong
    options = (Markup("<option value='{}'></option>").format(value) for value in values)
    return HTMLResponse(Markup("").join(options))


@routes.get("/letters/{running}/{year}/small.jpg")
def small_picture(
    request: Request,
    site: RequestSite,
    viewer: LoggedIn,
    running: int,
    year: int,
    *,
    page: PageNumber = 1,
) -> Response:
    """Give a page as a small picture; none of a secret letter.

    The first where the letter has no such page: a letter joined to it brought its words along.
    """
    found = find_letter(site, viewer, running, year, opens=False)
    if is_hidden(found):
        raise NoSuchRecordError("the small picture")
    try:
        picture = page_picture(site, viewer, found, page, small=True)
    except NoSuchRecordError:
        picture = page_picture(site, viewer, found, 1, small=True)
    return picture_answer(request, picture.jpeg, secret=False)


def _shared(site: Site, viewer: Viewer, asked: Asked) -> dict[str, object]:
    return {
        "asked": asked,
        "query": asked.q,
        "groups": site.group_names,
        "sorts": SORTS,
        "book_names": BOOK_NAMES,
        "saved": [
            {"search": one, "address": address_of(one.wanted), "own": one.owner == viewer.name}
            for one in site.book.saved_searches.seen_by(viewer)
        ],
        "own_groups": sorted(viewer.groups & site.group_names.keys()),
    }


def _shown(site: Site, viewer: Viewer, hits: Iterable[Hit]) -> Iterator[ShownHit]:
    """Yield the hits as they stand in the book.

    The index is behind the book by a moment: what turned secret since must not be shown.
    """
    hits = tuple(hits)
    shown = site.book.searchable.shown(viewer, [hit.key for hit in hits])
    for hit in hits:
        found = shown.get(hit.key)
        if found is not None:
            yield ShownHit(found, _marked(hit.snippet), hit.snippet.page, has_picture(found))


def _facets(site: Site, asked: Asked, counts: Mapping[str, Mapping[str, int]]) -> Iterator[Facet]:
    """Yield the facets that tell letters apart, or are chosen."""
    for name in FACETS:
        now = asked.named()[name]
        found = sorted(counts.get(name, {}).items(), key=lambda one: (-one[1], one[0]))
        values = tuple(
            FacetValue(
                _value_name(site, name, value),
                count,
                asked.address(**{name: "" if value == now else value}),
                chosen=value == now,
            )
            for value, count in found[:SHOWN_VALUES]
            if value
        )
        if len(values) > 1 or (values and now):
            yield Facet(name, values)


def _value_name(site: Site, facet: str, value: str) -> str:
    if facet == "group":
        return site.group_names.get(value, value)
    if facet == "book":
        return BOOK_NAMES[BookName(value)]
    if facet == "kind":
        return local_form.kind_name(value)
    return figures(value) if facet == "year" else translated(value)


def _marked(snippet: Snippet) -> Markup:
    """Return the snippet as HTML: the text of a scan is escaped piece by piece."""
    parts, place = [], 0
    for start, end in snippet.highlights:
        parts += [escape(snippet.text[place:start]), Markup("<mark>")]
        parts += [escape(snippet.text[start:end]), Markup("</mark>")]
        place = end
    parts.append(escape(snippet.text[place:]))
    return Markup("").join(parts)
