"""Killed at any moment and started again, the office ends as if nothing had happened."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path

import pytest

from tests import scans
from tests.offices import TestOffice, make_office, wait_for

pytestmark = pytest.mark.engine
LETTERS = 4


@pytest.fixture
def office(tmp_path: Path) -> TestOffice:
    """An office with letters in its inbox."""
    office = make_office(tmp_path / "office")
    for number in range(LETTERS):
        scans.write_pdf(office.inbox / f"scan {number}.pdf", f"letter {number}")
    return office


def run_and_kill(office: TestOffice, filed: int) -> None:
    """Start the server and kill it, without warning, when so many letters are in the book."""
    with office.serving() as server:
        assert server.stderr is not None
        for line in server.stderr:
            assert "quarantined" not in line, line
            if filed == 0 and "arrived" in line:
                break
            if (found := re.search(r"filed: (\d+)/", line)) and int(found[1]) >= filed:
                break
        os.kill(server.pid, signal.SIGKILL)
        server.wait()


def test_killed_again_and_again_nothing_is_lost_or_doubled(office: TestOffice) -> None:
    run_and_kill(office, 0)  # files claimed, nothing filed
    run_and_kill(office, 1)
    run_and_kill(office, 2)
    office.work_once()
    status = office.status()
    assert (status["filed"], status["waiting"], status["quarantined"]) == (LETTERS, 0, 0)
    assert status["duplicates"] == 0
    assert list((office.root / "work").iterdir()) == []
    checked = office.saraban("check")
    assert checked.code == 0, checked.out
    shown = [office.saraban("show", f"{number}/{year(office)}") for number in (1, LETTERS)]
    assert [ran.code for ran in shown] == [0, 0]


def year(office: TestOffice) -> int:
    """Return the Buddhist year the numbers were given in."""
    (one, *_) = office.saraban("search", "", "--json").json
    return int(one["register_number"].split("/")[1])


def test_the_workers_do_not_outlive_a_killed_server(office: TestOffice) -> None:
    with office.serving() as server:
        assert server.stderr is not None
        next(line for line in server.stderr if "filed" in line)
        workers = children_of(server.pid)
        assert workers
        os.kill(server.pid, signal.SIGKILL)
        server.wait()
        wait_for(lambda: not any(map(is_alive, workers)), "the workers' end")


def children_of(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for path in children for child in path.read_text("ascii").split()]


def is_alive(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text("utf-8").rsplit(")", 1)[1].split()[0] != "Z"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_the_server_in_order(office: TestOffice, number: signal.Signals) -> None:
    with office.serving() as server:
        assert server.stderr is not None
        next(line for line in server.stderr if "arrived" in line)
        os.kill(server.pid, number)
        _, log = server.communicate(timeout=60)
        assert server.returncode == 0
        assert "Traceback" not in log
    status = office.status()
    left = len(list(office.inbox.iterdir()))
    assert status["filed"] + status["waiting"] + left == LETTERS
    assert status["quarantined"] == 0


def test_a_second_server_is_refused(office: TestOffice) -> None:
    with office.serving() as server:
        assert server.stdout is not None
        server.stdout.readline()
        second = office.saraban("serve", "--once")
        assert second.code == 5
        assert "already works" in second.err
        assert "อยู่แล้ว" in second.err
