"""Edited rules count at once; a broken edit is refused and the rules before it stay in force."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from classify import install_default_rules, load_rules
from pipeline.rules_in_force import RulesInForce


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    install_default_rules(tmp_path / "rules")
    return tmp_path / "rules"


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    later = path.stat().st_mtime_ns + 1_000_000_000
    os.utime(path, ns=(later, later))  # an edit in the same tick of the clock is still an edit


def test_an_edit_counts_without_a_restart(rules: Path, tmp_path: Path) -> None:
    in_force = RulesInForce(rules, tmp_path / "kept")
    before = in_force.current().fingerprint
    edit(rules / "groups.toml", "[[group]]", "# a note\n[[group]]")
    assert in_force.current().fingerprint != before
    assert in_force.refused is None


def test_a_broken_edit_is_refused_and_the_old_rules_stay(rules: Path, tmp_path: Path) -> None:
    edit(rules / "kinds.toml", "[[kind]]", "# ours\n[[kind]]")
    in_force = RulesInForce(rules, tmp_path / "kept")
    before = in_force.current().fingerprint
    edit(rules / "groups.toml", "[[group]]", "[[grop]]")
    assert in_force.current().fingerprint == before
    assert in_force.refused is not None
    assert "groups.toml" in str(in_force.refused)
    edit(rules / "groups.toml", "[[grop]]", "[[group]]")
    in_force.current()
    assert in_force.refused is None


def test_a_restart_with_broken_rules_goes_on_with_the_last_good_ones(
    rules: Path, tmp_path: Path
) -> None:
    edit(rules / "groups.toml", "[[group]]", "# ours\n[[group]]")
    ours = RulesInForce(rules, tmp_path / "kept", keeps_copy=True).current().fingerprint
    edit(rules / "groups.toml", "[[group]]", "[[group")
    again = RulesInForce(rules, tmp_path / "kept")
    assert again.current().fingerprint == ours
    assert again.refused is not None


def test_a_first_start_with_broken_rules_goes_on_with_the_shipped_ones(
    rules: Path, tmp_path: Path
) -> None:
    edit(rules / "groups.toml", "[[group]]", "[[group")
    in_force = RulesInForce(rules, tmp_path / "kept", keeps_copy=True)
    assert in_force.current().fingerprint == load_rules().fingerprint
    assert in_force.refused is not None
    assert not (tmp_path / "kept").exists(), "what is broken is no last good copy"


def test_a_file_that_the_office_removed_comes_back_from_no_copy(
    rules: Path, tmp_path: Path
) -> None:
    edit(rules / "kinds.toml", "[[kind]]", "# ours\n[[kind]]")
    in_force = RulesInForce(rules, tmp_path / "kept", keeps_copy=True)
    in_force.current()
    assert "# ours" in (tmp_path / "kept" / "kinds.toml").read_text("utf-8")
    (rules / "kinds.toml").unlink()
    shipped = in_force.current().fingerprint
    edit(rules / "groups.toml", "[[group]]", "[[group")
    assert RulesInForce(rules, tmp_path / "kept").current().fingerprint == shipped


def test_only_who_keeps_the_copy_writes_it(rules: Path, tmp_path: Path) -> None:
    RulesInForce(rules, tmp_path / "kept").current()
    assert not (tmp_path / "kept").exists()
    RulesInForce(rules, tmp_path / "kept", keeps_copy=True).current()
    assert (tmp_path / "kept" / "groups.toml").read_bytes() == (rules / "groups.toml").read_bytes()
