"""Who outside is told what: webhooks and mail, both off until the administrator lists addresses."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipeline.errors import SettingsRefusedError

if TYPE_CHECKING:  # settings are read by commands that need no database
    from index.register.store.deliveries import Happened

# What happened to a letter, by its action in the audit trail.
EVENTS = {
    "filed": "letter.registered",
    "checked": "letter.checked",
    "corrected": "letter.corrected",
    "confirmed": "letter.confirmed",
    "routed": "letter.routed",
    "taken": "letter.taken",
    "assigned": "letter.assigned",
    "done": "letter.done",
    "returned": "letter.returned",
    "number_cancelled": "letter.cancelled",
    "joined": "letter.joined",
}
HOOK, MAIL = "hook:", "mail:"
ROUTED = EVENTS["routed"]
_ADDRESS = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+")
Refuse = Callable[[tuple[str, ...], str, str], SettingsRefusedError]


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that is told of events, signed with the secret in `secret_file`."""

    url: str
    secret_file: str
    events: tuple[str, ...] = (EVENTS["filed"], ROUTED)


@dataclass(frozen=True, slots=True)
class MailBox:
    """Where the mail for a group goes."""

    group: str
    address: str


@dataclass(frozen=True, slots=True)
class Mail:
    """The server that takes mail; none is sent without `host`. `password_file` holds the password only."""

    host: str = ""
    port: int = 25
    sender: str = ""
    starttls: bool = False
    user: str = ""
    password_file: str = ""
    box: tuple[MailBox, ...] = ()


def check_outside(webhooks: tuple[Webhook, ...], mail: Mail, refuse: Refuse) -> None:
    """Raise SettingsRefusedError for an address or event that cannot work."""
    for hook in webhooks:
        parts = urlsplit(hook.url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise refuse(
                ("webhook", "url"), f"webhook.url {hook.url!r} is no address", "write https://…"
            )
        unknown = set(hook.events) - set(EVENTS.values())
        if unknown:
            known = ", ".join(EVENTS.values())
            raise refuse(
                ("webhook", "events"), f"webhook.events: unknown {min(unknown)}", f"known: {known}"
            )
        if not hook.secret_file:
            raise refuse(("webhook", "secret_file"), "webhook.secret_file is empty", "name a file")
    if not mail.host:
        return
    for address in (mail.sender, *(box.address for box in mail.box)):
        if not _ADDRESS.fullmatch(address):
            raise refuse(("mail",), f"mail: {address!r} is no address", "write name@example.go.th")
    if not 0 < mail.port < 65536:
        raise refuse(("mail", "port"), "mail.port is not 1 to 65535", "25 or 587 is usual")


def who_is_told(
    webhooks: tuple[Webhook, ...], mail: Mail
) -> Callable[[Happened], list[tuple[str, str]]]:
    """Return what says of each change who is told: listed webhooks, and the groups it is routed to."""
    boxes = {box.group: box.address for box in mail.box} if mail.host else {}

    def told(happened: Happened) -> list[tuple[str, str]]:
        event = EVENTS.get(happened.action)
        if event is None:
            return []
        targets = [(HOOK + hook.url, event) for hook in webhooks if event in hook.events]
        if event == ROUTED:
            groups = dict.fromkeys((happened.group, *happened.copies))
            targets += [(MAIL + boxes[group], event) for group in groups if group in boxes]
        return targets

    return told
