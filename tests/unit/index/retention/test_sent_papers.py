"""What the office sends is kept, lent and retired by the same clock, survey and list as what it received."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from classify.letter import Secrecy
from index.archive import Archive, Shelf
from index.book import Book
from index.check import check_archive
from index.choices import BookName
from index.errors import LetterDestroyedError, NoSuchRecordError
from index.register.store.tables import BANGKOK
from index.registered_letter import LetterKey, RegisterNumber
from index.retention.due_list import DueFilter, Which
from index.retention.eligibility import HoldKind
from index.retention.errors import StepRefusedError
from index.retention.loans import Borrower, Standing
from index.retention.records import Place
from index.retention.retention import Retention
from index.retention.transfers import Form
from index.retention.unclosed import Open, OpenFilter
from index.visibility import Role, Viewer
from tests.destroying import (
    EXECUTOR,
    MARCH,
    STATEMENT,
    MadeCopies,
    approve,
    has_ended,
    keep_sent_with_files,
    keep_with_files,
)
from tests.keeping import CLERK, NOW, REGISTRAR, make_draft, send_one
from tests.retaining import ANAN, JANUARY, KEEPER, keep_finished, paper_steps

JAN = JANUARY.date()
EVERY_BOOK = (BookName.SEND, BookName.CIRCULAR, BookName.ORDER, BookName.ANNOUNCEMENT)


def destroy(retention: Retention, archive: Archive, batch_id: str, **other: Viewer) -> list[str]:
    """Carry a batch out; return what the certificate calls its lines."""
    done = retention.destruction.execute(
        other.get("who", EXECUTOR),
        batch_id,
        STATEMENT,
        archive=archive,
        copies=MadeCopies(),
        now=MARCH,
    )
    return [line.register_number for line in done.lines]


def test_one_survey_and_one_list_hold_what_came_in_and_what_went_out(
    book: Book, retention: Retention, tmp_path: Path
) -> None:
    """All five books stand in one survey, one January page and one batch, each line named by its book."""
    archive = Archive(tmp_path / "archive")
    received = keep_with_files(book, retention, archive, tmp_path, "in")
    sent = [
        keep_sent_with_files(book, retention, archive, tmp_path, f"out {to}", to=to)
        for to in EVERY_BOOK
    ]
    every = [received, *sent]
    survey = retention.surveys.survey(KEEPER, JAN, due_only=True)
    assert [row.letter.facts.letter_id for row in survey] == every
    assert list(retention.due_list.ids(KEEPER, JAN, DueFilter(), limit=9)) == every
    (count,) = retention.due_list.counts(KEEPER, JAN)
    assert (count.due, count.stopped) == (5, 0)
    labels = ["1/2569", "ส่ง 1/2569", "เวียน 1/2569", "คำสั่ง 1/2569", "ประกาศ 1/2569"]
    batch_id = approve(retention, [*sent, received])
    rows = retention.batches.rows(KEEPER, batch_id, JAN)
    assert [row.letter.label for row in rows] == labels
    assert destroy(retention, archive, batch_id) == labels
    assert all(has_ended(book, one) for one in every)
    assert [*book.verify(), *check_archive(book, archive)] == []


def test_a_sent_letter_is_played_from_its_sending_to_its_end(
    book: Book, retention: Retention, tmp_path: Path
) -> None:
    """Three years of January: not closed, held, lent, taken out of a batch, destroyed, and then only its line stays."""
    archive = Archive(tmp_path / "archive")
    open_one = send_one(book, replace(make_draft(), retention_class="R10")).letter
    assert open_one is not None
    (waiting,), _ = retention.unclosed.page(KEEPER, OpenFilter(Open.SENT), limit=9)
    assert (waiting.book, waiting.proposed_on) == (BookName.SEND, NOW.date())
    letter = keep_sent_with_files(book, retention, archive, tmp_path, "a", copies=2)
    retention.records.store(KEEPER, letter, Place("๑", "๒", "ส.1", date(2027, 3, 2)), now=MARCH)
    (stored,), _ = retention.lists.stored(KEEPER, JAN, limit=9)
    assert (stored.letter.label, stored.place) == (
        "ส่ง 2/2569",
        retention.records.place(KEEPER, letter),
    )
    # January 2037: the ten years of a matter finished in 2027 still run
    assert retention.surveys.survey(KEEPER, date(2037, 1, 12), due_only=True) == []
    # January 2038: due, and in a batch; a case comes up, and it leaves the batch
    first = retention.batches.propose(KEEPER, [letter], now=JANUARY)
    retention.records.place_hold(KEEPER, letter, HoldKind.LEGAL, reason="คดี", now=JANUARY)
    assert retention.batches.find(first.batch_id).items == ()
    with pytest.raises(StepRefusedError, match="ส่ง 2/2569"):
        retention.batches.propose(KEEPER, [letter], now=JANUARY)
    retention.records.release_hold(KEEPER, letter, HoldKind.LEGAL, reason="พ้น", now=JANUARY)
    borrower = Borrower("วิชัย", "กลุ่มแผน", Standing.INSIDE)
    retention.loans.lend(
        KEEPER, letter, borrower, permitted_by="หัวหน้า", due_on=JAN + timedelta(9), now=JANUARY
    )
    assert [one.label for one in retention.loans.out(KEEPER)] == ["ส่ง 2/2569"]
    stopped = retention.due_list.ids(KEEPER, JAN, DueFilter(Which.STOPPED), limit=9)
    assert stopped == (letter,)
    retention.loans.take_back(KEEPER, letter, returned_by="", now=JANUARY)
    batch_id = approve(retention, [letter])
    destroy(retention, archive, batch_id)
    stone = retention.destruction.tombstone_of(KEEPER, letter)
    assert stone is not None
    assert (stone.book, stone.batch_id, stone.erased_on) == (BookName.SEND, batch_id, MARCH.date())
    assert book.sent.files(CLERK, -letter) == ()
    assert book.searchable.one(LetterKey.sent(-letter)) is None
    line = book.sent.by_number(CLERK, BookName.SEND, RegisterNumber(2, 2569)).letter
    assert line is not None
    assert (line.subject, line.paper_ended_on) == ("ส่ง a", STATEMENT.paper.done_on)
    for change in (
        lambda: book.sent.change(CLERK, -letter, make_draft(), now=MARCH),
        lambda: book.sent.add_recipients(CLERK, -letter, ["ใคร"], now=MARCH),
        lambda: book.sent.cancel(
            CLERK, BookName.SEND, RegisterNumber(2, 2569), note="x", now=MARCH
        ),
        lambda: book.sent.attach(
            CLERK, -letter, sha256="0" * 64, name="", media_type="", size_bytes=1, now=MARCH
        ),
    ):
        with pytest.raises(LetterDestroyedError):
            change()
    with pytest.raises(StepRefusedError):
        retention.records.finish(KEEPER, letter, JAN, now=MARCH)
    assert retention.surveys.survey(KEEPER, date(2039, 1, 12), due_only=True) == []
    assert [*book.verify(), *check_archive(book, archive)] == []


def test_a_file_of_a_sent_letter_stays_until_the_last_paper_with_it_goes(
    book: Book, retention: Retention, tmp_path: Path
) -> None:
    """The same scan was received and sent: it stays while one of the two is kept, whichever goes first."""
    for first_goes_out in (True, False):
        folder = tmp_path / str(first_goes_out)
        folder.mkdir()
        archive, key = Archive(tmp_path / "archive"), f"both {first_goes_out}"
        received = keep_with_files(book, retention, archive, folder, key)
        content = f"scan of {key}".encode()
        sent = keep_sent_with_files(book, retention, archive, folder, key, content=content)
        file = book.sent.files(CLERK, -sent)[0].sha256
        first, last = (sent, received) if first_goes_out else (received, sent)
        destroy(retention, archive, approve(retention, [first]))
        assert archive.holds(file, Shelf.ORIGINAL)
        destroy(retention, archive, approve(retention, [last]))
        assert not archive.holds(file, Shelf.ORIGINAL)
        assert [*book.verify(), *check_archive(book, archive)] == []


def test_a_sent_letter_of_twenty_years_belongs_to_the_archives_first(
    book: Book, retention: Retention
) -> None:
    """Its date counts, form 21 takes it over, and no destruction list does."""
    draft = replace(make_draft(), retention_class="R10", date=date(2017, 5, 1))
    sent = send_one(book, draft).letter
    assert sent is not None
    letter = -sent.sent_id
    retention.records.finish(KEEPER, letter, date(2026, 1, 15), now=NOW + timedelta(days=9))
    (candidate,) = retention.transfers.candidates(KEEPER, 2038)
    assert candidate.label == "ส่ง 1/2569"
    with pytest.raises(StepRefusedError) as refused:
        retention.batches.propose(KEEPER, [letter], now=JANUARY)
    assert "hold_twenty_years" in str(refused.value)
    made = retention.transfers.prepare(KEEPER, Form.HAND_OVER, [letter], year=2038, now=JANUARY)
    assert made.items == (letter,)


def test_a_secret_sent_letter_is_in_no_list_but_its_registrars(
    book: Book, retention: Retention, tmp_path: Path
) -> None:
    """Neither survey, January page, store nor loans of others tell of it; the registrar's own run retires it."""
    archive = Archive(tmp_path / "archive")
    secret = keep_sent_with_files(
        book, retention, archive, tmp_path, "secret", secrecy=Secrecy.SECRET
    )
    for viewer in (KEEPER, REGISTRAR):
        assert retention.surveys.survey(viewer, JAN) == []
        assert retention.due_list.ids(viewer, JAN, DueFilter(), limit=9) == ()
        assert retention.unclosed.page(viewer, OpenFilter(), limit=9) == ((), 0)
    for look in (retention.records.holds, retention.loans.card, retention.destruction.media_of):
        with pytest.raises(NoSuchRecordError):
            look(KEEPER, secret)
    with pytest.raises(NoSuchRecordError):
        retention.batches.propose(KEEPER, [secret], now=JANUARY)
    batch_id = approve(retention, [secret], secret=True)
    who = Viewer("สมปอง", frozenset({Role.SECRET_REGISTRAR}))
    assert destroy(retention, archive, batch_id, who=who) == ["ส่ง 1/2569"]
    assert [*book.verify(), *check_archive(book, archive)] == []


def test_a_committee_member_of_another_group_opens_the_sent_letters_of_her_batch(
    book: Book, retention: Retention
) -> None:
    """What a batch puts before her she may open until it is decided, and nothing else."""
    keep_finished(book, retention, "in")
    sent = send_one(book, replace(make_draft(), retention_class="R10")).letter
    other = send_one(book, make_draft()).letter
    assert sent is not None
    assert other is not None
    retention.records.finish(KEEPER, -sent.sent_id, date(2027, 3, 1), now=JANUARY)
    approved = retention.batches.propose(KEEPER, [-sent.sent_id], now=JANUARY)
    steps = paper_steps([-sent.sent_id])[:1]
    day = datetime(2038, 1, 20, tzinfo=BANGKOK)
    retention.batches.record(KEEPER, approved.batch_id, *steps, now=day)
    member = Viewer(ANAN.person, frozenset({Role.COMMITTEE_MEMBER}))
    member = replace(member, granted=book.entrusted_to(member, day))
    assert book.sent.files(member, sent.sent_id) == ()
    assert retention.records.paper(member, -sent.sent_id, day.date()).subject == sent.subject
    with pytest.raises(NoSuchRecordError):
        book.sent.files(member, other.sent_id)
