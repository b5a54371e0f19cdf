"""Files that other libraries test themselves with: whatever they are, each is read or refused with a reason.

Downloads the source archives of well-known image and PDF libraries from the package index, takes every
file out of them that looks like a PDF or a picture, and reads each as `saraban read` does, within limits
of time. Prints, as JSON, how many were read, refused (by reason), crashed and hung; the last two must be 0.

    python -m benchmarks.corpus [--folder FOLDER] [--seconds 300] [--only PACKAGE]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, wait
from concurrent.futures import TimeoutError as TookTooLong
from pathlib import Path

from pipeline.processes import LetterProcesses
from pipeline.read_files import prepare, read_file
from pipeline.reading import Json

PACKAGES = ("pillow", "pikepdf", "pypdf", "pdfminer.six", "tifffile", "imagecodecs", "img2pdf")
ENDINGS = {".pdf", ".tif", ".tiff", ".jpg", ".jpeg", ".png", ".jpe", ".bin"}
OTHER_ENDINGS = {".gif", ".bmp", ".webp", ".ico", ".ppm", ".psd", ".jp2", ".j2k", ".eps", ".tga"}
LETTERS_PER_WORKER = 100


def download(package: str, folder: Path) -> Path | None:
    """Return the source archive of a package, fetched once; None where the index has none."""
    target = folder / package
    target.mkdir(parents=True, exist_ok=True)
    if not any(target.iterdir()):
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary"]
        command += [":all:", "--no-build-isolation", "--dest", str(target), package]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            print(f"{package}: {done.stderr.strip()[-300:]}", file=sys.stderr)
    return next((one for one in sorted(target.iterdir()) if one.is_file()), None)


def unpack(archive: Path, folder: Path) -> Iterator[Path]:
    """Yield the archive's files that may be scans, each under a number of its own."""
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as opened:
            entries = [(one, opened.read(one)) for one in opened.namelist() if _is_wanted(one)]
    else:
        with tarfile.open(archive) as opened_tar:
            entries = [
                (one.name, file.read())
                for one in opened_tar
                if one.isfile() and _is_wanted(one.name) and (file := opened_tar.extractfile(one))
            ]
    for number, (name, data) in enumerate(entries):
        path = folder / f"{number:04d}-{Path(name).name}"
        path.write_bytes(data)
        yield path


def _is_wanted(name: str) -> bool:
    return Path(name).suffix.lower() in ENDINGS | OTHER_ENDINGS


def read_all(files: list[Path], seconds: float) -> Iterator[tuple[Path, str, str]]:
    """Yield each file with how it ended (read, refused, crashed, hung) and what was said."""
    with LetterProcesses(
        read_file,
        workers=1,
        letters_per_worker=LETTERS_PER_WORKER,
        prepare=prepare,
        prepare_with=(None,),
    ) as processes:
        for path in files:
            future: Future[Json] = processes.submit(path)
            wait([future], timeout=seconds)
            try:
                reading = future.result(timeout=0)
            except TookTooLong:
                processes.end(future)
                yield path, "hung", f"more than {seconds:.0f} s"
                continue
            except Exception as error:  # noqa: BLE001 - what this looks for
                yield path, "crashed", f"{type(error).__name__}: {error}"
                continue
            refused = "error" in reading
            yield path, "refused" if refused else "read", reading.get("error", "")


def main() -> None:
    """Run over the corpus and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help="where archives are kept between runs")
    parser.add_argument("--seconds", type=float, default=300.0, help="time a file may take")
    parser.add_argument("--only", action="append", choices=PACKAGES, help="these packages alone")
    options = parser.parse_args()
    kept = options.folder or Path(tempfile.mkdtemp(prefix="saraban-corpus-"))
    ended: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    faults: list[dict[str, str]] = []
    slowest: list[tuple[float, str]] = []
    files = 0
    for package in options.only or PACKAGES:
        archive = download(package, kept)
        if archive is None:
            continue
        with tempfile.TemporaryDirectory() as folder:
            paths = list(unpack(archive, Path(folder)))
            files += len(paths)
            begun = time.monotonic()
            for path, how, said in read_all(paths, options.seconds):
                took = round(time.monotonic() - begun, 2)
                slowest.append((took, f"{package}/{path.name}"))
                print(f"{took:7.2f} s  {how:8} {package}/{path.name}  {said}", file=sys.stderr)
                begun = time.monotonic()
                ended[how] += 1
                if how == "refused":
                    reasons[said.partition(": ")[2].partition(" (")[0].partition(". ")[0]] += 1
                elif how != "read":
                    faults.append({"file": f"{package}/{path.name}", "how": how, "said": said})
    result = {
        "files": files,
        **{how: ended[how] for how in ("read", "refused", "crashed", "hung")},
        "reasons": dict(reasons.most_common()),
        "faults": faults,
        "slowest": sorted(slowest, reverse=True)[:5],
    }
    print(json.dumps(result, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
