"""The people of a demonstration: one for each thing that is done in an office; nobody real."""

from __future__ import annotations

from classify.letter import Secrecy
from index.register.people.people import Person
from index.visibility import Role

DEMO_CLERK = "clerk"


def _person(
    name: str, shown: str, role: Role, *groups: str, clearance: Secrecy = Secrecy.NONE
) -> Person:
    return Person(
        name,
        shown,
        frozenset({role}),
        frozenset(groups),
        clearance,
        must_change_password=False,
    )


DEMO_PEOPLE = (
    _person(DEMO_CLERK, "ธุรการ ตัวอย่าง", Role.REGISTRY_CLERK),
    _person("director", "ผู้อำนวยการสำนักงานเขตพื้นที่การศึกษา ตัวอย่าง", Role.DIRECTOR),
    _person("deputy", "รองผู้อำนวยการ ตัวอย่าง", Role.DEPUTY_DIRECTOR, "plan", "admin", "finance"),
    _person("secretary", "เลขานุการผู้อำนวยการ ตัวอย่าง", Role.SECRETARY),
    _person("head", "ผู้อำนวยการกลุ่มนโยบายและแผน ตัวอย่าง", Role.GROUP_HEAD, "plan"),
    _person("officer", "เจ้าหน้าที่กลุ่มนโยบายและแผน ตัวอย่าง", Role.GROUP_OFFICER, "plan"),
    _person("records", "เจ้าหน้าที่เก็บ ตัวอย่าง", Role.RECORDS_OFFICER),
    _person("committee1", "ประธานกรรมการทำลาย ตัวอย่าง", Role.COMMITTEE_MEMBER),
    _person("committee2", "กรรมการทำลาย ตัวอย่าง", Role.COMMITTEE_MEMBER),
    _person("committee3", "กรรมการทำลาย ตัวอย่าง", Role.COMMITTEE_MEMBER),
    _person(
        "registrar",
        "นายทะเบียนข้อมูลข่าวสารลับ ตัวอย่าง",
        Role.SECRET_REGISTRAR,
        clearance=Secrecy.TOP_SECRET,
    ),
    _person("auditor", "ผู้ตรวจสอบ ตัวอย่าง", Role.AUDITOR),
    _person("admin", "ผู้ดูแลระบบ ตัวอย่าง", Role.ADMINISTRATOR),
)
