"""The destruction batches: their list, and one batch with its next step on top."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from index.retention.batch import Answer, ArchiveAnswer, Batch, Opinion, Stage, Verdict
from index.retention.next_step import ACTOR_THAI, Actor, NextStep, next_step
from index.retention.survey import SurveyRow
from index.visibility import Role, Viewer
from pipeline.web.retention.papers import papers_of
from pipeline.web.retention.shared import PageNumber, keeping, shared, shown_names
from pipeline.web.site.language import _, mark
from pipeline.web.site.local_form import thai_year
from pipeline.web.site.pages import RequestSite, Site, show
from pipeline.web.site.roles import READING, RetentionReader

routes = APIRouter()
ITEMS = 50
STAGE_THAI = {
    Stage.PROPOSED: mark("เสนอบัญชี"),
    Stage.APPOINTED: mark("กรรมการพิจารณา"),
    Stage.REPORTED: mark("หัวหน้าส่วนราชการพิจารณา"),
    Stage.DECIDED: mark("ส่งหอจดหมายเหตุ"),
    Stage.SENT: mark("รอคำตอบ"),
    Stage.EXECUTING: mark("ทำลาย"),
    Stage.DESTROYED: mark("ทำลายแล้ว"),
    Stage.WITHDRAWN: mark("ปิดบัญชี"),
}
ANSWER_THAI = {
    Answer.AGREE: mark("เห็นชอบให้ทำลาย"),
    Answer.EXTEND: mark("ให้ขยายเวลาเก็บ"),
    Answer.FOR_GOOD: mark("ให้เก็บตลอดไป"),
    Answer.TRANSFER: mark("ขอรับมอบ"),
}
PATH = (
    Stage.PROPOSED,
    Stage.APPOINTED,
    Stage.REPORTED,
    Stage.DECIDED,
    Stage.SENT,
    Stage.EXECUTING,
    Stage.DESTROYED,
)


@dataclass(frozen=True, slots=True)
class Voice:
    """What one member said of one item; None while nothing."""

    person: str
    shown_name: str
    opinion: Opinion | None
    words: str
    dissents: bool
    is_chair: bool


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the batch; `row` is None where the letter may not be shown to this person."""

    position: int
    letter_id: int
    row: SurveyRow | None
    voices: tuple[Voice, ...]
    outcome: str
    chair_cast: bool
    withheld: str
    answer: ArchiveAnswer | None
    answer_thai: str


@routes.get("/retention/batches", response_class=HTMLResponse)
def batches(request: Request, site: RequestSite, viewer: RetentionReader) -> Response:
    """Show every batch with its stage and what it waits for."""
    retention = keeping(site)
    lines = []
    for line in retention.batches.lines():
        batch = retention.batches.find(line.batch_id)
        lines.append({"line": line, "next": next_step(batch, retention.law)})
    return show(
        request,
        "retention/batches.html",
        {
            **shared(viewer, "batches", retention.law),
            "lines": lines,
            "stage_thai": STAGE_THAI,
            "actor_thai": ACTOR_THAI,
            "names": shown_names(site.book.people.all()),
            "today": site.now().date(),
        },
        here=_here(viewer),
    )


@routes.get("/retention/batches/{batch_id}", response_class=HTMLResponse)
def batch(
    request: Request,
    site: RequestSite,
    viewer: RetentionReader,
    batch_id: str,
    page: PageNumber = 1,
) -> Response:
    """Show one batch."""
    return show_batch(request, site, viewer, batch_id, page=page)


def show_batch(
    request: Request,
    site: Site,
    viewer: Viewer,
    batch_id: str,
    *,
    page: int = 1,
    problem: str = "",
    typed: Mapping[str, object] | None = None,
) -> Response:
    """Show one batch; where a step was refused, why, with what was `typed` still in its form."""
    retention, today = keeping(site), site.now().date()
    found = retention.batches.find(batch_id)
    step = next_step(found, retention.law)
    people = site.book.people.all()
    names = shown_names(people)
    on_page = found.items[(page - 1) * ITEMS : page * ITEMS]
    rows = retention.due_list.letters(viewer, on_page, today, batch=found)
    is_member = found.committee is not None and viewer.name in found.committee.names
    return show(
        request,
        "retention/batch.html",
        {
            **shared(viewer, "batches", retention.law, problem),
            "batch": found,
            "next": step,
            "is_late": step.is_late(today),
            "too_early": step.not_before is not None and today < step.not_before,
            "my_turn": is_turn_of(site, viewer, found, step),
            "actor": ACTOR_THAI[step.actor],
            "path": _path(found),
            "stage_thai": STAGE_THAI[found.stage],
            "items": [
                _item(found, position, letter_id, rows, names)
                for position, letter_id in enumerate(on_page, start=(page - 1) * ITEMS + 1)
            ],
            "page": page,
            "pages": max(1, -(-len(found.items) // ITEMS)),
            "more": len(found.items) > page * ITEMS,
            "names": names,
            "people": [one for one in people if one.active and one.name != found.proposer],
            "rule": retention.law.committees["destruction"],
            "cooling_off": retention.law.cooling_off_days,
            "waiting": retention.law.deadlines["archive_answer"],
            "me": viewer.name,
            "typed": typed or {},
            "judging": is_member and found.stage is Stage.APPOINTED,
            "left_to_me": _left_to(viewer.name, found) if is_member else 0,
            "on_paper": _on_paper(found, viewer, names),
            "tally": _tally(found),
            "verdicts": Verdict,
            "answers": ANSWER_THAI,
            "today": today,
            "papers": papers_of(site, found) if viewer.roles & set(READING) else (),
            "execution": f"/retention/batches/{batch_id}/execution",
        },
        here=_here(viewer),
        status_code=HTTPStatus.CONFLICT if problem else 200,
    )


def is_turn_of(site: Site, viewer: Viewer, batch: Batch, step: NextStep) -> bool:
    """Tell whether a person may take the next step of a batch."""
    match step.actor:
        case Actor.RECORDS_OFFICER:
            return Role.RECORDS_OFFICER in viewer.roles
        case Actor.COMMITTEE:
            return batch.committee is not None and viewer.name in batch.committee.names
        case Actor.HEAD:
            return site.book.mandates.decides_destruction(viewer.name, site.now())
        case Actor.EXECUTOR:
            return bool(viewer.roles & {Role.RECORDS_OFFICER, Role.REGISTRY_CLERK})
        case _:
            return False


def opinion_words(opinion: Opinion | None) -> str:
    """Return what stands in การพิจารณา for an opinion."""
    if opinion is None:
        return _("ยังไม่พิจารณา")
    if opinion.verdict is Verdict.DESTROY:
        return _("× ทำลาย")
    if opinion.verdict is Verdict.KEEP_FOR_GOOD:
        return _("เก็บตลอดไป")
    return _("เก็บถึงปี %(year)s", year=thai_year(opinion.keep_until_year))


def _item(
    batch: Batch,
    position: int,
    letter_id: int,
    rows: Mapping[int, SurveyRow],
    names: Mapping[str, str],
) -> Item:
    outcome, dissent = batch.verdict(letter_id), batch.dissent(letter_id)
    voices = []
    for one in batch.committee.everyone if batch.committee else ():
        opinion = batch.opinions.get((letter_id, one.person))
        voices.append(
            Voice(
                one.person,
                names.get(one.person, one.person),
                opinion,
                opinion_words(opinion),
                one.person in dissent,
                batch.committee is not None and one.person == batch.committee.chair.person,
            )
        )
    destroying = sum(
        voice.opinion is not None and voice.opinion.verdict is Verdict.DESTROY for voice in voices
    )
    answer = batch.answers.get(letter_id)
    words = "" if answer is None else ANSWER_THAI[answer.answer]
    if answer is not None and answer.answer is Answer.EXTEND:
        words = _("%(answer)s ถึงปี %(year)s", answer=words, year=thai_year(answer.extend_until_year))
    return Item(
        position,
        letter_id,
        rows.get(letter_id),
        tuple(voices),
        "" if outcome is None else opinion_words(outcome),
        outcome is not None
        and outcome.verdict is Verdict.DESTROY
        and 2 * destroying == len(voices),
        batch.withheld.get(letter_id, ""),
        answer,
        words,
    )


def _path(batch: Batch) -> list[tuple[str, str]]:
    """Return every stage with `done`, `now` or nothing."""
    if batch.stage is Stage.WITHDRAWN:
        return [(STAGE_THAI[Stage.WITHDRAWN], "now")]
    at = PATH.index(batch.stage)
    return [
        (STAGE_THAI[one], "done" if place < at else "now" if place == at else "")
        for place, one in enumerate(PATH)
    ]


def _left_to(person: str, batch: Batch) -> int:
    return sum((item, person) not in batch.opinions for item in batch.items)


def _on_paper(batch: Batch, viewer: Viewer, names: Mapping[str, str]) -> tuple[str, ...]:
    """Return the members without log-in, whose signed paper the chair copies here."""
    if batch.committee is None or viewer.name != batch.committee.chair.person:
        return ()
    return tuple(one.person for one in batch.committee.members if one.person not in names)


def _tally(batch: Batch) -> dict[str, int]:
    """Count what the committee and the archives have said so far."""
    outcomes = [batch.verdict(item) for item in batch.items]
    return {
        "destroy": sum(one is not None and one.verdict is Verdict.DESTROY for one in outcomes),
        "keep": sum(one is not None and one.verdict is not Verdict.DESTROY for one in outcomes),
        "open": sum(one is None for one in outcomes),
        "dissent": sum(bool(batch.dissent(item)) for item in batch.items),
        "agreed": len(batch.approved_by_all_three),
        "unanswered": len(batch.unanswered),
    }


def _here(viewer: Viewer) -> str:
    of_records = viewer.roles & {Role.RECORDS_OFFICER, Role.AUDITOR}
    return "retention" if of_records else "batches"
