"""On the upload page a scan is filed under a receive number that was reserved for it."""

from __future__ import annotations

from index.book import Book
from pipeline.carry import Workbench
from pipeline.intake import Intake
from pipeline.office import Office
from tests import scans
from tests.unit.pipeline.test_worker import claim, work_one
from tests.unit.pipeline.web.sent.test_sent_pages import Page, page, upload

__all__ = ["page"]


def test_a_scan_is_filed_under_the_number_reserved_for_it(
    page: Page, book: Book, bench: Workbench, office: Office, intake: Intake
) -> None:
    page.post("/numbers/reserve", {"book": "receive", "note": "รอต้นฉบับ"})
    assert 'href="/upload?reserved=1/2569"' in page.get("/numbers").text
    assert '<option value="1/2569" selected>' in page.get("/upload?reserved=1/2569").text
    one, other = (scans.write_png(office.root / f"{name}.png", name) for name in ("a", "b"))
    both = upload(page, one, other, reserved="1/2569")
    assert both.count("เลือกไฟล์เดียว") == 2
    assert list((office.root / "handed-in" / "upload").glob("*.png")) == []
    broken = office.root / "ว่าง.pdf"
    broken.touch()
    upload(page, broken, reserved="1/2569")
    assert not book.reservations.all()[0].waits
    assert "จะลงรับในเลข ๑/๒๕๖๙ ที่จองไว้" in upload(page, one, reserved="1/2569")
    assert "ไปก่อนแล้ว โปรดเลือกเลขอื่น" in upload(page, other, reserved="1/2569")
    assert "รอสแกนที่ส่งแล้ว" in page.get("/numbers").text
    page.post("/numbers/let-go", {"number": "1/2569"})
    assert not book.reservations.all()[0].waits
    assert "จะลงรับ" in upload(page, one, reserved="1/2569")
    claim(intake)
    assert work_one(book, bench, office).detail == "1/2569"
    assert "ถูกใช้หรือยกเลิกแล้ว" in upload(page, other, reserved="1/2569")
