"""One Chromium for each module of browser tests, started so that it asks nothing of the outside, and its windows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import find_chromium
from tests.screens import Screen, watched

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser, screen: Screen) -> Iterator[Page]:
    yield from watched(browser, screen.address, width=1360, height=900)


@pytest.fixture
def phone(browser: Browser, screen: Screen) -> Iterator[Page]:
    yield from watched(browser, screen.address, width=390, height=844)
