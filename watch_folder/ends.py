"""Where files end: the last byte of a PDF, a JPEG, a PNG, whatever was laid after it."""

from __future__ import annotations

PDF_END = b"%%EOF"
PART_OF_A_PDF = (b" obj", b"endstream", b"startxref")
JPEG_END, PNG_END = b"\xff\xd9", b"IEND"
MARK, SCAN, END, RESTARTS = 0xFF, 0xDA, 0xD9, range(0xD0, 0xD8)
WITHOUT_LENGTH = {0x01, *range(0xD0, 0xD9)}
PADDED_BYTES = 64  # zeros at the end of a reserved file that was not written to its end


def find_pdf_end(data: bytes) -> int | None:
    """Return how many bytes of a PDF are it, None when its end is not there.

    Raises ValueError when the file goes on as a PDF after its last end: a later version of it is cut.
    """
    end = data.rfind(PDF_END)
    if end < 0:
        return None
    end += len(PDF_END)
    if any(data.find(part, end) >= 0 for part in PART_OF_A_PDF):
        raise ValueError("it breaks off within a later version of itself")
    return end if data[end:].strip() else len(data)


def jpeg_ends(data: bytes) -> bool:
    """Tell whether a JPEG that decodes has its end, or lacks nothing else and is not filled with zeros."""
    at = 2
    while at >= 0 and at + 4 <= len(data) and data[at] == MARK:
        kind = data[at + 1]
        if kind == END:
            return True
        if kind in WITHOUT_LENGTH or kind == 0xFF:
            at += 1 if kind == 0xFF else 2
            continue
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if kind == SCAN:
            at = _after_scan(data, at)
    if data[at : at + 2] == JPEG_END:
        return True
    return bool(data[len(data) - PADDED_BYTES :].strip(b"\0")) and at >= len(data)


def _after_scan(data: bytes, at: int) -> int:
    """Return where the next segment begins: in coded data FF is followed by 0 or a restart mark."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            return len(data)
        after = data[at + 1]
        if after and after not in RESTARTS:
            return at
        at += 2


def png_ends(data: bytes) -> bool:
    """Tell whether a PNG's chunks go on to its end."""
    at = 8
    while at + 8 <= len(data):
        length, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if name == PNG_END:
            return True
        at += length + 12
    return False
