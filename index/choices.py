"""The closed sets that a letter's row chooses from; others are in `classify.letter`."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal, TypeAlias

NoChoice: TypeAlias = Literal[""]
"""What stands where nothing was chosen yet, in sets that have no member for that."""


class JobState(StrEnum):
    """Where a letter stands on its way into the book."""

    WAITING = "waiting"
    WORKING = "working"
    FILED = "filed"
    QUARANTINED = "quarantined"
    # a further copy of a registered letter; the book keeps it as a quarantine's reason
    HELD = "held"


class CopyState(StrEnum):
    """Where the reading of a copy stands."""

    WAITING = "waiting"
    WORKING = "working"
    READ = "read"
    UNREAD = "unread"  # it could not be read; the file stays as it came


class BookName(StrEnum):
    """The books with a run of numbers of their own."""

    RECEIVE = "receive"  # ทะเบียนหนังสือรับ
    SEND = "send"  # ทะเบียนหนังสือส่ง
    CIRCULAR = "circular"  # ทะเบียนหนังสือเวียน
    ORDER = "order"  # ทะเบียนคำสั่ง
    ANNOUNCEMENT = "announcement"  # ทะเบียนประกาศ


SEND_BOOKS = tuple(name for name in BookName if name is not BookName.RECEIVE)
"""The books of what the office itself sends or issues; each number in them has its entry in `sent`."""


class NumberStatus(StrEnum):
    """What became of a drawn number."""

    GIVEN = "given"
    RESERVED = "reserved"
    CANCELLED = "cancelled"


class Step(StrEnum):
    """A movement of a letter between and inside the groups."""

    ROUTED = "routed"  # ส่งให้กลุ่ม
    TAKEN = "taken"  # รับเรื่อง
    ASSIGNED = "assigned"  # มอบหมาย
    DONE = "done"  # ดำเนินการแล้ว
    RETURNED = "returned"  # ส่งคืน
    INSTRUCTED = "instructed"  # เกษียน; the letter stays where it is
    UNDONE = "undone"  # the step before it was taken back


OPEN_STEPS = (Step.ROUTED, Step.TAKEN, Step.ASSIGNED)
"""The steps after which a group has work with the letter."""


class Standing(StrEnum):
    """Where the work on a letter stands; cancelled letters are nobody's work."""

    AT_REGISTRY = "registry"  # new, sent back, or a routing taken back
    WITH_GROUP = "group"
    DONE = "done"


class Station(StrEnum):
    """Whose desk a paper of the folder (แฟ้มเสนอ) comes to, in the order it goes up."""

    GROUP_HEAD = "group_head"  # ผู้อำนวยการกลุ่ม
    DEPUTY = "deputy"  # รองผู้อำนวยการที่กำกับดูแลกลุ่ม
    DIRECTOR = "director"  # ผู้อำนวยการสำนักงานเขตพื้นที่การศึกษา


class PaperKind(StrEnum):
    """What is put into the folder."""

    LETTER = "letter"  # a received letter, for an order
    MEMO = "memo"  # บันทึกข้อความ
    ANSWER = "answer"  # the draft of an answer to a received letter


class FolderState(StrEnum):
    """Where a paper of the folder stands."""

    UNDER_WAY = "under_way"
    RETURNED = "returned"  # to who put it in, for correction
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"


class Deed(StrEnum):
    """What somebody does with a paper of the folder."""

    SUBMITTED = "submitted"  # เสนอ
    APPROVED = "approved"  # เห็นชอบ
    INSTRUCTED = "instructed"  # เกษียนสั่งการ
    RETURNED = "returned"  # ส่งคืนแก้ไข
    CARRIED = "carried"  # เลขานุการนำแฟ้มไปอีกโต๊ะ
    WITHDRAWN = "withdrawn"  # ถอนเรื่อง


class TaskSource(StrEnum):
    """What a task comes from."""

    FOLDER = "folder"  # an instruction in the folder
    MEETING = "meeting"  # a meeting's resolution


class MandateKind(StrEnum):
    """What a recorded order lets a person do."""

    ACTING = "acting"  # รักษาราชการแทน
    DESTRUCTION = "destruction"  # มอบอำนาจให้สั่งการตามข้อ 69
