"""Moving a file so that a crash at any point leaves it, whole, at one end or at both."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Stamp:
    """What changes when somebody writes to a file or puts another in its place."""

    device: int
    inode: int
    size_bytes: int
    modified_ns: int

    @classmethod
    def of(cls, status: os.stat_result) -> Stamp:
        """Take it from a stat result."""
        return cls(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)

    def same_content(self, other: Stamp) -> bool:
        """Compare size and time only: across file systems the inode is another."""
        return (self.size_bytes, self.modified_ns) == (other.size_bytes, other.modified_ns)


class MovedMeanwhileError(OSError):
    """The source changed while it was copied; nothing was moved. Never leaves this package."""


def hash_file(path: Path) -> str:
    """Return the SHA-256 of the file's bytes in lower-case hex. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def flush_folder(folder: Path) -> None:
    """Make names that came and went in the folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_durably(path: Path, text: str, *, owner_only: bool = False) -> None:
    """Write a new file and flush it; on failure no file is left. Raises OSError."""
    mode = 0o600 if owner_only else 0o666  # less the umask
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        path.unlink(missing_ok=True)
        raise


def move_durably(source: Path, target: Path) -> None:
    """Move a file, across file systems too; an existing `target` is replaced.

    Raises OSError, and then the source is still where it was and `target` is untouched.
    """
    try:
        os.rename(source, target)  # noqa: PTH104 - does not pretend to return a value
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        if source.is_symlink():
            _move_link(source, target)
        else:
            _copy_then_remove(source, target)
    flush_folder(target.parent)
    with suppress(OSError):  # gone with its share, perhaps; the file itself is safe
        flush_folder(source.parent)


def _move_link(source: Path, target: Path) -> None:
    link = target.parent / f".{secrets.token_hex(8)}.part"
    link.symlink_to(source.readlink())
    link.replace(target)
    source.unlink()


def _copy_then_remove(source: Path, target: Path) -> None:
    """Copy, flush, compare, put in place, and only then remove the source."""
    if not os.access(source.parent, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, "files cannot be removed from there", str(source))
    before = Stamp.of(source.stat())
    part = target.parent / f".{secrets.token_hex(8)}.part"
    try:
        digest = _copy(source, part)
        os.utime(part, ns=(before.modified_ns, before.modified_ns))
        if hash_file(part) != digest or Stamp.of(source.stat()) != before:
            raise MovedMeanwhileError(errno.EBUSY, "changed while it was copied", str(source))
        existed = target.exists()
        part.replace(target)
        flush_folder(target.parent)
    except OSError:
        part.unlink(missing_ok=True)
        raise
    try:
        source.unlink(missing_ok=True)
    except OSError:
        if not existed:
            target.unlink()  # else the next sweep would take it a second time
        raise


def _copy(source: Path, part: Path) -> str:
    """Copy the bytes, flush them, and return the SHA-256 of what was read."""
    digest = hashlib.sha256()
    with source.open("rb") as reader, part.open("xb") as writer:
        while chunk := reader.read(CHUNK_BYTES):
            digest.update(chunk)
            writer.write(chunk)
        writer.flush()
        os.fsync(writer.fileno())
    return digest.hexdigest()
