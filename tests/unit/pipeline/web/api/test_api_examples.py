"""Every example of docs/api.md works as it is written there."""

from __future__ import annotations

import hashlib
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.book import Book
from index.visibility import Role, Viewer
from pipeline.carry import Workbench
from pipeline.intake import Intake
from pipeline.office import Office
from pipeline.outside import EVENTS
from pipeline.rules_in_force import RulesInForce
from pipeline.settings import load_settings
from pipeline.web.app import make_app
from tests import scans
from tests.conftest import ROOT
from tests.unit.pipeline.test_worker import work_one
from tests.unit.pipeline.web.api.test_api import Program
from tests.unit.pipeline.web.test_web import index_all

PAGE = (ROOT / "docs" / "api.md").read_text("utf-8")
EVERYBODY = Viewer("all", frozenset({Role.REGISTRY_CLERK, Role.GROUP_HEAD}))


def examples() -> list[list[str]]:
    blocks = re.findall(r"```bash\n(.*?)```", PAGE, re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    return [shlex.split(line) for line in lines if line.startswith("curl")]


@pytest.fixture
def program(office: Office, book: Book) -> Iterator[Program]:
    app = make_app(office, book, rules=RulesInForce(office.rules, office.kept_rules))
    yield Program(app).as_(EVERYBODY)
    app.state.site.finder.close()


def test_the_examples_work(
    program: Program, intake: Intake, bench: Workbench, tmp_path: Path
) -> None:
    office, book = program.app.state.site.office, bench.book
    scan = scans.write_pdf(tmp_path / "scan.pdf", "2")
    scans.write_pdf(office.folder_of(office.settings.watch.folder[0]) / "first.pdf", "1")
    while intake.sweep():
        pass
    work_one(book, bench, office)
    index_all(office, book)
    job = hashlib.sha256(scan.read_bytes()).hexdigest()
    commands = examples()
    assert len(commands) >= 15
    for words in commands:
        method, body, headers, address = "GET", None, {}, ""
        rest = iter(words[1:])
        for word in rest:
            if word == "-X":
                method = next(rest)
            elif word == "-H":
                name, _, value = next(rest).partition(": ")
                headers[name] = value
            elif word == "-d":
                body = next(rest).encode()
            elif word == "--data-binary":
                assert next(rest) == "@scan.pdf"
                method, body = "POST", scan.read_bytes()
            elif word == "-o":
                next(rest)
            else:
                address = word.replace("$SARABAN", "").replace("$JOB", job)
        assert headers["Authorization"] == "Bearer $TOKEN"
        answer = program.ask(method, address, content=body, headers=headers)
        assert answer.status_code in (200, 202), (address, answer.text)


def test_the_settings_on_the_page_are_taken_and_every_event_is_named(tmp_path: Path) -> None:
    for block in re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL):
        path = tmp_path / "saraban.toml"
        path.write_text(block, "utf-8")
        assert tomllib.loads(block)
        settings = load_settings(path)
        assert settings.webhook or settings.mail.host
    for event in EVENTS.values():
        assert f"`{event}`" in PAGE
