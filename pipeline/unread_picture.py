"""The first page of a file that could not be read, drawn in a limited process: it may be made to harm."""

from __future__ import annotations

import threading
from pathlib import Path

from ocr.errors import OcrError
from pipeline.limits import Allowance, held_time
from pipeline.page_pictures import draw_page, make_small
from pipeline.processes import LetterProcesses, ProcessDiedError

DRAW_SECONDS = (
    15  # of a core; a page at 300 dpi takes less than one, and the clock gives twice that
)
TURN_SECONDS = 10.0  # a list of hostile files must not keep all of the server's threads waiting
FILES_PER_PROCESS = 50
MOST_REMEMBERED = 1000
Asked = tuple[Path, bool]


class UnreadPictures:
    """Draws one file at a time and keeps nothing on the disk; threads may share it."""

    def __init__(self, *, seconds: int = DRAW_SECONDS) -> None:
        self._turn = threading.Lock()
        self._seconds = seconds
        self._no_picture: set[str] = set()  # SHA-256 of what was tried in vain
        self._processes: LetterProcesses[tuple[Asked, int], bytes | None] = LetterProcesses(
            _draw,
            workers=1,
            letters_per_worker=FILES_PER_PROCESS,
            prepare=_nothing,
            allowance=Allowance(),
        )

    def get(self, path: Path, sha256: str, *, small: bool) -> bytes | None:
        """Return the first page as JPEG; None for what cannot be drawn, or not now.

        A link is never followed: what lies in quarantine was put there by whoever can write to a scan
        folder.
        """
        if sha256 in self._no_picture or path.is_symlink() or not path.is_file():
            return None
        if not self._turn.acquire(timeout=TURN_SECONDS):
            return None
        try:
            drawn = self._processes.submit(((path, small), self._seconds)).result()
        except ProcessDiedError:
            drawn = None
        finally:
            self._turn.release()
        if drawn is None and len(self._no_picture) < MOST_REMEMBERED:
            self._no_picture.add(sha256)
        return drawn

    def stop(self) -> None:
        """End the process, whatever it draws."""
        self._processes.stop()


def _nothing() -> None:
    """Prepare nothing."""


def _draw(asked: tuple[Asked, int]) -> bytes | None:
    (path, small), seconds = asked
    with held_time(seconds):
        try:
            picture = draw_page(path, 1)
        except (OcrError, IndexError, MemoryError):
            return None
        return (make_small(picture) if small else picture).jpeg


UNREAD = UnreadPictures()
"""The one of this server's pages."""
