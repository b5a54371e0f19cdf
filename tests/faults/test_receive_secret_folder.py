"""What comes through the secret folder keeps its name out of sight, even when it is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.receiving import Receiving
from tests.scans import write_locked_pdf, write_pdf
from watch_folder.claim import recover
from watch_folder.quarantine import put_in_quarantine

NAME = "สอบวินัยนายสมมติ.pdf"


@pytest.fixture
def secret(tmp_path: Path) -> Receiving:
    return Receiving(tmp_path, secret=True)


def test_a_claim_is_marked_and_stays_marked_after_a_crash(secret: Receiving) -> None:
    write_pdf(secret.inbox / NAME)
    scanned = secret.claimed_one()
    assert scanned.secret_door
    assert "สอบวินัย" not in str(scanned.path)
    assert [path.stat().st_mode & 0o077 for path in secret.work.iterdir()] == [0, 0]
    assert recover(secret.work) == [scanned]


def test_a_claim_whose_note_is_lost_counts_as_secret(receiving: Receiving) -> None:
    write_pdf(receiving.inbox / "a.pdf")
    scanned = receiving.claimed_one()
    scanned.path.with_name(scanned.path.name + ".json").unlink()
    (found,) = recover(receiving.work)
    assert found.secret_door
    assert found.sha256 == scanned.sha256


def test_quarantine_shows_neither_name_nor_bytes_to_others(secret: Receiving) -> None:
    write_locked_pdf(secret.inbox / NAME, "1234")
    (refused,) = secret.settle().refused
    assert refused.secret_door
    target = put_in_quarantine(
        refused.path, secret.quarantine, refused.reason, now=secret.now, secret=True
    )
    note = target.with_name(target.name + ".txt")
    assert "สมมติ" not in target.name + note.read_text(encoding="utf-8")
    assert target.suffix == ".pdf"
    assert target.stat().st_mode & 0o077 == 0
    assert note.stat().st_mode & 0o077 == 0
