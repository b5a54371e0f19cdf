"""An office with an open book and an engine that reads what it is told, for the pipeline's tests."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from classify import RuleSet, install_default_rules, load_rules
from index.archive import Archive
from index.book import Book
from ocr import Box, Line, Origin, Page, PagePicture, Word
from pipeline.carry import Workbench
from pipeline.intake import Intake
from pipeline.office import Office, create_office, open_book, open_office
from tests.keeping import NOW

LETTER = (
    "ที่ ศธ ๐๔๐๐๖/๑๒๗๔",
    "สำนักงานคณะกรรมการการศึกษาขั้นพื้นฐาน",
    "๑๕ มกราคม ๒๕๖๙",
    "เรื่อง การจัดสรรงบประมาณ งบลงทุน",
    "เรียน ผู้อำนวยการสำนักงานเขตพื้นที่การศึกษา",
)
SECRET = ("ลับ", *LETTER)
SETTINGS = "[watch]\nsettle_seconds = 0.001\npatience_seconds = 0.001\n[work]\nattempts = 2\n[web]\napi_a_minute = 0\n"


@dataclass
class ToldEngine:
    """An engine that reads the lines it was told, whatever is on the page; or fails as told."""

    lines: tuple[str, ...] = LETTER
    failing: Callable[[], Exception] | None = None
    name: str = "told"
    confidence: float = 0.99
    pages: list[int] = field(default_factory=list)

    def read_page(self, picture: PagePicture, number: int) -> Page:
        self.pages.append(number)
        if self.failing is not None:
            raise self.failing()
        height = picture.height // (len(self.lines) + 2)
        lines = []
        for place, text in enumerate(self.lines, start=1):
            box = Box(10, place * height, picture.width - 10, place * height + height // 2)
            lines.append(Line(text, box, (Word(text, box, self.confidence),), self.confidence))
        return Page(
            number, picture.width, picture.height, 300, 0, tuple(lines), Origin.RECOGNIZED, "told"
        )


@pytest.fixture(scope="session")
def made_office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office made once: making the tables takes longer than most tests."""
    made = create_office(tmp_path_factory.mktemp("made") / "office")
    install_default_rules(made.rules)
    (made.root / "saraban.toml").write_text(SETTINGS, "utf-8")
    open_book(made).close()
    return made.root


@pytest.fixture
def office(made_office: Path, tmp_path: Path) -> Office:
    return open_office(shutil.copytree(made_office, tmp_path / "office"))


@pytest.fixture(scope="session")
def shipped_rules() -> RuleSet:
    return load_rules()


@pytest.fixture
def book(office: Office) -> Iterator[Book]:
    with open_book(office) as opened:
        yield opened


@pytest.fixture
def engine() -> ToldEngine:
    return ToldEngine()


@pytest.fixture
def bench(office: Office, book: Book, engine: ToldEngine, shipped_rules: RuleSet) -> Workbench:
    return Workbench(
        book=book,
        archive=Archive(office.archive),
        office=office,
        rules=lambda: shipped_rules,
        thresholds=office.settings.review,
        clock=lambda: NOW,
        engine=engine,
    )


@pytest.fixture
def intake(office: Office, book: Book) -> Intake:
    return Intake(
        office,
        book,
        Archive(office.archive),
        identity="test",
        clock=lambda: datetime.now(UTC).astimezone(office.zone),
    )
