"""Are printed separator sheets still known after a bad scan? Prints JSON.

usage: python -m benchmarks.separators [--sheets 150] [--seed 1] [--letters FOLDER] [--failed FOLDER]

The sheet is typeset as the office prints it, then worn like a page that went through a poor scanner:
150 to 300 dpi, turned by any quarter and up to four degrees, scaled, shifted, blurred, greyed, with grain,
specks and punch holes, saved as a poor JPEG or as black and white. Asked is what the journey asks:
`ocr.codes.note_codes`. `--letters` are scans that are none: how many of them are taken for a sheet.
"""

from __future__ import annotations

import argparse
import collections
import io
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
import pypdfium2
from PIL import Image

from classify import SEPARATOR_PAYLOAD
from ocr.codes import note_codes
from ocr.document import Origin, Page
from ocr.engine import PagePicture, Pixels
from ocr.errors import OcrError
from ocr.pages import open_scan
from pipeline.forms.papers import typeset_separator

DRAWN_AT = datetime(2026, 1, 5, tzinfo=UTC)
DPI = (150, 200, 240, 300)


@dataclass(frozen=True, slots=True)
class Wear:
    """What one scan did to the sheet."""

    dpi: int
    quarter: int  # turns counter-clockwise
    lean: float  # degrees
    blur: float  # in hundredths of an inch
    grain: float  # in gray levels
    bilevel: bool
    specks: float  # share of the pixels


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sheets", type=int, default=150)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--letters", type=Path)
    parser.add_argument("--failed", type=Path, help="put pictures of the sheets not known here")
    options = parser.parse_args()
    rng = np.random.default_rng(options.seed)
    sheet = pypdfium2.PdfDocument(typeset_separator("สำนักงานตัวอย่าง", DRAWN_AT))[0]
    known: collections.Counter[str] = collections.Counter()
    tried: collections.Counter[str] = collections.Counter()
    failed = []
    for number in range(options.sheets):
        wear = draw_wear(rng)
        picture = worn(sheet, wear, rng)
        found = is_separator(picture)
        for kind in ("all", f"{wear.dpi} dpi", "bilevel" if wear.bilevel else "gray"):
            tried[kind] += 1
            known[kind] += found
        if not found:
            failed.append({"number": number, "dpi": wear.dpi, "lean": round(wear.lean, 1)})
            if options.failed:
                options.failed.mkdir(parents=True, exist_ok=True)
                cv2.imwrite(str(options.failed / f"{number}.png"), picture.pixels)
    report = {kind: {"sheets": tried[kind], "known": known[kind]} for kind in sorted(tried)}
    shown: dict[str, object] = {"seed": options.seed, **report, "not_known": failed}
    if options.letters:
        shown["letters"] = mistaken(options.letters)
    print(json.dumps(shown, indent=1))


def draw_wear(rng: np.random.Generator) -> Wear:
    bilevel = bool(rng.random() < 0.5)
    return Wear(
        dpi=int(rng.choice(DPI)),
        quarter=int(rng.integers(4)),
        lean=float(rng.uniform(-4, 4)),
        blur=float(rng.uniform(0, 1)),
        grain=float(rng.uniform(0, 40)),
        bilevel=bilevel,
        specks=float(rng.uniform(0, 0.01)) if bilevel else 0.0,
    )


def worn(sheet: pypdfium2.PdfPage, wear: Wear, rng: np.random.Generator) -> PagePicture:
    """Return the sheet as a poor scanner gives it."""
    drawn = np.asarray(sheet.render(scale=wear.dpi / 72, grayscale=True).to_numpy()).squeeze()
    height, width = drawn.shape
    lean = cv2.getRotationMatrix2D((width / 2, height / 2), wear.lean, float(rng.uniform(0.94, 1)))
    lean[:, 2] += rng.uniform(-0.02, 0.02, 2) * width
    page = cv2.warpAffine(drawn, lean, (width, height), borderValue=(255,))
    for place in (0.3, 0.7):  # punch holes
        cv2.circle(page, (round(0.04 * width), round(place * height)), wear.dpi // 9, 0, -1)
    if wear.blur > 0.05:
        page = cv2.GaussianBlur(page, (0, 0), sigmaX=wear.blur * wear.dpi / 100)
    gray = 40 + page * 0.78 + rng.normal(0, max(wear.grain, 0.1), page.shape)
    scanned = np.clip(gray, 0, 255).astype(np.uint8)
    if wear.bilevel:
        scanned = np.where(scanned > 150, 255, 0).astype(np.uint8)
        dust = rng.random(scanned.shape)
        scanned[dust < wear.specks] = 0
        scanned[dust > 1 - wear.specks] = 255
    else:
        scanned = as_poor_jpeg(scanned)
    return PagePicture(np.ascontiguousarray(np.rot90(scanned, wear.quarter)), float(wear.dpi))


def as_poor_jpeg(page: Pixels) -> Pixels:
    stream = io.BytesIO()
    Image.fromarray(page).save(stream, "JPEG", quality=35)
    return np.asarray(Image.open(stream), np.uint8)


def is_separator(picture: PagePicture) -> bool:
    """Tell whether the picture's code says what the journey takes for a separator sheet."""
    page = Page(1, picture.width, picture.height, picture.dpi, 0, (), Origin.RECOGNIZED, "none")
    return any(code.startswith(SEPARATOR_PAYLOAD) for code in note_codes(page, picture).codes)


def mistaken(folder: Path) -> dict[str, int]:
    """Count the pages of scans, and those of them whose picture is taken for a sheet."""
    pages = taken = 0
    for path in sorted(folder.iterdir()):
        try:
            with open_scan(path) as scan:
                for number in range(1, scan.page_count + 1):
                    pages += 1
                    taken += is_separator(scan.picture(number))
        except OcrError:
            continue  # truth files and the like
    return {"pages": pages, "taken_for_a_sheet": taken}


if __name__ == "__main__":
    main()
