"""A bundle of downloaded files, a folder or a ZIP: its files by name, and nothing it should not hold.

The names in a ZIP are never paths here: a file is read by its place in the archive and handed on under
its last name, so no `../` can lead anywhere. What a ZIP says of its sizes is not believed either.
"""

from __future__ import annotations

import hashlib
import lzma
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pipeline.errors import FileUnfitError
from pipeline.importing.errors import BundleRefusedError
from watch_folder.file_names import readable_name

MOST_FILES = 5000
MOST_FILE_BYTES = 200 * 1024 * 1024
MOST_BYTES = 4 * 1024 * 1024 * 1024
CHUNK_BYTES = 1024 * 1024
UTF8_NAME, ENCRYPTED = 0x800, 0x1
NOT_LETTERS = ("thumbs.db", "desktop.ini", ".ds_store")
BROKEN_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    OSError,
    ValueError,
    RuntimeError,
)


@dataclass(frozen=True, slots=True)
class BundledFile:
    """One file; `place` finds it in its bundle again, `name` is for people and for matching."""

    place: str
    name: str


class Bundle(Protocol):
    """What is imported from."""

    name: str

    def files(self) -> tuple[BundledFile, ...]:
        """Return the files, in the order of their names; raise BundleRefusedError."""

    def chunks(self, file: BundledFile) -> Iterator[bytes]:
        """Yield a file's bytes; raise FileUnfitError for one that is broken or far too large."""


def hash_of(bundle: Bundle, file: BundledFile) -> str:
    """Return the SHA-256 of a bundled file."""
    digest = hashlib.sha256()
    for chunk in bundle.chunks(file):
        digest.update(chunk)
    return digest.hexdigest()


@contextmanager
def open_bundle(path: Path) -> Iterator[Bundle]:
    """Open a folder or a ZIP. Raises BundleRefusedError."""
    if path.is_dir():
        yield _Folder(path)
        return
    try:
        archive = zipfile.ZipFile(path)
    except BROKEN_ZIP as error:
        raise BundleRefusedError(
            path.name, "it is neither a folder nor a ZIP file", thai="ไม่ใช่โฟลเดอร์หรือไฟล์ ZIP"
        ) from error
    with archive:
        yield _Zip(path.name, archive)


class _Folder:
    def __init__(self, root: Path) -> None:
        self.name = root.name
        self._root = root

    def files(self) -> tuple[BundledFile, ...]:
        paths = (path for path in self._root.rglob("*") if path.is_file() and not path.is_symlink())
        found = [
            BundledFile(str(path.relative_to(self._root)), readable_name(path.name))
            for path in paths
            if not _is_no_letter(path.name)
        ]
        return _in_order(self.name, found)

    def chunks(self, file: BundledFile) -> Iterator[bytes]:
        try:
            with (self._root / file.place).open("rb") as opened:
                yield from iter(lambda: opened.read(CHUNK_BYTES), b"")
        except OSError as error:
            raise FileUnfitError(file.name, error.strerror or str(error)) from error


class _Zip:
    def __init__(self, name: str, archive: zipfile.ZipFile) -> None:
        self.name = name
        self._archive = archive
        self._entries = archive.infolist()

    def files(self) -> tuple[BundledFile, ...]:
        found, stated_bytes = [], 0
        for place, entry in enumerate(self._entries):
            name = last_name(entry)
            if entry.filename.endswith("/") or _is_link(entry) or _is_no_letter(name):
                continue
            if entry.flag_bits & ENCRYPTED:
                raise BundleRefusedError(self.name, "it has a password", thai="ไฟล์ ZIP มีรหัสผ่าน")
            stated_bytes += entry.file_size
            found.append(BundledFile(str(place), name))
        if stated_bytes > MOST_BYTES:
            raise BundleRefusedError(
                self.name,
                f"it unpacks to more than {MOST_BYTES >> 30} GiB",
                thai="เนื้อหาใหญ่เกินกำหนด",
            )
        return _in_order(self.name, found)

    def chunks(self, file: BundledFile) -> Iterator[bytes]:
        taken = 0
        try:
            with self._archive.open(self._entries[int(file.place)]) as opened:
                while chunk := opened.read(CHUNK_BYTES):
                    taken += len(chunk)
                    if taken > MOST_FILE_BYTES:
                        raise FileUnfitError(
                            file.name, "it unpacks to far more than a letter holds"
                        )
                    yield chunk
        except BROKEN_ZIP as error:
            raise FileUnfitError(file.name, f"it is damaged in the ZIP ({error})") from error


def last_name(entry: zipfile.ZipInfo) -> str:
    """Return an entry's own name, without folders; Thai names of old programs are read as Windows-874."""
    name = entry.filename
    if not entry.flag_bits & UTF8_NAME:
        raw = name.encode("cp437", errors="replace")
        try:
            name = raw.decode("utf-8")
        except UnicodeDecodeError:
            name = raw.decode("cp874", errors="replace")
    last = name.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    return readable_name(unicodedata.normalize("NFC", last))


def _is_link(entry: zipfile.ZipInfo) -> bool:
    return stat.S_ISLNK(entry.external_attr >> 16)


def _is_no_letter(name: str) -> bool:
    return name.startswith((".", "._", "~$")) or name.lower() in NOT_LETTERS


def _in_order(name: str, found: list[BundledFile]) -> tuple[BundledFile, ...]:
    if len(found) > MOST_FILES:
        raise BundleRefusedError(
            name, f"it holds more than {MOST_FILES} files", thai="มีไฟล์มากเกินกำหนด"
        )
    return tuple(sorted(found, key=lambda one: (one.name, one.place)))
