"""Sweeping: what lies in a watched folder is the truth; whatever is finished is taken."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from watch_folder.attempts import counted_attempt, forget_attempts
from watch_folder.claim import claim
from watch_folder.durable_move import Stamp
from watch_folder.errors import (
    FolderUnavailableError,
    NotAFileError,
    Reason,
    RefusedScanError,
    WatchFolderError,
)
from watch_folder.file_names import readable_name
from watch_folder.scanned_file import ScannedFile
from watch_folder.watched_folder import WatchedFolder
from watch_folder.whole import check_whole
from watch_folder.writers import is_open_for_writing

# Files that belong to the machine that shares the folder, not to anybody's letters.
NOT_FOR_US = ("thumbs.db", "desktop.ini")
LOCK_PREFIX = "~$"  # what an office program lays beside a document that it has open
TEMPORARY_ENDINGS = (".part", ".partial", ".tmp", ".temp", ".filepart", ".crdownload", "~")


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A file that lies in the watched folder and will not be taken; put it in quarantine.

    `name` is for people; of a `secret_door` file it may be shown to the registrar only.
    """

    path: Path
    name: str
    reason: Reason
    door: str
    secret_door: bool


@dataclass(frozen=True, slots=True)
class Sweep:
    """What one sweep did.

    `waiting` files are not finished, or could not be taken yet; later sweeps look again.
    `temporary` files have a name that says they are being written (`*.part`): they are left until
    they are renamed, however long that takes. `troubles` are about folders and disks and keep
    files waiting until somebody helps: show them.
    """

    claimed: list[ScannedFile]
    refused: list[RefusedFile]
    waiting: int
    temporary: int = 0
    troubles: list[WatchFolderError] = field(default_factory=list)


@dataclass(slots=True)
class _Seen:
    stamp: Stamp
    since: datetime
    problem: RefusedScanError | None = None


class SweepMemory:
    """What earlier sweeps of one folder saw: since when each file has not changed."""

    def __init__(self) -> None:
        self._seen: dict[Path, _Seen] = {}

    def look(self, path: Path, stamp: Stamp, now: datetime) -> _Seen:
        """Return what is known of the file, anew when it has changed."""
        seen = self._seen.get(path)
        if seen is None or seen.stamp != stamp or seen.since > now:  # a clock set back starts anew
            seen = self._seen[path] = _Seen(stamp, now)
        return seen

    def keep_only(self, paths: Collection[Path]) -> None:
        """Forget files that are not in the folder any more."""
        self._seen = {path: seen for path, seen in self._seen.items() if path in paths}


@dataclass(frozen=True, slots=True)
class _Entry:
    path: Path
    mode: int
    stamp: Stamp


def sweep(
    inbox: WatchedFolder,
    work: Path,
    *,
    memory: SweepMemory,
    now: datetime,
    settle_seconds: float = 2.0,
    patience_seconds: float = 60.0,
    limit: int = 100,
    others: Collection[WatchedFolder] = (),
    look: Callable[[Path], str | None] | None = None,
) -> Sweep:
    """Take every finished file out of a watched folder and its subfolders, oldest first.

    A file is finished when size and time have not changed for `settle_seconds`, no program on this
    machine has it open for writing, and it parses to its end. One that does not parse is refused
    when it has not changed for `patience_seconds`, or at once when no more bytes could help (a
    password). `memory` belongs to this folder alone, `now` is timezone-aware. At most `limit` files
    are claimed. `others` are the other watched folders: one that lies inside this one is left to its
    own sweep. `look` does what `check_whole` does elsewhere; None: ask it again at the next sweep.

    Never raises for a file or a full disk; see `Sweep.troubles`.
    """
    if work.absolute().is_relative_to(inbox.path.absolute()):
        trouble = FolderUnavailableError(inbox.path, "the office's own folders lie inside it")
        return Sweep([], [], 0, troubles=[trouble])
    skipped = {other.path.absolute() for other in others} - {inbox.path.absolute()}
    troubles: list[WatchFolderError] = []
    entries = sorted(
        _walk(inbox.path, skipped, troubles),
        key=lambda entry: (entry.stamp.modified_ns, entry.path.name),
    )
    memory.keep_only({entry.path for entry in entries})
    finished, waiting, temporary = [], 0, 0
    for entry in entries:
        if entry.path.name.lower().endswith(TEMPORARY_ENDINGS):
            temporary += 1
            continue
        seen = memory.look(entry.path, entry.stamp, now)
        quiet_seconds = (now - seen.since).total_seconds()
        tried = seen.problem is not None and quiet_seconds < patience_seconds
        if quiet_seconds < settle_seconds or tried:
            waiting += 1
        else:
            finished.append((entry, seen, quiet_seconds >= patience_seconds))
    done = Sweep([], [], waiting, temporary, troubles)
    for number, (entry, seen, is_last_try) in enumerate(finished):
        if len(done.claimed) >= limit:
            return replace(done, waiting=done.waiting + len(finished) - number)
        done = _try_one(
            done,
            entry,
            seen=seen,
            is_last_try=is_last_try,
            inbox=inbox,
            work=work,
            now=now,
            look=look,
        )
    return done


def _try_one(
    done: Sweep,
    entry: _Entry,
    *,
    seen: _Seen,
    is_last_try: bool,
    inbox: WatchedFolder,
    work: Path,
    now: datetime,
    look: Callable[[Path], str | None] | None,
) -> Sweep:
    """Take or refuse one file; return `done` with it."""
    try:
        busy = not is_last_try and is_open_for_writing(entry.path)
        took = None if busy else _take(entry, inbox, work, now, look or check_whole)
    except RefusedScanError as problem:
        seen.problem = problem
        if is_last_try or not problem.may_still_change:
            forget_attempts(entry.path, entry.stamp, work)
            done.refused.append(_refused(entry.path, inbox, problem.reason))
            return done
    except FileNotFoundError:
        return done  # whoever dropped it took it back
    except WatchFolderError as trouble:
        if all(str(trouble) != str(known) for known in done.troubles):
            done.troubles.append(trouble)
    else:
        if took is not None:
            done.claimed.append(took)
            return done
    return replace(done, waiting=done.waiting + 1)


def _take(
    entry: _Entry,
    inbox: WatchedFolder,
    work: Path,
    now: datetime,
    look: Callable[[Path], str | None],
) -> ScannedFile | None:
    if not stat.S_ISREG(entry.mode):
        raise NotAFileError(entry.path)
    with counted_attempt(entry.path, entry.stamp, work):
        media_type = look(entry.path)
    if media_type is None:
        return None
    return claim(
        entry.path,
        work,
        media_type=media_type,
        door=inbox.name,
        received_at=now,
        secret_door=inbox.secret,
        group=inbox.group_of(entry.path),
        batch=inbox.batch,
        stamp=entry.stamp,
    )


def _refused(path: Path, inbox: WatchedFolder, reason: Reason) -> RefusedFile:
    return RefusedFile(path, readable_name(path.name), reason, inbox.name, inbox.secret)


def _walk(
    folder: Path, skipped: Collection[Path], troubles: list[WatchFolderError]
) -> Iterator[_Entry]:
    """Yield everything in the folder and below that is not hidden; links are not followed."""
    try:
        with os.scandir(folder) as entries:
            found = list(entries)
    except OSError as error:
        troubles.append(FolderUnavailableError(folder, error.strerror or str(error)))
        return
    for one in found:
        if one.name.startswith((".", LOCK_PREFIX)) or one.name.lower() in NOT_FOR_US:
            continue
        path = folder / one.name
        try:
            if one.is_dir(follow_symlinks=False):
                if path.absolute() not in skipped:
                    yield from _walk(path, skipped, troubles)
                continue
            status = one.stat(follow_symlinks=False)
        except FileNotFoundError:
            continue
        yield _Entry(path, status.st_mode, Stamp.of(status))
