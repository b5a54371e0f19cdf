"""Make the page of a seed with its truth: the condition goes by the seed, so that all come as often."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.letters_unlike.compose import Letter, compose
from benchmarks.letters_unlike.conditions import ADDED, CONDITIONS, PLAIN, grey, jpeg, office
from benchmarks.letters_unlike.faces import Family
from benchmarks.letters_unlike.paper import DPI, draw

GREY_SHARE = 0.35  # of marked letters that are scanned in grey


@dataclass(frozen=True, slots=True)
class Made:
    """A page on disk with what is true of it."""

    path: Path
    condition: str
    face: str
    letter: Letter
    lines: tuple[str, ...]


def seeds_of(count: int, parity: str) -> range:
    """Return `count` seeds, "even" or "odd"."""
    return range(0 if parity == "even" else 1, 2 * count, 2)


def condition_of(seed: int) -> str:
    """Return the condition of a seed."""
    return CONDITIONS[(seed // 2) % len(CONDITIONS)]


def make(seed: int, families: tuple[Family, ...], folder: Path) -> Made:
    """Draw, wear and save the letter of a seed."""
    rng = random.Random(f"page-{seed}")  # noqa: S311 - a benchmark
    condition = condition_of(seed)
    letter = compose(seed)
    family = rng.choice(families)
    sheet = draw(letter, family, rng, pen=condition == "pen")
    if condition in ADDED:
        ADDED[condition](sheet)
        page = office(np.array(sheet.image), rng)
        if rng.random() < GREY_SHARE:
            page = jpeg(grey(page), 80)
    else:
        page = PLAIN[condition](np.array(sheet.image), rng)
    mono = condition in {"mono200", "fax"}
    dpi = 200 if mono else DPI
    path = folder / f"{seed:05d}.{'tif' if mono or condition == 'clean' else 'jpg'}"
    image = Image.fromarray(page)
    if mono:
        image.convert("1").save(path, dpi=(dpi, dpi), compression="group4")
    elif condition == "clean":
        image.convert("L").save(path, dpi=(dpi, dpi), compression="tiff_deflate")
    else:
        image.save(path, dpi=(dpi, dpi), quality=88)
    return Made(path, condition, family.name, letter, tuple(sheet.lines))
