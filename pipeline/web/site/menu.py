"""The navigation: the doors of a person, in five groups, with what waits behind them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from index.book import Book
from index.visibility import Role, Viewer
from pipeline.web.site.language import mark
from pipeline.web.site.roles import DESK_ROLES, MANDATE_ROLES, SIGNING_ROLES


class Group(StrEnum):
    """The groups of the navigation, in the order they are shown."""

    RECEIVE = "receive"
    WORK = "work"
    SEND = "send"
    KEEP = "keep"
    OFFICE = "office"


GROUP_WORDS = {
    Group.RECEIVE: mark("รับ"),
    Group.WORK: mark("งาน"),
    Group.SEND: mark("ส่ง"),
    Group.KEEP: mark("เก็บและทำลาย"),
    Group.OFFICE: mark("สำนักงาน"),
}


@dataclass(frozen=True, slots=True)
class Door:
    """An entry of the navigation; `here` is what a page gives to `show` to be marked.

    It is shown to who has one of the `roles`, or to everybody where none are named; one for the `cleared`
    to who may have secret letters. That is for order only: the route itself asks.
    """

    here: str
    address: str
    name: str
    group: Group
    roles: frozenset[Role] = frozenset()
    cleared: bool = False

    def is_for(self, viewer: Viewer) -> bool:
        """Tell whether this person is shown it."""
        by_role = not self.roles or bool(self.roles & viewer.roles)
        return by_role and (viewer.handles_secrets or not self.cleared)


@dataclass(frozen=True, slots=True)
class Menu:
    """One group with the doors of a person; `waits` is how much waits behind all of them."""

    name: str
    doors: tuple[Door, ...]
    waits: int


LETTER_ROLES = frozenset(Role) - {Role.ADMINISTRATOR, Role.COMMITTEE_MEMBER}
"""Who has letters to look at; administering the system shows none."""
QUARANTINE_ROLES = frozenset({Role.REGISTRY_CLERK, Role.SECRET_REGISTRAR})
GROUP_READERS = frozenset({Role.GROUP_HEAD, Role.GROUP_OFFICER, Role.REGISTRY_CLERK})

DOORS = (
    Door("letters", "/", mark("หนังสือรับ"), Group.RECEIVE, LETTER_ROLES),
    Door("group", "/group", mark("งานของกลุ่ม"), Group.WORK, GROUP_READERS),
    Door("folder", "/folder", mark("แฟ้มเสนอ"), Group.WORK, LETTER_ROLES),
    Door("tasks", "/tasks", mark("ติดตามงาน"), Group.WORK, LETTER_ROLES),
    Door("review", "/review", mark("ตรวจ"), Group.RECEIVE, QUARANTINE_ROLES),
    Door("sent", "/sent", mark("หนังสือส่ง"), Group.SEND, LETTER_ROLES),
    Door("numbers", "/numbers", mark("เลขทะเบียน"), Group.SEND, frozenset({Role.REGISTRY_CLERK})),
    Door("upload", "/upload", mark("รับไฟล์เข้า"), Group.RECEIVE, QUARANTINE_ROLES),
    Door("import", "/import", mark("นำเข้า"), Group.RECEIVE, QUARANTINE_ROLES),
    Door("forms", "/forms", mark("แบบพิมพ์"), Group.OFFICE, LETTER_ROLES),
    Door("duplicates", "/duplicates", mark("ฉบับซ้ำ"), Group.RECEIVE, QUARANTINE_ROLES),
    Door("quarantine", "/quarantine", mark("กักไว้"), Group.RECEIVE, QUARANTINE_ROLES),
    Door(
        "retention",
        "/retention",
        mark("อายุการเก็บ"),
        Group.KEEP,
        frozenset({Role.RECORDS_OFFICER, Role.AUDITOR}),
    ),
    Door(
        "batches",
        "/retention/batches",
        mark("บัญชีขอทำลาย"),
        Group.KEEP,
        frozenset({Role.COMMITTEE_MEMBER, Role.REGISTRY_CLERK, *SIGNING_ROLES}),
    ),
    Door("secret", "/secret", mark("หนังสือลับ"), Group.KEEP, frozenset({Role.SECRET_REGISTRAR})),
    Door("held", "/secret/held", mark("ลับที่อยู่กับข้าพเจ้า"), Group.WORK, cleared=True),
    Door("audit", "/audit", mark("บันทึกการใช้งาน"), Group.OFFICE, frozenset({Role.AUDITOR})),
    Door("people", "/people", mark("ผู้ใช้"), Group.OFFICE, frozenset({Role.ADMINISTRATOR})),
    Door("mandates", "/mandates", mark("คำสั่งมอบหมาย"), Group.OFFICE, MANDATE_ROLES),
    Door("tokens", "/tokens", mark("กุญแจโปรแกรม"), Group.OFFICE, frozenset({Role.ADMINISTRATOR})),
    Door("machine", "/machine", mark("เครื่อง"), Group.OFFICE, frozenset({Role.ADMINISTRATOR})),
    # for everybody, and last: a person's first door is where her own work waits
    Door("dashboard", "/dashboard", mark("ภาพรวม"), Group.OFFICE),
)


def doors_of(viewer: Viewer | None) -> tuple[Door, ...]:
    """Return the navigation of one person."""
    if viewer is None:
        return ()
    return tuple(door for door in DOORS if door.is_for(viewer))


def menus_of(doors: tuple[Door, ...], waiting: Mapping[str, int]) -> Iterator[Menu]:
    """Yield the doors of a person by group; groups in which she has none are left out."""
    for group, name in GROUP_WORDS.items():
        own = tuple(door for door in doors if door.group is group)
        if own:
            yield Menu(name, own, sum(waiting.get(door.here, 0) for door in own))


QUICK = {
    "letters": mark("รับ"),
    "review": mark("ตรวจ"),
    "search": mark("ค้นหา"),
    "group": mark("งาน"),
    "folder": mark("แฟ้ม"),
}
MOST_QUICK = 4
"""The bar at the bottom of a telephone: the first four that a person has, beside the whole menu."""


def quick_of(doors: tuple[Door, ...]) -> Iterator[tuple[str, str, str]]:
    """Yield place, address and short name of what a telephone's bottom bar shows of a person's doors."""
    addresses = {door.here: door.address for door in doors}
    if "letters" in addresses:
        addresses["search"] = "/search"
    own = [(here, addresses[here], name) for here, name in QUICK.items() if here in addresses]
    yield from own[:MOST_QUICK]


def waiting_of(book: Book, viewer: Viewer | None, now: datetime) -> dict[str, int]:
    """Return by door how much waits for this person; all are counts that the book remembers."""
    if viewer is None or not viewer.roles & LETTER_ROLES:
        return {}
    waiting = {
        "folder": book.folder_lists.count_waiting(viewer, now),
        "tasks": book.tasks.count_mine(viewer),
    }
    if viewer.roles & DESK_ROLES:
        counts = book.letters.count_states(viewer)
        waiting |= {"review": counts.review, "quarantine": counts.quarantined}
    return waiting
