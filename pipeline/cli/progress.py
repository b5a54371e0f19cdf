"""A progress bar on a terminal; nothing at all where the output is a file or a pipe."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

from rich.console import Console
from rich.progress import track

T = TypeVar("T")


def with_progress(things: Iterable[T], *, total: int, what: str) -> Iterator[T]:
    """Yield the things, showing how far it is on standard error if that is a terminal."""
    if sys.stderr.isatty() and not sys.stdout.isatty():
        # Bar and results on the same terminal would write over each other.
        yield from track(things, description=what, total=total, console=Console(stderr=True))
    else:
        yield from things
