"""The type of a folder to watch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class WatchedFolder:
    """One folder that a scanner writes to.

    `name` is the profile's name and becomes `ScannedFile.door`. `group` is the code of the group
    whose scanner this is (empty when it is everybody's). All that comes through a `secret` folder
    is secret. `batch` says that a file may hold several letters, to be split where they begin. With
    `groups_below` the folders inside are named by the codes of groups, and what lies in them is those
    groups'.
    """

    path: Path
    name: str
    group: str = ""
    secret: bool = False
    batch: bool = False
    groups_below: bool = False

    def group_of(self, file: Path) -> str:
        """Return the code of the group that a file in this folder is proposed to, or nothing."""
        inside = file.relative_to(self.path).parts
        return inside[0] if self.groups_below and len(inside) > 1 else self.group
