"""The desk's pages: what is in doubt is settled, letters are handed on, and nothing typed is lost."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import httpx
import pytest
from fastapi import FastAPI

from classify.letter import ReviewReason, Secrecy, Urgency
from index.book import Book
from index.choices import Step
from index.register.people.people import Person as Signer
from index.visibility import Role, Viewer
from pipeline.office import Office
from pipeline.rules_in_force import RulesInForce
from pipeline.web.app import make_app
from pipeline.web.site.viewer import who_looks
from tests.keeping import (
    CLERK,
    DOUBTFUL_NUMBER,
    NOW,
    OFFICER,
    REGISTRAR,
    file_one,
    hand_on,
    make_filing,
    make_hashing_quick,
)

HERE = "http://127.0.0.1:8470"
DATE_DOUBT = ReviewReason("date", "future", "วันที่อยู่หลังวันนี้", "in the future")
GROUP_DOUBT = ReviewReason("group", "group_unsure", "คะแนนใกล้กัน", "close")
HEAD = Viewer("หัวหน้า", frozenset({Role.GROUP_HEAD}), frozenset({"plan"}))
Form = Mapping[str, str | list[str]]


@dataclass
class Person:
    """Somebody at the desk, whose clock is turned by hand."""

    app: FastAPI
    viewer: Viewer = CLERK
    now: datetime = field(default=NOW)

    def get(self, address: str) -> httpx.Response:
        return self._ask("GET", address, None)

    def post(self, address: str, form: Form | None = None) -> httpx.Response:
        return self._ask("POST", address, form or {})

    def _ask(self, method: str, address: str, form: Form | None) -> httpx.Response:
        self.app.dependency_overrides[who_looks] = lambda: self.viewer

        async def ask() -> httpx.Response:
            door = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=door, base_url=HERE) as client:
                return await client.request(method, address, data=form, headers={"origin": HERE})

        return asyncio.run(ask())


@pytest.fixture
def person(office: Office, book: Book) -> Iterator[Person]:
    rules = RulesInForce(office.rules, office.kept_rules)
    person: Person
    app = make_app(office, book, rules=rules, clock=lambda: person.now)
    person = Person(app)
    yield person
    app.state.site.finder.close()


def doubtful(book: Book, key: object, *doubts: ReviewReason, **changes: object) -> None:
    filing = make_filing(review=doubts or (DOUBTFUL_NUMBER,), **changes)  # type: ignore[arg-type]
    file_one(book, key, replace(filing, page_count=0))


def test_the_review_asks_for_the_doubtful_fields_of_the_most_urgent_letter(
    person: Person, book: Book
) -> None:
    doubtful(book, 1, subject="รอได้")
    doubtful(book, 2, DATE_DOUBT, subject="ด่วนมาก", urgency=Urgency.VERY_URGENT)
    text = person.get("/review").text
    assert "๒/๒๕๖๙" in text
    assert 'value="๕ ม.ค. ๒๕๖๙"' in text
    assert "วันที่อยู่หลังวันนี้" in text
    assert 'name="field-number"' not in text
    assert "๑/๒๕๖๙" in person.get("/review?skip=2/2569").text


def test_one_answer_settles_the_letter_and_hands_it_on(person: Person, book: Book) -> None:
    doubtful(book, 1, DOUBTFUL_NUMBER, GROUP_DOUBT)
    answers = {
        "field-number": "ศธ ๐๔๐๐๑/ว ๑๒๔",
        "field-group": "plan",
        "revision": "1",
        "route": "yes",
    }
    answer = person.post("/review/1/2569", answers)
    assert (answer.status_code, answer.headers["location"]) == (303, "/review")
    letter = book.letters.by_id(CLERK, 1)
    assert letter is not None
    assert (letter.number, letter.group, letter.review) == ("ศธ 04001/ว 124", "plan", ())
    assert [move.step for move in book.desk.history(CLERK, 1)] == [Step.ROUTED]
    assert "ตรวจครบแล้ว" in person.get("/review").text


def test_what_stands_is_confirmed_and_no_correction(person: Person, book: Book) -> None:
    doubtful(book, 1, DOUBTFUL_NUMBER, DATE_DOUBT)
    form = {"field-number": "ศธ ๐๔๐๐๑/ว ๑๒๓", "field-date": "๕ ม.ค. ๒๕๖๙", "revision": "1"}
    assert person.post("/review/1/2569", form).status_code == 303
    assert book.desk.corrections_of(CLERK, 1) == ()
    letter = book.letters.by_id(CLERK, 1)
    assert letter is not None
    assert (letter.review, letter.step) == ((), "")


def test_a_bad_answer_is_refused_beside_its_field_and_nothing_is_lost(
    person: Person, book: Book
) -> None:
    doubtful(book, 1, DOUBTFUL_NUMBER, DATE_DOUBT)
    form = {"field-number": "กค ๑/<b>๒", "field-date": "๓๑ ก.พ. ๖๙", "revision": "1"}
    answer = person.post("/review/1/2569", form)
    assert answer.status_code == 422
    assert 'value="กค ๑/&lt;b&gt;๒"' in answer.text
    assert 'value="๓๑ ก.พ. ๖๙"' in answer.text
    assert "อ่านวันที่" in answer.text
    letter = book.letters.by_id(CLERK, 1)
    assert letter is not None
    assert letter.revision == 1


def test_an_answer_to_what_somebody_changed_meanwhile_is_shown_again(
    person: Person, book: Book
) -> None:
    doubtful(book, 1, DOUBTFUL_NUMBER, DATE_DOUBT)
    book.desk.confirm(replace(CLERK, name="สมหญิง"), 1, "number", now=NOW)
    answer = person.post("/review/1/2569", {"field-date": "๖ ม.ค. ๖๙", "revision": "1"})
    assert answer.status_code == 422
    assert "มีผู้แก้ไข" in answer.text
    assert 'value="๖ ม.ค. ๒๕๖๙"' in answer.text


@pytest.mark.parametrize("address", ["/letters/1/2569/correct", "/review/1/2569"])
def test_what_two_people_wrote_stands_side_by_side(
    person: Person, book: Book, address: str
) -> None:
    doubtful(book, 1, DOUBTFUL_NUMBER)
    other = replace(CLERK, name="สมหญิง")
    book.desk.correct(other, 1, "number", "กค 0402/1", now=NOW)
    form = {"field": "number", "value": "กค ๐๔๐๒/๗", "field-number": "กค ๐๔๐๒/๗", "revision": "1"}
    answer = person.post(address, form)
    assert answer.status_code == 422
    table = answer.text.partition('class="sheet both"')[2].partition("</table>")[0]
    assert table.index("กค ๐๔๐๒/๑") < table.index("กค ๐๔๐๒/๗")
    assert 'value="กค ๐๔๐๒/๗"' in answer.text, "what was typed is in its field still"
    assert book.letters.by_id(CLERK, 1).number == "กค 0402/1"  # type: ignore[union-attr]


def test_a_second_route_says_that_the_first_happened(person: Person, book: Book) -> None:
    doubtful(book, 1)
    shown = re.search(r'name="revision" value="(\d+)"', person.get("/letters/1/2569").text)
    assert shown is not None
    book.desk.move(replace(CLERK, name="สมหญิง"), 1, Step.ROUTED, group="plan", now=NOW)
    for late in ({"group": "hr", "revision": shown[1]}, {"group": "plan"}):
        answer = person.post("/letters/1/2569/route", late)
        assert answer.status_code == 422
        assert "สมหญิง จ่ายให้ กลุ่มนโยบายและแผน ก่อนแล้วเมื่อ" in answer.text
        assert "กลุ่ม กลุ่ม" not in answer.text
    assert [one.group for one in book.desk.history(CLERK, 1)] == ["plan"]


def test_a_field_that_is_only_looked_at_is_settled_too(person: Person, book: Book) -> None:
    doubtful(book, 1, ReviewReason("text", "text_layer", "ข้อความไม่ตรง", "differs"))
    assert "ดูแล้ว" in person.get("/review").text
    person.post("/review/1/2569", {"field-text": "seen", "revision": "1"})
    assert book.review.next(CLERK) is None


def test_only_the_desk_reviews_and_nobody_what_is_hidden(person: Person, book: Book) -> None:
    doubtful(book, 1, secrecy=Secrecy.SECRET)
    assert "ตรวจครบแล้ว" in person.get("/review").text
    assert person.get("/review/1/2569").status_code == 404
    assert person.post("/review/1/2569", {"field-number": "x"}).status_code == 404
    person.viewer = OFFICER
    assert person.get("/review").status_code == 403
    person.viewer = REGISTRAR
    assert "๑/๒๕๖๙" in person.get("/review").text


def test_the_list_tells_the_time_left(person: Person, book: Book) -> None:
    file_one(book, 1, make_filing(urgency=Urgency.MOST_URGENT))
    assert "เหลือเวลา ๓๐ นาที" in person.get("/").text
    person.now = NOW + timedelta(hours=2)
    assert "เลยกำหนด ๑ ชม. ๓๐ นาที" in person.get("/").text
    book.desk.move(CLERK, 1, Step.DONE, now=NOW)
    assert "เลยกำหนด" not in person.get("/?show=done").text


def test_a_letter_goes_from_view_to_view_and_back_by_undo(person: Person, book: Book) -> None:
    file_one(book, 1, make_filing(subject="เรื่องนี้"))
    answer = person.post("/letters/1/2569/route", {"group": "plan", "then": "next"})
    assert answer.headers["location"] == "/", "no other waits"
    assert "เรื่องนี้" not in person.get("/").text
    listed = person.get("/?show=group").text
    assert "เรื่องนี้" in listed
    assert 'action="/letters/1/2569/undo"' in listed
    person.post("/letters/1/2569/undo", {"back": "/"})
    assert "เรื่องนี้" in person.get("/").text
    person.now = NOW + timedelta(hours=1)
    assert 'action="/letters/1/2569/undo"' not in person.get("/").text


def test_routing_opens_the_letter_that_waits_next(person: Person, book: Book) -> None:
    for key in range(3):
        file_one(book, key)
    answer = person.post("/letters/1/2569/route", {"group": "plan", "then": "next"})
    assert answer.headers["location"] == "/letters/2/2569"


def test_undo_past_anothers_change_is_refused_in_thai(person: Person, book: Book) -> None:
    doubtful(book, 1)
    person.post("/letters/1/2569/correct", {"field": "sender", "value": "ก"})
    book.desk.confirm(replace(CLERK, name="สมหญิง"), 1, "number", now=NOW)
    answer = person.post("/letters/1/2569/undo")
    assert answer.status_code == 422
    assert "หลังจากท่าน" in answer.text


@pytest.mark.parametrize(
    ("name", "typed", "stands"),
    [
        ("date", "6/1/2569", "2026-01-06"),
        ("subject", " เรื่อง\n ใหม่ ", "เรื่อง ใหม่"),
        ("urgency", "ด่วน", "ด่วน"),
        ("number", "กค ๐๔๐๒/๑", "กค 0402/1"),
    ],
)
def test_a_field_is_corrected_in_place(
    person: Person, book: Book, name: str, typed: str, stands: str
) -> None:
    doubtful(book, 1)
    form = {"field": name, "value": typed, "reason": "อ่านผิด", "revision": "1"}
    answer = person.post("/letters/1/2569/correct", form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/letters/1/2569")
    (example,) = book.desk.corrections_of(CLERK, 1)
    assert (example.field, example.new, example.reason) == (name, stands, "อ่านผิด")
    assert "อ่านผิด" in person.get("/letters/1/2569").text


@pytest.mark.parametrize(
    ("name", "typed"), [("date", "เมื่อวาน"), ("urgency", "ด่วนๆ"), ("subject", "ก" * 1001)]
)
def test_a_wrong_value_is_said_beside_the_field(
    person: Person, book: Book, name: str, typed: str
) -> None:
    doubtful(book, 1)
    answer = person.post("/letters/1/2569/correct", {"field": name, "value": typed})
    assert answer.status_code == 422
    assert f'id="in-{name}-problem"' in answer.text
    assert book.desk.corrections_of(CLERK, 1) == ()


def test_a_letter_marked_secret_leaves_the_clerks_sight(person: Person, book: Book) -> None:
    doubtful(book, 1)
    answer = person.post("/letters/1/2569/correct", {"field": "secrecy", "value": "ลับ"})
    assert answer.headers["location"] == "/"
    assert person.get("/letters/1/2569").status_code == 404


def test_a_group_instructs_and_returns_its_own_letters_only(person: Person, book: Book) -> None:
    doubtful(book, 1, group="plan")
    doubtful(book, 2, group="hr", copies=("plan",))
    hand_on(book, 1, 2)
    person.viewer = HEAD
    page = person.get("/letters/1/2569").text
    assert "เกษียน" in page
    assert "/route" not in page
    form = {"note": "ให้กลุ่มแผนดำเนินการ"}
    for name in ("ผู้อำนวยการ", "ใครก็ได้"):
        answer = person.post("/letters/1/2569/instruct", {**form, "officer": name})
        assert answer.status_code == 403, "nobody signs with another's name"
    assert person.post("/letters/1/2569/instruct", form).status_code == 303
    assert person.post("/letters/2/2569/instruct", form).status_code == 403
    assert person.post("/letters/1/2569/route", {"group": "hr"}).status_code == 403
    assert person.post("/letters/1/2569/correct", {"field": "sender"}).status_code == 403
    assert person.post("/letters/1/2569/return", {"note": " "}).status_code == 422
    answer = person.post("/letters/1/2569/return", {"note": "ไม่ใช่งานกลุ่ม"})
    assert answer.headers["location"] == "/", "it is not theirs any more"
    person.viewer = CLERK
    listed, letter = person.get("/").text, person.get("/letters/1/2569").text
    assert "๑/๒๕๖๙" in listed
    for expected in ("ให้กลุ่มแผนดำเนินการ", "ไม่ใช่งานกลุ่ม"):
        assert expected in letter
    (order,) = [one for one in book.desk.history(CLERK, 1) if one.step == "instructed"]
    assert (order.who, order.officer) == (HEAD.name, "")


def test_the_desk_copies_an_order_from_paper_naming_who_signed_it(
    person: Person, book: Book
) -> None:
    doubtful(book, 1, group="plan")
    make_hashing_quick(book)
    director = Signer("boss", "นางอำนวย การดี", frozenset({Role.DIRECTOR}))
    book.people.put_alike([director], "x", who="test", now=NOW)
    for name in ("", "ผอ.สพป.", CLERK.name):
        form = {"note": "ทราบ", "officer": name}
        assert person.post("/letters/1/2569/instruct", form).status_code == 422
    form = {"note": "ทราบ", "officer": "boss"}
    assert person.post("/letters/1/2569/instruct", form).status_code == 303
    assert "คัดลอกจากคำสั่งของ นางอำนวย การดี" in person.get("/letters/1/2569").text
    (order,) = book.desk.history(CLERK, 1)
    assert (order.who, order.officer) == (CLERK.name, "boss")


def test_several_letters_at_once_with_a_summary(person: Person, book: Book) -> None:
    doubtful(book, 1)
    doubtful(book, 2)
    doubtful(book, 3, secrecy=Secrecy.SECRET)
    ticked = ["1/2569", "2/2569", "3/2569", "9/2569", "x"]
    text = person.post("/letters/bulk", {"action": "confirm", "number": ticked}).text
    assert "สำเร็จ ๒ ฉบับ" in text
    assert "ไม่สำเร็จ ๓ ฉบับ" in text
    assert book.review.next(CLERK) is None
    form: Form = {"action": "route", "group": "plan", "number": ["1/2569", "2/2569"]}
    answer = person.post("/letters/bulk", form)
    assert answer.status_code == 303, "asking for the page again must not do it again"
    listed = person.get(answer.headers["location"]).text
    assert "สำเร็จ ๒ ฉบับ" in listed
    assert 'action="/letters/undo"' in listed
    assert person.get("/letters/bulk").status_code == 303
    assert "โปรดทำเครื่องหมาย" in person.post("/letters/bulk", {"action": "done"}).text
    assert book.verify() == ()
    person.viewer = OFFICER
    assert person.post("/letters/bulk", form).status_code == 403


def test_several_are_taken_back_together(person: Person, book: Book) -> None:
    for key in (1, 2, 3):
        file_one(book, key)
    form: Form = {"action": "route", "group": "plan", "number": ["1/2569", "2/2569"]}
    person.post("/letters/bulk", form)
    changes = re.findall(r'name="change" value="([^"]+)"', person.get("/").text)
    assert sorted(one.split()[0] for one in changes) == ["1/2569", "2/2569"]
    answer = person.post("/letters/undo", {"change": changes})
    assert answer.headers["location"] == "/?did=undo&count=2"
    found = [book.letters.by_id(CLERK, one) for one in (1, 2)]
    assert [one.group for one in found if one] == ["admin", "admin"]
    again = person.post("/letters/undo", {"change": [*changes, "9/2569 1", "x"]}).text
    assert "ไม่สำเร็จ ๔ ฉบับ" in again


def test_the_bar_names_the_group_and_takes_back_only_what_it_names(
    person: Person, book: Book
) -> None:
    file_one(book, 1)
    person.post("/letters/1/2569/route", {"group": "plan"})
    page = person.get("/?show=group").text
    assert "<strong>จ่าย</strong> เลขรับ ๑/๒๕๖๙ ให้" in page
    (shown,) = re.findall(r'name="revision" value="(\d+)"', page.split("data-undo")[1])[:1]
    person.post("/letters/1/2569/correct", {"field": "subject", "value": "เรื่องใหม่"})
    person.post("/letters/1/2569/undo", {"revision": shown})
    letter = book.letters.by_id(CLERK, 1)
    assert letter is not None
    assert (letter.group, letter.subject) == ("plan", "เรื่องใหม่")


def test_copies_are_chosen_among_the_groups(person: Person, book: Book) -> None:
    file_one(book, 1)
    person.post("/letters/1/2569/copies", {"group": ["plan", "hr", "nobody", "admin"]})
    letter = book.letters.by_id(CLERK, 1)
    assert letter is not None
    assert letter.copies == ("hr", "plan")


@pytest.mark.parametrize("back", ["//evil.example/", "https://evil.example", "/\\evil", "x"])
def test_a_form_never_leads_to_another_server(person: Person, book: Book, back: str) -> None:
    doubtful(book, 1)
    answer = person.post("/letters/1/2569/confirm", {"field": "number", "back": back})
    assert answer.headers["location"] == "/letters/1/2569"


def test_keys_and_style_are_files_of_ours(person: Person, book: Book) -> None:
    doubtful(book, 1)
    for address in ("/", "/review", "/letters/1/2569"):
        text = person.get(address).text
        assert "/static/desk.js" in text
        assert " style=" not in text
    assert person.get("/static/desk.js").status_code == 200
