"""The directory chain of a TIFF: is every page's directory, and all its picture data, in the file?

Pillow and libtiff stop without a word at the first directory they cannot read, so that a file cut
between two pages looks like a shorter one; and libtiff leaves the rest of a cut fax page white.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import BinaryIO

MAX_PAGES = 10_000
DATA_TAGS = ((273, 279), (324, 325))  # offsets and lengths: of strips, of tiles
VALUE_FORMATS = {3: "H", 4: "I", 16: "Q"}  # SHORT, LONG, LONG8


@dataclass(frozen=True, slots=True)
class _Layout:
    """How classic TIFF and BigTIFF write the same things."""

    order: str
    count: str
    entry: str
    offset: str

    def read(self, file: BinaryIO, kind: str, number: int = 1) -> tuple[int, ...]:
        """Read numbers at the file's position. Raises ValueError at the end of the file."""
        layout = f"{self.order}{number}{kind}"
        data = file.read(struct.calcsize(layout))
        if len(data) < struct.calcsize(layout):
            raise ValueError("the file ends inside a directory")
        return struct.unpack(layout, data)


def count_pages(file: BinaryIO) -> int:
    """Return the number of pages; raises ValueError when the file is not all there."""
    size_bytes = file.seek(0, 2)
    file.seek(0)
    order = "<" if file.read(2) == b"II" else ">"
    if struct.unpack(f"{order}H", file.read(2)) == (43,):
        layout = _Layout(order, "Q", "HHQQ", "Q")
        file.seek(8)
    else:
        layout = _Layout(order, "H", "HHII", "I")
    (place,) = layout.read(file, layout.offset)
    seen: set[int] = set()
    while place:
        if place in seen or len(seen) >= MAX_PAGES:
            raise ValueError("the chain of pages does not end")
        seen.add(place)
        file.seek(place)
        place = _check_directory(file, layout, size_bytes)
    if not seen:
        raise ValueError("it has no pages")
    return len(seen)


def _check_directory(file: BinaryIO, layout: _Layout, size_bytes: int) -> int:
    """Check one page's data against the file's size; return where the next directory is, or 0."""
    (entries,) = layout.read(file, layout.count)
    found: dict[int, tuple[int, int, int]] = {}
    width = struct.calcsize(f"={layout.offset}")
    for _ in range(entries):
        start = file.tell()
        tag, kind, number, _value = layout.read(file, layout.entry)
        found[tag] = (kind, number, start + 4 + width)
    (following,) = layout.read(file, layout.offset)
    for offsets_tag, lengths_tag in DATA_TAGS:
        offsets = _values(file, layout, found.get(offsets_tag), size_bytes)
        lengths = _values(file, layout, found.get(lengths_tag), size_bytes)
        if any(one + length > size_bytes for one, length in zip(offsets, lengths, strict=False)):
            raise ValueError("picture data lies beyond the end of the file")
    return following


def _values(
    file: BinaryIO, layout: _Layout, entry: tuple[int, int, int] | None, size_bytes: int
) -> tuple[int, ...]:
    """Return a tag's numbers: in its entry where they fit, else where the entry points."""
    if entry is None:
        return ()
    kind, number, place = entry
    if kind not in VALUE_FORMATS:
        raise ValueError(f"offsets of an unknown kind {kind}")
    needed = struct.calcsize(f"={VALUE_FORMATS[kind]}") * number
    if needed > size_bytes:
        raise ValueError("more offsets than the file has bytes")
    file.seek(place)
    if needed > struct.calcsize(f"={layout.offset}"):
        file.seek(layout.read(file, layout.offset)[0])
    return layout.read(file, VALUE_FORMATS[kind], number)
