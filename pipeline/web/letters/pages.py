"""The page of one letter: its pages and fields, why it goes where, what is done with it, its history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from index.choices import Step
from index.errors import NoSuchRecordError
from index.register.received.parts import Kin, Relation
from index.register.sent.sent_letter import SentFilter
from index.registered_letter import RegisteredLetter, RegisterNumber
from index.visibility import Viewer, is_hidden
from pipeline.web.letters.field_input import control_for
from pipeline.web.letters.group_work import group_work
from pipeline.web.letters.steps import DEED_NAMES, MOVED, STATION_NAMES, last_change, what_may
from pipeline.web.letters.view import ShownPage, fields_of, pages_of
from pipeline.web.retention.tombstone import show_tombstone
from pipeline.web.site import local_form
from pipeline.web.site.language import figures
from pipeline.web.site.pages import RequestSite, Site, show
from pipeline.web.site.roles import READING, WRITERS, DeskWorker
from pipeline.web.site.time_left import time_left
from pipeline.web.site.viewer import LoggedIn

routes = APIRouter()
BEST_GROUPS = 3


@dataclass(frozen=True, slots=True)
class Both:
    """What two people wrote into one field: `theirs` stands in the register, `yours` was not kept."""

    field: str
    theirs: str
    yours: str


def written_by_both(now: RegisteredLetter, typed: Mapping[str, str]) -> tuple[Both, ...]:
    """Return where what was typed is not what the letter says now."""
    found = []
    for name, yours in typed.items():
        control = control_for(name, now)
        if control is not None and control.value != " ".join(yours.split()):
            labels = dict(control.choices)
            theirs, mine = (str(labels.get(one, one)) for one in (control.value, yours))
            found.append(Both(name, theirs, mine))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a form was not saved, and what was typed: by field, or for the whole page under ``.

    `asked` names the fields whose problem is a question: the same text given again settles it. `both` is
    shown where somebody else changed the letter meanwhile.
    """

    problems: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)
    asked: frozenset[str] = frozenset()
    both: tuple[Both, ...] = ()


@routes.get("/letters/{running}/{year}", response_class=HTMLResponse)
def letter(
    request: Request, site: RequestSite, viewer: LoggedIn, running: int, year: int
) -> Response:
    """Show one letter: its page, its fields with their places, why it goes where."""
    return letter_page(request, site, viewer, find_letter(site, viewer, running, year))


@routes.get("/letters/{running}/{year}/presence", response_class=HTMLResponse)
def presence(
    request: Request, site: RequestSite, viewer: DeskWorker, running: int, year: int
) -> Response:
    """Say again who else has the letter before her; an open page asks, which is no new look at it."""
    number = RegisterNumber(running, year)
    found = site.book.letters.by_number(viewer, number)
    if found is None or found.is_redacted:
        raise NoSuchRecordError(f"letter {number}")
    context = {
        "letter": found,
        "present": present(site, viewer, found),
        "people": site.book.people.names(),
    }
    return show(request, "_presence.html", context)


def present(site: Site, viewer: Viewer, found: RegisteredLetter) -> str:
    """Note that somebody of the desk has the letter before her; return who else has, or nothing."""
    return site.presence.come(found.letter_id, viewer.name, site.now())


def at_registry(found: RegisteredLetter) -> bool:
    """Tell whether the letter waits at the registry: new, or sent back."""
    return not found.cancelled and found.step in ("", Step.RETURNED)


def letter_page(
    request: Request,
    site: Site,
    viewer: Viewer,
    found: RegisteredLetter,
    refused: Refused | None = None,
) -> Response:
    """Show one letter as it stands now; `refused` is a form that could not be saved."""
    if found.erased_on is not None:
        return show_tombstone(request, site, viewer, found)
    with site.book.one_look():
        context = _context(site, viewer, found) | {"refused": refused or Refused()}
    code = HTTPStatus.UNPROCESSABLE_ENTITY if refused else 200
    return show(request, "letter.html", context, here="letters", status_code=code)


def _context(site: Site, viewer: Viewer, found: RegisteredLetter) -> dict[str, object]:
    names = site.group_names
    decision = found.decision
    scores = decision.scores if decision else ()
    desk = site.book.desk
    kin = site.book.parts.kin(viewer, found.letter_id)
    may = what_may(viewer, found)
    return {
        "letter": found,
        "kind": local_form.kind_name(found.kind),
        "fields": list(fields_of(found)),
        "pages": list(pages_of(site, viewer, found)),
        "kin": kin,
        "joined": _joined_pages(site, viewer, kin),
        "groups": names,
        "group_name": names.get(found.group, found.group),
        "scores": [
            {
                "name": names.get(score.group, score.group),
                "points": figures(f"{score.score:.1f}".removesuffix(".0")),
                "because": list(dict.fromkeys(word for word, _, _ in score.because)),
            }
            for score in scores[:BEST_GROUPS]
            if score.score > 0
        ],
        "copies": [names.get(code, code) for code in found.copies if code != found.group],
        "may": may,
        "signers": site.book.folder_lists.signers(site.now()) if may.copy_order else (),
        "in_folder": site.book.folder_lists.of_letter(viewer, found.letter_id, site.now()),
        "deed_names": DEED_NAMES,
        "station_names": STATION_NAMES,
        "present": present(site, viewer, found) if may.work and at_registry(found) else "",
        "at_registry": at_registry(found),
        "group_work": group_work(site, viewer, found),
        "left": time_left(found, site.periods, site.now()),
        "back": desk.came_back(viewer, [found.letter_id]).get(found.letter_id),
        "people": site.book.people.names(),
        "moves": desk.history(viewer, found.letter_id),
        "same": site.book.same_letters.of_letter(viewer, found.letter_id),
        "corrections": desk.corrections_of(viewer, found.letter_id),
        "replies": site.book.sent.page(viewer, SentFilter(answers=found.letter_id)).entries,
        "may_reply": bool(viewer.roles & WRITERS),
        "may_keep": not found.is_secret and bool(viewer.roles & set(READING)),
        "may_grant": viewer.is_registrar and is_hidden(found),
        "actions": MOVED,
        "last": last_change(site, viewer),
    }


def _joined_pages(
    site: Site, viewer: Viewer, kin: Kin
) -> list[tuple[RegisterNumber, list[ShownPage]]]:
    """Return the pages of the letters that were joined to this one, by their cancelled numbers."""
    joined = []
    for part in kin.parts:
        if part.relation is Relation.JOINED and part.number is not None:
            letter = site.book.letters.by_number(viewer, part.number)
            if letter is not None:
                joined.append((part.number, list(pages_of(site, viewer, letter))))
    return joined


def find_letter(
    site: Site, viewer: Viewer, running: int, year: int, *, opens: bool = True
) -> RegisteredLetter:
    """Return the letter if the viewer may open it; NoSuchRecordError for everything else.

    Whoever opens one, and whoever tries, stands in the audit trail; not who only sees it among hits,
    which `opens` tells, unless it is hidden.
    """
    number, audit = RegisterNumber(running, year), site.book.audit
    found = site.book.letters.by_number(viewer, number)
    if found is None or found.is_redacted:
        audit.note_refused_view(viewer.name, running, year, site.now())
        raise NoSuchRecordError(f"letter {number}")
    if opens or is_hidden(found):
        audit.note_view(viewer.name, found.letter_id, site.now(), always=is_hidden(found))
    return found
