"""Imports follow the arrows, and what touches processes or SQL stays behind its door."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

MAY_IMPORT: dict[str, set[str]] = {
    "watch_folder": set(),
    "ocr": set(),
    "classify": {"ocr"},
    "index": {"classify", "ocr"},
    "pipeline": {"watch_folder", "ocr", "classify", "index"},
}
# `index` and `classify` may use what `ocr` hands on and its Thai text, not its engines.
TYPES_OF_OCR = {"ocr", "ocr.document", "ocr.thai_text"}
BEHIND_A_DOOR = {
    "subprocess": "ocr",  # and the one module that drives restic
    "pytesseract": "ocr",
    "sqlalchemy": "index",
    "sqlite3": "index",
    "alembic": "index",
    "psycopg": "index",
}
HAS_ITS_OWN_KEY = {("pipeline/backup/restic.py", "subprocess")}
FORBIDDEN_NAMES = {"common", "utils", "util", "helpers", "helper", "manager", "base", "misc"}


def modules() -> Iterator[Path]:
    """Yield every module of the product."""
    for package in MAY_IMPORT:
        yield from sorted((ROOT / package).rglob("*.py"))


def imports_of(text: str) -> Iterator[tuple[int, str]]:
    """Yield line and full name of everything that a module imports, wherever it stands."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, "." * node.level + str(node.module)


def wrong_imports(text: str, path: Path) -> Iterator[str]:
    """Yield what the module at `path` imports and may not."""
    package = path.relative_to(ROOT).parts[0]
    for line, name in imports_of(text):
        problem = _problem(package, name, path.is_relative_to(ROOT / "ocr" / "training"))
        if problem and (str(path.relative_to(ROOT)), name) not in HAS_ITS_OWN_KEY:
            yield f"{path.relative_to(ROOT)}:{line}: {name}: {problem}"


def _problem(package: str, name: str, is_training: bool) -> str | None:
    top = name.partition(".")[0]
    if not top:
        return "write the import out in full"
    if top in ("tests", "benchmarks"):
        return "the product does not know its tests"
    if top in MAY_IMPORT and top not in MAY_IMPORT[package] | {package}:
        return f"not for {package}"
    if top == "ocr" and package in ("classify", "index") and name not in TYPES_OF_OCR:
        return "only what ocr hands on"
    if is_training:
        return None
    if name.startswith("ocr.training"):
        return "not there at run time"
    if top in BEHIND_A_DOOR and BEHIND_A_DOOR[top] != package:
        return f"only in {BEHIND_A_DOOR[top]}/"
    return None


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_every_import_follows_the_arrows(package: str) -> None:
    paths = [path for path in modules() if path.is_relative_to(ROOT / package)]
    assert paths
    wrong = [one for path in paths for one in wrong_imports(path.read_text(encoding="utf-8"), path)]
    assert wrong == []


@pytest.mark.parametrize(
    ("package", "line"),
    [
        ("ocr", "from classify.letter import Letter"),
        ("classify", "import ocr.tesseract"),
        ("pipeline", "import subprocess"),
        ("pipeline", "from sqlalchemy.orm import Session"),
        ("ocr", "from ocr.training import network"),
        ("index", "def late():\n    from pipeline import carry"),
        ("index", "from tests import scans"),
    ],
)
def test_a_wrong_arrow_is_seen(package: str, line: str) -> None:
    assert len(list(wrong_imports(line, ROOT / package / "new.py"))) == 1


def test_modules_are_named_for_what_they_are() -> None:
    bad = [path for path in modules() if {path.stem, *path.parent.parts} & FORBIDDEN_NAMES]
    assert bad == []


def test_the_top_level_is_the_customers() -> None:
    known = {*MAY_IMPORT, "tests", "benchmarks", "docs"}
    with_code = {path.relative_to(ROOT).parts[0] for path in ROOT.glob("*/*.py")}
    assert with_code <= known


def test_only_the_worker_swallows_everything() -> None:
    broad = []
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.ExceptHandler) or not _is_broad(node.type):
                continue
            # One that ends in `raise` only translates what a library throws without a type.
            if not isinstance(node.body[-1], ast.Raise):
                broad.append(str(path.relative_to(ROOT)))
    assert broad == ["pipeline/worker.py"]


def _is_broad(caught: ast.expr | None) -> bool:
    names = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(
        name is None or (isinstance(name, ast.Name) and name.id in ("Exception", "BaseException"))
        for name in names
    )
