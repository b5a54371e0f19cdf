"""What the roles of people and the office's books are called on pages."""

from __future__ import annotations

from index.choices import BookName
from index.visibility import Role
from pipeline.web.site.language import mark

ROLE_NAMES = {
    Role.DIRECTOR: mark("ผู้อำนวยการสำนักงานเขตพื้นที่การศึกษา"),
    Role.DEPUTY_DIRECTOR: mark("รองผู้อำนวยการสำนักงานเขตพื้นที่การศึกษา"),
    Role.SECRETARY: mark("เลขานุการผู้อำนวยการ"),
    Role.REGISTRY_CLERK: mark("ธุรการ (งานสารบรรณกลาง)"),
    Role.GROUP_HEAD: mark("ผู้อำนวยการกลุ่ม"),
    Role.GROUP_OFFICER: mark("เจ้าหน้าที่กลุ่ม"),
    Role.RECORDS_OFFICER: mark("เจ้าหน้าที่เก็บ"),
    Role.COMMITTEE_MEMBER: mark("กรรมการทำลายหนังสือ"),
    Role.SECRET_REGISTRAR: mark("นายทะเบียนข้อมูลข่าวสารลับ"),
    Role.AUDITOR: mark("ผู้ตรวจสอบ"),
    Role.ADMINISTRATOR: mark("ผู้ดูแลระบบ"),
}

BOOK_NAMES = {
    BookName.RECEIVE: mark("หนังสือรับ"),
    BookName.SEND: mark("หนังสือส่ง"),
    BookName.CIRCULAR: mark("หนังสือเวียน (ว)"),
    BookName.ORDER: mark("คำสั่ง"),
    BookName.ANNOUNCEMENT: mark("ประกาศ"),
}
