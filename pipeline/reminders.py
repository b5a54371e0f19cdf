"""Mail to the groups, once each working morning, of what they want done soon: numbers and days, nothing else.

It goes to the addresses of `[[mail.box]]`; of hidden letters nothing is told, not even that there is one.
"""

from __future__ import annotations

import json
import logging
import smtplib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from email.message import EmailMessage

from classify.durable_file import replace_durably
from index.book import Book
from index.errors import KeepingError
from index.register.desk.group_lists import GroupLetter
from index.visibility import Role, Viewer
from pipeline.courier import Send, read_password
from pipeline.office import Office
from pipeline.outside import MailBox
from pipeline.thai_form import thai_date, thai_digits

log = logging.getLogger("saraban.reminders")
REMINDED_BEFORE = timedelta(days=3)
MORNING_HOUR = 7
SATURDAY = 5
FILE_NAME = "last-reminders.json"


@dataclass(frozen=True, slots=True)
class Reminded:
    """Which addresses had their mail on the last morning."""

    day: str = ""
    addresses: tuple[str, ...] = ()


class Reminders:
    """Reminds the groups of one office; call `step` each minute. `send` is the way out."""

    def __init__(
        self, office: Office, book: Book, *, clock: Callable[[], datetime], send: Send
    ) -> None:
        self._office = office
        self._book = book
        self._clock = clock
        self._send = send

    def step(self) -> None:
        """Send what is due; an address that could not be reached is tried again the next minute."""
        mail, now = self._office.settings.mail, self._clock()
        if not mail.host or now.hour < MORNING_HOUR or now.weekday() >= SATURDAY:
            return
        for box in mail.box:
            told = self._told(now.date())
            if box.address not in told:
                try:
                    self._remind(box, now.date())
                except (KeepingError, OSError, smtplib.SMTPException) as trouble:
                    log.warning("a reminder was not taken (%s)", type(trouble).__name__)
                else:
                    self._note(now.date(), (*told, box.address))

    def _remind(self, box: MailBox, today: date) -> None:
        of_box = {one.group for one in self._office.settings.mail.box if one.address == box.address}
        lines = [
            line
            for group in sorted(of_box)
            for line in self._book.groups.due(_one_of(group), group, today + REMINDED_BEFORE)
        ]
        if lines:
            settings = self._office.settings.mail
            password = read_password(self._office.root, settings)
            self._send(
                settings, password, write_reminder(settings.sender, box.address, lines, today)
            )

    def _told(self, today: date) -> tuple[str, ...]:
        try:
            found = json.loads((self._office.root / "cache" / FILE_NAME).read_text("utf-8"))
            last = Reminded(str(found["day"]), tuple(map(str, found["addresses"])))
        except (OSError, ValueError, TypeError, KeyError):
            return ()
        return last.addresses if last.day == today.isoformat() else ()

    def _note(self, today: date, addresses: tuple[str, ...]) -> None:
        folder = self._office.root / "cache"
        folder.mkdir(exist_ok=True)
        note = json.dumps(asdict(Reminded(today.isoformat(), addresses)))
        replace_durably(folder / FILE_NAME, note.encode())


def _one_of(group: str) -> Viewer:
    """Return who sees what everybody in the group does: nothing hidden, nothing of other groups."""
    return Viewer("reminders", frozenset({Role.GROUP_OFFICER}), frozenset({group}))


def write_reminder(
    sender: str, address: str, lines: Sequence[GroupLetter], today: date
) -> EmailMessage:
    """Write what is to be done soon, each letter by its number and day alone."""
    mail = EmailMessage()
    mail["From"], mail["To"] = sender, address
    mail["Auto-Submitted"] = "auto-generated"
    mail["Subject"] = f"เตือนกำหนดเสร็จ {thai_digits(str(len(lines)))} ฉบับ"
    mail.set_content("".join(_line(line, today) for line in lines))
    return mail


def _line(line: GroupLetter, today: date) -> str:
    due = line.deadline.due_on if line.deadline else today
    when = "เลยกำหนด" if due < today else "ครบกำหนดวันนี้" if due == today else ""
    number = thai_digits(str(line.letter.register_number))
    return f"เลขรับ {number} กำหนดเสร็จ {thai_date(due)} {when}".rstrip() + "\n"
