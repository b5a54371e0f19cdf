"""Count what the line reader reads instead of each Thai character.

`python -m benchmarks.measure_confusions --samples ../shared/samples --fonts ../shared/fonts --pages 90
--out benchmarks/data/confusions.json` reads two kinds of pages: scans whose text is known, and, since
those hold few errors, made-up letters set in the official fonts at 200 to 300 dpi, then blurred,
turned a little, speckled and thresholded in three qualities. Only counts of characters are kept.
"""

from __future__ import annotations

import argparse
import collections
import json
import random
import tempfile
from pathlib import Path

import edlib
import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

import ocr
from benchmarks.synthetic_letters import make_letter
from ocr.thai_text import normalize

QUALITIES = ("good", "medium", "bad")
WORST_COUNTED = 0.3  # a page read worse than this aligns with its truth by chance only

Table = dict[str, collections.Counter[str]]


def render(
    lines: tuple[str, ...], font_file: Path, quality: str, rng: random.Random
) -> Image.Image:
    """Draw the lines and spoil the picture as the quality says."""
    dpi = 300 if quality == "good" else 200
    font = ImageFont.truetype(str(font_file), round(16 * dpi / 72))
    step = round(22 * dpi / 72)
    width = max(round(font.getlength(line)) for line in lines) + 2 * step
    page = Image.new("L", (width, step * (len(lines) + 3)), 255)
    draw = ImageDraw.Draw(page)
    for row, line in enumerate(lines, 1):
        draw.text((step, row * step), line, font=font, fill=20)
    blur, noise, angle = {"good": (0.5, 10, 0.2), "medium": (1.1, 25, 0.5), "bad": (1.3, 40, 0.8)}[
        quality
    ]
    page = page.rotate(rng.uniform(-angle, angle), fillcolor=255, resample=Image.Resampling.BICUBIC)
    page = page.filter(ImageFilter.GaussianBlur(blur * rng.uniform(0.8, 1.2)))
    grain = np.random.default_rng(rng.randrange(2**31)).normal(0, noise, (page.height, page.width))
    pixels = np.clip(np.asarray(page, dtype=np.float32) + grain, 0, 255).astype(np.uint8)
    page = Image.fromarray(pixels)
    return page.point(lambda value: 255 if value > 150 else 0) if quality == "bad" else page


def count(clean: str, read: str, table: Table) -> tuple[int, int]:
    """Align two texts without spaces and count each character's readings; return (errors, length)."""
    # The hyphen is the aligner's sign for a gap, so hyphens of the text are left out.
    one, other = ("".join(normalize(text).split()).replace("-", "") for text in (clean, read))
    path = edlib.align(one, other, mode="NW", task="path")
    nice = edlib.getNiceAlignment(path, one, other)
    last = ""
    errors = 0
    for truth, seen in zip(nice["query_aligned"], nice["target_aligned"], strict=True):
        errors += truth != seen
        if truth == "-" and seen != "-":
            table[last][f"+{seen}"] += 1  # inserted after the last true character
            continue
        table[truth]["" if seen == "-" else seen] += 1
        last = truth
    return errors, len(one)


class Measured:
    """What was counted so far, by the kind of page."""

    def __init__(self) -> None:
        self.table: Table = collections.defaultdict(collections.Counter)
        self.errors: collections.Counter[str] = collections.Counter()
        self.length: collections.Counter[str] = collections.Counter()
        self.spaces = 0
        self.pages = 0

    def add(self, kind: str, clean: str, read: str) -> None:
        """Align one page with its truth and count."""
        counted: Table = collections.defaultdict(collections.Counter)
        wrong, size = count(clean, read, counted)
        if wrong / size <= WORST_COUNTED:
            for char, outcomes in counted.items():
                self.table[char].update(outcomes)
        self.spaces += max(0, len(read.split()) - len(clean.split()))
        self.errors[kind] += wrong
        self.length[kind] += size
        self.pages += 1
        print(self.pages, kind, f"{wrong / size:.4f}", flush=True)

    def result(self) -> dict[str, object]:
        """Return what is written to the data file."""
        characters = {}
        for char, outcomes in sorted(self.table.items()):
            wrong_only = {
                (char + seen[1:] if seen.startswith("+") and len(seen) > 1 else seen): number
                for seen, number in outcomes.most_common()
                if seen != char
            }
            if char and wrong_only:
                characters[char] = {"seen": sum(outcomes.values()), "read_as": wrong_only}
        return {
            "engine": "line reader",
            "pages": self.pages,
            "error_rate": {
                kind: round(self.errors[kind] / size, 4) for kind, size in self.length.items()
            },
            "spaces_inserted_per_error": round(self.spaces / max(1, sum(self.errors.values())), 3),
            "characters": characters,
        }


def main() -> None:
    """Read, count, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=Path, help="scans with their truth.json")
    parser.add_argument("--fonts", type=Path, required=True)
    parser.add_argument("--pages", type=int, default=90)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    measured = Measured()
    if options.samples:
        truth = json.loads((options.samples / "truth.json").read_text(encoding="utf-8"))
        for name in sorted(truth):
            read = ocr.read(options.samples / name).text
            measured.add("scans", "\n".join(truth[name]["text"]), read)
    fonts = sorted(options.fonts.rglob("*Regular.ttf")) or sorted(options.fonts.rglob("*.ttf"))
    with tempfile.TemporaryDirectory() as folder:
        for page in range(options.pages):
            rng = random.Random(page)  # noqa: S311 - repeatable data
            quality = QUALITIES[page % len(QUALITIES)]
            letter = make_letter(900_000 + page)
            file = Path(folder) / f"{page}.png"
            render(letter.lines, rng.choice(fonts), quality, rng).save(file)
            measured.add(quality, letter.text, ocr.read(file).text)
    text = json.dumps(measured.result(), ensure_ascii=False, indent=1)
    options.out.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
