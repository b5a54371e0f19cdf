"""Training crops keep the contract of a line crop: height, dark ink on white, band around the baseline."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ocr.recognizer import BAND_ABOVE, BAND_BELOW, CROP_HEIGHT
from ocr.training.crops import LineFactory, cut_line
from ocr.training.fonts import Face, has_glyph, load_faces, require_official
from ocr.training.hand import Hand, load_hand
from ocr.training.rendering import LineDrawer, lacks_digits, paste_before
from ocr.training.wear import Wear


def seeded(seed: int) -> random.Random:
    """Return a generator for drawing; nothing here is secret."""
    return random.Random(seed)  # noqa: S311


@pytest.fixture(scope="module")
def faces() -> tuple[Face, ...]:
    return tuple(f for f in load_faces() if f.family == "Sarabun")


def test_a_seed_fixes_the_crops(faces: tuple[Face, ...]) -> None:
    first, second = (LineFactory(faces, 4).make() for _ in range(2))
    assert first.text == second.text
    assert np.array_equal(first.crop, second.crop)


def test_crops_are_gray_dark_on_white_and_as_high_as_agreed(faces: tuple[Face, ...]) -> None:
    factory = LineFactory(faces, 11)
    for _ in range(30):
        line = factory.make(worst=0.2)
        assert line.crop.dtype == np.uint8
        assert line.crop.shape[0] == CROP_HEIGHT
        assert np.median(line.crop) > 150


def test_the_band_is_cut_around_the_baseline(faces: tuple[Face, ...]) -> None:
    drawer = LineDrawer(faces, seeded(2))
    tops, bottoms = [], []
    for seed in range(25):
        drawn = drawer.draw("กกกกกกกก", 24.0, ("", ""))
        crop = cut_line(drawn.canvas, drawn, seeded(seed))
        rows = np.flatnonzero((crop < 128).any(axis=1))
        tops.append(int(rows[0]))
        bottoms.append(int(rows[-1]))
    pixels = CROP_HEIGHT / (BAND_ABOVE + BAND_BELOW)
    assert np.median(bottoms) == pytest.approx(BAND_ABOVE * pixels, abs=0.2 * pixels)
    assert np.median(tops) == pytest.approx((BAND_ABOVE - 1) * pixels, abs=0.2 * pixels)
    assert np.ptp(bottoms) > 2


def test_the_body_height_is_measured_on_a_plain_consonant(faces: tuple[Face, ...]) -> None:
    regular = next(f for f in faces if f.path.stem == "Sarabun-Regular")
    drawn = LineDrawer((regular,), seeded(1)).draw("ก", 30.0, ("", ""))
    assert drawn.body == pytest.approx(30.0, rel=0.05)


def test_a_day_written_by_hand_stands_before_the_print(faces: tuple[Face, ...]) -> None:
    drawn = LineDrawer(faces, seeded(1)).draw("ประกาศ", 20.0, ("", ""))
    ink = np.full((60, 12), 255, np.uint8)
    ink[30:50, 2:10] = 0
    written = paste_before(drawn, ink, "๗", 4.0, 50.0)
    assert written.text == "๗ " + drawn.text
    assert written.left == drawn.left - 4 - 8
    assert (written.canvas[:, round(written.left) + 4] == 0).any()
    wide = np.zeros((60, 400), np.uint8)
    assert paste_before(drawn, wide, "๗", 4.0, 50.0) == drawn


def test_characters_a_font_lacks_are_not_in_the_truth(faces: tuple[Face, ...]) -> None:
    face = faces[0]
    assert has_glyph(face.path, "ก")
    assert not has_glyph(face.path, "漢")
    drawn = LineDrawer(faces, seeded(1)).draw("ก漢ข", 20.0, ("", ""))
    assert drawn.text.startswith("กข")


def test_missing_official_fonts_say_what_to_install(faces: tuple[Face, ...]) -> None:
    with pytest.raises(FileNotFoundError, match="odoo-addon-l10n-th-base-utils"):
        require_official(faces)


def write_idx(folder: Path, pictures: np.ndarray[Any, Any], labels: list[int]) -> None:
    count, height, width = pictures.shape
    heads = [2051, count, height, width], [2049, count]
    bodies = pictures.astype(np.uint8).tobytes(), bytes(labels)
    for name, head, body in zip(("images-idx3", "labels-idx1"), heads, bodies, strict=True):
        numbers = b"".join(one.to_bytes(4, "big") for one in head)
        (folder / f"train-{name}-ubyte").write_bytes(numbers + body)


def test_digits_of_a_hand_stand_in_their_order(tmp_path: Path) -> None:
    pictures = np.zeros((10, 28, 28))
    for digit in range(10):  # the digit is told by how high its stroke is
        pictures[digit, 24 - 2 * digit : 26, 8:20] = 255
    write_idx(tmp_path, pictures, list(range(10)))
    drawn = load_hand(tmp_path).write("92", 40, seeded(3))
    columns = np.flatnonzero((drawn < 128).any(axis=0))
    first, second = drawn[:, : columns[0] + 8], drawn[:, columns[-1] - 8 :]
    assert drawn.shape[0] == 120
    assert np.count_nonzero(first < 128) > 0
    assert np.count_nonzero(second < 128) > 0


def test_a_folder_without_digits_is_refused(tmp_path: Path) -> None:
    (tmp_path / "train-images-idx3-ubyte").write_bytes(b"not such a file")
    with pytest.raises(ValueError, match="IDX"):
        load_hand(tmp_path)


def test_lines_that_wait_for_a_pen_are_known() -> None:
    assert lacks_digits("มกราคม 2551")
    assert lacks_digits("ที่ มท 0809.2/ว")
    assert not lacks_digits("4 มกราคม 2551")


def test_thai_digits_of_a_hand_are_written_where_the_hand_has_them(
    faces: tuple[Face, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ocr.training.rendering.REAL_HAND_SHARE", 1.0)
    block = np.zeros((40, 30), np.uint8)
    written: list[str] = []

    class Spy(Hand):
        def write(self, text: str, size: int, rng: random.Random) -> np.ndarray[Any, Any]:
            written.append(text)
            return super().write(text, size, rng)

    thai = Spy({digit: [block] for digit in "๐๑๒๓๔๕๖๗๘๙"})
    drawer = LineDrawer(faces, seeded(5), hand=thai)
    for _ in range(40):
        drawer.draw("มกราคม ๒๕๖๘", 20, ("", ""))
    assert written
    assert not any(text.isascii() for text in written)


def test_a_stamps_letters_lie_over_the_line_and_take_no_ink_away() -> None:
    picture = np.full((120, 600), 255, np.uint8)
    picture[60:80, 50:550:6] = 10
    stamped = [Wear(seeded(seed))._stamp_letters(picture, 80.0, 20.0) for seed in range(8)]
    assert all((one <= picture).all() for one in stamped)
    assert sum(int(np.count_nonzero(one < picture)) > 100 for one in stamped) >= 4
