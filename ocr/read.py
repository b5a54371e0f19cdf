"""Read a file: what is painted on each page, by its own text layer as far as that can be seen to be true."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from ocr.born_digital import read_layer
from ocr.choose import choose_engine
from ocr.codes import may_have_codes, note_codes
from ocr.document import Flattened, Page, RecognizedDocument
from ocr.engine import Engine, PagePicture
from ocr.errors import EngineFailedError
from ocr.layout.sheet import Sheet, find_sheet
from ocr.layout.turning import turn_matrix
from ocr.marks import note_marks
from ocr.pages import open_scan
from ocr.scan import Limits, Scan
from ocr.two_pages import split_sheet
from ocr.unread import has_unread_print
from ocr.wordless_ink import add_lines, has_wordless_ink


def read(
    path: Path, *, engine: Engine | None = None, limits: Limits | None = None
) -> RecognizedDocument:
    """Read a PDF, TIFF, JPEG or PNG, told apart by content.

    Raises an OcrError: EmptyFileError, FileVanishedError, UnsupportedTypeError, TooLargeError,
    PasswordProtectedError, TruncatedFileError, UnreadableFileError, EngineMissingError (no engine,
    and a page that needs one) or EngineFailedError.
    """
    reader = _Reader(path, engine)
    pages: list[Page] = []
    with open_scan(path, limits) as scan:
        for number in range(1, scan.page_count + 1):
            picture = scan.picture(number)  # what a person sees, whatever the file says of itself
            page = reader.read(scan, number, picture)
            if may_have_codes(page):
                page = note_codes(page, picture)
            if page.codes:  # what a code is drawn with looks like print
                page = replace(page, unread=False)
            sides = split_sheet(page, picture)
            if len(pages) + 1 != number:  # a sheet with two pages came before
                sides = tuple(replace(side, sheet=number) for side in sides)
            pages += [replace(side, number=len(pages) + at) for at, side in enumerate(sides, 1)]
    return RecognizedDocument(path.name, tuple(pages))


class _Reader:
    """Reads one file's pages; asks for an engine only when a page needs one."""

    def __init__(self, path: Path, engine: Engine | None) -> None:
        self._path = path
        self._engine = engine

    def read(self, scan: Scan, number: int, picture: PagePicture) -> Page:
        """Return a page from its text layer and, where ink has no text, from its picture."""
        without_text = scan.picture_without_text(number) if scan.is_drawn(number) else None
        page = None
        if without_text is not None:
            page = read_layer(scan, number, picture, without_text)
        if page is None or without_text is None:
            return self._read_picture(picture, number)
        if has_wordless_ink(without_text):
            page = add_lines(page, self._read_picture(without_text, number).on_picture())
        return note_marks(page, picture)

    def _read_picture(self, picture: PagePicture, number: int) -> Page:
        self._engine = self._engine or choose_engine()
        sheet = find_sheet(picture.pixels, picture.dpi)
        flat = PagePicture(sheet.pixels, sheet.dpi)
        try:
            page = self._engine.read_page(flat, number)
        except EngineFailedError as error:
            raise EngineFailedError(self._path, f"page {number}: {error.detail}") from error
        unread = has_unread_print(page, flat)
        page = note_marks(page, flat)
        return replace(page, flattened=_flattened(sheet, page, picture), unread=unread)


def _flattened(sheet: Sheet, page: Page, picture: PagePicture) -> Flattened | None:
    """Return how a page read from its flat sheet lies on the upright picture."""
    if sheet.to_scan is None:
        return None
    flat_height, flat_width = sheet.pixels.shape[:2]
    to_flat = turn_matrix(page.rotation, flat_width, flat_height)
    to_upright = np.linalg.inv(turn_matrix(page.rotation, picture.width, picture.height))
    matrix = (to_upright @ sheet.to_scan @ to_flat).ravel()
    width, height = picture.width, picture.height
    if page.rotation in (90, 270):
        width, height = height, width
    return Flattened(tuple(map(float, matrix)), width, height, picture.dpi)
