"""Read: turn a scan or a born-digital PDF into text with boxes and confidence."""

from ocr.choose import choose_engine, describe_engines
from ocr.document import Box, Ink, Line, Origin, Page, RecognizedDocument, Word
from ocr.engine import Engine, EngineStatus, PagePicture
from ocr.errors import OcrError
from ocr.read import read
from ocr.scan import Limits
from ocr.searchable_pdf import LayerCheck, write_searchable_pdf
from ocr.stamp import ReceivingStamp, stamp_pdf

__all__ = [
    "Box",
    "Engine",
    "EngineStatus",
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
    "read",
    "stamp_pdf",
    "write_searchable_pdf",
]
