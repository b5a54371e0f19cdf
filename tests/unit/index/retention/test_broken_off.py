"""A destruction that was broken off goes on, with what still may go, and ends verified or not at all."""

from __future__ import annotations

import pytest

from index.errors import NoSuchRecordError
from index.retention.certificate import Certificate
from index.retention.eligibility import HoldKind
from index.retention.errors import NotGoneYetError, StepRefusedError
from index.visibility import Viewer
from tests.destroying import EXECUTOR, MARCH, Bench, approve
from tests.keeping import CLERK
from tests.retaining import KEEPER


def resume(bench: Bench, who: Viewer = EXECUTOR) -> Certificate:
    return bench.retention.destruction.resume(
        who, "2581-1", archive=bench.archive, copies=bench.copies, now=MARCH
    )


def test_there_is_no_certificate_before_everything_is_verified_gone(bench: Bench) -> None:
    approve(bench.retention, [3])
    bench.copies.stubborn = {3}
    with pytest.raises(NotGoneYetError, match="a picture of a page"):
        bench.destroy()
    with pytest.raises(NoSuchRecordError):
        bench.retention.destruction.certificate(CLERK, "2581-1")
    assert bench.retention.destruction.unfinished() == ("2581-1",)
    bench.copies.stubborn = set()
    assert len(resume(bench).lines) == 1
    assert bench.problems() == []


def test_only_what_was_begun_is_gone_on_with_and_by_nobody_who_decided(bench: Bench) -> None:
    approve(bench.retention, [3])
    with pytest.raises(StepRefusedError, match=r"68\.5"):
        resume(bench)
    assert bench.is_whole(3)
    bench.copies.stubborn = {3}
    with pytest.raises(NotGoneYetError):
        bench.destroy()
    with pytest.raises(StepRefusedError, match=r"68\.5"):
        resume(bench, KEEPER)
    bench.copies.stubborn = set()
    assert resume(bench).executor == EXECUTOR.name
    with pytest.raises(StepRefusedError, match=r"68\.5"):
        resume(bench)


def test_a_letter_held_while_the_destruction_was_broken_off_stays_when_it_goes_on(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    approve(bench.retention, [2, 3])
    with monkeypatch.context() as disk:
        disk.setattr("index.retention.erasing.remove_files", _break_off)
        with pytest.raises(OSError, match="broken off"):
            bench.destroy()
    bench.retention.records.place_hold(KEEPER, 3, HoldKind.LEGAL, reason="คดี", now=MARCH)
    assert [line.letter_id for line in resume(bench).lines] == [2]
    assert bench.is_whole(3)
    assert bench.problems() == []


def _break_off(*_args: object) -> None:
    raise OSError("broken off")
