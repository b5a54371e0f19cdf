"""Compose what letters are full of: their numbers, dates, times, telephone numbers and amounts."""

from __future__ import annotations

import random

from ocr.thai_text import MONTHS, SHORT_MONTHS
from ocr.training.lists import CONSONANTS, MINISTRIES, UNITS

AMOUNTS_IN_WORDS = ("หนึ่งแสนสองหมื่น", "ห้าพันหกร้อยสี่สิบ", "สามล้านเจ็ดแสน", "แปดร้อยเก้าสิบเอ็ด", "สิบสอง")


class FigureComposer:
    """Makes figures in Arabic digits from a seeded generator; the line turns them Thai as a whole."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng

    def number(self, low: int = 1, high: int = 9999) -> str:
        """Return a number whose count of digits is spread evenly."""
        width = self.rng.randint(len(str(low)), len(str(high)))
        return str(max(low, min(high, self.rng.randrange(10 ** (width - 1), 10**width))))

    def digits(self, count: int) -> str:
        """Return `count` random digits."""
        return "".join(self.rng.choices("0123456789", k=count))

    def letter_number(self) -> str:
        """Return a letter number in one of the shapes the field knows (DOMAIN section 4)."""
        rng = self.rng
        owner = rng.choice((self.digits(4), "0" + self.digits(4), "04" + self.digits(3)))
        for _ in range(rng.choice((0, 0, 0, 1, 1, 2))):
            owner += "." + self.digits(rng.randint(1, 3))
        circular = rng.choice(("", "", "ว ", "ว", "ว.", "ว  "))
        running = rng.choice((self.number(), self.digits(5), "", self.number(1, 999)))
        prefix = rng.choice(("ที่ ", "ที่ ", "ที่  ", "", "หนังสือ ที่ ", "ด่วนที่สุด ที่ ", "ด่วนมาก ที่ "))
        committee = rng.choice(("", "", "", "", "(กวจ) "))
        year = "/" + self.digits(2) if rng.random() < 0.05 else ""
        org = rng.choice(MINISTRIES) + rng.choice((" ", " ", "", "."))
        if rng.random() < 0.12:
            org = rng.choice(CONSONANTS) + rng.choice(CONSONANTS) + " "
        text = f"{prefix}{org}{committee}{owner}/{circular}{running}{year}"
        if rng.random() < 0.25:
            text += rng.choice((" ลงวันที่ ", " ลว. ")) + self.date()
        elif rng.random() < 0.1:
            text = f"ที่ {self.number(1, 999)}/{self.year()}"
        return text

    def year(self) -> str:
        """Return a Buddhist year."""
        return str(self.rng.randint(2480, 2575))

    def date(self) -> str:
        """Return a Thai date, written in one of the usual ways."""
        rng = self.rng
        month = rng.randrange(12)
        day = rng.randint(1, 31)
        shape = rng.random()
        if shape < 0.7:
            era = rng.choice(("", "", "", "พ.ศ. "))
            return f"{day} {MONTHS[month]} {era}{self.year()}"
        if shape < 0.8:
            return f"{MONTHS[month]} {self.year()}"
        if shape < 0.9:
            return f"{day} {SHORT_MONTHS[month]} {rng.choice((self.year(), self.digits(2)))}"
        return f"{day}/{month + 1}/{self.year()}"

    def bare_date(self) -> str:
        """Return a month and year whose day is left to the pen."""
        return f"{self.rng.choice(MONTHS)} {self.rng.randint(2545, 2575)}"

    def date_line(self) -> str:
        """Return a date as it stands in a line of its own or in a sentence."""
        before = ("", "", "", "วันที่ ", "ลงวันที่ ", "สั่ง ณ วันที่ ", "ประกาศ ณ วันที่ ", "ภายในวันที่ ")
        text = self.rng.choice(before) + self.date()
        if self.rng.random() < 0.2:
            text += f" เวลา {self.time()}"
        return text

    def time(self) -> str:
        """Return a clock time."""
        mark = self.rng.choice(".:")
        return f"{self.rng.randint(0, 23):02d}{mark}{self.rng.choice('0134')}{self.digits(1)} น."

    def phone(self) -> str:
        """Return telephone or fax numbers in the spacings offices use."""
        rng = self.rng
        number = rng.choice(
            (
                f"0 {self.digits(4)} {self.digits(4)}",
                f"0-{self.digits(4)}-{self.digits(4)}",
                f"0{self.digits(2)} {self.digits(3)} {self.digits(3)}",
                f"0{self.digits(2)}-{self.digits(6)}",
                f"0{self.digits(2)} {self.digits(3)} {self.digits(4)}",
                f"0{self.digits(2)}-{self.digits(7)}",
            )
        )
        label = rng.choice(("โทร. ", "โทร ", "โทรศัพท์ ", "โทรสาร ", "โทร./โทรสาร ", "หมายเลข ", ""))
        tail = rng.choice(
            ("", "", f" ต่อ {self.number(1, 9999)}", f"-{self.digits(1)}", f", {number[:6]}")
        )
        return label + number + tail

    def amount(self) -> str:
        """Return money, counts, percentages and grades."""
        rng = self.rng
        value = int(self.number(1, 99999999))
        shape = rng.random()
        if shape < 0.5:
            tail = rng.choice((".-", f".{self.digits(2)}", "", ""))
            return f"{rng.choice(('จำนวน ', 'เป็นเงิน ', 'งบประมาณ ', ''))}{value:,}{tail} บาท"
        if shape < 0.7:
            return f"จำนวน {self.number(1, 9999)} {rng.choice(UNITS)}"
        if shape < 0.85:
            return f"ร้อยละ {self.number(1, 100)}.{self.digits(2)} ({self.number(1, 99)}%)"
        return f"({rng.choice(AMOUNTS_IN_WORDS)}บาทถ้วน) ฿{value:,}"

    def digit_string(self) -> str:
        """Return meaningless digit groups with separators, so every pair of digits occurs."""
        rng = self.rng
        groups = [self.digits(rng.randint(1, 6)) for _ in range(rng.randint(1, 6))]
        mark = rng.choice((" ", " ", "/", "-", ".", ",", " / ", " - ", ":"))
        return mark.join(groups)
