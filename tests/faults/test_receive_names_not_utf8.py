"""A file whose name is not UTF-8 (an old scanner's CP874) never ends the door: it is taken like any other."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from tests.receiving import Receiving
from tests.scans import write_pdf
from watch_folder import wake
from watch_folder.wake import wait_for_change

NAMES = (
    "หนังสือ.pdf".encode("cp874"),
    "คำสั่ง ๑๒.pdf".encode("cp874"),
    b"\xff\xfe\xfd.pdf",
    b"scan-\xe9.pdf",
)


@pytest.mark.parametrize("name", NAMES)
def test_its_event_ends_no_wait_with_an_error(receiving: Receiving, name: bytes) -> None:
    whole = write_pdf(receiving.root / "whole.pdf")

    def drop() -> None:
        time.sleep(0.3)
        whole.rename(receiving.inbox / os.fsdecode(name))

    dropping = threading.Thread(target=drop)
    dropping.start()
    wait_for_change([receiving.inbox], 1.5)
    dropping.join()
    assert [os.fsencode(path.name) for path in receiving.inbox.iterdir()] == [name]
    assert receiving.claimed_one().name.endswith(".pdf")


@pytest.mark.parametrize("error", [UnicodeDecodeError("utf-8", b"\xcb", 0, 1, "x"), TypeError("x")])
def test_no_source_of_events_ends_the_door(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def stumble(*_: object, **__: object) -> object:
        raise error

    monkeypatch.setattr(wake, "watch", stumble)
    assert not wait_for_change([tmp_path], 0.01)
