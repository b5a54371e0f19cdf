"""SIGTERM is heeded within `stop_seconds`, whatever the main thread or any other is doing."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.offices import LONGEST_SECONDS, environment, make_office

SETTINGS = "[work]\nworkers = 1\nstop_seconds = 1\n"
# The server of this office, in which one step never ends.
HANG = """
import sys, time
from pathlib import Path
from pipeline import conductor, serve
from pipeline.office import open_office

def hang(*_):
    print("hangs", flush=True)
    while True:
        try:
            time.sleep(600)
        except BaseException:
            pass

owner, _, step = sys.argv[2].rpartition(".")
setattr(getattr(conductor, owner), step, hang)
serve.serve_once(open_office(Path(sys.argv[1])))
"""


@pytest.mark.parametrize("step", ["Intake.recover", "Intake.sweep", "Indexer.step"])
def test_a_step_that_never_ends_does_not_keep_the_program(tmp_path: Path, step: str) -> None:
    office = make_office(tmp_path / "office", SETTINGS)
    with subprocess.Popen(
        [sys.executable, "-c", HANG, str(office.root), step],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    ) as server:
        assert server.stdout is not None
        assert server.stdout.readline() == "hangs\n"
        server.send_signal(signal.SIGTERM)
        _, said = server.communicate(timeout=LONGEST_SECONDS)
    assert server.returncode == 130
    assert "not stopped in time" in said
