"""A page keeps its hash through wear, and another page has another one."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from index.register.received.likeness import NEAR, distance
from ocr.engine import Pixels
from ocr.errors import OcrError
from ocr.page_hash import hash_first_page, hash_page


def page(seed: int) -> Pixels:
    """A page of made-up lines of words, as different as two letters' are."""
    rng = np.random.default_rng(seed)
    image = Image.new("L", (1240, 1754), 255)
    draw = ImageDraw.Draw(image)
    top = 150
    while top < 1500:
        left = int(rng.integers(150, 350))
        while left < 1050:
            width = int(rng.integers(20, 140))
            draw.rectangle((left, top, left + width, top + 16), fill=0)
            left += width + int(rng.integers(10, 40))
        top += int(rng.integers(35, 110))
    return np.asarray(image)


def worn(pixels: Pixels, degrees: float) -> Pixels:
    """The page printed small, scanned askew and grey, with dirt, and saved as a poor JPEG."""
    rng = np.random.default_rng(7)
    height, width = pixels.shape
    turning = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 0.96)
    turned = cv2.warpAffine(pixels, turning, (width, height), borderValue=255)
    cv2.circle(turned, (40, 600), 14, 0, -1)
    grey = np.clip(turned * 0.85 + rng.normal(10, 8, turned.shape), 0, 255).astype(np.uint8)
    _, saved = cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, 40])
    return np.asarray(cv2.imdecode(saved, cv2.IMREAD_GRAYSCALE), dtype=np.uint8)


@pytest.mark.parametrize("degrees", [0, 0.8, -1.3])
def test_a_worn_copy_is_near_and_other_pages_are_far(degrees: float) -> None:
    hashes = [hash_page(page(seed)) for seed in range(5)]
    copy = hash_page(worn(page(0), degrees))
    assert distance(hashes[0], copy) < NEAR
    others = [distance(one, other) for one in hashes[1:] for other in (copy, hashes[0])]
    assert min(others) > NEAR + 0.1


def test_colour_and_size_do_not_matter() -> None:
    grey = page(1)
    small = cv2.resize(grey, (620, 877), interpolation=cv2.INTER_AREA)
    colour = np.stack([grey] * 3, axis=-1)
    assert distance(hash_page(grey), hash_page(np.asarray(small, dtype=np.uint8))) < NEAR / 2
    assert hash_page(colour) == hash_page(grey)


def test_a_blank_page_has_no_hash() -> None:
    assert hash_page(np.full((1754, 1240), 255, np.uint8)) == ""
    assert hash_page(np.zeros((1754, 1240), np.uint8)) == ""


def test_what_cannot_be_opened_is_an_expected_failure(tmp_path: Path) -> None:
    (tmp_path / "x.pdf").write_bytes(b"%PDF-1.4 no")
    with pytest.raises(OcrError):
        hash_first_page(tmp_path / "x.pdf")
