"""Everything of retention that is due in a year: a page, a file for other calendars, a block for the dashboard."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from index.retention.calendar import KIND_THAI, Entry
from index.visibility import Viewer
from pipeline.calendar_file import write_calendar
from pipeline.web.retention.shared import gregorian, keeping, shared
from pipeline.web.site.local_form import month_name
from pipeline.web.site.pages import RequestSite, Site, show
from pipeline.web.site.roles import RetentionReader

routes = APIRouter()
Year = Annotated[str, Query(max_length=4)]


@routes.get("/calendar", response_class=HTMLResponse)
def calendar(
    request: Request, site: RequestSite, viewer: RetentionReader, year: Year = ""
) -> Response:
    """Show what is due in a year, month by month."""
    retention, today = keeping(site), site.now().date()
    shown = gregorian(year) or today.year
    entries = retention.calendar.year(viewer, shown, today=today)
    months = [
        (month_name(month), of_year, list(some))
        for (of_year, month), some in groupby(entries, lambda one: (one.day.year, one.day.month))
    ]
    return show(
        request,
        "retention/calendar.html",
        {
            **shared(viewer, "calendar", retention.law),
            "year": shown,
            "years": range(today.year - 1, today.year + 4),
            "months": months,
            "kind_thai": KIND_THAI,
            "late": sum(one.is_late(today) for one in entries),
            "today": today,
        },
        here="retention",
    )


@routes.get("/calendar.ics")
def calendar_file(site: RequestSite, viewer: RetentionReader, year: Year = "") -> Response:
    """Give the same as a file for other calendars; it names letters by register number only."""
    now = site.now()
    shown = gregorian(year) or now.year
    entries = keeping(site).calendar.year(viewer, shown, today=now.date())
    return Response(
        write_calendar(entries, office=site.office.settings.office.name, now=now),
        media_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="saraban-{shown}.ics"'},
    )


def due_soon(site: Site, viewer: Viewer, *, days: int = 60, most: int = 8) -> tuple[Entry, ...]:
    """Return what the dashboard shows: late entries and those due within some days, by day."""
    today: date = site.now().date()
    entries = keeping(site).calendar.year(viewer, today.year, today=today)
    until = today + timedelta(days=days)
    return tuple(one for one in entries if one.day <= until)[:most]
