"""The rooms of a package stand on levels: a room imports only rooms below it, and no module stands in a circle."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.architecture.test_imports import MAY_IMPORT, modules
from tests.conftest import ROOT

LEVELS: Mapping[str, tuple[frozenset[str], ...]] = {
    "index.register": (
        frozenset({"store"}),
        frozenset({"numbers", "people"}),
        frozenset({"letters"}),
        frozenset({"desk", "received", "sent"}),
        frozenset({"folder"}),
    ),
    "pipeline.web": (
        frozenset({"site"}),
        frozenset({"entry", "sent"}),
        frozenset({"retention"}),
        frozenset({"letters"}),
        frozenset({"api", "desk", "folder", "intake", "search"}),
        frozenset({"overview"}),
        frozenset({"app"}),
    ),
}
"""The rooms of the two large halls, lowest level first; rooms of one level do not know each other."""
STRAIGHT_IN_A_ROOM = 16  # "a dozen or so" files; the largest hold the tables and retention's pages
CORE = ("pipeline.hiding", "pipeline.intake", "pipeline.destruction", "pipeline.forms")
"""What works without any page."""


def name_of(path: Path) -> str:
    """Return a module's full name."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache
def arrows() -> Mapping[str, frozenset[str]]:
    """Return for each of our modules the modules of ours it imports, wherever the import stands."""
    known = {name_of(path): path for path in modules()}
    return {
        name: frozenset(_imported(path, known)) - {name, name.rpartition(".")[0]}
        for name, path in known.items()
    }


def _imported(path: Path, known: Mapping[str, Path]) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            whole = [f"{node.module}.{alias.name}" for alias in node.names]
            names = [one if one in known else str(node.module) for one in whole]
        else:
            continue
        yield from (one for one in names if one in known)


def room_in(hall: str, name: str) -> str | None:
    """Return the room of a hall that a module stands in; None for one elsewhere."""
    return name.removeprefix(hall + ".").partition(".")[0] if name.startswith(hall + ".") else None


def wrong_arrows(hall: str, found: Mapping[str, frozenset[str]]) -> Iterator[str]:
    """Yield each import that goes up, or sideways into another room of the same level."""
    level = {room: number for number, rooms in enumerate(LEVELS[hall]) for room in rooms}
    for name, imported in found.items():
        here = room_in(hall, name)
        for other in imported:
            there = room_in(hall, other)
            if here and there and here != there and level[there] >= level[here]:
                yield f"{name} -> {other}"


@pytest.mark.parametrize("hall", LEVELS)
def test_a_room_knows_only_rooms_below_it(hall: str) -> None:
    assert sorted(wrong_arrows(hall, arrows())) == []


@pytest.mark.parametrize("hall", LEVELS)
def test_every_room_has_its_level(hall: str) -> None:
    rooms = {room for name in arrows() if (room := room_in(hall, name)) is not None}
    assert rooms == frozenset().union(*LEVELS[hall])


def test_an_arrow_upwards_is_seen() -> None:
    up = {"index.register.letters.filing": frozenset({"index.register.desk.desk"})}
    sideways = {"pipeline.web.desk.inbox": frozenset({"pipeline.web.search.search"})}
    assert len(list(wrong_arrows("index.register", up))) == 1
    assert len(list(wrong_arrows("pipeline.web", sideways))) == 1


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_no_circle(package: str) -> None:
    graph = {
        name: sorted(other for other in imported if other.startswith(package + "."))
        for name, imported in arrows().items()
        if name.startswith(package + ".")
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_the_core_does_not_know_the_pages() -> None:
    wrong = [
        f"{name} -> {other}"
        for name, imported in arrows().items()
        for other in imported
        if name.startswith(CORE) and other.startswith("pipeline.web")
    ]
    assert wrong == []


def test_a_room_holds_about_a_dozen_files() -> None:
    halls = [ROOT / hall.replace(".", "/") for hall in LEVELS]
    rooms = [room for hall in halls for room in hall.iterdir() if (room / "__init__.py").exists()]
    assert len(rooms) >= 15
    crowded = {str(room.relative_to(ROOT)): len(list(room.glob("*.py"))) - 1 for room in rooms}
    assert {room: files for room, files in crowded.items() if files > STRAIGHT_IN_A_ROOM} == {}


def test_unit_tests_stand_in_the_rooms_of_what_they_test() -> None:
    unit = ROOT / "tests" / "unit"
    folders = {path.parent.relative_to(unit) for path in unit.rglob("test_*.py")}
    strangers = {one for one in folders if not (ROOT / one).is_dir()}
    assert strangers == set()
