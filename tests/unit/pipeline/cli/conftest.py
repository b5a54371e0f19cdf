"""The command line, run in this process."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from pipeline.cli import main
from pipeline.office import Office

Say = Callable[..., tuple[int, str, str]]


@pytest.fixture
def saraban(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], office: Office
) -> Say:
    """Run `saraban` with these words for the office; return its exit code, what it said, and its complaints."""

    def run(*arguments: object) -> tuple[int, str, str]:
        line = ["saraban", *map(str, arguments), "--office", str(office.root)]
        monkeypatch.setattr(sys, "argv", line)
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return ended.value.code, said.out, said.err

    return run
