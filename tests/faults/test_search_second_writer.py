"""Two processes never write one index: the second is told at once, and nothing is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.search import ENGINES, Upsert, open_index, rebuild
from index.search.errors import IndexBusyError
from index.search.writer_lock import sole_writer
from tests.searching import OFFICE, found, letter


@pytest.mark.parametrize("engine", ENGINES)
def test_the_second_writer_is_told_and_may_try_again(tmp_path: Path, engine: str) -> None:
    index = rebuild(tmp_path, engine, OFFICE)
    in_use = tmp_path / (tmp_path / "active").read_text().strip()
    with sole_writer(in_use), pytest.raises(IndexBusyError, match="another process"):
        index.apply([Upsert(letter(7, subject="มาทีหลัง"))])
    index.apply([Upsert(letter(7, subject="มาทีหลัง"))])
    assert found(index, "มาทีหลัง") == [7]
    index.close()


@pytest.mark.parametrize("engine", ENGINES)
def test_taking_turns_leaves_one_copy_of_each_letter(tmp_path: Path, engine: str) -> None:
    first = rebuild(tmp_path, engine, OFFICE)
    second = open_index(tmp_path)
    for turn in range(6):
        writer = (first, second)[turn % 2]
        writer.refresh()
        writer.apply([Upsert(letter(1, revision=turn + 2, subject=f"แก้ไขครั้งที่ {turn}"))])
    first.refresh()
    assert first.count() == len(OFFICE)
    assert found(first, "แก้ไขครั้งที่ 5") == [1]
    first.close()
    second.close()
