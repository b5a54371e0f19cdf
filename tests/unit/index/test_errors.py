"""Every error of keeping has an exit code of its own, a sentence in Thai, and says what to do next."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from index import errors
from index.errors import KeepingError
from index.message import Message

MADE = [
    errors.BookUnavailableError("saraban.db", "disk I/O error"),
    errors.BookDamagedError("saraban.db", "file is not a database"),
    errors.DiskFullError("saraban.db"),
    errors.BookTooNewError("saraban.db", "9999"),
    errors.LeaseLostError("letter 7", "w1"),
    errors.NoSuchRecordError("letter 7"),
    errors.NumberRefusedError("number 1/2569 was not cancelled", "write the reason"),
    errors.ReservationTakenError("12/2569"),
    errors.CorrectionRefusedError("date", "it cannot be '31/2'"),
    errors.ArchiveDamagedError(Path("a.pdf"), "0" * 64, "1" * 64),
    errors.ArchiveFileMissingError("0" * 64),
    errors.SavedSearchRefusedError(Message("โปรดตั้งชื่อการค้นหา")),
    errors.LetterChangedError(7),
    errors.UndoRefusedError(7, changed_since=True),
    errors.PartsRefusedError(7, Message("หนังสือมีหน้าเดียว แยกไม่ได้")),
    errors.LetterDestroyedError("7/2569", date(2038, 3, 15)),
    errors.FolderRefusedError("paper 7", Message("โปรดเขียนเรื่องและข้อความ")),
    errors.LogInRefusedError(),
    errors.LogInThrottledError(5),
    errors.PersonRefusedError(Message("รหัสผ่านสั้นเกินไป")),
]


def test_every_error_of_the_package_is_looked_at_here() -> None:
    declared = {
        one
        for one in vars(errors).values()
        if isinstance(one, type) and issubclass(one, KeepingError) and one is not KeepingError
    }
    assert {type(error) for error in MADE} == declared


@pytest.mark.parametrize("error", MADE, ids=lambda error: type(error).__name__)
def test_an_error_speaks_to_the_clerk_in_thai_and_to_the_operator_in_english(
    error: KeepingError,
) -> None:
    assert re.search("[ก-๙]{5}", error.thai)
    assert error.thai != KeepingError.thai
    assert len(str(error).split()) >= 5


def test_exit_codes_tell_the_errors_apart() -> None:
    codes = [error.exit_code for error in MADE]
    assert len(set(codes)) == len(codes)
    assert all(40 < code < 60 or 68 <= code < 70 for code in codes)
