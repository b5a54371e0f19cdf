"""An office with secret letters for everybody who only looks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.leaking import World, copied, world_of


@pytest.fixture(scope="module")
def world(made_office: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One office for all tests of a file."""
    folder = tmp_path_factory.mktemp("leaks")
    with copied(made_office, folder) as (office, book), world_of(office, book, folder) as made:
        yield made
