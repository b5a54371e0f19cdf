"""What could not be read: the reasons, and trying again."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from index.visibility import Viewer
from pipeline.web.site.pages import QUARANTINE_ROLES, OnSite, show
from pipeline.web.site.viewer import only

routes = APIRouter()
Keeper = Annotated[Viewer, Depends(only(*QUARANTINE_ROLES))]
SEE_OTHER = 303


@routes.get("/quarantine", response_class=HTMLResponse)
def quarantine(request: Request, site: OnSite, viewer: Keeper) -> Response:
    """Show what is set aside and why."""
    return show(
        request,
        "quarantine.html",
        {"held": site.book.jobs.quarantined(viewer), "folder": site.office.quarantine},
        here="quarantine",
    )


@routes.post("/quarantine/{letter_id}/retry")
def retry(site: OnSite, viewer: Keeper, letter_id: int) -> Response:
    """Let one letter be read again; the workers take it from where it lies."""
    site.book.jobs.retry(letter_id, who=viewer.name, now=site.now())
    return RedirectResponse("/quarantine", status_code=SEE_OTHER)
