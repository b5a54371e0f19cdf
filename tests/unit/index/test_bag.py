"""A BagIt package proves every file in it, and names what is missing, changed or too many."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest

from index.bag import make_bag, verify_bag

ON = date(2026, 1, 31)


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    scan = tmp_path / "scan"
    scan.write_bytes(b"scan")
    folder = tmp_path / "21-2569-1"
    payload: dict[str, Path | bytes] = {
        "letters/0001/original": scan,
        "letters/0001/100% แล้ว\n.txt": b"text",
        "metadata.csv": b"",
    }
    make_bag(folder, payload, {"Source-Organization": "สำนักงาน\nสมมติ"}, on=ON)
    return folder


def test_a_bag_has_the_parts_that_the_standard_asks_for(bag: Path) -> None:
    assert (bag / "bagit.txt").read_text("utf-8") == (
        "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    )
    assert (bag / "bag-info.txt").read_text("utf-8") == (
        "Source-Organization: สำนักงาน สมมติ\nBagging-Date: 2026-01-31\nPayload-Oxum: 8.3\n"
    )
    lines = (bag / "manifest-sha256.txt").read_text("utf-8").splitlines()
    assert f"{hashlib.sha256(b'scan').hexdigest()}  data/letters/0001/original" in lines
    assert f"{hashlib.sha256(b'text').hexdigest()}  data/letters/0001/100%25 แล้ว%0A.txt" in lines
    assert (bag / "tagmanifest-sha256.txt").read_text("utf-8").count("\n") == 3
    assert list(verify_bag(bag)) == []


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        (lambda bag: (bag / "data/metadata.csv").write_bytes(b"x"), "is not what"),
        (lambda bag: (bag / "data/metadata.csv").unlink(), "is missing"),
        (lambda bag: (bag / "data/more").write_bytes(b"x"), "is in no manifest"),
        (lambda bag: (bag / "bag-info.txt").write_bytes(b"x"), "tagmanifest-sha256.txt says"),
    ],
    ids=["changed", "missing", "unlisted", "tag"],
)
def test_harm_is_named(bag: Path, harm: object, says: str) -> None:
    assert callable(harm)
    harm(bag)
    (problem,) = verify_bag(bag)
    assert says in problem


def test_an_existing_folder_is_left_alone(bag: Path) -> None:
    with pytest.raises(FileExistsError):
        make_bag(bag, {}, {}, on=ON)
    assert list(verify_bag(bag)) == []
