"""The auditor's page: who did and looked at what, line by line, and proof that nobody changed it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, Response

from index.register.audit import AuditEntry
from index.registered_letter import RegisteredLetter, RegisterNumber
from index.visibility import Role, Sight, Viewer, may_see
from pipeline.web.pages import OnSite, Site, show
from pipeline.web.people_pages import ROLE_NAMES
from pipeline.web.thai_form import field_name
from pipeline.web.viewer import only

routes = APIRouter()
LINES = 50

Auditor = Annotated[Viewer, Depends(only(Role.AUDITOR))]

ACTIONS = {
    "arrived": "ไฟล์เข้า",
    "duplicate": "ไฟล์ซ้ำ",
    "filed": "ลงทะเบียน",
    "quarantined": "กักไว้",
    "retried": "สั่งอ่านใหม่",
    "viewed": "เปิดดู",
    "view_refused": "ขอเปิดดูแต่ไม่มีสิทธิ",
    "corrected": "แก้ไข",
    "confirmed": "ยืนยัน",
    "undone": "ย้อนการแก้ไข",
    "routed": "ส่งให้กลุ่ม",
    "taken": "รับเรื่อง",
    "assigned": "มอบหมาย",
    "done": "ดำเนินการแล้ว",
    "returned": "ส่งคืน",
    "instructed": "เกษียน",
    "copied": "ให้สำเนา",
    "granted": "อนุญาตเฉพาะบุคคล",
    "imported": "นำเข้า",
    "number_reserved": "จองเลข",
    "number_cancelled": "ยกเลิกเลข",
    "book_continued": "ต่อเลขจากเล่มเดิม",
    "sent_entered": "ออกเลขหนังสือส่ง",
    "sent_changed": "แก้ไขหนังสือส่ง",
    "sent_recipients_added": "เพิ่มผู้รับ",
    "sent_dispatched": "บันทึกการส่ง",
    "sent_acknowledged": "บันทึกการตอบรับ",
    "sent_file_attached": "แนบสำเนาหนังสือส่ง",
    "sent_file_viewed": "เปิดสำเนาหนังสือส่ง",
    "uploaded": "รับไฟล์เข้า",
    "login": "เข้าใช้",
    "login_refused": "เข้าใช้ไม่สำเร็จ",
    "logout": "ออกจากระบบ",
    "person_added": "เพิ่มผู้ใช้",
    "person_changed": "เปลี่ยนข้อมูลผู้ใช้",
    "password_changed": "เปลี่ยนรหัสผ่าน",
    "password_reset": "ออกรหัสใช้ครั้งเดียว",
    "token_made": "ออกกุญแจโปรแกรม",
    "token_revoked": "ยกเลิกกุญแจโปรแกรม",
}
# What a line may tell besides who did what when: no reason, note or hash.
DETAILS = {
    "field": "ช่อง",
    "group": "กลุ่ม",
    "groups": "กลุ่ม",
    "officer": "เจ้าหน้าที่",
    "revision": "ครั้งที่แก้",
    "person": "ผู้ใช้",
    "roles": "บทบาท",
    "clearance": "ชั้นความลับ",
    "active": "ใช้งานได้",
    "address": "จากเครื่อง",
    "failures": "ผิดครั้งที่",
    "token": "กุญแจ",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it is shown; of a hidden letter only its number."""

    sequence: int
    at: datetime
    who: str
    action: str
    letter: RegisteredLetter | None
    is_open: bool
    details: tuple[tuple[str, str], ...]


@routes.get("/audit", response_class=HTMLResponse)
def audit(
    request: Request,
    site: OnSite,
    viewer: Auditor,
    *,
    letter: Annotated[str, Query(max_length=40)] = "",
    who: Annotated[str, Query(max_length=64)] = "",
    before: Annotated[int, Query(ge=0)] = 0,
    verify: bool = False,
) -> Response:
    """Show the trail from the newest line down, of one letter or person if asked."""
    letter_id = _letter_id(site, viewer, letter) if letter.strip() else None
    missing = letter_id is None and bool(letter.strip())
    entries: tuple[AuditEntry, ...] = ()
    if not missing:
        entries = site.book.audit.newest(
            letter_id=letter_id, who=who.strip(), before=before, limit=LINES + 1
        )
    context = {
        "lines": [_line(site, viewer, entry) for entry in entries[:LINES]],
        "more": entries[LINES - 1].sequence if len(entries) > LINES else 0,
        "letter": letter,
        "who": who,
        "people": site.book.people.all(),
        "missing": missing,
        "head": site.book.audit.head,
        "problems": site.book.audit.verify() if verify else None,
    }
    return show(request, "audit.html", context, here="audit")


def _letter_id(site: Site, viewer: Viewer, number: str) -> int | None:
    try:
        found = site.book.letters.by_number(viewer, RegisterNumber.parse(number))
    except (ValueError, OverflowError):
        return None
    return None if found is None else found.letter_id


def _line(site: Site, viewer: Viewer, entry: AuditEntry) -> Line:
    letter = None
    if entry.letter_id is not None:
        letter = site.book.letters.by_id(viewer, entry.letter_id)
    is_open = letter is not None and may_see(viewer, letter) is Sight.FULL and not letter.is_secret
    return Line(
        entry.sequence,
        entry.at,
        entry.who,
        ACTIONS.get(entry.action, entry.action),
        letter,
        is_open,
        _details(entry.details) if is_open or entry.letter_id is None else (),
    )


def _details(details: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (label, _words(key, details[key])) for key, label in DETAILS.items() if details.get(key)
    )


def _words(key: str, value: object) -> str:
    if isinstance(value, list):
        names = ROLE_NAMES if key == "roles" else {}
        return ", ".join(names.get(one, str(one)) for one in value)
    if key == "field":
        return field_name(str(value))
    return "ใช่" if value is True else str(value)
