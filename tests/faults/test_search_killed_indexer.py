"""An indexer killed in the middle of its batches loses no letter it had acknowledged."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.search_kill_soak import soak
from index.search import ENGINES


@pytest.mark.parametrize("engine", ENGINES)
def test_nothing_acknowledged_is_lost(tmp_path: Path, engine: str) -> None:
    report = soak(tmp_path, engine, kills=3, seed=7)
    assert report["acknowledged"] > 0
    assert report["in_index"] >= report["acknowledged"]
    assert (report["lost"], report["searches_wrong"]) == (0, 0)
