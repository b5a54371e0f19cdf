"""What reading costs: OCRmyPDF, stock Tesseract and Saraban on the same pages in one run, as JSON.

usage: python -m benchmarks.read [--pages FILE...] [--truth FILE] [--workers 1 2] [--ocrmypdf FOLDER]
       python -m benchmarks.read --soak 1000 [--pages FILE...]

Without --pages it draws a few letters itself. Each engine reads every file and writes a searchable
PDF. `cpu_seconds_a_page` counts everything from the start of the process to its end, programs it
starts included; `reading_cpu_seconds_a_page` leaves starting and ending out (Python, imports, model,
dictionary), which is `cpu_seconds_a_start`: once a file for OCRmyPDF, once a worker for the others,
and an office's worker reads 50 letters. `peak_mb` is the largest single process of a run. Wall times
include starting and mean something on an idle machine only; `load_before` tells.

OCRmyPDF comes from PyPI into an environment of its own, made on the first run.
"""

from __future__ import annotations

import argparse
import collections
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import edlib

from benchmarks.ocrmypdf_run import install_ocrmypdf

ROOT = Path(__file__).resolve().parent.parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "saraban-benchmarks"
# Each engine and the module whose process reads with it.
ENGINES = {
    "ocrmypdf": "benchmarks.ocrmypdf_run",
    "tesseract": "benchmarks.reading_run",
    "saraban": "benchmarks.reading_run",
}
WORKER_MB = 600  # what a worker may need
MAY_GROW = 1.05  # how much larger a worker may be over the later half of its pages
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Measured:
    """One process and all it started: its answer, CPU seconds, and its largest process in MB."""

    answer: Json
    cpu_seconds: float
    peak_mb: float


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=Path, nargs="+", default=[], metavar="FILE")
    parser.add_argument("--truth", type=Path, help="JSON: file name to {'text': [printed lines]}")
    parser.add_argument("--engine", dest="engines", action="append", choices=ENGINES)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument(
        "--ocrmypdf",
        type=Path,
        default=CACHE / "ocrmypdf",
        metavar="FOLDER",
        help="its virtual environment, made when missing",
    )
    parser.add_argument("--soak", type=int, metavar="N", help="read N pages in one process instead")
    parser.add_argument("--every", type=int, default=50, help="pages between looks at the memory")
    options = parser.parse_args()
    files = [file.resolve() for file in options.pages]
    with tempfile.TemporaryDirectory(prefix="saraban-read-") as name:
        folder = Path(name)
        load = round(os.getloadavg()[0], 1)
        prepared = run_apart([{"do": "prepare", "files": names(files), "folder": name}])[0].answer
        report: Json = {
            "cpus": os.cpu_count(),
            "load_before": load,
            "engines_installed": prepared["engines"],
        }
        if options.soak:
            job = {"pages": options.soak, "every": options.every}
            report["soak"] = soak(job | {"files": [*prepared["pages"]], "folder": name})
        else:
            truth = json.loads(options.truth.read_text("utf-8")) if options.truth else {}
            report |= compare(options, prepared["pages"], truth or prepared["truth"], folder)
    print(json.dumps(report, ensure_ascii=False, indent=1))


def compare(options: argparse.Namespace, pages: dict[str, int], truth: Json, folder: Path) -> Json:
    """Run each engine with each number of workers; the first number gives CPU, memory and text."""
    engines = options.engines or list(ENGINES)
    program = install_ocrmypdf(options.ocrmypdf) if "ocrmypdf" in engines else None
    measured: dict[str, Json] = {}
    for workers in options.workers:
        for engine in engines:
            job = {"do": engine, "ocrmypdf": str(program)}
            wall, parts = read_in_parallel(job, [*pages], workers, folder)
            if engine not in measured:
                measured[engine] = summarize(parts, sum(pages.values()), truth)
            walls = measured[engine].setdefault("wall_seconds_a_page_by_workers", {})
            walls[workers] = round(wall / sum(pages.values()), 3)
    return {
        "files": len(pages),
        "pages": sum(pages.values()),
        "engines": measured,
        "times_fewer_cpu_seconds_than_ocrmypdf": savings(measured),
    }


def read_in_parallel(
    job: Json, files: list[str], workers: int, folder: Path
) -> tuple[float, list[Measured]]:
    """Deal the files out to so many processes; return wall seconds and what each measured."""
    jobs = []
    for number in range(min(workers, len(files))):
        own = Path(tempfile.mkdtemp(dir=folder))
        jobs.append(job | {"files": files[number::workers], "folder": str(own)})
    started = time.perf_counter()
    parts = run_apart(jobs)
    return time.perf_counter() - started, parts


def run_apart(jobs: list[Json]) -> list[Measured]:
    """Do each job in a fresh process of its own, all at once; what they print on stderr is shown."""
    processes = []
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}  # as in the office's workers
    for job in jobs:
        output = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - closed below
        command = [
            sys.executable,
            "-m",
            ENGINES.get(job["do"], "benchmarks.reading_run"),
            json.dumps(job),
        ]
        process = subprocess.Popen(command, cwd=ROOT, stdout=output, env=environment)
        processes.append((process, output))
    measured = []
    for process, output in processes:
        # Of this process and the programs it has waited for: RUSAGE_CHILDREN, of one child alone.
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        with output:
            output.seek(0)
            lines = output.read().splitlines()
        if process.returncode or not lines:
            sys.exit(f"a reading process ended with exit code {process.returncode}; see above")
        cpu_seconds = used.ru_utime + used.ru_stime
        measured.append(Measured(json.loads(lines[-1]), cpu_seconds, used.ru_maxrss / 1024))
    return measured


def summarize(parts: list[Measured], pages: int, truth: Json) -> Json:
    """Put together what the processes of one engine measured and read."""
    measuring = sum(part.answer.get("measuring_cpu_seconds", 0.0) for part in parts)
    cpu = sum(part.cpu_seconds for part in parts) - measuring
    reading = sum(part.answer["reading_cpu_seconds"] for part in parts)
    starts = sum(part.answer["starts"] for part in parts)
    texts: dict[str, str] = {}
    stages: collections.Counter[str] = collections.Counter()
    for part in parts:
        texts |= part.answer["texts"]
        stages.update(part.answer.get("stages", {}))
    summary: Json = {
        "engine": parts[0].answer["engine"],
        "cpu_seconds_a_page": round(cpu / pages, 3),
        "reading_cpu_seconds_a_page": round(reading / pages, 3),
        "cpu_seconds_a_start": round((cpu - reading) / starts, 3),
        "peak_mb": round(max(part.peak_mb for part in parts)),
        **score(truth, texts),
        "failed": [one for part in parts for one in part.answer["failed"]],
    }
    if "unsound_layers" in parts[0].answer:
        summary["unsound_layers"] = sorted({o for p in parts for o in p.answer["unsound_layers"]})
    if stages:
        by_stage = {stage: round(seconds / pages, 4) for stage, seconds in stages.items()}
        summary["stage_cpu_seconds_a_page"] = by_stage
    return summary


def savings(measured: Mapping[str, Json]) -> Json:
    """Say how many times fewer CPU seconds a page each engine needed than OCRmyPDF did."""
    if "ocrmypdf" not in measured:
        return {}
    keys = ("cpu_seconds_a_page", "reading_cpu_seconds_a_page")
    return {
        engine: {key: round(measured["ocrmypdf"][key] / one[key], 1) for key in keys}
        for engine, one in measured.items()
        if engine != "ocrmypdf" and not measured["ocrmypdf"]["failed"]
    }


def score(truth: Mapping[str, Json], texts: Mapping[str, str]) -> dict[str, float]:
    """Return the share of wrong characters and of Thai digits read as themselves.

    Each printed line is aligned to its best place in the text; white space is ignored, as are files
    without truth. What could not be read has an empty text and counts as all wrong.
    """
    sums: collections.Counter[str] = collections.Counter()
    for name, wanted in truth.items():
        if name in texts:
            sums += count_errors(wanted.get("text") or (), texts[name])
    shares = {}
    if sums["characters"]:
        shares["cer"] = round(sums["edits"] / sums["characters"], 5)
    if sums["digits"]:
        shares["thai_digits"] = round(sums["digits_right"] / sums["digits"], 4)
    return shares


def count_errors(lines: Iterable[str], text: str) -> collections.Counter[str]:
    """Count characters, edits, Thai digits and those of them that are right."""
    sums: collections.Counter[str] = collections.Counter()
    read = squeeze(text)
    for line in filter(None, map(squeeze, lines)):
        sums["characters"] += len(line)
        if not read:
            sums["edits"] += len(line)
            sums["digits"] += sum("๐" <= character <= "๙" for character in line)
            continue
        path = edlib.align(line, read, mode="HW", task="path")
        sums["edits"] += path["editDistance"]
        nice = edlib.getNiceAlignment(path, line, read)
        for wanted, got in zip(nice["query_aligned"], nice["target_aligned"], strict=True):
            if "๐" <= wanted <= "๙":
                sums["digits"] += 1
                sums["digits_right"] += wanted == got
    return sums


def squeeze(text: str) -> str:
    """Drop white space and write what looks alike in one way: sara am, sara ae."""
    text = re.sub(r"[\s\u200b\ufeff]+", "", unicodedata.normalize("NFC", text))
    text = text.replace("\u0e4d\u0e32", "\u0e33")
    text = re.sub("\u0e4d([\u0e48-\u0e4b])\u0e32", "\\1\u0e33", text)
    return text.replace("\u0e40\u0e40", "\u0e41")


def soak(job: Json) -> Json:
    """Read many pages in one process; judge its size and whether it grows.

    Pages differ in size, so the largest of the later half is compared with that of the earlier.
    """
    answer = run_apart([job | {"do": "soak"}])[0].answer
    sizes = list(answer["rss_mb_by_page"].values())
    half = (len(sizes) + 1) // 2
    earlier, later = max(sizes[:half]), max(sizes[half:], default=sizes[-1])
    return answer | {
        "small_enough": answer["peak_mb"] < WORKER_MB,
        "grew_mb": round(later - earlier, 1),
        "steady": later <= earlier * MAY_GROW,
    }


def names(files: Iterable[Path]) -> list[str]:
    """Return the paths as JSON takes them."""
    return [str(file) for file in files]


if __name__ == "__main__":
    main()
