"""The review queue: one letter at a time, only its doubtful fields, each beside its piece of the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from index.errors import CorrectionRefusedError, LetterChangedError
from index.register.desk.review_queue import Doubtful
from index.registered_letter import RegisteredLetter, RegisterNumber
from index.visibility import Viewer
from pipeline.reading import FIELDS
from pipeline.web.desk.candidates import Candidate, candidates
from pipeline.web.letters.field_input import Control, Typed, control_for, read_typed
from pipeline.web.letters.pages import Refused, find_letter, letter_page, present, written_by_both
from pipeline.web.letters.steps import hide_if_secret, last_change
from pipeline.web.letters.view import Mark, ShownPage, crop_of, pages_of
from pipeline.web.site import local_form
from pipeline.web.site.language import _, render
from pipeline.web.site.pages import RequestSite, Site, show
from pipeline.web.site.roles import DeskWorker
from pipeline.web.site.time_left import time_left

routes = APIRouter()
FIELD, SURE = "field-", "sure-"
GROUP = "group"
BLIND = 0.4
"""A value that was read with less confidence is not kept before somebody says that the page shows it."""


@dataclass(frozen=True, slots=True)
class Question:
    """One doubtful field: why, its piece of the page, and what is filled in.

    `control` is None for what is only looked at; `groups` are given for the group alone, as (code,
    name, proposed because of these words). `sure` is how far the reading is trusted, in words, where that
    is too little to take it unseen: Enter alone then keeps nothing.
    """

    name: str
    reasons: tuple[str, ...]
    control: Control | None
    groups: tuple[tuple[str, str, str], ...]
    page: ShownPage | None
    crop: Mark | None
    candidates: tuple[Candidate, ...] = ()
    sure: str = ""


@routes.get("/review", response_class=HTMLResponse)
def review(
    request: Request,
    site: RequestSite,
    viewer: DeskWorker,
    skip: Annotated[str, Query(max_length=32)] = "",
) -> Response:
    """Show the doubtful letter that is due first; `skip` puts one off and goes on after it."""
    skipped = _id_of(site, viewer, skip)
    if skipped is not None:
        site.presence.go(skipped, viewer.name)
    found = _next(site, viewer, skipped)
    if found is None:
        return show(request, "review_done.html", {"last": last_change(site, viewer)}, here="review")
    number = found.letter.register_number
    find_letter(site, viewer, number.running, number.buddhist_year)  # who looks is noted
    return _page(request, site, viewer, found)


def _next(site: Site, viewer: Viewer, after: int | None) -> Doubtful | None:
    """Return the next letter and note who has it: two people who ask together get two letters."""
    but: frozenset[int] = frozenset()
    while True:
        but |= site.presence.taken(viewer.name, site.now())
        found = site.book.review.next(viewer, after=after, but=but)
        if found is None or found.letter.letter_id in but:
            return found  # the only ones left are before others, which the page says
        if not present(site, viewer, found.letter):
            return found
        site.presence.go(found.letter.letter_id, viewer.name)
        but |= {found.letter.letter_id}


@routes.get("/review/{running}/{year}", response_class=HTMLResponse)
def review_one(
    request: Request, site: RequestSite, viewer: DeskWorker, running: int, year: int
) -> Response:
    """Show one letter's doubtful fields."""
    letter = find_letter(site, viewer, running, year)
    found = site.book.review.one(viewer, letter.letter_id)
    if not found.doubts:
        return RedirectResponse(
            f"/letters/{letter.register_number}", status_code=HTTPStatus.SEE_OTHER
        )
    return _page(request, site, viewer, found)


@routes.post("/review/{running}/{year}")
async def save(
    request: Request, site: RequestSite, viewer: DeskWorker, running: int, year: int
) -> Response:
    """Save all answers of one letter and go on to the next."""
    form = {name: str(value) for name, value in (await request.form()).items()}
    return await run_in_threadpool(_save, request, site, viewer, (running, year), form)


def _save(
    request: Request,
    site: Site,
    viewer: Viewer,
    number: tuple[int, int],
    form: Mapping[str, str],
) -> Response:
    letter = find_letter(site, viewer, *number)
    values: dict[str, str | None] = {}
    problems: dict[str, str] = {}
    asked = set()
    for name in letter.review:
        if FIELD + name in form:
            typed = _read(site, letter, name, form)
            values[name] = typed.value
            if typed.problem:
                problems[name] = typed.problem
            if typed.asked:
                asked.add(name)
    if not problems:
        try:
            changed = site.book.desk.check(
                viewer,
                letter.letter_id,
                values,
                now=site.now(),
                revision=_revision(form),
                route_to=(values.get(GROUP) or letter.group) if form.get("route") else "",
            )
        except CorrectionRefusedError as error:
            problems[""] = render(error)
        except LetterChangedError as error:
            return _changed_meanwhile(
                request, site, viewer, number, form=form, problem=render(error)
            )
        else:
            hide_if_secret(site, changed)
            site.presence.go(letter.letter_id, viewer.name)
            return RedirectResponse("/review", status_code=HTTPStatus.SEE_OTHER)
    found = site.book.review.one(viewer, letter.letter_id)
    refused = Refused(problems, _typed(form), frozenset(asked))
    return _page(request, site, viewer, found, refused)


def _changed_meanwhile(
    request: Request,
    site: Site,
    viewer: Viewer,
    number: tuple[int, int],
    *,
    form: Mapping[str, str],
    problem: str,
) -> Response:
    """Show the letter as it is now, and beside it what was typed and not kept."""
    letter = find_letter(site, viewer, *number)
    typed = _typed(form)
    refused = Refused({"": problem}, typed, both=written_by_both(letter, typed))
    found = site.book.review.one(viewer, letter.letter_id)
    if found.doubts:
        return _page(request, site, viewer, found, refused)
    return letter_page(request, site, viewer, letter, refused)


def _typed(form: Mapping[str, str]) -> dict[str, str]:
    return {
        name.removeprefix(FIELD): value for name, value in form.items() if name.startswith(FIELD)
    }


def _read(site: Site, letter: RegisteredLetter, name: str, form: Mapping[str, str]) -> Typed:
    """Return what the register is to keep of an answer, or what is wrong with it."""
    text = form[FIELD + name]
    if name == GROUP:
        if text not in site.group_names:
            return Typed(None, _("โปรดเลือกกลุ่มจากรายการ"))
        return Typed(text if text != letter.group else None)
    sure = form.get(SURE + name, "")
    control = control_for(name, letter)
    unseen = control is not None and " ".join(text.split()) == control.value != sure
    if unseen and _hardly_read(letter, name) is not None:
        return Typed(None, _("อ่านได้ไม่แน่ชัด โปรดเทียบกับภาพ แล้วพิมพ์แก้หรือเลือกว่าตรงกับภาพ"), asked=True)
    return read_typed(name, text, letter, today=site.now().date(), sure=sure)


def _hardly_read(letter: RegisteredLetter, name: str) -> float | None:
    """Return the confidence of a value that may not be kept unseen, None for all others."""
    evidence = getattr(letter.letter, name, None) if name in FIELDS else None
    if evidence is None or evidence.confidence >= BLIND:
        return None
    return float(evidence.confidence)


def _revision(form: Mapping[str, str]) -> int:
    given = form.get("revision", "")
    return int(given) if given.isascii() and given.isdigit() else 0


def _id_of(site: Site, viewer: Viewer, number: str) -> int | None:
    try:
        found = site.book.letters.by_number(viewer, RegisterNumber.parse(number))
    except ValueError:
        return None
    return found.letter_id if found else None


def _page(
    request: Request,
    site: Site,
    viewer: Viewer,
    found: Doubtful,
    refused: Refused | None = None,
) -> Response:
    letter = found.letter
    with site.book.one_look():
        pages, last = list(pages_of(site, viewer, letter)), last_change(site, viewer)
    context = {
        "letter": letter,
        "kind": local_form.kind_name(letter.kind),
        "questions": list(_questions(site, viewer, found, pages)),
        "pages": pages,
        "waiting": found.waiting,
        "groups": site.group_names,
        "group_name": site.group_names.get(letter.group, letter.group),
        "at_registry": letter.step in ("", "returned"),
        "left": time_left(letter, site.periods, site.now()),
        "last": last,
        "present": present(site, viewer, letter),
        "people": site.book.people.names(),
        "refused": refused or Refused(),
    }
    code = HTTPStatus.UNPROCESSABLE_ENTITY if refused else 200
    return show(request, "review.html", context, here="review", status_code=code)


def _questions(
    site: Site, viewer: Viewer, found: Doubtful, pages: list[ShownPage]
) -> Iterator[Question]:
    reasons: dict[str, list[str]] = {}
    for doubt in found.doubts:
        reasons.setdefault(doubt.field, []).append(render(doubt))
    for name, sentences in reasons.items():
        evidence = getattr(found.letter.letter, name, None) if name in FIELDS else None
        crop = crop_of(name, evidence)
        number = evidence.page if evidence is not None and evidence.page else 0
        hardly = _hardly_read(found.letter, name)
        page = pages[number - 1] if crop and 1 <= number <= len(pages) else None
        yield Question(
            name=name,
            reasons=tuple(dict.fromkeys(sentences)),
            control=control_for(name, found.letter),
            groups=_groups(site, found.letter) if name == GROUP else (),
            page=page,
            crop=crop if page else None,
            candidates=candidates(site, viewer, found.letter, name),
            sure="" if hardly is None else local_form.percent(hardly),
        )


def _groups(site: Site, letter: RegisteredLetter) -> tuple[tuple[str, str, str], ...]:
    scores = letter.decision.scores if letter.decision else ()
    because = {
        score.group: " · ".join(dict.fromkeys(word for word, _, _ in score.because[:3]))
        for score in scores
        if score.score > 0
    }
    return tuple((code, name, because.get(code, "")) for code, name in site.group_names.items())
