"""OCRmyPDF for `benchmarks/read.py`: installing it, and one process that reads files with it.

usage: python -m benchmarks.ocrmypdf_run JOB     (JOB is JSON; the answer is JSON)

It imports nothing of Saraban, so that OCRmyPDF is charged for OCRmyPDF only.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

OPTIONS = ("-l", "tha", "--jobs", "1", "--quiet")  # one core, as each worker of Saraban


def install_ocrmypdf(folder: Path) -> Path:
    """Return the program, from PyPI in its own environment, so that its versions are its own."""
    program = folder.absolute() / "bin" / "ocrmypdf"
    if program.exists():
        return program
    print(f"installing OCRmyPDF into {folder}", file=sys.stderr)
    commands: tuple[list[str | Path], ...] = (
        [sys.executable, "-m", "venv", folder],
        [folder / "bin" / "pip", "install", "--quiet", "ocrmypdf"],
    )
    try:
        for command in commands:
            subprocess.run(command, stdout=sys.stderr, check=True)
    except subprocess.CalledProcessError as error:
        sys.exit(f"OCRmyPDF could not be installed: {error}; choose others with --engine")
    return program


def read_files(program: Path, files: list[Path], folder: Path) -> dict[str, Any]:
    """Run OCRmyPDF on one file after another, as its manual says; the text is its side-car's.

    A file that it does not read has no text and is named with the exit code.
    """
    none = _children_cpu_seconds()
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    started = _children_cpu_seconds()
    texts, failed = {}, []
    for number, file in enumerate(files):
        text_file, target = folder / f"{number}.txt", folder / f"{number}.pdf"
        command: list[str | Path] = [program, *OPTIONS, "--sidecar", text_file, file, target]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        texts[file.name] = text_file.read_text("utf-8") if done.returncode == 0 else ""
        if done.returncode:
            failed.append(f"{file.name}: exit code {done.returncode}: {done.stderr[-300:]}")
    used = _children_cpu_seconds() - started
    return {
        "engine": f"ocrmypdf {version.stdout.strip()} {' '.join(OPTIONS[:2])}",
        # Less what starting it takes, once a file.
        "reading_cpu_seconds": used - (started - none) * len(files),
        "starts": len(files),
        "measuring_cpu_seconds": started - none,  # asking the version is not reading
        "texts": texts,
        "failed": failed,
    }


def _children_cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    job = json.loads(sys.argv[1])
    answer = read_files(
        Path(job["ocrmypdf"]), [Path(file) for file in job["files"]], Path(job["folder"])
    )
    print(json.dumps(answer, ensure_ascii=False))
