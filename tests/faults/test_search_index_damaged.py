"""A deleted, truncated or foreign index is reported as unavailable, and a rebuild brings it back."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.search import ENGINES, Upsert, open_index, rebuild
from index.search.errors import IndexUnavailableError, UnknownEngineError
from tests.searching import OFFICE, TODAY, found, letter


def _in_use(folder: Path) -> Path:
    return folder / (folder / "active").read_text().strip()


@pytest.fixture
def _collected() -> Iterator[None]:
    """Collect Whoosh's half-opened readers here, where their complaint is expected, not in a later test."""
    yield
    gc.collect()


@pytest.mark.usefixtures("_collected")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("damage", ["truncate", "delete", "garbage"])
def test_every_damaged_file_is_unavailable_or_harmless(
    tmp_path: Path, engine: str, damage: str
) -> None:
    rebuild(tmp_path, engine, OFFICE).close()
    names = sorted(file.name for file in _in_use(tmp_path).iterdir() if file.is_file())
    failures = 0
    for name in names:
        index = rebuild(tmp_path, engine, OFFICE)
        index.close()
        files = sorted(file for file in _in_use(tmp_path).iterdir() if file.is_file())
        file = files[names.index(name)] if len(files) == len(names) else files[0]
        _spoil(file, damage)
        try:
            opened = open_index(tmp_path)
            assert set(found(opened, "ประชุม")) <= {1}
            opened.search("", today=TODAY)
            opened.close()
        except IndexUnavailableError as error:
            failures += 1
            assert "rebuild" in str(error)
    assert failures
    healed = rebuild(tmp_path, engine, OFFICE)
    assert found(healed, "ห้องประชุม") == [1]
    healed.close()


def _spoil(file: Path, damage: str) -> None:
    if damage == "delete":
        file.unlink()
    elif damage == "truncate":
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    else:
        file.write_bytes(b"\x00\xff" * (file.stat().st_size // 2 + 1))


def test_a_lost_pointer_is_not_mistaken_for_a_new_office(tmp_path: Path) -> None:
    rebuild(tmp_path, "tantivy", OFFICE).close()
    (tmp_path / "active").unlink()
    with pytest.raises(IndexUnavailableError, match="is gone"):
        open_index(tmp_path)


def test_an_index_of_another_analysis_is_not_searched(tmp_path: Path) -> None:
    rebuild(tmp_path, "tantivy", OFFICE).close()
    about = _in_use(tmp_path) / "about.json"
    about.write_text('{"engine": "tantivy", "analysis": "0 attacut"}')
    with pytest.raises(IndexUnavailableError, match="attacut"):
        open_index(tmp_path)


def test_an_unknown_engine_is_refused_and_the_old_index_stays(tmp_path: Path) -> None:
    rebuild(tmp_path, "tantivy", OFFICE).close()
    with pytest.raises(UnknownEngineError, match="lucene"):
        rebuild(tmp_path, "lucene", OFFICE)
    assert found(open_index(tmp_path), "ห้องประชุม") == [1]


def test_a_rebuild_that_breaks_off_leaves_the_old_index_in_use(tmp_path: Path) -> None:
    rebuild(tmp_path, "tantivy", OFFICE).close()

    def letters_until_the_book_breaks() -> object:
        yield letter(1)
        raise OSError("the book is gone")

    with pytest.raises(Exception, match="the book is gone"):
        rebuild(tmp_path, "tantivy", letters_until_the_book_breaks())  # type: ignore[arg-type]
    opened = open_index(tmp_path)
    assert opened.count() == len(OFFICE)
    opened.apply([Upsert(letter(50, subject="ยังเพิ่มได้"))])
    assert found(opened, "ยังเพิ่มได้") == [50]
