"""A long proof with a real server: letters, kills, full disks, backups, files made to harm; prints JSON.

    python -m benchmarks.soak --letters 24000 --kills 500 --full-disks 20 --backups 10

Small drawn letters are laid at the door of an office whose server and reading processes are killed at
every step boundary and at random. The office begins with an empty book of the oldest revision, whose
upgrade is killed too. With `--mount` (root only) it lies on a small file system of its own that is filled
up. In the end every file dropped is looked for in the book, the archive and the backups. Exit code 1 when
one is lost, doubled or told of, or `saraban check` finds anything.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import cycle
from pathlib import Path

import httpx

from benchmarks.soak_letters import SECRET_WORD, Dropped, Kind, Scanner, hash_of
from benchmarks.soak_office import PASSWORD, SoakedOffice, readers_of
from benchmarks.soak_report import report
from benchmarks.soak_server import STEPS
from pipeline.demo.people import DEMO_PEOPLE
from watch_folder.claim import SIDECAR

IN_FLIGHT = 8
"""Files dropped and not yet done: what a scanner lays down while the desk works."""
PAGES = ("/", "/search?q=kanari", "/search?q=alpha", "/quarantine", "/review", "/api/counts")
LOOK_SECONDS = 2.0
TAG = re.compile(r"<[^>]*>")
SECRET = re.compile(SECRET_WORD + r"\s+\d")
"""What stands on secret letters and in their names; who searches for the word alone is shown it again."""


class Soak(SoakedOffice):
    """One run: an office, its server, and what is done to both."""

    def __init__(self, root: Path, outside: Path, options: argparse.Namespace) -> None:
        super().__init__(root, outside, random.Random(options.seed))  # noqa: S311 - repeatable
        self.options, self.began = options, time.monotonic()
        self.backing_up = threading.Lock()
        self.scanner = Scanner(outside, options.seed, options.hostile_every)

    # What is done to it.

    def kill(self) -> None:
        """End something: at a step, or a process, the server alone, all of them, or by SIGTERM."""
        how = self.chance.choice(("step", "step", "step", "worker", "server", "tree", "term"))
        if how == "step":
            step = self.chance.choice(tuple(STEPS))
            self.spec.write_text(step, "utf-8")
            end = time.monotonic() + 20
            while self.spec.exists() and self.is_running and time.monotonic() < end:
                self.drop()
                time.sleep(0.05)
            if self.spec.exists():  # nobody came to this step
                self.spec.unlink(missing_ok=True)
                return
            how = f"at: {step}"
        elif self.server is not None and self.is_running:
            self._kill_now(how, self.server)
        self.told.kills[how] += 1
        self.told.troubled.append((time.time() - 1.0, time.time() + 15.0))

    def _kill_now(self, how: str, server: subprocess.Popen[bytes]) -> None:
        time.sleep(self.chance.uniform(0.0, 1.5))
        if how == "worker":
            workers = readers_of(server.pid)
            if workers:
                with suppress(ProcessLookupError):
                    os.kill(self.chance.choice(workers), signal.SIGKILL)
        elif how == "server":
            server.kill()
            server.wait()
        elif how == "tree":
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()
        else:
            server.terminate()
            began = time.monotonic()
            server.wait()
            if (
                time.monotonic() - began > 30
            ):  # `stop_seconds` is 10, on a machine with two busy cores
                self.told.manual_steps.append("SIGTERM was not heeded for 30 s")

    def fill_disk(self) -> None:
        """Leave no room on the office's file system for a while."""
        filler = self.root.parent / "filler"
        began = time.time()
        with filler.open("wb") as file, suppress(OSError):
            while True:
                file.write(bytes(1 << 16))
                file.flush()
        end = time.monotonic() + self.chance.uniform(3.0, 12.0)
        while time.monotonic() < end:
            self.keep_running()
            self.drop()
            time.sleep(0.3)
        filler.unlink()
        self.told.full_disks += 1
        self.told.troubled.append((began, time.time() + 15.0))

    def back_up(self) -> None:
        """Back the running office up; a server may be killed meanwhile, but not the backup."""
        with self.backing_up:
            ran = self.saraban(
                "backup", str(self.outside / "kept"), "--office", str(self.root), "--json"
            )
        if ran.returncode == 0:
            self.told.backups.append(json.loads(ran.stdout)["snapshot"])
        else:
            self.told.backups_failed += 1
            print(ran.stderr, file=sys.stderr)

    def drop(self) -> bool:
        """Lay the next file at the door, unless enough lie there; False when all were dropped or there is no room."""
        told = self.told.dropped
        if self.is_over or self._unfinished() >= IN_FLIGHT:
            return False
        path, kind = self.scanner.next()
        door = self.root / ("secret" if kind is Kind.SECRET else "inbox")
        data, sha256 = path.read_bytes(), hash_of(path)
        path.unlink()
        half = door / f".{path.name}"
        while True:
            try:
                half.write_bytes(data)
                half.rename(door / path.name)
                break
            except OSError:  # the disk is full: a scanner tries again
                if not (self.root.parent / "filler").exists():
                    raise
                half.unlink(missing_ok=True)
                self._make_room_for_the_scanner()
        told.append(Dropped(sha256, kind, time.time()))
        return True

    def _make_room_for_the_scanner(self) -> None:
        filler = self.root.parent / "filler"
        with filler.open("r+b") as file:
            file.truncate(max(0, filler.stat().st_size - (1 << 18)))

    def _unfinished(self) -> int:
        at_doors = sum(len(list((self.root / door).iterdir())) for door in ("inbox", "secret"))
        return at_doors + len(list((self.root / "work").glob(f"*{SIDECAR}")))

    # All of it.

    def run(self) -> None:
        """Do everything; returns when all files are done with and the server has stopped."""
        self.upgrade_under_kills()
        due = self._plan()
        with self._people_look():
            while not self.is_over:
                self.keep_running()
                while due and due[0][0] <= len(self.told.dropped):
                    due.pop(0)[1]()
                    self.keep_running()
                if not self.drop():
                    time.sleep(0.1)
            if not self.options.minutes:
                for _, deed in due:
                    deed()
            self.keep_running()
        self._stop_in_order()
        self._finish()

    @property
    def is_over(self) -> bool:
        """Whether all were dropped, or the time is over."""
        minutes = (time.monotonic() - self.began) / 60
        too_long = bool(self.options.minutes) and minutes > self.options.minutes
        return too_long or len(self.told.dropped) >= int(self.options.letters)

    def _plan(self) -> list[tuple[int, Callable[[], None]]]:
        """Return what is done after how many files, the first first."""
        options = self.options
        deeds: list[tuple[int, Callable[[], None]]] = []
        for count, deed in (
            (options.kills, self.kill),
            (options.full_disks, self.fill_disk),
            (options.backups, self._back_up_beside),
        ):
            deeds += [(self.chance.randint(1, options.letters), deed) for _ in range(count)]
        return sorted(deeds, key=lambda one: one[0])

    def _back_up_beside(self) -> None:
        threading.Thread(target=self.back_up, name="backup").start()

    def _stop_in_order(self) -> None:
        for thread in threading.enumerate():
            if thread.name == "backup":
                thread.join()
        if self.server is not None:
            self.server.terminate()
            self.server.wait()

    def _finish(self) -> None:
        """Work what is left to its end."""
        ran = self.saraban("serve", "--once", "--office", str(self.root))
        if ran.returncode != 0:
            self.told.manual_steps.append(f"serve --once: {ran.stderr[-300:]}")

    @contextmanager
    def _people_look(self) -> Iterator[None]:
        """Let a clerk who may see no secret letter look at pages all the while."""
        ended = threading.Event()
        looking = threading.Thread(target=self._look, args=(ended,))
        looking.start()
        try:
            yield
        finally:
            ended.set()
            looking.join()

    def _look(self, ended: threading.Event) -> None:
        with httpx.Client(
            base_url=self.address, timeout=30, headers={"Origin": self.address}
        ) as browser:
            for page in cycle(PAGES):
                if ended.wait(LOOK_SECONDS):
                    return
                with suppress(httpx.HTTPError):
                    answer = browser.get(page)
                    if answer.status_code in (303, 401):
                        data = {"name": DEMO_PEOPLE[0].name, "password": PASSWORD}
                        browser.post("/login", data=data)
                        continue
                    self.told.requests[str(answer.status_code)] += 1
                    if SECRET.search(TAG.sub("", answer.text)):
                        self.told.leaks.append(page)


@contextmanager
def _place(options: argparse.Namespace, folder: Path) -> Iterator[Path]:
    """Yield where the office is to lie: on a file system of its own where one can be filled up."""
    if not options.mount:
        yield folder
        return
    place = folder / "disk"
    place.mkdir()
    size_mb = 100 + options.letters // 5
    subprocess.run(
        ["/usr/bin/mount", "-t", "tmpfs", "-o", f"size={size_mb}m", "none", str(place)], check=True
    )
    try:
        yield place
    finally:
        subprocess.run(["/usr/bin/umount", "-l", str(place)], check=True)


def main() -> None:
    """Soak and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=300, help="files dropped in all")
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--full-disks", type=int, default=0, help="needs --mount")
    parser.add_argument("--backups", type=int, default=2)
    parser.add_argument("--hostile-every", type=int, default=50)
    parser.add_argument("--minutes", type=int, help="drop nothing any more after so long")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mount", action="store_true", help="lay the office on a small tmpfs")
    options = parser.parse_args()
    if options.full_disks and not options.mount:
        parser.error("--full-disks needs --mount")
    with (
        tempfile.TemporaryDirectory(prefix="saraban-soak-") as name,
        _place(options, Path(name)) as place,
    ):
        soak = Soak(place / "office", Path(name), options)
        try:
            soak.run()
        finally:
            if soak.is_running and soak.server is not None:
                os.killpg(soak.server.pid, signal.SIGKILL)
        found, well = report(soak)
        found["seconds"] = round(time.monotonic() - soak.began)
    print(json.dumps(found, ensure_ascii=False, indent=1))
    sys.exit(0 if well else 1)


if __name__ == "__main__":
    main()
