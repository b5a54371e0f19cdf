"""What several journeys ask of the machine."""

from __future__ import annotations

import pytest

from ocr.choose import choose_engine
from ocr.errors import EngineMissingError


@pytest.fixture(scope="session")
def some_engine() -> None:
    """Skip what reads pages where no engine is installed."""
    try:
        choose_engine()
    except EngineMissingError:
        pytest.skip("no engine here")
