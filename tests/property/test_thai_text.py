"""Whatever is fed to it, normalising is done once for all, keeps every digit and letter in order."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ocr import thai_text
from ocr.thai_text import CONSONANT, fold, normalize, settle, to_arabic_digits, to_thai_digits

THAI = "".join(chr(code) for code in range(0x0E01, 0x0E5C))
ODD = "\u200b\u00a0\ufeff\uf700\uf70a\uf70b\uf712\uf71a\u0301é"
MIXED = st.text(alphabet=THAI + " ำาํ่้๊๋์ัิีึืุูเแ" + ODD + "0129./()\nabcXY", max_size=40)


@settings(deadline=None, max_examples=300)
@given(MIXED)
@example("เ่า ้ ํา")
@example("ก ้ าข ำ่")
def test_twice_is_once(text: str) -> None:
    once = normalize(text)
    assert normalize(once) == once


@settings(deadline=None, max_examples=200)
@given(MIXED)
def test_folding_twice_is_once(text: str) -> None:
    once = fold(text)
    assert fold(once) == once
    assert " " not in once
    assert not re.search("[๐-๙.]", once)


@settings(deadline=None, max_examples=200)
@given(MIXED)
def test_digits_and_consonants_survive_in_order(text: str) -> None:
    kept = f"[0-9๐-๙{CONSONANT}]"
    before = text.translate({0xF700: "ฐ", 0xF70F: "ญ"})
    assert re.findall(kept, normalize(text)) == re.findall(kept, before)


@settings(deadline=None, max_examples=200)
@given(MIXED)
def test_result_is_clean(text: str) -> None:
    result = normalize(text)
    assert unicodedata.is_normalized("NFC", result)
    assert "  " not in result
    assert "เเ" not in result
    assert not re.search("[\u200b\ufeff\u00a0\uf700-\uf71a\t]", result)
    assert result.count("\n") == text.count("\n")


@given(st.text(alphabet="0123456789๐๑๒๓๔๕๖๗๘๙ กข", max_size=30))
def test_digit_scripts_are_inverse(text: str) -> None:
    assert to_arabic_digits(to_thai_digits(text)) == to_arabic_digits(text)
    assert to_thai_digits(to_arabic_digits(text)) == to_thai_digits(text)


@settings(deadline=None, max_examples=300)
@given(st.text(alphabet=THAI + "่้๊๋์ัิีึืุูํ็ฺ๎" * 3 + "เa é\u0301", max_size=12))
def test_what_is_settled_already_is_what_no_step_would_change(text: str) -> None:
    quickly = settle(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(thai_text, "_UNSETTLED", re.compile(""))  # look at every line
        assert settle(text) == quickly
