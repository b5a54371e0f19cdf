"""Waking early: events shorten the wait between two sweeps, and are trusted for nothing else."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from pathlib import Path

from watchfiles import watch

DEBOUNCE_MS = 200


def wait_for_change(
    folders: Iterable[Path],
    timeout_seconds: float,
    stop: threading.Event | None = None,
) -> bool:
    """Wait until something happens in one of the folders; return False when nothing did.

    Returns early when `stop` is set. Where the system gives no events (a folder that is not there,
    no inotify watches left, a network share), it waits the whole time: sweep anyway afterwards.
    """
    stop = stop or threading.Event()
    there = [folder for folder in folders if folder.is_dir()]
    if there:
        try:
            events = watch(
                *there,
                watch_filter=None,
                debounce=DEBOUNCE_MS,
                rust_timeout=max(1, round(timeout_seconds * 1000)),
                yield_on_timeout=True,
                stop_event=stop,
                ignore_permission_denied=True,
            )
            return bool(next(events, None))
        except OSError:
            pass  # out of inotify watches, or the folder went just now
    stop.wait(timeout_seconds)
    return False
