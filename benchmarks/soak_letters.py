"""What a soak drops at an office's door: small drawn letters, secret ones, further copies, and files made to harm."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from tests import hostile, scans

SECRET_WORD = "kanari"  # noqa: S105 - stands in the names and on the pages of secret letters only
WORDS = ("alpha", "birch", "cedar", "delta", "ebony", "flora", "grove", "hazel", "ivory", "jade")


class Kind(StrEnum):
    """What a dropped file is."""

    GOOD = "good"
    SECRET = "secret"  # noqa: S105 - of letters
    DUPLICATE = "duplicate"
    HOSTILE = "hostile"


@dataclass(frozen=True, slots=True)
class Dropped:
    """A file that was laid at the door: its bytes' hash, what it is and when it came (seconds since 1970)."""

    sha256: str
    kind: Kind
    at: float


def _truncated(path: Path) -> Path:
    whole = scans.write_pdf(path, path.name, pages=3).read_bytes()
    path.write_bytes(whole[: len(whole) * 2 // 3])
    return path


def _unknown(path: Path) -> Path:
    path.write_bytes(b"no scan at all " * 40 + path.name.encode())
    return path


HARMFUL: tuple[Callable[[Path], Path], ...] = (
    hostile.nested_forms,
    _truncated,
    lambda path: hostile.flate_bomb(path, gigabytes=0.5),
    lambda path: scans.write_locked_pdf(path, "geheim"),
    lambda path: hostile.slow_paths(path, lines=400_000),
    _unknown,
    hostile.many_huge_pictures,
    lambda path: hostile.many_huge_frames(path, frames=60),
    lambda path: hostile.nested_forms(path, depth=7, text=False),
)
"""Memory, a scan broken off, a packed gigabyte, a password, time, no scan, pixels, a look without end."""


class Scanner:
    """Draws one file after another from a seed; the same seed draws the same files."""

    def __init__(self, folder: Path, seed: int, hostile_every: int) -> None:
        self._folder = folder
        self._dice = random.Random(seed)  # noqa: S311 - repeatable
        self._hostile_every = hostile_every
        self._good: list[bytes] = []
        self._number = self._harms = 0

    def next(self) -> tuple[Path, Kind]:
        """Write the next file into the folder; return it and what it is."""
        self._number += 1
        number = self._number
        if number % self._hostile_every == 0:
            return self._harm(number), Kind.HOSTILE
        if self._good and self._dice.random() < 1 / 40:
            path = self._folder / f"again {number}.pdf"
            path.write_bytes(self._dice.choice(self._good))
            return path, Kind.DUPLICATE
        kind = Kind.SECRET if self._dice.random() < 1 / 25 else Kind.GOOD
        word = SECRET_WORD if kind is Kind.SECRET else self._dice.choice(WORDS)
        suffix = self._dice.choice(tuple(scans.WRITERS))
        path = self._folder / f"{word} {number}{suffix}"
        scans.WRITERS[suffix](path, f"{word} {number} {self._dice.choice(WORDS)}")
        if kind is Kind.GOOD and suffix == ".pdf":
            self._good = [*self._good[-20:], path.read_bytes()]
        return path, kind

    def _harm(self, number: int) -> Path:
        path = HARMFUL[self._harms % len(HARMFUL)](self._folder / f"harm {number}.pdf")
        self._harms += 1
        if path.read_bytes().endswith(
            b"%%EOF\n"
        ):  # what lies behind the end makes other bytes of it
            path.write_bytes(path.read_bytes() + f"% {number}\n%%EOF\n".encode())
        return path


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
