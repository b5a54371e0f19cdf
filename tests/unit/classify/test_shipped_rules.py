"""New rules of the program replace copies that nobody touched, and nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from classify import (
    RULE_FILES,
    Standing,
    compare_with_shipped,
    install_default_rules,
    shipped_rules,
    take_over_shipped,
)


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the shipped files that stands for the program's, so that a test can renew it."""
    folder = shutil.copytree(shipped_rules.shipped_folder(), tmp_path / "program")
    monkeypatch.setattr(shipped_rules, "shipped_folder", lambda: folder)
    return folder


@pytest.fixture
def office(tmp_path: Path, shipped: Path) -> Path:
    folder = tmp_path / "rules"
    install_default_rules(folder)
    return folder


def edit(file: Path, line: str) -> None:
    file.write_text(file.read_text("utf-8") + f"\n# {line}\n", "utf-8")


def standings(office: Path) -> dict[str, Standing]:
    return {copy.name: copy.standing for copy in compare_with_shipped(office)}


def test_a_new_office_has_what_is_shipped(office: Path) -> None:
    assert standings(office) == dict.fromkeys(RULE_FILES, Standing.SAME)
    assert take_over_shipped(office) == ()


def test_an_untouched_copy_is_replaced_and_an_edited_one_stays(office: Path, shipped: Path) -> None:
    edit(office / "groups.toml", "ของสำนักงาน")
    edit(office / "agencies.toml", "ของสำนักงาน")
    (office / "retention.toml").unlink()
    edit(shipped / "groups.toml", "ฉบับใหม่")
    edit(shipped / "kinds.toml", "ฉบับใหม่")
    own = (office / "groups.toml").read_text("utf-8")
    assert standings(office) == {
        "groups.toml": Standing.BEHIND,
        "kinds.toml": Standing.OUTDATED,
        "agencies.toml": Standing.OWN,
        "retention.toml": Standing.NOT_THERE,
    }
    assert take_over_shipped(office) == ("kinds.toml",)
    assert (office / "kinds.toml").read_bytes() == (shipped / "kinds.toml").read_bytes()
    assert (office / "groups.toml").read_text("utf-8") == own
    assert not (office / "retention.toml").exists()
    assert take_over_shipped(office) == ()


def test_a_copy_taken_over_can_be_replaced_again(office: Path, shipped: Path) -> None:
    for edition in ("ฉบับที่สอง", "ฉบับที่สาม"):
        edit(shipped / "kinds.toml", edition)
        assert take_over_shipped(office) == ("kinds.toml",)


def test_without_a_note_only_what_is_word_for_word_shipped_is_known(
    office: Path, shipped: Path
) -> None:
    """Offices of earlier versions have no note; a damaged one is no better."""
    edit(office / "groups.toml", "ของสำนักงาน")
    (office / ".shipped.json").write_text("[1", "utf-8")
    assert standings(office)["groups.toml"] is Standing.BEHIND
    take_over_shipped(office)  # notes the three that are the shipped ones
    edit(shipped / "kinds.toml", "ฉบับใหม่")
    edit(shipped / "groups.toml", "ฉบับใหม่")
    assert take_over_shipped(office) == ("kinds.toml",)


def test_a_kill_between_file_and_note_leaves_the_new_file_known(
    office: Path, shipped: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(shipped / "kinds.toml", "ฉบับใหม่")
    monkeypatch.setattr(shipped_rules, "_note", lambda *_: None)
    assert take_over_shipped(office) == ("kinds.toml",)
    monkeypatch.undo()
    monkeypatch.setattr(shipped_rules, "shipped_folder", lambda: shipped)
    assert standings(office)["kinds.toml"] is Standing.SAME
    take_over_shipped(office)
    edit(shipped / "kinds.toml", "ฉบับใหม่กว่า")
    assert standings(office)["kinds.toml"] is Standing.OUTDATED
