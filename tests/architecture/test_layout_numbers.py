"""Every number that the page layout decides by stands in its parameters, with its source."""

from __future__ import annotations

import ast
import re

import pytest

from tests.conftest import ROOT

LAYOUT = ROOT / "ocr" / "layout"
PARAMETERS = LAYOUT / "parameters.py"
# Arithmetic: halves and neighbours, corners, quarter turns, grey levels, guards against division by zero.
PLAIN = {0, 1, 2, 3, 4, 5, 8, 90, 180, 270, 127, 255, 256, 0.5, 0.01, 0.001, 1e-6, 1e-9}
SOURCE = re.compile(r"\[[DMSGT]\b[^\]]*\]")


@pytest.mark.parametrize(
    "name", sorted(path.name for path in LAYOUT.glob("*.py") if path != PARAMETERS)
)
def test_no_number_decides_where_nobody_explains_it(name: str) -> None:
    tree = ast.parse((LAYOUT / name).read_text(encoding="utf-8"))
    unexplained = [
        f"line {node.lineno}: {node.value}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, int | float)
        and node.value not in PLAIN
    ]
    assert unexplained == [], "give it a name, unit and source in parameters.py"


def test_every_parameter_says_where_it_comes_from() -> None:
    text = PARAMETERS.read_text(encoding="utf-8")
    lines = text.splitlines()
    groups = [node for node in ast.parse(text).body if isinstance(node, ast.ClassDef)][:-1]
    assert len(groups) == 9
    silent = []
    for group in groups:
        fields = [node for node in group.body if isinstance(node, ast.AnnAssign)]
        before = group.body[0].end_lineno or 0
        for field in fields:
            words = "\n".join(lines[before : field.end_lineno])
            before = field.end_lineno or before
            if not SOURCE.search(words):
                silent.append(ast.unparse(field.target))
    assert silent == []
