"""The faces letters are set in: none is shipped, all can be installed.

Looked for in PyPI packages (`fontpkg-*`, `odoo-addon-l10n-th-base-utils`), in the system's font
folders (Debian `fonts-thai-tlwg`, `fonts-noto-core`) and in folders given by hand: for the last seven the
Thai and Latin WOFF files of npm `@fontsource/*`, turned into one TTF (`Mitr-Regular.ttf`) by fonttools.
"""

from __future__ import annotations

import importlib.metadata
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

from ocr.training.fonts import DISTRIBUTIONS

SYSTEM = (Path("/usr/share/fonts"), Path.home() / ".local/share/fonts")
# Family: points that make a body as high as 16 pt of TH Sarabun New, about 2 mm.
# Tlwg Mono is left out: its marks have a width of their own and are drawn over the next letter.
WANTED = {
    "THSarabunNew": 16,
    "THSarabun": 16,
    "THNiramitAS": 16,
    "THBaijam": 16,
    "THKrub": 16,
    "THKoHo": 16,
    "THK2DJuly8": 16,
    "THKodchasal": 16,
    "THChakraPetch": 16,
    "THFahkwang": 16,
    "THMaliGrade6": 16,
    "Sarabun": 12,
    "Kinnari": 14,
    "Norasi": 14,
    "Garuda": 12,
    "Laksaman": 16,
    "Loma": 12,
    "Umpush": 14,
    "Waree": 12,
    "Sawasdee": 14,
    "TlwgTypist": 13,
    "TlwgTypewriter": 13,
    "TlwgTypo": 13,
    "NotoSansThai": 12,
    "NotoLoopedThai": 12,
    "NotoSerifThai": 12,
    "Kanit": 12,
    "Prompt": 12,
    "ChakraPetch": 13,
    "Athiti": 12,
    "IbmPlexSansThai": 12,
    "K2d": 12,
    "Kodchasan": 12,
    "Mitr": 12,
    "Pridi": 12,
    "Taviraj": 12,
}
FEWEST = 25
LATIN = ("Loma", "Garuda", "Sarabun")  # beside faces that have Thai letters alone


@dataclass(frozen=True, slots=True)
class Family:
    """A regular face and, where there is one, its bold; `points` is the size that looks usual."""

    name: str
    regular: Path
    bold: Path
    points: float
    latin: Path  # sets what the face itself lacks


def find_families(extra: Sequence[Path] = ()) -> tuple[Family, ...]:
    """Return the families that are installed, by name; raises FileNotFoundError when they are too few."""
    files = _files(extra)
    latin = next((files[name, False] for name in LATIN if (name, False) in files), None)
    found = tuple(
        Family(
            name,
            files[name, False],
            files.get((name, True), files[name, False]),
            points,
            latin or files[name, False],
        )
        for name, points in sorted(WANTED.items())
        if (name, False) in files
    )
    if len(found) < FEWEST:
        missing = ", ".join(sorted(WANTED.keys() - {family.name for family in found}))
        message = (
            f"{len(found)} of at least {FEWEST} faces were found; missing: {missing}. Install "
            f"{' '.join(DISTRIBUTIONS)} (pip install --no-deps) and fonts-thai-tlwg, fonts-noto-core "
            "(apt-get install), or give --fonts FOLDER"
        )
        raise FileNotFoundError(message)
    return found


def _files(extra: Sequence[Path]) -> dict[tuple[str, bool], Path]:
    paths = [p for folder in (*SYSTEM, *extra) for p in sorted(folder.rglob("*.[to]tf"))]
    for package in DISTRIBUTIONS:
        try:
            listed = importlib.metadata.files(package) or []
        except importlib.metadata.PackageNotFoundError:
            continue
        paths += [Path(str(f.locate())) for f in listed if f.suffix in {".ttf", ".otf"}]
    found: dict[tuple[str, bool], Path] = {}
    for path in paths:
        family, _, style = path.stem.partition("-")
        family = re.sub(r"\[.*", "", family)
        if style in {"", "Regular"} or (style == "Bold" and family in WANTED):
            found.setdefault((family, style == "Bold"), path)
    return found


@lru_cache(maxsize=4096)
def draws(path: Path, char: str) -> bool:
    """Tell whether a face has a glyph for a character."""
    font = load(path, 40)
    box = bytes(font.getmask("\U0010fffd"))
    return char.isspace() or bytes(font.getmask(char)) != box


@lru_cache(maxsize=256)
def load(path: Path, pixels: int) -> ImageFont.FreeTypeFont:
    """Return the font at a size in pixels, shaped by raqm."""
    return ImageFont.truetype(str(path), pixels, layout_engine=ImageFont.Layout.RAQM)
