"""Count what Tesseract reads instead of each Thai character, on rendered and degraded pages.

`python benchmarks/measure_confusions.py --fonts DIR --pages 60 --out benchmarks/data/confusions.json`
Pages are set in the official fonts at 200 to 300 dpi, then blurred, turned a little, speckled and
thresholded in three qualities. The read text is folded (sara am, doubled vowels) before counting.
With `--keep DIR` the clean and read texts are kept, for searches on real reading errors.
"""

from __future__ import annotations

import argparse
import collections
import json
import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import edlib
import numpy as np
import pytesseract
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from benchmarks.synthetic_letters import make_letter

QUALITIES = ("good", "medium", "bad")
WORST_COUNTED = 0.3  # a page read worse than this aligns with its truth by chance only


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
    blur, noise, angle = {"good": (0.4, 8, 0.2), "medium": (0.8, 20, 0.5), "bad": (0.8, 30, 0.7)}[
        quality
    ]
    page = page.rotate(rng.uniform(-angle, angle), fillcolor=255, resample=Image.Resampling.BICUBIC)
    page = page.filter(ImageFilter.GaussianBlur(blur * rng.uniform(0.8, 1.2)))
    grain = np.random.default_rng(rng.randrange(2**31)).normal(0, noise, (page.height, page.width))
    pixels = np.clip(np.asarray(page, dtype=np.float32) + grain, 0, 255).astype(np.uint8)
    page = Image.fromarray(pixels)
    return page.point(lambda value: 255 if value > 150 else 0) if quality == "bad" else page


def fold(text: str) -> str:
    """Fold what the reading step folds before anybody sees the text."""
    for tone in ("", "่", "้", "๊", "๋"):
        text = text.replace(f"ํ{tone}า", f"{tone}ำ").replace(f"{tone}ํา", f"{tone}ำ")
    return text.replace("เเ", "แ")


def count(clean: str, read: str, table: dict[str, collections.Counter[str]]) -> tuple[int, int]:
    """Align two texts without spaces and count each character's readings; return (errors, length)."""
    # The hyphen is the aligner's sign for a gap, so hyphens of the text are left out.
    one, other = "".join(clean.split()).replace("-", ""), "".join(read.split()).replace("-", "")
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


def main() -> None:
    """Render, read, count, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fonts", type=Path, required=True)
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    fonts = sorted(options.fonts.glob("*Regular.ttf"))
    table: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    errors: collections.Counter[str] = collections.Counter()
    length: collections.Counter[str] = collections.Counter()
    spaces = 0
    for page in range(options.pages):
        rng = random.Random(page)  # noqa: S311 - repeatable data
        quality = QUALITIES[page % len(QUALITIES)]
        letter = make_letter(900_000 + page)
        picture = render(letter.lines, rng.choice(fonts), quality, rng)
        read = fold(pytesseract.image_to_string(picture, lang="tha", config="--psm 6"))
        counted: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
        wrong, size = count(letter.text, read, counted)
        if wrong / size <= WORST_COUNTED:
            for char, outcomes in counted.items():
                table[char].update(outcomes)
        spaces += max(0, len(read.split()) - len(letter.text.split()))
        errors[quality] += wrong
        length[quality] += size
        if options.keep:
            options.keep.mkdir(parents=True, exist_ok=True)
            record = {"letter_id": letter.letter_id, "quality": quality, "read": read}
            (options.keep / f"{page:04}.json").write_text(json.dumps(record, ensure_ascii=False))
        print(page, quality, f"{wrong / size:.3f}", flush=True)
    characters = {}
    for char, outcomes in sorted(table.items()):
        wrong_only = {
            (char + seen[1:] if seen.startswith("+") and len(seen) > 1 else seen): number
            for seen, number in outcomes.most_common()
            if seen != char
        }
        if char and wrong_only:
            characters[char] = {"seen": sum(outcomes.values()), "read_as": wrong_only}
    result = {
        "engine": f"Tesseract {pytesseract.get_tesseract_version()} tha",
        "pages": options.pages,
        "error_rate": {
            quality: round(errors[quality] / length[quality], 4) for quality in QUALITIES
        },
        "spaces_inserted_per_error": round(spaces / max(1, sum(errors.values())), 3),
        "characters": characters,
    }
    options.out.write_text(
        json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
