"""Quarantine: what cannot be read lies there unchanged, with its reason in a text file beside it."""

from __future__ import annotations

import os
import secrets
from datetime import datetime
from itertools import count
from pathlib import Path

from watch_folder.durable_move import flush_folder, move_durably, write_durably
from watch_folder.errors import NoRoomError, Reason
from watch_folder.file_names import NAME_LIMIT_BYTES, readable_name, shorten

NOTE = ".txt"
NUMBER_BYTES = len(" (99999)")


def put_in_quarantine(
    path: Path,
    quarantine: Path,
    reason: Reason,
    *,
    now: datetime,
    name: str | None = None,
    secret: bool = False,
) -> Path:
    """Move a file into quarantine and return where it lies; `<that>.txt` beside it says why.

    `name` is what people call it (default: its own name). Nothing in quarantine is ever
    overwritten. A `secret` file gets a name that says nothing and can be read by its owner only.
    Raises FileNotFoundError when the file is gone and NoRoomError when it cannot be moved; it then
    lies where it lay.
    """
    path.lstat()
    name = readable_name(path.name if name is None else name)
    if secret:
        extension = os.path.splitext(name)[1]  # noqa: PTH122 - a name, not a path
        shown = f"(หนังสือลับ) {now:%Y%m%d-%H%M%S}-{secrets.token_hex(4)}{extension}"
    else:
        shown = name
    text = _explain("(หนังสือลับ)" if secret else name, reason, now)
    try:
        quarantine.mkdir(parents=True, exist_ok=True)
        # The note comes first and reserves the name: a file there always has its reason.
        target = _reserve_with_note(quarantine, shown, text, owner_only=secret)
        try:
            if secret and not path.is_symlink():
                path.chmod(0o600)
            move_durably(path, target)
        except OSError:
            if not os.path.lexists(target):
                _note(target).unlink(missing_ok=True)
            raise
    except FileNotFoundError:
        raise
    except OSError as error:
        raise NoRoomError(quarantine, error.strerror or str(error)) from error
    return target


def move_beside(path: Path, folder: Path, name: str) -> Path:
    """Move a file into `folder` under `name`, or under `name (2)` and so on if that is taken."""
    for candidate in _candidates(folder, readable_name(name), NAME_LIMIT_BYTES):
        try:
            candidate.touch(exist_ok=False)  # taken in one step, so that nothing is overwritten
        except FileExistsError:
            continue
        move_durably(path, candidate)
        return candidate
    raise AssertionError("numbers do not end")


def _reserve_with_note(quarantine: Path, name: str, text: str, *, owner_only: bool) -> Path:
    for candidate in _candidates(quarantine, name, NAME_LIMIT_BYTES - len(NOTE)):
        if os.path.lexists(candidate):
            continue
        try:
            write_durably(_note(candidate), text, owner_only=owner_only)
        except FileExistsError:
            continue
        flush_folder(quarantine)
        return candidate
    raise AssertionError("numbers do not end")


def _candidates(folder: Path, name: str, limit_bytes: int) -> map[Path]:
    stem, extension = os.path.splitext(shorten(name, limit_bytes - NUMBER_BYTES))  # noqa: PTH122
    first = shorten(name, limit_bytes)

    def candidate(number: int) -> Path:
        return folder / (first if number == 1 else f"{stem} ({number}){extension}")

    return map(candidate, count(1))


def _note(path: Path) -> Path:
    return path.with_name(path.name + NOTE)


def _explain(name: str, reason: Reason, now: datetime) -> str:
    return (
        f"ไฟล์: {name}\n"
        f"กักไว้เมื่อ: {now.day}/{now.month}/{now.year + 543} {now:%H:%M} น.\n"
        f"เหตุผล: {reason.thai}\n"
        "ไฟล์เดิมอยู่ข้างไฟล์นี้ ไม่ถูกแก้ไข\n"
        "\n"
        f"File: {name}\n"
        f"Put aside: {now.isoformat(timespec='minutes')}\n"
        f"Reason: {reason.english}\n"
        "The original lies beside this note, unchanged.\n"
        f"Code: {reason.code}\n"
    )
