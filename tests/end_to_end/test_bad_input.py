"""Bad input never stops the line: everything ends in quarantine with a reason, or as a duplicate."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from tests import scans
from tests.offices import Ran, TestOffice, make_office

pytestmark = pytest.mark.engine
TELLING_NAME = "เรื่องลับของนายสมมติ.pdf"
LONG_NAME = ("หนังสือราชการ ด่วน " + "ก" * 80)[:84] + ".tif"


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> tuple[TestOffice, Ran]:
    """An office whose inbox held one of every kind of trouble and two good scans, and what it said."""
    office = make_office(tmp_path_factory.mktemp("office"))
    fill(office.inbox)
    return office, office.work_once()


@pytest.fixture(scope="module")
def office(worked: tuple[TestOffice, Ran]) -> TestOffice:
    return worked[0]


def fill(inbox: Path) -> None:
    (inbox / "zero.pdf").touch()
    whole = scans.write_pdf(inbox / "cut.pdf", "cut").read_bytes()
    (inbox / "cut.pdf").write_bytes(whole[: len(whole) // 2])
    scans.write_locked_pdf(inbox / "locked.pdf", "secret word")
    (inbox / TELLING_NAME).write_text("no scan", encoding="utf-8")
    (inbox / "text.pdf").write_text("เรียน ผู้อำนวยการ\n" * 20, encoding="utf-8")
    (inbox / "sheet.docx").write_bytes(b"PK\x03\x04" + bytes(200))
    Image.new("1", (30_000, 30_000), 1).save(inbox / "huge.tif", compression="group4")
    (inbox / "link.pdf").symlink_to("/etc/hostname")
    assert len(LONG_NAME.encode()) > 200
    scans.write_tiff(inbox / LONG_NAME, "long name")
    scans.write_png(inbox / "good.png", "good")
    (inbox / "good again.png").write_bytes((inbox / "good.png").read_bytes())


def test_every_file_ends_somewhere(office: TestOffice) -> None:
    status = office.status()
    assert list(office.inbox.iterdir()) == []
    assert status["waiting"] == 0
    assert status["filed"] + status["quarantined"] + status["duplicates"] == status["received"]
    assert (status["filed"], status["duplicates"]) == (2, 1)


@pytest.mark.parametrize(
    ("name", "code", "thai", "english"),
    [
        ("zero.pdf", "empty", "ว่างเปล่า", "empty"),
        ("cut.pdf", "unfinished", "ไม่ครบ", "cut off"),
        ("locked.pdf", "password", "รหัสผ่าน", "password"),
        ("text.pdf", "unsupported-type", "ไม่ใช่ PDF", "not PDF"),
        ("sheet.docx", "unsupported-type", "ไม่ใช่ PDF", "not PDF"),
        ("huge.tif", "too-large", "ใหญ่เกิน", "pixels"),
        ("link.pdf", "not-a-file", "ลิงก์", "link"),
    ],
)
def test_the_reason_stands_beside_the_file(
    office: TestOffice, name: str, code: str, thai: str, english: str
) -> None:
    note = office.quarantined()[name]
    assert f"Code: {code}" in note
    assert thai in note
    assert english in note
    kept = office.root / "quarantine" / name
    assert kept.is_symlink() or kept.exists()


def test_the_original_is_kept_unchanged(office: TestOffice) -> None:
    kept = office.root / "quarantine" / "text.pdf"
    assert kept.read_text("utf-8") == "เรียน ผู้อำนวยการ\n" * 20


def test_a_long_thai_name_is_no_trouble(office: TestOffice) -> None:
    assert not any("หนังสือราชการ" in name for name in office.quarantined())


def test_the_same_bad_file_again_is_set_aside_again(office: TestOffice) -> None:
    (office.inbox / "text.pdf").write_text("เรียน ผู้อำนวยการ\n" * 20, encoding="utf-8")
    office.work_once()
    assert list(office.inbox.iterdir()) == []
    assert "text (2).pdf" in office.quarantined()
    assert office.status()["filed"] == 2, "as before"


def test_file_names_are_not_in_the_log(worked: tuple[TestOffice, Ran]) -> None:
    office, ran = worked
    assert TELLING_NAME in office.quarantined()
    assert "set aside" in ran.err
    assert "สมมติ" not in ran.err + ran.out


def test_book_archive_and_index_agree_in_the_end(office: TestOffice) -> None:
    checked = office.saraban("check")
    assert checked.code == 0, checked.out
