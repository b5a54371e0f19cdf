"""Thai digits of real hands are split by writer and cut to their ink, and blots are left out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ocr.training.hand import HELD_OUT_EVERY, load_hands, load_thai_hand


def write_collection(folder: Path) -> None:
    """Write three drawings: by a held-out writer, by another, and a mere touch of the pen."""
    images = np.full((3, 96, 96), 255, np.uint8)
    images[0, 20:60, 30:50] = 0
    images[1, 10:70, 30:60] = 0
    images[2, 5:8, 5:8] = 0
    np.savez(
        folder / "thai_digits.npz",
        images=images,
        labels=np.array([5, 9, 9]),
        writers=np.array([HELD_OUT_EVERY, 1, 1]),
    )


def test_a_writer_is_trained_on_or_held_out_never_both(tmp_path: Path) -> None:
    write_collection(tmp_path)
    assert [d for d, p in load_thai_hand(tmp_path).items() if p] == ["๙"]
    assert [d for d, p in load_thai_hand(tmp_path, held_out=True).items() if p] == ["๕"]


def test_a_drawing_is_cut_to_its_ink_and_a_touch_of_the_pen_is_none(tmp_path: Path) -> None:
    write_collection(tmp_path)
    (only,) = load_thai_hand(tmp_path)["๙"]
    assert only.shape == (60, 30)


def test_a_folder_without_the_collection_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load_thai_hand(tmp_path)


def test_without_a_collection_a_hand_has_arabic_digits_alone(tmp_path: Path) -> None:
    write_collection(tmp_path)
    pictures = np.full((10, 28, 28), 200, np.uint8)
    for name, magic, body in (
        ("images-idx3", [2051, 10, 28, 28], pictures.tobytes()),
        ("labels-idx1", [2049, 10], bytes(range(10))),
    ):
        head = b"".join(one.to_bytes(4, "big") for one in magic)
        (tmp_path / f"train-{name}-ubyte").write_bytes(head + body)
    assert set(load_hands(tmp_path).pictures) == set("0123456789")
    assert load_hands(tmp_path, tmp_path).pictures["๙"]
