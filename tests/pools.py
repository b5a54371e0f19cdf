"""Tasks for processes that read, which load nothing and read nothing: what is tried is the processes."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from types import SimpleNamespace

_said: list[str] = []


def remember(word: str) -> None:
    """Keep a word in this process."""
    _said[:] = [word]


def prepare_nothing(*_told: object) -> None:
    """Begin a process with nothing."""


def double(number: int) -> tuple[int, str]:
    """Double a number; 13 ends the process as the kernel does when memory runs out, 17 is a fault."""
    if number == 17:
        raise KeyError(number)
    if number == 13:
        os.kill(os.getpid(), signal.SIGKILL)
    return number * 2, _said[0]


def read_by_name(path: Path) -> dict[str, object]:
    """Answer as reading does for a file that cannot be read, and name the process."""
    return {"file": path.name, "error": str(os.getpid()), "thai": "-"}


def file_by_name(label: str) -> SimpleNamespace:
    """Answer as working a letter does, and name the process."""
    return SimpleNamespace(state="filed", detail=f"{label} {os.getpid()}")
