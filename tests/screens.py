"""An office's page in a thread of the test, where the test says what day it is and who sits before it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, ConsoleMessage, Page

from index.book import Book
from index.visibility import Viewer
from pipeline.office import Office
from pipeline.rules_in_force import RulesInForce
from pipeline.web.app import make_app
from pipeline.web.site.viewer import who_looks
from tests.offices import wait_for


@dataclass(slots=True)
class Screen:
    """Turn `now` and `viewer` between two clicks."""

    office: Office
    book: Book
    now: datetime
    viewer: Viewer
    address: str = ""

    def app(self) -> FastAPI:
        """Return the application that looks at this screen's clock and person."""
        rules = RulesInForce(self.office.rules, self.office.kept_rules)
        app = make_app(self.office, self.book, rules=rules, clock=lambda: self.now)
        app.dependency_overrides[who_looks] = lambda: self.viewer
        return app

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Serve the page on a free port of this machine."""
        app = self.app()
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
        with socket.socket() as door:
            door.bind(("127.0.0.1", 0))
            thread = threading.Thread(target=server.run, kwargs={"sockets": [door]})
            thread.start()
            try:
                wait_for(lambda: server.started, "the page")
                self.address = f"http://127.0.0.1:{door.getsockname()[1]}"
                yield self.address
            finally:
                server.should_exit = True
                thread.join()
                app.state.site.finder.close()


def complaint_of(said: ConsoleMessage) -> list[str]:
    """Return what the browser complains of; its remarks, as on autofocus that came late, are none."""
    asked = "409" in said.text or "422" in said.text
    return [said.text] if said.type in {"error", "warning"} and not asked else []


def watched(browser: Browser, address: str, *, width: int, height: int) -> Iterator[Page]:
    """Give a window; whatever it complains about or asks elsewhere is a failure.

    That the page said 409 or 422 (a refused step, which the test looks at itself) is no complaint.
    """
    context = browser.new_context(
        viewport={"width": width, "height": height}, base_url=address, locale="th-TH"
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.extend(complaint_of(said)))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "request",
        lambda asked: None if asked.url.startswith(address) else complaints.append(asked.url),
    )
    yield page
    context.close()
    assert complaints == [], complaints
