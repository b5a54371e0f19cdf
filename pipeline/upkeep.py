"""What the server does for itself beside letters: a backup and a check each night, mail of what is wrong or due."""

from __future__ import annotations

import logging
import smtplib
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage

from index.book import Book
from index.errors import KeepingError
from pipeline.backup.errors import BackupError
from pipeline.backup.last import LastBackup, last_backup
from pipeline.backup.make import make_backup
from pipeline.backup.moment import tidy
from pipeline.backup.passphrase import find_passphrase
from pipeline.backup.restic import Restic
from pipeline.courier import Send, read_password, send_mail
from pipeline.health import Alarm, examine_health
from pipeline.night_check import StoppedError, check_slowly, is_check_due, note_check
from pipeline.office import Office
from pipeline.reminders import Reminders

log = logging.getLogger("saraban.upkeep")
NIGHT = timedelta(hours=4)  # from `backup.hour` on
AGAIN = timedelta(hours=6)  # after a backup that failed, and at least between two
TOLD_AGAIN = timedelta(hours=24)
MOST_LOGGED = 20


class Upkeep:
    """Looks after one office; call `step` each minute. `send` is the way out for mail."""

    def __init__(
        self,
        office: Office,
        book: Book,
        *,
        clock: Callable[[], datetime],
        stopping: threading.Event,
        send: Send = send_mail,
    ) -> None:
        self._office = office
        self._book = book
        self._clock = clock
        self._stopping = stopping
        self._send = send
        self._reminders = Reminders(office, book, clock=clock, send=send)
        self._told: dict[str, datetime] = {}
        tidy(office)

    def step(self) -> None:
        """Do what is due; trouble is logged and tried again, it stops nothing."""
        self._tell_alarms()
        self._reminders.step()
        if is_backup_due(self._office, last_backup(self._office), self._clock()):
            self._back_up()
        if is_check_due(self._office, self._clock()):
            self._check()

    def _check(self) -> None:
        try:
            wrong = check_slowly(self._office, self._book, self._stopping)
            note_check(self._office, self._clock(), len(wrong))
        except StoppedError:
            return
        except (KeepingError, OSError) as trouble:
            log.error("%s\n    %s", trouble, getattr(trouble, "thai", ""))
            return
        for one in wrong[:MOST_LOGGED]:
            log.error("%s: %s; %s", one.where, one.what, one.remedy)

    def _back_up(self) -> None:
        settings = self._office.settings.backup
        try:
            passphrase = find_passphrase(self._office.root / settings.passphrase_file)
            restic = Restic(
                settings.to, passphrase, limit_kb=settings.limit_kb, stopping=self._stopping
            )
            make_backup(
                self._office,
                self._book,
                restic,
                self._clock(),
                keep_days=settings.keep_days,
                may_begin=False,
            )
        except (BackupError, KeepingError, OSError) as trouble:
            log.error("%s\n    %s", trouble, getattr(trouble, "thai", ""))

    def _tell_alarms(self) -> None:
        """Mail what is new, and what still stands a day later; log each once."""
        now = self._clock()
        try:
            alarms = examine_health(self._office, self._book, now).alarms
        except KeepingError as trouble:
            log.error("%s", trouble)
            return
        standing = {one.code for one in alarms}
        self._told = {code: at for code, at in self._told.items() if code in standing}
        new = [
            one for one in alarms if now - self._told.get(one.code, now - TOLD_AGAIN) >= TOLD_AGAIN
        ]
        if not new:
            return
        for one in new:
            log.warning("alarm %s: %s", one.code, one.says.english)
        address = self._office.settings.alarm.mail
        if address:
            mail = write_alarm_mail(self._office, address, new)
            try:
                settings = self._office.settings.mail
                self._send(settings, read_password(self._office.root, settings), mail)
            except (OSError, smtplib.SMTPException) as trouble:
                log.warning("the mail about alarms was not taken (%s)", type(trouble).__name__)
                return  # told the next minute
        self._told |= {one.code: now for one in new}


def is_backup_due(office: Office, last: LastBackup, now: datetime) -> bool:
    """Tell whether to back up: once a night from `backup.hour` on, and by day when nights were missed.

    A backup that lies in the future (the clock was ahead) counts for nothing.
    """
    settings = office.settings
    if not settings.backup.to:
        return False
    tries = [datetime.fromisoformat(one) for one in (last.made_at, last.failed_at) if one]
    if any(now - AGAIN < one <= now for one in tries):
        return False
    made = last.at if last.at and last.at <= now else None
    overdue = timedelta(hours=settings.alarm.backup_hours)
    by_day = made is not None and now - made > overdue
    return by_day or timedelta(hours=(now.hour - settings.backup.hour) % 24) < NIGHT


def write_alarm_mail(office: Office, address: str, alarms: Sequence[Alarm]) -> EmailMessage:
    """Write to the administrator what must be looked after; no letter is named."""
    mail = EmailMessage()
    mail["From"], mail["To"] = office.settings.mail.sender, address
    mail["Auto-Submitted"] = "auto-generated"
    mail["Subject"] = f"สารบรรณ: เครื่องต้องการผู้ดูแล ({len(alarms)} เรื่อง)"
    lines = (f"- {one.says.thai}\n  {one.says.english}\n" for one in alarms)
    mail.set_content(f"{office.settings.office.name}\n\n{''.join(lines)}")
    return mail
