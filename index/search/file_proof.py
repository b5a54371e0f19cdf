"""Whether the files of an index are those that were written: a damaged one must never answer "nothing found"."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeAlias

from index.search.errors import IndexUnavailableError

_CHUNK_BYTES = 1 << 20
_FOOTER = struct.Struct("<II")  # how long tantivy's note is, and its magic number
_MAGIC = 1337
_LONGEST_NOTE = 4096
_Stamp: TypeAlias = tuple[int, int, int]


class FileProof:
    """Reads files back and remembers which were whole; those that look untouched are not read again.

    `is_whole` compares a file's bytes with the checksum that was written with it. Reading back takes about
    a second for each gigabyte; the looks after that cost a `stat` a file.
    """

    def __init__(self, folder: Path, is_whole: Callable[[Path], bool]) -> None:
        self._folder = folder
        self._is_whole = is_whole
        self._proven: dict[Path, _Stamp] = {}

    def prove(self, files: Iterable[Path]) -> None:
        """Raise IndexUnavailableError for the first file whose bytes are not those that were written.

        One that is gone is no concern of this: who opens it is told, and a merge may have taken it away.
        """
        proven: dict[Path, _Stamp] = {}
        for path in files:
            try:
                stamp = _stamp(path)
                whole = self._proven.get(path) == stamp or self._is_whole(path)
            except FileNotFoundError:
                continue
            except OSError as error:
                raise IndexUnavailableError(self._folder, f"{path.name}: {error}") from error
            if not whole:
                self._proven.pop(path, None)
                raise IndexUnavailableError(self._folder, f"{path.name} is damaged")
            proven[path] = stamp
        self._proven = proven


def _stamp(path: Path) -> _Stamp:
    facts = path.stat()
    return facts.st_ino, facts.st_size, facts.st_mtime_ns


def checksum(path: Path, size_bytes: int | None = None) -> int:
    """Return the CRC-32 of a file, or of its first bytes."""
    left, crc = path.stat().st_size if size_bytes is None else size_bytes, 0
    with path.open("rb") as file:
        while left > 0 and (chunk := file.read(min(left, _CHUNK_BYTES))):
            crc, left = zlib.crc32(chunk, crc), left - len(chunk)
    return crc


def has_its_footer(path: Path) -> bool:
    """Tell whether a file of tantivy's has the bytes that its footer was written for.

    The footer (tantivy 0.27, `directory/footer.rs`) is a note in JSON with the CRC-32 of all before it,
    then the note's length and a magic number, both 32 bits, little-endian.
    """
    size_bytes = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size_bytes - _FOOTER.size))
        end = file.read(_FOOTER.size)
        if len(end) < _FOOTER.size:
            return False
        note_bytes, magic = _FOOTER.unpack(end)
        body_bytes = size_bytes - _FOOTER.size - note_bytes
        if magic != _MAGIC or note_bytes > _LONGEST_NOTE or body_bytes < 0:
            return False
        file.seek(body_bytes)
        try:
            crc = json.loads(file.read(note_bytes))["crc"]
        except (ValueError, KeyError, TypeError):
            return False
    return bool(crc == checksum(path, body_bytes))


def committed_files(folder: Path) -> Iterator[Path]:
    """Yield the files of the segments that tantivy has committed; raises IndexUnavailableError.

    What a writer is just writing is not among them.
    """
    try:
        about = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
        segments = [
            (str(one["segment_id"]).replace("-", ""), (one["deletes"] or {}).get("opstamp"))
            for one in about["segments"]
        ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexUnavailableError(folder, f"meta.json: {error}") from error
    for segment, deleted_at in segments:
        for path in sorted(folder.glob(f"{segment}.*")):
            if path.suffix != ".del" or path.name == f"{segment}.{deleted_at}.del":
                yield path
