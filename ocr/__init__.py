"""Read: turn a scan or a born-digital PDF into text with boxes and confidence."""

import os

# Before the libraries are imported. onnxruntime reports to its maker and keeps an identifier of the machine
# (since 1.29, microsoft/onnxruntime pull request 27379); pythainlp makes a folder in the user's home, and a
# service has none. Nothing is sent and nothing fetched unless the administrator set it up.
os.environ.update(ORT_DISABLE_TELEMETRY="1", PYTHAINLP_READ_ONLY="1", PYTHAINLP_OFFLINE="1")

from ocr.choose import choose_engine, describe_engines
from ocr.document import Box, Ink, Line, Origin, Page, RecognizedDocument, Word
from ocr.engine import Engine, EngineStatus, PagePicture
from ocr.errors import OcrError
from ocr.pdf.found_words import FoundWords, find_words
from ocr.read import read
from ocr.scan import Limits
from ocr.searchable_pdf import LayerCheck, write_searchable_pdf
from ocr.stamp import ReceivingStamp, stamp_pdf

__all__ = [
    "Box",
    "Engine",
    "EngineStatus",
    "FoundWords",
    "Ink",
    "LayerCheck",
    "Limits",
    "Line",
    "OcrError",
    "Origin",
    "Page",
    "PagePicture",
    "ReceivingStamp",
    "RecognizedDocument",
    "Word",
    "choose_engine",
    "describe_engines",
    "find_words",
    "read",
    "stamp_pdf",
    "write_searchable_pdf",
]
