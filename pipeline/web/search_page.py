"""The search page."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response
from markupsafe import Markup, escape

from index.search import Snippet
from index.search.errors import SearchError
from pipeline.finder import Wanted
from pipeline.web.pages import OnSite, show
from pipeline.web.viewer import Looking

routes = APIRouter()
HITS = 20


@routes.get("/search", response_class=HTMLResponse)
def search(
    request: Request,
    site: OnSite,
    viewer: Looking,
    *,
    q: Annotated[str, Query(max_length=400)] = "",
    group: Annotated[str, Query(max_length=64)] = "",
    sender: Annotated[str, Query(max_length=200)] = "",
    from_day: Annotated[str, Query(alias="from", max_length=10)] = "",
    to_day: Annotated[str, Query(alias="to", max_length=10)] = "",
    page: Annotated[int, Query(ge=1, le=1000)] = 1,
) -> Response:
    """Show the letters that hold what was typed."""
    wanted = Wanted(q, group, sender, _day(from_day), _day(to_day))
    context: dict[str, object] = {
        "query": q,
        "group": group,
        "sender": sender,
        "from_day": from_day,
        "to_day": to_day,
        "page": page,
        "groups": site.group_names,
        "asked": any((q, group, sender, from_day, to_day)),
    }
    if not context["asked"]:
        return show(request, "search.html", context, here="search")
    try:
        result = site.finder.search(
            wanted, today=site.now().date(), limit=HITS, offset=(page - 1) * HITS
        )
    except SearchError as error:
        return show(request, "search.html", {**context, "problem": error.thai}, here="search")
    hits = []
    for hit in result.hits:
        # The index is behind the book by a moment: what turned secret or was destroyed must not be shown.
        found = site.book.letters.by_id(viewer, hit.letter_id)
        if found is not None and not found.is_secret and found.erased_on is None:
            hits.append({"letter": found, "snippet": _marked(hit.snippet)})
    return show(
        request,
        "search.html",
        {
            **context,
            "hits": hits,
            "total": result.total,
            "more": result.total > page * HITS,
            "did_you_mean": result.did_you_mean,
        },
        here="search",
    )


def _day(text: str) -> date | None:
    """Return the day of an ISO text; what is no day narrows nothing."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _marked(snippet: Snippet) -> Markup:
    """Return the snippet as HTML: the text of a scan is escaped piece by piece."""
    parts, place = [], 0
    for start, end in snippet.highlights:
        parts += [escape(snippet.text[place:start]), Markup("<mark>")]
        parts += [escape(snippet.text[start:end]), Markup("</mark>")]
        place = end
    parts.append(escape(snippet.text[place:]))
    return Markup("").join(parts)
