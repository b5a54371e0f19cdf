"""What all pages share: the templates with their Thai filters, and what a page is made from."""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from http import HTTPStatus
from importlib import metadata
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, Response
from fastapi.templating import Jinja2Templates

from index.archive import Archive
from index.book import Book
from index.deadlines import SHIPPED_PERIODS, Periods, load_periods
from index.instructions import SHIPPED_INSTRUCTIONS, Instructions, load_instructions
from index.retention.errors import LawFileError
from index.visibility import Role, Viewer
from pipeline.finder import Finder
from pipeline.health import Alarm, examine_health
from pipeline.office import Office
from pipeline.page_pictures import PagePictures
from pipeline.rules_in_force import RulesInForce
from pipeline.web.site.language import current_language, other_language
from pipeline.web.site.manuals import MANUAL_OF
from pipeline.web.site.menu import LETTER_ROLES, doors_of, menus_of, quick_of, waiting_of
from pipeline.web.site.presence import Presence
from pipeline.web.site.templates import page_templates
from pipeline.web.site.viewer import viewer_of

HERE = Path(__file__).parent.parent
ALARMS_AT = ("letters", "people", "tokens")
"""The pages whose head tells what is wrong with the machine: the desk, and the administrator's."""
log = logging.getLogger("saraban.web")


def machine_time() -> datetime:
    """Return the time on this machine's clock."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Site:
    """Everything that the routes work with. `clock` tells the time in any zone; tests turn it by hand."""

    office: Office
    book: Book
    archive: Archive
    rules: RulesInForce
    finder: Finder
    pictures: PagePictures
    clock: Callable[[], datetime] = machine_time
    presence: Presence = field(default_factory=Presence)

    @property
    def periods(self) -> Periods:
        """By when urgent letters are due: the office's own table, or ours while that is broken."""
        try:
            return load_periods(self.office.rules / SHIPPED_PERIODS)
        except LawFileError as error:
            log.error("%s", error)
            return load_periods()

    @property
    def instructions(self) -> Instructions:
        """The usual orders on a paper: the office's own table, or ours while that is broken."""
        try:
            return load_instructions(self.office.rules / SHIPPED_INSTRUCTIONS)
        except LawFileError as error:
            log.error("%s", error)
            return load_instructions()

    @property
    def group_names(self) -> dict[str, str]:
        """The groups' Thai names by code, in the official order."""
        return {group.code: group.name for group in self.rules.current().groups.groups}

    def now(self) -> datetime:
        """Return the time on the office's clock."""
        return self.clock().astimezone(self.office.zone)


def site_of(request: Request) -> Site:
    """Return the site a request is for."""
    site = request.app.state.site
    assert isinstance(site, Site)  # noqa: S101 - put there by make_app
    return site


RequestSite = Annotated[Site, Depends(site_of)]


TEMPLATES = {
    language: Jinja2Templates(env=templates)
    for language, templates in page_templates(HERE / "templates").items()
}


def show(
    request: Request,
    template: str,
    context: Mapping[str, object],
    *,
    here: str = "",
    status_code: int = 200,
) -> HTMLResponse:
    """Fill a template; `here` marks the page in the navigation."""
    site = site_of(request)
    viewer, person = viewer_of(request), getattr(request.state, "person", None)
    this_day = site.now().date()
    doors, waiting = doors_of(viewer), waiting_of(site.book, viewer, site.now())
    last_day_before = this_day.replace(day=1) - timedelta(days=1)
    shared = {
        "office_name": site.office.settings.office.name,
        "version": _version(),
        "here": here,
        "manual": MANUAL_OF.get(here, "desk"),
        "menus": list(menus_of(doors, waiting)),
        "quick": list(quick_of(doors)),
        "waiting": waiting,
        "letters_here": bool(viewer and viewer.roles & LETTER_ROLES),
        "my_group": min(viewer.own_groups, default="") if viewer else "",
        "month_before": (last_day_before.replace(day=1), last_day_before),
        "person_name": viewer.name if viewer else "",
        "logged_in": person.shown_name if person else viewer.name if viewer else "",
        "rules_refused": site.rules.refused,
        "alarms": _alarms(site, viewer, here),
        "language": current_language(),
        "this_day": this_day,
        "day_before": this_day - timedelta(days=1),
        "other_language": other_language(request),
    }
    return TEMPLATES[current_language()].TemplateResponse(
        request, template, {**shared, **context}, status_code=status_code
    )


def _alarms(site: Site, viewer: Viewer | None, here: str) -> tuple[Alarm, ...]:
    """Return what is told at the head of the desk, and to the administrator on each page but the machine's."""
    informed = viewer.roles & {Role.REGISTRY_CLERK, Role.ADMINISTRATOR} if viewer else ()
    if not informed or here not in ALARMS_AT:
        return ()
    return examine_health(site.office, site.book, site.now()).alarms


def show_changed(
    request: Request,
    template: str,
    wanted: Hashable,
    make: Callable[[], Mapping[str, object]],
    *,
    seen: str,
    here: str,
) -> Response:
    """Fill the part of a page that brings itself up to date, or answer 204 when nothing changed.

    `seen` is what the asker has; it is compared with the `seen` of the context that is made of what is
    `wanted`. Every open list asks every few seconds: while nobody writes to the book, only the time
    left can change, and that is told in minutes.
    """
    site = site_of(request)
    minute = site.now().replace(second=0, microsecond=0)
    key = (template, viewer_of(request), wanted, minute, current_language())
    if site.book.remembered.of(key, lambda: make()["seen"]) == seen:
        return Response(status_code=HTTPStatus.NO_CONTENT)
    return show(request, template, make(), here=here)


@cache
def _version() -> str:
    try:
        return metadata.version("saraban")
    except metadata.PackageNotFoundError:
        return ""
