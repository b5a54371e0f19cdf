"""Loading: a file's bytes become page pictures, however named and however hostile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ocr.errors import (
    EmptyFileError,
    FileVanishedError,
    TooLargeError,
    UnreadableFileError,
    UnsupportedTypeError,
)
from ocr.image_scan import ImageScan
from ocr.pdf.pdf_scan import PdfScan
from ocr.scan import FileType, Limits, Scan, detect_type


@contextmanager
def open_scan(path: Path, limits: Limits | None = None) -> Iterator[Scan]:
    """Open a file by its content; the bytes are read once, so it may vanish afterwards.

    Raises EmptyFileError, FileVanishedError, UnsupportedTypeError, TooLargeError,
    PasswordProtectedError, TruncatedFileError or UnreadableFileError.
    """
    limits = limits or Limits()
    data = _read_bytes(path, limits)
    file_type = detect_type(data[:1024])
    if file_type is None:
        raise UnsupportedTypeError(path)
    if file_type is FileType.PDF:
        scan = PdfScan(path.name, data, limits)
        try:
            yield scan
        finally:
            scan.close()
    else:
        yield ImageScan(path.name, data, file_type, limits)


def _read_bytes(path: Path, limits: Limits) -> bytes:
    try:
        size = path.stat().st_size
        if size == 0:
            raise EmptyFileError(path)
        if size > limits.max_file_bytes:
            raise TooLargeError(path, f"{size} bytes, {limits.max_file_bytes} allowed")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise FileVanishedError(path) from error
    except IsADirectoryError as error:
        raise UnsupportedTypeError(path, "a folder") from error
    except OSError as error:
        raise UnreadableFileError(path, error.strerror or str(error)) from error
