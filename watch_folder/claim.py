"""Claiming: a file leaves the watched folder for `work/`, where nobody else writes to it.

Beside every claimed file lies `<file>.json`, written before the move, with what only the watched
folder knew (name, door, time): after a crash `recover` finds both again.
"""

from __future__ import annotations

import errno
import json
import os
import secrets
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from watch_folder.attempts import PREFIX, forget_gone
from watch_folder.durable_move import (
    MovedMeanwhileError,
    Stamp,
    flush_folder,
    hash_file,
    move_durably,
    write_durably,
)
from watch_folder.errors import FolderUnavailableError, NoRoomError
from watch_folder.file_names import readable_name
from watch_folder.quarantine import move_beside
from watch_folder.scanned_file import ScannedFile
from watch_folder.whole import EXTENSIONS, HEAD_BYTES, detect_media_type

SIDECAR = ".json"
OFFICE_TROUBLES = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)


@dataclass(frozen=True, slots=True)
class _Note:
    """What the sidecar holds. `source` and `stamp` let `recover` finish a move between disks."""

    name: str
    door: str
    secret_door: bool
    received_at: datetime
    source: Path
    stamp: Stamp
    group: str = ""
    batch: bool = False

    def to_json(self) -> str:
        return json.dumps(
            {
                "name": self.name,
                "door": self.door,
                "secret_door": self.secret_door,
                "received_at": self.received_at.isoformat(),
                "source": str(self.source),
                "size_bytes": self.stamp.size_bytes,
                "modified_ns": self.stamp.modified_ns,
                "group": self.group,
                "batch": self.batch,
            }
        )

    @classmethod
    def from_json(cls, text: str) -> _Note:
        read = json.loads(text)
        return cls(
            name=read["name"],
            door=read["door"],
            secret_door=read["secret_door"],
            received_at=datetime.fromisoformat(read["received_at"]),
            source=Path(read["source"]),
            stamp=Stamp(0, 0, read["size_bytes"], read["modified_ns"]),
            group=read.get("group", ""),
            batch=read.get("batch", False),
        )


def claim(
    path: Path,
    work: Path,
    *,
    media_type: str,
    door: str,
    received_at: datetime,
    secret_door: bool = False,
    group: str = "",
    batch: bool = False,
    stamp: Stamp | None = None,
) -> ScannedFile | None:
    """Move a whole file into `work` and hash it.

    `stamp` is what the file looked like before `check_whole`. Returns None when the file is gone,
    or was written to or replaced since; then it lies in its folder as before. Raises
    FolderUnavailableError (it cannot be taken out of its folder) and NoRoomError (`work` cannot
    be written to); the file then lies where it lay.
    """
    try:
        before = stamp or Stamp.of(path.lstat())
    except FileNotFoundError:
        return None
    target = work / f"{secrets.token_hex(16)}{EXTENSIONS[media_type]}"
    note = _Note(
        readable_name(path.name), door, secret_door, received_at, path, before, group, batch
    )
    try:
        write_durably(_sidecar(target), note.to_json(), owner_only=secret_door)
    except OSError as error:
        raise NoRoomError(work, error.strerror or str(error)) from error
    try:
        move_durably(path, target)
        if secret_door:
            target.chmod(0o600)
        sha256 = _hash_if_unchanged(target, before)
    except OSError as error:
        _put_back(target, path)
        if isinstance(error, (FileNotFoundError, MovedMeanwhileError)):
            return None
        if error.errno in OFFICE_TROUBLES:
            raise NoRoomError(work, error.strerror or str(error)) from error
        raise FolderUnavailableError(path.parent, error.strerror or str(error)) from error
    if sha256 is None:
        _put_back(target, path)
        return None
    return _scanned(target, note, media_type, sha256)


def _put_back(target: Path, path: Path) -> None:
    """Undo a claim: the very same file goes back, for its writer may still hold it open.

    Where that fails it stays in `work`, and `recover` finds it.
    """
    with suppress(OSError):
        if target.exists():
            move_beside(target, path.parent, path.name)
        _sidecar(target).unlink(missing_ok=True)


def _hash_if_unchanged(target: Path, before: Stamp) -> str | None:
    sha256 = hash_file(target)
    return sha256 if Stamp.of(target.stat()).same_content(before) else None


def release(scanned: ScannedFile) -> None:
    """Give up a claim: remove the claimed file, unless it was moved on, and its sidecar.

    Call it when the letter is archived and in the book, or after it was put in quarantine.
    """
    scanned.path.unlink(missing_ok=True)
    _sidecar(scanned.path).unlink(missing_ok=True)
    with suppress(OSError):
        flush_folder(scanned.path.parent)


def recover(
    work: Path, known: Collection[str] = (), *, ends_moves: bool = True
) -> list[ScannedFile]:
    """Find the files that were claimed and not released, but for those of `known` names, oldest first.

    For after a crash, and after a claim that could not be noted. Only while nobody claims into
    `work`: hold the office first. Halves of copies are removed (their
    originals lie in the watched folder), and a move that was copied but not ended is ended; not in a
    copy of an office (`ends_moves`), whose notes name the folders of the first one.
    Raises NoRoomError when `work` cannot be read.
    """
    try:
        forget_gone(work)
        entries = [entry for entry in work.iterdir() if entry.is_file() and not entry.is_symlink()]
        found = []
        for path in entries:
            if path.name.startswith(PREFIX) or path.name in known:
                continue
            if path.name.startswith(".") and path.suffix == ".part":
                path.unlink()
            elif path.suffix == SIDECAR:
                if not path.with_suffix("").exists():
                    path.unlink()
            else:
                found.append(_recover_one(path, ends_moves=ends_moves))
    except OSError as error:
        raise NoRoomError(work, error.strerror or str(error)) from error
    return sorted(found, key=lambda scanned: (scanned.received_at, scanned.path.name))


def claimed_names(work: Path) -> set[str]:
    """Return the names of the claimed files in `work`. Raises NoRoomError."""
    try:
        return {
            path.name
            for path in work.iterdir()
            if not path.name.startswith(".") and path.suffix != SIDECAR and path.is_file()
        }
    except OSError as error:
        raise NoRoomError(work, error.strerror or str(error)) from error


def _recover_one(path: Path, *, ends_moves: bool) -> ScannedFile:
    with path.open("rb") as file:
        media_type = detect_media_type(file.read(HEAD_BYTES)) or "application/octet-stream"
    sha256 = hash_file(path)
    status = path.stat()
    try:
        note = _Note.from_json(_sidecar(path).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        # Not ours, or its sidecar is lost. The door is unknown, so it may have been the secret one.
        received_at = datetime.fromtimestamp(status.st_mtime, tz=UTC)
        note = _Note(path.name, "recovered", True, received_at, path, Stamp.of(status))
    else:
        if ends_moves:
            _end_move(note, sha256)
    return _scanned(path, note, media_type, sha256)


def _end_move(note: _Note, sha256: str) -> None:
    """Remove the source of a copy that is safely here: same size, time and bytes."""
    with suppress(OSError):
        status = note.source.lstat()
        if Stamp.of(status).same_content(note.stamp) and hash_file(note.source) == sha256:
            note.source.unlink()


def _scanned(path: Path, note: _Note, media_type: str, sha256: str) -> ScannedFile:
    return ScannedFile(
        path=path,
        name=note.name,
        sha256=sha256,
        size_bytes=os.path.getsize(path),  # noqa: PTH202 - shorter than its replacement
        media_type=media_type,
        received_at=note.received_at,
        door=note.door,
        secret_door=note.secret_door,
        group=note.group,
        batch=note.batch,
    )


def _sidecar(path: Path) -> Path:
    return path.with_name(path.name + SIDECAR)
