"""The dashboard counts for each person only what she may see; its charts are plain SVG with their numbers beside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from classify.letter import Secrecy, Urgency
from index.book import Book
from index.choices import Step
from index.register.letters.counts import Count, DayCount
from index.visibility import Role
from pipeline.office import Office
from pipeline.web.overview.charts import HEIGHT, TOP, bars, day_chart, scale_step
from pipeline.web.overview.dashboard import span_of
from tests.keeping import CLERK, NOW, file_one, hand_on, make_filing, make_scan, send_one
from tests.visiting import Browser, visiting


@pytest.fixture
def browser(office: Office, book: Book) -> Iterator[Browser]:
    with visiting(office, book) as visitor:
        yield visitor


def receive(book: Book, key: object, **changes: Any) -> int:
    return file_one(book, key, replace(make_filing(**changes), page_count=0)).letter_id


def told(text: str) -> dict[str, str]:
    """Return the tiles: what is counted, and the number."""
    return {
        name: number for number, name in re.findall(r"<b>([^<]*)</b>(?:<a[^>]*>)?([^<]+)", text)
    }


def test_a_clerk_sees_the_counts_of_the_day_and_the_month_and_what_waits(
    browser: Browser, book: Book
) -> None:
    letter = receive(book, 1, group="plan", sender="กรม <b>ก</b>", urgency=Urgency.MOST_URGENT)
    book.desk.move(CLERK, letter, Step.ROUTED, group="plan", now=NOW)
    receive(book, 2, group="hr")
    send_one(book)
    browser.now = NOW + timedelta(hours=1)
    browser.log_in("registry_clerk")
    text = browser.get("/dashboard").text
    tiles = told(text)
    assert (tiles["รับวันนี้"], tiles["ส่งวันนี้"], tiles["รับทั้งเดือน"]) == ("๒", "๑", "๒")
    assert tiles["กลุ่มเลยกำหนด"] == "๑"
    assert 'href="/group?group=plan"' in text
    assert "กรม &lt;b&gt;ก&lt;/b&gt;" in text
    assert "มัธยฐาน" in text
    assert "/forms/counts.pdf?month=2569-01" in text
    assert "style=" not in text
    browser.now = NOW + timedelta(days=31)
    browser.log_in("registry_clerk")
    assert told(browser.get("/dashboard").text)["รับทั้งเดือน"] == "๐"
    for month in ("2569-01", "2026-01"):
        tiles = told(browser.get(f"/dashboard?month={month}").text)
        assert (tiles["รับวันนี้"], tiles["รับทั้งเดือน"]) == ("๐", "๒")
    assert browser.get("/dashboard?month=x").status_code == 200


def test_an_officer_counts_her_group_only(browser: Browser, book: Book) -> None:
    receive(book, 1, group="plan", sender="กรมของเรา")
    receive(book, 2, group="hr", sender="กรมอื่น")
    hand_on(book, 1, 2)
    browser.log_in("group_officer")
    text = browser.get("/dashboard").text
    assert told(text)["รับวันนี้"] == "๑"
    assert "กรมของเรา" in text
    assert "กรมอื่น" not in text


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.COMMITTEE_MEMBER])
def test_who_sees_no_letters_gets_no_counts(browser: Browser, book: Book, role: Role) -> None:
    receive(book, 1, sender="กรมของเรา")
    browser.log_in(role.value)
    text = browser.get("/dashboard").text
    assert "บทบาทของท่านไม่เห็นหนังสือ" in text
    assert "รับวันนี้" not in text
    assert "กรมของเรา" not in text
    concerned = role is Role.COMMITTEE_MEMBER
    assert ("งานเก็บที่ถึงกำหนด" in text) == concerned
    due = browser.get("/dashboard/due")
    assert due.status_code == (200 if concerned else 403)
    assert ("สำรวจหนังสือครบอายุการเก็บ" in due.text) == concerned


@pytest.mark.parametrize("role", [Role.REGISTRY_CLERK, Role.GROUP_HEAD, Role.AUDITOR])
def test_a_secret_letter_tells_nothing_but_its_line(
    browser: Browser, book: Book, role: Role
) -> None:
    receive(book, 1, group="plan", sender="หน่วยข่าว", secrecy=Secrecy.SECRET, urgency=Urgency.URGENT)
    browser.log_in(role.value)
    text = browser.get("/dashboard").text
    assert "หน่วยข่าว" not in text
    assert 'scope="row">ด่วน' not in text
    assert told(text)["รับวันนี้"] == ("๐" if role is Role.GROUP_HEAD else "๑")


def test_the_spread_of_filing_is_the_half_and_the_ninety_fifth(book: Book) -> None:
    span = (CLERK, NOW.date(), NOW.date())
    assert book.counts.filing_spread(*span) is None
    for key in range(1, 21):
        book.jobs.record_arrival(replace(make_scan(key), received_at=NOW))
        job = book.jobs.take("w", 600, NOW)
        assert job is not None
        book.jobs.file(job, make_filing(), NOW + timedelta(seconds=key))
    assert book.counts.filing_spread(*span) == (10.0, 19.0)


@pytest.mark.parametrize(
    ("most", "step"), [(0, 1), (4, 1), (5, 2), (8, 2), (9, 5), (20, 5), (21, 10), (4_001, 2_000)]
)
def test_a_scale_has_at_most_four_lines_above_zero(most: int, step: int) -> None:
    assert scale_step(most) == step


def test_a_column_is_as_tall_as_its_number_and_none_leaves_the_picture() -> None:
    days = [DayCount(date(2026, 1, day), day, 2 * day) for day in range(1, 32)]
    chart = day_chart(days)
    assert chart.scale[-1].text == "80"
    assert all(one.top >= TOP and one.top + one.height <= chart.base for one in chart.columns)
    assert all(0 < one.left < one.left + one.width <= chart.width for one in chart.columns)
    last = chart.columns[-1]
    assert last.height == pytest.approx((chart.base - TOP) * 62 / 80, abs=0.01)
    assert [one.text for one in chart.days] == ["1", "5", "10", "15", "20", "25", "30"]


def test_an_empty_month_has_a_scale_and_no_columns() -> None:
    chart = day_chart([DayCount(date(2026, 2, day), 0, 0) for day in range(1, 29)])
    assert chart.columns == ()
    assert [one.text for one in chart.scale] == ["0", "1"]
    assert day_chart([]).height == HEIGHT


def test_bars_share_one_measure() -> None:
    made = bars((Count("a", 10, 5), Count("", 0, 20)), {"a": "ก"}, otherwise="ไม่มี")
    assert [(one.name, one.received_share, one.sent_share) for one in made] == [
        ("ก", 50.0, 25.0),
        ("ไม่มี", 0.0, 100.0),
    ]
    assert bars((), {}, otherwise="") == ()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.4, "๐ วินาที"),
        (59.4, "๕๙ วินาที"),
        (125, "๒ นาที ๕ วินาที"),
        (3_900, "๑ ชม. ๕ นาที"),
        (259_200, "๓ วัน"),
    ],
)
def test_a_time_is_said_as_a_person_says_it(seconds: float, words: str) -> None:
    assert span_of(seconds) == words
