"""The archive: original scans and searchable PDFs by their SHA-256, written once, never changed.

    archive/originals/ab/abcd….pdf    what the scanner made, byte for byte
    archive/searchable/ab/abcd….pdf   the same pages with a text layer
    archive/evidence/ab/abcd….jpg     photographs and papers that prove a destruction
    archive/secret/originals/…        the same for secret letters, readable by the owner only

A file is complete when it has its name: it is written under another name in the same file system,
its bytes are compared with the hash, forced to the disk, and only then linked to its name, which an
existing file keeps. After a power cut there is at most a leftover in `incoming/`.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from classify.durable_file import half_file, remove_halves, sync_folder
from index.errors import ArchiveDamagedError, ArchiveFileMissingError, DiskFullError

_CHUNK = 1 << 20
_NAME = re.compile(r"[0-9a-f]{64}(\.[a-z0-9]{1,8})?")


class Shelf(StrEnum):
    """What kind of file."""

    ORIGINAL = "originals"
    SEARCHABLE = "searchable"
    EVIDENCE = "evidence"


@dataclass(frozen=True, slots=True)
class ArchivedFile:
    """A file that is safely in the archive."""

    path: Path
    sha256: str
    size_bytes: int
    is_secret: bool


@dataclass(frozen=True, slots=True)
class ArchiveProblem:
    """Something wrong with the archive: the path and what it is, in English."""

    path: Path
    problem: str


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Archive:
    """The archive below one folder; the folder is made when it is missing."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._files = DurableFiles(root / "incoming")

    def keep_original(
        self, source: Path, sha256: str, suffix: str, *, secret: bool
    ) -> ArchivedFile:
        """Copy a scan into the archive; keeping the same bytes again changes nothing.

        Raises ArchiveDamagedError when the bytes are not those of `sha256`, DiskFullError, OSError.
        """
        return self._keep(Shelf.ORIGINAL, source, sha256, suffix, secret=secret)

    def keep_searchable(self, source: Path, *, secret: bool) -> ArchivedFile:
        """Copy a searchable PDF into the archive, under the hash of its bytes."""
        sha256 = hash_file(source)
        return self._keep(Shelf.SEARCHABLE, source, sha256, ".pdf", secret=secret)

    def keep_evidence(self, source: Path, suffix: str, *, secret: bool) -> ArchivedFile:
        """Copy a photograph or paper of a destruction into the archive; it stays there."""
        sha256 = hash_file(source)
        return self._keep(Shelf.EVIDENCE, source, sha256, suffix, secret=secret)

    def remove(self, sha256: str, shelf: Shelf) -> int:
        """Remove a file of a destroyed letter, wherever it lies; return how many copies were there.

        Also a searchable PDF that was made anew. Else only `index.retention` calls this, after it
        has written down what is removed and why. The bytes are given back to the file system, not
        overwritten: see docs/retention.md on backups.
        """
        removed = 0
        while path := self._find(shelf, sha256):
            path.unlink()
            sync_folder(path.parent)
            removed += 1
        self._files.drop(sha256)
        return removed

    def holds(self, sha256: str, shelf: Shelf) -> bool:
        """Tell whether the file is there."""
        return self._find(shelf, sha256) is not None

    def _keep(
        self, shelf: Shelf, source: Path, sha256: str, suffix: str, *, secret: bool
    ) -> ArchivedFile:
        # Text that comes from outside becomes a path only here.
        name = f"{sha256}{suffix.lower()}"
        if not _NAME.fullmatch(name):
            raise ValueError(f"not a SHA-256 and a plain suffix: {name!r}")
        make_folders(self.root, private=False)
        known = self._find(shelf, sha256)
        if known is None:
            target = self._folder(shelf, sha256, secret=secret) / name
            self._files.copy(source, target, sha256, private=secret)
            known = target
        elif secret:
            known = self._hide(shelf, sha256) or known
        self._check(known, sha256)
        return ArchivedFile(known, sha256, known.stat().st_size, self._is_secret(known))

    def path_of(self, sha256: str, shelf: Shelf = Shelf.ORIGINAL) -> Path:
        """Return where the file lies; raise ArchiveFileMissingError when it is not there."""
        found = self._find(shelf, sha256)
        if found is None:
            raise ArchiveFileMissingError(sha256)
        return found

    @contextmanager
    def open(self, sha256: str, shelf: Shelf = Shelf.ORIGINAL) -> Iterator[BinaryIO]:
        """Open the file for reading; raise ArchiveFileMissingError when it is not there."""
        with self.path_of(sha256, shelf).open("rb") as file:
            yield file

    def hide(self, sha256: str, searchable_sha256: str | None = None) -> None:
        """Move a letter's files to the secret part, when it turned out to be secret."""
        self._hide(Shelf.ORIGINAL, sha256)
        if searchable_sha256 is not None:
            self._hide(Shelf.SEARCHABLE, searchable_sha256)

    def lies_open(self, sha256: str, searchable_sha256: str | None = None) -> bool:
        """Tell whether a file of a letter lies where everybody may read it."""
        own = self._find_in(Shelf.ORIGINAL, sha256, secret=False)
        if own is not None or searchable_sha256 is None:
            return own is not None
        return self._find_in(Shelf.SEARCHABLE, searchable_sha256, secret=False) is not None

    def names(self, shelf: Shelf) -> Iterator[tuple[str, bool]]:
        """Yield (SHA-256, is secret) of every file on a shelf; for comparing with the book."""
        for path in self._paths(shelf):
            if _NAME.fullmatch(path.name):
                yield path.name[:64], self._is_secret(path)

    def verify(self, hash_of: Callable[[Path], str] = hash_file) -> Iterator[ArchiveProblem]:
        """Read every file and yield what is wrong: changed bytes, strange names, open secrets.

        `hash_of` gives a file's SHA-256; one that reads slowly keeps the disk free for others.
        """
        secret = self.root / "secret"
        if secret.is_dir() and secret.stat().st_mode & 0o077:
            yield ArchiveProblem(secret, "is open to others than its owner; chmod it to 700")
        for shelf in Shelf:
            for path in self._paths(shelf):
                if not _NAME.fullmatch(path.name):
                    yield ArchiveProblem(path, "is not named by a SHA-256; it does not belong here")
                    continue
                actual = hash_of(path)
                if actual != path.name[:64]:
                    yield ArchiveProblem(path, f"was changed or damaged: its SHA-256 is {actual}")
                if self._is_secret(path) and path.stat().st_mode & 0o077:
                    yield ArchiveProblem(path, "is secret but readable by others than its owner")

    def sweep(self) -> int:
        """Remove what processes that have ended left half written; return how many files."""
        return self._files.sweep()

    def _paths(self, shelf: Shelf) -> Iterator[Path]:
        for part in (self.root / shelf, self.root / "secret" / shelf):
            if part.is_dir():
                yield from sorted(path for path in part.rglob("*") if path.is_file())

    def _folder(self, shelf: Shelf, sha256: str, *, secret: bool) -> Path:
        part = self.root / "secret" / shelf if secret else self.root / shelf
        return part / sha256[:2]

    def _find(self, shelf: Shelf, sha256: str) -> Path | None:
        # The secret part first: a file whose move was broken off lies in both.
        secret = self._find_in(shelf, sha256, secret=True)
        return secret or self._find_in(shelf, sha256, secret=False)

    def _find_in(self, shelf: Shelf, sha256: str, *, secret: bool) -> Path | None:
        folder = self._folder(shelf, sha256, secret=secret)
        return next(iter(folder.glob(f"{sha256}*")), None) if folder.is_dir() else None

    def _hide(self, shelf: Shelf, sha256: str) -> Path | None:
        """Move the file out of the open part, if it is there; return where it lies now."""
        path = self._find_in(shelf, sha256, secret=False)
        if path is not None:
            target = self._folder(shelf, sha256, secret=True) / path.name
            self._files.move_private(path, target)
        return self._find(shelf, sha256)

    def _is_secret(self, path: Path) -> bool:
        return path.is_relative_to(self.root / "secret")

    @staticmethod
    def _check(path: Path, sha256: str) -> None:
        actual = hash_file(path)
        if actual != sha256:
            raise ArchiveDamagedError(path, sha256, actual)


class DurableFiles:
    """Writes that are either wholly on the disk under their name, or not there at all."""

    def __init__(self, incoming: Path) -> None:
        self.incoming = incoming

    def copy(self, source: Path, target: Path, sha256: str, *, private: bool) -> None:
        """Copy `source` to `target`, whose bytes must have that SHA-256; never overwrite."""
        make_folders(target.parent, private=private)
        make_folders(self.incoming, private=True)
        half = self.incoming / f"{sha256[:16]}-{secrets.token_hex(8)}.part"
        with _said_plainly(target), half_file(half) as write:
            actual = self._write(source, write)
            if actual != sha256:
                raise ArchiveDamagedError(source, sha256, actual)
            half.chmod(0o400 if private else 0o444)
            with suppress(FileExistsError):  # another worker kept the same bytes meanwhile
                os.link(half, target)
            sync_folder(target.parent)

    @staticmethod
    def _write(source: Path, write: BinaryIO) -> str:
        digest = hashlib.sha256()
        with source.open("rb") as read:
            while chunk := read.read(_CHUNK):
                digest.update(chunk)
                write.write(chunk)
        write.flush()
        os.fsync(write.fileno())
        return digest.hexdigest()

    @staticmethod
    def move_private(path: Path, target: Path) -> None:
        """Move a file inside the file system into a private folder; never overwrite."""
        make_folders(target.parent, private=True)
        with _said_plainly(target):
            path.chmod(0o400)
            with suppress(FileExistsError):
                os.link(path, target)
            sync_folder(target.parent)
            path.unlink()
            sync_folder(path.parent)

    def drop(self, sha256: str) -> None:
        """Remove what a crash left of a file with this hash."""
        for leftover in self.incoming.glob(f"{sha256[:16]}-*.part"):
            leftover.unlink(missing_ok=True)

    def sweep(self) -> int:
        """Remove what dead processes left half written; return how many files."""
        return remove_halves(list(self.incoming.glob("*.part")) if self.incoming.is_dir() else [])


def make_folders(folder: Path, *, private: bool) -> None:
    """Make a folder and its parents, each safely on the disk; private ones for the owner only."""
    if folder.is_dir():
        return
    make_folders(folder.parent, private=private)
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700 if private else 0o755)
    sync_folder(folder.parent)


@contextmanager
def _said_plainly(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFullError(str(target.parent)) from error
        raise
