"""An inbox, its office folders and a clock that tests turn by hand."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from watch_folder.scanned_file import ScannedFile
from watch_folder.sweep import Sweep, SweepMemory, sweep
from watch_folder.watched_folder import WatchedFolder

SETTLE_SECONDS, PATIENCE_SECONDS = 2.0, 60.0


@dataclass(slots=True)
class Receiving:
    """What a sweep needs; `now` moves only when a test says so."""

    root: Path
    secret: bool = False
    memory: SweepMemory = field(default_factory=SweepMemory)
    now: datetime = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __post_init__(self) -> None:
        self.inbox.mkdir()
        self.work.mkdir()

    @property
    def inbox(self) -> Path:
        return self.root / "inbox"

    @property
    def work(self) -> Path:
        return self.root / "work"

    @property
    def quarantine(self) -> Path:
        return self.root / "quarantine"

    def sweep_after(self, seconds: float, *, limit: int = 100) -> Sweep:
        """Let time pass, then sweep."""
        self.now += timedelta(seconds=seconds)
        return sweep(
            WatchedFolder(self.inbox, "inbox", secret=self.secret),
            self.work,
            memory=self.memory,
            now=self.now,
            settle_seconds=SETTLE_SECONDS,
            patience_seconds=PATIENCE_SECONDS,
            limit=limit,
        )

    def settle(self) -> Sweep:
        """See what is there, then sweep again when it counts as settled."""
        self.sweep_after(0)
        return self.sweep_after(SETTLE_SECONDS)

    def lose_patience(self) -> Sweep:
        """Settle, then sweep when patience has run out."""
        self.settle()
        return self.sweep_after(PATIENCE_SECONDS)

    def claimed_one(self) -> ScannedFile:
        """Settle and return the only claimed file."""
        (scanned,) = self.settle().claimed
        return scanned


def digest(data: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(data).hexdigest()
