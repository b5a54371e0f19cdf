"""Where the sheet is found in its picture, for a few values of every threshold, as a Markdown table.

usage: python -m benchmarks.sheets [--letters 90] [--fonts FOLDER]

Pages are drawn letters of even seeds (`letters_unlike`) in all their conditions. Nothing is read: a row
tells at which value of one threshold, the others as shipped, how many photographs were laid flat, how
many edges of open lids were painted, how many negatives turned, and on how many of all the other pages
anything was changed, which should be none.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

import cv2
import numpy as np

from benchmarks.letters_unlike.faces import find_families
from benchmarks.letters_unlike.make import make, seeds_of
from ocr.engine import PagePicture
from ocr.layout import sheet
from ocr.layout.sheet import SHEET
from ocr.pages import open_scan

SWEEPS: dict[str, tuple[float, ...]] = {
    "paper_share": (0.5, 0.6, 0.66, 0.72, 0.78, 0.84, 0.9),
    "black_share": (0.2, 0.3, 0.4, 0.5),
    "print_width": (0.006, 0.009, 0.012, 0.018),
    "same_shape": (0.9, 0.93, 0.95, 0.97, 0.99),
    "far": (0.15, 0.3, 0.5),
    "dark_paper": (60.0, 100.0, 140.0),
    "bright_ink": (30.0, 60.0, 90.0),
    "most_solid": (0.3, 0.5, 0.7),
}
BLACK_EDGE = 40.0  # of 255: the mean of the outermost columns of a copy made under an open lid


def main() -> None:
    """Draw, look, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=90)
    parser.add_argument("--fonts", type=Path, action="append", default=[])
    options = parser.parse_args()
    families = find_families(options.fonts)
    pages: list[tuple[str, PagePicture]] = []
    with tempfile.TemporaryDirectory() as folder:
        for seed in seeds_of(options.letters, "even"):
            made = make(seed, families, Path(folder))
            with open_scan(made.path) as scan:
                pages.append((_wanted(made.condition, scan.picture(1)), scan.picture(1)))
    counts = Counter(name for name, _ in pages)
    print(
        "| threshold | value | " + " | ".join(f"{n} of {counts[n]}" for n in sorted(counts)) + " |"
    )
    print("|---|---:|" + "---:|" * len(counts))
    for name, value in _values():
        changed: dict[str, Any] = {name: value}
        with mock.patch.object(sheet, "SHEET", replace(SHEET, **changed)):
            done = Counter(wanted for wanted, picture in pages if _is_done(wanted, picture))
        shipped = " (shipped)" if value == getattr(SHEET, name) else ""
        cells = " | ".join(str(done[n]) for n in sorted(counts))
        print(f"| {name} | {value:g}{shipped} | {cells} |")


def _values() -> Iterator[tuple[str, float]]:
    return ((name, value) for name, values in SWEEPS.items() for value in values)


def _wanted(condition: str, picture: PagePicture) -> str:
    """Return what is to be done with a page: "flat", "painted", "turned" or "changed", which is an error."""
    if condition == "photo":
        return "flat"
    if condition == "inverted":
        return "turned"
    edge = float(picture.gray[:, : picture.width // 150].mean())
    return "painted" if condition == "copy3" and edge < BLACK_EDGE else "changed"


def _is_done(wanted: str, picture: PagePicture) -> bool:
    cv2.setNumThreads(1)
    found = sheet.find_sheet(picture.pixels, picture.dpi)
    if wanted == "flat" or found.to_scan is not None:
        return found.to_scan is not None
    if wanted == "turned":
        return bool(np.array_equal(found.pixels, 255 - picture.pixels))
    return found.pixels is not picture.pixels


if __name__ == "__main__":
    main()
