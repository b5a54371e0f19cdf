"""What an office sets about sending is read from its own file, and a wrong file is refused with its line."""

from __future__ import annotations

from importlib import resources

import pytest

from index.choices import SEND_BOOKS, BookName
from index.registered_letter import RegisterNumber
from pipeline.errors import SettingsRefusedError
from pipeline.office import Office
from pipeline.sending import load_sending

SHIPPED = resources.files("pipeline").joinpath("sending.toml").read_text("utf-8")


def write(office: Office, text: str) -> None:
    (office.rules / "sending.toml").write_text(text, "utf-8")


def test_without_a_file_of_its_own_an_office_has_the_shipped_one(office: Office) -> None:
    sending = load_sending(office)
    number = RegisterNumber(12, 2569)
    assert [sending.write_number(book, number) for book in SEND_BOOKS] == [
        "ศธ 04000/12",
        "ศธ 04000/ว 12",
        "12/2569",
        "12/2569",
    ]
    assert "ไปรษณีย์" in sending.ways
    assert sending.recipients[0].name == "โรงเรียนในสังกัด"


def test_the_office_writes_its_own_number_and_recipients(office: Office) -> None:
    text = SHIPPED.replace("ศธ 04000/ว {n}", "ศธ 04349/ว{n}").replace(
        "โรงเรียนวัดตัวอย่าง", "โรงเรียน ก"
    )
    write(office, text)
    sending = load_sending(office)
    assert sending.write_number(BookName.CIRCULAR, RegisterNumber(5, 2569)) == "ศธ 04349/ว5"
    assert "โรงเรียน ก" in sending.recipients[0].members


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("04000/ว {n}", "04000/ว", "numbers.circular lacks {n}"),
        ('all = "โรงเรียนในสังกัดทุกโรงเรียน"', "", "recipients lacks all"),
        ('  "โรงเรียนวัดตัวอย่าง",', "  7,", "recipients.members is 7"),
        ("[numbers]", "[number]", "unknown key number"),
    ],
)
def test_a_wrong_file_is_refused(office: Office, old: str, new: str, problem: str) -> None:
    write(office, SHIPPED.replace(old, new))
    with pytest.raises(SettingsRefusedError, match=problem.replace("{", r"\{")) as refused:
        load_sending(office)
    assert "rules/sending.toml:" in str(refused.value)
