"""Letters' heads drawn as pictures and read by the engine: many agencies, number styles, layouts, wear.

usage: python -m benchmarks.drawn_heads --letters 200 --seeds even --out FOLDER [--fonts DIR]

Writes FOLDER/truth.json and FOLDER/documents.pickle, which `benchmarks.fields --documents` scores and
`benchmarks.calibrate` fits. Even seeds are for building, odd ones for reports only: never look at their pages.
The layouts are of their own making, not the rules' (`tests/paper.py`); names and numbers are made up.
"""

from __future__ import annotations

import argparse
import json
import pickle
import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image, ImageDraw

from benchmarks.synthetic_letters import PLACES
from ocr import RecognizedDocument, choose_engine
from ocr.engine import PagePicture, Pixels
from ocr.thai_text import MONTHS, split_words
from ocr.training.fonts import Face, load_faces, load_font

DPI = 300
WIDTH, HEIGHT = 2480, 3508
FACES = (
    "THSarabunNew",
    "THSarabun",
    "Sarabun",
    "THNiramitAS",
    "Kinnari",
    "Norasi",
    "Laksaman",
    "Garuda",
    "Umpush",
)
CONDITIONS = ("clean", "office", "mono", "copy")
MARKS = ("", "", "", "ด่วน", "ด่วนมาก", "ด่วนที่สุด")
# letters, code, name, the ministry's line or "", address
AGENCIES = (
    (
        "ศธ",
        "04006",
        "สำนักงานคณะกรรมการการศึกษาขั้นพื้นฐาน",
        "กระทรวงศึกษาธิการ",
        "ถนนราชดำเนินนอก กทม. ๑๐๓๐๐",
    ),
    ("ศธ", "04093", "สำนักงานเขตพื้นที่การศึกษาประถมศึกษาแพร่ เขต ๑", "", "ถนนไชยบูรณ์ อำเภอเมืองแพร่ ๕๔๐๐๐"),
    ("ศธ", "04254.017", "โรงเรียน{school}", "", "๙๙ หมู่ ๒ ตำบลในเวียง จังหวัดแพร่ ๕๔๐๐๐"),
    ("ศธ", "0206.6", "สำนักงาน ก.ค.ศ.", "กระทรวงศึกษาธิการ", "ถนนสุโขทัย เขตดุสิต กทม. ๑๐๓๐๐"),
    ("กค", "0405.2", "กรมบัญชีกลาง", "", "ถนนพระรามที่ ๖ กทม. ๑๐๔๐๐"),
    ("มท", "0809.2", "กรมส่งเสริมการปกครองท้องถิ่น", "กระทรวงมหาดไทย", "ถนนนครราชสีมา กทม. ๑๐๓๐๐"),
    ("พร", "0017.3", "ศาลากลางจังหวัดแพร่", "", "ถนนไชยบูรณ์ พร ๕๔๐๐๐"),
    ("นม", "0023.4", "สำนักงานส่งเสริมการปกครองท้องถิ่นจังหวัดนครราชสีมา", "", "ถนนมหาดไทย นม ๓๐๐๐๐"),
    ("ชม", "52301", "สำนักงานเทศบาลตำบลสันทราย", "", "อำเภอสันทราย จังหวัดเชียงใหม่ ๕๐๒๑๐"),
    ("ลย", "71902", "ที่ทำการองค์การบริหารส่วนตำบลเสี้ยว", "", "อำเภอเมืองเลย จังหวัดเลย ๔๒๐๐๐"),
    ("ตผ", "0052 พร", "สำนักตรวจเงินแผ่นดินจังหวัดแพร่", "", "ถนนยันตรกิจโกศล แพร่ ๕๔๐๐๐"),
    ("อว", "69.3", "มหาวิทยาลัยแม่โจ้", "", "อำเภอสันทราย เชียงใหม่ ๕๐๒๙๐"),
    ("สธ", "0413.5", "กรมควบคุมโรค", "กระทรวงสาธารณสุข", "ถนนติวานนท์ นนทบุรี ๑๑๐๐๐"),
    ("นร", "0704", "สำนักงบประมาณ", "", "ถนนพระรามที่ ๖ กทม. ๑๐๔๐๐"),
    ("กษ", "0302", "กรมประมง", "กระทรวงเกษตรและสหกรณ์", "เขตจตุจักร กทม. ๑๐๙๐๐"),
    ("ยธ", "0604", "กรมคุมประพฤติ", "", "ถนนแจ้งวัฒนะ กทม. ๑๐๒๑๐"),
    ("รง", "0508", "กรมสวัสดิการและคุ้มครองแรงงาน", "", "ถนนมิตรไมตรี กทม. ๑๐๔๐๐"),
    (
        "สทศ",
        "0311",
        "สถาบันทดสอบทางการศึกษาแห่งชาติ (องค์การมหาชน)",
        "",
        "๑๒๘ อาคารพญาไทพลาซ่า กทม. ๑๐๔๐๐",
    ),
)
OPENERS = (
    "ขอเชิญประชุม",
    "ขอความอนุเคราะห์",
    "การจัดสรร",
    "แจ้งผล",
    "ขอให้รายงาน",
    "การเลื่อนขั้นเงินเดือน",
    "ประชาสัมพันธ์",
    "ซักซ้อมแนวทาง",
)
MATTERS = (
    "โครงการอาหารกลางวัน",
    "งบประมาณเงินอุดหนุน",
    "การพัฒนาครูและบุคลากรทางการศึกษา",
    "การรับนักเรียน",
    "การตรวจสอบภายใน",
    "ระบบสารสนเทศ",
)
ENDS = (
    "ประจำปีงบประมาณ พ.ศ. ๒๕๖๙",
    "ภาคเรียนที่ ๑",
    "ของสถานศึกษาในสังกัด",
    "ตามนโยบายของรัฐบาลในการยกระดับคุณภาพการศึกษา",
    "",
)
RECIPIENTS = (
    "ผู้อำนวยการสำนักงานเขตพื้นที่การศึกษาประถมศึกษา ทุกเขต",
    "ผู้อำนวยการโรงเรียน{school}",
    "ผู้ว่าราชการจังหวัด ทุกจังหวัด",
    "นายกองค์การบริหารส่วนตำบลเสี้ยว",
    "นายอำเภอเมืองแพร่",
    "หัวหน้าส่วนราชการในสังกัด",
)
BODY = (
    "ด้วยหน่วยงานได้กำหนดจัดกิจกรรมเพื่อส่งเสริมการเรียนรู้ของนักเรียน ครู และผู้ปกครอง",
    "ในพื้นที่รับผิดชอบ โดยขอให้ท่านมอบหมายเจ้าหน้าที่ที่เกี่ยวข้องดำเนินการรวบรวมข้อมูล",
    "และรายงานผลให้ทราบตามแบบที่กำหนด รายละเอียดตามเอกสารที่แนบมาพร้อมนี้",
)


@dataclass
class Sheet:
    """A page being drawn at 300 dpi with one face; `size` is the type's height in pixels."""

    face: Face
    size: int
    rng: random.Random
    pitch: int = 0
    image: Image.Image = field(default_factory=lambda: Image.new("L", (WIDTH, HEIGHT), 255))

    def write(self, text: str, left: int, top: int, scale: float = 1.0) -> int:
        """Write a line and return its right edge."""
        font = load_font(self.face.path, round(self.size * scale))
        ImageDraw.Draw(self.image).text((left, top), text, font=font, fill=0)
        return left + round(font.getlength(text))

    def wide(self, text: str) -> int:
        """Return how wide a text is printed, in pixels."""
        return round(load_font(self.face.path, self.size).getlength(text))


def thai(text: str) -> str:
    return text.translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))


def draw_letter(seed: int, faces: tuple[Face, ...]) -> tuple[Pixels, float, dict[str, Any]]:
    """Draw one letter: its picture, its dots an inch, and what is printed in its fields."""
    rng = random.Random(seed)  # noqa: S311 - drawings, not secrets
    kind = rng.choice(("external", "external", "external", "internal", "sealed"))
    condition = CONDITIONS[seed // 2 % len(CONDITIONS)]
    sheet = Sheet(rng.choice(faces), round(DPI * rng.choice((14, 15, 16, 16)) / 72), rng)
    said = _matter(rng, kind)
    sheet.pitch = round(sheet.size * rng.uniform(1.05, 1.45))
    left = rng.randint(300, 380)
    top = rng.randint(420, 600)
    drawers = {"external": _external, "internal": _memo, "sealed": _sealed}
    drawers[kind](sheet, said, left, top)
    if rng.random() < 0.5:
        _stamp(sheet)
    picture, dpi = wear(np.array(sheet.image), condition, rng)
    truth = {
        key: said[key]
        for key in ("number", "date_iso", "date", "sender", "to", "subject", "urgency")
    }
    if kind == "sealed":
        del truth["subject"]
    return picture, dpi, {**truth, "secrecy": "", "kind": kind, "condition": condition}


def _matter(rng: random.Random, kind: str) -> dict[str, str]:
    letters, code, sender, ministry, address = rng.choice(AGENCIES)
    school = rng.choice(PLACES)
    day = date(2024, 1, 1) + timedelta(days=rng.randrange(1000))
    running = str(rng.randint(1, 9999))
    branch = rng.choice(("", "", "ว ", "ว ", "ว"))
    digits = thai if rng.random() < 0.75 else str
    era = rng.choice(("", "", "", "พ.ศ. "))
    gap = rng.choice((" ", " ", "  "))
    subject = " ".join(
        filter(
            None, (rng.choice(OPENERS) + rng.choice(MATTERS), rng.choice(ENDS), rng.choice(ENDS))
        )
    )
    return {
        "number": digits(f"{letters} {code}/{branch}{running}"),
        "date": digits(f"{day.day}{gap}{MONTHS[day.month - 1]}{gap}{era}{day.year + 543}"),
        "date_iso": day.isoformat(),
        "sender": sender.format(school=school),
        "ministry": ministry if kind == "external" and rng.random() < 0.6 else "",
        "address": address,
        "to": rng.choice(RECIPIENTS).format(school=school),
        "subject": subject,
        "urgency": rng.choice(MARKS),
    }


def _broken(sheet: Sheet, text: str, room: int) -> list[str]:
    """Break a text where the room ends: at a space, or between words where one stretch is too long."""
    lines = [""]
    for stretch in text.split(" "):
        whole = sheet.wide(stretch) <= room
        for index, word in enumerate([stretch] if whole else split_words(stretch)):
            gap = " " if lines[-1] and index == 0 else ""
            if lines[-1] and sheet.wide(lines[-1] + gap + word) > room:
                lines.append(word)
            else:
                lines[-1] += gap + word
    return lines


def _labelled(sheet: Sheet, label: str, text: str, left: int, top: int) -> int:
    """Print a label and its value, which hangs behind it; return where the next line begins."""
    at = sheet.write(label, left, top) + sheet.size // 2
    for line in _broken(sheet, text, 2240 - at):
        sheet.write(line, at, top)
        top += sheet.pitch
    return top


def _mark(sheet: Sheet, said: dict[str, str], left: int, top: int) -> None:
    if said["urgency"]:
        sheet.write(said["urgency"], left, top - round(2.6 * sheet.size), 1.8)


def _body(sheet: Sheet, left: int, top: int) -> int:
    pitch = sheet.pitch
    for index, line in enumerate(BODY):
        sheet.write(line, left + (280 if index == 0 else 0), top)
        top += pitch
    sheet.write("จึงเรียนมาเพื่อโปรดทราบและดำเนินการต่อไป", left + 280, top)
    return top + pitch


def _external(sheet: Sheet, said: dict[str, str], left: int, top: int) -> None:
    pitch = sheet.pitch
    rng = sheet.rng
    _mark(sheet, said, left, top)
    sheet.write(f"ที่ {said['number']}", left, top)
    column = rng.randint(1380, 1520)
    at = top + rng.choice((0, 0, 0, -pitch // 3))
    for line in (
        *_broken(sheet, said["sender"], 2330 - column),
        said["ministry"],
        *_broken(sheet, said["address"], 2330 - column),
    ):
        if line:
            sheet.write(line, column, at)
            at += pitch
    sheet.write(said["date"], rng.randint(1100, 1240), at + pitch // 4)
    top = _labelled(sheet, "เรื่อง", said["subject"], left, at + round(1.6 * pitch))
    top = _labelled(sheet, "เรียน", said["to"], left, top + pitch // 4)
    if rng.random() < 0.5:
        top = _labelled(sheet, "สิ่งที่ส่งมาด้วย", "เอกสารประกอบ จำนวน ๑ ชุด", left, top + pitch // 4)
    top = _body(sheet, left, top + pitch // 2)
    sheet.write("ขอแสดงความนับถือ", 1250, top + pitch)
    sheet.write("(นายสมมติ ตัวอย่าง)", 1230, top + 4 * pitch)


def _memo(sheet: Sheet, said: dict[str, str], left: int, top: int) -> None:
    pitch = sheet.pitch
    sheet.write("บันทึกข้อความ", 980, top - 2 * pitch, 1.7)
    _mark(sheet, said, left, top)
    top = _labelled(sheet, "ส่วนราชการ", said["sender"], left, top)
    sheet.write(f"ที่ {said['number']}", left, top)
    sheet.write(f"วันที่ {said['date']}", sheet.rng.randint(1180, 1300), top)
    top = _labelled(sheet, "เรื่อง", said["subject"], left, top + pitch)
    top = _labelled(sheet, "เรียน", said["to"], left, top + pitch // 3)
    top = _body(sheet, left, top + pitch // 2)
    sheet.write("(นายสมมติ ตัวอย่าง)", 1230, top + 3 * pitch)


def _sealed(sheet: Sheet, said: dict[str, str], left: int, top: int) -> None:
    pitch = sheet.pitch
    _mark(sheet, said, left, top)
    sheet.write(f"ที่ {said['number']}", left, top)
    top = _labelled(sheet, "ถึง", said["to"], left, top + round(1.3 * pitch))
    top = _body(sheet, left, top + pitch // 2)
    middle = 1500
    for line in (said["sender"], said["date"]):
        sheet.write(line, middle - sheet.wide(line) // 2, top + 3 * pitch)
        top += pitch


def _stamp(sheet: Sheet) -> None:
    """Set a receiving stamp at the top right, askew with its entries by machine."""
    rng = sheet.rng
    lines = (
        "สพป.แพร่ เขต ๑",
        f"เลขรับ {rng.randint(1, 9999)}",
        f"วันที่ {rng.randint(1, 28)} ม.ค. 69",
        f"เวลา {rng.randint(8, 16)}.{rng.randint(10, 59)} น.",
    )
    left, top = rng.randint(1800, 1950), rng.randint(60, 160)
    for line in lines:
        sheet.write(line, left, top, 0.75)
        top += round(sheet.size * 0.95)


def wear(page: Pixels, condition: str, rng: random.Random) -> tuple[Pixels, float]:
    """Return the page as it is scanned: askew, thinned or thickened, in noise, in black and white."""
    if condition == "clean":
        return page, float(DPI)
    angle = rng.uniform(-1.2, 1.2)
    turn = cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT / 2), angle, 1.0)
    page = np.asarray(cv2.warpAffine(page, turn, (WIDTH, HEIGHT), borderValue=255), dtype=np.uint8)
    noise = np.random.default_rng(rng.getrandbits(32))
    if condition == "copy":
        page = np.asarray(cv2.erode(page, np.ones((2, 2), np.uint8)), dtype=np.uint8)
        page = np.asarray(cv2.GaussianBlur(page, (0, 0), 1.6), dtype=np.uint8)
    spots = noise.normal(0, 14 if condition == "office" else 26, page.shape)
    page = np.clip(page.astype(np.float32) * 0.94 + 10 + spots, 0, 255).astype(np.uint8)
    if condition == "office":
        return page, float(DPI)
    small = np.asarray(
        cv2.resize(page, None, fx=2 / 3, fy=2 / 3, interpolation=cv2.INTER_AREA), dtype=np.uint8
    )
    return np.where(small > rng.randint(120, 165), 255, 0).astype(np.uint8), DPI * 2 / 3


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--letters", type=int, default=200)
    parser.add_argument("--seeds", choices=("even", "odd"), default="even")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--fonts", type=Path, action="append", default=[])
    args = parser.parse_args()
    faces = tuple(
        f
        for f in load_faces(tuple(args.fonts))
        if f.family in FACES and not f.bold and "Italic" not in f.path.stem
    )
    args.out.mkdir(parents=True, exist_ok=True)
    engine = choose_engine()
    documents: dict[str, RecognizedDocument] = {}
    truth: dict[str, Any] = {}
    for index in range(args.letters):
        seed = 2 * index + (args.seeds == "odd")
        picture, dpi, said = draw_letter(seed, faces)
        name = f"drawn-{seed:05d}"
        documents[name] = RecognizedDocument(
            name, (engine.read_page(PagePicture(picture, dpi), 1),)
        )
        truth[name] = said
    (args.out / "truth.json").write_text(json.dumps(truth, ensure_ascii=False, indent=0), "utf-8")
    (args.out / "documents.pickle").write_bytes(pickle.dumps(documents))


if __name__ == "__main__":
    main()
