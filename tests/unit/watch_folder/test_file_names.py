"""Names from outside become readable and short enough, and are never cut inside a letter."""

from __future__ import annotations

import os
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watch_folder.file_names import readable_name, shorten

THAI = st.text(st.characters(min_codepoint=0x0E01, max_codepoint=0x0E4E), max_size=150)


@given(st.one_of(THAI, st.text(max_size=300)), st.sampled_from([".pdf", "", ".tiff"]))
def test_a_shortened_name_fits_keeps_its_ending_and_is_a_beginning(
    stem: str, extension: str
) -> None:
    name = readable_name(stem + extension)
    short = shorten(name, 100)
    assert len(short.encode()) <= 100
    if len(name.encode()) <= 100:
        assert short == name
    else:
        ending = os.path.splitext(name)[1]  # noqa: PTH122
        kept = short.removesuffix(ending) if len(ending.encode()) <= 16 else short
        assert name.startswith(kept)


@given(THAI)
def test_no_mark_is_cut_off_its_letter(stem: str) -> None:
    name = "ก" + stem
    short = shorten(name, 60)
    following = name[len(short) :].lstrip()[:1]
    if following and len(short) > 1:
        assert unicodedata.category(following) != "Mn"


@given(st.binary(min_size=1, max_size=60).filter(lambda raw: b"/" not in raw and b"\0" not in raw))
def test_every_name_a_disk_can_hold_can_be_written_down(raw: bytes) -> None:
    name = readable_name(os.fsdecode(raw))
    assert name.encode("utf-8")
    assert not any(unicodedata.category(char) in ("Cc", "Cf", "Cs") for char in name)
    assert "/" not in name


@pytest.mark.parametrize(
    ("name", "readable"),
    [
        ("หนังสือ เข้า.pdf", "หนังสือ เข้า.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),  # shows itself as "invoiceexe.pdf"
        ("a\nb\t.pdf", "ab.pdf"),
        ("../../etc/passwd", ".._.._etc_passwd"),
        ("\u200b", "_"),
    ],
)
def test_names_that_deceive_are_laid_bare(name: str, readable: str) -> None:
    assert readable_name(name) == readable
