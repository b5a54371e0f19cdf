"""What was read of one file, as the JSON object that scripts and the scorer take."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import Any

from classify.letter import Found
from pipeline.carry import Understood

FIELDS = ("number", "date", "sender", "recipient", "subject", "urgency", "secrecy")
Json = dict[str, Any]


def reading_as_json(name: str, understood: Understood) -> Json:
    """Return file, kind, group, needs_review, fields with evidence, retention class and text."""
    letter, decision = understood.letter, understood.decision
    return {
        "file": name,
        "kind": letter.kind.value.value,
        "group": decision.group,
        "needs_review": list(decision.needs_review),
        "fields": {field: found_as_json(getattr(letter, field)) for field in FIELDS},
        "retention_class": decision.retention_class,
        "pages": understood.document.file_page_count,
        "text": understood.document.text,
    }


def found_as_json(found: Found[Any] | None) -> Json:
    """Return a field with its evidence; an absent field has the value null and no evidence."""
    if found is None:
        return {"value": None}
    return {
        "value": plain(found.value),
        "as_printed": found.as_printed,
        "confidence": round(found.confidence, 4),
        "page": found.page,
        "box": (
            None
            if found.box is None
            else [found.box.left, found.box.top, found.box.right, found.box.bottom]
        ),
        "how": found.how,
    }


def plain(value: object) -> object:
    """Return a field's value as JSON has it: dates as ISO text, marks as printed."""
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value
