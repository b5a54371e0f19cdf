"""A full disk stops the batch, not the search: what was there is found, and the batch works later."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest

from index.search import ENGINES, Upsert, open_index, rebuild
from tests.searching import OFFICE, found, letter

ROOT = Path(__file__).resolve().parents[2]
WRITE_WITHOUT_ROOM = """
import resource, sys
from pathlib import Path
from index.search import Upsert, open_index
from index.search.errors import IndexWriteError
from tests.searching import found, letter
index = open_index(Path(sys.argv[1]))
found(index, "ห้องประชุม")
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
try:
    index.apply(Upsert(letter(n, text="เนื้อความยาว " * 300)) for n in range(100, 160))
except IndexWriteError as error:
    print("refused", error.exit_code)
assert found(index, "ห้องประชุม") == [1]
"""


@pytest.mark.parametrize("engine", ENGINES)
def test_what_was_there_is_found_and_the_batch_works_later(tmp_path: Path, engine: str) -> None:
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[1] == resource.RLIM_INFINITY
    rebuild(tmp_path, engine, OFFICE).close()
    done = subprocess.run(
        [sys.executable, "-c", WRITE_WITHOUT_ROOM, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.stdout.strip() == "refused 73", done.stderr[-2000:]
    index = open_index(tmp_path)
    assert index.count() == len(OFFICE)
    index.apply([Upsert(letter(100, subject="มีที่ว่างแล้ว"))])
    assert found(index, "มีที่ว่างแล้ว") == [100]
    index.close()
