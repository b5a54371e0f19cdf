"""How many letters with a secrecy mark are shown, and how many without one are held: drawn, read, decided.

usage: python -m benchmarks.marks [--letters 2000] [--seeds odd|even] [--fonts FOLDER] [--workers N] [--json] [--names]

Letters of `letters_unlike` (other seeds than its own), half of them with a mark: a word, a face that the mark
finder was not trained on, a wear of its own, a place, a condition of the scan. A letter is *missed* when its mark
neither makes it secret nor holds it for the registrar; one without a mark is *held* when it is hidden. Build on even
seeds; odd ones are only counted, `--names` lists the missed and held of even seeds alone.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from benchmarks.letters_unlike.compose import compose
from benchmarks.letters_unlike.conditions import PLAIN
from benchmarks.letters_unlike.faces import Family, find_families, load
from benchmarks.letters_unlike.measure import wilson
from benchmarks.letters_unlike.paper import DPI, HEIGHT, WIDTH, Sheet, draw
from ocr.training.fonts import family_of, find_font_files, has_glyph
from pipeline.processes import LetterProcesses, work_in_order
from pipeline.read_files import describe_failure, prepare, read_file

FIRST_SEED = 2_000_000
# Families that no lesson of the mark finder is drawn with (`mark_lessons.KEPT_ASIDE`). The line model, which reads ink
# that stands alone, has since learnt seven of them: Kanit, Prompt, Fahkwang, Trirong, Maitree, Anuphan, Bai Jamjuree.
UNSEEN = frozenset(
    {
        "Umpush",
        "THK2DJuly8",
        "THKodchasal",
        "K2d",
        "Kodchasan",
        "Mitr",
        "Pattaya",
        "Taviraj",
        "Kanit",
        "Prompt",
        "Fahkwang",
        "Athiti",
        "NotoLoopedThai",
        "Trirong",
        "Maitree",
        "Pridi",
        "Anuphan",
        "BaiJamjuree",
        "Chonburi",
    }
)
FEWEST_FACES = 12
WORDS = ("ลับ", "ลับ", "ลับ", "ลับมาก", "ลับที่สุด", "ปกปิด")
WEARS = (
    "print",
    "large print",
    "stamped",
    "boxed",
    "turned",
    "faded",
    "spaced out",
    "over the crest",
    "small",
)
PLACES = ("top", "top", "top", "foot", "upper right")
INKS = ((200, 28, 36), (200, 28, 36), (24, 24, 28), (24, 24, 28), (44, 60, 165))
BATCH = 24  # letters drawn at a time: their files lie on the disk only until they are read
LETTERS_A_WORKER = 50


@dataclass(frozen=True, slots=True)
class Marked:
    """A page on disk; `wear` and `face` are empty where it has no mark."""

    path: Path
    seed: int
    condition: str
    word: str
    wear: str
    face: str
    place: str


def find_unseen_faces(folders: Sequence[Path]) -> dict[str, tuple[Path, ...]]:
    """Return the files of `UNSEEN` families by family; raises FileNotFoundError when they are too few."""
    found: dict[str, list[Path]] = defaultdict(list)
    for path in find_font_files(folders):
        if family_of(path.stem) in UNSEEN and has_glyph(path, "ล"):
            found[family_of(path.stem)].append(path)
    if len(found) < FEWEST_FACES:
        message = (
            f"{len(found)} of at least {FEWEST_FACES} unseen faces were found: install the packages of "
            "ocr/training/fonts.py and give npm's @fontsource/… as TTF with --fonts FOLDER"
        )
        raise FileNotFoundError(message)
    return {family: tuple(paths) for family, paths in found.items()}


def make(
    seed: int,
    families: Sequence[Family],
    faces: dict[str, tuple[Path, ...]],
    folder: Path,
    *,
    marked: bool,
) -> Marked:
    """Draw the letter of a seed, with a mark or without, wear it and save it."""
    rng = random.Random(f"mark-{seed}")  # noqa: S311 - a benchmark
    sheet = draw(compose(seed), rng.choice(families), rng, pen=False)
    condition = tuple(PLAIN)[seed // 2 % len(PLAIN)]
    word = wear = face = place = ""
    if marked:
        word, wear, place = rng.choice(WORDS), rng.choice(WEARS), rng.choice(PLACES)
        face = rng.choice(sorted(faces))
        _put_mark(
            sheet, word, wear, rng.choice(faces[face]), "top" if wear == "over the crest" else place
        )
    page = PLAIN[condition](np.array(sheet.image), rng)
    mono = condition in {"mono200", "fax"}
    path = folder / f"{seed}.{'tif' if mono else 'jpg'}"
    image = Image.fromarray(page)
    if mono:
        image.convert("1").save(path, dpi=(200, 200), compression="group4")
    else:
        image.save(path, dpi=(DPI, DPI), quality=88)
    return Marked(path, seed, condition, word, wear, face, place)


def _put_mark(sheet: Sheet, word: str, wear: str, path: Path, place: str) -> None:
    rng = sheet.rng
    points = {"large print": rng.uniform(28, 48), "small": rng.uniform(14, 18)}.get(
        wear, rng.uniform(18, 34)
    )
    font = load(path, round(points * DPI / 72))
    text = word
    if wear == "spaced out":
        text = (" " * rng.choice((1, 1, 2))).join(_columns(word))
    box = ImageDraw.Draw(sheet.image).textbbox((0, 0), text, font=font, anchor="ls")
    edge = round(font.size * 0.6)
    layer = Image.new(
        "L", (round(box[2] - box[0]) + 2 * edge, round(box[3] - box[1]) + 2 * edge), 0
    )
    pen = ImageDraw.Draw(layer)
    pen.text((edge - box[0], edge - box[1]), text, font=font, fill=255, anchor="ls")
    if wear in {"boxed", "stamped"}:
        inset, line = round(font.size * rng.uniform(0.28, 0.4)), max(3, round(font.size * 0.06))
        frame = (inset, inset, layer.width - inset, layer.height - inset)
        if rng.random() < 0.5:
            pen.rectangle(frame, outline=255, width=line)
        else:
            pen.rounded_rectangle(frame, radius=edge // 2, outline=255, width=line)
    if wear in {"turned", "stamped"}:
        angle = rng.uniform(-15, 15) if wear == "turned" else rng.uniform(-6, 6)
        layer = layer.rotate(angle, Image.Resampling.BICUBIC, expand=True)
    mask = np.asarray(layer, np.float32)
    if wear == "stamped":
        mask *= _patchy(mask.shape, rng)
    if wear == "faded":
        mask *= rng.uniform(0.3, 0.55)
    _lay(sheet, mask, _place(mask.shape, wear, place, rng), rng.choice(INKS))


def _columns(word: str) -> list[str]:
    out: list[str] = []
    for char in word:
        if out and not ("ก" <= char <= "ฮ" or char in "าะเแโใไ"):
            out[-1] += char
        else:
            out.append(char)
    return out


def _patchy(shape: tuple[int, ...], rng: random.Random) -> NDArray[np.float32]:
    noise = np.random.default_rng(rng.randrange(2**32))
    coarse = noise.random((max(2, shape[0] // 14), max(2, shape[1] // 14))).astype(np.float32)
    patches = cv2.resize(coarse, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.clip(0.35 + 1.1 * patches, 0, 1).astype(np.float32)


def _place(shape: tuple[int, ...], wear: str, place: str, rng: random.Random) -> tuple[int, int]:
    """Return the left top corner: the emblem of the drawn letters stands from 130 to 320 in the middle."""
    x = WIDTH // 2 - shape[1] // 2 + rng.randint(-30, 30)
    if wear == "over the crest":
        return x, 225 - shape[0] // 2 + rng.randint(-50, 50)
    if place == "upper right":
        return WIDTH - shape[1] - rng.randint(120, 420), rng.randint(20, 90)
    if place == "foot":
        return x, HEIGHT - shape[0] - rng.randint(25, 90)
    return x, max(0, min(rng.randint(8, 50), 140 - shape[0]))


def _lay(
    sheet: Sheet, mask: NDArray[np.float32], at: tuple[int, int], ink: tuple[int, int, int]
) -> None:
    whole = Image.new("L", sheet.image.size, 0)
    whole.paste(Image.fromarray(np.clip(mask, 0, 255).astype(np.uint8)), at)
    soft = whole.filter(ImageFilter.GaussianBlur(0.8))
    inked = Image.composite(Image.new("RGB", sheet.image.size, ink), sheet.image, soft)
    sheet.image = Image.fromarray(np.minimum(np.array(inked), np.array(sheet.image)))


def is_hidden(read: dict[str, Any]) -> bool:
    """Tell whether what `saraban read` says would hide the letter: a mark, or a doubt about one."""
    secrecy = read.get("fields", {}).get("secrecy") or {}
    return bool(secrecy.get("value")) or "secrecy" in read.get("needs_review", ())


def run(options: argparse.Namespace) -> Iterator[tuple[Marked, bool]]:
    """Draw, read and decide every letter; yield each with whether it was hidden."""
    families = find_families(options.fonts)
    faces = find_unseen_faces(options.fonts)
    odd = options.seeds == "odd"
    seeds = [FIRST_SEED + 2 * i + odd for i in range(2 * options.letters)]
    with (
        LetterProcesses(
            read_file,
            workers=options.workers,
            letters_per_worker=LETTERS_A_WORKER,
            prepare=prepare,
            prepare_with=(None, ""),
        ) as processes,
    ):
        for first in range(0, len(seeds), BATCH):
            with tempfile.TemporaryDirectory() as scratch:
                made = [
                    make(seed, families, faces, Path(scratch), marked=bool(seed // 2 % 2))
                    for seed in seeds[first : first + BATCH]
                ]
                got = list(work_in_order(processes, [one.path for one in made], describe_failure))
            if options.progress:
                print(f"{first + len(made)} of {len(seeds)}", file=sys.stderr, flush=True)
            yield from zip(made, map(is_hidden, got), strict=True)


def report(results: Sequence[tuple[Marked, bool]]) -> dict[str, Any]:
    """Return missed and held, in all and by what was drawn, each with its 95 % interval."""
    marked = [(one, hidden) for one, hidden in results if one.word]
    plain = [(one, hidden) for one, hidden in results if not one.word]
    out: dict[str, Any] = {
        "missed": _share([not hidden for _, hidden in marked]),
        "held": _share([hidden for _, hidden in plain]),
    }
    for name in ("wear", "face", "word", "place", "condition"):
        groups: dict[str, list[bool]] = defaultdict(list)
        for one, hidden in marked:
            groups[getattr(one, name)].append(not hidden)
        out[f"missed by {name}"] = {key: _share(groups[key]) for key in sorted(groups)}
    held: dict[str, list[bool]] = defaultdict(list)
    for one, hidden in plain:
        held[one.condition].append(hidden)
    out["held by condition"] = {key: _share(held[key]) for key in sorted(held)}
    return out


def _share(hits: list[bool]) -> dict[str, float]:
    share, low, high = wilson(sum(hits), len(hits))
    return {
        "of": len(hits),
        "count": sum(hits),
        "share": round(share, 4),
        "low": round(low, 4),
        "high": round(high, 4),
    }


def main() -> None:
    """Draw, read, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--letters", type=int, default=2000, help="of each, with a mark and without"
    )
    parser.add_argument("--seeds", choices=("even", "odd"), default="odd")
    parser.add_argument("--fonts", type=Path, action="append", default=[])
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--names", action="store_true", help="even seeds only")
    parser.add_argument("--progress", action="store_true")
    options = parser.parse_args()
    if options.names and options.seeds == "odd":
        parser.error("odd seeds are not looked at; use --seeds even")
    results = list(run(options))
    if options.names:
        for one, hidden in results:
            if hidden != bool(one.word):
                print(
                    "missed" if one.word else "held",
                    one.seed,
                    one.condition,
                    one.word,
                    one.wear,
                    one.face,
                    one.place,
                )
    figures = report(results)
    print(json.dumps(figures, ensure_ascii=False, indent=None if options.json else 1))


if __name__ == "__main__":
    main()
