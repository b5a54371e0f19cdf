"""The manuals, behind the ? of each page."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from index.errors import NoSuchRecordError
from pipeline.web.site.manuals import manual_as_html
from pipeline.web.site.pages import show
from pipeline.web.site.viewer import LoggedIn

routes = APIRouter()


@routes.get("/help/{name}", response_class=HTMLResponse)
def manual(request: Request, _viewer: LoggedIn, name: str) -> Response:
    """Show one manual."""
    words = manual_as_html(name)
    if words is None:
        raise NoSuchRecordError(f"a manual {name!r}")
    return show(request, "manual.html", {"words": words})
