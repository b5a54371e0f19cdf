"""Read a file: each page from its own text layer when that can be trusted, else its picture."""

from __future__ import annotations

from pathlib import Path

from ocr.born_digital import read_layer
from ocr.choose import choose_engine
from ocr.codes import may_have_codes, note_codes
from ocr.document import RecognizedDocument
from ocr.engine import Engine
from ocr.errors import EngineFailedError
from ocr.pages import Limits, open_scan


def read(
    path: Path, *, engine: Engine | None = None, limits: Limits | None = None
) -> RecognizedDocument:
    """Read a PDF, TIFF, JPEG or PNG, told apart by content.

    Raises an OcrError: EmptyFileError, FileVanishedError, UnsupportedTypeError, TooLargeError,
    PasswordProtectedError, TruncatedFileError, UnreadableFileError, EngineMissingError (no engine,
    and a page that needs one) or EngineFailedError.
    """
    pages = []
    with open_scan(path, limits) as scan:
        for number in range(1, scan.page_count + 1):
            picture = scan.picture(number)  # what a person sees, whatever the file says of itself
            page = read_layer(scan, number) if scan.is_drawn(number) else None
            if page is None:
                engine = engine or choose_engine()
                try:
                    page = engine.read_page(picture, number)
                except EngineFailedError as error:
                    raise EngineFailedError(path, f"page {number}: {error.detail}") from error
            if may_have_codes(page):
                page = note_codes(page, picture)
            pages.append(page)
    return RecognizedDocument(path.name, tuple(pages))
