"""What is neither PDF, TIFF, JPEG nor PNG inside is refused at once, whatever it is called."""

from __future__ import annotations

import pytest

from tests.receiving import Receiving

CONTENTS = {
    "text": "เรียน ผู้อำนวยการ\n".encode() * 20,
    "word": b"PK\x03\x04" + b"[Content_Types].xml" * 20,
    "gif": b"GIF89a" + b"\x01" * 200,
    "program": b"\x7fELF" + b"\x01" * 200,
    "web page": b"<!DOCTYPE html><html>%PDF is only talked about</html>" * 3,
}


@pytest.mark.parametrize("content", CONTENTS)
@pytest.mark.parametrize("name", ["a.pdf", "b.tif", "c"])
def test_refused_by_content(receiving: Receiving, content: str, name: str) -> None:
    (receiving.inbox / name).write_bytes(CONTENTS[content])
    (refused,) = receiving.settle().refused
    assert refused.reason.code == "unsupported-type"
    assert refused.name == name
