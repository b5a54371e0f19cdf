"""Scans with known text as letters of the judged set: what is printed decides, what was read is indexed."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import ocr
from benchmarks.synthetic_letters import MadeLetter
from classify.dates import parse_thai_date
from ocr.thai_text import to_arabic_digits

UNDATED = date(2020, 1, 1)
TITLES = ("นางสาว", "นาง", "นาย")


@dataclass(frozen=True, slots=True)
class ScannedLetter:
    """One scan: what is printed on it, as a letter, and what the reader made of it."""

    printed: MadeLetter
    read: str

    @property
    def known_by_page_only(self) -> MadeLetter:
        """The letter with the register's number and date, and nothing but the read text beside them."""
        lines = tuple(self.read.split("\n"))
        return replace(self.printed, subject="", sender="", recipient="", lines=lines)


def scanned_letters(folder: Path) -> list[ScannedLetter]:
    """Read the scans that `truth.json` in `folder` tells the text of; those marked secret are left out."""
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    open_ones = [name for name in sorted(truth) if not truth[name].get("secrecy")]
    return [
        ScannedLetter(_printed(number, truth[name]), ocr.read(folder / name).text)
        for number, name in enumerate(open_ones, start=1)
    ]


def _printed(letter_id: int, said: dict[str, object]) -> MadeLetter:
    def text(name: str) -> str:
        return str(said.get(name) or "")

    lines = said["text"]
    assert isinstance(lines, list)
    signer = text("signer")
    for title in TITLES:
        signer = signer.removeprefix(title)
    return MadeLetter(
        letter_id=letter_id,
        number=to_arabic_digits(text("number")),
        date=parse_thai_date(text("date")) or UNDATED,
        sender=text("sender"),
        recipient=text("to"),
        subject=text("subject"),
        group=text("group"),
        persons=(signer,) if " " in signer else ("ไม่มี ชื่อ",),
        lines=tuple(map(str, lines)),
    )
