"""The index folder: which index is in use, and how a new one takes its place under running searches.

`active` is a one-line file naming the sub-folder in use; it is replaced in one step. Each sub-folder
holds the engine's files and `about.json` (engine, analysis version). An index being built is named
by nobody until it is whole, so a killed rebuild leaves the old index in use.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from classify.durable_file import replace_durably
from index.registered_letter import RegisteredLetter
from index.search.abbreviations import Abbreviations, load_abbreviations
from index.search.analysis import analysis_version, may_be_searched
from index.search.engine import Engine
from index.search.errors import IndexUnavailableError, IndexWriteError, UnknownEngineError
from index.search.letter_index import LetterIndex, Upsert

DEFAULT_ENGINE = "tantivy"
ENGINES = ("tantivy", "whoosh")
_ACTIVE = "active"
_ABOUT = "about.json"


def open_index(
    folder: Path,
    engine: str | None = None,
    *,
    group_names: Mapping[str, str] | None = None,
    abbreviations: Abbreviations | None = None,
) -> LetterIndex:
    """Open the index in use; an empty one is made where there is none yet.

    `engine` only decides which engine a new, empty index gets; `rebuild` switches an old one. Without
    `abbreviations` those that come with the program are understood.
    An index of the analysis before this one is opened too, and to be built anew (`is_outdated`).
    Raises IndexUnavailableError when the index is damaged, was deleted in part, or was built by
    an analysis that nothing can be found by any more; UnknownEngineError.
    """
    pointer = folder / _ACTIVE
    _keep_private(folder)
    if not pointer.exists():
        if folder.exists() and any(folder.glob("v*")):
            raise IndexUnavailableError(folder, "the file that names the index in use is gone")
        made = rebuild(folder, engine, (), group_names=group_names)
        return replace(made, abbreviations=abbreviations or made.abbreviations)
    try:
        place = folder / pointer.read_text(encoding="utf-8").strip()
        about = json.loads((place / _ABOUT).read_text(encoding="utf-8"))
        name, analysis = str(about["engine"]), str(about["analysis"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexUnavailableError(folder, str(error)) from error
    if not may_be_searched(analysis):
        ours = analysis_version()
        problem = f"it was built with the analysis {analysis!r}, this program uses {ours!r}"
        raise IndexUnavailableError(folder, problem)
    known = load_abbreviations() if abbreviations is None else abbreviations
    return LetterIndex(_engine(name)(place, False), dict(group_names or {}), known, analysis)


def rebuild(
    folder: Path,
    engine: str | None,
    letters: Iterable[RegisteredLetter],
    *,
    group_names: Mapping[str, str] | None = None,
) -> LetterIndex:
    """Build a fresh index of `letters` beside the old one, put it in its place, return it open.

    Searches in other processes go on with the old index until they open again. Changes made to the
    book meanwhile must be applied afterwards: keep the outbox from before the start.
    Raises IndexWriteError, UnknownEngineError; the old index is then still in use.
    """
    name = engine or _engine_in_use(folder) or DEFAULT_ENGINE
    make = _engine(name)
    try:
        place = _fresh(folder)
        index = LetterIndex(make(place, True), dict(group_names or {}))
        index.apply(map(Upsert, letters))
        index.tidy()
        about = {"engine": name, "analysis": index.analysis_version}
        replace_durably(place / _ABOUT, json.dumps(about, ensure_ascii=False).encode())
        replace_durably(folder / _ACTIVE, place.name.encode())
    except OSError as error:
        raise IndexWriteError(folder, str(error)) from error
    remove_unused(folder)
    return index


def remove_unused(folder: Path) -> None:
    """Remove indexes that are not in use; readers that still hold one keep its open files."""
    active = (folder / _ACTIVE).read_text(encoding="utf-8").strip()
    for place in folder.glob("v*"):
        if place.is_dir() and place.name != active:
            shutil.rmtree(place, ignore_errors=True)


def _engine_in_use(folder: Path) -> str | None:
    try:
        place = folder / (folder / _ACTIVE).read_text(encoding="utf-8").strip()
        return str(json.loads((place / _ABOUT).read_text(encoding="utf-8"))["engine"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _engine(name: str) -> Callable[[Path, bool], Engine]:
    """Return the maker of an engine; it is imported only when it runs."""
    if name == "tantivy":
        from index.search.tantivy_engine import TantivyEngine  # noqa: PLC0415

        return lambda place, create: TantivyEngine(place, create=create)
    if name == "whoosh":
        from index.search.whoosh_engine import WhooshEngine  # noqa: PLC0415

        return lambda place, create: WhooshEngine(place, create=create)
    raise UnknownEngineError(name, ENGINES)


def _fresh(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _keep_private(folder)
    numbers = [int(place.name[1:]) for place in folder.glob("v*") if place.name[1:].isdigit()]
    place = folder / f"v{max(numbers, default=0) + 1}"
    place.mkdir()
    return place


def _keep_private(folder: Path) -> None:
    """Let only its owner into the folder: letters' words lie in it, and engines ask nobody how to write."""
    # PermissionError: it is somebody else's and not ours to change.
    with suppress(FileNotFoundError, PermissionError):
        if folder.stat().st_mode & 0o077:
            folder.chmod(0o700)
