"""Secret letters run apart: own batches, own witnesses, own registers, for their registrar only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from classify.letter import Secrecy
from index.archive import Archive, Shelf
from index.book import Book
from index.check import check_archive
from index.errors import NoSuchRecordError
from index.retention.errors import StepRefusedError
from index.retention.retention import Retention
from index.visibility import SECRET_PLACEHOLDER, Role, Viewer
from tests.destroying import (
    EXECUTOR,
    MARCH,
    STATEMENT,
    MadeCopies,
    approve,
    keep_with_files,
)
from tests.keeping import CLERK, REGISTRAR
from tests.retaining import JANUARY, KEEPER, LAW

SECOND_REGISTRAR = Viewer("ผู้ช่วยนายทะเบียน", frozenset({Role.SECRET_REGISTRAR}))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Book, Retention, Archive]]:
    """An office whose letter 1 is secret and letter 2 is not."""
    folder = tmp_path_factory.mktemp("secret")
    archive = Archive(folder / "archive")
    with Book.open(f"sqlite:///{folder}/saraban.db") as book:
        retention = book.retention(LAW)
        keep_with_files(book, retention, archive, folder, 1, secrecy=Secrecy.VERY_SECRET)
        keep_with_files(book, retention, archive, folder, 2)
        yield book, retention, archive


def test_an_ordinary_list_never_holds_a_secret_letter(
    office: tuple[Book, Retention, Archive],
) -> None:
    for viewer in (KEEPER, REGISTRAR):
        with pytest.raises(NoSuchRecordError):
            office[1].batches.propose(viewer, [1], now=JANUARY)


def test_a_secret_list_holds_nothing_else_and_is_made_by_the_registrar(
    office: tuple[Book, Retention, Archive],
) -> None:
    with pytest.raises(StepRefusedError, match="2544"):
        office[1].batches.propose(KEEPER, [1], now=JANUARY, secret=True)
    with pytest.raises(NoSuchRecordError):
        office[1].batches.propose(REGISTRAR, [2], now=JANUARY, secret=True)


def test_a_secret_letter_is_destroyed_by_two_people_and_seen_by_nobody_else(
    office: tuple[Book, Retention, Archive], tmp_path: Path
) -> None:
    book, retention, archive = office
    batch_id = approve(retention, [1], secret=True)
    assert batch_id == "S2581-1"
    assert retention.batches.lines() == ()
    assert [one.batch_id for one in retention.batches.lines(REGISTRAR)] == [batch_id]
    copies, destruction = MadeCopies(), retention.destruction
    for look in (
        lambda: retention.batches.find(batch_id),
        lambda: retention.batches.find(batch_id, KEEPER),
        lambda: retention.batches.steps(batch_id),
        lambda: retention.batches.rows(KEEPER, batch_id, MARCH.date()),
        lambda: destruction.prepare(KEEPER, batch_id, now=MARCH),
        lambda: destruction.execute(
            EXECUTOR, batch_id, STATEMENT, archive=archive, copies=copies, now=MARCH
        ),
    ):
        with pytest.raises(NoSuchRecordError):
            look()
    approver = replace(STATEMENT, witnesses=("ผู้อำนวยการ",))
    with pytest.raises(StepRefusedError, match="2544"):
        destruction.execute(
            SECOND_REGISTRAR, batch_id, approver, archive=archive, copies=copies, now=MARCH
        )
    made = destruction.execute(
        SECOND_REGISTRAR, batch_id, STATEMENT, archive=archive, copies=copies, now=MARCH
    )
    assert made.is_secret
    assert made.lines[0].subject == "การประชุมผู้บริหารสถานศึกษา"
    with pytest.raises(NoSuchRecordError):
        destruction.certificate(KEEPER, batch_id)
    with pytest.raises(NoSuchRecordError):
        destruction.tombstone_of(CLERK, 1)
    assert destruction.tombstone_of(REGISTRAR, 1) is not None
    shown = book.letters.by_id(CLERK, 1)
    assert shown is not None
    assert (shown.subject, shown.erased_on) == (SECRET_PLACEHOLDER, None)
    assert not any(secret for shelf in Shelf for _, secret in archive.names(shelf))
    assert [*book.verify(), *check_archive(book, archive)] == []
    control = retention.secret_registers.control(REGISTRAR, 2569)
    assert [(line.what, line.note) for line in control] == [("ทำลาย", batch_id)]


def test_the_registers_of_secret_letters_are_empty_for_everybody_else(
    office: tuple[Book, Retention, Archive],
) -> None:
    registers = office[1].secret_registers
    assert [str(line.register_number) for line in registers.received(REGISTRAR, 2569)] == ["1/2569"]
    assert registers.received(REGISTRAR, 2569)[0].secrecy == "ลับมาก"
    assert registers.sent(REGISTRAR, 2569, "สำนักงาน") == ()
    for viewer in (CLERK, KEEPER):
        assert registers.received(viewer, 2569) == ()
        assert registers.sent(viewer, 2569, "สำนักงาน") == ()
        assert registers.control(viewer, 2569) == ()
