"""Make a letter of a seed: its fields, its lines, how it is laid out. No drawing here."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from benchmarks.letters_unlike import words
from ocr.thai_text import MONTHS

THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
ARABIC = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
FIRST_DAY, DAYS = date(2018, 1, 2), 2900
KINDS = ("external", "internal", "sealed", "order", "announce")
KIND_WEIGHTS = (60, 15, 9, 8, 8)


@dataclass(slots=True)
class Letter:
    """What a letter says; a field is None where the letter has none to find, and is not scored then.

    `head`, `address` and `body` are paragraphs; drawing breaks them into lines.
    """

    seed: int
    kind: str
    group: str
    number: str | None
    date_printed: str
    day: date
    sender: str | None
    recipient: str | None
    subject: str | None
    urgency: str = ""
    head: tuple[str, ...] = ()
    address: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    closing: str = ""
    signer: str = ""
    position: str = ""
    foot: tuple[str, ...] = ()
    second_recipient: str = ""
    written: str = ""  # the end of the number, where a pen wrote it


def compose(seed: int) -> Letter:
    """Return the letter of a seed, always the same."""
    rng = random.Random(f"unlike-{seed}")  # noqa: S311 - a benchmark
    kind = rng.choices(KINDS, KIND_WEIGHTS)[0]
    province = rng.choice(words.PROVINCES)
    letters, codes, name = rng.choice(words.AGENCIES)
    name = tuple(line.format(p=province) for line in name)
    group = rng.choice(sorted(words.SUBJECTS))
    subject = rng.choice(words.SUBJECTS[group])
    subject += "".join(rng.sample(words.LENGTHENED, rng.choices((0, 1, 2, 3), (55, 25, 15, 5))[0]))
    day = FIRST_DAY + timedelta(rng.randrange(DAYS))
    number, written = _number(rng, kind, letters, codes, day)
    thai = rng.random() < 0.72  # of offices: the others print Arabic digits
    letter = Letter(
        seed,
        kind,
        group,
        number,
        _date(rng, day),
        day,
        sender=" ".join(name) if kind != "sealed" else name[0],
        recipient=rng.choice(words.RECIPIENTS).format(p=province),
        subject=None if kind == "sealed" else subject,
        urgency=rng.choices(("", "ด่วน", "ด่วนมาก", "ด่วนที่สุด"), (70, 8, 9, 13))[0]
        if kind in {"external", "internal"}
        else "",
        head=name,
        address=_address(rng, province),
        references=_references(rng, day),
        body=_body(rng, subject, kind),
        closing=rng.choice(words.CLOSINGS[kind]),
        signer=f"({rng.choice(('นาย', 'นาง', 'นางสาว', 'พันตำรวจเอก '))}{rng.choice(words.GIVEN)} "
        f"{rng.choice(words.FAMILY)})",
        position=rng.choice(("ผู้อำนวยการ", "รองอธิบดี ปฏิบัติราชการแทน", "หัวหน้าสำนักงาน", "นายก")),
        foot=_foot(rng),
        written=written,
    )
    if kind == "external" and rng.random() < 0.1:
        letter.second_recipient = rng.choice(words.RECIPIENTS).format(p=province)
    if kind in {"order", "announce"}:
        letter.recipient = None
        letter.number = number if kind == "order" else None
    if kind == "internal":
        unit = rng.choice(words.UNITS)
        letter.head, letter.sender = (unit, *name), " ".join((unit, *name))
    return letter if thai else _with_arabic_digits(letter)


def _number(
    rng: random.Random, kind: str, letters: str, codes: tuple[str, ...], day: date
) -> tuple[str, str]:
    """Return a number and, where a pen writes its end, that end."""
    running = str(rng.randint(1, 99_999 if rng.random() < 0.3 else 2_999)).translate(THAI)
    if kind == "order":
        return f"{running}/{str(day.year + 543).translate(THAI)}", ""
    code = rng.choice(codes).format(p="", q=rng.choice(words.SHORT))
    circular = rng.choices(("", "ว ", "ว", "ว."), (62, 24, 9, 5))[0]
    return f"{letters} {code}/{circular}{running}", running if rng.random() < 0.25 else ""


def _date(rng: random.Random, day: date) -> str:
    year = day.year + 543
    text = f"{day.day} {MONTHS[day.month - 1]} {rng.choice(('', '', 'พ.ศ. '))}{year}"
    return text.translate(THAI)


def _address(rng: random.Random, province: str) -> tuple[str, ...]:
    place = rng.choice(words.DISTRICTS).format(p=province)
    code = str(rng.randint(10_100, 96_190)).translate(THAI)
    lines = [rng.choice(words.STREETS), rng.choice(words.TOWNS), place]
    count = rng.choices((0, 1, 2, 3), (12, 38, 32, 18))[0]
    if not count:
        return ()
    if count == 1:
        return (f"{lines[0]} {code}",)
    return (*lines[: count - 1], f"{lines[-1]} {code}")


def _references(rng: random.Random, day: date) -> tuple[str, ...]:
    out = []
    if rng.random() < 0.5:
        earlier = day - timedelta(rng.randint(5, 300))
        letters, codes, name = rng.choice(words.AGENCIES)
        code = codes[0].format(q=rng.choice(words.SHORT))
        place = name[0].format(p=rng.choice(words.PROVINCES))
        out.append(
            f"อ้างถึง  หนังสือ{place} ที่ {letters} {code}/ว {rng.randint(10, 999)} "
            f"ลงวันที่ {_date(rng, earlier)}".translate(THAI)
        )
    if rng.random() < 0.5:
        copies = str(rng.randint(1, 9)).translate(THAI)
        out.append(f"สิ่งที่ส่งมาด้วย  แบบรายงานและรายละเอียดประกอบ จำนวน {copies} ชุด")
    return tuple(out)


def _body(rng: random.Random, subject: str, kind: str) -> tuple[str, ...]:
    filled = [
        line.format(
            a=rng.randint(2, 99),
            b=rng.randint(1, 28),
            m=rng.choice(MONTHS),
            y=rng.randint(2561, 2569),
            c=f"{rng.randint(1_000, 999_999):,}",
            d=rng.randint(100, 9999),
            e=rng.randint(10_000_000, 99_999_999),
        )
        for line in rng.sample(words.BODY, rng.randint(2, 5))
    ]
    latin = [line if "http" in line else line.translate(THAI) for line in filled]
    if rng.random() < 0.12 and kind == "external":
        latin.append(rng.choice(words.ENGLISH))
    return (f"ตามที่ได้มีการดำเนินการเรื่อง {subject} ไปแล้วนั้น", *latin)


def _foot(rng: random.Random) -> tuple[str, ...]:
    phone = f"โทร. ๐ {rng.randint(2000, 7999)} {rng.randint(1000, 9999)}".translate(THAI)
    fax = f"โทรสาร ๐ {rng.randint(2000, 7999)} {rng.randint(1000, 9999)}".translate(THAI)
    return (rng.choice(words.UNITS), phone, *((fax,) if rng.random() < 0.4 else ()))


def _with_arabic_digits(letter: Letter) -> Letter:
    for name in ("number", "date_printed", "sender", "recipient", "subject", "written"):
        value = getattr(letter, name)
        setattr(letter, name, value.translate(ARABIC) if value else value)
    for name in ("head", "address", "references", "body", "foot"):
        setattr(letter, name, tuple(line.translate(ARABIC) for line in getattr(letter, name)))
    letter.second_recipient = letter.second_recipient.translate(ARABIC)
    return letter
