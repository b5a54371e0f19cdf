"""A rule file that an edit broke is told with its line: in the server's log once, and by `saraban doctor`."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from pipeline.doctor import examine
from pipeline.office import Office
from pipeline.rules_in_force import RulesInForce
from tests.unit.pipeline.conftest import made_office, office

__all__ = ["made_office", "office"]  # the fixtures


def break_rules(folder: Path) -> int:
    """Misspell a key; return its line."""
    groups = folder / "groups.toml"
    lines = groups.read_text("utf-8").splitlines(keepends=True)
    line = next(number for number, one in enumerate(lines) if one.startswith("strong"))
    lines[line] = lines[line].replace("strong", "stong", 1)
    groups.write_text("".join(lines), "utf-8")
    return line + 1


def test_the_log_and_the_doctor_name_the_line(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    rules = RulesInForce(office.rules, office.kept_rules, keeps_copy=True)
    before = rules.current().fingerprint
    line = break_rules(office.rules)
    with caplog.at_level(logging.ERROR):
        assert [rules.current().fingerprint for _ in range(3)] == [before] * 3
        RulesInForce(office.rules, office.kept_rules).current()  # a worker's: it says nothing
    (told,) = caplog.messages
    assert f"groups.toml, line {line}" in told
    (finding,) = [one for one in examine(office) if one.name == "rules"]
    assert not finding.good
    assert f"groups.toml, line {line}" in finding.detail
