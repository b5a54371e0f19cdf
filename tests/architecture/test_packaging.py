"""What is built is what is in the checkout, under names that nobody else owns."""

from __future__ import annotations

import importlib.metadata
import zipfile
from pathlib import Path

from tests.architecture.test_imports import MAY_IMPORT
from tests.conftest import ROOT

NOT_SHIPPED = ("__pycache__", "training")
"""`ocr/training` needs torch and is never imported at run time; models are trained from a checkout."""


def test_no_other_distribution_owns_one_of_our_names() -> None:
    owners = importlib.metadata.packages_distributions()
    for name in (*MAY_IMPORT, "tests", "benchmarks"):
        others = set(owners.get(name, ())) - {"saraban"}
        assert others == set(), f"{name} also belongs to {others}"


def test_every_package_and_data_file_is_in_the_wheel(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        shipped = {name for name in archive.namelist() if ".dist-info/" not in name}
    here = {
        str(path.relative_to(ROOT))
        for package in MAY_IMPORT
        for path in (ROOT / package).rglob("*")
        if path.is_file() and not set(path.relative_to(ROOT).parts) & set(NOT_SHIPPED)
    }
    here |= {f"pipeline/web/manuals/{path.name}" for path in (ROOT / "docs" / "th").glob("*.md")}
    assert here - shipped == set()
    assert shipped - here == set()


def test_the_wheel_says_what_it_is(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (info,) = {name.split("/")[0] for name in archive.namelist() if ".dist-info/" in name}
        metadata = archive.read(f"{info}/METADATA").decode()
        entry_points = archive.read(f"{info}/entry_points.txt").decode()
        names = archive.namelist()
    assert "License-Expression: Apache-2.0" in metadata
    assert "Requires-Python: >=3.11" in metadata
    assert "saraban = pipeline.cli:main" in entry_points
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert all(f"{package}/py.typed" in names for package in MAY_IMPORT)
