"""Read: turn a scan or a born-digital PDF into text with boxes and confidence."""

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
