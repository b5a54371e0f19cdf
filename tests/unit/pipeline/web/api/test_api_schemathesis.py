"""Whatever a program sends, every answer is one that `/openapi.json` describes: status, body and media type."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.core.result import Ok
from schemathesis.engine import Status, from_schema
from schemathesis.engine.events import (
    FatalError,
    FuzzScenarioFinished,
    NonFatalError,
    ScenarioFinished,
)

from index.archive import Archive, hash_file
from index.book import Book
from index.register.people.people import Person
from index.visibility import Role
from pipeline.office import Office
from pipeline.rules_in_force import RulesInForce
from pipeline.web.app import make_app
from tests import scans
from tests.keeping import NOW, MadeScan, make_filing, take

ROLES = frozenset(Role) - {Role.SECRET_REGISTRAR}
A_GROUP = "plan"  # which groups there are is the office's: the description cannot say it
SETTINGS = {
    "seed": 1,
    "continue-on-failure": True,
    "cache": {"enabled": False},
    "parameters": {"query.group": A_GROUP},
    # An ETag of another state is well formed (412, RFC 9110); one that is not given is asked for (428, RFC 6585).
    "checks": {
        "positive_data_acceptance": {
            "expected-statuses": ["2xx", "401", "403", "404", "409", "412"]
        },
        "missing_required_header": {"expected-statuses": [428]},
    },
    "generation": {"max-examples": 4, "deterministic": True, "no-shrink": True},
}


def file_with_its_scan(office: Office, book: Book, folder: Path, number: int) -> None:
    scan = scans.write_pdf(folder / f"{number}.pdf", str(number))
    archive, sha256 = Archive(office.archive), hash_file(scan)
    searchable = archive.keep_searchable(scan, secret=False)
    archive.keep_original(scan, sha256, ".pdf", secret=False)
    book.jobs.record_arrival(MadeScan(scan, scan.name, sha256))
    filing = make_filing(group=A_GROUP)
    filing = replace(filing, searchable_sha256=searchable.sha256, page_count=1)
    book.jobs.file(take(book), filing, NOW)


def test_no_answer_differs_from_the_description(
    office: Office, book: Book, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    for number in range(1, 5):
        file_with_its_scan(office, book, tmp_path, number)
    person = Person("all", "", ROLES, frozenset({A_GROUP}), must_change_password=False)
    book.people.add(person, who="test", now=NOW, password="a good long one 1")
    key = book.people.create_token(person.looking(), "program", ROLES, now=NOW)
    app = make_app(office, book, rules=RulesInForce(office.rules, office.kept_rules))
    headers = {"Authorization": f"Bearer {key}", "Host": "127.0.0.1:8470"}
    config = SchemathesisConfig.from_dict({**SETTINGS, "headers": headers})
    described = schemathesis.openapi.from_asgi("/openapi.json", app, config=config, headers=headers)
    asked, accepted, found = 0, set(), set()
    for event in from_schema(described).execute():
        assert not isinstance(event, NonFatalError | FatalError), event
        if not isinstance(event, ScenarioFinished | FuzzScenarioFinished):
            continue
        asked += len(event.recorder.cases)
        for case_id, interaction in event.recorder.interactions.items():
            if interaction.response is not None and interaction.response.status_code < 300:
                accepted.add(event.recorder.cases[case_id].value.operation.label)
        for checks in event.recorder.checks.values():
            for one in checks:
                if one.status is Status.FAILURE and one.failure_info is not None:
                    failure = one.failure_info.failure
                    found.add(f"{failure.title}: {failure.message} {one.failure_info.code_sample}")
    app.state.site.finder.close()
    assert found == set(), "\n\n".join(sorted(found))
    assert asked > 500
    never = {
        one.ok().label for one in described.get_all_operations() if isinstance(one, Ok)
    } - accepted
    assert never == set(), "what no request came through was not tried"
