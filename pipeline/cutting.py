"""Cutting letters out of a scan: by hand on the desk, and on the journey where the file says it surely.

The pieces are handed in at an inner door before anything is noted: a crash in between loses no page.
The same pages give the same bytes, so whatever is cut and handed in again is known by them.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator, Sequence
from pathlib import Path

from index.errors import DiskFullError
from index.register.received.parts import Piece
from ocr import page_range
from pipeline.errors import FileUnfitError
from pipeline.handed_in import CUT, hand_in, inner_folder
from pipeline.office import Office

CHUNK_BYTES = 1 << 20
DISK_FULL = (errno.ENOSPC, errno.EDQUOT)


def cut_out(
    office: Office,
    source: Path,
    letters: Sequence[range],
    name: str,
    scratch: Path,
    *,
    secret: bool,
    group: str = "",
) -> tuple[Piece, ...]:
    """Hand in a file for each of these letters, given by their pages (from 1) in the source.

    `name` says for people what they were cut from, `scratch` is a folder of the caller's,
    `group` the code of the group that they are proposed to. Raises OcrError when the source cannot be
    cut, FileUnfitError, and DiskFullError.
    """
    folder = inner_folder(office, CUT, secret=secret)
    if group:
        folder /= group  # a folder inside is named by the group it is proposed to
        folder.mkdir(exist_ok=True, mode=0o700)
    pieces = []
    for pages in letters:
        first, last = pages[0], pages[-1]
        cut = scratch / f"{first}{source.suffix}"
        page_range.cut_pages(source, pages, cut)
        try:
            handed = hand_in(folder, f"{name} หน้า {first}-{last}{source.suffix}", _chunks(cut))
        except FileUnfitError as error:
            if isinstance(error.__cause__, OSError) and error.__cause__.errno in DISK_FULL:
                raise DiskFullError(str(folder)) from error
            raise
        pieces.append(Piece(handed.sha256, first, last))
    return tuple(pieces)


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk
