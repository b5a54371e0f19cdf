"""A page is Thai, or English for who chose it; nothing but what the register holds stays Thai then."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime

import pytest
from fastapi.routing import APIRoute

from classify.letter import ReviewReason, Urgency
from index.book import Book
from index.errors import LogInRefusedError
from index.message import Cited, Message, message
from index.retention.errors import StepRefusedError
from index.retention.law import CommitteeRule, Deadline, RetentionClass
from index.retention.secret_registers import SOURCE as SECRETS_LAW
from index.visibility import Role, Viewer
from pipeline.office import Office, law_in_force
from pipeline.sending import load_sending
from pipeline.web.entry.gate import is_api
from pipeline.web.site import language, local_form
from pipeline.web.site.language import COOKIE, Language, Marked, counted, render
from pipeline.web.site.pages import TEMPLATES
from pipeline.web.site.viewer import who_looks
from tests.keeping import NOW, file_one, make_draft, make_filing, send_one
from tests.visiting import Browser, visiting
from tests.walking import every_route

THAI = re.compile("[ก-๙]")
EVERYBODY = Viewer("Malee", frozenset(Role), frozenset({"plan"}))
DOUBT = ReviewReason("number", "number_missing", "ไม่พบเลขที่หนังสือ", "no letter number was found")
NO_PAGES = ("/static", "/openapi.json", "/calendar.ics")


@pytest.fixture
def browser(office: Office, book: Book) -> Iterator[Browser]:
    with visiting(office, book) as visitor:
        yield visitor


@pytest.fixture
def english() -> Iterator[None]:
    token = language._current_language.set(Language.ENGLISH)
    yield
    language._current_language.reset(token)


def test_a_link_in_the_head_chooses_and_keeps_the_page(browser: Browser) -> None:
    thai = browser.get("/login?next=/review")
    assert '<html lang="th">' in thai.text
    link = re.search(r'href="([^"]+)" lang="en"', thai.text)
    assert link is not None
    answer = browser.get("/login" + link[1].replace("&amp;", "&"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=%2Freview")
    assert browser.cookies[COOKIE] == "en"
    english = browser.get("/login?next=/review").text
    assert '<html lang="en">' in english
    assert "Log in to Saraban" in english
    browser.get("/login?language=th")
    assert "เข้าใช้ระบบสารบรรณ" in browser.get("/login").text


@pytest.mark.parametrize("path", ["//evil.example", "/%5Cevil.example", "///evil.example"])
def test_the_choice_leads_nowhere_else(browser: Browser, path: str) -> None:
    location = browser.ask("GET", f"http://127.0.0.1:8470{path}?language=en").headers["location"]
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\"))


@pytest.mark.parametrize("choice", ["", "fr", "EN", "<script>"])
def test_an_unknown_language_changes_nothing(browser: Browser, choice: str) -> None:
    answer = browser.get(f"/login?language={choice}")
    assert (answer.status_code, '<html lang="th">' in answer.text) == (200, True)
    browser.cookies.set(COOKIE, choice)
    assert '<html lang="th">' in browser.get("/login").text


def test_a_browser_set_to_english_gets_thai_pages(browser: Browser) -> None:
    assert '<html lang="th">' in browser.get("/login", accept_language="en-US,en").text


def test_the_answer_to_a_form_leads_back_to_the_form_s_page(browser: Browser) -> None:
    refused = browser.ask(
        "POST",
        "/login",
        {"referer": "http://127.0.0.1:8470/login?next=/sent"},
        {"name": "nobody", "password": "wrong"},
    )
    assert 'href="/login?next=%2Fsent&amp;language=en"' in refused.text


def fill(book: Book) -> set[str]:
    """Register some letters with Latin words; return what the book holds in Thai."""
    long_ago = datetime(2010, 1, 15, 9, tzinfo=NOW.tzinfo)
    for key, filing in enumerate(
        (
            make_filing(number="MOE 1/2", subject="Budget", sender="Ministry", text="Money"),
            make_filing(
                number="MOE 3/4",
                subject="Meeting",
                sender="School",
                group="plan",
                urgency=Urgency.MOST_URGENT,
                review=(DOUBT,),
            ),
            make_filing(
                number="MOE 5/6", subject="Old matter", sender="Bank", written=date(2010, 1, 5)
            ),
        )
    ):
        file_one(book, key, filing, now=long_ago if key == 2 else NOW)
    send_one(book, make_draft(subject="Report", recipient="Every school"))
    return {"ผู้อำนวยการ", "๕ มกราคม ๒๕๖๙", "ประชุม", "มาลี", "ศธ"}


def pages(browser: Browser) -> Iterator[str]:
    """Yield the addresses of all pages that need no parameter."""
    for route in every_route(browser.app.routes):
        if (
            isinstance(route, APIRoute)
            and "GET" in (route.methods or ())
            and "{" not in route.path
            and not is_api(route.path)
            and not route.path.startswith(NO_PAGES)
        ):
            yield route.path


def test_no_english_page_shows_thai_but_what_the_register_holds(
    browser: Browser, book: Book
) -> None:
    register = fill(book) | set(browser.app.state.site.group_names.values())
    register |= {browser.app.state.site.office.settings.office.name, *law_and_lists(browser)}
    browser.app.dependency_overrides[who_looks] = lambda: EVERYBODY
    browser.get("/login?language=en")
    looked_at = 0
    left: dict[str, list[str]] = {}
    letters = [f"/{at}/{n}/2569" for n in (1, 2) for at in ("letters", "review")]
    more = ["/nothing", "/search?q=Budget", "/retention/letters/1/2569", "/letters/1/2569/join"]
    for address in (*pages(browser), *letters, *more):
        answer = browser.get(address)
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        looked_at += 1
        text = re.sub(r'<(\w+)[^>]* lang="th"[^>]*>.*?</\1>|<img[^>]*>', "", answer.text)
        text = re.sub(r'(<option|type="checkbox"[^>]*) value="[^"]*"', "", text)
        for words in sorted(register, key=len, reverse=True):
            text = text.replace(words, "")
        lines = [line.strip()[:300] for line in text.splitlines() if THAI.search(line)]
        left |= {address: lines} if lines else {}
    assert left == {}
    assert looked_at > 25


def law_and_lists(browser: Browser) -> set[str]:
    """Return the quoted words of the law and its sources, and the office's own lists for sending."""
    site = browser.app.state.site
    law, sending = law_in_force(site.office), load_sending(site.office)
    rows: list[RetentionClass | Deadline | CommitteeRule] = [
        *law.classes.values(),
        *law.deadlines.values(),
        *law.committees.values(),
    ]
    return {
        SECRETS_LAW,
        *(period.rule for period in site.periods.values()),
        *(words for row in rows for words in (row.english, row.law.source)),
        *sending.ways,
        *(words for one in sending.recipients for words in (one.name, one.all, *one.members)),
    }


def test_the_interface_for_programs_stays_as_it_is(browser: Browser, book: Book) -> None:
    browser.log_in("registry_clerk")
    before = browser.get("/api/letters/1/2569").json()
    browser.get("/login?language=en")
    assert browser.get("/api/letters/1/2569").json() == before
    assert THAI.search(before["thai"])


@pytest.mark.usefixtures("english")
def test_figures_and_days_are_those_of_the_reader() -> None:
    assert local_form.day(date(2026, 11, 21)) == "21 Nov 2026"
    assert local_form.moment(NOW) == "15 Jan 2026, 09:30"
    assert local_form.month_and_year(NOW.date()) == "January 2026"
    assert language.clause_name("ข้อ 57.6 (ฉบับที่ 3 พ.ศ. 2560)") == "clause 57.6 (No. 3 B.E. 2560)"
    assert language.figures("1/2569") == "1/2569"
    assert counted("%(count)s ฉบับ", 1) == "1 letter"
    assert counted("%(count)s ฉบับ", 12) == "12 letters"


def test_thai_pages_keep_their_figures_and_days() -> None:
    assert local_form.day(date(2026, 11, 21)) == "๒๑ พ.ย. ๒๕๖๙"
    assert local_form.month_and_year(NOW.date()) == "มกราคม ๒๕๖๙"
    assert language.clause_name("ข้อ 57") == "ข้อ 57"
    assert counted("%(count)s ฉบับ", 12) == "๑๒ ฉบับ"


@pytest.mark.usefixtures("english")
def test_a_sentence_of_another_package_keeps_what_was_filled_in() -> None:
    execute = message("ดำเนินการทำลาย %(count)s รายการ", count=3)
    year = message("เก็บถึง พ.ศ. %(year)s", year="๒๕๗๙")
    listed = message("บัญชี %(batch)s: %(step)s", batch="2569-1", step=execute)
    rule = message("%(clause)s: %(years)s ปี นับแต่ปีที่เสร็จ", clause=Cited("ข้อ 57"), years=5)
    assert render(execute) == "destroy 3 items"
    assert render(year) == "Keep until B.E. 2579"
    assert render(listed) == "List 2569-1: destroy 3 items"
    assert render(rule) == "clause 57: 5 years from the year it was finished"
    assert render(Message("ข้อความที่ไม่รู้จัก")) == "ข้อความที่ไม่รู้จัก"
    assert (listed.thai, listed.english) == (
        "บัญชี 2569-1: ดำเนินการทำลาย 3 รายการ",
        "List 2569-1: destroy 3 items",
    )
    assert render(DOUBT) == "no letter number was found"
    refused = StepRefusedError("ข้อ 67", message("ต้องระบุประธานกรรมการ"))
    assert render(refused) == "the chair is not named (clause 67)"
    assert render(LogInRefusedError()) == "The user name or the password is wrong"


@pytest.mark.parametrize("chosen", Language)
def test_values_in_translated_words_are_escaped(chosen: Language) -> None:
    token = language._current_language.set(chosen)
    shown = (
        TEMPLATES[chosen]
        .env.from_string(
            '{{ _("ค้นหา %(query)s", query=query) }}{{ counted("%(what)s: สำเร็จ %(count)s ฉบับ", 2, what=query) }}'
        )
        .render(query="<script>")
    )
    language._current_language.reset(token)
    assert shown.count("&lt;script&gt;") == 2
    assert "<script>" not in shown


@pytest.mark.usefixtures("english")
def test_words_of_a_table_are_translated_when_they_are_shown() -> None:
    name = Marked("หนังสือรับ")
    assert TEMPLATES[Language.ENGLISH].env.from_string(
        "{{ name }}|{{ name | thai_digits }}"
    ).render(name=name) == ("Letters received|Letters received")
    assert name == "หนังสือรับ"
