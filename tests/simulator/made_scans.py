"""Scans that are a few hundred bytes long, and a reading that takes their word for what is on them."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any
from unittest.mock import patch

from PIL import Image

from classify.letter import Secrecy
from ocr import RecognizedDocument
from ocr.document import Box, Line, Origin, Page, Word
from ocr.errors import UnreadableFileError
from ocr.searchable_pdf import LayerCheck
from pipeline.carry import Understood
from tests.keeping import make_filing
from watch_folder.whole import check_whole

START, END = b"SARABAN:", b":NABARAS"


class Kind(StrEnum):
    """What a made-up scan is, and so how it has to end."""

    PLAIN = "plain"
    SECRET = "secret"
    PAIR = "pair"
    """Two letters in one file: the second is cut out and becomes a letter of its own."""
    UNREADABLE = "unreadable"
    FAULT = "fault"
    """Reading it meets a fault of the program."""
    DEADLY = "deadly"
    """Its process dies of it each time."""
    HEAVY = "heavy"
    """Its process is ended because its time is over."""
    BROKEN_OFF = "broken off"
    """It never gets its last bytes: the door refuses it."""

    @property
    def is_good(self) -> bool:
        """Whether it has to be filed; the others end in quarantine."""
        return self in (Kind.PLAIN, Kind.SECRET, Kind.PAIR)


class DeadlyError(BaseException):
    """Where a real process would die; `overran` where its time would be over."""

    def __init__(self, *, overran: bool) -> None:
        self.overran = overran
        super().__init__("the process dies here")


@dataclass(frozen=True, slots=True)
class MadeScan:
    """A scan by its number and kind; the same bytes each time."""

    number: str
    kind: Kind

    @property
    def data(self) -> bytes:
        """A JPEG that is whole, but for one that is broken off, with its word in a comment."""
        word = START + json.dumps({"number": self.number, "kind": self.kind}).encode() + END
        stream = io.BytesIO()
        Image.new("L", (8, 8), 255).save(stream, "JPEG", comment=word)
        return stream.getvalue()[: -30 if self.kind is Kind.BROKEN_OFF else None]

    @property
    def piece(self) -> MadeScan:
        """The second letter of a pair."""
        return MadeScan(f"{self.number}b", Kind.PLAIN)

    @classmethod
    def of(cls, path: Path) -> MadeScan:
        """Return what a file says of itself. Raises UnreadableFileError for one that was not made here."""
        data = path.read_bytes()
        if START not in data or END not in data:
            raise UnreadableFileError(path)
        told = json.loads(data[data.index(START) + len(START) : data.index(END)])
        return cls(told["number"], Kind(told["kind"]))


@dataclass(frozen=True, slots=True)
class _LaidOut:
    """Stands for `classify.LaidOut`: the journey hands it on and asks it for its document only."""

    document: RecognizedDocument
    scan: MadeScan


def _read(path: Path, **_engine: object) -> _LaidOut:
    scan = MadeScan.of(path)
    if scan.kind in (Kind.UNREADABLE, Kind.BROKEN_OFF):
        raise UnreadableFileError(path)
    if scan.kind is Kind.FAULT:
        raise RuntimeError("a fault of the program")
    if scan.kind in (Kind.DEADLY, Kind.HEAVY):
        raise DeadlyError(overran=scan.kind is Kind.HEAVY)
    box = Box(1, 1, 7, 3)
    lines = (Line(scan.number, box, (Word(scan.number, box, 0.99),), 0.99),)
    count = 2 if scan.kind is Kind.PAIR else 1
    pages = tuple(
        Page(number, 8, 8, 75, 0, lines, Origin.RECOGNIZED, "made up")
        for number in range(1, count + 1)
    )
    return _LaidOut(RecognizedDocument(path.name, pages), scan)


def _find_cut(_job: object, laid_out: _LaidOut, _decide: object) -> tuple[range, ...]:
    return (range(1, 2), range(2, 3)) if laid_out.scan.kind is Kind.PAIR else ()


def _take_pages(laid_out: _LaidOut, pages: range) -> _LaidOut:
    taken = laid_out.document.pages[: len(pages)]
    return replace(laid_out, document=replace(laid_out.document, pages=taken))


def _decide_on(laid_out: _LaidOut, _rules: object, _today: date, **_named: object) -> Any:
    secrecy = Secrecy.SECRET if laid_out.scan.kind is Kind.SECRET else Secrecy.NONE
    filing = make_filing(
        number=f"ศธ 04001/{laid_out.scan.number}", subject=laid_out.scan.number, secrecy=secrecy
    )
    return Understood(laid_out, filing.letter, filing.decision)  # type: ignore[arg-type]


def _cut_pages(source: Path, pages: range, target: Path) -> None:
    pair = MadeScan.of(source)
    own = MadeScan(f"{pair.number}a", Kind.PLAIN)
    target.write_bytes((pair.piece if pages[0] > 1 else own).data)


def _write_searchable(path: Path, _document: object, target: Path) -> LayerCheck:
    target.write_bytes(b"%PDF searchable " + MadeScan.of(path).number.encode())
    return LayerCheck(passed=True, found_share_by_reader={}, archival=True)


@contextmanager
def made_up_reading() -> Iterator[None]:
    """Let the journey take the scans' word instead of reading, laying out and deciding."""
    with ExitStack() as stack:
        for target, made_up in (
            ("pipeline.carry.ocr.read", _read),
            ("pipeline.carry.lay_out_document", lambda laid_out: laid_out),
            ("pipeline.carry.find_cut", _find_cut),
            ("pipeline.carry.take_pages", _take_pages),
            ("pipeline.carry.decide_on", _decide_on),
            ("pipeline.carry.propose_split", lambda *_told, **_named: ()),
            ("pipeline.carry.cut_pages", _cut_pages),
            ("pipeline.cutting.page_range.cut_pages", _cut_pages),
            ("pipeline.carry.ocr.write_searchable_pdf", _write_searchable),
            ("pipeline.carry.hash_first_page", lambda _path: ""),
            ("pipeline.handed_in.OUTSIDE", check_whole),
        ):
            stack.enter_context(patch(target, made_up))
        yield
