"""Changed rules are tried on every letter that a clerk routed, before they are used."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from classify.letter import Secrecy
from index.register.desk import Step
from pipeline.office import open_book, open_office
from tests.keeping import CLERK, NOW, REGISTRAR, file_one, make_filing
from tests.unit.pipeline.test_command_line import run


@pytest.fixture
def folder(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Path:
    """An office where a clerk routed one letter, corrected one, left one, and one is secret."""
    folder = tmp_path / "office"
    run(monkeypatch, capsys, "init", folder)
    with open_book(open_office(folder)) as book:
        letters = [
            file_one(book, key, make_filing(secrecy=Secrecy.SECRET if key == 4 else Secrecy.NONE))
            for key in (1, 2, 3, 4)
        ]
        book.desk.move(CLERK, letters[0].letter_id, Step.ROUTED, group="plan", now=NOW)
        book.desk.correct(CLERK, letters[1].letter_id, "group", "finance", now=NOW)
        book.desk.move(REGISTRAR, letters[3].letter_id, Step.ROUTED, group="legal", now=NOW)
    return folder


def test_what_clerks_routed_is_tried_and_named_by_its_register_number(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(monkeypatch, capsys, "rules", "test", "--office", folder, "--json")
    report = json.loads(out)
    assert (code, report["cases"]) == (0, 2)
    wrong = {(one["origin"], one["group"]) for one in report["wrong"]}
    assert wrong <= {("1/2569", "plan"), ("2/2569", "finance")}
    assert len(wrong) >= 1, "the same words cannot be right for two groups"
    assert report["moved"] == []


def test_a_changed_rule_shows_what_it_would_move(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    changed = tmp_path / "changed"
    changed.mkdir()
    rules = (folder / "rules" / "groups.toml").read_text("utf-8")
    before, plan = rules.replace('"ประชุมผู้บริหารสถานศึกษา",', "").split('code = "plan"')
    plan = plan.replace("strong = [", 'strong = ["การประชุมผู้บริหารสถานศึกษา",', 1)
    (changed / "groups.toml").write_text(f'{before}code = "plan"{plan}', "utf-8")
    code, out, _ = run(
        monkeypatch, capsys, "rules", "test", "--office", folder, "--rules", changed, "--json"
    )
    report = json.loads(out)
    assert code == 0
    assert {one["origin"] for one in report["moved"]} == {"1/2569", "2/2569"}
    assert {(one["before"], one["given"]) for one in report["moved"]} == {("admin", "plan")}
