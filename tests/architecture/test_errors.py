"""Every error class of the program comes out of another process as it was raised there."""

from __future__ import annotations

import importlib
import inspect
import pickle
import re
from datetime import date
from pathlib import Path
from typing import Any

from index.message import message
from tests.conftest import ROOT

PACKAGES = ("watch_folder", "ocr", "classify", "index", "pipeline")
SAMPLES: dict[str, object] = {
    "str": "เรื่อง",
    "int": 7,
    "int | None": -9,
    "bool": True,
    "object": "๑๒/๒๕๖๙",
    "date": date(2026, 3, 2),
    "Path": Path("/office/ก.pdf"),
    "str | Path": Path("/office/ก.pdf"),
    "list[str]": ["tesseract"],
    "tuple[str, ...]": ("tantivy", "whoosh"),
    "Message": message("ลบ %(count)s ฉบับ", count=3),
    "OSError": PermissionError(13, "Permission denied", "/office"),
}


DEFINED = re.compile(r"^class (\w+(?:Error|Exception))\(", re.MULTILINE)


def all_errors() -> list[type[Exception]]:
    """Return the classes that the packages define; only modules that define one are loaded."""
    found = []
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            for name in DEFINED.findall(path.read_text("utf-8")):
                module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
                found.append(getattr(importlib.import_module(module), name))
    return found


def made(kind: type[Exception]) -> Exception:
    """Make one with a value for everything it must be given."""
    if kind.__init__ in (Exception.__init__, OSError.__init__):
        return kind("เรื่อง")
    positional: list[object] = []
    named: dict[str, Any] = {}
    for one in list(inspect.signature(kind.__init__).parameters.values())[1:]:
        if one.kind is inspect.Parameter.KEYWORD_ONLY:
            named[one.name] = SAMPLES[one.annotation]
        elif one.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD:
            positional.append(SAMPLES[one.annotation])
    return kind(*positional, **named)


def traits(error: Exception) -> tuple[object, ...]:
    """Return all by which an error is known; errors themselves compare by who they are."""
    kept = {name: repr(value) for name, value in vars(error).items()}
    return type(error), str(error), getattr(error, "thai", ""), repr(error.args), kept


def test_each_crosses_to_another_process_as_it_is() -> None:
    errors = all_errors()
    assert {kind.__module__.split(".")[0] for kind in errors} == set(PACKAGES)
    assert len(errors) > 80
    for error in map(made, errors):
        again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
        assert traits(again) == traits(error)
