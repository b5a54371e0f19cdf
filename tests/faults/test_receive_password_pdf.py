"""A PDF behind a password is refused at once; one with an owner's password only is read."""

from __future__ import annotations

from tests.receiving import Receiving
from tests.scans import write_locked_pdf


def test_refused_without_waiting_for_more_bytes(receiving: Receiving) -> None:
    write_locked_pdf(receiving.inbox / "a.pdf", "1234")
    (refused,) = receiving.settle().refused
    assert refused.reason.code == "password"
    assert "รหัสผ่าน" in refused.reason.thai
    assert "password" in refused.reason.english


def test_a_pdf_that_anybody_may_open_is_taken(receiving: Receiving) -> None:
    write_locked_pdf(receiving.inbox / "a.pdf", "")
    assert receiving.claimed_one().media_type == "application/pdf"
