"""Where a PDF ends: what programs, networks and mail gateways lay after it is no damage, a missing end is."""

from __future__ import annotations

import io

import pikepdf

from ocr.errors import TruncatedFileError
from ocr.library_errors import library_errors

END = b"%%EOF"
PART_OF_A_PDF = (b" obj", b"endstream", b"startxref")


def cut_after_end(name: str, data: bytes) -> bytes:
    """Return a PDF without what lies after its last end (NUL, HTML, anything else).

    A file without an end is taken when it can be read without repair. Raises TruncatedFileError for one
    that cannot, and for one that goes on as a PDF after its last end: a later version of it was cut.
    """
    end = data.rfind(END)
    if end >= 0:
        rest = data[end + len(END) :]
        if any(part in rest for part in PART_OF_A_PDF):
            raise TruncatedFileError(name, "it breaks off within a later version of itself")
        return data[: end + len(END)] + b"\n" if rest.strip() else data
    try:
        with library_errors(name), pikepdf.open(io.BytesIO(data), attempt_recovery=False) as pdf:
            pages = len(pdf.pages)
    except Exception as error:
        raise TruncatedFileError(name, "no %%EOF at the end") from error
    if pages == 0:
        raise TruncatedFileError(name, "no %%EOF at the end")
    return data
