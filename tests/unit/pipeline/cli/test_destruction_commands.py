"""`saraban retention destroy` asks twice, destroys everywhere, and a tombstone is shown ever after."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import datetime, tzinfo
from pathlib import Path

import httpx
import pytest

from index.archive import Archive, Shelf
from index.book import Book
from index.register.received.parts import Piece, Rest
from pipeline.cli import retention_options
from pipeline.finder import Finder
from pipeline.indexer import Indexer
from pipeline.office import Office, sole_server
from pipeline.rules_in_force import RulesInForce
from pipeline.web.app import make_app
from pipeline.web.site.viewer import who_looks
from tests.destroying import EXECUTOR, MARCH, approve, keep_with_files
from tests.keeping import CLERK, NOW
from tests.retaining import LAW

Say = Callable[..., tuple[int, str, str]]
HERE = "http://127.0.0.1:8470"
BURNT = (
    *("--by", EXECUTOR.name, "--witness", "อนันต์", "--paper", "destroyed", "--method", "เผา"),
    *("--place", "ลานหลังสำนักงาน", "--paper-on", "2038-03-14", "--backups-gone", "2038-09-30"),
    *("--electronic-order", "คำสั่งที่ ๙/๒๕๘๑"),
)


class MarchClock(datetime):
    """The clock of the day on which the batch may be carried out."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> MarchClock:
        return cls.fromtimestamp(MARCH.timestamp(), tz)


@pytest.fixture
def say(monkeypatch: pytest.MonkeyPatch, saraban: Say) -> Say:
    monkeypatch.setattr(retention_options, "datetime", MarchClock)
    return saraban


@pytest.fixture
def indexed(office: Office, book: Book, tmp_path: Path) -> Office:
    """Letters 1 and 2, read, indexed, with a picture of a page in the cache; 1 is given up by all."""
    retention, archive = book.retention(LAW), Archive(office.archive)
    for key in (1, 2):
        keep_with_files(book, retention, archive, tmp_path, key, pages=2)
    indexer = Indexer(office.search_index, office.settings.search.engine, book, {})
    indexer.step()
    indexer.close()
    office.pictures.mkdir(parents=True)
    for sha256, _ in archive.names(Shelf.SEARCHABLE):
        (office.pictures / f"{sha256}-1-10x10.jpg").write_bytes(b"a page")
    approve(retention, [1])
    return office


def in_index(office: Office) -> list[int]:
    finder = Finder(office.search_index, office.settings.search.engine, {})
    letters = sorted(key.id for key in finder.revisions())
    finder.close()
    return letters


def test_a_destruction_removes_files_pictures_text_and_index_entry(
    indexed: Office, book: Book, say: Say
) -> None:
    assert in_index(indexed) == [1, 2]
    code, out, err = say("retention", "destroy", "--batch", "2581-1", *BURNT, "--yes", "--json")
    assert code == 0, err
    made = json.loads(out)
    assert (made["number"], made["executor"]) == ("ท 2581-1", EXECUTOR.name)
    assert [line["register_number"] for line in made["lines"]] == ["1/2569"]
    assert in_index(indexed) == [2]
    assert len(list(indexed.pictures.iterdir())) == 1
    assert say("check")[0] == 0
    shown = json.loads(say("show", "1/2569", "--json")[1])
    assert (shown["text"], shown["destroyed"]["batch"]) == ("", "2581-1")
    assert "ท 2581-1" in say("retention", "certificate", "--batch", "2581-1")[1]


def test_the_number_of_the_batch_is_asked_again(
    indexed: Office, book: Book, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("click.prompt", lambda *_a, **_k: "2581-9")
    code, _, err = say("retention", "destroy", "--batch", "2581-1", *BURNT)
    assert (code, "nothing was touched" in err) == (2, True)
    assert in_index(indexed) == [1, 2]
    monkeypatch.setattr("click.prompt", lambda *_a, **_k: " 2581-1 ")
    assert say("retention", "destroy", "--batch", "2581-1", *BURNT)[0] == 0
    assert in_index(indexed) == [2]


def test_looking_changes_nothing_and_says_what_would_go(indexed: Office, say: Say) -> None:
    out = say("retention", "destroy", "--batch", "2581-1", "--look", "--json", *BURNT)[1]
    told = json.loads(out)
    assert [(one["register_number"], one["may_go"]) for one in told["letters"]] == [
        ("1/2569", True)
    ]
    assert (told["first_day"], told["refusal"]) == ("2038-03-08", None)
    code, _, err = say(
        "retention", "destroy", "--batch", "2581-1", "--by", "พิมพ์ใจ", "--yes", *BURNT[2:]
    )
    assert (code, "ข้อ 68.5" in err) == (62, True)
    assert in_index(indexed) == [1, 2]


def test_beside_a_server_its_indexer_is_waited_for_and_then_the_rest_is_resumed(
    indexed: Office, book: Book, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.destruction.PATIENCE_SECONDS", 0.0)
    line = ("retention", "destroy", "--batch", "2581-1", *BURNT, "--yes")
    with sole_server(indexed):
        code, _, err = say(*line)
    assert (code, "search index" in err) == (66, True)
    assert say("check")[0] == 9
    code, out, err = say(
        "retention", "destroy", "--batch", "2581-1", "--resume", "--yes", "--by", EXECUTOR.name
    )
    assert (code, "ท 2581-1" in out) == (0, True), err
    assert say("check")[0] == 0


def cut_second_from_first(book: Book) -> None:
    """Note that letter 2 was page 2 of letter 1's scan."""
    letter = book.letters.by_id(CLERK, 1)
    first, second = (book.letters.file_of(CLERK, one) for one in (1, 2))
    assert letter is not None
    assert first.searchable_sha256 is not None
    pieces, rest = [Piece(second.sha256, 2, 2)], Rest(1, first.searchable_sha256, letter.text)
    book.parts.split(CLERK, 1, pieces, rest, revision=letter.revision, now=NOW)


def test_a_destroyed_letter_shows_its_tombstone_and_its_files_are_gone(
    indexed: Office, book: Book, say: Say
) -> None:
    cut_second_from_first(book)
    assert say("retention", "destroy", "--batch", "2581-1", *BURNT, "--yes")[0] == 0
    app = make_app(indexed, book, rules=RulesInForce(indexed.rules, indexed.kept_rules))
    app.dependency_overrides[who_looks] = lambda: CLERK

    def get(address: str) -> httpx.Response:
        async def ask() -> httpx.Response:
            door = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=door, base_url=HERE) as client:
                return await client.get(address)

        return asyncio.run(ask())

    page = get("/letters/1/2569")
    assert page.status_code == 200
    for said in ("ทำลายแล้ว", "๒๕๘๑-๑", "ผู้อำนวยการ", "อนันต์", "วธ ๐๔๐๔/๑"):
        assert said in page.text
    assert "ข้อความลึกซึ้ง" not in page.text
    assert "ยังเก็บไว้ เพราะมีหน้าของหนังสือ เลขทะเบียน ๒/๒๕๖๙ ซึ่งยังไม่ทำลาย" in page.text
    for gone in ("pages/1.jpg", "searchable.pdf", "original"):
        answer = get(f"/letters/1/2569/{gone}")
        assert (answer.status_code, "ทำลายแล้ว" in answer.text) == (410, True), gone
    assert "ทำลายแล้ว" in get("/?show=all").text
    assert 'href="/letters/1/2569"' not in get("/search?q=ข้อความลึกซึ้ง").text
    detail = get("/api/letters/1/2569").json()
    assert detail["destroyed"]["certificate"] == "ท 2581-1"
    (kept,) = detail["destroyed"]["kept_files"]
    assert kept == {"sha256": detail["destroyed"]["original_sha256"], "letters": ["2/2569"]}
    assert get("/api/letters/1/2569/text").status_code == 410
    assert say("check")[0] == 0


def test_a_confirmed_row_of_the_law_is_shown_as_checked_from_then_on(
    office: Office, book: Book, say: Say
) -> None:
    source = "ราชกิจจานุเบกษา เล่ม 100"
    line = ("retention", "confirm", "R10", "--on", "2038-03-01", "--by", "พิมพ์ใจ")
    assert say(*line, "--source", source)[0] == 0
    assert 'checked_by = "พิมพ์ใจ"' in (office.rules / "law.toml").read_text("utf-8")
    _, _, err = say("retention", "survey", "--as-of", "2040-01-15")
    assert "R10" not in err
    entry = book.audit.entries(limit=1000)[-1]
    assert (entry.action, entry.who, entry.details["code"]) == ("law_confirmed", "พิมพ์ใจ", "R10")
    code, _, err = say("retention", "confirm", "R99", "--on", "2038-03-01", "--by", "พิมพ์ใจ")
    assert (code, "R10" in err) == (62, True)


def test_a_letter_is_stored_lent_and_returned(indexed: Office, say: Say) -> None:
    assert say("retention", "store", "2/2569", "--file-code", "กค-๑๒", "--box", "๓")[0] == 0
    line = (
        "retention",
        "lend",
        "2/2569",
        "--to",
        "วิชัย",
        "--unit",
        "กลุ่มแผน",
        "--permitted-by",
        "หัวหน้า",
        "--due",
        "2038-04-01",
    )
    assert say(*line)[0] == 0
    assert say(*line)[0] == 62
    assert say("retention", "return", "2/2569")[0] == 0
    assert say(*line, "--standing", "outsider")[0] == 62
