"""A letter that came twice is asked about on the page, and one press ends the question for good."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from index.archive import Shelf
from index.book import Book
from index.check import check_archive
from index.visibility import Role, Viewer
from pipeline.carry import Workbench
from pipeline.intake import Intake
from pipeline.office import Office
from pipeline.rules_in_force import RulesInForce
from pipeline.web.app import make_app
from tests import scans
from tests.keeping import CLERK, OFFICER
from tests.unit.pipeline.conftest import ToldEngine
from tests.unit.pipeline.test_worker import work_one
from tests.unit.pipeline.web.api.test_api import Program

MEMO = (
    "บันทึกข้อความ",
    "ส่วนราชการ สำนักงานเขตพื้นที่การศึกษาประถมศึกษาสมมติ เขต ๑",
    "ที่ ศธ ๐๔๐๐๖/๑๒๗๔ วันที่ ๑๕ มกราคม ๒๕๖๙",
    "เรื่อง การจัดสรรงบประมาณ งบลงทุน",
    "เรียน ผู้อำนวยการสำนักงานเขตพื้นที่การศึกษา",
)
HERE = {"Origin": "http://127.0.0.1:8470"}
HEAD = Viewer("head", frozenset({Role.GROUP_HEAD}), frozenset({"plan"}))


@pytest.fixture
def program(office: Office, book: Book) -> Iterator[Program]:
    app = make_app(office, book, rules=RulesInForce(office.rules, office.kept_rules))
    yield Program(app).as_(CLERK)
    app.state.site.finder.close()


@pytest.fixture(autouse=True)
def engine(engine: ToldEngine) -> ToldEngine:
    engine.lines = MEMO
    return engine


def scan_in(office: Office, intake: Intake, text: str) -> None:
    scans.write_pdf(office.folder_of(office.settings.watch.folder[0]) / f"{text}.pdf", text)
    sweep(intake)


def sweep(intake: Intake) -> None:
    while intake.sweep():
        pass


@pytest.fixture
def twice(office: Office, intake: Intake, book: Book, bench: Workbench) -> None:
    """The same letter by system and by paper: other bytes, the same words."""
    for text in ("by system", "by paper"):
        scan_in(office, intake, text)
        work_one(book, bench, office)


def post(program: Program, address: str) -> httpx.Response:
    return program.ask("POST", address, headers=HERE)


@pytest.mark.usefixtures("twice")
def test_one_number_and_a_question_then_one_letter_with_two_copies(
    program: Program, book: Book
) -> None:
    assert book.letters.count_states(CLERK).filed == 1
    asked = program.get("/duplicates").text
    for words in ("ที่ วันที่ และผู้ส่งตรงกัน", "๑/๒๕๖๙", "ฉบับเดียวกัน", "คนละฉบับ"):
        assert words in asked
    assert "แนบไว้โดยไม่ออกเลขใหม่" in program.get("/letters/1/2569").text
    for name, kind in (("1.jpg", "image/jpeg"), ("searchable.pdf", "application/pdf")):
        answer = program.get(f"/letters/1/2569/copies/2/{name}")
        assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
    assert program.get("/letters/1/2569/copies/2/original").content.startswith(b"%PDF")
    assert post(program, "/letters/1/2569/copies/2/join").status_code == 303
    assert "ไม่มีคู่ที่รอวินิจฉัย" in program.get("/duplicates").text
    assert "มีสำเนาอีกชุด" in program.get("/letters/1/2569").text
    assert program.get("/letters/1/2569/copies/2/original").status_code == 200


@pytest.mark.usefixtures("twice")
def test_told_apart_the_second_gets_its_own_number(
    program: Program, book: Book, intake: Intake, bench: Workbench, office: Office
) -> None:
    assert post(program, "/letters/1/2569/copies/2/apart").status_code == 303
    sweep(intake)
    work_one(book, bench, office)
    assert book.letters.count_states(CLERK).filed == 2
    assert program.get("/letters/2/2569").status_code == 200
    assert "ไม่มีคู่ที่รอวินิจฉัย" in program.get("/duplicates").text
    assert book.verify() == ()
    assert list(office.work.iterdir()) == []


@pytest.mark.usefixtures("twice")
def test_who_may_not_judge_or_open_is_told_nothing(program: Program) -> None:
    for viewer, page, press in ((OFFICER, 403, 403), (HEAD, 403, 403)):
        program.as_(viewer)
        assert program.get("/duplicates").status_code == page
        assert post(program, "/letters/1/2569/copies/2/join").status_code == press
    stranger = Viewer("x", frozenset({Role.GROUP_OFFICER}), frozenset({"hr"}))
    program.as_(stranger)
    for name in ("1.jpg", "searchable.pdf", "original"):
        hidden = program.get(f"/letters/1/2569/copies/2/{name}")
        absent = program.get(f"/letters/9/2569/copies/2/{name}")
        assert (hidden.status_code, hidden.text) == (absent.status_code, absent.text)
    assert program.as_(CLERK).get("/letters/1/2569/copies/9/original").status_code == 404


def test_a_secret_twin_is_no_ones_question_but_the_registrars(
    program: Program, office: Office, intake: Intake, book: Book, bench: Workbench
) -> None:
    engine = bench.engine
    assert isinstance(engine, ToldEngine)
    for text, lines in (("one", MEMO), ("two", ("ลับ", *MEMO))):
        engine.lines = lines
        scan_in(office, intake, text)
        work_one(book, bench, office)
    assert book.letters.count_states(CLERK).filed == 2
    assert "ไม่มีคู่ที่รอวินิจฉัย" in program.get("/duplicates").text
    assert "same-letter" not in program.get("/letters/1/2569").text
    assert program.get("/letters/1/2569/copies/2/original").status_code == 404
    assert post(program, "/letters/1/2569/copies/2/join").status_code == 404
    registrar = Viewer("r", frozenset({Role.SECRET_REGISTRAR}))
    assert "ฉบับเดียวกัน" in program.as_(registrar).get("/duplicates").text


def test_the_archive_check_knows_further_copies(
    office: Office, intake: Intake, book: Book, bench: Workbench
) -> None:
    for text in ("one", "two"):
        scan_in(office, intake, text)
        work_one(book, bench, office)
    assert list(check_archive(book, bench.archive)) == []
    held = [file for file in book.letters.files() if file.letter_id == 2]
    bench.archive.path_of(held[0].sha256).chmod(0o600)
    bench.archive.path_of(held[0].sha256).unlink()
    assert len(list(check_archive(book, bench.archive))) == 1


@pytest.mark.usefixtures("twice")
def test_a_join_is_taken_back_on_the_letters_page(program: Program) -> None:
    post(program, "/letters/1/2569/copies/2/join")
    assert "ยกเลิกการรวม" in program.get("/letters/1/2569").text
    assert post(program, "/letters/1/2569/copies/2/undo").status_code == 303
    assert "ฉบับเดียวกัน</button>" in program.get("/duplicates").text
    assert post(program, "/letters/1/2569/copies/2/undo").status_code == 404
    assert post(program.as_(OFFICER), "/letters/1/2569/copies/2/undo").status_code == 403


@pytest.mark.usefixtures("twice")
def test_a_held_copy_leaves_the_open_archive_when_its_letter_turns_secret(
    program: Program, office: Office, book: Book, bench: Workbench
) -> None:
    (pair,) = book.same_letters.open(CLERK)
    assert book.letters.copy_files(pair.first.letter_id) == ()  # nothing is hidden yet
    assert program.get("/letters/1/2569/copies/2/1.jpg").status_code == 200  # a picture is kept
    registrar = Viewer("r", frozenset({Role.SECRET_REGISTRAR, Role.REGISTRY_CLERK}))
    answer = program.as_(registrar).ask(
        "POST",
        "/letters/1/2569/correct",
        headers=HERE,
        data={"field": "secrecy", "value": "ลับ", "revision": str(pair.first.revision)},
    )
    assert answer.status_code == 303
    (copy,) = book.letters.copy_files(pair.first.letter_id)
    secret = office.archive / "secret"
    assert bench.archive.path_of(copy.sha256).is_relative_to(secret)
    assert bench.archive.path_of(str(copy.searchable_sha256), Shelf.SEARCHABLE).is_relative_to(
        secret
    )
    assert not list(office.pictures.glob(f"{copy.searchable_sha256}*"))
    assert list(check_archive(book, bench.archive)) == []
    assert program.get("/letters/1/2569/copies/2/original").status_code == 200
    program.as_(CLERK)
    assert program.get("/letters/1/2569/copies/2/original").status_code == 404
    assert "ไม่มีคู่ที่รอวินิจฉัย" in program.get("/duplicates").text
