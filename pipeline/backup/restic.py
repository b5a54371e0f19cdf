"""The door to restic, the program that keeps backups; nothing else here starts another program.

restic (BSD licence, in Debian) cuts files by their contents, keeps each piece once under the SHA-256 of
its bytes, and encrypts all of it. Why it and not BorgBackup: docs/adr/0008-backup.md. The oldest one
used is Debian 12's, 0.14; a newer one reads what an older one wrote. The passphrase reaches it through
its environment or a file, never on a command line, which every user of the machine can read.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline.backup.errors import (
    BackupError,
    BackupFailedError,
    BackupToolMissingError,
    NoBackupThereError,
    WrongPassphraseError,
)

TAG = "saraban"
LOOK_SECONDS = 0.5
INCOMPLETE = 3
_AN_ID = re.compile(r"\b[0-9a-f]{64}\b")
_REMOTE = re.compile(r"(sftp|rest|s3|b2|azure|gs|swift|rclone):")
_PASSED_OVER = "ignoring error for "
_WHAT_IT_MEANS = (
    (re.compile(r"wrong password|no key found"), WrongPassphraseError),
    (
        re.compile(r"unable to open config|does not exist|no such file|Is there a repo"),
        NoBackupThereError,
    ),
)


@dataclass(frozen=True, slots=True)
class Passphrase:
    """What opens a backup: the words, or the file that holds nothing else."""

    words: str = field(default="", repr=False)
    file: Path | None = None

    @property
    def environment(self) -> dict[str, str]:
        """How restic is told."""
        if self.file is not None:
            return {"RESTIC_PASSWORD_FILE": str(self.file)}
        return {"RESTIC_PASSWORD": self.words}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One moment in a backup."""

    snapshot_id: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Stored:
    """What a backup stored: `added_bytes` is what was new, before it was packed."""

    snapshot_id: str
    files: int
    total_bytes: int
    added_bytes: int


@dataclass(frozen=True, slots=True)
class _Ended:
    code: int
    out: str
    err: str


class Restic:
    """One backup: `place` is a folder, or an address as restic writes them (`sftp:user@host:/folder`).

    `limit_kb` is how many KiB a second may be moved; 0 is as fast as can be. `stopping` ends what runs.
    All methods raise BackupError.
    """

    def __init__(
        self,
        place: str,
        passphrase: Passphrase,
        *,
        limit_kb: int = 0,
        stopping: threading.Event | None = None,
    ) -> None:
        self.place = place
        self._passphrase = passphrase
        self._limit_kb = limit_kb
        self._stopping = stopping or threading.Event()

    @property
    def folder(self) -> Path | None:
        """The folder it lies in; None for one on another machine."""
        return None if _REMOTE.match(self.place) else Path(self.place)

    def exists(self) -> bool:
        """Tell whether a backup is there; one that does not open with the passphrase raises.

        Locks of processes that are gone are taken away, and no others.
        """
        try:
            self._must("unlock")
        except NoBackupThereError:
            return False
        return True

    def create(self) -> None:
        """Begin a backup where there is none; the key lies there twice, for it is what all hangs on."""
        self._must("init")
        words = self._passphrase.words
        if self._passphrase.file is not None:
            words = self._passphrase.file.read_text("utf-8").splitlines()[0]
        # It asks for the new passphrase twice on its standard input when that is no terminal.
        self._must("key", "add", typed=f"{words}\n{words}\n")

    def store(
        self, folder: Path, at: datetime, *, office: str, keep_open: Sequence[int] = ()
    ) -> Stored | None:
        """Store all that lies in the folder, as of `at`; None when some of it went away meanwhile.

        Files are known to be unchanged by path, size, inode and time of change of their bytes: a new
        hard link to a file changes nothing. `keep_open` are files that stay open while it runs.
        """
        moment = f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
        ended = self._run(
            "backup",
            ".",
            "--json",
            "--ignore-ctime",
            "--tag",
            TAG,
            "--host",
            office,
            "--time",
            moment,
            cwd=folder,
            keep_open=keep_open,
        )
        if ended.code == INCOMPLETE:
            return None
        if ended.code:
            raise self._meaning(ended)
        summary = next(one for one in _json_lines(ended.out) if one["message_type"] == "summary")
        return Stored(
            str(summary["snapshot_id"]),
            int(summary["total_files_processed"]),
            int(summary["total_bytes_processed"]),
            int(summary["data_added"]),
        )

    def snapshots(self) -> tuple[Snapshot, ...]:
        """Return the moments that are kept, oldest first."""
        listed = json.loads(
            self._must("snapshots", "--json", "--no-lock", "--tag", TAG).out or "[]"
        )
        found = (Snapshot(one["short_id"], _moment(one["time"])) for one in listed or [])
        return tuple(sorted(found, key=lambda one: one.made_at))

    def expire(self, keep_days: int) -> int:
        """Forget moments and let no byte of theirs stay; return how many went.

        Kept are all of two days, one a day of two weeks, one a week of `keep_days`, counted back from the
        newest: a backup that is made no more forgets nothing.
        """
        ended = self._must(
            "forget",
            "--json",
            "--tag",
            TAG,
            "--group-by",
            "",
            "--keep-within",
            f"{min(2, keep_days)}d",
            "--keep-within-daily",
            f"{min(14, keep_days)}d",
            "--keep-within-weekly",
            f"{keep_days}d",
        )
        gone = sum(len(group["remove"] or ()) for group in json.loads(ended.out or "[]") or ())
        if gone:  # restic's default leaves a twentieth of what was forgotten where it lies
            self._must("prune", "--max-unused", "0")
        return gone

    def check(self, part: str = "") -> tuple[bool, str]:
        """Read back all, or a `part` as `3/30`; return whether all is well, and what was said."""
        self._must("unlock")
        read = ("--read-data-subset", part) if part else ("--read-data",)
        ended = self._run("check", *read)
        if ended.code and not _AN_ID.search(ended.err) and "damaged" not in ended.err:
            meaning = self._meaning(ended)
            if not isinstance(meaning, BackupFailedError):
                raise meaning
        return ended.code == 0, ended.out + ended.err

    def paths_in(self, file_id: str) -> tuple[str, ...]:
        """Return the files of the office, in whatever moment, of which a piece lies in this file."""
        ended = self._run("find", "--json", "--no-lock", "--pack", file_id)
        if ended.code or not ended.out.strip():
            return ()
        return tuple(
            sorted({str(one["path"]) for one in json.loads(ended.out) or [] if "path" in one})
        )

    def restore(self, snapshot_id: str, target: Path) -> int:
        """Bring a moment back into `target`; return how many errors the damage of the backup made.

        What can be read comes back also out of a damaged backup.
        """
        ended = self._run(
            "restore", snapshot_id, "--no-lock", "--target", str(target), "--tag", TAG
        )
        lost = sum(line.startswith(_PASSED_OVER) for line in ended.err.splitlines())
        if ended.code and not lost:
            raise self._meaning(ended)
        return lost

    def read(self, snapshot_id: str, name: str) -> bytes:
        """Return one small text file of a moment."""
        return self._must("dump", "--no-lock", "--tag", TAG, snapshot_id, f"/{name}").out.encode()

    def _must(self, *arguments: str, typed: str = "") -> _Ended:
        ended = self._run(*arguments, typed=typed)
        if ended.code:
            raise self._meaning(ended)
        return ended

    def _meaning(self, ended: _Ended) -> BackupError:
        """Say what the program's last words mean. Other lines may name files of secret letters."""
        fatal = [line for line in ended.err.splitlines() if line.startswith("Fatal:")]
        last = fatal[-1].removeprefix("Fatal: ") if fatal else f"restic ended with {ended.code}"
        for words, error in _WHAT_IT_MEANS:
            if words.search(ended.err):
                return error(self.place)
        return BackupFailedError(self.place, last[:300])

    def _run(
        self,
        *arguments: str,
        cwd: Path | None = None,
        typed: str = "",
        keep_open: Sequence[int] = (),
    ) -> _Ended:
        program = shutil.which("restic")
        if program is None:
            raise BackupToolMissingError
        place = str(Path(self.place).absolute()) if self.folder else self.place
        limits = ("--limit-upload", "--limit-download") if self._limit_kb else ()
        limited = [word for one in limits for word in (one, str(self._limit_kb))]
        others = ("RESTIC_PASSWORD", "RESTIC_REPOSITORY")  # of somebody else's backup
        kept = {name: value for name, value in os.environ.items() if not name.startswith(others)}
        process = subprocess.Popen(
            # Letters are read at the same time: they come first.
            ["nice", "-n", "10", program, "--repo", place, "--no-cache", *limited, *arguments],  # noqa: S607
            cwd=cwd,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            pass_fds=keep_open,
            env=kept | self._passphrase.environment | {"LC_ALL": "C.UTF-8", "TZ": "UTC"},
        )
        waits_to_type: str | None = typed
        while True:
            try:
                out, err = process.communicate(waits_to_type, timeout=LOOK_SECONDS)
                return _Ended(process.returncode, out, err)
            except subprocess.TimeoutExpired:
                waits_to_type = None
                if self._stopping.is_set():
                    process.terminate()
                    process.communicate()
                    raise BackupFailedError(self.place, "it was stopped") from None
            except BaseException:  # Ctrl-C: it has heard it too, and tidies up
                process.terminate()
                process.wait()
                raise


def ids_in(output: str) -> tuple[str, ...]:
    """Return the files of a backup that are named in what was said, each once."""
    return tuple(dict.fromkeys(_AN_ID.findall(output)))


def _json_lines(text: str) -> Iterator[dict[str, Any]]:
    for line in text.splitlines():
        if line.startswith("{"):
            yield json.loads(line)


def _moment(written: str) -> datetime:
    """Read a time of restic's, which has nine digits of a second; Python reads six."""
    return datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", written))
