"""A file that kills the program each time it is looked at is refused in the end; others go on."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from tests.receiving import Receiving
from tests.scans import write_pdf
from watch_folder.claim import recover
from watch_folder.sweep import SweepMemory

# Another process sweeps, and its decoder crashes on the file called deadly.pdf.
SWEEP_AND_DIE = """
import os, signal, sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from watch_folder import sweep as sweeping
from watch_folder.watched_folder import WatchedFolder

check = sweeping.check_whole

def crash(path):
    if path.name == "deadly.pdf":
        os.kill(os.getpid(), signal.SIGKILL)
    return check(path)

sweeping.check_whole = crash
root, now, memory = Path(sys.argv[1]), datetime.now(UTC), sweeping.SweepMemory()
for seconds in (0, 3, 100):
    done = sweeping.sweep(
        WatchedFolder(root / "inbox", "inbox"), root / "work",
        memory=memory, now=now + timedelta(seconds=seconds),
    )
print(*(refused.reason.code for refused in done.refused))
"""


def _start(root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", SWEEP_AND_DIE, str(root)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )


def test_refused_after_three_deaths(receiving: Receiving) -> None:
    write_pdf(receiving.inbox / "deadly.pdf")
    for _ in range(3):
        assert _start(receiving.root).returncode == -signal.SIGKILL
        assert recover(receiving.work) == []
    last = _start(receiving.root)
    assert (last.returncode, last.stdout.split()) == (0, ["unfinished"])
    assert list(receiving.work.iterdir()) == []


def test_one_death_may_be_a_power_cut(receiving: Receiving) -> None:
    write_pdf(receiving.inbox / "deadly.pdf")
    assert _start(receiving.root).returncode == -signal.SIGKILL
    receiving.memory = SweepMemory()
    assert receiving.claimed_one().name == "deadly.pdf"
    assert all(not path.name.startswith(".") for path in receiving.work.iterdir())


def test_the_count_of_a_file_that_is_gone_is_forgotten(receiving: Receiving) -> None:
    path = write_pdf(receiving.inbox / "deadly.pdf")
    assert _start(receiving.root).returncode == -signal.SIGKILL
    assert len(list(receiving.work.iterdir())) == 1
    path.unlink()
    assert recover(receiving.work) == []
    assert list(receiving.work.iterdir()) == []
