"""Whatever people and workers do in whatever order, numbers have no gap and no double and nothing is lost."""

from __future__ import annotations

import shutil
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from classify.letter import Secrecy
from index.book import Book
from index.choices import BookName
from index.errors import LeaseLostError, NumberRefusedError
from index.register.numbers.numbers import find_buddhist_year
from index.register.received.jobs import Job, Reason
from index.register.store.tables import BANGKOK
from index.registered_letter import LetterKey, RegisterNumber
from tests.keeping import CLERK, DOUBTFUL_NUMBER, REGISTRAR, make_filing, make_scan, send_one

BROKEN = Reason("broken", "อ่านไม่ได้", "cannot be read")
NEW_YEAR_EVE = datetime(2026, 12, 31, 23, 58, tzinfo=BANGKOK)
BOOKS = st.sampled_from([BookName.RECEIVE, BookName.SEND])


class Registry(RuleBasedStateMachine):
    """A small office around new year; the model is a handful of sets."""

    jobs: Bundle[Job] = Bundle("jobs")

    @initialize()
    def open_the_book(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.book = Book.open(f"sqlite:///{self.folder}/saraban.db")
        self.now = NEW_YEAR_EVE
        self.arrived: set[int] = set()
        self.files = 0
        self.numbers: dict[int, RegisterNumber] = {}
        self.drawn: set[tuple[BookName, RegisterNumber]] = set()

    def teardown(self) -> None:
        self.book.close()
        shutil.rmtree(self.folder)

    @rule(seconds=st.sampled_from([1, 30, 90]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(key=st.integers(0, 5), claim=st.sampled_from("xy"))
    def a_file_arrives(self, key: int, claim: str) -> None:
        before = self.book.letters.count_states(CLERK).received
        arrival = self.book.jobs.record_arrival(make_scan(key, claim=claim))
        self.files += self.book.letters.count_states(CLERK).received - before
        assert arrival.letter_id in self.arrived or not arrival.is_duplicate
        self.arrived.add(arrival.letter_id)

    @rule(target=jobs, worker=st.sampled_from(["w1", "w2"]))
    def a_worker_takes_a_letter(self, worker: str) -> Job:
        job = self.book.jobs.take(worker, 60, self.now)
        return job or Job(0, "", "waiting", Path(), "", "", 0, self.now, "", False, 0, worker, None)  # type: ignore[arg-type]

    @rule(job=jobs, secret=st.booleans(), doubt=st.booleans())
    def a_worker_files_it(self, job: Job, secret: bool, doubt: bool) -> None:
        filing = make_filing(
            secrecy=Secrecy.SECRET if secret else Secrecy.NONE,
            review=(DOUBTFUL_NUMBER,) if doubt else (),
        )
        try:
            letter = self.book.jobs.file(job, filing, self.now)
        except LeaseLostError:
            return
        known = self.numbers.setdefault(letter.letter_id, letter.register_number)
        assert letter.register_number == known
        self.drawn.add((BookName.RECEIVE, known))

    @rule(job=jobs)
    def a_worker_gives_up(self, job: Job) -> None:
        try:
            self.book.jobs.quarantine(job, BROKEN, self.now)
        except LeaseLostError:
            return
        assert job.letter_id not in self.numbers

    @rule(job=jobs)
    def a_worker_puts_it_back(self, job: Job) -> None:
        try:
            self.book.jobs.release(job)
        except LeaseLostError:
            return
        assert job.letter_id not in self.numbers

    @rule()
    def a_clerk_retries_what_is_set_aside(self) -> None:
        for held in self.book.quarantine.held(REGISTRAR):
            self.book.jobs.retry(held.letter_id, who="มาลี", now=self.now)

    @rule(book=BOOKS, reserve=st.booleans())
    def a_clerk_draws_a_number(self, book: BookName, reserve: bool) -> None:
        if reserve:
            number = self.book.numbers.reserve(book, note="จอง", who="มาลี", now=self.now)
        else:
            number = send_one(self.book, now=self.now).register_number
            book = BookName.SEND
        assert (book, number) not in self.drawn
        self.drawn.add((book, number))

    @rule(data=st.data())
    def a_clerk_cancels_a_number(self, data: st.DataObject) -> None:
        if self.drawn:
            book, number = data.draw(st.sampled_from(sorted(self.drawn, key=str)))
            self.book.numbers.cancel(book, number, note="ยกเลิก", who="มาลี", now=self.now)

    @rule(book=BOOKS, last=st.integers(0, 50))
    def a_clerk_continues_the_paper_book(self, book: BookName, last: int) -> None:
        year = find_buddhist_year(self.now)
        used = any(name == book and one.buddhist_year == year for name, one in self.drawn)
        try:
            self.book.numbers.start_after(book, RegisterNumber(last, year), who="มาลี", now=self.now)
        except NumberRefusedError:
            assert used
        else:
            assert not used

    @rule(data=st.data(), secret=st.booleans())
    def a_clerk_corrects_a_letter(self, data: st.DataObject, secret: bool) -> None:
        if self.numbers:
            letter_id = data.draw(st.sampled_from(sorted(self.numbers)))
            field, value = ("secrecy", "ลับ" if secret else "") if secret else ("subject", "ใหม่")
            self.book.desk.correct(REGISTRAR, letter_id, field, value, now=self.now)

    @invariant()
    def nothing_is_lost(self) -> None:
        counts = self.book.letters.count_states(CLERK)
        states = counts.filed + counts.waiting + counts.working + counts.quarantined
        assert states == len(self.arrived)
        assert counts.filed == len(self.numbers)
        assert counts.received == self.files == counts.duplicates + len(self.arrived)

    @invariant()
    def the_book_proves_itself(self) -> None:
        assert self.book.verify() == ()

    @invariant()
    def every_drawn_number_is_in_the_book_once(self) -> None:
        years = {2569, 2570}
        kept = [
            (name, one.number)
            for name in (BookName.RECEIVE, BookName.SEND)
            for year in years
            for one in self.book.numbers.of_year(name, year)
        ]
        assert len(kept) == len(set(kept))
        assert set(kept) == self.drawn

    @invariant()
    def the_outbox_brings_the_index_to_the_book(self) -> None:
        index: dict[LetterKey, int] = {}
        for item in self.book.outbox.pending(limit=10_000):
            letter = self.book.searchable.one(item.key) if item.op == "put" else None
            if letter is None:
                index.pop(item.key, None)
            else:
                index[item.key] = letter.revision
        assert index == dict(self.book.searchable.revisions())


TestRegistry = Registry.TestCase
TestRegistry.settings = settings(
    max_examples=12,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
