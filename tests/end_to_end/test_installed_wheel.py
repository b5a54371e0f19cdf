"""The wheel, installed where the checkout is not, reads a file from the command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from pipeline.demo.letters import LETTERS, save_letter


@pytest.fixture
def environment(wheel: Path, tmp_path: Path) -> Path:
    """Make an empty environment, lend it this one's libraries, and install the wheel into it.

    The libraries come from a path file, whose folder's own path files Python does not read: the
    checkout, which an editable install names in one, stays out of sight.
    """
    folder = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    (libraries,) = folder.glob("lib/python*/site-packages")
    (libraries / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "--disable-pip-version-check"),
            *("--python", str(folder / "bin" / "python")),
            *("install", "--quiet", "--no-deps", "--no-index", "--ignore-installed", str(wheel)),
        ],
        check=True,
        cwd=tmp_path,
    )
    return folder


@pytest.mark.engine
def test_the_installed_wheel_reads_a_file(environment: Path, tmp_path: Path) -> None:
    outside = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    where = subprocess.run(
        [str(environment / "bin" / "python"), "-c", "import pipeline; print(pipeline.__file__)"],
        cwd=tmp_path,
        env=outside,
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(where.stdout.strip()).is_relative_to(environment)

    scan = save_letter(LETTERS[0], tmp_path)
    done = subprocess.run(
        [str(environment / "bin" / "saraban"), "read", str(scan), "--jsonl"],
        cwd=tmp_path,
        env=outside,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (reading,) = map(json.loads, done.stdout.splitlines())
    assert "error" not in reading
    assert "สำนักงาน" in reading["text"]
    assert {"text", "kind", "fields", "group", "needs_review"} <= reading.keys()
