"""The choice among the engines that are installed."""

from __future__ import annotations

from ocr.engine import Engine, EngineStatus
from ocr.errors import EngineMissingError
from ocr.line_engine import LineEngine, line_engine_status
from ocr.tesseract import TesseractEngine, tesseract_status


def choose_engine() -> Engine:
    """Return the best engine installed; raises EngineMissingError when there is none."""
    try:
        return LineEngine()
    except EngineMissingError:
        return TesseractEngine()


def describe_engines() -> list[EngineStatus]:
    """Say which engines are installed and usable, best first; never raises."""
    return [line_engine_status(), tesseract_status()]
