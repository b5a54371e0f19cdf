"""A scan dropped into the inbox becomes a registered letter: archived, numbered, routed, found."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pikepdf
import pytest

from pipeline.demo.letters import LETTERS, save_letter
from tests.offices import TestOffice, make_office, nearly, saraban

pytestmark = pytest.mark.engine
CIRCULAR, MEMO, TWO_PAGES = (
    next(letter for letter in LETTERS if letter.file_name.startswith(start))
    for start in ("ด่วนที่สุด", "บันทึก", "สองหน้า")
)


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The scans, as files that stay outside the office."""
    folder = tmp_path_factory.mktemp("scanner")
    return {one.file_name: save_letter(one, folder) for one in (CIRCULAR, MEMO, TWO_PAGES)}


@pytest.fixture(scope="module")
def office(sent: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> TestOffice:
    """An office that has worked three letters, one of which came twice under another name."""
    office = make_office(tmp_path_factory.mktemp("งาน สารบรรณ"))
    added = office.saraban("add", *map(str, sent.values()))
    assert added.code == 0, added.err
    (office.inbox / "สำเนา.tif").write_bytes(sent[MEMO.file_name].read_bytes())
    office.work_once()
    return office


def show(office: TestOffice, words: str) -> dict[str, object]:
    """Return the letter that holds these words."""
    (hit,) = office.saraban("search", words, "--json").json
    shown = office.saraban("show", hit["register_number"], "--json").json
    assert isinstance(shown, dict)
    return shown


def test_every_file_is_accounted_for(office: TestOffice) -> None:
    assert office.status() == {
        "received": 4,
        "filed": 3,
        "waiting": 0,
        "quarantined": 0,
        "dismissed": 0,
        "duplicates": 1,
        "review": office.status()["review"],
    }
    assert list(office.inbox.iterdir()) == []
    assert list((office.root / "work").iterdir()) == []


@pytest.mark.parametrize("command", [("status", "--json"), ("show", "9/2500")])
def test_a_command_says_the_same_in_a_process_of_its_own(
    office: TestOffice, command: tuple[str, ...]
) -> None:
    assert saraban(*command, "--office", str(office.root)) == office.saraban(*command)


def test_receive_numbers_run_from_one_without_gap(office: TestOffice) -> None:
    hits = office.saraban("search", "สำนักงาน", "--json").json
    running = sorted(int(hit["register_number"].split("/")[0]) for hit in hits)
    assert running == [1, 2, 3]


def test_the_circular_is_understood(office: TestOffice) -> None:
    letter = show(office, "ข้อมูลนักเรียนรายบุคคล")
    assert letter["kind"] == CIRCULAR.kind
    assert letter["group"] == CIRCULAR.group
    assert letter["urgency"] == "ด่วนที่สุด"
    assert nearly(letter["sender"], CIRCULAR.sender)
    assert nearly(letter["subject"], CIRCULAR.subject)


def test_the_reason_for_the_group_can_be_read(office: TestOffice) -> None:
    scores = show(office, "ข้อมูลนักเรียนรายบุคคล")["scores"]
    assert isinstance(scores, list)
    assert scores[0]["group"] == CIRCULAR.group
    assert "ข้อมูลนักเรียนรายบุคคล" in {word for word, _, _ in scores[0]["because"]}


def test_both_pages_of_a_two_page_letter_are_read(office: TestOffice) -> None:
    letter = show(office, "อบรมเชิงปฏิบัติการ")
    assert "เดินทาง" in str(letter["text"])  # stands on the second page only


def test_the_original_is_kept_byte_for_byte(office: TestOffice, sent: dict[str, Path]) -> None:
    for path in sent.values():
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        (kept,) = (office.root / "archive" / "originals").rglob(f"{sha256}*")
        assert kept.read_bytes() == path.read_bytes()
        assert path.exists(), "`add` copies"


def test_every_letter_has_a_searchable_pdf(office: TestOffice) -> None:
    found = list((office.root / "archive" / "searchable").rglob("*.pdf"))
    assert len(found) == 3
    pages = []
    for path in found:
        with pikepdf.open(path) as pdf:
            pages.append(len(pdf.pages))
    assert sorted(pages) == [1, 1, 2]


def test_archive_book_and_index_agree(office: TestOffice) -> None:
    checked = office.saraban("check", "--json")
    assert (checked.code, checked.json) == (0, [])


def test_search_can_be_narrowed(office: TestOffice) -> None:
    def found(*narrowed: str) -> int:
        return len(office.saraban("search", "สำนักงาน", "--json", *narrowed).json)

    assert found() == 3
    assert found("--group", CIRCULAR.group) == 1
    assert found("--limit", "2") == 2
    assert found("--sender", "ไม่มีหน่วยงานนี้เลย") == 0
    assert found("--from", "2040-01-01") == 0


def test_a_rebuilt_index_finds_the_same_with_either_engine(office: TestOffice) -> None:
    before = office.saraban("search", "พัสดุ", "--json").json
    assert before
    for engine in ("whoosh", "tantivy"):
        rebuilt = office.saraban("index", "rebuild", "--engine", engine)
        assert rebuilt.code == 0, rebuilt.err
        again = office.saraban("search", "พัสดุ", "--json").json
        assert [hit["register_number"] for hit in again] == [
            hit["register_number"] for hit in before
        ]
    assert office.saraban("check").code == 0


def test_check_finds_a_changed_original(office: TestOffice, sent: dict[str, Path]) -> None:
    sha256 = hashlib.sha256(sent[MEMO.file_name].read_bytes()).hexdigest()
    (kept,) = (office.root / "archive" / "originals").rglob(f"{sha256}*")
    whole = kept.read_bytes()
    kept.chmod(0o644)
    kept.write_bytes(whole[:-1] + b"?")
    try:
        checked = office.saraban("check")
        assert checked.code == 9
        assert sha256[:16] in checked.out
    finally:
        kept.write_bytes(whole)
