"""The door to the database: connections, transactions, upgrades; SQLite and PostgreSQL alike.

One writer at a time and office. SQLite does that by itself (`BEGIN IMMEDIATE`); on PostgreSQL each
writing transaction first locks the office's row, so that both behave the same, numbers cannot have
gaps, the audit chain cannot fork, and no two writers can wait for each other in a ring.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, select, text
from sqlalchemy.exc import DatabaseError, DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

from index.errors import (
    BookDamagedError,
    BookTooNewError,
    BookUnavailableError,
    DiskFullError,
    NoSuchRecordError,
)
from index.migrations import HEAD
from index.register.store.codec import dump_json
from index.register.store.remembered import Remembered
from index.register.store.tables import OfficeRow

ROWS_READ = "letters as rows"
"""Where the session of one look keeps, by id, what `filing.read_row` has read."""
ROOT = "office's folder"
"""Where every session keeps the folder that paths in the book are taken from."""
_BUSY_SECONDS = 30
_MOST_DAMAGES = 20
_READING = {"saraban_reading": True}
_UPGRADE_LOCK = 0x5A2ABA  # any fixed number: PostgreSQL's advisory lock while tables change
# the tables that words of a letter are erased from
_WITH_WORDS = "letters, contents, reviews, changes, corrections, arrivals, listed, deliveries"
_TOO_LARGE = "a number beyond 64 bits"
_OUT_OF_RANGE = "22003"  # PostgreSQL: numeric value out of range
_OLDEST_SQLITE = (3, 35)  # the first with RETURNING


def examine_sqlite() -> tuple[bool, str]:
    """Tell whether Python's SQLite is new enough for the book, and its version in words."""
    good = sqlite3.sqlite_version_info >= _OLDEST_SQLITE
    return good, f"{sqlite3.sqlite_version} ({_OLDEST_SQLITE[0]}.{_OLDEST_SQLITE[1]} or later)"


class Database:
    """The database of one office: `reading()` and `writing()` hand out sessions.

    `url` is an SQLAlchemy URL: `sqlite:////srv/office/saraban.db` or
    `postgresql+psycopg://user@host/database`. SQLite needs a local disk (WAL does not work on
    a network share). Paths are kept from `root` on, the office's folder; without it they are absolute.
    """

    def __init__(
        self, url: str, office: str, office_name: str = "", root: Path | None = None
    ) -> None:
        self.engine = _make_engine(url)
        self.office = office
        self._office_name = office_name or office
        self._office_id: int | None = None
        self._sessions = sessionmaker(self.engine, expire_on_commit=False, info={ROOT: root})
        self.place = self.engine.url.render_as_string(hide_password=True)
        self.remembered = Remembered(self.stamp)
        self._look = _Look()
        self._watch: sqlite3.Connection | None = None
        self._watch_lock = threading.Lock()

    @property
    def is_sqlite(self) -> bool:
        """Tell whether the book lies in a SQLite file."""
        return self.engine.dialect.name == "sqlite"

    @property
    def office_id(self) -> int:
        """The office's row; made by `upgrade`."""
        if self._office_id is None:
            with self.reading() as session:
                self._office_id = session.scalar(
                    select(OfficeRow.id).where(OfficeRow.code == self.office)
                )
        if self._office_id is None:
            raise BookUnavailableError(self.place, f"office {self.office!r} was never set up in it")
        return self._office_id

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Hand out a session that sees one unchanging state of the book and writes nothing."""
        if self._look.session is not None:
            yield self._look.session
            return
        self._look.open += 1
        try:
            with self._translated(), self._sessions() as session:
                session.connection(execution_options=_READING)
                yield session
        finally:
            self._look.open -= 1

    @contextmanager
    def one_look(self) -> Iterator[None]:
        """Let all that this thread reads inside be read with one session: for pages that ask much.

        They see one state of the book. Nothing may be written inside: with a second connection for each
        of many threads the pool would run dry.
        """
        if self._look.session is not None:
            yield
            return
        stamp = self.stamp()  # before the session's first look, see `Remembered`
        with self.reading() as session:
            self._look.session, self._look.stamp = session, stamp
            session.info[ROWS_READ] = {}
            try:
                yield
            finally:
                self._look.session = self._look.stamp = None

    def stamp(self) -> str | None:
        """Return what differs once anybody has committed a change; None when that cannot be told.

        SQLite counts for each connection the commits of all others, those of other processes too: one
        that never writes is kept for this, and asking takes microseconds. On PostgreSQL the snapshot
        names the transactions that are over.
        """
        if self._look.open:  # what is read now is as old as the session, not as the stamp of now
            return self._look.stamp
        try:
            if self.is_sqlite:
                return self._sqlite_stamp()
            with self.engine.connect().execution_options(**_READING) as connection:
                return str(connection.scalar(text("SELECT CAST(pg_current_snapshot() AS text)")))
        except (DBAPIError, sqlite3.Error):
            return None  # whoever then asks the book itself is told what is wrong with it

    def _sqlite_stamp(self) -> str | None:
        path = self.engine.url.database
        if not path:
            return None  # in memory: another connection has another book
        with self._watch_lock:
            if self._watch is None:
                there = f"{Path(path).absolute().as_uri()}?mode=rw"  # never makes a new file
                self._watch = sqlite3.connect(there, uri=True, check_same_thread=False)
            return str(self._watch.execute("PRAGMA data_version").fetchone()[0])

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Hand out the office's only writing session; commit at the end, or take everything back.

        Raises BookUnavailableError or DiskFullError; then nothing was written.
        """
        if self._look.session is not None:
            raise RuntimeError("nothing may be written inside one look at the book")
        office_id = self.office_id
        with self._translated(), self._sessions.begin() as session:
            if not self.is_sqlite:
                session.execute(
                    select(OfficeRow.id)
                    .where(OfficeRow.id == office_id)
                    .with_for_update(key_share=True)
                )
            yield session

    def forget_old_pages(self) -> None:
        """Let go of what the database still keeps of text that was erased: SQLite's log, old rows."""
        if self.is_sqlite:
            # Past SQLAlchemy, which would begin a transaction: none may be open here.
            raw = self.engine.raw_connection()
            raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            raw.close()
            return
        with self._translated(), self.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            connection.execute(text(f"VACUUM {_WITH_WORDS}"))

    def upgrade(self) -> bool:
        """Bring the tables to this program's revision; return whether anything had to be done.

        A look at one row when nothing is to be done. Raises BookTooNewError for a book that a newer
        program has changed.
        """
        with self._translated():
            revision = self._revision()
            changed = revision != HEAD
            if changed:
                self._migrate()
            self._ensure_office()
        return changed

    def tune(self) -> None:
        """Let SQLite look at its tables again, so that it picks the right index; under a second.

        For the start of a server. PostgreSQL does this by itself.
        """
        if self.is_sqlite:
            with self.writing() as session:
                session.execute(text("PRAGMA analysis_limit=400"))
                session.execute(text("ANALYZE"))

    def damage(self) -> tuple[str, ...]:
        """Read every page of an SQLite book; return what is damaged in English, nothing when all is well.

        PostgreSQL proves its pages itself (`data_checksums`).
        """
        if not self.is_sqlite:
            return ()
        try:
            with self.engine.connect().execution_options(**_READING) as connection:
                findings = connection.exec_driver_sql(
                    f"PRAGMA integrity_check({_MOST_DAMAGES})"
                ).all()
        except DatabaseError as error:
            return (f"the database is damaged: {error.orig}",)
        return tuple(f"the database is damaged: {line}" for (line,) in findings if line != "ok")

    def close(self) -> None:
        """Close all connections."""
        with self._watch_lock:
            if self._watch is not None:
                self._watch.close()
                self._watch = None
        self.engine.dispose()

    def _revision(self) -> str | None:
        with self.engine.connect().execution_options(**_READING) as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            found = connection.scalar(text("SELECT version_num FROM alembic_version"))
            return None if found is None else str(found)

    def _migrate(self) -> None:
        # Alembic is slow to import and needed only here.
        from alembic import command  # noqa: PLC0415
        from alembic.config import Config  # noqa: PLC0415
        from alembic.util import CommandError  # noqa: PLC0415

        config = Config()
        config.set_main_option("script_location", "index:migrations")
        config.set_main_option("path_separator", "os")
        with self.engine.begin() as connection:
            if not self.is_sqlite:
                connection.execute(
                    text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _UPGRADE_LOCK}
                )
            config.attributes["connection"] = connection
            try:
                command.upgrade(config, "head")
            except CommandError as error:
                raise BookTooNewError(self.place, str(error)) from error

    def _ensure_office(self) -> None:
        with self.engine.connect().execution_options(**_READING) as connection:
            known = connection.scalar(select(OfficeRow.id).where(OfficeRow.code == self.office))
        if known is None:
            try:
                with self._sessions.begin() as session:
                    session.add(OfficeRow(code=self.office, name=self._office_name))
            except IntegrityError:
                pass  # another process made it at the same moment
        self._office_id = None

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Say what the driver's error means for the office; programming errors pass unchanged."""
        try:
            yield
        except IntegrityError:
            raise
        except OverflowError as error:  # SQLite's driver says so
            raise NoSuchRecordError(_TOO_LARGE) from error
        except DBAPIError as error:
            problem = str(error.orig)
            if getattr(error.orig, "sqlstate", None) == _OUT_OF_RANGE:
                raise NoSuchRecordError(_TOO_LARGE) from error
            if "full" in problem or "No space left" in problem:
                raise DiskFullError(self.place) from error
            if isinstance(error, OperationalError) or error.connection_invalidated:
                raise BookUnavailableError(self.place, problem) from error
            if self.is_sqlite and type(error) is DatabaseError:
                raise BookDamagedError(self.place, problem) from error
            raise


def kept_place(session: Session, path: Path) -> str:
    """Return a path as the book keeps it: from the office's folder on where it lies inside.

    A copied or moved office then finds its own files, and never those of the office it came from.
    """
    root: Path | None = session.info.get(ROOT)
    inside = root is not None and path.is_relative_to(root)
    return str(path.relative_to(root)) if root and inside else str(path)


def place_of(session: Session, kept: str) -> Path:
    """Return where a kept path leads in the office that is open; an absolute one stays what it is."""
    root: Path | None = session.info.get(ROOT)
    return root / kept if root and kept else Path(kept)


class _Look(threading.local):
    """What a thread has open: sessions that read, and the one look with the stamp before it began."""

    open = 0
    session: Session | None = None
    stamp: str | None = None


def _make_engine(url: str) -> Engine:
    address = make_url(url)
    options: dict[str, Any] = {"json_serializer": dump_json, "pool_timeout": 2 * _BUSY_SECONDS}
    if address.get_backend_name() != "sqlite":
        return create_engine(address, pool_pre_ping=True, **options)
    if address.database:
        _make_private(Path(address.database))
    engine = create_engine(address, connect_args={"timeout": _BUSY_SECONDS}, **options)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make_private(path: Path) -> None:
    """Create the file readable by its owner only: it holds the text of secret letters too."""
    if not path.parent.is_dir():
        raise BookUnavailableError(str(path), "its folder does not exist")
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise BookUnavailableError(str(path), error.strerror or str(error)) from error


def _set_up_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver must not open transactions by itself: it would begin only at the first change, and
    # two readers that both want to write would then fail instead of queueing.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    # A number that was given out must survive a power cut, so every commit reaches the disk.
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    # What a change replaces is overwritten too: a letter's words must not outlive it in free pages.
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get("saraban_reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
