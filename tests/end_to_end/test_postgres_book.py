"""The same book on PostgreSQL: the journey, numbers under fifty people at once, and a trail nobody changes."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from classify.letter import Secrecy, Urgency
from index.archive import Archive, Shelf
from index.book import Book
from index.choices import BookName, Step
from index.deadlines import load_periods
from index.errors import BookTooNewError, LeaseLostError, LogInRefusedError, LogInThrottledError
from index.register.desk.group_lists import GroupView
from index.register.people.logins import SessionLimits
from index.register.people.people import Person
from index.register.sent.sent_letter import SentDraft
from index.register.store.tables import BANGKOK, Table
from index.retention.due_list import DueFilter, Which
from index.retention.eligibility import HoldKind
from index.retention.records import Place
from index.retention.transfers import Form
from index.visibility import SECRET_PLACEHOLDER, Viewer
from tests.destroying import EXECUTOR, MARCH, STATEMENT, MadeCopies, approve, keep_with_files
from tests.keeping import (
    CLERK,
    DOUBTFUL_NUMBER,
    NOW,
    OFFICER,
    REGISTRAR,
    check_two_years,
    file_one,
    hand_on,
    make_filing,
    make_hashing_quick,
    make_scan,
    register_by_many,
    take,
)
from tests.retaining import CHAIR, JANUARY, KEEPER, LAW, keep_finished, paper_steps

pytestmark = pytest.mark.postgres


def _programs() -> Path | None:
    """Debian keeps one folder of programs for each version of PostgreSQL."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


def _as_server(*command: str | Path) -> None:
    """Run one of the server's programs, which refuse to be root."""
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    subprocess.run(
        [*as_user, *map(str, command)], check=True, cwd="/", stdout=subprocess.DEVNULL, timeout=120
    )


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A PostgreSQL server of our own, reached through a socket in its own folder."""
    programs = _programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    pytest.importorskip("psycopg")
    folder = Path(tempfile.mkdtemp(prefix="saraban-pg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    folder.chmod(0o755)
    data, port = folder / "data", "54329"
    _as_server(
        programs / "initdb", "-D", data, "-U", "saraban", "-A", "trust", "-E", "UTF8", "--locale=C"
    )
    options = f"-k {folder} -p {port} -c listen_addresses='' -c max_connections=150"
    pg_ctl = programs / "pg_ctl"
    _as_server(pg_ctl, "start", "-w", "-D", data, "-l", folder / "log", "-o", options)
    try:
        yield f"postgresql+psycopg://saraban@/{{database}}?host={folder}&port={port}"
    finally:
        _as_server(pg_ctl, "stop", "-D", data, "-m", "immediate")
        shutil.rmtree(folder)


@pytest.fixture
def url(server: str) -> str:
    database = f"book_{uuid4().hex[:12]}"
    engine = create_engine(server.format(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {database}"))
    engine.dispose()
    return server.format(database=database)


@pytest.fixture
def book(url: str) -> Iterator[Book]:
    with Book.open(url) as opened:
        yield opened


def test_the_upgrades_make_exactly_the_tables_that_the_program_uses(book: Book, url: str) -> None:
    assert book.upgrade() is False
    engine = create_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Table.metadata) == []
    engine.dispose()


def test_a_letter_goes_from_the_door_to_the_desk(book: Book) -> None:
    filing = make_filing(review=(DOUBTFUL_NUMBER,), copies=("plan",), text="หน้า ๑\0\nหน้า ๒")
    letter = file_one(book, "a", filing)
    assert (str(letter.register_number), letter.letter) == ("1/2569", filing.letter)
    assert letter.text == "หน้า ๑\nหน้า ๒"
    assert letter.received_at == NOW
    assert letter.received_at.utcoffset() == timedelta(hours=7)
    after = book.desk.correct(CLERK, 1, "number", "กค ๐๔๐๒/ว ๑", now=NOW)
    assert (after.review, after.revision) == ((), 2)
    assert book.letters.by_id(OFFICER, 1) is None  # nobody has handed it on yet
    assert list(book.letters.all_for_index()) == [after]
    hand_on(book, 1)
    assert book.letters.by_id(OFFICER, 1) == next(iter(book.letters.all_for_index()))
    assert book.verify() == ()


def test_counts_are_new_after_another_process_wrote(book: Book, url: str) -> None:
    assert book._database.stamp() == book._database.stamp() is not None
    with Book.open(url) as other:
        for number, key in enumerate("abc", 1):
            file_one(other, key, make_filing(group="plan"))
            with book.one_look():
                assert book.letters.page(CLERK).total == number
            assert book.letters.count_states(CLERK).filed == number
            other.desk.move(CLERK, number, Step.ROUTED, group="plan", now=NOW)
            assert book.groups.counts(CLERK, "plan")[GroupView.NEW] == number
    other_group = book.desk.move(CLERK, 1, Step.RETURNED, group="admin", now=NOW)
    assert [one.number for one in book.groups.sent_back(CLERK, "plan")] == [
        other_group.register_number
    ]
    assert book.counts.filing_spread(CLERK, NOW.date(), NOW.date()) == (0.0, 0.0)


def test_a_list_for_destruction_loses_the_letter_that_is_held(book: Book) -> None:
    retention = book.retention(LAW)
    ids = [keep_finished(book, retention, key) for key in "ab"]
    batch = retention.batches.propose(KEEPER, ids, now=JANUARY)
    later = JANUARY + timedelta(days=60)
    retention.batches.record(KEEPER, batch.batch_id, *paper_steps(ids), now=later)
    retention.records.place_hold(KEEPER, 2, HoldKind.LEGAL, reason="คดี", now=later)
    assert retention.batches.find(batch.batch_id).approved_by_all_three == {1}
    due = retention.surveys.survey(KEEPER, later.date(), due_only=True)
    assert [row.eligibility.blocks[0].code for row in due] == ["hold_open_batch", "hold_legal"]
    assert retention.surveys.simulate(KEEPER, "R10", 20, JANUARY.date()).becomes_due == ()
    assert book.verify() == ()


def test_january_store_transfer_and_calendar_are_counted_alike(book: Book) -> None:
    retention = book.retention(LAW)
    free, held, old = (
        keep_finished(book, retention, key, written=date(year, 1, 5))
        for key, year in (("a", 2026), ("b", 2026), ("c", 2016))
    )
    retention.records.place_hold(KEEPER, held, HoldKind.LEGAL, reason="คดี", now=JANUARY)
    retention.lists.store(KEEPER, (free,), Place("A", "1", "ผอ 1", JANUARY.date()), now=JANUARY)
    due, today = retention.due_list, JANUARY.date()
    assert [(one.due, one.stopped) for one in due.counts(KEEPER, today)] == [(3, 2)]
    assert due.ids(KEEPER, today, DueFilter(Which.FREE), limit=9) == (free,)
    assert len(due.page(KEEPER, today, DueFilter(Which.STOPPED), limit=9)) == 2
    assert due.coming(KEEPER, 2036)[:2] == ((2037, 0), (2038, 3))
    assert due.electronic(KEEPER, today) == 0
    assert [one.letter_id for one in retention.lists.held(KEEPER, today)] == [held]
    assert retention.lists.stored(KEEPER, today, words="ผอ", limit=9)[1] == 1
    assert retention.lists.to_store(KEEPER, today, limit=9)[1] == 2
    made = retention.transfers.prepare(KEEPER, Form.HAND_OVER, [old], year=2038, now=JANUARY)
    assert made.code == "21-2581-1"
    batch = retention.batches.propose(KEEPER, [free], now=JANUARY)
    steps = paper_steps([free])[:1]
    retention.batches.record(KEEPER, batch.batch_id, *steps, now=JANUARY + timedelta(days=2))
    assert book.entrusted_to(Viewer(CHAIR.person), JANUARY) == {free}
    keys = {one.key for one in retention.calendar.year(KEEPER, 2038, today=today)}
    assert {"transfer-list-21-2581-1", "batch-2581-1-judge"} <= keys


def test_a_destruction_is_carried_out_and_proven(book: Book, tmp_path: Path) -> None:
    retention, archive = book.retention(LAW), Archive(tmp_path / "archive")
    letter_id = keep_with_files(book, retention, archive, tmp_path, uuid4())
    batch_id = approve(retention, [letter_id])
    made = retention.destruction.execute(
        EXECUTOR, batch_id, STATEMENT, archive=archive, copies=MadeCopies(), now=MARCH
    )
    assert retention.destruction.certificate(CLERK, batch_id) == made
    assert not any(list(archive.names(shelf)) for shelf in Shelf)
    gone = book.letters.by_id(CLERK, letter_id)
    assert gone is not None
    assert (gone.text, gone.erased_on) == ("", MARCH.date())
    assert book.verify() == ()


def test_a_groups_lists_and_what_is_late_are_the_same(book: Book) -> None:
    first, second, third = (
        file_one(book, key, make_filing(group="plan", copies=("hr",), urgency=urgency)).letter_id
        for key, urgency in (("a", Urgency.NONE), ("b", Urgency.URGENT), ("c", Urgency.NONE))
    )
    for letter in (first, second, third):
        book.desk.move(CLERK, letter, Step.ROUTED, group="plan", now=NOW)
    book.groups.set_deadline(OFFICER, third, NOW.date(), now=NOW)
    lines = book.groups.page(OFFICER, "plan", GroupView.NEW).lines
    assert [line.letter.letter_id for line in lines] == [second, third, first]
    assert book.groups.page(CLERK, "hr", GroupView.COPIES).total == 3
    tomorrow = NOW + timedelta(days=1)
    assert book.groups.overdue(OFFICER, load_periods(), tomorrow) == {"plan": 2}
    book.desk.move(OFFICER, first, Step.RETURNED, group="admin", note="ผิดกลุ่ม", now=NOW)
    (back,) = book.groups.sent_back(OFFICER, "plan")
    assert back.note == "ผิดกลุ่ม"
    assert book.counts.filing_spread(CLERK, NOW.date(), NOW.date()) == (0.0, 0.0)


def test_letters_are_counted_by_thai_days(book: Book) -> None:
    late = datetime(2026, 1, 15, 23, 59, 59, tzinfo=BANGKOK)
    file_one(book, "a", now=NOW)
    draft = SentDraft("ส่ง", "plan", NOW.date())
    book.sent.enter(CLERK, BookName.SEND, draft, write_number=str, now=late)
    days = book.counts.by_day(CLERK, NOW.date(), NOW.date() + timedelta(days=1))
    assert [(one.received, one.sent) for one in days] == [(1, 1), (0, 0)]
    groups = book.counts.by_group(CLERK, NOW.date(), NOW.date())
    assert [one.name for one in groups] == ["admin", "plan"]
    assert book.counts.filing_times(CLERK, NOW.date(), NOW.date()).within[0] == (60, 1)


def test_a_secret_letter_is_a_number(book: Book) -> None:
    file_one(book, "a", make_filing(secrecy=Secrecy.SECRET))
    shown = book.letters.by_id(CLERK, 1)
    assert shown is not None
    assert shown.subject == SECRET_PLACEHOLDER
    assert book.letters.page(OFFICER).total == 0
    assert book.letters.page(REGISTRAR).total == 1


def test_a_dead_workers_letter_is_taken_over(book: Book) -> None:
    book.jobs.record_arrival(make_scan())
    late = take(book, "killed")
    later = NOW + timedelta(seconds=61)
    assert (
        book.jobs.file(take(book, "w2", later), make_filing(), later).register_number.running == 1
    )
    book.jobs.record_arrival(make_scan("b"))
    lost = take(book, "killed", later)
    take(book, "w2", later + timedelta(seconds=61))
    with pytest.raises(LeaseLostError):
        book.jobs.file(lost, make_filing(), later)
    assert book.jobs.file(late, make_filing(), later).register_number.running == 1


@pytest.mark.parametrize("statement", ["UPDATE audit SET who = 'x'", "DELETE FROM audit"])
def test_the_server_refuses_to_change_the_trail(book: Book, url: str, statement: str) -> None:
    file_one(book)
    engine = create_engine(url)
    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()
    assert book.audit.verify() == ()


def test_a_book_of_a_newer_program_is_refused(book: Book, url: str) -> None:
    book.close()
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(BookTooNewError):
        Book.open(url)


def test_fifty_people_on_both_sides_of_new_year_leave_no_gap_and_no_double(url: str) -> None:
    check_two_years(url, register_by_many(url, people=50, letters=100), 100)


def test_people_log_in_wait_after_failures_and_give_programs_tokens(book: Book) -> None:
    make_hashing_quick(book)
    limits, malee = SessionLimits(), Person("malee", "มาลี", CLERK.roles, frozenset({"plan"}))
    password = book.people.add(malee, who="root", now=NOW)

    def enter(typed: str, at: datetime = NOW) -> str:
        return book.logins.log_in("malee", typed, address="::1", now=at, limits=limits)

    session = enter(password)
    assert book.logins.who(session, NOW + timedelta(minutes=59), limits) == malee
    assert book.logins.who(session, NOW + timedelta(minutes=119), limits) is None
    for _ in range(5):
        with pytest.raises(LogInRefusedError):
            enter("wrong")
    with pytest.raises(LogInThrottledError):
        enter(password)
    session = enter(password, NOW + timedelta(seconds=5))
    book.logins.log_out(session, address="::1", now=NOW)
    key = book.people.create_token(malee.looking(), "program", malee.roles, now=NOW)
    viewer = book.people.viewer_of_token(key, NOW)
    assert viewer is not None
    assert viewer.roles == malee.roles
    letter = file_one(book)
    for _ in range(2):
        book.audit.note_view("malee", letter.letter_id, NOW, always=False)
    assert [one.who for one in book.audit.newest(letter_id=letter.letter_id, who="malee")] == [
        "malee"
    ]
    assert book.verify() == ()
