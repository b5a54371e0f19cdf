"""Each person meets only her own steps of retention; a refusal says why, and nothing secret or hostile gets out."""

from __future__ import annotations

import asyncio
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

import httpx
import pytest
from fastapi import FastAPI

from classify.letter import Secrecy
from index.archive import Archive
from index.book import Book
from index.choices import Step
from index.register.people.people import Person
from index.register.store.tables import BANGKOK, LetterRow, MovementRow
from index.retention.batch import Answer, Stage, Verdict
from index.retention.steps import Appoint, RecordAnswer
from index.visibility import Role, Viewer
from pipeline.office import Office
from pipeline.web.retention.calendar import due_soon
from tests.destroying import keep_with_files
from tests.keeping import NOW, file_one, make_filing
from tests.retaining import (
    CHAIR,
    COMMITTEE,
    DIRECTOR,
    JANUARY,
    KEEPER,
    LAW,
    keep_finished,
    paper_steps,
)
from tests.screens import Screen

HOSTILE = '<script>alert("x")</script>'
BATCH = "/retention/batches/2581-1"
AUDITOR = Viewer("ตรวจ", frozenset({Role.AUDITOR}))
MEMBER = Viewer(CHAIR.person, frozenset({Role.COMMITTEE_MEMBER}))
ANAN = Viewer("อนันต์", frozenset({Role.COMMITTEE_MEMBER}))
HEAD = Viewer(DIRECTOR.name, DIRECTOR.roles)
GROUP_HEAD = Viewer("หัวหน้ากลุ่ม", frozenset({Role.GROUP_HEAD}), frozenset({"admin"}))
CLERK = Viewer("มาลี", frozenset({Role.REGISTRY_CLERK}))
OFFICER = Viewer("วิชัย", frozenset({Role.GROUP_OFFICER}), frozenset({"admin"}))
FOR_RECORDS = (
    "/retention",
    "/retention/open",
    "/retention/holds",
    "/retention/loans",
    "/retention/store",
    "/retention/transfer",
    "/retention/simulate?class=R10&years=5",
    "/retention/law",
    "/retention/letters/1/2569",
)
FOR_ALL = ("/retention/batches", BATCH, f"{BATCH}/execution", "/calendar", "/calendar.ics")
Fields = dict[str, str | list[str]]


@dataclass(slots=True)
class Visit:
    """Asks the page as whoever sits before the screen."""

    screen: Screen
    app: FastAPI

    def get(self, address: str, viewer: Viewer = KEEPER) -> httpx.Response:
        return self._ask(viewer, "GET", address, None)

    def post(
        self, address: str, viewer: Viewer = KEEPER, /, **fields: str | list[str]
    ) -> httpx.Response:
        return self._ask(viewer, "POST", address, fields)

    def _ask(
        self, viewer: Viewer, method: str, address: str, fields: Fields | None
    ) -> httpx.Response:
        self.screen.viewer = viewer
        here = "http://127.0.0.1:8470"

        async def ask() -> httpx.Response:
            door = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=door, base_url=here) as client:
                return await client.request(method, address, data=fields, headers={"origin": here})

        return asyncio.run(ask())


@pytest.fixture
def visit(office: Office, book: Book) -> Iterator[Visit]:
    screen = Screen(office, book, JANUARY, KEEPER)
    app = screen.app()
    yield Visit(screen, app)
    app.state.site.finder.close()


@pytest.fixture
def letters(book: Book) -> Book:
    """A hostile letter that is due, one that is not, a secret one; the first stands in a batch."""
    retention = book.retention(LAW)
    due = keep_finished(book, retention, "a", subject=HOSTILE)
    keep_finished(book, retention, "b", finished=date(2035, 3, 1))
    keep_finished(book, retention, "s", subject="ผลการสอบสวน", secrecy=Secrecy.SECRET)
    keep_finished(book, retention, "c")
    retention.batches.propose(KEEPER, [due], now=JANUARY)
    return book


def test_every_page_is_for_its_people_and_holds_nothing_secret_or_hostile(
    visit: Visit, letters: Book
) -> None:
    for address in (*FOR_RECORDS, *FOR_ALL):
        for viewer in (KEEPER, AUDITOR):
            answer = visit.get(address, viewer)
            assert answer.status_code == 200, address
            assert "<script>alert" not in answer.text, address
            assert "สอบสวน" not in answer.text.replace("ระหว่างการสอบสวน", "").replace(
                "พนักงานสอบสวน", ""
            ), address
        assert visit.get(address, OFFICER).status_code == 403, address
    for address in FOR_RECORDS:
        assert visit.get(address, MEMBER).status_code == 403, address
    for address in FOR_ALL:
        assert visit.get(address, MEMBER).status_code == 200, address
    assert visit.get("/retention/letters/3/2569").status_code == 404, "a secret letter"
    assert visit.get("/retention/batches/2581-9").status_code == 404


def test_only_who_takes_a_step_may_take_it(visit: Visit, letters: Book) -> None:
    one = "/retention/letters/1/2569"
    for address in (
        "/retention/batches",
        "/retention/open",
        "/retention/store",
        "/retention/transfer",
        f"{BATCH}/appoint",
        f"{BATCH}/send",
        f"{BATCH}/answer",
        f"{BATCH}/withdraw",
        f"{one}/clock",
        f"{one}/class",
        f"{one}/hold",
        f"{one}/loan",
        f"{one}/place",
    ):
        for viewer in (AUDITOR, MEMBER, HEAD, CLERK):
            assert visit.post(address, viewer).status_code == 403, (address, viewer.name)
    for nobody in (KEEPER, GROUP_HEAD):
        assert visit.post(f"{BATCH}/decide", nobody).status_code == 403
    assert visit.post(f"{BATCH}/execution", HEAD).status_code == 403
    assert letters.retention(LAW).batches.find("2581-1").stage is Stage.PROPOSED


def test_january_proposes_what_is_ticked_or_all_that_is_free(visit: Visit, letters: Book) -> None:
    refused = visit.post("/retention/batches", letter=["2"])
    assert refused.status_code == 409
    assert "ข้อ ๖๖" in refused.text
    assert visit.post("/retention/batches", letter=["3"]).status_code == 404, "a secret letter"
    assert visit.post("/retention/batches").status_code == 409
    made = visit.post("/retention/batches", scope="all")
    assert (made.status_code, made.headers["location"]) == (303, "/retention/batches/2581-2")
    assert letters.retention(LAW).batches.find("2581-2").items == (4,)
    assert "ยังไม่ได้ตรวจสอบ" in visit.get("/retention?year=2590").text
    for year in ("abcd", "0001", "9999", "๒๕๘๑"):
        for address in ("/retention", "/retention/transfer", "/calendar", "/calendar.ics"):
            assert visit.get(f"{address}?year={year}").status_code == 200, (address, year)
    assert visit.get("/retention?which=stopped&class=R10&page=2").status_code == 200
    assert visit.post("/retention/batches", letter=["9" * 40]).status_code == 409


def test_a_member_judges_in_person_and_the_chair_copies_only_paper(
    visit: Visit, letters: Book
) -> None:
    retention = letters.retention(LAW)
    appoint = Appoint(COMMITTEE, LAW.committees["destruction"])
    visit.screen.now = datetime(2038, 1, 14, tzinfo=BANGKOK)
    retention.batches.record(KEEPER, "2581-1", appoint, now=visit.screen.now)
    letters.people.add(Person("busaba", "บุษบา"), who="test", now=JANUARY)
    judge = f"{BATCH}/judge"
    copied = {"verdict-1": "destroy", "person": "บุษบา"}
    refused = visit.post(judge, ANAN, **copied)
    assert (refused.status_code, "พิจารณาด้วยตนเอง" in refused.text) == (409, True)
    can_log_in = visit.post(judge, MEMBER, **{**copied, "person": "busaba"})
    assert "มีบัญชีผู้ใช้" in can_log_in.text
    assert visit.post(judge, MEMBER, **copied).status_code == 303
    stranger = visit.post(judge, HEAD, **{"verdict-1": "destroy"})
    assert "ไม่ได้เป็นกรรมการ" in stranger.text
    no_year = visit.post(judge, MEMBER, **{"verdict-1": "keep_until", "year-1": ""})
    assert "ข้อ ๖๘.๒" in no_year.text
    assert visit.post(judge, MEMBER).status_code == 409, "nothing chosen"
    said = {"verdict-1": "keep_until", "year-1": "2590", "note-1": "ยังใช้"}
    assert visit.post(judge, MEMBER, **said).status_code == 303
    opinions = retention.batches.find("2581-1").opinions
    assert opinions[1, CHAIR.person].keep_until_year == 2047
    assert opinions[1, "บุษบา"].verdict is Verdict.DESTROY
    assert opinions[1, "บุษบา"].reason.startswith("คัดลอกจากแบบที่ 25")
    assert HOSTILE.replace("<", "&lt;")[:10] in visit.get(BATCH, MEMBER).text, "looks at each item"
    assert "(ท่านไม่มีสิทธิดู" in visit.get(BATCH, GROUP_HEAD).text, "nor given to a group"


def test_an_answer_for_the_rest_is_noted_on_what_has_none_and_on_nothing_else(
    visit: Visit, letters: Book
) -> None:
    retention = letters.retention(LAW)
    keep_finished(letters, retention, "d")
    retention.batches.propose(KEEPER, [4, 5], now=JANUARY)
    visit.screen.now = datetime(2038, 3, 2, tzinfo=BANGKOK)
    to_archives = [one for one in paper_steps([4, 5]) if not isinstance(one, RecordAnswer)]
    retention.batches.record(KEEPER, "2581-2", *to_archives, now=visit.screen.now)
    answer = "/retention/batches/2581-2/answer"
    said = {"letter_number": "วธ ๑", "on": "2038-03-01"}
    nothing = visit.post(answer, **said, answer="agree", scope="ticked")
    assert (nothing.status_code, "ยังไม่ได้เลือกรายการ" in nothing.text) == (409, True)
    keep: Fields = {**said, "answer": "extend", "year": "2590", "letter": ["4"]}
    assert visit.post(answer, **keep, scope="ticked").status_code == 303
    # What is ticked does not matter here: the button says all that have no answer yet.
    rest = visit.post(answer, **said, answer="agree", letter=["4"], scope="rest")
    assert rest.status_code == 303
    answers = retention.batches.find("2581-2").answers
    assert {item: one.answer for item, one in answers.items()} == {
        4: Answer.EXTEND,
        5: Answer.AGREE,
    }
    again = visit.post(answer, **said, answer="agree", scope="rest")
    assert again.status_code == 409, "nothing is left to answer"


def test_a_shorter_keeping_is_asked_about_and_nothing_changes_before_the_answer(
    visit: Visit, letters: Book
) -> None:
    address, fields = "/retention/letters/2/2569/class", {"class": "R01", "reason": "ประจำ"}
    asked = visit.post(address, **fields)
    for words in ("ยืนยันการเก็บที่สั้นลง", "เก็บถึง พ.ศ. ๒๕๘๘", "เก็บถึง พ.ศ. ๒๕๗๙", "จะครบกำหนดทันที"):
        assert words in asked.text, words
    assert visit.post(address, **fields, confirmed="yes").status_code == 409, "not ticked"
    records = letters.retention(LAW).records
    assert records.period(KEEPER, 2).keep_until_year == 2045
    done = visit.post(address, **fields, confirmed="yes", shorter="yes")
    assert done.status_code == 303
    assert records.period(KEEPER, 2).keep_until_year == 2036
    assert visit.post(address, **{"class": "R99"}).status_code == 409
    clock = visit.post("/retention/letters/4/2569/clock", what="finish", on="2026-05-05")
    assert "ยืนยันการเก็บที่สั้นลง" in clock.text


def test_a_day_is_typed_as_people_write_it_and_said_as_they_do(visit: Visit, letters: Book) -> None:
    clock = "/retention/letters/4/2569/clock"
    assert "อ่านวันที่ “๓๑/๒/๒๕๖๙” ไม่ได้" in visit.post(clock, what="finish", on="31/2/2569").text
    early = visit.post(clock, what="finish", on="๑ ก.พ. ๒๕๖๘")
    assert early.status_code == 409
    ahead = visit.post(clock, what="finish", on="1/1/2600")
    assert "วันที่ ๑ มกราคม ๒๖๐๐ ยังมาไม่ถึง" in ahead.text


def test_holds_loans_and_places_are_noted_or_refused_with_the_clause(
    visit: Visit, letters: Book
) -> None:
    one = "/retention/letters/4/2569"
    assert "ข้อ ๖๘.๑" in visit.post(f"{one}/hold", kind="legal").text
    assert visit.post(f"{one}/hold", kind="legal", reason="คดี").status_code == 303
    assert "คดี" in visit.get("/retention/holds").text
    assert "ต้องระบุเหตุผล" in visit.post(f"{one}/hold", kind="legal", release="yes").text
    assert visit.post(f"{one}/hold", kind="legal", release="yes", reason="ยุติ").status_code == 303
    lend = {"person": "นักข่าว", "unit": "สื่อ", "permitted_by": "ผอ.", "due_on": "2038-01-20"}
    assert "ข้อ ๖๕" in visit.post(f"{one}/loan", **lend, standing="outsider").text
    assert visit.post(f"{one}/loan", **lend, standing="agency").status_code == 303
    assert "นักข่าว" in visit.get("/retention/loans").text
    assert visit.post(f"{one}/loan", back="yes").status_code == 303
    assert "ข้อ ๕๕.๒" in visit.post(f"{one}/place", shelf="A").text
    assert "ข้อ ๕๔.๑" in visit.post("/retention/store", file_code="ผอ ๑").text
    stored = visit.post("/retention/store", letter=["4", "2"], file_code="ผอ ๑", box="7")
    assert stored.status_code == 303
    assert visit.get("/retention/store?find=ผอ").text.count("แฟ้ม") >= 1
    assert visit.post("/retention/store", letter=["3"], file_code="ผอ ๑").status_code == 404


def test_a_list_of_twenty_years_goes_out_with_its_package(
    visit: Visit, office: Office, book: Book
) -> None:
    keep_with_files(book, book.retention(LAW), Archive(office.archive), office.root, "a")
    visit.screen.now = datetime(2047, 1, 8, tzinfo=BANGKOK)
    page, year = "/retention/transfer", "2590"
    assert "ข้อ ๕๘.๓" in visit.post(page, year=year, form="22", letter=["1"]).text
    assert "ข้อ ๖๐" in visit.post(page, year=year, form="23", numbers="1/2569").text
    made = visit.post(page, year=year, form="21", letter=["1"])
    assert made.headers["location"] == f"{page}/21-2590-1"
    assert visit.get(f"{page}/21-2590-1", AUDITOR).status_code == 200
    with zipfile.ZipFile(io.BytesIO(visit.get(f"{page}/21-2590-1/package.zip").content)) as packed:
        assert "21-2590-1/data/letters/0001/original.pdf" in packed.namelist()
    assert visit.post(f"{page}/21-2590-1/receive").status_code == 409, "not sent yet"
    assert visit.post(f"{page}/21-2590-1/send", number="ศธ ๑").status_code == 303
    done = visit.post(f"{page}/21-2590-1/receive", received_by="เจ้าหน้าที่")
    assert done.status_code == 303
    assert visit.post(f"{page}/21-2590-1/burn").status_code == 404


def test_what_is_due_soon_is_told_to_the_dashboard(visit: Visit, letters: Book) -> None:
    entries = due_soon(visit.app.state.site, KEEPER)
    assert [one.key for one in entries] == ["law-2038", "transfer-2038", "batch-2581-1-appoint"]
    answer = visit.get("/calendar.ics?year=2581", MEMBER)
    assert answer.headers["content-type"].startswith("text/calendar")
    assert "UID:batch-2581-1-appoint@saraban" in answer.text


def test_many_letters_are_closed_at_once_and_those_that_cannot_be_say_why(
    visit: Visit, book: Book
) -> None:
    for key in ("a", "b", "c"):
        file_one(book, key, make_filing(subject=HOSTILE))
    with book._database.writing() as session:  # done by a program that noted no day of finishing
        session.get_one(LetterRow, 1).step = Step.DONE
        session.add(
            MovementRow(
                letter_id=1, step="done", group_code="admin", officer="", note="", who="x", at=NOW
            )
        )
    page = visit.get("/retention/open").text
    assert "<script>alert" not in page
    assert "๑๕ ม.ค. ๒๕๖๙" in page
    some = visit.post("/retention/open", letter=["1", "2"], day="own")
    assert some.status_code == 409
    assert "ปิดเรื่องแล้ว 1 ฉบับ" in some.text or "ปิดเรื่องแล้ว ๑ ฉบับ" in some.text
    assert "โปรดระบุวันเสร็จเอง" in some.text
    early = visit.post("/retention/open", letter=["2"], day="one", on="2026-01-14")
    assert "ต้องระบุเหตุผล" in early.text
    for broken in ({"day": "one", "on": "x"}, {"day": "one", "on": "2026-01-15", "letter": "9"}):
        assert visit.post("/retention/open", **broken).status_code == 409
    done = visit.post("/retention/open", letter=["2", "3"], day="one", on="2026-01-14", reason="ช้า")
    assert done.status_code == 303
    assert "ไม่มีหนังสือที่ค้างปิดเรื่อง" in visit.get("/retention/open").text
    steps = [one.step for one in book.letters.page(KEEPER).letters]
    assert steps == ["done"] * 3, "closed at the group too"
    one = "/retention/letters/2/2569/clock"
    assert visit.post(one, what="finish", on="2026-01-12", shorter="yes").status_code == 409
    assert visit.post(one, what="finish", on="2026-01-12", reason="ช้า").status_code == 303


def test_the_papers_come_as_far_as_the_batch_and_name_people(visit: Visit, letters: Book) -> None:
    page = visit.get(BATCH).text
    assert "papers/committee-memo.docx" in page
    assert "papers/archives-letter" not in page, "nobody has decided"
    for kind, begins in (("pdf", b"%PDF"), ("docx", b"PK")):
        answer = visit.get(f"{BATCH}/papers/committee-memo.{kind}", AUDITOR)
        assert answer.status_code == 200
        assert answer.content.startswith(begins)
        assert "no-store" in answer.headers["cache-control"]
    assert visit.get(f"{BATCH}/papers/committee-memo.pdf", MEMBER).status_code == 403
    for early in ("archives-letter", "joint-note"):
        assert visit.get(f"{BATCH}/papers/{early}.pdf").status_code == 409
    assert visit.get(f"{BATCH}/papers/nowhere.pdf").status_code == 404
    assert visit.get("/retention/papers/nothing-due.pdf").status_code == 409, "two letters are due"
    assert visit.get("/retention/papers/nothing-due.docx?year=2570").status_code == 200
    assert "nothing-due.pdf?year=2580" in visit.get("/retention?year=2580").text
    assert letters.audit.entries()[-1].action == "form_printed"
