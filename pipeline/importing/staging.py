"""Imports that wait for a person's yes: the uploaded files lie apart, nothing of them is in the book yet."""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from index.errors import NoSuchRecordError
from pipeline.importing.letter_list import LetterList, read_list
from pipeline.office import Office
from watch_folder.file_names import readable_name

KEPT = timedelta(days=1)
_KEY = re.compile(r"[0-9a-f]{32}")
BUNDLE, LIST, OWNER, LIST_NAME = "bundle", "list", "owner", "list-name"


@dataclass(frozen=True, slots=True)
class Staged:
    """One upload; `key` is its secret name in addresses."""

    key: str
    bundle: Path
    list_name: str
    list_data: bytes

    def read_list(self) -> LetterList | None:
        """Return the table that came with it, None when none did. Raises ListRefusedError."""
        return read_list(self.list_name, self.list_data) if self.list_name else None


class Staging:
    """The uploads of one office that nobody has confirmed yet; each is its uploader's alone."""

    def __init__(self, office: Office) -> None:
        self._root = office.root / "imports" / "staged"

    def put(self, owner: str, bundle: BinaryIO, list_name: str, letters: BinaryIO | None) -> str:
        """Lay an upload aside and return its key."""
        key = secrets.token_hex(16)
        folder = self._root / key
        folder.mkdir(parents=True, mode=0o700)
        with (folder / BUNDLE).open("xb") as file:
            shutil.copyfileobj(bundle, file)
        (folder / OWNER).write_text(owner, encoding="utf-8")
        if letters is not None:
            (folder / LIST_NAME).write_text(readable_name(list_name), encoding="utf-8")
            with (folder / LIST).open("xb") as file:
                shutil.copyfileobj(letters, file)
        return key

    def find(self, owner: str, key: str) -> Staged:
        """Return an upload of this person; raise NoSuchRecordError for any other key."""
        folder = self._root / key
        if not _KEY.fullmatch(key) or not (folder / OWNER).is_file():
            raise NoSuchRecordError("this upload")
        if (folder / OWNER).read_text(encoding="utf-8") != owner:
            raise NoSuchRecordError("this upload")
        if not (folder / LIST).is_file():
            return Staged(key, folder / BUNDLE, "", b"")
        name = (folder / LIST_NAME).read_text(encoding="utf-8")
        return Staged(key, folder / BUNDLE, name, (folder / LIST).read_bytes())

    def drop(self, key: str) -> None:
        """Forget an upload."""
        if _KEY.fullmatch(key):
            shutil.rmtree(self._root / key, ignore_errors=True)

    def forget_old(self, now: datetime) -> None:
        """Forget what nobody confirmed for a day."""
        for folder in self._folders():
            if now.timestamp() - folder.stat().st_mtime > KEPT.total_seconds():
                self.drop(folder.name)

    def _folders(self) -> Iterator[Path]:
        if self._root.is_dir():
            yield from self._root.iterdir()
