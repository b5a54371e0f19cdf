"""What an office sets up once, and how far it has come: told to the administrator until everything is done."""

from __future__ import annotations

from dataclasses import dataclass

from index.visibility import Role
from pipeline.health import Health
from pipeline.settings import OfficeNames
from pipeline.web.site.language import _, figures
from pipeline.web.site.pages import Site

PEOPLE, UPLOAD = "/people", "/upload"
NEEDED_ROLES = frozenset({Role.REGISTRY_CLERK, Role.SECRET_REGISTRAR})
"""Without these two nobody checks what was read, or opens what may be secret."""


@dataclass(frozen=True, slots=True)
class SetUpStep:
    """One thing to set up: how it stands and what to do; `address` is the page for it, if there is one."""

    name: str
    done: bool
    stands: str
    how: str
    address: str = ""


def set_up_of(site: Site, health: Health) -> tuple[SetUpStep, ...]:
    """Return the steps in their order; none once all are done."""
    settings, groups = site.office.settings, site.group_names
    people = [one for one in site.book.people.all() if one.active]
    staffed = {group for one in people for group in one.groups} & groups.keys()
    roles = {role for one in people for role in one.roles}
    folders = [site.office.folder_of(one) for one in settings.watch.folder]
    steps = (
        SetUpStep(
            _("ชื่อสำนักงาน"),
            settings.office.name != OfficeNames().name,
            settings.office.name,
            _("แก้ name ใน saraban.toml ส่วน [office] แล้วเริ่มโปรแกรมใหม่"),
        ),
        SetUpStep(
            _("กลุ่ม"),
            len(staffed) == len(groups),
            _(
                "มีผู้ใช้แล้ว %(staffed)s จาก %(all)s กลุ่ม",
                staffed=figures(len(staffed)),
                all=figures(len(groups)),
            ),
            _("แก้รายชื่อกลุ่มใน rules/groups.toml ให้ตรงกับสำนักงาน แล้วเพิ่มผู้ใช้ของทุกกลุ่ม"),
            PEOPLE,
        ),
        SetUpStep(
            _("ผู้ใช้"),
            roles >= NEEDED_ROLES,
            _("%(count)s คน", count=figures(len(people))),
            _("ต้องมีธุรการ และนายทะเบียนข้อมูลข่าวสารลับ อย่างน้อยอย่างละหนึ่งคน"),
            PEOPLE,
        ),
        SetUpStep(
            _("โฟลเดอร์ของเครื่องสแกน"),
            all(folder.is_dir() for folder in folders),
            " · ".join(map(str, folders)),
            _("ตั้งเครื่องสแกนให้ส่งไฟล์มาที่โฟลเดอร์นี้ แก้ที่ saraban.toml ส่วน [[watch.folder]]"),
        ),
        SetUpStep(
            _("สำรองข้อมูล"),
            health.backup.at is not None,
            settings.backup.to or _("ยังไม่ได้ตั้งค่า"),
            _("ตั้งที่ saraban.toml ส่วน [backup] แล้วสั่ง saraban backup"),
        ),
        SetUpStep(
            _("หนังสือฉบับแรก"),
            health.counts.filed > 0,
            _("ลงทะเบียนแล้ว %(count)s ฉบับ", count=figures(health.counts.filed)),
            _("สแกนหนังสือหนึ่งฉบับ แล้วให้ธุรการตรวจและจ่าย"),
        ),
    )
    return () if all(one.done for one in steps) else steps
