"""What marks are drawn with, and what stands where they stand: words, frames, stamps, headings, scribbles.

Everything is drawn as ink on a layer (0 bare, 255 covered) at `DRAWN_DPI`.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from ocr.training.fonts import load_font

DRAWN_DPI = 192
SECRET = (
    ("ลับ",) * 6 + ("ลับมาก", "ลับที่สุด") * 2 + ("ปกปิด", "ปกปิด", "ลับเฉพาะ", "เอกสารลับ", "- ลับ -", "(ลับ)")
)
URGENT = ("ด่วน", "ด่วนมาก", "ด่วนที่สุด", "ด่วนภายใน", "ด่วนพิเศษ")
OTHER = (
    "สำเนา",
    "สำเนาถูกต้อง",
    "ต้นฉบับ",
    "ร่าง",
    "ทราบ",
    "ที่",
    "เรียน",
    "เรื่อง",
    "คำสั่ง",
    "ประกาศ",
    "บันทึกข้อความ",
    "สำเนาคู่ฉบับ",
    "(สำเนา)",
    "EMS",
    "ลงทะเบียน",
    "ลงรับแล้ว",
    "เลขรับ",
    "เวลา",
    "ผอ.",
    "อนุมัติ",
    "ชอบ",
    "แจ้ง",
    "บัญชี",
    "กลับ",
    "รับ",
    "ดับ",
    "ปิด",
    "เปิด",
    "ปกติ",
    "สุด",
    "นัด",
    "กัน",
    "ล้น",
    "จบ",
    "ฉบับ",
    "ชั้น",
    "หน้า",
    "คัด",
    "ครับ",
)
_DIGITS = "๐๑๒๓๔๕๖๗๘๙0123456789"
CONSONANTS = "กขคงจฉชซญดตถทธนบปผพภมยรลวศสหอ"

Ink = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class DrawnWord:
    """A word's ink with its frame, and where the letters alone are; both of one shape, 0 to 255."""

    ink: Ink
    letters: Ink


def draw_word(word: str, face: Path, rng: random.Random, points: float) -> DrawnWord:
    """Draw a word as an office may: spaced out, outlined, leant, framed, turned, worn."""
    font = load_font(face, max(12, round(points * DRAWN_DPI / 72)))
    text = word
    if rng.random() < 0.12:
        text = (" " * rng.choice((1, 1, 2, 3))).join(_columns(word))
    left, top, right, foot = font.getbbox(text, anchor="ls")
    edge = round(font.size * rng.uniform(0.5, 0.75))
    size = (round(right - left) + 2 * edge, round(foot - top) + 2 * edge)
    letters, frame = Image.new("L", size, 0), Image.new("L", size, 0)
    stroke = max(1, round(font.size / rng.uniform(18, 40))) if rng.random() < 0.25 else 0
    at = (edge - left, edge - top)
    ImageDraw.Draw(letters).text(at, text, 255, font, anchor="ls", stroke_width=stroke)
    if stroke and rng.random() < 0.5:  # outlined
        ImageDraw.Draw(letters).text(at, text, 0, font, anchor="ls")
    if rng.random() < 0.3:
        _frame(frame, font.size, rng)
    turn = rng.uniform(-15, 15) if rng.random() < 0.3 else rng.gauss(0, 1.5)
    wide, lean = rng.uniform(0.85, 1.3), rng.uniform(-0.1, 0.35) if rng.random() < 0.15 else 0.0
    drawn = _unlike(np.asarray(letters, np.float32), font.size, rng)
    both = [_turned(one, turn, wide, lean) for one in (drawn, np.asarray(frame, np.float32))]
    ink = np.maximum(*both)
    if rng.random() < 0.4:
        ink = ink * _patchy(ink.shape, rng)
    if rng.random() < 0.2:
        ink = ink * rng.uniform(0.3, 0.6)
    return DrawnWord(np.asarray(ink, np.float32), both[0])


def _unlike(letters: Ink, size: float, rng: random.Random) -> Ink:
    """Bend letters and change their strokes at times: a face that no folder holds."""
    if rng.random() < 0.25:
        grown = np.ones((2, 2), np.uint8)
        letters = np.asarray(
            cv2.dilate(letters, grown) if rng.random() < 0.65 else cv2.erode(letters, grown)
        )
    if rng.random() > 0.3:
        return letters
    height, width = letters.shape
    noise = np.random.default_rng(rng.randrange(2**32))
    coarse = (max(2, round(height / size * 2.5)), max(2, round(width / size * 2.5)))
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    far = rng.uniform(0.01, 0.05) * size
    moved = []
    for axis in (x, y):
        bends = noise.standard_normal(coarse).astype(np.float32)
        smooth = cv2.resize(bends, (width, height), interpolation=cv2.INTER_CUBIC)
        moved.append(axis + far * smooth)
    return np.asarray(cv2.remap(letters, *moved, cv2.INTER_LINEAR), np.float32)


def _columns(word: str) -> list[str]:
    out: list[str] = []
    for char in word:
        if out and not ("ก" <= char <= "ฮ" or char in "าะเแโใไ"):
            out[-1] += char
        else:
            out.append(char)
    return out


def _frame(layer: Image.Image, size: float, rng: random.Random) -> None:
    inset, line = (
        round(size * rng.uniform(0.15, 0.4)),
        max(2, round(size * rng.uniform(0.03, 0.09))),
    )
    box = (inset, inset, layer.width - inset, layer.height - inset)
    pen, way = ImageDraw.Draw(layer), rng.random()
    if way < 0.4:
        pen.rectangle(box, outline=255, width=line)
    elif way < 0.7:
        pen.rounded_rectangle(box, radius=inset, outline=255, width=line)
    else:
        pen.ellipse(box, outline=255, width=line)
    if rng.random() < 0.3:
        step = 2 * line
        inner = (box[0] + step, box[1] + step, box[2] - step, box[3] - step)
        pen.rectangle(inner, outline=255, width=max(1, line // 2))


def _turned(layer: Ink, degrees: float, wide: float, lean: float) -> Ink:
    height, width = layer.shape
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    turn = np.array([[cos, sin], [-sin, cos]]) @ np.array([[wide, -lean], [0.0, 1.0]])
    size = np.abs(turn) @ np.array([width, height]) + 2
    move = size / 2 - turn @ np.array([width / 2, height / 2])
    matrix = np.column_stack((turn, move))
    return np.asarray(cv2.warpAffine(layer, matrix, (int(size[0]), int(size[1]))), np.float32)


def _patchy(shape: tuple[int, ...], rng: random.Random) -> Ink:
    noise = np.random.default_rng(rng.randrange(2**32))
    grain = rng.choice((3, 6, 12, 20))
    coarse = noise.random((max(2, shape[0] // grain), max(2, shape[1] // grain))).astype(np.float32)
    patches = cv2.resize(coarse, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(np.clip(rng.uniform(0.1, 0.5) + 1.1 * patches, 0, 1), np.float32)


def other_word(rng: random.Random) -> str:
    """Return a word that is no secrecy mark: of urgency, of an office's stamps, a page number, letters at random."""
    way = rng.random()
    if way < 0.4:
        return rng.choice(URGENT)
    if way < 0.75:
        return rng.choice(OTHER)
    if way < 0.85:
        number = "".join(rng.choices(_DIGITS, k=rng.choice((1, 1, 2, 3))))
        return rng.choice(("{}", "- {} -", "({})", "หน้า {}", "/{}")).format(number)
    letters = "".join(
        rng.choice(CONSONANTS) + rng.choice(("", "", "", "ั", "ิ", "ี", "่", "้", "ุ", "า"))
        for _ in range(rng.randint(1, 5))
    )
    return letters if "ลับ" not in letters else "รวม"


def curve(side: int, rng: random.Random) -> list[tuple[float, float]]:
    """Return the points of a Bézier curve within a square of `side` pixels."""
    spots = np.array([[rng.uniform(0, side), rng.uniform(0, side)] for _ in range(4)])
    spots = spots.mean(axis=0) + (spots - spots.mean(axis=0)) * rng.uniform(0.15, 0.8)
    t = np.linspace(0, 1, 14)[:, None]
    path = (
        (1 - t) ** 3 * spots[0]
        + 3 * t * (1 - t) ** 2 * spots[1]
        + 3 * t**2 * (1 - t) * spots[2]
        + t**3 * spots[3]
    )
    return [(float(x), float(y)) for x, y in path]


def draw_scribble(rng: random.Random) -> Ink:
    """Draw a signature or a paraph."""
    side = round(rng.uniform(0.3, 1.3) * DRAWN_DPI)
    layer = Image.new("L", (round(side * rng.uniform(1, 2)), side), 0)
    pen, width = ImageDraw.Draw(layer), rng.randint(2, 6)
    for _ in range(rng.randint(1, 5)):
        pen.line(curve(side, rng), fill=255, width=width, joint="curve")
    return np.array(layer, np.float32)


def draw_stamp(face: Path, rng: random.Random) -> Ink:
    """Draw a stamp: rows of words and dotted lines, in a frame or without one, or a punched hole."""
    way = rng.random()
    if way < 0.25:
        side = round(rng.uniform(0.2, 0.35) * DRAWN_DPI)
        hole = Image.new("L", (side, side), 0)
        ImageDraw.Draw(hole).ellipse((0, 0, side - 1, side - 1), 255)
        return np.array(hole, np.float32)
    width, height = (
        round(rng.uniform(low, high) * DRAWN_DPI) for low, high in ((1.2, 2.4), (0.5, 1.2))
    )
    layer = Image.new("L", (width, height), 0)
    pen = ImageDraw.Draw(layer)
    if rng.random() < 0.75:  # some stamps of an organisation's name have no frame
        pen.rectangle((2, 2, width - 3, height - 3), outline=255, width=rng.randint(2, 5))
    font = load_font(face, round(rng.uniform(11, 18) * DRAWN_DPI / 72))
    rows = rng.sample(
        ("รับที่", "วันที่", "เวลา", "เลขรับ", "เลขที่รับ", "สำนักงานเขตพื้นที่", "องค์การบริหารส่วนตำบล", "ผู้รับ"), 4
    )
    step = max(font.size * 1.2, height / 4.5)
    for i, row in enumerate(rows):
        text = row + rng.choice(
            ("", "......................", " " + "".join(rng.choices(_DIGITS, k=4)))
        )
        pen.text((12, step * (i + 0.85)), text, 255, font, anchor="ls")
    return _turned(np.array(layer, np.float32), rng.uniform(-5, 5), 1.0, 0.0)


def draw_heading(face: Path, rng: random.Random) -> Ink:
    """Draw a letterhead or a title: one to three large lines of an office's words."""
    size = round(rng.uniform(18, 42) * DRAWN_DPI / 72)
    lines = [" ".join(rng.choices(OTHER, k=rng.randint(1, 3))) for _ in range(rng.randint(1, 3))]
    font = load_font(face, size)
    width = max(round(font.getlength(line)) for line in lines) + size
    layer = Image.new("L", (width, round(1.4 * size * (len(lines) + 0.5))), 0)
    for i, line in enumerate(lines):
        at = (width / 2, 1.4 * size * (i + 0.75))
        ImageDraw.Draw(layer).text(at, line, 255, font, anchor="ms")
    return np.array(layer, np.float32)
