"""Files and functions stay small enough to read in one go; a suppressed rule names itself."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.test_imports import modules
from tests.conftest import ROOT

MAX_FILE_LINES, MAX_FUNCTION_LINES = 400, 60
# A migration is a list of columns, written by Alembic and never changed afterwards.
PATHS = [
    path
    for path in (*modules(), *(ROOT / "tests").rglob("*.py"), *(ROOT / "benchmarks").rglob("*.py"))
    if path.parent.name != "versions"
]


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", PATHS, ids=_name)
def test_budgets(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= MAX_FILE_LINES
    long = [
        f"{node.name}: {length}"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) > MAX_FUNCTION_LINES
    ]
    assert long == []
    assert re.findall(r"#\s*(?:noqa|type:\s*ignore)(?!\s*[:\[])", text) == []


@pytest.mark.parametrize("path", sorted((ROOT / "tests").rglob("test_*.py")), ids=_name)
def test_every_test_file_opens_with_the_behaviour(path: Path) -> None:
    opening = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert opening
    assert opening.split("\n\n")[0].rstrip().endswith((".", "?", "!"))
