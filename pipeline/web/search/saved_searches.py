"""Keeping a search under a name, and forgetting it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from index.errors import SavedSearchRefusedError
from pipeline.web.search.search import Asked, address_of
from pipeline.web.site.language import _, render
from pipeline.web.site.pages import RequestSite, show
from pipeline.web.site.viewer import LoggedIn

routes = APIRouter()
LONGEST_ADDRESS = 4_000  # characters, percent-encoded


@routes.post("/search/saved")
def save(
    request: Request,
    site: RequestSite,
    viewer: LoggedIn,
    *,
    name: Annotated[str, Form(max_length=400)] = "",
    wanted: Annotated[str, Form(max_length=LONGEST_ADDRESS)] = "",
    shared_with: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """Keep the search whose address (without its path) is `wanted`, and go back to it."""
    known = Asked().named().keys()
    values = {key: value for key, value in parse_qsl(wanted) if key in known}
    try:
        site.book.saved_searches.save(viewer, name, values, now=site.now(), shared_with=shared_with)
    except SavedSearchRefusedError as error:
        return show(
            request,
            "problem.html",
            {"title": _("ยังไม่ได้บันทึกการค้นหา"), "advice": render(error)},
            here="search",
            status_code=HTTPStatus.UNPROCESSABLE_ENTITY,
        )
    return RedirectResponse(address_of(values), HTTPStatus.SEE_OTHER)


@routes.post("/search/saved/{search_id}/delete")
def delete(site: RequestSite, viewer: LoggedIn, search_id: int) -> Response:
    """Forget a search of one's own."""
    site.book.saved_searches.delete(viewer, search_id)
    return RedirectResponse("/search", HTTPStatus.SEE_OTHER)
