"""Whatever a library throws over a file becomes that file's error: nobody's parser stops the others' turn."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image

from ocr.errors import OcrError, TooLargeError, TruncatedFileError, UnreadableFileError

CUT_WORDS = ("truncated", "not processed")  # what Pillow says of a picture whose data runs out


@contextmanager
def library_errors(name: str | Path, where: str = "") -> Iterator[None]:
    """Turn every exception of a library call into an OcrError with its cause; warnings are not news.

    For the call of a library alone: a fault of ours would be hidden by it. Parsers of hostile bytes
    let nearly every type out (pdfminer, pikepdf, Pillow, pdfium, found by fuzzing and by the corpus of
    `benchmarks.corpus`), so that no list of types is ever whole.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except OcrError:
        raise
    except Exception as error:
        raise _as_ours(error)(name, ": ".join(filter(None, (where, _said(error))))) from error


def _as_ours(error: Exception) -> type[OcrError]:
    if isinstance(error, (MemoryError, Image.DecompressionBombError)):
        return TooLargeError
    cut = isinstance(error, EOFError) or any(word in str(error) for word in CUT_WORDS)
    return TruncatedFileError if cut else UnreadableFileError


def _said(error: Exception) -> str:
    return str(error) or type(error).__name__
