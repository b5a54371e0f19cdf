"""The courier: tells webhooks and groups' mailboxes what happened, again and again until they hear.

Of a hidden letter a webhook is told its register number and nothing else, a mailbox not even that. Only
addresses in `saraban.toml` are told anything; no redirection is followed.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import logging
import smtplib
import ssl
import unicodedata
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

from index.book import Book
from index.register.store.deliveries import Delivery
from index.registered_letter import RegisteredLetter
from index.visibility import Role, Viewer
from pipeline.office import Office
from pipeline.outside import HOOK, MAIL, Mail, Webhook, who_is_told

log = logging.getLogger("saraban.courier")
TIMEOUT_SECONDS = 10.0
# May see what keeps the register shows, and hidden letters by their number only.
OUTSIDE = Viewer("outside", roles=frozenset({Role.AUDITOR}))
TROUBLES = (OSError, http.client.HTTPException, smtplib.SMTPException, ValueError)
SECRET_MAIL = "มีหนังสือ (ลับ) ถึงท่าน"  # noqa: S105 - what is written instead of a secret letter
Post = Callable[[str, bytes, dict[str, str]], int]
Send = Callable[[Mail, str, EmailMessage], None]


class Courier:
    """Follows the office's audit trail and tells who asked; `post` and `send` are the ways out."""

    def __init__(
        self,
        office: Office,
        book: Book,
        *,
        clock: Callable[[], datetime],
        post: Post | None = None,
        send: Send | None = None,
    ) -> None:
        self._root = office.root
        self._hooks = {hook.url: hook for hook in office.settings.webhook}
        self._mail = office.settings.mail
        self._deliveries = book.deliveries
        self._letters = book.letters
        self._clock = clock
        self._post = post or post_json
        self._send = send or send_mail
        self._wanted = who_is_told(office.settings.webhook, office.settings.mail)

    @property
    def has_work(self) -> bool:
        """Tell whether anybody is listed."""
        return bool(self._hooks) or bool(self._mail.host and self._mail.box)

    def step(self) -> int:
        """Take over what happened and tell what is due; return how much was done. Raises KeepingError."""
        looked = self._deliveries.follow(self._wanted)
        due = self._deliveries.due(self._clock())
        for delivery in due:
            self._deliver(delivery)
        return looked + len(due)

    def rest(self) -> None:
        """Forget the place in the trail when nobody is listed: later listeners hear what is new then."""
        self._deliveries.stop_following()

    def _deliver(self, delivery: Delivery) -> None:
        letter = self._letters.by_id(OUTSIDE, delivery.letter_id)
        try:
            if letter is None:
                self._deliveries.give_up(delivery, "the letter is not in the book")
            elif delivery.target.startswith(HOOK):
                self._tell_hook(delivery, letter)
            else:
                self._tell_mailbox(delivery, letter)
        except TROUBLES as trouble:
            again = self._deliveries.failed(delivery, str(trouble), self._clock())
            log.warning(
                "delivery %d of %s failed (%s)%s",
                delivery.delivery_id,
                delivery.event,
                type(trouble).__name__,
                "" if again else "; given up",
            )

    def _tell_hook(self, delivery: Delivery, letter: RegisteredLetter) -> None:
        hook = self._hooks.get(delivery.target.removeprefix(HOOK))
        if hook is None:
            self._deliveries.give_up(delivery, "its address is no longer listed")
            return
        body = payload(delivery, letter)
        secret = read_secret(self._root, hook)
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Saraban",
            "Saraban-Event": delivery.event,
            "Saraban-Delivery": str(delivery.delivery_id),
            "Saraban-Signature": sign(body, secret, self._clock()),
        }
        status = self._post(hook.url, body, headers)
        if not 200 <= status < 300:
            raise OSError(f"it answered {status}")
        self._deliveries.done(delivery)

    def _tell_mailbox(self, delivery: Delivery, letter: RegisteredLetter) -> None:
        address = delivery.target.removeprefix(MAIL)
        if not self._mail.host or address not in {box.address for box in self._mail.box}:
            self._deliveries.give_up(delivery, "its address is no longer listed")
            return
        password = read_password(self._root, self._mail)
        self._send(self._mail, password, write_mail(self._mail.sender, address, letter))
        self._deliveries.done(delivery)


def payload(delivery: Delivery, letter: RegisteredLetter) -> bytes:
    """Return what a webhook is sent; of a hidden letter its number only."""
    summary: dict[str, object] = {"register_number": str(letter.register_number)}
    if letter.is_redacted:
        summary["restricted"] = True
    else:
        summary |= {
            "restricted": False,
            "number": letter.number,
            "date": letter.date.isoformat() if letter.date else None,
            "sender": letter.sender,
            "subject": letter.subject,
            "urgency": letter.urgency,
            "group": letter.group,
            "revision": letter.revision,
        }
    message = {
        "id": delivery.delivery_id,
        "event": delivery.event,
        "at": delivery.at.isoformat(),
        "letter": summary,
    }
    return json.dumps(message, ensure_ascii=False).encode()


def sign(body: bytes, secret: bytes, now: datetime) -> str:
    """Return `t=<seconds>,v1=<hex>`: HMAC-SHA256 of `<seconds>.<body>`, so that no old one is replayed."""
    seconds = int(now.timestamp())
    digest = hmac.new(secret, f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={digest}"


def read_secret(root: Path, hook: Webhook) -> bytes:
    """Return a webhook's secret; raise OSError or ValueError for one that cannot sign."""
    secret = (root / hook.secret_file).read_bytes().strip()
    if len(secret) < 16:
        raise ValueError("the secret file holds fewer than 16 characters")
    return secret


def read_password(root: Path, mail: Mail) -> str:
    """Return the mail server's password, empty where none is named; raises OSError."""
    return (root / mail.password_file).read_text("utf-8").strip() if mail.password_file else ""


def write_mail(sender: str, address: str, letter: RegisteredLetter) -> EmailMessage:
    """Write the notice of a letter to a group; of a hidden letter nothing but that there is one."""
    mail = EmailMessage()
    mail["From"], mail["To"] = sender, address
    mail["Auto-Submitted"] = "auto-generated"
    if letter.is_redacted:
        mail["Subject"] = SECRET_MAIL
        mail.set_content(f"{SECRET_MAIL}\nโปรดติดต่อนายทะเบียนข้อมูลข่าวสารลับ\n")
        return mail
    urgency = f"[{letter.urgency}] " if letter.urgency else ""
    mail["Subject"] = _one_line(f"{urgency}หนังสือถึงกลุ่มท่าน เลขรับ {letter.register_number}")
    mail.set_content(
        f"เลขรับ {letter.register_number}\n"
        f"ชั้นความเร็ว {letter.urgency or 'ปกติ'}\n"
        f"ที่ {_one_line(letter.number)}\n"
        f"เรื่อง {_one_line(letter.subject)}\n"
    )
    return mail


def _one_line(text: str) -> str:
    """Return text from a scan without anything that could end a line or a header."""
    kept = (char if unicodedata.category(char)[0] != "C" else " " for char in text)
    return " ".join("".join(kept).split())


def post_json(url: str, body: bytes, headers: dict[str, str]) -> int:
    """Send one request and return the status; nothing of the answer is used, no redirection followed."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        context = ssl.create_default_context()
        connection = http.client.HTTPSConnection(
            host, parts.port, timeout=TIMEOUT_SECONDS, context=context
        )
    else:
        connection = http.client.HTTPConnection(host, parts.port, timeout=TIMEOUT_SECONDS)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body=body, headers=headers)
        return connection.getresponse().status
    finally:
        connection.close()


def send_mail(settings: Mail, password: str, mail: EmailMessage) -> None:
    """Hand one message to the mail server."""
    with smtplib.SMTP(settings.host, settings.port, timeout=TIMEOUT_SECONDS) as server:
        if settings.starttls:
            server.starttls(context=ssl.create_default_context())
        if settings.user:
            server.login(settings.user, password)
        server.send_message(mail)
