"""Where an office stands: a folder that was moved, renamed or copied is noticed, and somebody is asked.

`office.json` in the folder holds the office's identity; the book holds the same, and the folder in which it
was last served. An office gets both when it is first served. In a copy both agree, but the folder is another
one: whether it was moved there or is a second office by now only people know.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from classify.durable_file import replace_durably
from index.book import Book
from index.office_place import Stood
from index.register.received.jobs import Reason
from pipeline.handed_in import INNER_FOLDERS
from pipeline.office import IDENTITY, Office
from pipeline.worker import LetterErrand
from watch_folder.claim import recover

MOVED, SEPARATED = "office_moved", "office_separated"
LEASE_SECONDS = 600.0
THE_FIRST_OFFICES = Reason(
    code="first-office",
    thai="ไฟล์นี้กำลังอ่านอยู่ในสำนักงานเดิมเมื่อคัดลอกโฟลเดอร์มา สำนักงานเดิมจะลงทะเบียนเอง ให้สั่งอ่านใหม่เฉพาะเมื่อสำนักงานเดิมไม่มี",
    english="the file was under way in the first office when this one was copied from it; the first one "
    "registers it. Retry it here only if the first office does not have it",
)


@dataclass(frozen=True, slots=True)
class Separated:
    """What a copy that became an office of its own set aside, and what somebody must look at.

    `left` files lie in its folders at the door, `shared` are watched folders outside it that the first
    office takes from too, `untold` messages to others are the first office's to send.
    """

    set_aside: int
    left: int
    shared: tuple[Path, ...]
    untold: int


def first_settle(office: Office, book: Book) -> None:
    """Give the office its identity when it is served for the first time, and its file back when it is lost.

    The file comes first: killed in between, the next start takes the identity from there.
    """
    stood = book.place.read()
    identity = stood.identity or office.identity or uuid.uuid4().hex
    if office.identity != identity:
        _write_identity(office, identity)
    if stood != Stood(identity, office.here):
        book.place.note(Stood(identity, office.here))


def settle_moved(office: Office, book: Book, *, who: str = "", now: datetime | None = None) -> None:
    """Go on in this folder as the same office; with `now` the audit trail tells it."""
    stood = book.place.read()
    if not stood.identity:
        return  # never served
    _write_identity(office, stood.identity)
    action = MOVED if now is not None else ""
    book.place.note(Stood(stood.identity, office.here), action=action, who=who, now=now)


def settle_separate(
    office: Office, book: Book, server: str, *, who: str, now: datetime
) -> Separated:
    """Make the copy an office of its own; only whoever holds the office (`server`) may.

    What was under way belongs to the first office, which registers it: here it goes to quarantine, from
    where it can be retried. The new identity is noted last: killed before, the same is asked again.
    """
    book.jobs.release_all("")
    for scan in recover(office.work, ends_moves=False):
        book.jobs.record_arrival(scan)
    done = 0
    while job := book.jobs.take(server, LEASE_SECONDS, now):
        LetterErrand(job).set_aside(THE_FIRST_OFFICES, book, office.quarantine, now)
        done += 1
    untold = book.deliveries.give_up_all("the first office tells it")
    identity = uuid.uuid4().hex
    _write_identity(office, identity)
    book.place.note(Stood(identity, office.here), action=SEPARATED, who=who, now=now)
    folders = [office.folder_of(one) for one in office.settings.watch.folder]
    own = [one for one in folders if one.is_relative_to(office.root)]
    inner = [office.folder_of(one) for one in INNER_FOLDERS]
    left = {file for folder in (*own, *inner) for file in _files(folder)}
    shared = tuple(one for one in folders if one not in own)
    return Separated(done, len(left), shared, untold)


def _files(folder: Path) -> Iterator[Path]:
    return (one for one in folder.rglob("*") if one.is_file() and not one.name.startswith("."))


def _write_identity(office: Office, identity: str) -> None:
    text = json.dumps({"identity": identity}) + "\n"
    replace_durably(office.root / IDENTITY, text.encode())
