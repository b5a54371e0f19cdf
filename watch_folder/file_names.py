"""File names from outside: made fit for people to read, and short enough for a disk."""

from __future__ import annotations

import os
import unicodedata

NAME_LIMIT_BYTES = 255  # ext4, XFS, Btrfs and NTFS over Samba all end here
SARA_AM = "\u0e33"  # spacing, but no Thai reader would cut a word before it


def readable_name(name: str) -> str:
    """Return the name as people should see it, of any length; never to be used as a path.

    Old scanners write Thai names in TIS-620, which Python hands on as lone surrogates; they are
    read as cp874. Control and direction marks, with which a name can show itself as another, go.
    """
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        name = os.fsencode(name).decode("cp874", errors="replace")
    kept = (char for char in name if unicodedata.category(char) not in ("Cc", "Cf", "Cs"))
    return "".join(kept).replace("/", "_").strip() or "_"


def shorten(name: str, limit_bytes: int = NAME_LIMIT_BYTES) -> str:
    """Cut the stem, between letters as a Thai reader sees them, until the UTF-8 name fits.

    The extension stays, unless it alone is longer than 16 bytes and so is none.
    """
    if len(name.encode("utf-8")) <= limit_bytes:
        return name
    stem, extension = os.path.splitext(name)  # noqa: PTH122 - a name, not a path
    if len(extension.encode("utf-8")) > 16:
        stem, extension = name, ""
    room = limit_bytes - len(extension.encode("utf-8"))
    # Decoding drops a letter cut in its middle; then no mark may lose the letter it stands on.
    cut = len(stem.encode("utf-8")[:room].decode("utf-8", errors="ignore"))
    while cut > 0 and cut < len(stem) and _clings(stem[cut]):
        cut -= 1
    return stem[:cut].rstrip() + extension


def _clings(char: str) -> bool:
    """Tell whether the letter belongs to the one before it."""
    return unicodedata.category(char) in ("Mn", "Me", "Mc") or char == SARA_AM
