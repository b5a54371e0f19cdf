"""Lessons of the mark finder: a seed draws the same, cells are covered by a mark's letters and nothing else."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from ocr.training import mark_lessons
from ocr.training.__main__ import parse, plan_marks
from ocr.training.mark_lessons import HEIGHT, WIDTH, MarkLessons, find_faces
from ocr.training.mark_pens import OTHER, SECRET, URGENT, draw_word, other_word
from tests.layers import SARABUN

BARE = np.full((800, 1500, 3), 245, np.uint8)


def dice(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311


def lessons(seed: int = 3) -> MarkLessons:
    return MarkLessons([[SARABUN]], [[(BARE, True), (BARE, False)]], seed)


def test_the_same_seed_draws_the_same_lessons() -> None:
    first, second = (next(iter(lessons())) for _ in range(2))
    assert np.array_equal(first.channels, second.channels)
    assert np.array_equal(first.covered, second.covered)
    assert first.channels.shape == (3, HEIGHT, WIDTH)


def test_about_half_the_lessons_have_a_mark_and_its_ink_is_there() -> None:
    one, rng = lessons(), dice(5)
    made = [one.make(rng) for _ in range(16)]
    marked = [lesson for lesson in made if lesson.covered.max() > 0.25]
    assert 4 <= len(marked) <= 12
    dark = [lesson.channels[0].max() > 0.15 for lesson in marked]
    assert sum(dark) >= len(dark) - 1  # the faintest mark may vanish in the wear


def test_a_lesson_without_a_mark_covers_no_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        MarkLessons, "_mark", lambda _, page, __: (page, np.zeros(page.shape[:2], np.float32))
    )
    one, rng = lessons(), dice(2)
    assert not any(one.make(rng).covered.any() for _ in range(6))


def test_only_letters_count_as_a_marks_ink_not_its_frame() -> None:
    drawn = [draw_word("ลับ", SARABUN, dice(seed), 30) for seed in range(12)]
    assert all(one.ink.shape == one.letters.shape for one in drawn)
    assert any((one.ink > one.letters + 100).any() for one in drawn)  # a frame
    assert all(one.letters.max() > 200 for one in drawn)


def test_words_beside_marks_are_no_secrecy_marks() -> None:
    rng = dice(1)
    others = {other_word(rng) for _ in range(200)} | set(OTHER) | set(URGENT)
    assert not [word for word in others if word in SECRET or "ลับ" in word.replace("กลับ", "")]


def test_faces_kept_for_measuring_are_not_learnt_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (
        "Kanit-Bold.ttf",
        "kanit-italic-thai-400-normal.ttf",
        "TH K2D July8.ttf",
        "Own-Regular.ttf",
    ):
        (tmp_path / name).write_bytes(SARABUN.read_bytes())
    monkeypatch.setattr(
        mark_lessons, "find_font_files", lambda folders: sorted(folders[0].glob("*.ttf"))
    )
    assert [[path.name for path in family] for family in find_faces((tmp_path,))] == [
        ["Own-Regular.ttf"]
    ]


def test_training_on_starts_from_a_checkpoint_with_its_own_rate(tmp_path: Path) -> None:
    given = ["marks", "--pages", str(tmp_path), "--start", "marks.pt", "--rate", "0.001"]
    plan = plan_marks(parse(given))
    assert (plan.start, plan.rate, plan.pages) == (Path("marks.pt"), 0.001, (tmp_path,))
    fresh = plan_marks(parse(given[:3]))
    assert (fresh.start, fresh.rate) == (None, mark_lessons.PEAK_RATE)


def test_training_without_pages_is_refused() -> None:
    with pytest.raises(SystemExit, match="--pages"):
        plan_marks(parse(["marks"]))
