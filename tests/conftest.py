"""What tests may need from the machine, and the fixtures that several folders of tests share."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.receiving import Receiving
from tests.statements import share_statements

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"

share_statements()


def _has_thai_tesseract() -> bool:
    program = shutil.which("tesseract")
    if program is None:
        return False
    listed = subprocess.run([program, "--list-langs"], capture_output=True, text=True, check=False)
    return "tha" in listed.stdout.split()


def _has_postgres() -> bool:
    return shutil.which("initdb") is not None or any(
        Path("/usr/lib/postgresql").glob("*/bin/initdb")
    )


def find_chromium() -> str | None:
    """Return the browser's program; the one without windows takes a third less time of a core."""
    names = ("chromium-headless-shell", "chromium", "chromium-browser")
    return next(filter(None, map(shutil.which, names)), None)


def _has_chromium() -> bool:
    return find_chromium() is not None


def _has_restic() -> bool:
    return shutil.which("restic") is not None


NEEDS = {
    "engine": _has_thai_tesseract,
    "browser": _has_chromium,
    "postgres": _has_postgres,
    "restic": _has_restic,
}


LONG_FOLDERS = {"browser", "end_to_end", "faults", "property"}
LONG_FILES = "test_leak"
"""What starts servers, engines and browsers, or walks every route, goes first: no core waits at the end."""


def _is_long(item: pytest.Item) -> bool:
    folder = item.path.relative_to(ROOT / "tests").parts[0]
    return folder in LONG_FOLDERS or item.path.name.startswith(LONG_FILES)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--whole",
        action="store_true",
        help="fail, rather than skip, where Tesseract, Chromium, PostgreSQL or restic is missing",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    missing = {name for name, is_there in NEEDS.items() if not is_there()}
    if missing and config.getoption("--whole"):
        raise pytest.UsageError(f"missing on this machine: {', '.join(sorted(missing))}")
    items.sort(key=lambda item: not _is_long(item))
    for item in items:
        for name in missing:
            if item.get_closest_marker(name):
                item.add_marker(pytest.mark.skip(reason=f"{name} is not on this machine"))
        if item.get_closest_marker("shared") and not SHARED.is_dir():
            item.add_marker(pytest.mark.skip(reason="../shared is not there"))


@pytest.fixture
def receiving(tmp_path: Path) -> Receiving:
    """An inbox with its office folders, and a clock turned by hand."""
    return Receiving(tmp_path)


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel as `pip install .` does, with the build tools of this environment."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--quiet"]
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(folder)]
    subprocess.run([*pip, *options, str(ROOT)], check=True, cwd=folder)
    (path,) = folder.glob("saraban-*.whl")
    return path
