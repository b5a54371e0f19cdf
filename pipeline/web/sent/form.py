"""The form of a letter to send: what it offers to whom, and what was filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

from pydantic import BaseModel, StringConstraints

from classify.letter import Secrecy, Urgency
from index.choices import SEND_BOOKS, BookName, NumberStatus
from index.register.numbers.numbers import find_buddhist_year
from index.register.sent.sent_letter import SentDraft, SentLetter
from index.registered_letter import RegisterNumber
from index.visibility import Viewer
from pipeline.sending import Sending, propose_class
from pipeline.thai_form import thai_digits
from pipeline.web.site.language import _, mark, render, translated
from pipeline.web.site.names import BOOK_NAMES
from pipeline.web.site.pages import Site
from pipeline.web.site.typed_day import no_day, parse_day, still_to_come

WITHOUT_RECIPIENT = frozenset({BookName.ORDER, BookName.ANNOUNCEMENT})
NO_RECIPIENT = mark("ยังไม่ได้ระบุผู้รับ หากไม่มีผู้รับจริง โปรดกดบันทึกอีกครั้ง")
NAMED_RECIPIENTS = 3  # in the book's own line; more are counted
Line = Annotated[str, StringConstraints(max_length=2000)]
Text = Annotated[str, StringConstraints(max_length=100_000)]


class SentForm(BaseModel):
    """What somebody filled in. `whole` are the lists of which everyone is chosen.

    `sure` is the date that was asked about, where the form was given again, `nobody` says that the
    letter is meant to have no recipient, `again` that another number is meant for the same draft.
    """

    book: BookName = BookName.SEND
    subject: Line = ""
    recipient: Line = ""
    group: Line = ""
    date: Line = ""
    urgency: Urgency = Urgency.NONE
    secrecy: Secrecy = Secrecy.NONE
    way: Line = ""
    answers: Line = ""
    note: Line = ""
    sure: Line = ""
    nobody: Line = ""
    again: Line = ""
    others: Text = ""
    chosen: list[Line] = []
    whole: list[Line] = []
    reserved: Line = ""
    key: Line = ""


@dataclass(frozen=True, slots=True)
class Read:
    """What is to be entered, or what is wrong or asked about, in words.

    `asked` are hidden fields for the form: given again with them, what was asked about is meant.
    """

    draft: SentDraft | None
    problem: str = ""
    asked: Mapping[str, str] = field(default_factory=dict)


def read_form(
    site: Site,
    viewer: Viewer,
    form: SentForm,
    sending: Sending,
    *,
    before: SentLetter | None = None,
) -> Read:
    """Return what is to be entered; `before` is the letter that is corrected: what it has was settled."""
    day = parse_day(form.date)
    answers = find_answered(site, viewer, form.answers)
    problems = (
        (not form.subject.strip(), _("โปรดเขียนเรื่อง")),
        (form.group not in groups_of(site, viewer), _("โปรดเลือกกลุ่มเจ้าของเรื่อง")),
        (not form.date.strip(), _("โปรดระบุวันที่ของหนังสือ")),
        (day is None, render(no_day(form.date))),
        (bool(form.answers.strip()) and answers is None, _("ไม่พบเลขรับที่ตอบ โปรดเขียนเป็น ๑๒๓/๒๕๖๙")),
        (
            bool(form.secrecy) and not viewer.is_registrar,
            _("หนังสือลับ นายทะเบียนข้อมูลข่าวสารลับเป็นผู้ออกเลข"),
        ),
    )
    problem = next((thai for wrong, thai in problems if wrong), "")
    if problem or day is None:
        return Read(None, problem)
    names = recipients_of(form, sending)
    draft = SentDraft(
        subject=form.subject,
        group=form.group,
        date=day,
        recipient=form.recipient.strip() or _summary(form, sending, names),
        recipients=names,
        way=form.way,
        urgency=form.urgency,
        secrecy=form.secrecy,
        answers=answers,
        note=form.note,
        retention_class=propose_class(
            site.rules.current().retention,
            form.book,
            subject=form.subject,
            group=form.group,
            is_secret=bool(form.secrecy),
        )[0],
    )
    return _asked(draft, form, site.now().date(), before)


def _asked(draft: SentDraft, form: SentForm, today: date, before: SentLetter | None) -> Read:
    """Ask once about a date that lies ahead, and about a letter to nobody."""
    questions, asked = [], {}
    ahead = still_to_come(draft.date, today)
    if ahead is not None and not (before and before.date == draft.date):
        asked["sure"] = form.date
        questions += [render(ahead)] if form.sure != form.date else []
    settled = before is not None and (before.recipient_count > 0 or not before.recipient)
    if not (draft.recipient or settled or form.book in WITHOUT_RECIPIENT):
        asked["nobody"] = "yes"
        questions += [] if form.nobody else [NO_RECIPIENT]
    return Read(None if questions else draft, " ".join(map(translated, questions)), asked)


def recipients_of(form: SentForm, sending: Sending) -> tuple[str, ...]:
    """Return the single recipients: of whole lists, picked ones, and those written by hand."""
    names = [
        name
        for one in sending.recipients
        for name in one.members
        if one.name in form.whole or name in form.chosen
    ]
    names += [" ".join(line.split()) for line in form.others.splitlines()]
    return tuple(dict.fromkeys(name for name in names if name))


def find_answered(site: Site, viewer: Viewer, text: str) -> int | None:
    """Return the id of the received letter of that number, if the viewer may open it."""
    try:
        number = RegisterNumber.parse(text)
    except ValueError:
        return None
    found = site.book.letters.by_number(viewer, number)
    return None if found is None or found.is_redacted else found.letter_id


def groups_of(site: Site, viewer: Viewer) -> dict[str, str]:
    """Return the groups for which the viewer may enter letters, by code."""
    names = site.group_names
    if viewer.keeps_register:
        return names
    return {code: name for code, name in names.items() if code in viewer.own_groups}


def reserved_numbers(site: Site, viewer: Viewer) -> list[tuple[str, str]]:
    """Return this year's and last year's free reserved numbers: (value, what a person reads)."""
    year = find_buddhist_year(site.now(), site.office.zone)
    return [
        (
            f"{one.book} {one.number}",
            f"{BOOK_NAMES[one.book]} {thai_digits(one.number)} {one.note}",
        )
        for book in SEND_BOOKS
        for one_year in (year, year - 1)
        for one in site.book.numbers.set_aside(viewer, book, one_year)
        if one.status is NumberStatus.RESERVED and (viewer.keeps_register or one.who == viewer.name)
    ]


def read_reserved(text: str) -> tuple[BookName, RegisterNumber] | None:
    """Read what `reserved_numbers` offers; None when none was chosen."""
    book, _, number = text.partition(" ")
    try:
        return BookName(book), RegisterNumber.parse(number)
    except ValueError:
        return None


def offered_books() -> dict[str, str]:
    """Return the send books' Thai names by code."""
    return {book.value: BOOK_NAMES[book] for book in SEND_BOOKS}


def _summary(form: SentForm, sending: Sending, names: tuple[str, ...]) -> str:
    """Return what the book says under ถึง when nothing was written there."""
    whole = [one for one in sending.recipients if one.name in form.whole]
    in_whole = {name for one in whole for name in one.members}
    others = [name for name in names if name not in in_whole]
    parts = [one.all for one in whole]
    if len(others) <= NAMED_RECIPIENTS:
        parts += others
    else:
        parts.append(f"{others[0]} และอีก {len(others) - 1} แห่ง")
    return ", ".join(parts)
