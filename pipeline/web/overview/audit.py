"""The auditor's page: who did and looked at what, line by line, and proof that nobody changed it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from index.choices import BookName
from index.register.people.people import Person
from index.register.store.audit import AuditEntry
from index.registered_letter import RegisteredLetter, RegisterNumber
from index.visibility import Sight, Viewer, may_see
from pipeline.web.site.language import _, mark, render
from pipeline.web.site.local_form import field_name
from pipeline.web.site.names import BOOK_NAMES, ROLE_NAMES
from pipeline.web.site.pages import RequestSite, Site, show
from pipeline.web.site.roles import Auditor
from pipeline.web.site.typed_day import no_day, parse_day

routes = APIRouter()
LINES = 50


ACTIONS = {
    "arrived": mark("ไฟล์เข้า"),
    "duplicate": mark("ไฟล์ซ้ำ"),
    "filed": mark("ลงทะเบียน"),
    "quarantined": mark("กักไว้"),
    "retried": mark("สั่งอ่านใหม่"),
    "dismissed": mark("คัดไฟล์ที่กักไว้ออก"),
    "reinstated": mark("นำไฟล์ที่คัดออกกลับมา"),
    "viewed": mark("เปิดดู"),
    "restored": mark("กู้คืนทั้งสำนักงานจากชุดสำรอง"),
    "office_moved": mark("ย้ายโฟลเดอร์สำนักงาน"),
    "office_separated": mark("แยกสำเนาเป็นอีกสำนักงาน"),
    "view_refused": mark("ขอเปิดดูแต่ไม่มีสิทธิ"),
    "corrected": mark("แก้ไข"),
    "confirmed": mark("ยืนยัน"),
    "undone": mark("ยกเลิกการแก้ไข"),
    "routed": mark("ส่งให้กลุ่ม"),
    "taken": mark("รับเรื่อง"),
    "assigned": mark("มอบหมาย"),
    "done": mark("ดำเนินการแล้ว"),
    "returned": mark("ส่งคืน"),
    "instructed": mark("เกษียน"),
    "copied": mark("ให้สำเนา"),
    "folder_submitted": mark("เสนอแฟ้ม"),
    "folder_approved": mark("เห็นชอบในแฟ้ม"),
    "folder_instructed": mark("สั่งการในแฟ้ม"),
    "folder_returned": mark("ส่งคืนแก้ไขในแฟ้ม"),
    "folder_carried": mark("นำแฟ้มไปเสนอ"),
    "folder_withdrawn": mark("ถอนเรื่องจากแฟ้ม"),
    "task_given": mark("มอบงาน"),
    "task_done": mark("งานเสร็จ"),
    "mandate_given": mark("บันทึกคำสั่งมอบหมาย"),
    "mandate_ended": mark("ยกเลิกคำสั่งมอบหมาย"),
    "granted": mark("อนุญาตเฉพาะบุคคล"),
    "grant_ended": mark("ถอนสิทธิเฉพาะบุคคล"),
    "denied": mark("ห้ามเปิดหนังสือลับ"),
    "denial_lifted": mark("ยกเลิกข้อห้ามเปิดหนังสือลับ"),
    "handed_over": mark("ส่งมอบหนังสือลับ"),
    "handover_signed": mark("ลงชื่อรับหนังสือลับ"),
    "handover_ended": mark("ยกเลิกการส่งมอบหนังสือลับ"),
    "handover_fetched": mark("เรียกคืนหนังสือลับ"),
    "secret_held": mark("เปิดรายการลับที่อยู่กับตน"),
    "imported": mark("นำเข้า"),
    "number_reserved": mark("จองเลข"),
    "number_cancelled": mark("ยกเลิกเลข"),
    "book_continued": mark("ต่อเลขจากเล่มเดิม"),
    "sent_entered": mark("ออกเลขหนังสือส่ง"),
    "sent_changed": mark("แก้ไขหนังสือส่ง"),
    "sent_recipients_added": mark("เพิ่มผู้รับ"),
    "sent_dispatched": mark("บันทึกการส่ง"),
    "sent_acknowledged": mark("บันทึกการตอบรับ"),
    "sent_file_attached": mark("แนบสำเนาหนังสือส่ง"),
    "secret_registers": mark("เปิดทะเบียนหนังสือลับ"),
    "form_printed": mark("พิมพ์หรือส่งออกแบบพิมพ์และทะเบียน"),
    "join_undone": mark("ยกเลิกการรวมหนังสือ"),
    "number_given_again": mark("คืนเลขที่ยกเลิกไว้"),
    "number_bound": mark("ใช้เลขที่จองไว้กับไฟล์"),
    "number_let_go": mark("ปล่อยเลขที่จองไว้คืน"),
    "sent_file_read": mark("อ่านสำเนาหนังสือส่ง"),
    "sent_file_unread": mark("อ่านสำเนาหนังสือส่งไม่ได้"),
    "sent_file_retried": mark("สั่งอ่านสำเนาหนังสือส่งใหม่"),
    "sent_file_viewed": mark("เปิดสำเนาหนังสือส่ง"),
    "uploaded": mark("รับไฟล์เข้า"),
    "login": mark("เข้าใช้"),
    "login_refused": mark("เข้าใช้ไม่สำเร็จ"),
    "logout": mark("ออกจากระบบ"),
    "person_added": mark("เพิ่มผู้ใช้"),
    "person_changed": mark("เปลี่ยนข้อมูลผู้ใช้"),
    "password_changed": mark("เปลี่ยนรหัสผ่าน"),
    "password_reset": mark("ออกรหัสใช้ครั้งเดียว"),
    "token_made": mark("ออกกุญแจโปรแกรม"),
    "token_revoked": mark("ยกเลิกกุญแจโปรแกรม"),
}
# What a line may tell besides who did what when: no reason, note or hash.
DETAILS = {
    "form": mark("แบบ"),
    "period": mark("ช่วงวันที่"),
    "book": mark("ทะเบียน"),
    "number": mark("เลขทะเบียน"),
    "made": mark("เป็นไฟล์"),
    "code": mark("รหัส"),
    "field": mark("ช่อง"),
    "group": mark("กลุ่ม"),
    "groups": mark("กลุ่ม"),
    "officer": mark("เจ้าหน้าที่"),
    "revision": mark("ครั้งที่แก้"),
    "person": mark("ผู้ใช้"),
    "roles": mark("บทบาท"),
    "clearance": mark("ชั้นความลับ"),
    "active": mark("ใช้งานได้"),
    "address": mark("จากเครื่อง"),
    "failures": mark("ผิดครั้งที่"),
    "token": mark("กุญแจ"),
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
    site: RequestSite,
    viewer: Auditor,
    *,
    letter: Annotated[str, Query(max_length=40)] = "",
    who: Annotated[str, Query(max_length=64)] = "",
    action: Annotated[str, Query(max_length=64)] = "",
    day: Annotated[str, Query(max_length=60)] = "",
    before: Annotated[int, Query(ge=0)] = 0,
    verify: bool = False,
) -> Response:
    """Show the trail from the newest line down, of one letter or person if asked."""
    letter_id = _letter_id(site, viewer, letter) if letter.strip() else None
    missing = letter_id is None and bool(letter.strip())
    entries: tuple[AuditEntry, ...] = ()
    on = parse_day(day)
    begin = datetime.combine(on, time.min, site.office.zone) if on else None
    people = site.book.people.all()
    problem = render(no_day(day)) if day and on is None else ""
    if not missing and not problem:
        entries = site.book.audit.newest(
            letter_id=letter_id,
            who=_log_in_of(who.strip(), people),
            action=action,
            begin=begin,
            end=begin + timedelta(days=1) if begin else None,
            before=before,
            limit=LINES + 1,
        )
    context = {
        "lines": [_line(site, viewer, entry) for entry in entries[:LINES]],
        "more": entries[LINES - 1].sequence if len(entries) > LINES else 0,
        "letter": letter,
        "who": who,
        "action": action,
        "actions": dict(sorted(ACTIONS.items(), key=lambda one: str(one[1]))),
        "day": day,
        "problem": problem,
        "address": urlencode({"letter": letter, "who": who, "action": action, "day": day}),
        "people": people,
        "name_of": _name_of(site.book.people.names()),
        "missing": missing,
        "head": site.book.audit.head,
        "problems": site.book.audit.verify() if verify else None,
    }
    return show(request, "audit.html", context, here="audit")


def _name_of(names: Mapping[str, str]) -> Callable[[str], str]:
    """Return what tells who did it: a person by name, else the program or the door that a file came by."""

    def name_of(who: str) -> str:
        kind, _colon, which = who.partition(":")
        if kind == "worker":
            return _("โปรแกรม")
        return _("ทางเข้า %(door)s", door=which) if kind == "door" else names.get(who, who)

    return name_of


def _log_in_of(who: str, people: Iterable[Person]) -> str:
    """Return the log-in of whom the page knows by a name; what is none stays as it is."""
    return next((one.name for one in people if who and who == one.shown_name), who)


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
        _details(entry) if is_open or entry.letter_id is None else (),
    )


def _details(entry: AuditEntry) -> tuple[tuple[str, str], ...]:
    """Return what a line says besides; a letter's number stands beside it already."""
    shown = entry.details if entry.letter_id is None else {**entry.details, "number": ""}
    return tuple(
        (label, _words(key, shown[key])) for key, label in DETAILS.items() if shown.get(key)
    )


def _words(key: str, value: object) -> str:
    if isinstance(value, list):
        names = ROLE_NAMES if key == "roles" else {}
        return ", ".join(str(names.get(one, one)) for one in value)
    if key == "book" and value in tuple(BookName):
        return str(BOOK_NAMES[BookName(str(value))])
    if key == "field":
        return field_name(str(value))
    return _("ใช่") if value is True else str(value)
