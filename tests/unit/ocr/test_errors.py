"""Every error of reading says in English and Thai what happened, to which file, and what to do."""

from __future__ import annotations

import pickle

import pytest

from ocr.errors import OcrError


def all_errors(base: type[OcrError] = OcrError) -> list[type[OcrError]]:
    return [base, *(kind for child in base.__subclasses__() for kind in all_errors(child))]


@pytest.mark.parametrize("kind", all_errors())
def test_message_names_the_file_and_the_next_step(kind: type[OcrError]) -> None:
    error = kind("/in/หนังสือ เข้า.pdf", "เหตุ")
    assert str(error).startswith("หนังสือ เข้า.pdf: ")
    assert kind.what in str(error)
    assert kind.todo in str(error)
    assert "เหตุ" in str(error)
    assert "/in/" not in str(error)
    assert error.thai.startswith("หนังสือ เข้า.pdf: ")
    assert kind.thai_todo in error.thai


def test_exit_codes_tell_errors_apart() -> None:
    codes = [kind.exit_code for kind in all_errors()]
    assert len(set(codes)) == len(codes)
    assert all(20 <= code < 40 for code in codes)


@pytest.mark.parametrize("kind", all_errors())
def test_errors_cross_to_another_process(kind: type[OcrError]) -> None:
    error = kind("a.pdf", "because")
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert type(again) is kind
    assert str(again) == str(error)


def test_each_error_says_something_of_its_own() -> None:
    texts = [kind.thai_what for kind in all_errors()]
    assert len(set(texts)) == len(texts)
