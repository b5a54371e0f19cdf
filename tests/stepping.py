"""Tells every statement and commit of a book as it happens, for tests that kill a process at each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

from sqlalchemy import Connection, Engine, event

Reached: TypeAlias = Callable[[str], object]


@contextmanager
def listening(reached: Reached) -> Iterator[None]:
    """Call `reached` with the beginning of each statement after it ran, and with "commit" before each."""

    def after_statement(*told: Any) -> None:
        reached(told[2].split("(")[0].strip().rsplit(" text", 1)[0])

    def before_commit(_connection: Connection) -> None:
        reached("commit")

    event.listen(Engine, "after_cursor_execute", after_statement)
    event.listen(Engine, "commit", before_commit)
    try:
        yield
    finally:
        event.remove(Engine, "after_cursor_execute", after_statement)
        event.remove(Engine, "commit", before_commit)
