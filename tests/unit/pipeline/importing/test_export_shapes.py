"""Lists as AMSS++, Smart OBEC and e-filing hand them out are read letter by letter; all were made here.

HTML under the name .xls in Windows-874, printed page by page; cells merged over rows; running numbers below ที่.
"""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest

from pipeline.importing.columns import propose_columns
from pipeline.importing.letter_list import read_list
from pipeline.importing.listed_letter import ListedLetter, read_rows
from pipeline.importing.profiles import profile_for

AMSS_HEAD = "<tr><th>ที่<th>เลขทะเบียนรับ<th>เลขที่หนังสือ<th>ลงวันที่<th>เรื่อง<th>จาก</tr>"
AMSS_FOOT = "<tr><td colspan=6>หน้า {} จาก 2 พิมพ์เมื่อ 1 ต.ค. 2568</tr>"
AMSS = (
    "<html><body><table><tr><td colspan=6>ทะเบียนหนังสือรับ สพป.สมมติ</tr>"
    + AMSS_HEAD
    + "<tr><td>1<td>901<td>ศธ 04049/2421<td rowspan=2>18 ก.ย. 2568<td>ซ่อมอาคาร<td rowspan='2'>สพฐ.</tr>"
    + "<tr><td>2<td>902<td>ศธ 04049/ว 7<td>อบรมครู</tr>"
    + AMSS_FOOT.format(1)
    + AMSS_HEAD
    + "<tr><td>3<td>903<td>กค 0402.2/9<td>19/09/2568<td>บำเหน็จบำนาญ<td>กรมบัญชีกลาง</tr>"
    + AMSS_FOOT.format(2)
    + "</table></body></html>"
)
SMART_OBEC = (
    "เลขที่,หนังสือที่,ชื่อเรื่อง,หน่วยงานที่ส่ง,วันที่หนังสือ\r\n"
    "1,ศธ 04049/2421,ซ่อมอาคาร,สพฐ.,18/09/2568\r\n"
    "2,ศธ 04049/ว 7,อบรมครู,สพฐ.,18/09/2568\r\n"
    "3,กค 0402.2/9,บำเหน็จบำนาญ,กรมบัญชีกลาง,19/09/2568\r\n"
    "รวม 3 รายการ,,,,\r\n"
)


def efiling() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["ระบบ e-filing ทะเบียนรับ"])
    sheet.merge_cells("A1:E1")
    sheet.append(["ที่", "เลขอ้างอิงหนังสือ", "ลงวันที่", "เรื่อง", "จาก"])
    sheet.append([1, "ศธ ๐๔๐๔๙/๒๔๒๑", date(2025, 9, 18), "ซ่อมอาคาร", "สพฐ."])
    sheet.append([2, "ศธ ๐๔๐๔๙/ว ๗", date(2025, 9, 18), "อบรมครู", "สพฐ."])
    sheet.append([3, "กค ๐๔๐๒.๒/๙", date(2025, 9, 19), "บำเหน็จบำนาญ", "กรมบัญชีกลาง"])
    sheet.append([None, None, None, "ผู้พิมพ์ สมมติ", None])
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def read(name: str, data: bytes) -> tuple[ListedLetter, ...]:
    letters = read_list(name, data)
    columns = propose_columns(letters.header, letters.rows)
    return read_rows(letters, profile_for("x", letters.header, columns))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("list.xls", AMSS.encode("cp874")),
        ("list.csv", SMART_OBEC.encode("cp874")),
        ("list.xlsx", efiling()),
    ],
    ids=["AMSS++", "Smart OBEC", "e-filing"],
)
def test_each_row_is_a_letter_and_nothing_else_is(name: str, data: bytes) -> None:
    claims = [one.claims for one in read(name, data)]
    assert [(one.number, one.date, one.subject, one.sender) for one in claims] == [
        ("ศธ 04049/2421", date(2025, 9, 18), "ซ่อมอาคาร", "สพฐ."),
        ("ศธ 04049/ว 7", date(2025, 9, 18), "อบรมครู", "สพฐ."),
        ("กค 0402.2/9", date(2025, 9, 19), "บำเหน็จบำนาญ", "กรมบัญชีกลาง"),
    ]


def test_running_numbers_are_no_letter_numbers() -> None:
    header, rows = ("ที่", "เรื่อง"), [("1", "ก"), ("2", "ข")]
    assert propose_columns(header, rows) == {"subject": "เรื่อง"}
    assert propose_columns(header, [("ศธ 04049/1", "ก"), ("", "ข")])["number"] == "ที่"
