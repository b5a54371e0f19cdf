"""Do different letters look different to the page hash, and do worn copies of one page look the same?

`python -m benchmarks.page_hash FOLDER` prints JSON. The files of FOLDER are taken as different letters,
but for `born-digital-NAME` and `NAME`, which are one letter by system and by paper. Each page is worn
four times: turned by up to 1°, scaled, shifted, greyed, blurred, saved as a poor JPEG.
"""

from __future__ import annotations

import itertools
import json
import sys
from pathlib import Path

import cv2
import numpy as np

from index.register.received.likeness import NEAR, distance
from ocr.engine import Pixels
from ocr.errors import OcrError
from ocr.page_hash import hash_page
from ocr.pages import open_scan

WIDTH = 1240  # pixels; A4 at 150 dpi
COPIES = 4


def main(folder: Path) -> None:
    pages = {
        path.name: page for path in sorted(folder.iterdir()) if (page := _page(path)) is not None
    }
    hashes = {name: hash_page(page) for name, page in pages.items()}
    pairs = [
        (distance(hashes[one], hashes[other]), one, other)
        for one, other in itertools.combinations(hashes, 2)
        if Path(one).stem.removeprefix("born-digital-")
        != Path(other).stem.removeprefix("born-digital-")
    ]
    rng = np.random.default_rng(1)
    worn = [
        distance(hashes[name], hash_page(_wear(page, rng)))
        for name, page in pages.items()
        for _ in range(COPIES)
    ]
    result = {
        "near": NEAR,
        "pairs_of_different_letters": len(pairs),
        "taken_for_one": sum(apart < NEAR for apart, _, _ in pairs),
        "nearest_different": round(min(pairs)[0], 3),
        "worn_copies": len(worn),
        "worn_copies_recognised": round(float(np.mean(np.array(worn) < NEAR)), 3),
    }
    print(json.dumps(result))


def _page(path: Path) -> Pixels | None:
    try:
        with open_scan(path) as scan:
            pixels = scan.picture(1).pixels
    except OcrError:
        return None
    grey = pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    size = (WIDTH, round(grey.shape[0] * WIDTH / grey.shape[1]))
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _wear(page: Pixels, rng: np.random.Generator) -> Pixels:
    height, width = page.shape
    turning = cv2.getRotationMatrix2D(
        (width / 2, height / 2), float(rng.uniform(-1, 1)), float(rng.uniform(0.96, 1.03))
    )
    turning[:, 2] = turning[:, 2] + rng.uniform(-15, 15, 2)
    turned = cv2.warpAffine(page, turning, (width, height), borderValue=255)
    grey = turned * rng.uniform(0.85, 1) + rng.normal(0, 8, turned.shape) + rng.uniform(0, 15)
    blurred = cv2.GaussianBlur(np.clip(grey, 0, 255).astype(np.uint8), (3, 3), 0)
    _, saved = cv2.imencode(".jpg", blurred, [cv2.IMWRITE_JPEG_QUALITY, 50])
    return np.asarray(cv2.imdecode(saved, cv2.IMREAD_GRAYSCALE), dtype=np.uint8)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
