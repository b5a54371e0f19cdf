"""Where the passphrase of a backup comes from: a file, the environment, or somebody at the keyboard."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from pipeline.backup.errors import PassphraseMissingError
from pipeline.backup.restic import Passphrase

VARIABLE = "SARABAN_BACKUP_PASSPHRASE"


def find_passphrase(file: Path | None, ask: Callable[[], str] | None = None) -> Passphrase:
    """Return it from `file`, else from the environment, else by asking, where there is somebody to ask.

    Raises PassphraseMissingError, also for a file that others than its owner may read.
    """
    if file is not None:
        return Passphrase(file=_checked(file))
    words = os.environ.get(VARIABLE, "") or (ask() if ask else "")
    if not words.strip():
        raise PassphraseMissingError(f"neither a file nor {VARIABLE} is given")
    return Passphrase(words)


def _checked(file: Path) -> Path:
    try:
        status = file.stat()
        words = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        problem = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise PassphraseMissingError(f"{file}: {problem}") from error
    if status.st_mode & 0o077:
        raise PassphraseMissingError(f"{file} may be read by others (chmod 600 {file})")
    # restic takes the file without the spaces at its ends; several lines would be words with line ends.
    if len(words.split("\n")[0].strip()) == 0 or len(words.strip().splitlines()) != 1:
        raise PassphraseMissingError(f"{file} does not hold one line of words")
    return file.absolute()
