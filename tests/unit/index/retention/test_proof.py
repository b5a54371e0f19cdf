"""The proof of a destruction hides what turned secret since, and misses no line that the trail should have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from classify.letter import Secrecy
from index.archive import Archive
from index.book import Book
from index.visibility import SECRET_PLACEHOLDER
from tests.destroying import (
    MARCH,
    STATEMENT,
    Bench,
    MadeCopies,
    approve,
    copied_bench,
    keep_with_files,
)
from tests.keeping import CLERK, REGISTRAR, run_sql
from tests.retaining import KEEPER, LAW


@pytest.fixture(scope="module")
def carried_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office where the paper of letters 1 and 2 went; their electronic copies are kept."""
    folder = tmp_path_factory.mktemp("carried_out")
    archive = Archive(folder / "archive")
    with Book.open(f"sqlite:///{folder}/saraban.db") as book:
        bench = Bench(folder, book, book.retention(LAW), archive, MadeCopies({1, 2}))
        for key in (1, 2):
            number = f"ศธ 04001/ว {key}"  # one secret letter hides another of the same number
            keep_with_files(book, bench.retention, archive, folder, key, number=number)
        approve(bench.retention, [1, 2])
        bench.destroy(statement=replace(STATEMENT, electronic_order=""))
    return folder


@pytest.fixture
def bench(carried_out: Path, tmp_path: Path) -> Iterator[Bench]:
    with copied_bench(carried_out, tmp_path) as bench:
        yield bench


def test_a_certificate_shows_nothing_of_a_letter_that_turned_secret_since(bench: Bench) -> None:
    certificate = bench.retention.destruction.certificate
    before = certificate(KEEPER, "2581-1")
    bench.book.desk.correct(CLERK, 1, "secrecy", Secrecy.SECRET.value, now=MARCH)
    seen = certificate(KEEPER, "2581-1")
    hidden, shown = seen.lines
    assert shown == before.lines[1]
    assert (hidden.subject, hidden.number, hidden.sender, hidden.file_code, hidden.written_on) == (
        SECRET_PLACEHOLDER,
        "",
        "",
        "",
        None,
    )
    assert (hidden.register_number, hidden.paper) == ("1/2569", before.lines[0].paper)
    assert certificate(REGISTRAR, "2581-1") == before
    assert seen.sealed_sha256 == before.sealed_sha256, "the seal is of what was kept"


def test_a_letter_whose_end_the_trail_does_not_tell_is_found(bench: Bench) -> None:
    assert bench.problems() == []
    run_sql(
        bench.url,
        "DROP TRIGGER audit_no_update",
        "UPDATE audit SET action = 'noted' WHERE action = 'destroyed' AND letter_id = 2",
    )
    told = bench.book.verify()
    assert "letter 2 in batch 2581-1 has no line of its end" in told
    assert not any("letter 1 in batch" in one for one in told)
