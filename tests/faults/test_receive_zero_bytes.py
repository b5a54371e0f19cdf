"""An empty file may be the beginning of a scan; when nothing comes it is refused as empty."""

from __future__ import annotations

from tests.receiving import PATIENCE_SECONDS, Receiving
from tests.scans import write_pdf


def test_waited_for_then_refused(receiving: Receiving) -> None:
    (receiving.inbox / "a.pdf").touch()
    assert receiving.settle().waiting == 1
    (refused,) = receiving.sweep_after(PATIENCE_SECONDS).refused
    assert refused.reason.code == "empty"


def test_a_name_reserved_first_and_filled_later_is_taken(receiving: Receiving) -> None:
    path = receiving.inbox / "a.pdf"
    path.touch()
    receiving.settle()
    write_pdf(path)
    assert receiving.claimed_one().name == "a.pdf"
