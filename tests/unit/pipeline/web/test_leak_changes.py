"""No attempt to change something tells of a secret letter, whoever tries it."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from index.book import Book
from index.visibility import Role
from pipeline.office import Office
from tests import walking
from tests.canaries import FIELDS
from tests.leaking import CLERK, OFFICER, world_of


@pytest.mark.parametrize("name", [CLERK, OFFICER, Role.RECORDS_OFFICER.value, "everything"])
def test_no_attempt_to_change_something_tells_of_it(
    office: Office, book: Book, tmp_path: Path, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Nor does what is left afterwards on the pages, to the same person; nor any line of the log."""
    caplog.set_level(logging.DEBUG)
    with world_of(office, book, tmp_path) as world:
        world.log_in(name)
        for ask in walking.changes(world.made):
            answer = world.ask(ask)
            assert answer.status_code < 500 or ask.route == "GET /healthz", ask  # no server runs
            assert world.secret_in(answer) == {}, ask
        world.log_in(name)
        for ask in walking.readings(world.made):
            assert world.secret_in(world.ask(ask)) == {}, ask
        words = {one.word(field) for one in world.made.secret for field in FIELDS}
    assert {word for word in words if word in caplog.text.lower()} == set()
