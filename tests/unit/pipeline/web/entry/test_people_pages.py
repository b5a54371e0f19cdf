"""The administrator's page of people, the auditor's page of the trail, and an office's first people."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from click.testing import CliRunner

from classify.letter import Secrecy
from index.book import Book
from index.errors import PersonRefusedError
from index.visibility import Role
from pipeline.cli import cli, people_command
from pipeline.demo.people import DEMO_PEOPLE
from pipeline.first_people import make_demo_people, make_first_administrator
from pipeline.office import Office
from tests.keeping import CLERK, NOW, file_one, make_filing, make_hashing_quick, run_sql
from tests.visiting import GOOD, Browser, visiting


@pytest.fixture
def browser(office: Office, book: Book) -> Iterator[Browser]:
    with visiting(office, book) as visitor:
        yield visitor


@pytest.fixture
def administrator(browser: Browser) -> Browser:
    browser.log_in("administrator")
    return browser


@pytest.fixture
def auditor(browser: Browser) -> Browser:
    browser.log_in("auditor")
    return browser


def once_shown(text: str) -> str:
    shown = re.search(r"<code>([a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4})</code>", text)
    assert shown is not None
    return shown[1]


def test_a_person_is_added_and_logs_in_with_the_password_shown_once(
    administrator: Browser, book: Book
) -> None:
    answer = administrator.post(
        "/people",
        name="Malee",
        shown_name="มาลี <b>",
        role=["group_head", "registry_clerk"],
        group=["plan", "hr"],
        clearance="ลับ",
    )
    password = once_shown(answer.text)
    assert "มาลี &lt;b&gt;" in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert password not in administrator.get("/people").text
    found = book.people.find("malee")
    assert found is not None
    assert found.roles == frozenset({Role.GROUP_HEAD, Role.REGISTRY_CLERK})
    assert (found.groups, found.clearance) == (frozenset({"plan", "hr"}), Secrecy.SECRET)
    assert administrator.log_in("malee", password).status_code == 303
    assert administrator.get("/").headers["location"] == "/password"


@pytest.mark.parametrize(
    "form",
    [
        {"name": "malee", "role": []},
        {"name": "malee", "role": ["emperor"]},
        {"name": "malee", "role": ["auditor"], "group": ["nowhere"]},
        {"name": "malee", "role": ["auditor"], "clearance": "มาก"},
        {"name": "malee", "role": ["group_officer"]},
        {"name": "มาลี", "role": ["auditor"]},
        {"name": "auditor", "role": ["auditor"]},
    ],
)
def test_what_cannot_be_is_refused_in_words(
    administrator: Browser, book: Book, form: dict[str, object]
) -> None:
    before = book.people.all()
    answer = administrator.post("/people", shown_name="x", **form)
    assert answer.status_code == 422
    assert 'class="refused"' in answer.text
    assert book.people.all() == before


def test_a_changed_role_closes_doors_at_once(administrator: Browser, book: Book) -> None:
    clerk = Browser(administrator.app)
    clerk.log_in("registry_clerk")
    assert clerk.get("/quarantine").status_code == 200
    changed = administrator.post(
        "/people/registry_clerk", shown_name="ก", role=["auditor"], active="true"
    )
    assert "บันทึกแล้ว" in changed.text
    assert clerk.get("/quarantine").status_code == 403
    administrator.post("/people/registry_clerk", shown_name="ก", role=["auditor"])
    assert clerk.get("/audit").status_code == 303, "logged out"
    assert "ปิดการใช้งาน" in administrator.get("/people").text
    assert administrator.get("/people/nobody").status_code == 404
    assert administrator.post("/people/nobody", role=["auditor"]).status_code == 404
    last = administrator.post("/people/administrator", shown_name="x", role=["auditor"])
    assert last.status_code == 422
    assert book.people.find("administrator") is not None


def test_a_forgotten_password_is_replaced_by_a_one_time_one(administrator: Browser) -> None:
    asked = administrator.post("/people/auditor/password").text
    assert "รหัสผ่านเดิมจะใช้ไม่ได้" in asked
    other = Browser(administrator.app)
    assert other.log_in("auditor", GOOD).status_code == 303, "nothing was replaced yet"
    other.post("/logout")
    password = once_shown(administrator.post("/people/auditor/password", sure="true").text)
    assert other.log_in("auditor", GOOD).status_code == 403
    assert other.log_in("auditor", password).status_code == 303


def test_a_group_that_the_office_does_not_have_is_refused_at_the_command_line(
    office: Office, book: Book
) -> None:
    line = ["add", "malee", "--role", "group_officer", "--office", str(office.root)]
    refused = CliRunner().invoke(people_command.command, [*line, "--group", "director"])
    assert isinstance(refused.exception, PersonRefusedError)
    assert "plan" in refused.exception.thai
    assert book.people.find("malee") is None
    assert CliRunner().invoke(people_command.command, [*line, "--group", "plan"]).exit_code == 0


def test_the_auditor_sees_who_did_what_and_of_a_secret_letter_its_number_only(
    auditor: Browser, book: Book
) -> None:
    file_one(book, 1, make_filing(subject="เรื่องเปิดเผย"))
    file_one(book, 2, make_filing(subject="เรื่องปกปิด", secrecy=Secrecy.SECRET))
    book.desk.correct(CLERK, 1, "subject", "เรื่องใหม่", now=NOW)
    auditor.get("/letters/2/2569")
    text = auditor.get("/audit").text
    for expected in ("มาลี", "แก้ไข", "ช่อง:", "เข้าใช้", "ขอเปิดดูแต่ไม่มีสิทธิ", "๒/๒๕๖๙", "(หนังสือลับ)"):
        assert expected in text, expected
    assert "เรื่องปกปิด" not in text
    secret_lines = [row for row in text.split("<tr>") if "(หนังสือลับ)" in row]
    assert secret_lines
    assert not any("<dl>" in row for row in secret_lines)


def test_the_trail_is_narrowed_to_a_letter_or_a_person_and_turned_over(
    auditor: Browser, book: Book
) -> None:
    for key in range(30):
        file_one(book, key)
    one = auditor.get("/audit?letter=๗/๒๕๖๙").text
    assert one.count('class="register"') == 2, "arrived and filed"
    assert "๗/๒๕๖๙" in one
    by_name = Role.AUDITOR.name
    for who in ("auditor", by_name):
        mine = auditor.get(f"/audit?who={who}").text
        assert mine.count('class="register"') == 1
        assert f">{by_name}</a>" in mine, "a person's name, not the log-in"
    assert auditor.get("/audit?letter=๗/๒๕๖๙&action=filed").text.count('class="register"') == 1
    on_the_day, before_it = (
        auditor.get(f"/audit?letter=๗/๒๕๖๙&day={day}").text for day in ("๑๕ ม.ค. ๖๙", "14/1/2569")
    )
    assert (on_the_day.count('class="register"'), before_it.count('class="register"')) == (2, 0)
    assert "อ่านวันที่ “x” ไม่ได้" in auditor.get("/audit?day=x").text
    assert "ไม่พบเลขรับนี้" in auditor.get("/audit?letter=99/2569").text
    assert "ไม่พบเลขรับนี้" in auditor.get("/audit?letter=x").text
    newest = auditor.get("/audit").text
    assert newest.count('class="register"') == 50
    older = re.search(r'href="(/audit\?[^"]*before=\d+)"', newest)
    assert older is not None
    assert ">๑</td>" in auditor.get(older[1].replace("&amp;", "&")).text


def test_the_chain_is_proven_and_a_changed_line_found(
    auditor: Browser, book: Book, office: Office
) -> None:
    assert "ไม่มีการแก้ไข" in auditor.get("/audit?verify=true").text
    book_url = f"sqlite:///{office.database}"
    found = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'"
    for guard in re.findall(r"\w+", str(run_sql(book_url, found))):
        run_sql(book_url, f"DROP TRIGGER {guard}")
    run_sql(book_url, "UPDATE audit SET who = 'somebody else' WHERE sequence = 1")
    text = auditor.get("/audit?verify=true").text
    assert "บันทึกถูกแก้หรือขาดหาย" in text
    assert "บันทึกบรรทัดที่ 1 ถูกแก้" in text
    assert "audit line" not in text


def test_the_file_goes_when_the_first_password_is_changed(office: Office, book: Book) -> None:
    make_first_administrator(office, book, NOW)
    first = office.first_password.read_text("utf-8").split()[1]
    with visiting(office, book) as browser:
        browser.log_in("admin", first)
        assert browser.post("/password", old=first, new=GOOD, again=GOOD).status_code == 303
        assert not office.first_password.exists()
        assert browser.get("/people").status_code == 200


def test_a_demonstration_has_everybody_and_a_real_office_gets_none_of_them(
    office: Office, book: Book
) -> None:
    make_hashing_quick(book)
    told = make_demo_people(office, book, NOW)
    assert told is not None
    assert {role for person in book.people.all() for role in person.roles} == set(Role)
    first = office.first_password.read_text("utf-8").split()[1]
    assert f"clerk   รหัสผ่าน / password {first}" in told
    assert make_first_administrator(office, book, NOW) is None
    again = make_demo_people(office, book, NOW)
    assert again is not None
    assert first not in again
    assert len(book.people.all()) == len(DEMO_PEOPLE)


def test_demonstration_people_are_not_added_to_an_office_at_work(
    office: Office, book: Book
) -> None:
    make_first_administrator(office, book, NOW)
    before = office.first_password.read_text("utf-8")
    assert make_demo_people(office, book, NOW) is None
    assert [person.name for person in book.people.all()] == ["admin"]
    assert office.first_password.read_text("utf-8") == before


def test_people_are_kept_on_the_command_line(office: Office, book: Book) -> None:
    def run(*arguments: str) -> str:
        done = CliRunner().invoke(cli, ["people", *arguments, "--office", str(office.root)])
        assert done.exception is None, done.output
        return done.output

    make_first_administrator(office, book, NOW)
    added = run("add", "malee", "--shown-name", "มาลี", "--role", "registry_clerk")
    reset = run("reset-password", "malee")
    assert added != reset
    run("reset-password", "admin")
    assert not office.first_password.exists()
    run("disable", "malee")
    listed = run("list")
    assert re.search(r"malee +มาลี +registry_clerk.*disabled", listed)
    assert {one.who for one in book.audit.entries()} == {"saraban", "clerk at this machine"}
