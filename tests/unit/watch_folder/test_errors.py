"""Every failure of receiving says what happened, to which file and what to do, in two languages."""

from __future__ import annotations

import pickle
import re

import pytest

from watch_folder import errors
from watch_folder.errors import WatchFolderError

ERRORS = [
    one
    for one in vars(errors).values()
    if isinstance(one, type) and issubclass(one, WatchFolderError)
]


@pytest.mark.parametrize("kind", ERRORS)
def test_the_message_names_the_file_and_the_reason_does_not(kind: type[WatchFolderError]) -> None:
    error = kind("/inbox/ลับ.pdf", "detail")
    assert "/inbox/ลับ.pdf" in str(error)
    assert "detail" in str(error)
    assert "/inbox/ลับ.pdf" in error.thai
    for sentence in (error.reason.english, error.reason.thai):
        assert "ลับ.pdf" not in sentence
    assert error.reason.english.endswith(error.todo)
    assert error.reason.thai.endswith(error.thai_todo)


@pytest.mark.parametrize("kind", ERRORS)
def test_the_thai_reason_is_thai(kind: type[WatchFolderError]) -> None:
    foreign = re.findall(r"[A-Za-z]+", kind("a.pdf", "detail").reason.thai)
    assert set(foreign) <= {"PDF", "TIFF", "JPEG", "PNG", "dpi", "A"}


@pytest.mark.parametrize("kind", ERRORS)
def test_it_crosses_to_another_process(kind: type[WatchFolderError]) -> None:
    error = pickle.loads(pickle.dumps(kind("a.pdf", "detail")))  # noqa: S301
    assert (type(error), str(error)) == (kind, str(kind("a.pdf", "detail")))
