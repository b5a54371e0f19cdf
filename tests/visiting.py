"""Visiting the web page without a server: a browser with a cookie, and one person for each role."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

import httpx
from fastapi import FastAPI

from index.book import Book
from index.register.people.people import Person
from index.visibility import Role
from pipeline.office import Office
from pipeline.rules_in_force import RulesInForce
from pipeline.web.app import make_app
from tests.keeping import NOW, make_hashing_quick

HERE = "http://127.0.0.1:8470"
GOOD = "ข้าวเหนียวมะม่วง"
"""The password of everybody that `visiting` makes; each role's person is called by the role."""


@dataclass
class Browser:
    """A browser that keeps its cookie, and a clock turned by hand."""

    app: FastAPI
    base: str = HERE
    now: datetime = NOW
    cookies: httpx.Cookies = field(default_factory=httpx.Cookies)

    def ask(
        self,
        method: str,
        address: str,
        headers: dict[str, str] | None = None,
        data: dict[str, object] | None = None,
        json: object = None,
    ) -> httpx.Response:
        sent = {"origin": self.base, "if-match": "*", **(headers or {})}

        async def go() -> httpx.Response:
            door = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(
                transport=door, base_url=self.base, cookies=self.cookies
            ) as client:
                answer = await client.request(method, address, headers=sent, data=data, json=json)
                self.cookies = client.cookies
                return answer

        return asyncio.run(go())

    def get(self, address: str, **headers: str) -> httpx.Response:
        return self.ask("GET", address, {k.replace("_", "-"): v for k, v in headers.items()})

    def post(self, address: str, **data: object) -> httpx.Response:
        return self.ask("POST", address, data=data)

    def log_in(self, name: str, password: str = GOOD, **more: str) -> httpx.Response:
        return self.post("/login", name=name, password=password, **more)


@contextmanager
def visiting(office: Office, book: Book) -> Iterator[Browser]:
    """Give a browser of an office in which each role has one person, those of groups in `plan`."""
    make_hashing_quick(book)
    for role in Role:
        person = Person(
            role.value,
            role.name,
            frozenset({role}),
            frozenset({"plan"}),
            must_change_password=False,
        )
        book.people.add(person, who="test", now=NOW, password=GOOD)
    browser: list[Browser] = []
    app = make_app(
        office,
        book,
        rules=RulesInForce(office.rules, office.kept_rules),
        clock=lambda: browser[0].now,
    )
    browser.append(Browser(app))
    try:
        yield browser[0]
    finally:
        app.state.site.finder.close()
