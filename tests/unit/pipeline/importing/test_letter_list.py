"""Lists of letters are read whatever system exported them, and their columns are proposed from the header."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest

from classify.letter import Secrecy, Urgency
from pipeline.importing.columns import propose_columns
from pipeline.importing.errors import ListRefusedError, ProfileRefusedError
from pipeline.importing.letter_list import LetterList, read_list
from pipeline.importing.listed_letter import read_date, read_file_names, read_rows
from pipeline.importing.profiles import Profile, Profiles, profile_for
from pipeline.office import Office

AMSS = """<html><head><meta charset="utf-8"></head><body>
<table><tr><td>ทะเบียนหนังสือรับ <table><tr><td>เมนู</td></tr></table></td></tr></table>
<table border=1>
<tr><td colspan=7>หนังสือรับ ระหว่างวันที่ ๑ - ๓๐ กันยายน</td></tr>
<tr><th>เลขทะเบียน<th>ที่<th>เรื่อง<th>รายละเอียด<th>ลงวันที่<th>จาก<th>วันเวลาส่ง</tr>
<tr><td>152590<td>ศธ 04349/ว3694<td>การจัดสรร&nbsp;งบประมาณ
<td><a href="modules/book/upload/b152590.pdf?x=1">ดู</a><td>18 กย 2568<td>สพป.<b>สมมติ</b><td>10:22</tr>
<tr><td>152591<td>ศธ ๐๔๐๐๖/๑๒<td>ส ำรวจข้อมูล<td><script>alert(1)</script><td>๑๙ กันยายน ๒๕๖๘<td>สพฐ.<td></tr>
</table>"""
CSV = "ลำดับ,เลขที่หนังสือ,เรื่อง,วันที่,จาก,ชั้นความเร็ว,ชั้นความลับ,ไฟล์\n1,ศธ 04349/ว3694,ทดสอบ,18/09/2568,สพป.,ด่วนที่สุด,ลับ,a.pdf\n"


def read(letters: LetterList) -> Profile:
    return profile_for("ทดสอบ", letters.header, propose_columns(letters.header))


def test_an_html_table_of_amss_is_found_between_the_layout_tables() -> None:
    letters = read_list("list.xls", AMSS.encode())
    profile = read(letters)
    assert profile.columns["number"] == "ที่"
    first, second = read_rows(letters, profile)
    assert first.claims.number == "ศธ 04349/ว 3694"
    assert first.claims.date == date(2025, 9, 18)
    assert first.claims.subject == "การจัดสรร งบประมาณ"
    assert first.claims.sender == "สพป.สมมติ"
    assert "b152590.pdf" in " ".join(first.files)
    assert second.claims.date == date(2025, 9, 19)
    assert second.claims.subject == "สำรวจข้อมูล"
    assert "alert" not in str(letters)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp874", "tis-620", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_in_every_thai_encoding(encoding: str, delimiter: str) -> None:
    letters = read_list("list.csv", CSV.replace(",", delimiter).encode(encoding))
    (row,) = read_rows(letters, read(letters))
    assert row.claims.number == "ศธ 04349/ว 3694"
    assert row.claims.date == date(2025, 9, 18)
    assert (row.claims.urgency, row.secrecy) == (Urgency.MOST_URGENT, Secrecy.SECRET)
    assert row.files == ("a.pdf",)


def test_a_workbook_is_read_below_its_title_with_real_dates() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["ทะเบียนหนังสือรับ"])
    sheet.append(["ที่", "เรื่อง", "ลงวันที่", "เรื่อง"])
    sheet.append(["ศธ 04006/12", "ก", date(2025, 9, 18), "ข"])
    sheet.append([None, None, None, None])
    data = io.BytesIO()
    book.save(data)
    letters = read_list("list.xlsx", data.getvalue())
    assert letters.header == ("ที่", "เรื่อง", "ลงวันที่", "เรื่อง (2)")
    (row,) = read_rows(letters, read(letters))
    assert (row.claims.date, row.claims.subject) == (date(2025, 9, 18), "ก")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"   ",
        b"hello",
        b"PK\x03\x04broken",
        b"<table><tr><td>x</table>",
        b"a,b\n1,2\n",
        b"\xff\xfe",
    ],
)
def test_what_is_no_list_is_refused_with_advice(data: bytes) -> None:
    with pytest.raises(ListRefusedError, match="export the list again"):
        read_list("x", data)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("18 กย 2568", date(2025, 9, 18)),
        ("๑๘ ก.ย. ๖๘", date(2025, 9, 18)),
        ("18/9/2568 10:22", date(2025, 9, 18)),
        ("18-09-68", date(2025, 9, 18)),
        ("2025-09-18", date(2025, 9, 18)),
        ("2568-09-18", date(2025, 9, 18)),
        ("31/02/2568", None),
        ("เมื่อวาน", None),
    ],
)
def test_dates_are_read_as_systems_write_them(text: str, value: date | None) -> None:
    assert read_date(text) == value


def test_file_names_are_the_last_part_of_addresses() -> None:
    assert read_file_names("a.pdf, ข ค.pdf") == ("a.pdf", "ข ค.pdf", "ข", "ค.pdf")
    assert read_file_names("https://x.go.th/up/%E0%B8%81.pdf") == ("ก.pdf",)
    assert read_file_names(r"C:\down\b.pdf") == ("b.pdf",)
    assert read_file_names("view.php?file=c.pdf") == ("view.php", "c.pdf")
    assert read_file_names("") == ()


def test_a_profile_is_proposed_once_then_kept_under_its_name(office: Office) -> None:
    header = ("ที่", "เรื่อง", 'แปลก "มาก"\\')
    profiles = Profiles(office)
    assert profiles.names() == ()
    proposed = profiles.find("AMSS++", header)
    assert proposed.columns == {"number": "ที่", "subject": "เรื่อง"}
    chosen = profile_for("AMSS++", header, {"subject": header[2], "sender": ""})
    profiles.keep(chosen)
    assert profiles.names() == ("AMSS++",)
    assert profiles.find("AMSS++", header) == chosen
    with pytest.raises(ProfileRefusedError, match="no column"):
        profiles.find("AMSS++", ("ที่", "เรื่อง"))


@pytest.mark.parametrize("name", ["", "../x", "a/b", "a\\b", ".x", "x" * 41, "a\nb", "nul\0"])
def test_a_profiles_name_is_no_path(office: Office, name: str) -> None:
    with pytest.raises(ProfileRefusedError):
        Profiles(office).find(name, ("ที่", "เรื่อง"))


def test_a_profile_file_that_somebody_broke_is_refused(office: Office) -> None:
    folder = office.root / "imports" / "profiles"
    folder.mkdir(parents=True)
    for text in ("[columns", "columns = 1", "[other]"):
        (folder / "x.toml").write_text(text, "utf-8")
        with pytest.raises(ProfileRefusedError):
            Profiles(office).find("x", ("ที่", "เรื่อง"))
