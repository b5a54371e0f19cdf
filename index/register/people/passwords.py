"""Passwords and tokens: hashed with argon2id, drawn at random, never written anywhere else."""

from __future__ import annotations

import hashlib
import threading
import unicodedata
from collections.abc import Callable

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from index.errors import PersonRefusedError
from index.message import message

LEAST_LENGTH, MOST_LENGTH = 10, 200
# Letters and digits that nobody mistakes for another: 32, so that five random bits choose one.
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
_AT_ONCE = 2
# The first that anybody tries, where they are long enough to be allowed at all.
_KNOWN = frozenset(
    {
        "1234567890",
        "0123456789",
        "0987654321",
        "1111111111",
        "0000000000",
        "password12",
        "password123",
        "passw0rd123",
        "qwertyuiop",
        "q1w2e3r4t5",
        "1q2w3e4r5t",
        "administrator",
        "admin12345",
        "adminadmin",
        "saraban123",
        "iloveyou12",
    }
)

Draw = Callable[[int], bytes]
"""Gives so many random bytes, as `secrets.token_bytes` does."""


class Passwords:
    """Hashes and compares; two at a time, because each takes 64 MiB (RFC 9106, second choice)."""

    def __init__(self, hasher: PasswordHasher) -> None:
        self._hasher = hasher
        self._turn = threading.Semaphore(_AT_ONCE)
        self._nobody: str | None = None

    def hash(self, password: str) -> str:
        """Return what is kept of a password."""
        with self._turn:
            return self._hasher.hash(_plain(password))

    def fits(self, kept: str | None, password: str) -> bool:
        """Tell whether it is the password; without a hash it takes as long and says no."""
        if self._nobody is None:
            self._nobody = self.hash("nobody has this password")
        with self._turn:
            try:
                self._hasher.verify(kept or self._nobody, _plain(password))
            except (VerificationError, InvalidHashError):
                return False
        return kept is not None

    def is_outdated(self, kept: str) -> bool:
        """Tell whether the hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(kept)


def check_password(password: str, name: str) -> None:
    """Raise PersonRefusedError for a password that is too easy to guess (NIST SP 800-63B, 5.1.1)."""
    plain = _plain(password)
    if not LEAST_LENGTH <= len(plain) <= MOST_LENGTH:
        raise PersonRefusedError(
            message(
                "รหัสผ่านต้องยาว %(least)s ถึง %(most)s ตัวอักษร", least=LEAST_LENGTH, most=MOST_LENGTH
            )
        )
    folded = plain.casefold()
    if folded in _KNOWN or name in folded or len(set(folded)) < 4:
        raise PersonRefusedError(message("รหัสผ่านนี้เดาง่ายเกินไป โปรดตั้งใหม่ อย่าใช้ชื่อผู้ใช้หรือตัวอักษรซ้ำ ๆ"))


def one_time_password(draw: Draw) -> str:
    """Return twelve letters and digits in three groups, sixty bits of chance, easy to copy by hand."""
    letters = "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in draw(12))
    return "-".join(letters[place : place + 4] for place in (0, 4, 8))


def new_token(draw: Draw) -> str:
    """Return a token of 256 random bits."""
    return draw(32).hex()


def token_hash(token: str) -> str:
    """Return what is kept of a token. A plain SHA-256 is enough: nobody guesses 256 bits."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def _plain(password: str) -> str:
    """Return the password as every keyboard would have typed it."""
    return unicodedata.normalize("NFKC", password)
