"""Made-up letters of a school district office, with reading errors sampled from measured confusions.

The sentence parts are real office language (`data/phrases.tsv`), the persons are made up. Reading
errors are drawn from `data/confusions.json`, which `measure_confusions.py` counted; `rate` is the
share of wrong characters not counting spaces (the harder way to count).
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from ocr.thai_text import MONTHS, SHORT_MONTHS

DATA = Path(__file__).parent / "data"
FIRST_DAY = date(2020, 1, 1)
DAYS = 2200
GROUPS = [
    "admin",
    "plan",
    "ict",
    "finance",
    "hr",
    "teacher",
    "supervise",
    "promote",
    "audit",
    "legal",
]
SENDERS = (
    ("ศธ", "04001", "สำนักงานคณะกรรมการการศึกษาขั้นพื้นฐาน"),
    ("ศธ", "04006", "สำนักนโยบายและแผนการศึกษาขั้นพื้นฐาน"),
    ("ศธ", "04009", "สำนักพัฒนาระบบบริหารงานบุคคลและนิติการ"),
    ("ศธ", "04010", "สำนักวิชาการและมาตรฐานการศึกษา"),
    ("ศธ", "0206", "สำนักงาน ก.ค.ศ."),
    ("ศธ", "5100", "สำนักงานเลขาธิการคุรุสภา"),
    ("กค", "0402.2", "กรมบัญชีกลาง"),
    ("กค", "0308", "กรมธนารักษ์"),
    ("มท", "0803.1", "กรมส่งเสริมการปกครองท้องถิ่น"),
    ("สธ", "0413", "กรมควบคุมโรค"),
    ("ตผ", "0036", "สำนักงานการตรวจเงินแผ่นดิน"),
    ("นร", "0704", "สำนักงบประมาณ"),
    ("ลย", "0017", "สำนักงานจังหวัดเลย"),
    ("ตก", "0018", "ที่ทำการปกครองจังหวัดตาก"),
)
PLACES = [
    "บ้านหนองแวง",
    "บ้านโคกสูง",
    "วัดป่าสน",
    "บ้านน้ำใส",
    "ชุมชนบ้านดอนกลาง",
    "บ้านห้วยไร่",
    "วัดโพธิ์ทอง",
    "บ้านทุ่งนา",
    "อนุบาลเมืองใหม่",
    "บ้านแม่ลาน",
    "บ้านเนินสว่าง",
    "ราษฎร์พัฒนา",
    "บ้านปากน้ำ",
    "บ้านสันติสุข",
    "วัดศรีชุม",
]
PERSONS = [
    "สมชาย",
    "สมหญิง",
    "อัญชลี",
    "ประสิทธิ์",
    "วิภาวรรณ",
    "ณัฐพงษ์",
    "กาญจนา",
    "สุรเดช",
    "พิมพ์ใจ",
    "อนุชา",
    "จิราพร",
    "ธนกฤต",
    "เบญจมาศ",
    "วรวุฒิ",
    "ศิริพร",
    "ปรีชา",
    "มัลลิกา",
    "กิตติพงศ์",
    "นภาพร",
    "ชัยวัฒน์",
    "อรทัย",
    "เกรียงไกร",
    "รัตนา",
    "ภาณุพงศ์",
    "สายสุนีย์",
    "ดวงใจ",
]
FAMILIES = [
    "ใจกว้าง",
    "ทองสุก",
    "พงษ์ไพบูลย์",
    "แก้วมณี",
    "ศรีสว่าง",
    "รุ่งเรืองกิจ",
    "บุญประเสริฐ",
    "สุขสมบูรณ์",
    "วงศ์คำแหง",
    "ธรรมวัฒน์",
    "เจริญผล",
    "อินทรศักดิ์",
    "มั่นคงดี",
    "พูนทรัพย์",
    "ชัยชนะกุล",
    "แสงอรุณ",
    "คำแก้วใส",
    "นาคสุวรรณ",
    "ปัญญาวิเศษ",
    "จันทร์เพ็ง",
    "หอมขจร",
    "โพธิ์งาม",
    "ดีเลิศล้ำ",
    "กล้าหาญชัย",
    "สิงห์ทองคำ",
]
SHORT_WORD_SENTENCES = (
    "กำหนดจัดพิธีทำบุญ ณ วัด ใกล้สำนักงาน",
    "ขออนุญาตใช้ รถ ของทางราชการ",
    "การ ลา ของข้าราชการครู",
    "การปลูกต้นไม้ใน ป่า ชุมชน",
    "การป้องกันภัยจาก น้ำ ท่วม",
    "ขอให้แจก ยา สามัญประจำบ้าน",
    "การรับ เงิน บริจาค",
    "ให้ ครู ทุกคนเข้าร่วม",
    "กิจกรรมแข่งขัน กีฬา ต้านภัย",
    "การซ่อม ถนน หน้าโรงเรียน",
    "การตรวจ ไฟ ในอาคาร",
    "จัดหา นม ให้นักเรียน",
    "การใช้ ที่ ราชพัสดุ",
    "สำรวจ ดิน ในแปลงเกษตร",
)


@dataclass(frozen=True, slots=True)
class MadeLetter:
    """One made-up letter: what the register knows and the lines of its page, clean."""

    letter_id: int
    number: str
    date: date
    sender: str
    recipient: str
    subject: str
    group: str
    persons: tuple[str, ...]
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """The page's text."""
        return "\n".join(self.lines)


@lru_cache(maxsize=1)
def phrases() -> dict[str, list[str]]:
    """Return the phrases by kind: P sentence parts, S subjects, W words."""
    kinds: dict[str, list[str]] = {"P": [], "S": [], "W": []}
    for line in (DATA / "phrases.tsv").read_text(encoding="utf-8").splitlines():
        kind, _, phrase = line.partition("\t")
        if kind in kinds and phrase:
            kinds[kind].append(phrase)
    return kinds


def thai_digits(text: str) -> str:
    """Write Arabic digits as Thai ones, as letters print them."""
    return text.translate({ord("0") + digit: ord("๐") + digit for digit in range(10)})


def long_date(day: date) -> str:
    """Write a date as a letter does: `15 มกราคม 2569`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year + 543}"


def short_date(day: date) -> str:
    """Write a date as a clerk does: `15 ม.ค. 2569`."""
    return f"{day.day} {SHORT_MONTHS[day.month - 1]} {day.year + 543}"


def make_letter(letter_id: int, seed: int = 6) -> MadeLetter:
    """Make letter `letter_id`; the same id and seed give the same letter (about 1,500 characters)."""
    rng = random.Random(seed * 1_000_003 + letter_id)  # noqa: S311 - repeatable data
    kinds = phrases()
    letters, owner, office = rng.choice(SENDERS)
    number = f"{letters} {owner}/{'ว ' if rng.random() < 0.5 else ''}{rng.randint(1, 9999)}"
    day = FIRST_DAY + timedelta(days=rng.randrange(DAYS))
    recipient = f"ผู้อำนวยการโรงเรียน{rng.choice(PLACES)}"
    subject = rng.choice(kinds["S"])
    persons = tuple(f"{rng.choice(PERSONS)} {rng.choice(FAMILIES)}" for _ in range(2))
    lines = [f"ที่ {number}", office, long_date(day), f"เรื่อง {subject}", f"เรียน {recipient}"]
    if rng.random() < 0.6:
        lines.append(_reference(rng))
    body: list[str] = []
    size = rng.randint(500, 1600)
    while sum(map(len, body)) < size:
        body.append(rng.choice(kinds["P"]))
        if rng.random() < 0.25:
            body.append(rng.choice(kinds["W"]))
        if rng.random() < 0.06:
            body.append(rng.choice(SHORT_WORD_SENTENCES).replace(" ", ""))
    lines += _wrap(rng, body)
    lines += [
        f"ทั้งนี้ให้ติดต่อ {persons[1]} ภายในวันที่ {long_date(day + timedelta(days=rng.randint(5, 40)))}",
        "จึงเรียนมาเพื่อโปรดทราบและดำเนินการต่อไป",
        "ขอแสดงความนับถือ",
        f"({persons[0]})",
        f"โทร. 0 {rng.randint(2000, 5999)} {rng.randint(1000, 9999)}",
    ]
    if rng.random() < 0.8:
        lines = [thai_digits(line) for line in lines]
    group = rng.choice(GROUPS)
    return MadeLetter(
        letter_id, number, day, office, recipient, subject, group, persons, tuple(lines)
    )


def _reference(rng: random.Random) -> str:
    letters, owner, office = rng.choice(SENDERS)
    day = FIRST_DAY + timedelta(days=rng.randrange(DAYS))
    return (
        f"อ้างถึง หนังสือ{office} ที่ {letters} {owner}/ว {rng.randint(1, 9999)} ลงวันที่ {long_date(day)}"
    )


def _wrap(rng: random.Random, parts: list[str], width: int = 85) -> list[str]:
    """Run the parts together into lines; a line is broken between parts only, so words stay whole."""
    lines: list[str] = []
    line = ""
    for part in parts:
        line = f"{line}{' ' if rng.random() < 0.7 else ''}{part}".strip()
        if len(line) >= width:
            lines.append(line)
            line = ""
    return [*lines, line] if line else lines


@lru_cache(maxsize=1)
def _confusions() -> tuple[dict[str, tuple[list[str], list[int]]], dict[str, float], float]:
    raw = json.loads((DATA / "confusions.json").read_text(encoding="utf-8"))
    wrong: dict[str, tuple[list[str], list[int]]] = {}
    share: dict[str, float] = {}
    for char, entry in raw["characters"].items():
        outcomes = entry["read_as"]
        wrong[char] = (list(outcomes), [int(count) for count in outcomes.values()])
        share[char] = sum(outcomes.values()) / entry["seen"]
    return wrong, share, float(raw["spaces_inserted_per_error"])


def misread(text: str, rate: float, rng: random.Random) -> str:
    """Return `text` with a share `rate` of its characters (spaces not counted) read wrongly.

    Which characters suffer and what they are read as follows the measured confusions; spaces are
    inserted in the measured proportion on top.
    """
    if rate <= 0:
        return text
    wrong, share, spaces = _confusions()
    counted = [char for char in text if not char.isspace()]
    expected = sum(share.get(char, 0.0) for char in counted)
    if not expected:
        return text
    scale = rate * len(counted) / expected
    out: list[str] = []
    for char in text:
        if char in wrong and rng.random() < scale * share[char]:
            outcomes, counts = wrong[char]
            out.append(rng.choices(outcomes, counts)[0])
        else:
            out.append(char)
        if not char.isspace() and rng.random() < rate * spaces:
            out.append(" ")
    return "".join(out)
