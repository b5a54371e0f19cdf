"""Where a JPEG ends: telephones lay a video after it, cameras a second picture."""

from __future__ import annotations

SEGMENT_START, END_OF_IMAGE, START_OF_SCAN = 0xFF, 0xD9, 0xDA
WITHOUT_LENGTH = {0x01, *range(0xD0, 0xD9)}


def jpeg_alone(data: bytes) -> bytes:
    """Return a JPEG without what lies after its end; as it is when no end is found."""
    at = 2
    while at + 4 <= len(data) and data[at] == SEGMENT_START:
        kind = data[at + 1]
        if kind == END_OF_IMAGE:
            return data[: at + 2]
        if kind in WITHOUT_LENGTH or kind == SEGMENT_START:
            at += 1 if kind == SEGMENT_START else 2
            continue
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if kind == START_OF_SCAN:
            at = _after_scan(data, at)
    return data[: at + 2] if data[at : at + 2] == b"\xff\xd9" else data


def _after_scan(data: bytes, at: int) -> int:
    """Return where the next segment begins: in coded data FF is followed by 0 or a restart mark."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            return len(data)
        if data[at + 1] and not 0xD0 <= data[at + 1] <= 0xD7:
            return at
        at += 2
