"""What is installed and what is missing, each with the line to type."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata, util
from pathlib import Path

import fontpkg_sarabun
from PIL import features

from classify import RuleFileError, Standing, compare_with_shipped, load_rules
from index.register.store.database import examine_sqlite
from ocr import describe_engines
from pipeline.office import Office

DISK_MB = 1024  # about three thousand letters


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: `needed` ones that are not `good` keep Saraban from working."""

    name: str
    good: bool
    detail: str
    needed: bool = True


def examine(office: Office | None = None) -> Iterator[Finding]:
    """Look at programs, libraries and, when there is one, the office; nothing is changed."""
    yield Finding(
        "python", sys.version_info >= (3, 11), f"{sys.version.split()[0]} (3.11 or later)"
    )
    yield Finding("saraban", True, metadata.version("saraban") if _installed() else "from source")
    engines = describe_engines()
    any_engine = any(engine.usable for engine in engines)
    for engine in engines:
        yield Finding(f"reader {engine.name}", engine.usable, engine.detail, needed=not any_engine)
    yield Finding("sqlite", *examine_sqlite())
    for name in ("tantivy", "whoosh"):
        found = util.find_spec(name) is not None
        yield Finding(
            f"search {name}", found, "installed" if found else f"pip install {name}", needed=False
        )
    font = Path(fontpkg_sarabun.ROOT) / "files" / "Sarabun-Regular.ttf"
    yield Finding("Thai type", font.is_file(), "Sarabun" if font.is_file() else "missing")
    shaper = bool(features.check("raqm"))
    yield Finding(
        "Thai shaping",
        shaper,
        "raqm" if shaper else "Pillow without raqm: marks are misplaced in the demo letters",
        needed=False,
    )
    if office is not None:
        yield from _examine_office(office)


def _installed() -> bool:
    return any(True for _ in metadata.distributions(name="saraban"))


def _examine_office(office: Office) -> Iterator[Finding]:
    yield Finding("office", True, str(office.root))
    free_mb = shutil.disk_usage(office.root).free // 2**20
    yield Finding("free disk", free_mb > DISK_MB, f"{free_mb} MB ({DISK_MB} MB or more)")
    for watched in office.settings.watch.folder:
        folder = office.folder_of(watched)
        there = folder.is_dir()
        yield Finding(
            f"folder {watched.profile}",
            there,
            str(folder) if there else f"{folder} is not there; make it, or correct saraban.toml",
        )
    yield _examine_rules(office)


def _examine_rules(office: Office) -> Finding:
    """Say which rule file is broken and where, or which are not the newest; those it edited are its own affair."""
    try:
        load_rules(office.rules)
    except RuleFileError as error:
        return Finding("rules", good=False, detail=str(error), needed=False)
    newer = {
        standing: [c.name for c in compare_with_shipped(office.rules) if c.standing is standing]
        for standing in (Standing.OUTDATED, Standing.BEHIND)
    }
    if newer[Standing.OUTDATED]:
        names = ", ".join(newer[Standing.OUTDATED])
        advice = f"newer ones are shipped: {names}; see `saraban rules update`"
        return Finding("rules", good=False, detail=advice, needed=False)
    edited = ", ".join(newer[Standing.BEHIND])
    state = f"edited by the office, and newer ones are shipped: {edited}" if edited else "newest"
    return Finding("rules", good=True, detail=state)
