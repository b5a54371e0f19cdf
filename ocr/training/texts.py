"""Compose the lines the recognizer is trained on: a grammar of Thai official letters.

Sources: the phrase, agency, position, label and Latin lists in `data/` (public language of offices'
manuals and published subjects, no personal names), and the word, name and province lists of PyThaiNLP
(a run-time dependency). People are made up by combining names at random. A fixed share of lines is
random syllables, digits and marks so that the network reads shapes and does not guess words.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from ocr.training.clusters import normalise, split_clusters
from ocr.training.figures import FigureComposer
from ocr.training.lists import (
    ARABIC_DIGITS,
    CONSONANTS,
    RANDOM_PUNCTUATION,
    THAI_DIGITS,
    TONES,
    read_lists,
)


class LineComposer(FigureComposer):
    """Makes one line of text after another from a seeded generator; `held_out` selects 3 % of phrases.

    Phrases are split by a stable rule (their index modulo 33), so that validation lines hold
    sentences that were never trained on.
    """

    def __init__(self, rng: random.Random, *, held_out: bool = False) -> None:
        super().__init__(rng)
        self.lists = dict(read_lists())
        keep = [i % 33 == 0 for i in range(len(self.lists["phrases"]))]
        self.lists["phrases"] = [
            p for p, k in zip(self.lists["phrases"], keep, strict=True) if k is held_out
        ]
        self.thai_digits = True
        self.makers: tuple[tuple[Callable[[], str], int], ...] = (
            (self.phrase, 30),
            (self.sentence, 10),
            (self.common_words, 8),
            (self.abbreviations, 4),
            (self.letter_number, 9),
            (self.date_line, 7),
            (self.bare_date, 4),
            (self.phone, 5),
            (self.address, 4),
            (self.person, 6),
            (self.agency, 5),
            (self.school, 3),
            (self.amount, 5),
            (self.link, 8),
            (self.english, 8),
            (self.form, 5),
            (self.items, 3),
            (self.words, 8),
            (self.syllables, 9),
            (self.digit_string, 5),
            (self.table_row, 3),
            (self.leaders, 3),
        )

    def pick(self, name: str) -> str:
        """Return a random entry of one list."""
        return self.rng.choice(self.lists[name])

    def compose(self, longest: int = 110) -> str:
        """Return one line of 1 to `longest` characters in normalised logical order."""
        rng = self.rng
        self.thai_digits = rng.random() < 0.62
        makers, weights = zip(*self.makers, strict=True)
        text = rng.choices(makers, weights)[0]()
        while rng.random() < 0.3 and len(text) < longest * 0.5:
            text += " " + rng.choices(makers, weights)[0]()
        digits = rng.random()
        if digits < 0.9:
            text = text.translate(THAI_DIGITS if self.thai_digits else ARABIC_DIGITS)
        else:  # a few lines mix both kinds, as letters do
            text = "".join(
                c.translate(THAI_DIGITS if rng.random() < 0.5 else ARABIC_DIGITS) for c in text
            )
        text = normalise(text)
        return self.cut(text, longest) or self.compose(longest)

    def cut(self, text: str, longest: int) -> str:
        """Cut a window out of a long text, as line breaks do, never inside a letter's cluster."""
        rng = self.rng
        limit = longest if rng.random() < 0.45 else rng.randint(3, longest)
        clusters = split_clusters(text)
        if len(text) <= limit:
            return text
        start = rng.randrange(len(clusters)) if rng.random() < 0.6 else 0
        out = ""
        for cluster in clusters[start:]:
            if len(out) + len(cluster) > limit:
                break
            out += cluster
        return out.strip()

    # -- names and places ----------------------------------------------------------------------
    def person(self) -> str:
        """Return a made-up person with title, perhaps in brackets, perhaps with a position."""
        rng = self.rng
        title, names = rng.choice(
            (
                ("นาย", "male"),
                ("นาง", "female"),
                ("นางสาว", "female"),
                ("ว่าที่ร้อยตรี", "male"),
                ("ดร.", "male"),
            )
        )
        name = f"{title}{self.pick(names)} {self.pick('family')}"
        shape = rng.random()
        if shape < 0.45:
            return f"({name})"
        return name if shape < 0.7 else f"{name} {self.pick('positions')}"

    def agency(self) -> str:
        """Return an agency or position with a province."""
        text = self.pick("agencies" if self.rng.random() < 0.6 else "positions")
        if self.rng.random() < 0.4:
            text += f"{self.pick('provinces')} เขต {self.number(1, 9)}"
        if self.rng.random() < 0.25:
            text = self.rng.choice(("เรียน ", "ถึง ", "ส่วนราชการ ", "สังกัด", "ตาม")) + text
        return text

    def school(self) -> str:
        """Return a school named from words."""
        rng = self.rng
        kind = rng.choice(
            ("โรงเรียนบ้าน", "โรงเรียนวัด", "โรงเรียน", "ร.ร.", "โรงเรียนอนุบาล", "โรงเรียนชุมชนบ้าน")
        )
        name = self.pick("words") + (self.pick("words") if rng.random() < 0.5 else "")
        tail = rng.choice(
            ("", " (" + self.pick("family") + "วิทยา)", "วิทยาคม", " มิตรภาพที่ " + self.number(1, 299))
        )
        return kind + name + tail

    def address(self) -> str:
        """Return a Thai address with its postcode."""
        rng = self.rng
        province = self.pick("provinces")
        parts = [
            rng.choice(
                (f"เลขที่ {self.number(1, 999)}/{self.number(1, 99)}", self.number(1, 999), "")
            ),
            rng.choice((f"หมู่ที่ {self.number(1, 20)}", "", "")),
            rng.choice(
                (f"ถนน{self.pick('words')}", f"ซอย{self.pick('words')} {self.number(1, 99)}", "")
            ),
            f"ตำบล{self.pick('words')} อำเภอ{self.pick('words')}"
            if rng.random() < 0.6
            else f"แขวง{self.pick('words')} เขต{self.pick('words')}",
            rng.choice((f"จังหวัด{province}", f"จ.{province}", "กทม.", "กรุงเทพฯ", "กรุงเทพมหานคร")),
            self.digits(5),
        ]
        return " ".join(p for p in parts if p)

    def link(self) -> str:
        """Return a web address, an e-mail address or a file name."""
        rng = self.rng
        host = ".".join(
            [
                self.latin_word().lower(),
                rng.choice(("go.th", "ac.th", "com", "or.th", "in.th", "org", "net")),
            ]
        )
        path = "/".join(self.latin_word().lower() for _ in range(rng.randint(0, 3)))
        shape = rng.random()
        if shape < 0.25:
            return self.identifier()
        if shape < 0.5:
            query = f"?{self.identifier()}" if rng.random() < 0.35 else ""
            return (
                rng.choice(("https://", "http://", "https://www.", "www.", "เว็บไซต์ http://"))
                + f"{host}/{path}{query}"
            )
        if shape < 0.85:
            label = rng.choice(("E-mail : ", "e-mail: ", "อีเมล ", "ไปรษณีย์อิเล็กทรอนิกส์ ", ""))
            mark = rng.choice(("", "_", ".", self.number(1, 99)))
            return f"{label}{self.latin_word().lower()}{mark}@{host}"
        return f"https://{rng.choice(('bit.ly', 'forms.gle', 'qrgo.page.link'))}/{self.token(rng.randint(5, 10))}"

    def identifier(self) -> str:
        """Return a name and its value, as links and systems have them: School_ID=1054510740."""
        rng = self.rng
        name = rng.choice((str, str.title, str.upper))(self.latin_word())
        tail = rng.choice(("_ID", "_id", "ID", "_code", "No", "", f"_{self.latin_word()}"))
        value = self.digits(rng.randint(4, 13)) if rng.random() < 0.7 else self.token(8)
        return f"{name}{tail}{rng.choice('==:')}{value}"

    def leaders(self) -> str:
        """Return a label or title led by dots to a number, a name or nothing."""
        rng = self.rng
        dots = "." * rng.randint(5, 60)
        head = self.pick(rng.choice(("labels", "words", "agencies")))
        return (
            head + dots + rng.choice(("", self.number(), self.date(), self.pick("words") + "." * 8))
        )

    def token(self, count: int) -> str:
        """Return random letters and digits, as short links have."""
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        return "".join(self.rng.choices(letters, k=count))

    def latin_word(self) -> str:
        """Return a listed Latin word, or a made-up one."""
        if self.rng.random() < 0.6:
            return re.sub(r"[^A-Za-z0-9-]", "", self.pick("latin")) or "a"
        return "".join(self.rng.choices("abcdefghijklmnopqrstuvwxyz", k=self.rng.randint(2, 9)))

    # -- language --------------------------------------------------------------------------------
    def phrase(self) -> str:
        """Return one or two phrases of office language."""
        text = self.pick("phrases")
        return text + " " + self.pick("phrases") if self.rng.random() < 0.4 else text

    def sentence(self) -> str:
        """Return running text of labels, words and agencies, glued as Thai is."""
        rng = self.rng
        names = ("words", "words", "words", "agencies", "labels", "positions", "provinces")
        return "".join(
            self.pick(rng.choice(names)) + (" " if rng.random() < 0.15 else "")
            for _ in range(rng.randint(3, 14))
        )

    def common_words(self) -> str:
        """Return frequent words in a row, as running text has them."""
        rng = self.rng
        words = self.lists["common"]
        picked = (words[int(len(words) * rng.random() ** 2)] for _ in range(rng.randint(4, 24)))
        return "".join(word + (" " if rng.random() < 0.12 else "") for word in picked)

    def abbreviations(self) -> str:
        """Return dotted abbreviations, alone and in lists: committees, offices, months."""
        rng = self.rng
        out = []
        for _ in range(rng.randint(1, 5)):
            short = ".".join(rng.choices(CONSONANTS, k=rng.randint(1, 4))) + "."
            out.append(
                rng.choice((short, short, "สพฐ.", "สพป.", "ก.ค.ศ.", "ก.อบต.", "อ.ก.ค.ศ.", "พ.ศ."))
            )
            out.append(rng.choice((" ", " ", ", ", ",", " และ ", self.pick("provinces") + " ")))
        return "".join(out)

    def words(self) -> str:
        """Return random dictionary words, glued or apart."""
        glue = self.rng.choice(("", "", " "))
        return glue.join(self.pick("words") for _ in range(self.rng.randint(1, 10)))

    def english(self) -> str:
        """Return Latin words in one of the usual capitalisations, perhaps in brackets."""
        rng = self.rng
        text = " ".join(self.latin_word() for _ in range(rng.randint(1, 7)))
        text = rng.choice((str, str, str.upper, str.title, str.lower))(text)
        return f"{self.pick('words')} ({text})" if rng.random() < 0.3 else text

    def form(self) -> str:
        """Return a form's or head's label with its content, or alone."""
        rng = self.rng
        label = self.pick("labels")
        shape = rng.random()
        if shape < 0.4:
            return label
        if shape < 0.7:
            return f"{label} {self.pick('phrases')}"
        filled = rng.choice(("." * rng.randint(4, 30), self.number(), self.date(), self.person()))
        return f"{label}{rng.choice((' ', ' : ', ''))}{filled}"

    def items(self) -> str:
        """Return a numbered or bulleted item."""
        rng = self.rng
        number = self.number(1, 99)
        sub = f"{number}.{self.number(1, 20)}"
        signs = (
            f"{number}.",
            f"{number})",
            f"({number})",
            sub,
            "-",
            "•",
            "✓",
            f"ข้อ {number}",
            f"- {number} -",
        )
        mark = rng.choice(signs)
        return f"{mark} {self.pick('phrases')}"

    def table_row(self) -> str:
        """Return cells of a table in one row."""
        rng = self.rng
        cells = (
            self.number,
            self.amount,
            self.date,
            self.school,
            lambda: self.pick("words"),
            self.person,
        )
        return " ".join(rng.choice(cells)() for _ in range(rng.randint(2, 5)))

    def syllables(self) -> str:
        """Return random well-formed Thai syllables: every letter with every vowel and tone."""
        rng = self.rng
        out = []
        for _ in range(rng.randint(2, 22)):
            base = rng.choice(CONSONANTS)
            shape = rng.random()
            if shape < 0.15:
                base = rng.choice("เแโใไ") + base
            elif shape < 0.55:
                base += rng.choice("ัิีึืุู็")
            elif shape < 0.6:
                base += rng.choice("์ฺํ๎")
            if rng.random() < 0.4 and base[-1] not in "็์ฺํ๎":
                base += rng.choice(TONES)
            tail = rng.choices(
                ("", "า", "ำ", "ะ", "ๆ", "ฯ", "ฤ", "ฦๅ"), (50, 12, 9, 9, 4, 4, 2, 1)
            )[0]
            if base[-1] in "ัิีึืุู็์ฺํ๎" and tail in {"ำ", "ะ"}:
                tail = ""
            out.append(base + tail)
            if rng.random() < 0.12:
                out.append(rng.choice(RANDOM_PUNCTUATION) + rng.choice(("", " ")))
            elif rng.random() < 0.12:
                out.append(rng.choice((" ", self.digits(rng.randint(1, 4)))))
        return "".join(out)
