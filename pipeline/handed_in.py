"""Doors inside the office: what pages and programs hand in lies in folders that the sweep watches too.

The page never claims a file itself: only the door does, in the process that holds the office. So a
scan that was handed in is as safe as one from the scanner, and is read by the same rules.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from classify.durable_file import half_file, remove_halves
from index.archive import Archive
from pipeline.errors import FileUnfitError
from pipeline.look import OUTSIDE
from pipeline.office import Office
from pipeline.settings import WatchedFolder
from watch_folder.durable_move import flush_folder
from watch_folder.errors import RefusedScanError
from watch_folder.file_names import readable_name, shorten
from watch_folder.whole import EXTENSIONS

UPLOAD, IMPORT, CUT = "upload", "import", "cut"
ROOM_FOR_NUMBER = 240  # bytes of a name that may still get " (2)" put to it
INNER_FOLDERS = tuple(
    WatchedFolder(path=f"handed-in/{name}", profile=name, secret=name.endswith("-secret"))
    for door in (UPLOAD, IMPORT, CUT)
    for name in (door, f"{door}-secret")
)
"""A door and its secret twin for uploads, imports and pages cut out, beside those of `saraban.toml`."""


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A file that lies at the door, known by its bytes."""

    sha256: str
    size_bytes: int


def inner_folder(office: Office, door: str, *, secret: bool) -> Path:
    """Return the folder of an inner door."""
    folder = office.root / "handed-in" / (f"{door}-secret" if secret else door)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def remove_halves_of(office: Office) -> None:
    """Remove what processes that have ended left half written at the inner doors and in the archive."""
    doors = (office.folder_of(one) for one in INNER_FOLDERS)
    remove_halves([half for door in doors for half in door.rglob(".*.part")])
    Archive(office.archive).sweep()


def hand_in(
    folder: Path,
    name: str,
    chunks: Iterable[bytes],
    *,
    before: Callable[[str], object] = lambda _sha256: None,
) -> HandedIn:
    """Write a file into a watched folder, under a name that no sweep takes until it is whole.

    `before` is told the SHA-256 when the file is whole and nobody can take it yet. Never over another
    file. Raises FileUnfitError for what is no whole PDF, TIFF, JPEG or PNG,
    and for a disk that takes no more.
    """
    half = folder / f".{secrets.token_hex(8)}.part"
    shown = readable_name(name)
    digest, size = hashlib.sha256(), 0
    try:
        with half_file(half, mode=0o666) as file:
            for chunk in chunks:
                file.write(chunk)
                digest.update(chunk)
                size += len(chunk)
            file.flush()
            os.fsync(file.fileno())
            extension = EXTENSIONS[OUTSIDE(half)]
            before(digest.hexdigest())
            _give_name(half, folder, shown, extension)
        flush_folder(folder)  # whoever handed it in takes it for kept
    except RefusedScanError as error:
        raise FileUnfitError(shown, error.what) from error
    except OSError as error:
        raise FileUnfitError(shown, error.strerror or str(error)) from error
    return HandedIn(digest.hexdigest(), size)


def _give_name(half: Path, folder: Path, name: str, extension: str) -> None:
    """Link the file under its own name, with the extension of what it is: no sweep passes it over."""
    stem = shorten(Path(name).stem.lstrip(".~$ ") or "_", ROOM_FOR_NUMBER)
    for number in range(1, 10_000):
        try:
            os.link(half, folder / f"{stem}{f' ({number})' if number > 1 else ''}{extension}")
        except FileExistsError:
            continue
        return
