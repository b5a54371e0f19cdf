"""Hostile bytes and texts for the door and the parsers, by the million; prints JSON.

    python -m benchmarks.fuzz --cases 1000000 [--seed 1] [--minutes 60] [--only SEED]

Each case has a number, which makes its bytes: `--only N` plays one again. A case passes when it ends in a
result or in one of our errors within SLOW_SECONDS of a core; anything else is told with its number, and the exit
code is 1. Cheap targets get more cases than dear ones. Where a case ended the program itself, the last
line of `--told FILE` names a number not far before it.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import signal
import sys
import tempfile
import time
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from types import FrameType

from classify.dates import find_dates, format_thai_date, parse_thai_date
from classify.numbers import find_bare_number, find_number, find_order_number, parse_number
from index.search.query import parse_query
from ocr.errors import OcrError
from ocr.pages import open_scan
from ocr.thai_text import fold, normalize
from pipeline.errors import FileUnfitError
from pipeline.importing.bundle import open_bundle
from pipeline.importing.errors import ImportingError
from pipeline.importing.letter_list import read_list
from tests import scans
from watch_folder.errors import RefusedScanError
from watch_folder.file_names import readable_name, shorten
from watch_folder.whole import check_whole

SLOW_SECONDS = 5.0
TODAY = date(2026, 11, 30)
ALPHABET = "กขคงจชซดตถทธนบปผพภมยรลวศษสหอฮะาิีึืุูเแโใไำัํ็่้๊๋์ฯๆ๐๑๒๓๔๕๖๗๘๙0123456789 \t\n./:-–'\"()[]{}|&!?*\\%\0\u200b\ud800"
PIECES = (
    *(
        "ที่ ",
        "ศธ ",
        "๐๔๐๐๑/ว ",
        "ลงวันที่ ",
        "มกราคม ",
        "ม.ค. ",
        "พ.ศ. ",
        "๒๕๖๙",
        "2569",
        "31/12/68",
        "คำสั่ง",
    ),
    *("หรือ ", "ผู้ส่ง:", "ปีงบ 2569 ", "ไตรมาส 2 ", "ก่อน ", "-", '"', "(", ")", "ว่าที่ "),
)
TABLE = (
    "<table>",
    "<tr>",
    "<td>",
    "</td>",
    "<td colspan=99>",
    "<th>ที่",
    "<th>เรื่อง",
    "<!--",
    "&#0;",
    ",",
    ";",
    "\n",
)


class SlowError(Exception):
    """A case took longer than any may."""


def main() -> None:
    """Fuzz and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1, help="the first case's number")
    parser.add_argument("--minutes", type=float, default=0.0, help="end after so long")
    parser.add_argument("--only", type=int, help="play one case again, and let its error out")
    parser.add_argument("--told", type=Path, help="a file that is told the number now and then")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    signal.signal(signal.SIGVTALRM, _too_slow)
    with tempfile.TemporaryDirectory(prefix="saraban-fuzz-") as name:
        fuzz = Fuzz(Path(name))
        fuzz.warm_up()
        if asked.only is not None:
            print(fuzz.play(asked.only))
            return
        began = time.monotonic()
        for number in range(asked.seed, asked.seed + asked.cases):
            if asked.minutes and time.monotonic() - began > 60 * asked.minutes:
                break
            if asked.told and number % 1000 == 0:
                asked.told.write_text(f"{number}\n", "ascii")
            fuzz.try_one(number)
    print(json.dumps(fuzz.report() | {"cpu_seconds": round(time.process_time())}, indent=1))
    sys.exit(1 if fuzz.broken else 0)


def _too_slow(_number: int, _frame: FrameType | None) -> None:
    raise SlowError


class Fuzz:
    """The targets, the files that cases are made from, and what was found."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.counts: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.broken: list[str] = []
        self.whole = [
            write(folder / f"whole{suffix}", "1").read_bytes()
            for suffix, write in scans.WRITERS.items()
        ]
        self.whole.append(scans.write_tiff(folder / "two.tif", pages=2).read_bytes())
        self.lists = self._lists()
        self.bundle = self._bundle()
        self._targets: tuple[tuple[int, str, Callable[[random.Random], None]], ...] = (
            (30, "dates", self._dates),
            (30, "numbers", self._numbers),
            (15, "text", self._text),
            (10, "search words", self._search_words),
            (5, "names", self._names),
            (6, "door", self._door),
            (2, "lists", self._list),
            (1, "bundles", self._bundles),
            (1, "pages", self._pages),
        )
        self._weights = [weight for weight, _, _ in self._targets]

    def warm_up(self) -> None:
        """Load dictionaries and libraries before anything is timed."""
        for _, _, target in self._targets:
            target(random.Random(0))  # noqa: S311

    def play(self, number: int) -> str:
        """Play the case of that number; return what it tried. Raises what the target raises."""
        chance = random.Random(number)  # noqa: S311 - a case that can be played again
        ((_, name, target),) = chance.choices(self._targets, self._weights)
        target(chance)
        return name

    def try_one(self, number: int) -> None:
        """Play a case and note how it ended."""
        signal.setitimer(signal.ITIMER_VIRTUAL, SLOW_SECONDS)
        try:
            self.counts[self.play(number)] += 1
        except Exception as fault:  # noqa: BLE001 - whatever is no result and none of our errors is a find
            self.broken.append(f"{number}: {fault!r:.200}")
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)

    def report(self) -> dict[str, object]:
        """Return what was tried and found."""
        return {
            "cases": self.counts.total() + len(self.broken),
            "broken": len(self.broken),
            "first_broken": self.broken[:20],
            "by_target": dict(self.counts),
            "refused": dict(self.refused),
        }

    # The targets.

    def _dates(self, chance: random.Random) -> None:
        for found in find_dates(text := _some_text(chance)):
            format_thai_date(found.value)
        parse_thai_date(text)

    def _numbers(self, chance: random.Random) -> None:
        text = _some_text(chance)
        for find in (find_number, find_bare_number, find_order_number, parse_number):
            find(text)

    def _text(self, chance: random.Random) -> None:
        fold(normalize(_some_text(chance)))

    def _search_words(self, chance: random.Random) -> None:
        parse_query(_some_text(chance), TODAY)

    def _names(self, chance: random.Random) -> None:
        text = _some_text(chance, longest=300).replace("\0", "")
        name = readable_name(text.replace("\ud800", "\udc9f"))  # a byte that is not UTF-8
        assert len(shorten(name, 200).encode(errors="replace")) <= 200

    def _door(self, chance: random.Random) -> None:
        path = self._written(_mutated(chance, chance.choice(self.whole)))
        try:
            check_whole(path)
        except RefusedScanError as refused:
            self.refused[refused.code] += 1

    def _pages(self, chance: random.Random) -> None:
        path = self._written(_mutated(chance, chance.choice(self.whole)))
        with suppress(OcrError), open_scan(path) as scan:
            self.refused["opened"] += scan.page_count > 0

    def _list(self, chance: random.Random) -> None:
        data = _mutated(chance, chance.choice(self.lists))
        if chance.random() < 0.3:
            data = "".join(chance.choices(TABLE, k=chance.randint(1, 40))).encode()
        with suppress(ImportingError):
            read_list("list", data)

    def _bundles(self, chance: random.Random) -> None:
        path = self._written(_mutated(chance, self.bundle))
        with suppress(ImportingError, FileUnfitError), open_bundle(path) as bundle:
            for file in bundle.files():
                for _ in bundle.chunks(file):
                    pass

    # What they are given.

    def _written(self, data: bytes) -> Path:
        path = self.folder / "case"
        path.write_bytes(data)
        return path

    def _lists(self) -> list[bytes]:
        csv = "ที่,เรื่อง,ลงวันที่,จาก\nศธ 04001/1,ขอเชิญประชุม,15 ม.ค. 69,สพฐ.\n"
        html = "<table><tr><td>ที่<td>เรื่อง</tr><tr><td>ศธ 1<td>ประชุม</tr></table>"
        return [csv.encode(), csv.encode("cp874"), html.encode()]

    def _bundle(self) -> bytes:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for number, data in enumerate(self.whole[:2]):
                archive.writestr(f"หนังสือ {number}.pdf", data)
        return stream.getvalue()


def _some_text(chance: random.Random, longest: int = 80) -> str:
    length = chance.randint(0, longest)
    if chance.random() < 0.5:
        return "".join(chance.choices(PIECES, k=length // 6))
    return "".join(
        chance.choice(PIECES) if chance.random() < 0.2 else chance.choice(ALPHABET)
        for _ in range(length)
    )


def _mutated(chance: random.Random, data: bytes) -> bytes:
    """Return the bytes with one to eight places overwritten, cut, doubled or swapped."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(changed) + 1)
        upto = min(len(changed), at + chance.choice((1, 1, 2, 4, 16, 200)))
        match chance.randrange(5):
            case 0:
                changed[at:upto] = chance.randbytes(upto - at)
            case 1:
                del changed[at:upto]
            case 2:
                changed[at:at] = changed[at:upto]
            case 3:
                changed[at:upto] = b"\xff" * (upto - at)
            case _:
                if chance.random() < 0.3:
                    del changed[at:]
    return bytes(changed)


if __name__ == "__main__":
    main()
