"""A letter number survives every way of printing it: digits of either script, spaces, dots, ว or not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from classify.numbers import LetterNumber, find_number, numbers_equal, parse_number
from ocr.thai_text import to_thai_digits

LETTERS = st.sampled_from(["ศธ", "กค", "มท", "ตก", "กษ", "นร", "สกมช", "กสศ", "ปช"])
OWNERS = st.from_regex(r"[0-9]{2,5}(\.[0-9]{1,3}){0,2}", fullmatch=True)
RUNNING = st.from_regex(r"[0-9]{1,6}", fullmatch=True)
SPACE = st.sampled_from(["", " ", "  "])


@st.composite
def numbers(draw: st.DrawFn) -> LetterNumber:
    return LetterNumber(
        draw(LETTERS),
        draw(OWNERS),
        draw(RUNNING),
        circular=draw(st.booleans()),
        committee=draw(st.sampled_from(["", "", "กวจ", "ตก"])),
        suffix=draw(st.sampled_from(["", "", "68", "2568"])),
    )


@st.composite
def printed(draw: st.DrawFn) -> tuple[LetterNumber, str]:
    number = draw(numbers())
    space = draw(SPACE)
    letters = number.letters + draw(st.sampled_from(["", "."]))
    committee = f"{space}({number.committee})" if number.committee else ""
    circular = draw(st.sampled_from(["ว", "ว ", "ว.", "ว. "])) if number.circular else ""
    suffix = f"/{number.suffix}" if number.suffix else ""
    text = f"{letters}{committee}{space}{number.owner}{space}/{space}{circular}{number.running}{suffix}"
    if draw(st.booleans()):
        text = to_thai_digits(text)
    before = draw(st.sampled_from(["", "ที่ ", "ที่", "ด่วนที่สุด ที่ "]))
    after = draw(st.sampled_from(["", " ลงวันที่ ๑ มกราคม ๒๕๖๙", "  วันที่ 3 มีนาคม 2567"]))
    return number, before + text + after


@given(printed())
def test_every_printed_form_gives_the_canonical_number(case: tuple[LetterNumber, str]) -> None:
    number, text = case
    read = parse_number(text)
    assert read is not None
    assert read.canonical == number.canonical


@given(numbers())
def test_the_canonical_form_reads_back_as_itself(number: LetterNumber) -> None:
    read = parse_number(number.canonical)
    assert read is not None
    assert read.canonical == number.canonical


@given(printed())
def test_a_printed_number_equals_its_canonical_form(case: tuple[LetterNumber, str]) -> None:
    number, text = case
    assert numbers_equal(text, number.canonical)


@given(numbers())
def test_a_circular_is_never_the_ordinary_letter_of_the_same_running_number(
    number: LetterNumber,
) -> None:
    other = LetterNumber(
        number.letters,
        number.owner,
        number.running,
        circular=not number.circular,
        committee=number.committee,
        suffix=number.suffix,
    )
    assert not numbers_equal(number.canonical, other.canonical)


@given(st.integers(1, 9999), st.integers(2530, 2599), st.booleans())
def test_order_numbers_read_back(running: int, year: int, thai: bool) -> None:
    text = f"ที่ {running}/{year}"
    read = parse_number(to_thai_digits(text) if thai else text)
    assert read is not None
    assert read.canonical == f"{running}/{year}"


@given(st.text(max_size=200))
def test_no_text_breaks_the_grammar(text: str) -> None:
    number = find_number(text)
    assert number is None or number.letters
    parse_number(text)
