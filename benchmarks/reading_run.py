"""What one process of `benchmarks/read.py` does: read files with one engine and say what it took.

usage: python -m benchmarks.reading_run JOB     (JOB is JSON; the answer is JSON on the last line)

It is a process of its own so that its CPU seconds and its memory, with those of the programs it
starts, are its own; `read.py` measures them from outside and imports nothing large itself.
"""

from __future__ import annotations

import functools
import importlib
import itertools
import json
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ocr
import ocr.searchable_pdf
from ocr.pages import open_scan
from ocr.thai_text import split_words

if TYPE_CHECKING:
    from pipeline.demo.letters import DemoLetter

Json = dict[str, Any]
# The functions that a stage of Saraban's reading consists of; `write` calls `verify`.
STAGES = {
    "load": ("ocr.pages:ImageScan.picture", "ocr.pages:PdfScan.picture"),
    "layout": ("ocr.line_engine:find_layout",),
    "cut": ("ocr.line_engine:cut_line",),
    "recognise": ("ocr.recognizer:LineRecognizer.recognize",),
    "assemble": ("ocr.line_engine:_make_line",),
    "write": ("ocr.searchable_pdf:write_searchable_pdf",),
    "verify": ("ocr.searchable_pdf:check_layer",),
}
DRAWN_KINDS = ("external", "internal")  # the usual letter and the memo
DRAWN_LETTERS = 4


class Stopwatch:
    """CPU seconds by stage; what one stage does within another counts for the inner one only."""

    def __init__(self, clock: Callable[[], float] = time.process_time) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._clock = clock
        self._inner: list[float] = []

    def timed(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function, its time counted for the stage."""

        @functools.wraps(function)
        def run(*args: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever the function takes
            self._inner.append(0.0)
            start = self._clock()
            try:
                return function(*args, **named)
            finally:
                spent = self._clock() - start
                self.seconds[stage] += spent - self._inner.pop()
                if self._inner:
                    self._inner[-1] += spent

        return run

    def watch(self, stage: str, place: str) -> None:
        """Put the timed function at `module:name` or `module:Class.name` in its place."""
        owner, name = find_place(place)
        setattr(owner, name, self.timed(stage, getattr(owner, name)))


def find_place(place: str) -> tuple[Any, str]:
    """Return what holds the function named `module:name`, and its name there."""
    module, _, path = place.partition(":")
    owner: Any = importlib.import_module(module)
    *classes, name = path.split(".")
    for one in classes:
        owner = getattr(owner, one)
    getattr(owner, name)  # a function that moved is an error here, not a stage of 0 seconds
    return owner, name


def prepare(files: list[Path], folder: Path) -> Json:
    """Count the files' pages, or draw letters when there are none; say which engines are here."""
    # Imported here and below, so that no engine is charged for what only another needs.
    from pipeline.demo.letters import LETTERS, save_letter  # noqa: PLC0415

    truth = {}
    if not files:
        letters = [letter for letter in LETTERS if letter.kind in DRAWN_KINDS][:DRAWN_LETTERS]
        files = [save_letter(letter, folder) for letter in letters]
        truth = {letter.file_name: {"text": printed_lines(letter)} for letter in letters}
    pages = {}
    for file in files:
        with open_scan(file) as scan:
            pages[str(file)] = scan.page_count
    statuses = [
        {"name": status.name, "usable": status.usable, "detail": status.detail}
        for status in ocr.describe_engines()
    ]
    return {"pages": pages, "truth": truth, "engines": statuses}


def printed_lines(letter: DemoLetter) -> list[str]:
    """Return what a drawn letter or memo has printed on it, one entry a passage."""
    passages = (letter.number, letter.date_printed, letter.sender, letter.subject)
    body = [passage for passage in letter.body if passage != "\f"]  # a form feed is a new page
    return [*passages, letter.recipient, *body, letter.signer]


def read_with(engine: ocr.Engine, files: list[Path], folder: Path) -> Json:
    """Read the files and write their searchable PDFs, as the office's worker does."""
    stopwatch = Stopwatch()
    for stage, places in STAGES.items():
        for place in places:
            stopwatch.watch(stage, place)
    split_words("ไทย")  # loads the dictionary, once a process
    start = cpu_seconds()
    texts, unsound = {}, []
    for number, file in enumerate(files):
        document = ocr.read(file, engine=engine)
        # Called through its module, where the stopwatch stands.
        check = ocr.searchable_pdf.write_searchable_pdf(file, document, folder / f"{number}.pdf")
        texts[file.name] = document.text
        if not (check.passed and check.archival):
            unsound.append(file.name)
    reading = cpu_seconds() - start
    stages = dict(stopwatch.seconds)
    stages["other"] = reading - sum(stages.values())
    return {
        "engine": engine.name,
        "reading_cpu_seconds": reading,
        "starts": 1,
        "texts": texts,
        "failed": [],
        "unsound_layers": unsound,
        "stages": stages,
    }


def cpu_seconds() -> float:
    """Return what this process and the programs it has waited for have used so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + used.ru_utime + used.ru_stime


def read_with_saraban(files: list[Path], folder: Path) -> Json:
    """Read with the line engine; raises EngineMissingError when its model is not here."""
    from ocr.line_engine import LineEngine  # noqa: PLC0415

    return read_with(LineEngine(), files, folder)


def read_with_tesseract(files: list[Path], folder: Path) -> Json:
    """Read with the stock Thai and English models; its stages are in a program, so not timed."""
    from ocr.tesseract import TesseractEngine  # noqa: PLC0415

    answer = read_with(TesseractEngine(), files, folder)
    del answer["stages"]
    return answer


def soak(files: list[Path], folder: Path, pages: int, every: int) -> Json:
    """Read and write so many pages in this one process; its memory in MB after every few pages."""
    engine = ocr.choose_engine()
    rss_mb_by_page: dict[int, float] = {}
    done, next_look = 0, every
    for file in itertools.cycle(files):
        document = ocr.read(file, engine=engine)
        ocr.write_searchable_pdf(file, document, folder / "soak.pdf")
        done += len(document.pages)
        if done >= next_look or done >= pages:
            rss_mb_by_page[done] = _memory_mb("VmRSS")
            print(f"{done} pages: {rss_mb_by_page[done]} MB", file=sys.stderr, flush=True)
            next_look += every
        if done >= pages:
            break
    return {
        "engine": engine.name,
        "pages": done,
        "rss_mb_by_page": rss_mb_by_page,
        "peak_mb": _memory_mb("VmHWM"),
    }


def _memory_mb(key: str) -> float:
    """Return what the kernel says of this process under VmRSS (now) or VmHWM (at the most)."""
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith(f"{key}:"):
            return round(int(line.split()[1]) / 1024, 1)
    raise LookupError(key)


def do(job: Json) -> Json:
    """Do what the job says; see `read.py` for what it holds."""
    files, folder = [Path(file) for file in job["files"]], Path(job["folder"])
    match job["do"]:
        case "prepare":
            return prepare(files, folder)
        case "soak":
            return soak(files, folder, job["pages"], job["every"])
        case "tesseract":
            return read_with_tesseract(files, folder)
        case "saraban":
            return read_with_saraban(files, folder)
    raise ValueError(job["do"])


if __name__ == "__main__":
    print(json.dumps(do(json.loads(sys.argv[1])), ensure_ascii=False))
