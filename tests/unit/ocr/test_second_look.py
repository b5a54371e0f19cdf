"""What a hand wrote or a seal covers is looked at twice: a proposal, or a doubt, never a sure value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from ocr.recognizer import CROP_HEIGHT, RecognizedCharacter, RecognizedLine
from ocr.second_look import (
    IN_DOUBT,
    MOST_SURE,
    Readers,
    Sight,
    look_again,
    may_be_date,
    month_start,
    years_in,
)
from ocr.written_digits import DIGITS

ALPHABET = " 0123456789๐๑๒๓๔๕๖๗๘๙.กขคงจฉชซญฎฏฐณดตถทธนบปพฟภมยรลวศษสหอฤะัาิีึืุู่้์เแ"
Crop = NDArray[np.uint8]


class Told:
    """A reader of hands that says what it is told to of the digits' order, equally sure of each."""

    def __init__(self, digits: str, sure: float = 0.9) -> None:
        self.digits, self.sure = digits, sure

    def probabilities(self, digits: Sequence[NDArray[np.float32]]) -> NDArray[np.float64]:
        rows = np.full((len(digits), len(DIGITS)), 0.001)
        for row, digit in zip(rows, self.digits, strict=False):
            row[DIGITS.index(digit)] = self.sure
        return rows


class Seen:
    """A line network with the scores of a text, and of other signs that may stand in a place."""

    alphabet = ALPHABET

    def __init__(self, text: str, *others: tuple[int, str, float]) -> None:
        frames = np.full((2 * len(text) + 1, len(ALPHABET) + 1), -6.0)
        frames[0::2, 0] = 0
        for i, char in enumerate(text):
            frames[2 * i + 1, ALPHABET.index(char) + 1] = 0
        for i, char, chance in others:
            frames[2 * i + 1, ALPHABET.index(char) + 1] = np.log(chance)
        self.scores = frames.astype(np.float32)

    def frame_scores(self, crop: Crop) -> NDArray[np.float32]:
        return self.scores


def line(text: str, sure: float = 0.9) -> RecognizedLine:
    """A line whose characters stand twelve pixels apart."""
    characters = tuple(
        RecognizedCharacter(char, sure, 12.0 * i, 12.0 * (i + 1)) for i, char in enumerate(text)
    )
    return RecognizedLine(text, sure, characters)


def sight(*strokes: int, years: frozenset[int] = frozenset()) -> Sight:
    """A crop with an upright stroke at each column, as digits stand."""
    picture = np.full((CROP_HEIGHT, 320), 255, np.uint8)
    for left in strokes:
        cv2.rectangle(picture, (left, 16), (left + 6, 36), (0,), -1)
    tall = cv2.copyMakeBorder(picture, 18, 6, 4, 4, cv2.BORDER_CONSTANT, value=(255,))
    return Sight(picture, lambda: np.asarray(tall, np.uint8), years)


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("9 มีนาคม 2551", 2),
        ("12 เมษายน พ.ศ. 2551", 3),
        ("96 มินาคม 2551", 3),
        ("มกราคม 2551", 0),
        ("๓๗ พฤษภาคม ๒๕๕๑.", 3),
        ("เรียน ผู้อำนวยการ 2551", None),
        ("", None),
    ],
)
def test_a_day_stands_before_a_month_and_a_year(text: str, start: int | None) -> None:
    assert month_start(line(text)) == start


@pytest.mark.parametrize(
    ("text", "may"),
    [
        ("1๕ลูลาคม 25A0", True),
        ("35 เษาปน482", True),
        ("15 ตุลาคม 2550", False),
        ("ที่ มท 0809.2/ว 1914", False),
        ("ถนนราชสีมา กทม. 10300", False),
        ("(รอบเดือนตุลาคม 2550)", False),
        ("โทร. 0-2241-9000 ต่อ 3134", False),
        ("สำนักบริหารการคลังท้องถิ่น", False),
        ("ในการขุดดินหรือถมดิน พ.ศ. 2548 ในราชกิจจานุเบกษา", False),
    ],
)
def test_only_short_lines_like_a_date_are_weighed_as_one(text: str, *, may: bool) -> None:
    assert may_be_date(text) is may


def test_a_written_day_is_proposed_and_never_surely() -> None:
    readers = Readers(Seen("9 มีนาคม 2551", (0, "3", 0.3)), Told("3"))
    read = look_again(line("9 มีนาคม 2551"), sight(2), readers)
    assert read.text == "3 มีนาคม 2551"
    assert read.characters[0].confidence <= MOST_SURE
    assert read.characters[-1].confidence == 0.9


def test_a_day_that_no_month_has_is_not_proposed() -> None:
    readers = Readers(Seen("96 มีนาคม 2551", (0, "2", 0.1)), Told("96"))
    read = look_again(line("96 มีนาคม 2551"), sight(2, 14), readers)
    assert 1 <= int(read.text.split()[0]) <= 31


def test_sure_print_stays_and_a_reader_that_denies_it_makes_a_doubt() -> None:
    printed = line("9 มีนาคม 2551", 0.999)
    agreed = Readers(Seen(printed.text), Told("9"))
    assert look_again(printed, sight(2), agreed) == printed
    denied = Readers(Seen(printed.text), Told("3", 0.5))
    doubted = look_again(printed, sight(2), denied)
    assert doubted.characters[0].confidence <= IN_DOUBT
    assert doubted.characters[-1].confidence == 0.999


def test_sure_thai_print_is_not_weighed_by_the_reader_of_hands() -> None:
    printed = line("๙ มีนาคม ๒๕๕๑", 0.999)
    denied = Readers(Seen(printed.text), Told("๓"))
    assert look_again(printed, sight(2), denied) == printed
    unsure = line("๙ มีนาคม ๒๕๕๑")
    assert look_again(unsure, sight(2), denied) != unsure


def test_a_digit_that_the_line_network_passed_over_is_put_in_with_a_doubt() -> None:
    class Ones:
        def probabilities(self, digits: Sequence[NDArray[np.float32]]) -> NDArray[np.float64]:
            rows = np.full((len(digits), len(DIGITS)), 0.001)
            rows[[ink.shape[1] < 10 for ink in digits], 1] = 0.9
            return rows

    printed = line("1 มีนาคม 2551", 0.999)
    seen = Seen("11 มีนาคม 2551")
    seen.scores[3, 0] = 0  # it may as well be nothing
    read = look_again(printed, sight(0, 10), Readers(seen, Ones()))
    assert read.text == "11 มีนาคม 2551"
    assert all(one.confidence <= IN_DOUBT for one in read.characters[:2])


def test_where_no_day_is_written_none_is_made_up() -> None:
    left_out = line("มีนาคม 2551")
    assert look_again(left_out, sight(), Readers(Seen(left_out.text), Told(""))) == left_out


def test_a_misread_month_is_spelt_as_printed_and_shown_to_a_clerk() -> None:
    readers = Readers(Seen("2 พ้ดาคม 2550", (2, "ต", 0.3), (3, "ุ", 0.3), (4, "ล", 0.3)), Told("2"))
    read = look_again(line("2 พ้ดาคม 2550"), sight(2), readers)
    assert read.text == "2 ตุลาคม 2550"
    assert max(one.confidence for one in read.characters) <= MOST_SURE


def test_a_date_under_a_seal_is_put_together_from_its_doubts() -> None:
    seen = Seen("1๕ ลูลาคม 25ก0", (1, "5", 0.3), (3, "ต", 0.3), (4, "ุ", 0.3), (12, "5", 0.02))
    misread = replace(line("1๕ ลูลาคม 25A0"), confidence=0.7)
    read = look_again(misread, sight(years=frozenset({2550})), Readers(seen, Told("")))
    assert read.text == "15 ตุลาคม 2550"
    assert max(one.confidence for one in read.characters) <= MOST_SURE
    places = [one.left for one in read.characters]
    assert places == sorted(places)


def test_a_line_that_fits_no_date_stays_as_it_was_read() -> None:
    other = line("ตลาดนัดคน 1020")
    assert may_be_date(other.text)
    seen = Seen(other.text)
    assert look_again(other, sight(), Readers(seen, Told(""))) == other


def test_a_number_whose_digits_do_not_match_the_ink_is_in_doubt() -> None:
    number = line("ที่ มท 0809.2/ว 52", 0.99)
    ends = (12 * 16 + 2, 12 * 17 + 2)
    network = Seen("5")
    assert look_again(number, sight(*ends), Readers(network, Told("52"))) == number
    for strokes, told in ((ends, "51"), (ends[:1], "5")):
        doubted = look_again(number, sight(*strokes), Readers(network, Told(told)))
        assert [one.confidence for one in doubted.characters[-2:]] == [IN_DOUBT] * 2
        assert doubted.characters[0].confidence == 0.99


def test_years_are_taken_from_running_text_alone() -> None:
    text = "ตามหนังสือที่อ้างถึง ลงวันที่ ๓๑ มกราคม ๒๕๕๐ และเลขที่ 12550"
    assert years_in([line(text), line("15 ตุลาคม 2540")]) == {2550}
