"""The journey of a letter, to be read aloud: read, find the fields, decide, keep."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import ocr
from classify import Decision, Letter, RuleSet, decide, find_fields
from ocr import Engine, RecognizedDocument


@dataclass(frozen=True, slots=True)
class Understood:
    """One file, read and decided, and not yet kept."""

    document: RecognizedDocument
    letter: Letter
    decision: Decision


def understand(path: Path, rules: RuleSet, today: date, engine: Engine | None = None) -> Understood:
    """Read a file, find its fields and decide where it goes; nothing is kept. Raises OcrError."""
    document = ocr.read(path, engine=engine)
    letter = find_fields(document, agencies=rules.agencies, today=today)
    decision = decide(letter, document, rules)
    return Understood(document, letter, decision)
