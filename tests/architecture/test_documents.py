"""The documents keep up with the code: errors, dependencies, words, links and decisions."""

from __future__ import annotations

import ast
import importlib
import importlib.metadata
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.test_imports import MAY_IMPORT, imports_of, modules
from tests.conftest import ROOT

DOCS = ROOT / "docs"
# Imported by name, though another dependency brings them and decides their version.
NEEDED_BY_ANOTHER = {"starlette": "fastapi", "pydantic": "fastapi", "markupsafe": "jinja2"}
# Never imported by name: libraries that fastapi and SQLAlchemy look for themselves.
DOORS = {"jinja2": "fastapi.templating", "python-multipart": "fastapi forms"}
EXIT_CODES = {
    "pipeline": (*range(3, 12), *range(95, 100)),
    "pipeline.importing": range(90, 95),
    "pipeline.forms": range(81, 90),
    "pipeline.backup": range(100, 110),
    "classify": range(12, 20),
    "ocr": range(20, 30),
    "watch_folder": range(30, 40),
    "index": (*range(40, 60), *range(68, 70)),
    "index.retention": range(60, 68),
    "index.search": range(70, 80),
}


def error_classes() -> Iterator[tuple[str, type[Exception]]]:
    """Yield every error class with its package."""
    for package in EXIT_CODES:
        module = importlib.import_module(f"{package}.errors")
        classes = [one for one in vars(module).values() if isinstance(one, type)]
        for one in classes:
            if issubclass(one, Exception) and one.__module__ == module.__name__:
                yield package, one


def documented() -> tuple[dict[str, int], set[str]]:
    """Return the errors with their codes, and the base classes, that docs/errors.md names."""
    text = (DOCS / "errors.md").read_text(encoding="utf-8")
    headings = re.findall(r"^### (\w+) \((\d+)\)$", text, re.MULTILINE)
    assert len(headings) == text.count("\n### "), "write headings as: ### NameError (12)"
    for entry in text.split("\n### ")[1:]:
        assert "**Do:**" in entry, f"what to do is missing: {entry.splitlines()[0]}"
    return (
        {name: int(code) for name, code in headings},
        set(re.findall(r"^Base class `(\w+)`", text, re.MULTILINE)),
    )


def test_every_errors_module_is_known_here() -> None:
    found = {
        ".".join(path.relative_to(ROOT).parent.parts)
        for path in modules()
        if path.name == "errors.py"
    }
    assert found == set(EXIT_CODES)


def test_every_error_is_documented_with_its_exit_code_and_no_other_is() -> None:
    codes, bases = documented()
    classes = {one.__name__: one for _, one in error_classes()}
    # A class without a code of its own only gathers others and is never raised itself.
    raised = {
        name: one for name, one in classes.items() if "exit_code" in vars(one) and name not in bases
    }
    assert {name: one.exit_code for name, one in raised.items()} == codes  # type: ignore[attr-defined]
    for name, one in classes.items():
        assert name in raised or name in bases or one.__subclasses__(), f"{name} needs an exit code"


def test_exit_codes_are_one_error_each_and_in_the_range_of_their_package() -> None:
    _, bases = documented()
    names = Counter(one.__name__ for _, one in error_classes())
    assert [name for name, number in names.items() if number > 1] == []
    own = [(package, one) for package, one in error_classes() if "exit_code" in vars(one)]
    for package, one in own:
        code = one.exit_code  # type: ignore[attr-defined]
        if one.__name__ not in bases:
            assert code in EXIT_CODES[package], f"{one.__name__}: {code}"
    codes = Counter(
        one.exit_code  # type: ignore[attr-defined]
        for _, one in own
        if one.__name__ not in bases
    )
    assert [code for code, number in codes.items() if number > 1] == []


def test_every_error_is_expected_by_the_command_line() -> None:
    expected = importlib.import_module("pipeline.cli")._expected_errors()
    for _, one in error_classes():
        assert issubclass(one, expected), f"{one.__name__} would end in a traceback"


def test_nothing_is_raised_that_is_no_error_of_ours_or_pythons() -> None:
    strays = []
    for path in modules():
        if path.name == "errors.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.ClassDef):
                continue
            bases = {ast.unparse(base).split(".")[-1] for base in node.bases}
            if any(base.endswith(("Error", "Exception")) for base in bases):
                doc = ast.get_docstring(node) or ""
                if "Never leaves" not in doc:
                    strays.append(f"{path.relative_to(ROOT)}: {node.name}")
    assert strays == [], "expected failures live in errors.py; others say `Never leaves this …`"


def _plain(requirement: str) -> str:
    """Return a requirement's name as package indexes write it, without extras and versions."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=!~; ]", requirement)[0]).lower()


def _dependencies(*extras: str) -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    optional = project["optional-dependencies"]
    wanted = [*project["dependencies"], *(one for extra in extras for one in optional[extra])]
    return {_plain(one) for one in wanted}


def test_every_dependency_has_its_line() -> None:
    text = (DOCS / "adr" / "0002-dependencies.md").read_text(encoding="utf-8")
    lines = re.findall(r"^\| `([^`]+)` \|(.+)\|(.+)\|(.+)\|$", text, re.MULTILINE)
    assert {_plain(name) for name, *_ in lines} == _dependencies("postgres")
    for name, *cells in lines:
        assert all(cell.strip() for cell in cells), name


def test_what_is_imported_is_a_dependency_and_what_is_a_dependency_is_imported() -> None:
    owners = importlib.metadata.packages_distributions()
    imported = {
        name.split(".")[0]
        for path in modules()
        if not path.is_relative_to(ROOT / "ocr" / "training")
        for _, name in imports_of(path.read_text(encoding="utf-8"))
    } - {*sys.stdlib_module_names, *MAY_IMPORT}
    used = {name: {_plain(owner) for owner in owners[name]} for name in imported}
    declared = _dependencies("postgres") | NEEDED_BY_ANOTHER.keys()
    assert [name for name, by in used.items() if not by & declared] == []
    unused = _dependencies() - set().union(*used.values()) - DOORS.keys()
    assert unused == set()


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-test.lock"])
def test_the_lock_holds_every_dependency_and_nothing_of_this_machine(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    pinned = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", text, re.MULTILINE))
    assert _dependencies() - pinned.keys() == set(), "run .ci/lock"
    assert not re.search(r"^\s*(--index-url|--extra-index-url|--find-links|-f |-i )", text, re.M)
    assert "file:" not in text
    entries = re.split(r"\n(?=[a-z])", text.strip())
    assert all("--hash=sha256:" in entry for entry in entries)


def test_both_locks_agree() -> None:
    run, test = (
        dict(re.findall(r"^([a-z0-9-]+)==([^\s;]+)", (ROOT / lock).read_text(), re.MULTILINE))
        for lock in ("requirements.lock", "requirements-test.lock")
    )
    assert run.items() <= test.items()


def test_the_words_of_the_glossary_are_words_of_the_code() -> None:
    text = (DOCS / "glossary.md").read_text(encoding="utf-8")
    words = re.findall(r"\| `([\w.]+)` \|$", text, re.MULTILINE)
    assert len(words) > 30
    code = "\n".join(path.read_text(encoding="utf-8") for path in modules())
    missing = [word for word in words if not re.search(rf"\b{word.split('.')[-1]}\b", code)]
    assert missing == []


def test_every_row_of_the_glossary_has_three_cells() -> None:
    rows = re.findall(r"^\|.*$", (DOCS / "glossary.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert {row.count("|") for row in rows} == {4}


def test_decisions_are_numbered_without_gap() -> None:
    numbers = [int(path.name[:4]) for path in sorted((DOCS / "adr").glob("*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))


PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    targets = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", text)
    missing = [target for target in targets if not (page.parent / target).exists()]
    assert missing == []


NAMED_TEST = re.compile(r"`(tests/[a-z_/0-9]+\.py)(?:::(test_[a-z0-9_]+))?`")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_tests_that_a_page_names_are_there(page: Path) -> None:
    for path, name in NAMED_TEST.findall(page.read_text(encoding="utf-8")):
        assert (ROOT / path).is_file(), path
        assert f"def {name}" in (ROOT / path).read_text(encoding="utf-8"), f"{path} has no {name}"
