"""A copied or moved office never touches the first one's files, is noticed, and goes on as somebody says."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from index.archive import Archive
from index.book import Book
from index.choices import JobState
from pipeline.audit import find_disagreements
from pipeline.cli import cli
from pipeline.errors import OfficeElsewhereError
from pipeline.finder import Finder
from pipeline.intake import Intake
from pipeline.office import Office, open_book, open_office, sole_server
from pipeline.place import first_settle, settle_moved, settle_separate
from pipeline.viewers import PROGRAM
from tests import scans
from tests.keeping import NOW
from tests.old_books import lay_out
from tests.unit.pipeline.conftest import book, made_office, office
from watch_folder.claim import SIDECAR

__all__ = ["book", "made_office", "office"]  # the fixtures


def sweep(office: Office, book: Book) -> None:
    intake = Intake(office, book, Archive(office.archive), identity="test", clock=lambda: NOW)
    intake.recover()
    for _ in range(4):
        intake.sweep()


@pytest.fixture
def served(office: Office) -> Office:
    """An office that was served, with two files that wait, one that is quarantined, one not noted yet."""
    with open_book(office) as book:
        first_settle(office, book)
        for number in range(2):
            scans.write_png(office.root / "inbox" / f"{number}.png", f"scan {number}")
        (office.root / "inbox" / "none.pdf").write_text("no pdf, but long enough to be looked at")
        ticks = iter(range(1000))
        intake = Intake(
            office,
            book,
            Archive(office.archive),
            identity="test",
            clock=lambda: NOW.replace(second=next(ticks) % 60),
        )
        for _ in range(6):
            intake.sweep()
        counts = book.letters.count_states(PROGRAM)
        assert (counts.waiting, counts.quarantined) == (2, 1)
    scans.write_png(office.work / "stray.png", "a claim that was not noted")
    return office


def copy_of(office: Office, where: Path) -> Office:
    return open_office(shutil.copytree(office.root, where))


def files_below(office: Office) -> dict[str, bytes]:
    return {
        str(one.relative_to(office.root)): one.read_bytes()
        for one in sorted(office.root.rglob("*"))
        if one.is_file() and not one.name.startswith(("saraban.db", ".server"))
    }


def wrong(office: Office) -> list[str]:
    finder = Finder(office.search_index, office.settings.search.engine, {})
    with open_book(office, only_looks=True) as book:
        found = [
            one.what
            for one in find_disagreements(office, book, finder, lambda _: None)
            if one.where in ("place", "folders", "book")
        ]
    finder.close()
    return found


def test_a_copy_is_refused_until_somebody_says_what_it_is(served: Office, tmp_path: Path) -> None:
    copy = copy_of(served, tmp_path / "copy")
    with pytest.raises(OfficeElsewhereError, match="saraban place moved") as refused:
        open_book(copy)
    assert str(served.root) in str(refused.value)
    assert "saraban place separate" in str(refused.value)
    assert any("last stood in" in one for one in wrong(copy))
    assert CliRunner().invoke(cli, ["status", "--office", str(copy.root)]).exit_code == 0
    serve = CliRunner().invoke(cli, ["serve", "--once", "--office", str(copy.root)])
    assert isinstance(serve.exception, OfficeElsewhereError)
    open_book(served).close()  # the first one goes on


def test_a_renamed_folder_is_asked_about_and_goes_on(served: Office, tmp_path: Path) -> None:
    renamed = open_office(served.root.rename(tmp_path / "renamed"))
    with pytest.raises(OfficeElsewhereError):
        open_book(renamed)
    answer = CliRunner().invoke(cli, ["place", "moved", "--office", str(renamed.root)])
    assert answer.exit_code == 0, answer.output
    assert not [one for one in wrong(renamed) if "stray" not in one]
    with open_book(renamed) as book:
        assert all(one.path.is_relative_to(renamed.root) for one in book.jobs.places())
        assert book.audit.entries()[-1].action == "office_moved"
        sweep(renamed, book)
        assert book.letters.count_states(PROGRAM).waiting == 3
        assert book.letters.count_states(PROGRAM).add_up
    assert wrong(renamed) == []


def test_a_separate_copy_leaves_to_the_first_office_what_was_under_way(
    served: Office, tmp_path: Path
) -> None:
    before = files_below(served)
    copy = copy_of(served, tmp_path / "copy")
    with sole_server(copy) as server, open_book(copy, only_looks=True) as book:
        done = settle_separate(copy, book, server, who="test", now=NOW)
        assert (done.set_aside, done.left, done.shared) == (3, 0, ())
        counts = book.letters.count_states(PROGRAM)
        assert (counts.waiting, counts.working, counts.quarantined) == (0, 0, 4)
        assert counts.add_up
        assert not [one for one in copy.work.iterdir() if one.suffix == ".png"]
        assert all(one.path.is_file() for one in book.jobs.places())
        (first, *_) = [
            one for one in book.quarantine.held(PROGRAM) if one.reason.code == "first-office"
        ]
        assert book.jobs.retry(first.letter_id, who="test", now=NOW).state is JobState.WAITING
    assert wrong(copy) == []
    open_book(copy).close()
    assert files_below(served) == before, "nothing of the first office was touched"
    with open_book(served) as book:
        sweep(served, book)
        assert book.letters.count_states(PROGRAM).waiting == 3
    assert wrong(served) == []
    assert copy.identity != served.identity


def test_a_copy_never_ends_a_move_of_the_first_office(served: Office, tmp_path: Path) -> None:
    # As a power cut leaves it between two file systems: copied, noted, the source not removed yet.
    claimed = next(one for one in served.work.glob("*.png") if one.name != "stray.png")
    note = json.loads(claimed.with_name(claimed.name + SIDECAR).read_text("utf-8"))
    source = Path(note["source"])
    shutil.copy2(claimed, source)
    copy = copy_of(served, tmp_path / "copy")
    with sole_server(copy) as server, open_book(copy, only_looks=True) as book:
        settle_separate(copy, book, server, who="test", now=NOW)
    assert source.is_file()
    with open_book(served) as book:
        sweep(served, book)
    assert not source.is_file(), "the first office ends it itself"


def test_killed_before_the_end_the_copy_is_asked_again(
    served: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = copy_of(served, tmp_path / "copy")
    with (
        sole_server(copy) as server,
        open_book(copy, only_looks=True) as book,
        monkeypatch.context() as killed,
    ):
        killed.setattr(book.place, "note", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            settle_separate(copy, book, server, who="test", now=NOW)
    with pytest.raises(OfficeElsewhereError):
        open_book(copy)
    with sole_server(copy) as server, open_book(copy, only_looks=True) as book:
        assert settle_separate(copy, book, server, who="test", now=NOW).set_aside == 0
    assert wrong(copy) == []


def test_another_offices_book_is_noticed_and_a_lost_identity_file_comes_back(
    served: Office, tmp_path: Path
) -> None:
    identity = served.identity
    (served.root / "office.json").unlink()
    with open_book(served) as book:
        first_settle(served, book)
    assert served.identity == identity
    (served.root / "office.json").write_text('{"identity": "another"}', "utf-8")
    with pytest.raises(OfficeElsewhereError):
        open_book(served)
    with open_book(served, only_looks=True) as book:
        settle_moved(served, book)
    assert served.identity == identity
    open_book(served).close()


def test_paths_of_an_older_book_lead_into_the_folder_it_lies_in(tmp_path: Path) -> None:
    path = lay_out("0009", tmp_path / "saraban.db")
    kept = {
        f"{tmp_path}/inbox/ก/x.pdf": "inbox/ก/x.pdf",
        "/where/it/stood/before/quarantine/y.pdf": "quarantine/y.pdf",
        "/mnt/scanner/z.pdf": "/mnt/scanner/z.pdf",
    }
    with closing(sqlite3.connect(path)) as old, old:
        ids = [one for (one,) in old.execute("SELECT id FROM letters ORDER BY id LIMIT 3")]
        old.executemany(
            "UPDATE letters SET work_path = ? WHERE id = ?", zip(kept, ids, strict=True)
        )
    Book.open(f"sqlite:///{path}", root=tmp_path).close()
    with closing(sqlite3.connect(path)) as now:
        rows = now.execute("SELECT work_path FROM letters ORDER BY id LIMIT 3").fetchall()
    assert [one for (one,) in rows] == list(kept.values())
