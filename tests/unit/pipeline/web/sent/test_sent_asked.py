"""What cannot be meant of a letter to send is asked about once, with everything that was typed kept."""

from __future__ import annotations

import re
from datetime import timedelta

from index.book import Book
from tests.keeping import CLERK, NOW
from tests.unit.pipeline.web.sent.test_sent_pages import FORM, Page, page

__all__ = ["page"]


def test_what_was_asked_about_is_entered_when_it_is_given_again(page: Page, book: Book) -> None:
    form = {**FORM, "date": "16/1/2569", "recipient": ""}
    asked = page.post("/sent/new", form)
    carried = dict(re.findall(r'type="hidden" name="(sure|nobody)" value="([^"]*)"', asked.text))
    assert carried == {"sure": "16/1/2569", "nobody": "yes"}
    assert page.post("/sent/new", {**form, **carried}).status_code == 303
    order = page.post("/sent/new", {**FORM, "book": "order", "recipient": ""})
    assert order.status_code == 303, "an order goes to nobody"
    here = "/sent/send/1/2569"
    assert page.post(f"{here}/change", {**form, "subject": "แก้เรื่อง"}).status_code == 303


def test_the_way_back_after_drawing_draws_no_second_number_for_the_same_draft(
    page: Page, book: Book
) -> None:
    page.post("/sent/new", {**FORM, "key": "first"})
    restored = page.post("/sent/new", {**FORM, "key": "made anew by the page"})
    assert restored.status_code == 422
    assert "เลขทะเบียน ๑/๒๕๖๙" in restored.text
    changed = page.post("/sent/new", {**FORM, "key": "first", "subject": "แก้หลังออกเลข"})
    assert changed.status_code == 422, "the entry that was made does not swallow other words"
    assert "แก้หลังออกเลข" in changed.text
    assert book.sent.page(CLERK).total == 1
    assert page.post("/sent/new", {**FORM, "key": "third", "again": "yes"}).status_code == 303
    page.post("/sent/send/2/2569/cancel", {"reason": "พิมพ์ผิด"})
    page.post("/sent/send/1/2569/cancel", {"reason": "พิมพ์ผิด"})
    assert page.post("/sent/new", {**FORM, "key": "fourth"}).status_code == 303, "none stands"
    page.screen.now = NOW + timedelta(days=2)
    assert page.post("/sent/new", {**FORM, "key": "fifth"}).status_code == 303


def test_a_correction_that_is_refused_keeps_what_was_typed(page: Page, book: Book) -> None:
    page.post("/sent/new", FORM)
    wrong = {**FORM, "subject": "ที่เขียนไว้", "date": "31/2/2569"}
    answer = page.post("/sent/send/1/2569/change", wrong)
    assert answer.status_code == 422
    for kept in ("ที่เขียนไว้", "อ่านวันที่ “31/2/2569” ไม่ได้", 'value="31/2/2569"'):
        assert kept in answer.text
    assert book.sent.page(CLERK).entries[0].letter.subject == "ขอส่งรายงาน"  # type: ignore[union-attr]
