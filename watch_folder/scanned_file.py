"""The type that receiving hands on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ScannedFile:
    """One file, claimed: it lies in the office's `work/` folder and nobody writes to it any more.

    `name` is the file's name as the scanner gave it (for people; never used as a path).
    `sha256` is the lower-case hex digest of the bytes; it identifies the scan everywhere.
    `received_at` is timezone-aware. `door` names the way in: the watched folder's profile name,
    `"upload"`, `"add"` or an import profile. `secret_door` is true when the scan came through the
    secret folder, whose letters are secret whatever is printed on them. `group` is the code of the
    group it is proposed to (empty: none), `batch` says that it may hold several letters.
    """

    path: Path
    name: str
    sha256: str
    size_bytes: int
    media_type: str
    received_at: datetime
    door: str
    secret_door: bool = False
    group: str = ""
    batch: bool = False
