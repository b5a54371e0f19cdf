"""Waking early: events shorten the wait between two sweeps, and are trusted for nothing else."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable
from pathlib import Path

from watchfiles import watch

log = logging.getLogger("saraban.door")
DEBOUNCE_MS = 200
# What the source of events raises for a folder that went, no watches left, a name that is not UTF-8.
EVENT_ERRORS = (OSError, RuntimeError, TypeError, UnicodeError, ValueError)


def wait_for_change(
    folders: Iterable[Path],
    timeout_seconds: float,
    stop: threading.Event | None = None,
) -> bool:
    """Wait until something happens in one of the folders; return False when nothing did.

    Returns early when `stop` is set. Where the system gives no events (a folder that is not there,
    no inotify watches left, a network share), or stumbles over one (a file name that is not UTF-8),
    it waits the whole time: sweep anyway afterwards.
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
        except EVENT_ERRORS as error:
            log.debug("no events of the folders: %s", type(error).__name__)
    stop.wait(timeout_seconds)
    return False
