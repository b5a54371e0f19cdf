"""A disk that counts what is asked of it, ends the program at any such step, and forgets at a power cut."""

from __future__ import annotations

import errno
import io
import os
import random
import secrets
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy import Engine, event

CHANGES = ("INSERT", "UPDATE", "DELETE", "CREATE", "ALTER", "DROP")


class KilledError(BaseException):
    """The program was ended here. No part of the program catches it, and nothing it does after it counts."""


@dataclass(frozen=True, slots=True)
class _Change:
    """A change of names that is not yet safe from a power cut: the folders to be flushed, and how to undo it."""

    folders: frozenset[Path]
    undo: Callable[[], object]


class Disk:
    """Stands between the program and the files below `root` while `in_force`.

    Every change of a name, creation and flush, and every change and commit of the book, is a step.
    `kill_after(n)` ends the program at the n-th step from now: from then on each step raises KilledError,
    so that no clean-up of the program changes anything. `revive` lets the next life begin, and
    `cut_power` first takes back what was not flushed: names in the order they were changed, and the
    bytes of files. Commits of the book are taken for durable: it is opened with `synchronous=FULL`.
    While `full`, nothing new is written.
    """

    def __init__(self, root: Path, shadows: Path, chance: random.Random) -> None:
        self.full = False
        self.steps = 0
        self._root = root
        self._shadows = shadows
        self._chance = chance
        self._left: int | None = None
        self._dead = False
        self._unsafe: list[_Change] = []
        self._flushed: dict[tuple[int, int], tuple[int, int]] = {}
        self._real = {name: getattr(os, name) for name in ("rename", "replace", "link", "unlink")}
        self._real |= {name: getattr(os, name) for name in ("mkdir", "open", "fsync")}
        self._real_io_open = io.open
        shadows.mkdir()

    @property
    def dead(self) -> bool:
        """Whether the program has been ended and not revived."""
        return self._dead

    def kill_after(self, steps: int) -> None:
        """End the program at a step that is still to come."""
        self._left = steps

    def spare(self) -> None:
        """Take `kill_after` back, where its step was not reached."""
        self._left = None

    def revive(self) -> None:
        """Let a program begin again; files and book are as the dead one left them."""
        self._dead, self._left = False, None

    def from_outside(self, path: Path) -> None:
        """Note a file that somebody else wrote: it is safe."""
        self._note_flushed(path.stat())

    def cut_power(self) -> int:
        """Take back what was not flushed, some of it or all; return how many changes of names."""
        lost = self._chance.randint(0, len(self._unsafe))
        for change in reversed(self._unsafe[len(self._unsafe) - lost :]):
            try:
                change.undo()
            except FileNotFoundError:
                continue  # what it led to was taken back with it
        self._unsafe.clear()
        for path in self._root.rglob("*"):
            if self._is_ours(path) and path.is_file() and not path.is_symlink():
                status = path.stat()
                if self._flushed.get((status.st_dev, status.st_ino)) != _stamp(status):
                    os.truncate(path, 0)
                    self._note_flushed(path.stat())
        return lost

    @contextmanager
    def in_force(self) -> Iterator[None]:
        """Stand between while the body runs."""
        with ExitStack() as stack:
            for name in self._real:
                stack.enter_context(patch.object(os, name, getattr(self, f"_{name}")))
            stack.enter_context(patch.object(io, "open", self._io_open))
            stack.enter_context(
                patch.object(secrets, "token_hex", lambda n=32: self._chance.randbytes(n).hex())
            )
            event.listen(Engine, "do_execute", self._execute)
            event.listen(Engine, "commit", self._commit)
            stack.callback(event.remove, Engine, "do_execute", self._execute)
            stack.callback(event.remove, Engine, "commit", self._commit)
            yield

    def _step(self) -> None:
        if self._dead:
            raise KilledError
        self.steps += 1
        if self._left is not None:
            self._left -= 1
            if self._left < 0:
                self._dead = True
                raise KilledError

    def _write_step(self) -> None:
        self._step()
        if self.full:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _is_ours(self, path: Any) -> bool:
        """Tell whether the play keeps it: not the book, nor what the index writes by itself."""
        if isinstance(path, int):
            return False
        where = Path(path)
        if not where.is_absolute() or not where.is_relative_to(self._root):
            return False
        inside = where.relative_to(self._root).parts
        return bool(inside) and inside[0] not in ("search", "cache") and ".db" not in inside[0]

    # What the program calls.

    def _rename(self, source: Any, target: Any, **named: Any) -> None:
        if not self._is_ours(source):
            self._real["rename"](source, target, **named)
            return
        self._step()
        before = self._shadow(target) if os.path.lexists(target) else None
        self._real["rename"](source, target)
        self._note(
            {Path(source).parent, Path(target).parent},
            lambda: self._put_back(source, target, before),
        )

    def _replace(self, source: Any, target: Any, **named: Any) -> None:
        if not self._is_ours(source):
            self._real["replace"](source, target, **named)
            return
        self._rename(source, target)

    def _link(self, source: Any, target: Any, **named: Any) -> None:
        if not self._is_ours(target):
            self._real["link"](source, target, **named)
            return
        self._write_step()
        self._real["link"](source, target)
        self._note({Path(target).parent}, lambda: self._real["unlink"](target))

    def _unlink(self, path: Any, **named: Any) -> None:
        if named or not self._is_ours(path):
            if self._dead:
                raise KilledError
            self._real["unlink"](path, **named)
            return
        self._step()
        kept = self._shadow(path) if os.path.lexists(path) else None
        self._real["unlink"](path)
        if kept is not None:
            self._note({Path(path).parent}, lambda: self._real["link"](kept, path))

    def _mkdir(self, path: Any, *told: Any, **named: Any) -> None:
        if self._is_ours(path) and not os.path.lexists(path):
            self._write_step()
        self._real["mkdir"](path, *told, **named)

    def _open(self, path: Any, flags: int, *told: Any, **named: Any) -> int:
        makes = bool(flags & os.O_CREAT) and not named and self._is_ours(path)
        is_new = makes and not os.path.lexists(path)
        if is_new:
            self._write_step()
        descriptor: int = self._real["open"](path, flags, *told, **named)
        if is_new:
            self._note({Path(path).parent}, lambda: self._real["unlink"](path))
        return descriptor

    def _io_open(self, path: Any, mode: str = "r", *told: Any, **named: Any) -> Any:
        is_new = mode[0] in "wx" and self._is_ours(path) and not os.path.lexists(path)
        if is_new:
            self._write_step()
        opened = self._real_io_open(path, mode, *told, **named)
        if is_new:
            self._note({Path(path).parent}, lambda: self._real["unlink"](path))
        return opened

    def _fsync(self, descriptor: int) -> None:
        self._step()
        status = os.fstat(descriptor)
        if not stat.S_ISDIR(status.st_mode):
            self._note_flushed(status)
            return
        folder = Path(f"/proc/self/fd/{descriptor}").readlink()
        still = []
        for change in self._unsafe:
            left = change.folders - {folder}
            if left:
                still.append(_Change(left, change.undo))
        self._unsafe = still

    def _execute(self, _cursor: Any, statement: str, *_told: Any) -> None:
        if self._dead or statement.lstrip().startswith(CHANGES):
            self._step()
            if self.full and not self._dead and not statement.lstrip().startswith("DELETE"):
                raise sqlite3.OperationalError("database or disk is full")

    def _commit(self, _connection: Any) -> None:
        self._step()

    # How it is kept.

    def _note(self, folders: set[Path], undo: Callable[[], object]) -> None:
        self._unsafe.append(_Change(frozenset(folders), undo))

    def _note_flushed(self, status: os.stat_result) -> None:
        self._flushed[status.st_dev, status.st_ino] = _stamp(status)

    def _shadow(self, path: Any) -> Path:
        kept = self._shadows / str(sum(1 for _ in self._shadows.iterdir()))
        self._real["link"](path, kept)
        return kept

    def _put_back(self, source: Any, target: Any, before: Path | None) -> None:
        self._real["rename"](target, source)
        if before is not None:
            self._real["link"](before, target)

    def settle(self) -> None:
        """Take everything for safe: hours later the system has written it out by itself."""
        self._unsafe.clear()
        for path in self._root.rglob("*"):
            if self._is_ours(path) and path.is_file():
                self._note_flushed(path.stat())
        shutil.rmtree(self._shadows)
        self._real["mkdir"](self._shadows)


def _stamp(status: os.stat_result) -> tuple[int, int]:
    return status.st_size, status.st_mtime_ns
