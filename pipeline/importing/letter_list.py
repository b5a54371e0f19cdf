"""A list of letters as a table, whatever it was exported as: HTML, CSV in any Thai encoding, XLSX."""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from html.parser import HTMLParser
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from ocr.thai_text import normalize
from pipeline.importing.columns import count_known_headers
from pipeline.importing.errors import ListRefusedError

MOST_BYTES = 50 * 1024 * 1024
MOST_UNPACKED_BYTES = 300 * 1024 * 1024  # an XLSX is a ZIP
MOST_ROWS, MOST_COLUMNS, MOST_LETTERS = 50_000, 64, 4000
HEADER_WITHIN = 40  # rows; above it stand the system's title and search form
LINK = "(ลิงก์)"
"""The column that is made of the addresses which a row of an HTML table links to."""
Cells = tuple[str, ...]
# What openpyxl lets out for hostile bytes.
XLSX_ERRORS = (
    AttributeError,
    EOFError,
    InvalidFileException,
    KeyError,
    NotImplementedError,
    OSError,
    OverflowError,
    ParseError,
    TypeError,
    ValueError,
    IndexError,
    zipfile.BadZipFile,
    RuntimeError,
)


@dataclass(frozen=True, slots=True)
class LetterList:
    """A table with its header; every row is as wide as the header, headers are all different."""

    header: Cells
    rows: tuple[Cells, ...]


def read_list(name: str, data: bytes) -> LetterList:
    """Find the table of letters in an exported file; `name` is for messages only.

    What it is is told by its bytes: systems give HTML the name `.xls`. Raises ListRefusedError.
    """
    if not data.strip():
        raise ListRefusedError(name, "the file is empty")
    if len(data) > MOST_BYTES:
        raise ListRefusedError(name, f"it is larger than {MOST_BYTES >> 20} MiB")
    if data.startswith(b"PK"):
        tables = list(_xlsx_tables(name, data))
    else:
        text = decode_thai(data)
        is_html = re.search(r"<\s*(table|html|tr)\b", text[:200_000], re.IGNORECASE)
        tables = list(_html_tables(text)) if is_html else [_csv_table(name, text)]
    found = [one for one in map(_with_header, tables) if one is not None]
    if not found:
        raise ListRefusedError(name, "no table with columns such as ที่ เรื่อง ลงวันที่ was found")
    return max(found, key=lambda one: (count_known_headers(one.header), len(one.rows)))


def decode_thai(data: bytes) -> str:
    """Turn bytes into text: what a byte order mark says, else UTF-8, else TIS-620 as Windows has it."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp874", errors="replace")


def _with_header(rows: list[Cells]) -> LetterList | None:
    """Return the table from the row that looks most like a header; None where none does."""
    candidates = [
        (count_known_headers(row), -place) for place, row in enumerate(rows[:HEADER_WITHIN])
    ]
    best, place = max(candidates, default=(0, 0))
    if best < 2:
        return None
    header = _distinct(rows[-place])
    body = ((*row[: len(header)], *[""] * (len(header) - len(row))) for row in rows[1 - place :])
    return LetterList(header, tuple(row for row in body if _is_letter(row))[:MOST_ROWS])


def _is_letter(row: Cells) -> bool:
    """Tell a letter from what a printed list repeats on each page: its header, and a foot of a single cell."""
    filled = [cell for cell in row if cell]
    return (len(filled) > 1 or len(row) < 3) and count_known_headers(row) < 2 and bool(filled)


def _distinct(header: Cells) -> Cells:
    names: list[str] = []
    used = max((place for place, name in enumerate(header, start=1) if name), default=0)
    for name in header[: min(used, MOST_COLUMNS)]:
        wanted, number = name or "-", 2
        while wanted in names:
            wanted, number = f"{name or '-'} ({number})", number + 1
        names.append(wanted)
    return tuple(names)


def _clean(text: str) -> str:
    return normalize(" ".join(text[:MOST_LETTERS].split())).strip()


def _csv_table(name: str, text: str) -> list[Cells]:
    head = text[:5000]
    delimiter = max(",;\t|", key=head.count)
    try:
        rows = csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=delimiter)
        return [
            tuple(_clean(cell) for cell in row)
            for row, _ in zip(rows, range(MOST_ROWS), strict=False)
        ]
    except csv.Error as error:
        raise ListRefusedError(name, f"it is no CSV ({error})") from error


def _xlsx_tables(name: str, data: bytes) -> Iterator[list[Cells]]:
    """Yield the sheets' rows. Nothing is computed: a cell's last value counts."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(one.file_size for one in archive.infolist()) > MOST_UNPACKED_BYTES:
                raise ListRefusedError(name, "it unpacks to far more than a list holds")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # styles that are missing do no harm
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            for sheet in book.worksheets:
                yield [tuple(_shown(cell) for cell in row) for row in _rows_of(sheet)]
            book.close()
    except XLSX_ERRORS as error:
        raise ListRefusedError(name, f"it is no XLSX ({type(error).__name__})") from error


def _rows_of(sheet: Any) -> Iterable[tuple[object, ...]]:  # noqa: ANN401 - openpyxl has three kinds
    if not hasattr(sheet, "iter_rows"):
        return ()  # a chart
    rows: Iterable[tuple[object, ...]] = sheet.iter_rows(
        max_row=MOST_ROWS, max_col=MOST_COLUMNS, values_only=True
    )
    return rows


def _shown(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, date):  # a datetime is one too
        return cell.strftime("%Y-%m-%d")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return _clean(str(cell))


def _html_tables(text: str) -> Iterator[list[Cells]]:
    reader = _TableReader()
    reader.feed(text)
    reader.close()
    for table in reader.tables:
        if any(links for _, links in table):
            yield [(*cells, links) for cells, links in _padded(table)]
        else:
            yield [cells for cells, _ in table]


def _padded(table: list[tuple[Cells, str]]) -> list[tuple[Cells, str]]:
    """Make rows equally wide, so that the links stand in one column; their header is `LINK`."""
    width = max(len(cells) for cells, _ in table)
    header = max(
        range(min(len(table), HEADER_WITHIN)), key=lambda n: count_known_headers(table[n][0])
    )
    return [
        ((*cells, *[""] * (width - len(cells))), LINK if place == header else links)
        for place, (cells, links) in enumerate(table)
    ]


class _TableReader(HTMLParser):
    """Collects the rows of every table, nested ones too: each cell's words and the row's addresses."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[tuple[Cells, str]]] = []
        self._open: list[_OpenTable] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in ("script", "style"):
            self._silent += 1
        elif tag == "table" and len(self._open) < 50:
            self._open.append(_OpenTable())
        elif self._open:
            table = self._open[-1]
            if tag == "tr":
                table.end_row()
            elif tag in ("td", "th"):
                table.begin_cell(given.get("colspan", ""), given.get("rowspan", ""))
            elif tag == "a" and given.get("href"):
                table.links.append(given["href"])
            elif tag in ("br", "p", "div", "li"):
                table.add(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._silent = max(0, self._silent - 1)
        elif tag == "table" and self._open:
            self._end_table()
        elif tag == "tr" and self._open:
            self._open[-1].end_row()

    def handle_data(self, data: str) -> None:
        if self._open and not self._silent:
            self._open[-1].add(data)

    def close(self) -> None:
        super().close()
        while self._open:  # a file that was cut off
            self._end_table()

    def _end_table(self) -> None:
        table = self._open.pop()
        table.end_row()
        if table.rows:
            self.tables.append(table.rows)


class _OpenTable:
    """The table that is being read; its rows so far, and the cells of the row that is not ended.

    A cell over several rows stands in each of them.
    """

    def __init__(self) -> None:
        self.rows: list[tuple[Cells, str]] = []
        self.links: list[str] = []
        self._cells: list[list[str]] = []
        self._hanging: dict[int, tuple[int, list[str]]] = {}  # place → rows left, the cell

    def begin_cell(self, colspan: str, rowspan: str) -> None:
        self._hang_over()
        high = _span(rowspan)
        for _ in range(min(_span(colspan), MOST_COLUMNS - len(self._cells))):
            cell: list[str] = []
            if high > 1:
                self._hanging[len(self._cells)] = high - 1, cell
            self._cells.append(cell)

    def add(self, text: str) -> None:
        if self._cells:
            self._cells[-1].append(text)

    def end_row(self) -> None:
        if self._cells and len(self.rows) < MOST_ROWS:
            self._hang_over()
            cells = tuple(_clean("".join(cell)) for cell in self._cells)
            self.rows.append((cells, " ".join(self.links)[:MOST_LETTERS]))
        self._cells, self.links = [], []

    def _hang_over(self) -> None:
        """Put in the cells that hang over from rows above, where the next cell would stand."""
        while (place := len(self._cells)) in self._hanging:
            rows, cell = self._hanging.pop(place)
            if rows > 1:
                self._hanging[place] = rows - 1, cell
            self._cells.append([*cell])


def _span(said: str) -> int:
    return max(1, int(said)) if said.isascii() and said.isdigit() and len(said) < 3 else 1
