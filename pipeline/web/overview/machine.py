"""What the machine is doing, for the administrator; and, for programs that watch it, whether it is well.

`/healthz` says `ok` or `not ok` to anybody, and nothing else. `/metrics` has figures without letters or
names; they are given to programs on this machine only. A proxy on this machine sends others' requests on,
so one that came through a proxy is not of this machine.
"""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, Response
from starlette.exceptions import HTTPException

from index.errors import KeepingError
from pipeline.health import examine_health
from pipeline.metrics import CONTENT_TYPE, render_metrics
from pipeline.web.overview.set_up import set_up_of
from pipeline.web.site.pages import RequestSite, show
from pipeline.web.site.roles import Administrator

routes = APIRouter()
THIS_MACHINE = ("127.0.0.1", "::1")
SENT_ON = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
NOT_KEPT = {"Cache-Control": "no-store"}


@routes.get("/machine", response_class=HTMLResponse)
def machine(request: Request, site: RequestSite, _viewer: Administrator) -> Response:
    """Show queue, ages, speed, disk, index and backup, and every alarm with what to do."""
    health = examine_health(site.office, site.book, site.now())
    context = {
        "health": health,
        "settings": site.office.settings,
        "set_up": set_up_of(site, health),
    }
    return show(request, "machine.html", context, here="machine")


@routes.get("/healthz")
def healthz(site: RequestSite) -> Response:
    """Say whether letters flow: 200 `ok`, or 503 `not ok`."""
    try:
        is_well = examine_health(site.office, site.book, site.now()).is_well
    except (KeepingError, OSError):
        is_well = False
    return PlainTextResponse(
        "ok\n" if is_well else "not ok\n",
        200 if is_well else HTTPStatus.SERVICE_UNAVAILABLE,
        NOT_KEPT,
    )


@routes.get("/metrics")
def metrics(request: Request, site: RequestSite) -> Response:
    """Give the figures to a program on this machine; to others there is no such page."""
    asker = request.client.host if request.client else ""
    if asker not in THIS_MACHINE or any(name in request.headers for name in SENT_ON):
        raise HTTPException(HTTPStatus.NOT_FOUND)
    health = examine_health(site.office, site.book, site.now())
    return PlainTextResponse(render_metrics(health), headers=NOT_KEPT, media_type=CONTENT_TYPE)
