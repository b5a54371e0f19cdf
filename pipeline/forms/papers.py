"""What is no table: labels for the store, the separator sheet, the destruction certificate."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from operator import attrgetter

import segno

from classify.batches import SEPARATOR_PAYLOAD
from index.retention.lists import StoreLine
from ocr.thai_text import BUDDHIST_ERA, to_thai_digits
from pipeline.forms.form import Column
from pipeline.forms.sheet import Row, Signature
from pipeline.forms.typeset import compile_pdf, frame, printed_rows

SEPARATOR_CONTENT = f"{SEPARATOR_PAYLOAD}:1"
"""What the QR code of the separator sheet says; whoever reads a scan looks for it."""


@dataclass(frozen=True, slots=True)
class Label:
    """What stands on a file's label; the years are the letters', Gregorian.

    `keep_until` is the latest year of its letters, None where one has no year; `for_good` when one
    of them is kept for good.
    """

    file_code: str
    shelf: str
    box: str
    letters: int
    first_year: int | None
    last_year: int | None
    keep_until: int | None
    for_good: bool

    @property
    def stamp(self) -> str:
        """The words of the retention stamp for the whole file."""
        if self.for_good:
            return "ห้ามทำลาย"
        if self.keep_until is None:
            return "ยังไม่กำหนดอายุการเก็บ"
        return f"เก็บถึง พ.ศ. {self.keep_until + BUDDHIST_ERA}"

    @property
    def years(self) -> str:
        """The years of its letters, in the Buddhist era."""
        years = [
            str(year + BUDDHIST_ERA)
            for year in dict.fromkeys((self.first_year, self.last_year))
            if year is not None
        ]
        return f"หนังสือปี {'–'.join(years)}" if years else ""


def make_labels(lines: Iterable[StoreLine]) -> list[Label]:
    """Return one label for each file of the store, by shelf, box and file code."""
    labels: dict[tuple[str, str, str], Label] = {}
    for line in lines:
        if line.place is None:
            continue
        key = (line.place.shelf, line.place.box, line.place.file_code)
        year = line.letter.date.year if line.letter.date else None
        one = Label(
            file_code=line.place.file_code,
            shelf=line.place.shelf,
            box=line.place.box,
            letters=1,
            first_year=year,
            last_year=year,
            keep_until=line.period.keep_until_year,
            for_good=line.period.is_for_good,
        )
        labels[key] = _join(labels[key], one) if key in labels else one
    return sorted(labels.values(), key=attrgetter("shelf", "box", "file_code"))


def _join(label: Label, one: Label) -> Label:
    years = [
        year for year in (label.first_year, label.last_year, one.first_year) if year is not None
    ]
    both = None not in (label.keep_until, one.keep_until)
    return replace(
        label,
        letters=label.letters + one.letters,
        first_year=min(years, default=None),
        last_year=max(years, default=None),
        keep_until=max(label.keep_until or 0, one.keep_until or 0) if both else None,
        for_good=label.for_good or one.for_good,
    )


def typeset_labels(labels: Sequence[Label], office: str, now: datetime) -> bytes:
    """Return A4 sheets of fourteen labels, 99.1 by 38.1 mm, two in a row, as they are sold."""
    shown = [
        {
            "file_code": to_thai_digits(label.file_code),
            "place": to_thai_digits(
                "  ".join(
                    f"{word} {code}"
                    for word, code in (("ชั้น", label.shelf), ("กล่อง", label.box))
                    if code
                )
            ),
            "years": to_thai_digits(label.years),
            "letters": f"{to_thai_digits(str(label.letters))} ฉบับ",
            "stamp": to_thai_digits(label.stamp),
        }
        for label in labels
    ]
    data = frame("ป้ายแฟ้ม", office, now) | {"labels": shown}
    return compile_pdf("labels.typ", data, now)


def typeset_separator(office: str, now: datetime) -> bytes:
    """Return the sheet that is laid between letters in the scanner's feeder."""
    stream = io.BytesIO()
    # High error correction: the sheet is used again and again.
    segno.make(SEPARATOR_CONTENT, error="h", micro=False).save(stream, kind="svg", border=4)
    use = "วางแผ่นนี้ระหว่างหนังสือแต่ละฉบับก่อนสแกน ใช้ซ้ำได้"
    data = frame("แผ่นคั่นหนังสือ", office, now) | {"use": use}
    return compile_pdf("separator.typ", data, now, code=stream.getvalue().decode())


@dataclass(frozen=True, slots=True)
class Paper:
    """A certificate, memo, order or letter: a title, paragraphs, a table, and who signs it.

    `centred` are lines under the title, `heads` names and values in turn, a line each (ที่, วันที่, เรื่อง);
    `after` are paragraphs below the table. `seals` are hashes by name before the signatures, `behind` is
    a list of further hashes by name, after the signatures.
    """

    title: str
    office: str
    paragraphs: tuple[str, ...]
    centred: tuple[str, ...] = ()
    heads: tuple[tuple[str, ...], ...] = ()
    after: tuple[str, ...] = ()
    closing: str = ""
    columns: tuple[Column, ...] = ()
    rows: tuple[Row, ...] = ()
    seals: tuple[tuple[str, str], ...] = ()
    behind_title: str = ""
    behind: tuple[tuple[str, str], ...] = ()
    signatures: tuple[Signature, ...] = ()
    small_print: str = ""


def typeset_paper(paper: Paper, now: datetime) -> bytes:
    """Return a certificate as a PDF; paragraphs and figures in Thai digits, hashes as they are."""
    data = frame(paper.title, paper.office, now, signatures=paper.signatures) | {
        "small_print": to_thai_digits(paper.small_print),
        "centred": [to_thai_digits(one) for one in paper.centred],
        "heads": [[to_thai_digits(part) for part in head] for head in paper.heads],
        "paragraphs": [to_thai_digits(one) for one in paper.paragraphs],
        "after": [to_thai_digits(one) for one in paper.after],
        "closing": paper.closing,
        "columns": [column.title for column in paper.columns],
        "widths": [column.width for column in paper.columns],
        "rows": printed_rows(paper.columns, paper.rows),
        "seals": [{"name": name, "value": value} for name, value in paper.seals],
        "behind_title": to_thai_digits(paper.behind_title),
        "behind": [{"name": to_thai_digits(name), "value": value} for name, value in paper.behind],
    }
    return compile_pdf("paper.typ", data, now)
