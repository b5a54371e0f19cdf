"""The rule files that come with the program, and how an office's own copies stand to them.

An office edits copies. What each was copied from is noted beside them, so that a new version of the
program can tell a copy nobody has touched, which it may replace, from one that the office has made its own.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from pathlib import Path

from classify.durable_file import create_durably, replace_durably

RULE_FILES = ("groups.toml", "kinds.toml", "agencies.toml", "retention.toml")
NOTE = ".shipped.json"  # rule file's name to the SHA-256 of the shipped text it was copied from


class Standing(StrEnum):
    """How an office's copy of a rule file stands to the one that comes with the program."""

    SAME = "same"  # word for word
    NOT_THERE = "not there"  # so the shipped one counts
    OUTDATED = "outdated"  # an earlier shipped one, as it was: may be replaced
    OWN = "own"  # edited, and the shipped one is still the one that was edited
    BEHIND = "behind"  # edited (or of unknown origin), and the shipped one is another by now


@dataclass(frozen=True, slots=True)
class OfficeCopy:
    """One rule file of an office."""

    name: str
    standing: Standing


def shipped_folder() -> Path:
    """Return the folder of the rule files that come with the program."""
    return Path(str(resources.files("classify"))) / "data"


def install_default_rules(folder: Path) -> tuple[Path, ...]:
    """Copy the shipped rule files into `folder` for editing; files already there are left alone.

    Returns the paths that were written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    missing = [folder / name for name in RULE_FILES if not (folder / name).exists()]
    written = [path for path in missing if create_durably(path, _shipped(path.name))]
    # Also those that an earlier start wrote and, on a full disk, could not note.
    _note(folder, [name for name in RULE_FILES if _is_shipped(folder / name)])
    return tuple(written)


def _is_shipped(path: Path) -> bool:
    return path.read_bytes() == _shipped(path.name)


def compare_with_shipped(folder: Path) -> tuple[OfficeCopy, ...]:
    """Return how each rule file in `folder` stands to the shipped one; nothing is changed."""
    copied_from = _noted(folder)
    return tuple(OfficeCopy(name, _standing(folder / name, copied_from)) for name in RULE_FILES)


def take_over_shipped(folder: Path) -> tuple[str, ...]:
    """Replace the copies that are outdated but untouched; return their names.

    Files that are the shipped ones word for word are noted too: offices made by an earlier version have
    no note. Edited files are never written.
    """
    copies = compare_with_shipped(folder)
    outdated = [copy.name for copy in copies if copy.standing is Standing.OUTDATED]
    for name in outdated:
        replace_durably(folder / name, _shipped(name))
    _note(folder, [copy.name for copy in copies if copy.standing is Standing.SAME] + outdated)
    return tuple(outdated)


def _standing(path: Path, copied_from: dict[str, str]) -> Standing:
    if not path.exists():
        return Standing.NOT_THERE
    here, shipped = _digest(path.read_bytes()), _digest(_shipped(path.name))
    origin = copied_from.get(path.name)
    if here == shipped:
        return Standing.SAME
    if here == origin:
        return Standing.OUTDATED
    return Standing.OWN if origin == shipped else Standing.BEHIND


def _shipped(name: str) -> bytes:
    return (shipped_folder() / name).read_bytes()


def _digest(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()


def _noted(folder: Path) -> dict[str, str]:
    """Return what is noted; a note that is missing or damaged says nothing of any file."""
    try:
        noted = json.loads((folder / NOTE).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(k): str(v) for k, v in noted.items()} if isinstance(noted, dict) else {}


def _note(folder: Path, names: list[str]) -> None:
    noted = _noted(folder)
    news = noted | {name: _digest(_shipped(name)) for name in names}
    if news != noted:
        replace_durably(folder / NOTE, json.dumps(news, indent=1).encode())
