"""An office's settings: read from `saraban.toml`, checked to the last key, frozen afterwards."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, fields
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from classify import Thresholds
from pipeline.limits import FILE_SECONDS, MEMORY_MB, PAGE_SECONDS, Allowance
from pipeline.outside import Mail, Webhook, check_outside
from pipeline.settings_file import SettingsReader, read_settings_file

FILE_NAME = "saraban.toml"
SEARCH_ENGINES = ("tantivy", "whoosh")


@dataclass(frozen=True, slots=True)
class OfficeNames:
    """Whose book it is, and whose clock: register numbers start anew on 1 January there."""

    name: str = "สำนักงานเขตพื้นที่การศึกษาประถมศึกษาตัวอย่าง เขต ๑"
    timezone: str = "Asia/Bangkok"


@dataclass(frozen=True, slots=True)
class WatchedFolder:
    """One folder a scanner writes to. `path` is taken from the office folder when not absolute.

    Everything that comes through a `secret` folder is secret, whatever is printed on it. `group` is the
    code of the group whose scanner writes there: its letters are proposed to that group. A file of a
    `batch` folder may hold several letters.
    """

    path: str
    profile: str
    secret: bool = False
    group: str = ""
    batch: bool = False


@dataclass(frozen=True, slots=True)
class Watching:
    """When a file counts as finished, and how long an unfinished one is given."""

    settle_seconds: float = 2.0
    patience_seconds: float = 120.0
    folder: tuple[WatchedFolder, ...] = (WatchedFolder(path="inbox", profile="inbox"),)


@dataclass(frozen=True, slots=True)
class Working:
    """How letters are worked: processes at the same time, letters until a process is replaced.

    `lease_seconds` is how long a worker that is not heard of keeps its letter; `attempts` is how often a
    letter may end its process before it goes to quarantine. No process that opens a file may take more
    than `memory_mb`, nor keep a core busy for `page_seconds` a page and `file_seconds` a file.
    """

    workers: int = 2
    letters_per_worker: int = 50
    lease_seconds: int = 900
    attempts: int = 3
    memory_mb: int = MEMORY_MB
    page_seconds: int = PAGE_SECONDS
    file_seconds: int = FILE_SECONDS
    stop_seconds: int = 10

    @property
    def allowance(self) -> Allowance:
        """What a process that opens files from outside may use."""
        return Allowance(self.memory_mb, self.page_seconds, self.file_seconds)


@dataclass(frozen=True, slots=True)
class Web:
    """Where the web page answers, and when a log-in ends.

    `public_name` is what people call it by when a proxy with https stands before it. A log-in ends
    `session_hours` after it at the latest, and `idle_minutes` after the person last did something.
    One person's programs may ask `api_a_minute` times a minute together, or so often at once; 0 sets no limit.
    """

    host: str = "127.0.0.1"
    port: int = 8470
    public_name: str = ""
    session_hours: float = 12.0
    idle_minutes: float = 60.0
    api_a_minute: int = 600


@dataclass(frozen=True, slots=True)
class Search:
    """Which full-text engine keeps the index."""

    engine: str = "tantivy"


@dataclass(frozen=True, slots=True)
class Backup:
    """Where backups go, a folder or an address of restic's; without `to` none is made by itself.

    The server makes one each night from `hour` on. A moment is kept for `keep_days` at the most;
    `limit_kb` is KiB a second, 0 is as fast as can be. `passphrase_file` belongs outside the office's
    folder: a backup cannot open itself.
    """

    to: str = ""
    passphrase_file: str = ""
    hour: int = 1
    keep_days: int = 90
    limit_kb: int = 0


@dataclass(frozen=True, slots=True)
class Check:
    """When the server checks everything by itself, from `hour` on, and how fast it reads: KiB a second."""

    hour: int = 3
    limit_kb: int = 20_000


@dataclass(frozen=True, slots=True)
class Alarms:
    """What the administrator is told of, on the pages and by mail to `mail` (through the server of `[mail]`).

    A file waits longer than `waiting_minutes` with nothing filed; less than `free_percent` of the disk is
    free; `quarantined_a_day` files or more were quarantined in a day; a backup is `backup_hours` old.
    """

    mail: str = ""
    waiting_minutes: int = 60
    free_percent: int = 10
    quarantined_a_day: int = 10
    backup_hours: int = 36


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything in `saraban.toml`; a section that is not there has its defaults."""

    office: OfficeNames = field(default_factory=OfficeNames)
    watch: Watching = field(default_factory=Watching)
    work: Working = field(default_factory=Working)
    review: Thresholds = field(default_factory=Thresholds)
    web: Web = field(default_factory=Web)
    search: Search = field(default_factory=Search)
    webhook: tuple[Webhook, ...] = ()
    mail: Mail = field(default_factory=Mail)
    backup: Backup = field(default_factory=Backup)
    check: Check = field(default_factory=Check)
    alarm: Alarms = field(default_factory=Alarms)


def load_settings(path: Path) -> Settings:
    """Read and check the settings file.

    Raises SettingsRefusedError with file, line and advice on the first thing that is wrong.
    """
    settings, reader = read_settings_file(path, Settings)
    _check_values(settings, reader)
    check_outside(settings.webhook, settings.mail, reader.refuse)
    return settings


def refuse_unknown_groups(path: Path, settings: Settings, known: Collection[str]) -> None:
    """Raise SettingsRefusedError when a watched folder names a group that the rules do not know."""
    for one in settings.watch.folder:
        if one.group and one.group not in known:
            raise SettingsReader(path, path.read_text(encoding="utf-8")).refuse(
                ("watch", "group"),
                f"watch.folder {one.profile}: there is no group {one.group!r}",
                f"choose one of {', '.join(known)}",
            )


_RULES: tuple[tuple[Callable[[Settings], bool], str, str, str], ...] = (
    (
        lambda s: _zone_exists(s.office.timezone),
        "office.timezone",
        "is not a time zone",
        'write it as "Asia/Bangkok"',
    ),
    (
        lambda s: s.watch.settle_seconds > 0,
        "watch.settle_seconds",
        "is not above 0",
        "2.0 suits most scanners",
    ),
    (
        lambda s: s.watch.patience_seconds >= s.watch.settle_seconds,
        "watch.patience_seconds",
        "is shorter than settle_seconds",
        "120.0 suits most",
    ),
    (
        lambda s: len({one.profile for one in s.watch.folder}) == len(s.watch.folder) > 0,
        "watch.profile",
        "is missing or used twice",
        "give every folder its own profile",
    ),
    (
        lambda s: 1 <= s.work.workers <= 64,
        "work.workers",
        "is not 1 to 64",
        "one for each core that may be busy",
    ),
    (
        lambda s: s.work.letters_per_worker > 0,
        "work.letters_per_worker",
        "is not above 0",
        "50 is usual",
    ),
    (lambda s: s.work.lease_seconds >= 60, "work.lease_seconds", "is under 60", "900 is usual"),
    (lambda s: s.work.attempts > 0, "work.attempts", "is not above 0", "3 is usual"),
    (lambda s: s.work.memory_mb >= 1024, "work.memory_mb", "is under 1024", "3072 is usual"),
    (lambda s: s.work.page_seconds > 0, "work.page_seconds", "is not above 0", "60 is usual"),
    (
        lambda s: s.work.file_seconds >= s.work.page_seconds,
        "work.file_seconds",
        "is shorter than page_seconds",
        "3600 is usual",
    ),
    (lambda s: s.work.stop_seconds > 0, "work.stop_seconds", "is not above 0", "10 is usual"),
    (
        lambda s: "," not in s.web.host and " " not in s.web.host.strip(),
        "web.host",
        "names more than one",
        'write one address, as "127.0.0.1"',
    ),
    (
        lambda s: "," not in s.web.public_name,
        "web.public_name",
        "names more than one",
        "write the one name that people use",
    ),
    (lambda s: 0 < s.web.port < 65536, "web.port", "is not 1 to 65535", "8470 is usual"),
    (
        lambda s: 0 < s.web.session_hours <= 168,
        "web.session_hours",
        "is not 0 to 168",
        "12.0 is a working day",
    ),
    (
        lambda s: 0 < s.web.idle_minutes <= 1440,
        "web.idle_minutes",
        "is not 0 to 1440",
        "60.0 is usual",
    ),
    (lambda s: s.web.api_a_minute >= 0, "web.api_a_minute", "is under 0", "600 is usual"),
    (
        lambda s: s.search.engine in SEARCH_ENGINES,
        "search.engine",
        "is unknown",
        "choose one of " + ", ".join(SEARCH_ENGINES),
    ),
    (
        lambda s: not s.backup.to or bool(s.backup.passphrase_file),
        "backup.passphrase_file",
        "is missing",
        "name a file that only its owner may read",
    ),
    (
        lambda s: 1 <= s.backup.keep_days <= 3660,
        "backup.keep_days",
        "is not 1 to 3660",
        "90 is usual",
    ),
    (lambda s: 0 <= s.backup.hour < 24, "backup.hour", "is not 0 to 23", "1 is usual"),
    (
        lambda s: not s.alarm.mail or (bool(s.mail.host) and "@" in s.alarm.mail),
        "alarm.mail",
        "needs an address and [mail] with host and sender",
        "see docs/operate.md",
    ),
    (
        lambda s: 0 < s.alarm.free_percent < 100,
        "alarm.free_percent",
        "is not 1 to 99",
        "10 is usual",
    ),
    (
        lambda s: min(s.alarm.waiting_minutes, s.alarm.quarantined_a_day, s.alarm.backup_hours) > 0,
        "alarm",
        "has a number that is not above 0",
        "leave it out to take the usual one",
    ),
    (lambda s: 0 <= s.check.hour < 24, "check.hour", "is not 0 to 23", "3 is usual"),
    (lambda s: s.check.limit_kb >= 0, "check.limit_kb", "is under 0", "0 sets no limit"),
    (lambda s: s.backup.limit_kb >= 0, "backup.limit_kb", "is under 0", "0 sets no limit"),
)
"""What must hold of values that have the right type: the key, what is wrong without, and what to write."""


def _check_values(settings: Settings, reader: SettingsReader) -> None:
    """Refuse values that have the right type and cannot work."""
    for holds, key, problem, advice in _RULES:
        if not holds(settings):
            raise reader.refuse(tuple(key.split(".")), f"{key} {problem}", advice)
    for name in fields(Thresholds):
        if not 0 <= getattr(settings.review, name.name) <= 1:
            raise reader.refuse(
                ("review", name.name), f"review.{name.name} is not 0 to 1", "0.9 is usual"
            )


def _zone_exists(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
