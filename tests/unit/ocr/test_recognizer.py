"""The shipped network reads printed Thai lines with their digits, places and doubts, alone or in a batch."""

from __future__ import annotations

from pathlib import Path

import fontpkg_sarabun
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from ocr.errors import EngineMissingError
from ocr.recognizer import (
    BAND_ABOVE,
    BAND_BELOW,
    CROP_HEIGHT,
    MODEL,
    LineRecognizer,
    RecognizedCharacter,
    can_follow,
    padded_width,
    tidy,
    to_ink,
)

Crop = NDArray[np.uint8]
SARABUN = Path(fontpkg_sarabun.__file__).parent / "files" / "Sarabun-Regular.ttf"
LARGEST_MODEL_BYTES = 15_000_000


def draw_crop(text: str, *, ink: int = 0, paper: int = 255) -> Crop:
    """Draw one line at 300 dpi and cut it by the contract of a crop."""
    font = ImageFont.truetype(str(SARABUN), 46)
    body = -font.getbbox("ก", anchor="ls")[1]
    margin = round(0.5 * body)
    above, below = round(BAND_ABOVE * body), round(BAND_BELOW * body)
    width = round(font.getlength(text)) + 2 * margin
    image = Image.new("L", (width, above + below), paper)
    ImageDraw.Draw(image).text((margin, above), text, font=font, fill=ink, anchor="ls")
    height = image.height
    small = image.resize((round(width * CROP_HEIGHT / height), CROP_HEIGHT), Image.Resampling.BOX)
    return np.asarray(small, dtype=np.uint8)


@pytest.fixture(scope="module")
def recognizer() -> LineRecognizer:
    return LineRecognizer()


@pytest.mark.parametrize(
    "text",
    [
        "ที่ ศธ ๐๔๐๐๙/ว ๗๓๔๕",
        "๒๘ กุมภาพันธ์ ๒๕๖๙",
        "เรื่อง การพิจารณาจัดสรรงบประมาณ",
        "ขอแสดงความนับถือ",
        "ผู้อำนวยการสำนักงานเขตพื้นที่การศึกษา",
        "โทร. ๐ ๒๑๓๔ ๕๖๗๘",
        "ด่วนที่สุด",
        "จำนวน 1,234 บาท",
        "E-mail",
    ],
)
def test_printed_lines_are_read_as_printed(recognizer: LineRecognizer, text: str) -> None:
    assert recognizer.recognize([draw_crop(text)])[0].text == text


@pytest.mark.parametrize("digit", "๐๑๒๓๔๕๖๗๘๙")
def test_every_thai_digit_is_read_in_a_number(recognizer: LineRecognizer, digit: str) -> None:
    text = f"ที่ {digit}{digit}/๒๕๖๙"
    assert recognizer.recognize([draw_crop(text)])[0].text == text


def test_two_storeys_of_marks_come_in_logical_order(recognizer: LineRecognizer) -> None:
    assert recognizer.recognize([draw_crop("ที่นี้ ซื้อน้ำ")])[0].text == "ที่นี้ ซื้อน้ำ"


def test_what_is_read_does_not_depend_on_the_batch(recognizer: LineRecognizer) -> None:
    crops = [draw_crop(t) for t in ("ด่วนมาก", "เรียน ผู้อำนวยการโรงเรียน", "ลับ", "๑๒ มกราคม ๒๕๖๙")]
    together = recognizer.recognize(crops)
    for crop, line in zip(crops, together, strict=True):
        alone = recognizer.recognize([crop])[0]
        assert alone.text == line.text
        assert alone.confidence == pytest.approx(line.confidence, abs=1e-4)


def test_answers_keep_the_order_of_the_crops(recognizer: LineRecognizer) -> None:
    texts = ["เรื่อง การประชุม", "ที่", "ขอแสดงความนับถือ", "ลับ"]
    assert [line.text for line in recognizer.recognize([draw_crop(t) for t in texts])] == texts


def test_characters_make_up_the_text_and_stand_in_order(recognizer: LineRecognizer) -> None:
    crop = draw_crop("เรียน ผู้ว่าราชการจังหวัด")
    line = recognizer.recognize([crop])[0]
    assert "".join(c.text for c in line.characters) == line.text
    assert all(0 <= c.left < c.right <= crop.shape[1] for c in line.characters)
    lefts = [c.left for c in line.characters]
    assert lefts == sorted(lefts)
    assert all(0 <= c.confidence <= 1 for c in line.characters)
    mean = sum(c.confidence for c in line.characters) / len(line.characters)
    assert line.confidence == pytest.approx(mean)


def test_a_character_stands_where_it_is_printed(recognizer: LineRecognizer) -> None:
    crop = draw_crop("ลับ" + " " * 30 + "มาก")
    gap_right = next(c for c in recognizer.recognize([crop])[0].characters if c.text == "ม")
    ink_columns = np.flatnonzero((crop < 128).any(axis=0))
    after_gap = ink_columns[np.diff(ink_columns, prepend=ink_columns[0]) > 40][0]
    assert abs(gap_right.right - after_gap) < CROP_HEIGHT


def test_pale_print_on_gray_paper_reads_like_black_on_white(recognizer: LineRecognizer) -> None:
    text = "ประกาศสำนักงานเขตพื้นที่การศึกษา"
    assert recognizer.recognize([draw_crop(text, ink=120, paper=215)])[0].text == text


def test_bare_paper_says_nothing(recognizer: LineRecognizer) -> None:
    line = recognizer.recognize([np.full((CROP_HEIGHT, 300), 255, np.uint8)])[0]
    assert (line.text, line.confidence, line.characters) == ("", 0.0, ())


def test_print_is_surer_than_noise(recognizer: LineRecognizer) -> None:
    noise = np.random.default_rng(5).integers(0, 256, (CROP_HEIGHT, 400)).astype(np.uint8)
    read_noise, read_print = recognizer.recognize([noise, draw_crop("จึงเรียนมาเพื่อโปรดทราบ")])
    assert read_print.confidence > 0.9
    assert read_noise.confidence < read_print.confidence


def test_no_crops_no_lines(recognizer: LineRecognizer) -> None:
    assert recognizer.recognize([]) == []


@pytest.mark.parametrize("width", [0, 1, 3])
def test_slivers_are_survived(recognizer: LineRecognizer, width: int) -> None:
    lines = recognizer.recognize([np.full((CROP_HEIGHT, width), 255, np.uint8)])
    assert lines[0].text == ""


@pytest.mark.parametrize(
    "crop",
    [
        np.zeros((CROP_HEIGHT - 1, 80), np.uint8),
        np.zeros((CROP_HEIGHT, 80), np.float32),
        np.zeros((CROP_HEIGHT, 80, 3), np.uint8),
    ],
)
def test_a_crop_of_another_shape_or_type_is_refused(
    recognizer: LineRecognizer, crop: NDArray[np.generic]
) -> None:
    with pytest.raises(ValueError, match="gray uint8"):
        recognizer.recognize([crop])  # type: ignore[list-item]


def test_a_missing_model_is_an_expected_failure(tmp_path: Path) -> None:
    with pytest.raises(EngineMissingError, match=r"absent\.onnx"):
        LineRecognizer(tmp_path / "absent.onnx")


def test_a_damaged_model_is_an_expected_failure(tmp_path: Path) -> None:
    model = tmp_path / "lines.onnx"
    model.write_bytes(MODEL.read_bytes()[:5000])
    (tmp_path / "lines.json").write_bytes(MODEL.with_suffix(".json").read_bytes())
    with pytest.raises(EngineMissingError, match=r"lines\.onnx"):
        LineRecognizer(model)


def test_a_description_without_an_alphabet_is_an_expected_failure(tmp_path: Path) -> None:
    model = tmp_path / "lines.onnx"
    model.write_bytes(MODEL.read_bytes())
    (tmp_path / "lines.json").write_text("{}")
    with pytest.raises(EngineMissingError, match="alphabet"):
        LineRecognizer(model)


def test_the_alphabet_holds_what_stock_models_lack(recognizer: LineRecognizer) -> None:
    needed = "๐๑๒๓๔๕๖๗๘๙ำฯๆ฿0123456789ABCxyz()/.,-“”‘’–…✓• "
    assert set(needed) <= set(recognizer.alphabet)
    assert len(set(recognizer.alphabet)) == len(recognizer.alphabet)


def test_the_model_is_small_enough_to_ship() -> None:
    assert MODEL.stat().st_size <= LARGEST_MODEL_BYTES


@given(st.integers(1, 6000))
def test_padding_holds_the_crop_and_wastes_little(width: int) -> None:
    padded = padded_width(width)
    assert padded >= width
    assert padded % 32 == 0
    assert padded <= max(64, width * 1.12 + 64)


def test_ink_is_measured_against_the_crop_own_paper() -> None:
    dark = to_ink(draw_crop("ทดสอบ"))
    pale = to_ink(draw_crop("ทดสอบ", ink=100, paper=220))
    assert dark.min() == pale.min() == 0
    assert float(np.abs(dark - pale).mean()) < 0.02


def characters(text: str) -> list[RecognizedCharacter]:
    """Make characters of ten pixels each."""
    return [RecognizedCharacter(c, 0.9, i * 10.0, i * 10.0 + 10) for i, c in enumerate(text)]


@pytest.mark.parametrize("word", ["ที่", "น้ำ", "สิทธิ์", "ผู้", "พันธุ์", "เป็น", "ไม่ได้", "กรุงเทพฯ", "ๆ"])
def test_thai_words_are_written_as_they_may_be(word: str) -> None:
    assert all(can_follow(a, b) for a, b in zip(" " + word, word, strict=False))


@pytest.mark.parametrize("pair", ["๑่", " ้", "า์", "่้", "ี็", "เิ", "a่", "ะำ", "็่"])
def test_marks_without_their_letter_are_not_thai(pair: str) -> None:
    assert not can_follow(pair[0], pair[1])


def test_dirt_read_as_a_mark_is_left_out() -> None:
    assert tidy(characters("๑่๒ ้ก่"))[0] == "๑๒ ก่"


@given(st.text(alphabet="กข ๑", max_size=12))
def test_tidying_leaves_single_inner_spaces_and_nothing_else_out(text: str) -> None:
    tidied, kept = tidy(characters(text))
    assert tidied == " ".join(text.split())
    assert "".join(c.text for c in kept) == tidied
