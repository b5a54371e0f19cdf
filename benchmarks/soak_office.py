"""The office of a soak and its server, which is started again whenever it has ended, as systemd would."""

from __future__ import annotations

import os
import random
import socket
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from benchmarks.soak_letters import Dropped
from benchmarks.soak_server import VARIABLE
from pipeline.demo.people import DEMO_PEOPLE
from pipeline.office import create_office, open_book

SETTINGS = """
[watch]
settle_seconds = 0.3
patience_seconds = 5.0
[[watch.folder]]
path = "inbox"
profile = "inbox"
[[watch.folder]]
path = "secret"
profile = "secret"
secret = true
[work]
workers = 2
page_seconds = 15
memory_mb = 1536
"""
OLDEST = "0001"
PASSWORD = "ข้าวเหนียวมะม่วง"  # noqa: S105 - of drawn people
ENVIRONMENT = {**os.environ, "OMP_THREAD_LIMIT": "1", "SARABAN_BACKUP_PASSPHRASE": "of a soak"}
READY_SECONDS = 300.0


@dataclass
class Told:
    """What happened, for the report. `troubled` are spans of time in which good letters had to wait."""

    dropped: list[Dropped] = field(default_factory=list)
    kills: Counter[str] = field(default_factory=Counter)
    troubled: list[tuple[float, float]] = field(default_factory=list)
    full_disks: int = 0
    backups: list[str] = field(default_factory=list)
    backups_failed: int = 0
    requests: Counter[str] = field(default_factory=Counter)
    leaks: list[str] = field(default_factory=list)
    manual_steps: list[str] = field(default_factory=list)
    upgrade_kills: int = 0


class SoakedOffice:
    """An office in `root` and its server; what is no part of the office lies `outside`."""

    def __init__(self, root: Path, outside: Path, chance: random.Random) -> None:
        self.root, self.outside, self.chance = root, outside, chance
        self.told = Told()
        self.port = _free_port()
        self.spec = outside / "step"
        self.log = outside / "server.log"
        self.environment = ENVIRONMENT | {VARIABLE: str(self.spec)}
        self.server: subprocess.Popen[bytes] | None = None
        self.office = create_office(root)
        (root / "saraban.toml").write_text(SETTINGS, "utf-8")
        (root / "secret").mkdir(exist_ok=True)

    def saraban(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the program to its end."""
        return subprocess.run(
            [sys.executable, "-m", "pipeline.cli", *arguments],
            env=ENVIRONMENT,
            capture_output=True,
            text=True,
            check=False,
        )

    def upgrade_under_kills(self) -> None:
        """Lay an empty book of the oldest revision and bring it up to date, killed on the way."""
        engine = create_engine(f"sqlite:///{self.office.database}")
        config = Config()
        config.set_main_option("script_location", "index:migrations")
        config.set_main_option("path_separator", "os")
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, OLDEST)
        engine.dispose()
        arguments = [sys.executable, "-m", "pipeline.cli", "upgrade", "--office", str(self.root)]
        for _ in range(3):
            with subprocess.Popen(arguments, env=ENVIRONMENT, stdout=subprocess.DEVNULL) as one:
                time.sleep(self.chance.uniform(1.0, 4.0))
                self.told.upgrade_kills += one.poll() is None
                one.kill()
        ran = self.saraban("upgrade", "--office", str(self.root))
        assert ran.returncode == 0, ran.stderr
        with open_book(self.office) as book:
            book.people.put_alike(DEMO_PEOPLE, PASSWORD, who="soak", now=datetime.now(UTC))

    def start(self) -> None:
        """Start the server; returns at once."""
        with self.log.open("ab") as log:
            self.server = subprocess.Popen(
                [sys.executable, "-m", "benchmarks.soak_server", "serve", *self._where],
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    @property
    def _where(self) -> tuple[str, ...]:
        return "--office", str(self.root), "--port", str(self.port)

    @property
    def is_running(self) -> bool:
        """Whether the server's process lives."""
        return self.server is not None and self.server.poll() is None

    def keep_running(self) -> None:
        """Start the server again where it has ended, as systemd would."""
        if not self.is_running:
            began = time.time()
            self.start()
            end = time.monotonic() + READY_SECONDS
            while self.is_running and time.monotonic() < end and not self._answers():
                time.sleep(0.2)
            self.told.troubled.append((began - 2.0, time.time() + 5.0))

    def _answers(self) -> bool:
        with suppress(httpx.HTTPError):
            return httpx.get(self.address + "/healthz", timeout=5).status_code < 500
        return False

    @property
    def address(self) -> str:
        """The page's address."""
        return f"http://127.0.0.1:{self.port}"


def readers_of(pid: int) -> list[int]:
    """Return the processes below the server that read letters."""
    children = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            children += [int(child) for child in path.read_text("ascii").split()]
    return children


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
