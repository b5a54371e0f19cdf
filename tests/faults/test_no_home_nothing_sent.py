"""Whoever runs Saraban needs no home, nothing is written into one, and no library reports to its maker.

onnxruntime keeps an identifier of the machine and a store of events to send in the user's cache; pythainlp makes
a folder in the user's home when it is imported. What they would leave there tells whether they were let.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import scans

READS_AND_SEARCHES = """
import sys
from pathlib import Path
from ocr import read
from ocr.thai_text import split_words
assert split_words("โรงเรียนบ้านใหม่")
print(len(read(Path(sys.argv[1])).pages))
"""


def run(home: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python as a service would: with nothing in its environment that would quiet a library."""
    said = {"HOME": home, "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
    return subprocess.run(
        [sys.executable, *arguments], env=said, capture_output=True, text=True, check=False
    )


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    return scans.write_png(tmp_path / "scan.png", "a letter")


def test_reading_leaves_nothing_in_the_home(tmp_path: Path, scan: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    ran = run(str(home), "-c", READS_AND_SEARCHES, str(scan))
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "1\n", "")
    assert list(home.iterdir()) == []


def test_an_office_is_served_by_a_user_without_a_home(tmp_path: Path, scan: Path) -> None:
    root, nowhere = tmp_path / "office", "/dev/null"  # a file: not even root makes a folder in it
    program = ("-c", "from pipeline.cli import main; main()")
    assert run(nowhere, *program, "init", str(root)).returncode == 0
    scan.rename(root / "inbox" / scan.name)
    ran = run(nowhere, *program, "serve", "--once", "--office", str(root))
    assert ran.returncode == 0, ran.stderr
    assert list((root / "archive").rglob("*.pdf"))
