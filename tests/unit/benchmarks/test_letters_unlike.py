"""Letters unlike the samples are the same for a seed, say what is on them, and are compared fairly."""

from __future__ import annotations

import json
import math
from pathlib import Path

import fontpkg_sarabun
import numpy as np
import pytest

from benchmarks.letters_unlike import faces
from benchmarks.letters_unlike.compose import compose
from benchmarks.letters_unlike.conditions import CONDITIONS
from benchmarks.letters_unlike.faces import Family, find_families
from benchmarks.letters_unlike.make import Made, condition_of, make, seeds_of
from benchmarks.letters_unlike.measure import (
    error_rate,
    is_right,
    mark,
    markdown,
    report,
    truth_of,
    wilson,
)
from benchmarks.letters_unlike.words import SUBJECTS
from classify import load_rules

FONTS = Path(fontpkg_sarabun.ROOT) / "files"
SARABUN = Family(
    "Sarabun",
    FONTS / "Sarabun-Regular.ttf",
    FONTS / "Sarabun-Bold.ttf",
    12,
    FONTS / "Sarabun-Regular.ttf",
)


def letter_of(kind: str) -> Made:
    seed = next(seed for seed in range(0, 400, 2) if compose(seed).kind == kind)
    letter = compose(seed)
    return Made(Path("x.tif"), "clean", "Sarabun", letter, (f"ที่ {letter.number}",))


def test_a_seed_makes_the_same_letter_and_even_and_odd_seeds_never_meet() -> None:
    assert compose(8) == compose(8)
    assert compose(8) != compose(10)
    assert not set(seeds_of(50, "even")) & set(seeds_of(50, "odd"))


def test_every_condition_comes_for_even_and_for_odd_seeds() -> None:
    for parity in ("even", "odd"):
        assert {condition_of(seed) for seed in seeds_of(len(CONDITIONS), parity)} == set(CONDITIONS)


def test_a_page_is_drawn_with_its_printed_lines(tmp_path: Path) -> None:
    made = make(0, (SARABUN,), tmp_path)
    assert made.path.stat().st_size > 20_000
    assert made.letter.number is not None
    assert any(made.letter.number in line for line in made.lines)


def test_orders_have_no_recipient_and_announcements_no_number_to_find() -> None:
    assert "recipient" not in truth_of(letter_of("order"))
    assert "number" not in truth_of(letter_of("announce"))


def test_a_wrong_field_nobody_is_asked_about_is_silent_and_an_asked_one_is_not() -> None:
    made = letter_of("external")
    wrong = {"fields": {"number": {"value": "กข ๑/๑"}}, "text": "ก", "kind": "external"}
    others = ["date", "sender", "recipient", "subject"]
    assert mark(made, {**wrong, "needs_review": others}).silent == ["number"]
    assert mark(made, {**wrong, "needs_review": [*others, "number"]}).silent == []


def test_a_page_that_could_not_be_read_counts_as_all_wrong_and_asked_about() -> None:
    marks = mark(letter_of("external"), {"file": "x", "error": "unread"})
    assert marks.edits == marks.characters > 0
    assert not any(marks.right.values())
    assert not marks.silent


def test_digits_of_either_script_are_alike_and_only_long_names_may_be_near() -> None:
    assert is_right("number", "ศธ ๐๔๐๐๑/ว ๑๒", "ศธ 04001/ว12")
    assert not is_right("number", "ศธ ๐๔๐๐๑/ว ๑๒", "ศธ ๐๔๐๐๑/ว ๑๓")
    name = "สำนักงานเขตพื้นที่การศึกษามัธยมศึกษาสมุทรสงคราม"
    assert is_right("sender", name, name.replace("มัธยม", "มัธยน"))
    assert not is_right("sender", name, "")


def test_what_no_letter_has_is_shown_as_nothing() -> None:
    made = letter_of("announce")
    figures = report([made], [mark(made, {"text": "ก"})])
    assert json.loads(json.dumps(figures, allow_nan=False))["all"]["number"][0] is None
    assert " – |" in markdown(figures)


def test_the_groups_of_the_letters_are_the_rules_groups() -> None:
    groups = {group.code for group in load_rules().groups.groups}
    assert set(SUBJECTS) <= groups


def test_the_interval_of_a_share_is_wilsons() -> None:
    share, low, high = wilson(0, 50)  # Wilson 1927: z² / (n + z²)
    assert (share, low) == (0.0, 0.0)
    assert math.isclose(high, 0.0713, abs_tol=1e-3)


def test_the_error_rate_lies_within_its_interval() -> None:
    marks = [mark(letter_of("external"), {"text": text}) for text in ("", "ที่", "x" * 50)]
    value, low, high = error_rate(marks)
    assert low <= value <= high


def test_missing_faces_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faces, "SYSTEM", ())
    monkeypatch.setattr(faces, "DISTRIBUTIONS", ())
    with pytest.raises(FileNotFoundError, match=r"Kanit.*fonts-thai-tlwg"):
        find_families()


def test_a_face_without_latin_letters_borrows_them() -> None:
    assert faces.draws(SARABUN.regular, "A")
    assert not faces.draws(SARABUN.regular, "\u4e00")
    assert np.isfinite(SARABUN.points)
