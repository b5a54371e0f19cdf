"""The type of a folder to watch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class WatchedFolder:
    """One folder that a scanner writes to.

    `name` is the profile's name and becomes `ScannedFile.door`. `group` is the code of the group
    whose scanner this is (empty when it is everybody's). All that comes through a `secret` folder
    is secret. `batch` says that a file may hold several letters, to be split where they begin.
    """

    path: Path
    name: str
    group: str = ""
    secret: bool = False
    batch: bool = False
