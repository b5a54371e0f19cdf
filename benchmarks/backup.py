"""What restic and borg cost on a drawn office: time, processor, memory, room; prints JSON.

    python -m benchmarks.backup [--letters 2000] [--day 60] [--folder DIR]

The archive is of drawn pages with a scanner's grain, an original and a searchable copy each, and a book
with their rows. Each program makes a first backup, one with nothing new, one after a working day, reads
all back, restores, and forgets the oldest.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pikepdf
from PIL import Image

from benchmarks.large_office import fill
from index.register.store.database import Database
from pipeline.demo.letters import LETTERS, save_letter
from pipeline.office import create_office, open_book

ENVIRONMENT = {**os.environ, "RESTIC_PASSWORD": "measure", "BORG_PASSPHRASE": "measure"}
ENVIRONMENT |= {"BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK": "no", "BORG_EXIT_CODES": "legacy"}
GRAIN, SEED = 6.0, 2569


def draw(folder: Path) -> list[np.ndarray]:
    """Return the demonstration letters' pages as grey pictures at about 200 dots an inch."""
    pages = []
    for letter in LETTERS:
        save_letter(letter, folder)
    for path in sorted(folder.glob("*.pdf")):
        with pikepdf.open(path) as pdf:
            (picture, *_) = pdf.pages[0].get_images().values()
            grey = pikepdf.PdfImage(picture).as_pil_image().convert("L").resize((1654, 2339))
        pages.append(np.asarray(grey, dtype=np.float32))
    return pages


def scans(pages: list[np.ndarray], count: int, seed: int) -> Iterator[tuple[bytes, bytes]]:
    """Yield (original, searchable): the same JPEG in two PDFs, no two letters alike."""
    dice = np.random.default_rng(seed)
    grain = dice.normal(0, GRAIN, (2400, 1800)).astype(np.float32)
    for number in range(count):
        down, right = dice.integers(0, 60, 2)
        page = pages[number % len(pages)]
        grey = page + grain[down : down + page.shape[0], right : right + page.shape[1]] * (
            1 + number / 1e5
        )
        jpeg = io.BytesIO()
        Image.fromarray(grey.clip(0, 255).astype(np.uint8)).save(jpeg, "JPEG", quality=60)
        yield _pdf(jpeg.getvalue(), page.shape, ""), _pdf(jpeg.getvalue(), page.shape, "text" * 400)


def _pdf(jpeg: bytes, shape: tuple[int, ...], text: str) -> bytes:
    pdf = pikepdf.new()
    picture = pikepdf.Stream(
        pdf,
        jpeg,
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=shape[1],
        Height=shape[0],
        ColorSpace=pikepdf.Name.DeviceGray,
        BitsPerComponent=8,
        Filter=pikepdf.Name.DCTDecode,
    )
    page = pdf.add_blank_page(page_size=(595, 842))
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(P=pdf.make_indirect(picture)))
    page.Contents = pikepdf.Stream(pdf, f"q 595 0 0 842 0 0 cm /P Do Q % {text}".encode())
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def keep(archive: Path, files: Iterator[tuple[bytes, bytes]]) -> None:
    """Lay the files into the archive under their hashes."""
    for pair in files:
        for shelf, data in zip(("originals", "searchable"), pair, strict=True):
            name = hashlib.sha256(data).hexdigest()
            path = archive / shelf / name[:2] / f"{name}.pdf"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)


def run(*command: str, cwd: Path) -> dict[str, float]:
    """Run a program; return seconds, processor seconds and megabytes of memory at its height."""
    begun = time.perf_counter()
    log = tempfile.TemporaryFile()  # noqa: SIM115 - closed by the process that ends
    process = subprocess.Popen(command, cwd=cwd, env=ENVIRONMENT, stdout=log, stderr=log)
    highest = 0  # ru_maxrss would count what this process had when it forked
    while not (waited := os.wait4(process.pid, os.WNOHANG))[0]:
        time.sleep(0.02)
        highest = max(highest, _memory_kb(process.pid))
    _, status, used = waited
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        log.seek(0)
        raise SystemExit(f"{command}: {process.returncode}\n{log.read().decode()}")
    return {
        "seconds": round(time.perf_counter() - begun, 1),
        "processor_seconds": round(used.ru_utime + used.ru_stime, 1),
        "memory_mb": highest // 1024,
    }


def _memory_kb(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    return int(next((one.split()[1] for one in status.splitlines() if one[:5] == "VmHWM"), "0"))


def size_mb(folder: Path) -> float:
    """Return how much lies in a folder."""
    return round(sum(one.stat().st_size for one in folder.rglob("*") if one.is_file()) / 1e6, 1)


class Restic:
    """restic, as Debian brings it."""

    def __init__(self, place: Path, office: Path) -> None:
        self._base = ("restic", "--quiet", "--repo", str(place / "restic"), "--no-cache")
        self.repository, self._office = place / "restic", office
        run(*self._base, "init", cwd=office)

    def backup(self, _name: str) -> dict[str, float]:
        """Store the office."""
        return run(*self._base, "backup", ".", "--exclude=cache", cwd=self._office)

    def verify(self) -> dict[str, float]:
        """Read all back."""
        return run(*self._base, "check", "--read-data", cwd=self._office)

    def restore(self, target: Path) -> dict[str, float]:
        """Bring the newest back."""
        return run(*self._base, "restore", "latest", "--target", str(target), cwd=self._office)

    def expire(self) -> dict[str, float]:
        """Forget all but the newest, leaving nothing."""
        keep_one = ("forget", "--keep-last=1", "--prune", "--max-unused=0")
        return run(*self._base, *keep_one, cwd=self._office)


class Borg:
    """BorgBackup, as Debian brings it."""

    def __init__(self, place: Path, office: Path) -> None:
        self.repository, self._office = place / "borg", office
        self._place = str(self.repository)
        run("borg", "init", "--encryption=repokey-blake2", self._place, cwd=office)

    def backup(self, name: str) -> dict[str, float]:
        """Store the office."""
        return run(
            "borg", "create", "--exclude=cache", f"{self._place}::{name}", ".", cwd=self._office
        )

    def verify(self) -> dict[str, float]:
        """Read all back."""
        return run("borg", "check", "--verify-data", self._place, cwd=self._office)

    def restore(self, target: Path) -> dict[str, float]:
        """Bring the newest back."""
        target.mkdir()
        return run("borg", "extract", f"{self._place}::day", cwd=target)

    def expire(self) -> dict[str, float]:
        """Forget all but the newest, leaving nothing."""
        pruned = run("borg", "prune", "--keep-last=1", self._place, cwd=self._office)
        compacted = run("borg", "compact", "--threshold=0", self._place, cwd=self._office)
        both = {name: round(pruned[name] + compacted[name], 1) for name in pruned}
        return both | {"memory_mb": max(pruned["memory_mb"], compacted["memory_mb"])}


def main() -> None:
    """Draw, back up with each, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=2_000)
    parser.add_argument("--day", type=int, default=60)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    place = Path(tempfile.mkdtemp(prefix="saraban-backup-", dir=options.folder))
    office = create_office(place / "office")
    drawn = place / "drawn"
    drawn.mkdir()
    pages = draw(drawn)
    keep(office.archive, scans(pages, options.letters, SEED))
    open_book(office).close()
    database = Database(f"sqlite:///{office.database}", "office")
    fill(database, options.letters * 5, "0" * 64)
    database.close()
    shown: dict[str, object] = {"letters": options.letters, "office_mb": size_mb(office.root)}
    shown["book_mb"] = round(office.database.stat().st_size / 1e6, 1)
    programs = {"restic": Restic(place, office.root), "borg": Borg(place, office.root)}
    found: dict[str, dict[str, object]] = {name: {} for name in programs}
    for name, program in programs.items():
        found[name]["first"] = program.backup("first")
        found[name]["first_mb"] = size_mb(program.repository)
        found[name]["nothing_new"] = program.backup("same")
    keep(office.archive, scans(pages, options.day, SEED + 1))
    with open_book(office) as book:  # every page of the book may move a little in a day
        book.tune()
    for name, program in programs.items():
        before = size_mb(program.repository)
        found[name]["day"] = program.backup("day")
        found[name]["day_mb"] = round(size_mb(program.repository) - before, 1)
        found[name]["verify"] = program.verify()
        found[name]["restore"] = program.restore(place / f"restored-{name}")
        found[name]["expire"] = program.expire()
    print(json.dumps(shown | found, indent=1))
    shutil.rmtree(place)


if __name__ == "__main__":
    main()
