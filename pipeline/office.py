"""The office folder: where everything lies, how it is made, and who may work it."""

from __future__ import annotations

import fcntl
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from zoneinfo import ZoneInfo

from classify.durable_file import create_durably
from index.book import Book
from index.retention.law import SHIPPED_LAW, Law, load_law
from pipeline.errors import NotAnOfficeError, OfficeElsewhereError, OfficeInUseError
from pipeline.settings import FILE_NAME, Settings, WatchedFolder, load_settings

IDENTITY = "office.json"


@dataclass(frozen=True, slots=True)
class Office:
    """One office: its folder and its settings."""

    root: Path
    settings: Settings

    @property
    def archive(self) -> Path:
        """Originals and searchable PDFs, by SHA-256; written once, never changed."""
        return self.root / "archive"

    @property
    def quarantine(self) -> Path:
        """What could not be read, each with its reason beside it."""
        return self.root / "quarantine"

    @property
    def rules(self) -> Path:
        """Groups, agencies, keywords: what an administrator edits."""
        return self.root / "rules"

    @property
    def work(self) -> Path:
        """Claimed files on their way; empty when there is nothing to do."""
        return self.root / "work"

    @property
    def database(self) -> Path:
        """The book."""
        return self.root / "saraban.db"

    @property
    def search_index(self) -> Path:
        """The search index; may be deleted, it is rebuilt from the book."""
        return self.root / "search"

    @property
    def pictures(self) -> Path:
        """Page pictures for the web page; may be deleted."""
        return self.root / "cache" / "pages"

    @property
    def kept_rules(self) -> Path:
        """A copy of the last rule files that were good."""
        return self.root / "cache" / "rules"

    @property
    def first_password(self) -> Path:
        """The first administrator's one-time password, until it is changed."""
        return self.root / "first-password.txt"

    @property
    def identity(self) -> str:
        """Whose folder it says it is (`pipeline.place`); empty when it does not, or not readably."""
        try:
            return str(json.loads((self.root / IDENTITY).read_text(encoding="utf-8"))["identity"])
        except (OSError, ValueError, KeyError, TypeError):
            return ""

    @property
    def here(self) -> str:
        """Where the folder lies, links followed."""
        return str(self.root.resolve())

    @property
    def zone(self) -> ZoneInfo:
        """The office's time zone."""
        return ZoneInfo(self.settings.office.timezone)

    def folder_of(self, watched: WatchedFolder) -> Path:
        """Return where a watched folder lies."""
        return self.root / watched.path  # an absolute path stays what it is


def create_office(root: Path) -> Office:
    """Make the folder an office, or complete it; what an administrator edited stays as it is."""
    root.mkdir(parents=True, exist_ok=True)
    if not (root / FILE_NAME).exists():
        create_durably(
            root / FILE_NAME, resources.files("pipeline").joinpath(FILE_NAME).read_bytes()
        )
    office = open_office(root)
    for folder in (office.archive, office.quarantine, office.rules, office.work):
        folder.mkdir(exist_ok=True, mode=0o755 if folder == office.rules else 0o700)
    for watched in office.settings.watch.folder:
        office.folder_of(watched).mkdir(parents=True, exist_ok=True)
    return office


def open_book(office: Office, *, only_looks: bool = False) -> Book:
    """Open the office's book and bring its tables up to date. Raises KeepingError.

    Raises OfficeElsewhereError when the folder is not the one that was last served, unless the caller
    `only_looks`: a copy must not go on as if it were the first.
    """
    book = Book.open(
        f"sqlite:///{office.database}", office_name=office.settings.office.name, root=office.root
    )
    if not only_looks and not is_at_its_place(office, book):
        stood = book.place.read().place
        book.close()
        raise OfficeElsewhereError(office.root, stood)
    return book


def is_at_its_place(office: Office, book: Book) -> bool:
    """Tell whether the folder is where, and whose, the book says; one that was never served is."""
    stood = book.place.read()
    if not stood.identity:
        return True
    return stood.place == office.here and office.identity in ("", stood.identity)


def law_in_force(office: Office) -> Law:
    """Read the table of periods and deadlines with the office's own rows. Raises LawFileError."""
    return load_law(office.rules / SHIPPED_LAW)


def open_office(root: Path) -> Office:
    """Return the office in `root`. Raises NotAnOfficeError and SettingsRefusedError."""
    root = root.absolute()
    if not (root / FILE_NAME).is_file():
        raise NotAnOfficeError(root)
    return Office(root, load_settings(root / FILE_NAME))


def server_identity() -> str:
    """Name this process so that a later server can tell whether it still lives.

    The boot id tells a reused process id after a restart of the machine from a living server.
    """
    boot = Path("/proc/sys/kernel/random/boot_id")
    boot_id = boot.read_text(encoding="ascii").strip() if boot.is_file() else "unknown-boot"
    return f"{socket.gethostname()}:{boot_id}:{os.getpid()}"


def _open_private(path: str, flags: int) -> int:
    descriptor = os.open(path, flags, 0o600)
    with suppress(PermissionError):  # made by an earlier program, readable by all
        os.fchmod(descriptor, 0o600)
    return descriptor


@contextmanager
def sole_server(office: Office) -> Iterator[str]:
    """Hold the office for this process and give its identity; raises OfficeInUseError.

    The kernel frees the lock when the process ends, however it ends, so whoever holds it knows
    that every lease in the book that names another server is a dead one's.
    """
    path = office.root / ".server.lock"
    with open(path, "a+", encoding="utf-8", opener=_open_private) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            raise OfficeInUseError(office.root, file.read().strip() or "unknown") from error
        identity = server_identity()
        file.seek(0)
        file.truncate()
        file.write(identity + "\n")
        file.flush()
        yield identity
