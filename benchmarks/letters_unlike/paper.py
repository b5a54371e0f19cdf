"""Draw a letter on A4 at 300 dpi: faces, sizes, line pitch, blocks, seal, receiving stamp, pen.

Everything printed is noted line by line, so that the truth is what stands on the paper.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from itertools import groupby

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from pythainlp.tokenize import word_tokenize

from benchmarks.letters_unlike.compose import Letter
from benchmarks.letters_unlike.faces import Family, draws, load

DPI, WIDTH, HEIGHT = 300, 2480, 3508
LEFT, RIGHT = 354, 2244
BLACK, BLUE_PEN, RED, STAMP_BLUE = (22, 22, 26), (28, 46, 150), (196, 24, 32), (46, 62, 168)
SIZES = (0.78, 1.12)  # of a face's usual size: 12 to 18 pt of TH Sarabun New
PITCHES = (1.0, 1.0, 1.0, 1.15, 1.3, 1.5)  # of the face's own line height
PEN_JITTER = 5.0  # degrees a written digit leans
Colour = tuple[int, int, int]
Picture = NDArray[np.uint8]


@dataclass(slots=True)
class Sheet:
    """A page being drawn: `lines` is what has been printed, `places` where fields stand (pixels)."""

    image: Image.Image
    rng: random.Random
    family: Family
    size: int
    pitch: float
    y: float = 260.0
    lines: list[str] = field(default_factory=list)
    places: dict[str, tuple[int, int, int, int]] = field(default_factory=dict)

    def font(self, *, bold: bool = False, scale: float = 1.0) -> ImageFont.FreeTypeFont:
        """Return the letter's face."""
        return load(self.family.bold if bold else self.family.regular, round(self.size * scale))

    def runs(
        self, text: str, *, bold: bool = False, scale: float = 1.0
    ) -> list[tuple[ImageFont.FreeTypeFont, str]]:
        """Part a text into what the face can set and what the Latin face beside it sets."""
        path = self.family.bold if bold else self.family.regular
        parts = [
            (own, "".join(chars))
            for own, chars in groupby(text, key=lambda c: not c.isascii() or draws(path, c))
        ]
        other = load(self.family.latin, round(self.size * scale))
        return [(self.font(bold=bold, scale=scale) if own else other, part) for own, part in parts]

    def width(self, text: str, *, bold: bool = False) -> float:
        """Return how wide a text prints."""
        return sum(font.getlength(run) for font, run in self.runs(text, bold=bold))

    def put(
        self,
        x: float,
        text: str,
        *,
        bold: bool = False,
        scale: float = 1.0,
        ink: Colour = BLACK,
        name: str = "",
    ) -> float:
        """Print one line at the pen's height; return its right end."""
        pen = ImageDraw.Draw(self.image)
        right = x
        for font, run in self.runs(text, bold=bold, scale=scale):
            pen.text((right, self.y), run, font=font, fill=ink, anchor="ls", language="th")
            right += font.getlength(run)
        if name:
            top = round(self.y - self.size * scale)
            self.places[name] = (round(x), top, round(right), round(self.y + 0.3 * self.size))
        return right

    def next(self, share: float = 1.0) -> None:
        """Go down by a share of the line pitch."""
        self.y += self.pitch * share

    def wrap(self, text: str, first: float, rest: float) -> list[tuple[float, str]]:
        """Break a text into lines; the first begins at `first`, the others at `rest`."""
        out: list[tuple[float, str]] = []
        line, start = "", first
        for word in word_tokenize(text, keep_whitespace=True):
            if line and start + self.width(line + word) > RIGHT:
                out.append((start, line.strip()))
                line, start = word.lstrip(), rest
            else:
                line += word
        return [*out, (start, line.strip())] if line.strip() else out

    def paragraph(self, text: str, first: float, rest: float, *, note: bool = True) -> None:
        """Print a text over as many lines as it needs and note it as one printed line."""
        for x, line in self.wrap(text, first, rest):
            if self.y > HEIGHT - 200:
                return
            self.put(x, line)
            self.next()
        if note:
            self.lines.append(" ".join(text.split()))


def draw(letter: Letter, family: Family, rng: random.Random, *, pen: bool) -> Sheet:
    """Return the drawn page; with `pen` what a hand writes is in blue or black ink, not print."""
    points = family.points * rng.uniform(*SIZES)
    size = round(points * DPI / 72)
    font = load(family.regular, size)
    ascent, descent = font.getmetrics()
    sheet = Sheet(
        Image.new("RGB", (WIDTH, HEIGHT), (255, 255, 255)),
        rng,
        family,
        size,
        (ascent + descent) * rng.choice(PITCHES),
    )
    layouts = {"external": _external, "internal": _memo, "sealed": _sealed}
    layouts.get(letter.kind, _directive)(sheet, letter, pen)
    return sheet


def _emblem(sheet: Sheet, x: int, y: int, size: int) -> None:
    """Draw a bird-like sign where the Garuda stands; it is no letter."""
    pen = ImageDraw.Draw(sheet.image)
    pen.ellipse((x, y, x + size, y + size), outline=BLACK, width=7)
    for i in range(5):
        pen.arc((x + 12 * i, y + 18 * i, x + size - 12 * i, y + size), 200, 340, BLACK, 6)
    pen.line((x + size / 2, y + 20, x + size / 2, y + size - 10), BLACK, 8)


def _number(sheet: Sheet, x: float, letter: Letter, *, pen: bool) -> float:
    """Print "ที่" and the number; its end by hand where the letter has one written."""
    number = letter.number or ""
    sheet.lines.append(f"ที่ {number}")
    label = sheet.put(x, "ที่", bold=letter.kind == "internal") + sheet.size * 0.5
    if not (pen and letter.written):
        return sheet.put(label, number, name="number")
    right = sheet.put(label, number.removesuffix(letter.written), name="number")
    return _write(sheet, right + 4, letter.written)


def _write(sheet: Sheet, x: float, text: str) -> float:
    """Write digits with a pen: each leans, bends and stands its own way."""
    rng = sheet.rng
    ink = BLUE_PEN if rng.random() < 0.6 else BLACK
    font = sheet.font(scale=rng.uniform(1.0, 1.35))
    for char in text:
        width = round(font.getlength(char)) + 30
        layer = Image.new("L", (width, sheet.size * 3), 0)
        ImageDraw.Draw(layer).text((12, sheet.size * 2), char, font=font, fill=235, anchor="ls")
        turned = layer.rotate(rng.gauss(0, PEN_JITTER), Image.Resampling.BICUBIC)
        top = round(sheet.y - sheet.size * 2 + rng.uniform(-5, 5))
        sheet.image.paste(ink, (round(x), top), turned)
        x += (width - 30) * rng.uniform(0.98, 1.2)
    return x


def _external(sheet: Sheet, letter: Letter, pen: bool) -> None:
    rng = sheet.rng
    if letter.urgency:
        sheet.put(LEFT, letter.urgency, bold=True, scale=1.6, ink=RED)
        sheet.lines.append(letter.urgency)
    _emblem(sheet, 1140, 130, 190)
    sheet.y = 400
    sender_x = rng.choice((1330, 1420, 1500))
    _number(sheet, LEFT, letter, pen=pen)
    longest = max(sheet.width(line) for line in (*letter.head, *letter.address))
    sender_x = min(sender_x, max(LEFT + 900, WIDTH - 90 - longest))
    for i, line in enumerate((*letter.head, *letter.address)):
        sheet.put(sender_x, line, name="sender" if i == 0 else "")
        sheet.lines.append(line)
        sheet.next()
    sheet.next(0.3)
    sheet.put(rng.choice((1100, 1200, 1240)), letter.date_printed, name="date")
    sheet.lines.append(letter.date_printed)
    sheet.next(1.3)
    _labelled(sheet, "เรื่อง", letter.subject or "")
    _labelled(sheet, "เรียน", letter.recipient or "")
    if letter.second_recipient:
        _labelled(sheet, "ผ่าน", letter.second_recipient)
    for line in letter.references:
        label, _, rest = line.partition("  ")
        _labelled(sheet, label, rest)
    _rest(sheet, letter)
    for i, line in enumerate(("ขอแสดงความนับถือ", letter.signer, letter.position)):
        sheet.put(1330, line)
        sheet.lines.append(line)
        sheet.next(3.0 if i == 0 else 1.0)
    _foot(sheet, letter)


def _labelled(sheet: Sheet, label: str, text: str) -> None:
    """Print a label with its value hanging beside it."""
    right = sheet.put(LEFT, label) + sheet.size * 0.55
    name = {"เรื่อง": "subject", "เรียน": "recipient"}.get(label, "")
    if name:
        sheet.places[name] = (round(right), round(sheet.y - sheet.size), RIGHT, round(sheet.y + 12))
    sheet.paragraph(text, right, right, note=False)
    sheet.lines.append(f"{label} {text}")
    sheet.next(0.15)


def _rest(sheet: Sheet, letter: Letter) -> None:
    for text in (*letter.body, letter.closing):
        if sheet.y > HEIGHT - 1000:
            break
        sheet.paragraph(text, LEFT + 295, LEFT)
        sheet.next(0.1)
    sheet.next(0.6)


def _foot(sheet: Sheet, letter: Letter) -> None:
    sheet.y = max(sheet.y + sheet.pitch, HEIGHT - 260 - 3 * sheet.pitch)
    for line in letter.foot:
        if sheet.y < HEIGHT - 90:
            sheet.put(LEFT, line)
            sheet.lines.append(line)
        sheet.next()


def _memo(sheet: Sheet, letter: Letter, pen: bool) -> None:
    _emblem(sheet, LEFT, 150, 150)
    sheet.y = 290
    sheet.put(950, "บันทึกข้อความ", bold=True, scale=1.7)
    sheet.lines.append("บันทึกข้อความ")
    if letter.urgency:
        sheet.put(LEFT + 200, letter.urgency, bold=True, scale=1.4, ink=RED)
        sheet.lines.append(letter.urgency)
    sheet.next(1.6)
    office = letter.sender or ""
    phone = next(line for line in letter.foot if line.startswith("โทร."))
    right = sheet.put(LEFT, "ส่วนราชการ", bold=True) + 24
    wrapped = sheet.wrap(f"{office}  {phone}", right, right)
    sheet.places["sender"] = (round(right), round(sheet.y - sheet.size), RIGHT, round(sheet.y))
    for x, line in wrapped:
        sheet.put(x, line)
        sheet.next()
    sheet.lines.append(f"ส่วนราชการ {office} {phone}")
    _number(sheet, LEFT, letter, pen=pen)
    right = sheet.put(1300, "วันที่", bold=True) + 24
    sheet.put(right, letter.date_printed, name="date")
    sheet.lines.append(f"วันที่ {letter.date_printed}")
    sheet.next()
    _labelled(sheet, "เรื่อง", letter.subject or "")
    _labelled(sheet, "เรียน", letter.recipient or "")
    _rest(sheet, letter)
    for line in (letter.signer, letter.position):
        sheet.put(1330, line)
        sheet.lines.append(line)
        sheet.next()


def _sealed(sheet: Sheet, letter: Letter, pen: bool) -> None:
    _emblem(sheet, 1140, 150, 200)
    sheet.y = 440
    _number(sheet, LEFT, letter, pen=pen)
    sheet.next(1.4)
    _labelled(sheet, "ถึง", letter.recipient or "")
    _rest(sheet, letter)
    sheet.next(1.5)
    sheet.put(1330, letter.sender or "", name="sender")
    sheet.lines.append(letter.sender or "")
    sheet.next()
    sheet.put(1420, letter.date_printed, name="date")
    sheet.lines.append(letter.date_printed)
    sheet.next()
    _foot(sheet, letter)


def _directive(sheet: Sheet, letter: Letter, pen: bool) -> None:
    _emblem(sheet, 1140, 150, 200)
    sheet.y = 470
    word = "คำสั่ง" if letter.kind == "order" else "ประกาศ"
    office = letter.sender or ""
    titles = [f"{word}{office}"]
    if letter.number:
        titles.append(f"ที่ {letter.number}")
    titles.append(f"เรื่อง {letter.subject}")
    for title in titles:
        for line in _halves(sheet, title):
            sheet.put((WIDTH - sheet.width(line, bold=True)) / 2, line, bold=True)
            sheet.next()
        sheet.lines.append(title)
    sheet.next(0.5)
    _rest(sheet, letter)
    text = f"{'สั่ง' if letter.kind == 'order' else 'ประกาศ'} ณ วันที่ {letter.date_printed}"
    sheet.put(LEFT + 590, text, name="date")
    sheet.lines.append(text)
    sheet.next(3.0)
    for line in (letter.signer, letter.position):
        sheet.put(1330, line)
        sheet.lines.append(line)
        sheet.next()


def _halves(sheet: Sheet, text: str) -> list[str]:
    """Break a centred title into lines that fit the page."""
    return [line for _, line in sheet.wrap(text, LEFT, LEFT)]
