"""What the desk's pages share: who may do what with a letter, and where to go afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from urllib.parse import urlsplit

from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from index.choices import Deed, Station, Step
from index.registered_letter import RegisteredLetter
from index.visibility import SECRECY_FIELD, Role, Sight, Viewer, may_see
from pipeline.hiding import hide_files
from pipeline.web.site.language import mark
from pipeline.web.site.pages import Site
from pipeline.web.site.roles import DESK_ROLES, GROUP_ROLES, SIGNING_ROLES

STILL_FRESH = timedelta(minutes=30)  # how long the last change is offered to be taken back

ACTIONS = {
    "checked": mark("ตรวจแล้ว"),
    "corrected": mark("แก้ไขแล้ว"),
    "copied": mark("กำหนดสำเนา"),
    "deadline": mark("กำหนดวันเสร็จ"),
    Step.ROUTED: mark("จ่ายให้กลุ่ม"),
    Step.TAKEN: mark("รับเรื่อง"),
    Step.ASSIGNED: mark("มอบหมาย"),
    Step.DONE: mark("ดำเนินการแล้ว"),
    Step.RETURNED: mark("ส่งคืน"),
    Step.INSTRUCTED: mark("เกษียน"),
    Step.UNDONE: mark("ยกเลิกรายการก่อนหน้า"),
}


STATION_NAMES = {
    Station.GROUP_HEAD: mark("ผู้อำนวยการกลุ่ม"),
    Station.DEPUTY: mark("รองผู้อำนวยการ"),
    Station.DIRECTOR: mark("ผู้อำนวยการ"),
}
DEED_NAMES = {
    Deed.SUBMITTED: mark("เสนอ"),
    Deed.APPROVED: mark("เห็นชอบ"),
    Deed.INSTRUCTED: mark("สั่งการ"),
    Deed.RETURNED: mark("ส่งคืนแก้ไข"),
    Deed.CARRIED: mark("นำแฟ้มไปเสนอ"),
    Deed.WITHDRAWN: mark("ถอนเรื่อง"),
}

MOVED = {**ACTIONS, Step.ROUTED: mark("จ่ายให้")}
"""What was done, where the group's name follows: every one begins with กลุ่ม by itself."""


@dataclass(frozen=True, slots=True)
class May:
    """What a viewer may do with a letter; the pages show no more, and the routes ask again."""

    work: bool
    give_back: bool
    instruct: bool
    copy_order: bool
    submit: bool


def what_may(viewer: Viewer, letter: RegisteredLetter) -> May:
    """Tell what this person may do: the desk nearly all, a group what concerns its own letters.

    An order is given in one's own name, by the head of the letter's group, its deputy or the director.
    The desk and the secretary copy one that was signed on paper, naming who signed it.
    """
    works = bool(viewer.roles & DESK_ROLES)
    own = bool(viewer.roles & GROUP_ROLES) and letter.group in viewer.own_groups
    heads = bool(viewer.roles & SIGNING_ROLES) and letter.group in viewer.own_groups
    return May(
        work=works,
        give_back=works or own,
        instruct=heads or Role.DIRECTOR in viewer.roles,
        copy_order=works or Role.SECRETARY in viewer.roles,
        submit=(works or own) and not letter.cancelled,
    )


def require(allowed: bool) -> None:
    """Let pass who may do it; page 403 for all others."""
    if not allowed:
        raise HTTPException(HTTPStatus.FORBIDDEN)


def hide_if_secret(site: Site, letter: RegisteredLetter) -> None:
    """Move the files of a letter that turned out to be secret out of everybody's reach."""
    if letter.is_secret or SECRECY_FIELD in letter.review:
        hide_files(site.book, site.archive, site.pictures, letter.letter_id)


def is_open_to(viewer: Viewer, letter: RegisteredLetter) -> bool:
    """Tell whether the viewer may open the letter as it stands now."""
    return may_see(viewer, letter) is Sight.FULL


def go_back(viewer: Viewer, letter: RegisteredLetter, back: str) -> RedirectResponse:
    """Send the browser to where the form came from, or to the list when that is out of reach now."""
    own = f"/letters/{letter.register_number}"
    target = local_path(back) or own
    if target.startswith(own) and not is_open_to(viewer, letter):
        target = "/"
    return RedirectResponse(target, status_code=HTTPStatus.SEE_OTHER)


def local_path(address: str) -> str:
    """Return an address of this server's, or nothing for any other."""
    parts = urlsplit(address)
    plain = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if plain and not parts.netloc and "\n" not in address else ""


def next_at_registry(site: Site, viewer: Viewer, done: int) -> str:
    """Return the address of the letter that stands after this one at the registry, or of the list."""
    but = site.presence.taken(viewer.name, site.now())
    number = site.book.review.next_at_registry(viewer, done, but=but)
    return f"/letters/{number}" if number else "/"


def last_change(site: Site, viewer: Viewer) -> dict[str, object] | None:
    """Return what the bar with the undo button says; None when there is nothing to take back."""
    change = site.book.desk.last_change(viewer, since=site.now() - STILL_FRESH)
    if change is None:
        return None
    group = site.group_names.get(change.group, change.group)
    return {
        "number": change.number,
        "revision": change.revision,
        "what": ACTIONS.get(change.action, change.action),
        "group": group if change.action == Step.ROUTED else "",
        "together": [f"{number} {revision}" for number, revision in change.together],
    }
