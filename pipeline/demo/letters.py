"""The demonstration letters: seven kinds an office receives, with made-up people and numbers."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from PIL import Image

from pipeline.demo.paper import DPI, LEFT_MM, RED, RIGHT_MM, Sheet, Wear

OBEC = "สำนักงานคณะกรรมการการศึกษาขั้นพื้นฐาน"
OFFICE = "สำนักงานเขตพื้นที่การศึกษาประถมศึกษาตัวอย่าง เขต ๑"
DIRECTOR = f"ผู้อำนวยการ{OFFICE}"
MIDDLE_MM, SIGNER_MM = 105, 135
BELOW_NUMBER_MM = 12


@dataclass(frozen=True, slots=True)
class DemoLetter:
    """What one letter says; `number` and `date_printed` as printed, `file_name` as the scanner's.

    `kind` and `group` are the codes a right reading ends with.
    """

    file_name: str
    kind: str
    group: str
    number: str
    date_printed: str
    date: date
    sender: str
    recipient: str
    subject: str
    body: tuple[str, ...]
    signer: str
    position: str
    owner: str = ""
    address: str = ""
    urgency: str = ""
    secrecy: str = ""
    wear: Wear = field(default_factory=Wear)


LETTERS = (
    DemoLetter(
        file_name="หนังสือภายนอก จัดสรรงบประมาณ.pdf",
        kind="external",
        group="plan",
        number="ศธ ๐๔๐๐๖/๑๒๗๔",
        date_printed="๑๕ มกราคม ๒๕๖๙",
        date=date(2026, 1, 15),
        sender=OBEC,
        address="กระทรวงศึกษาธิการ กทม. ๑๐๓๐๐",
        recipient=DIRECTOR,
        subject="การจัดสรรงบประมาณรายจ่ายประจำปีงบประมาณ พ.ศ. ๒๕๖๙ งบลงทุน ค่าครุภัณฑ์",
        body=(
            "ด้วยสำนักงานคณะกรรมการการศึกษาขั้นพื้นฐานได้พิจารณาจัดสรรงบประมาณรายจ่าย"
            "ประจำปีงบประมาณ พ.ศ. ๒๕๖๙ งบลงทุน ค่าครุภัณฑ์ ให้แก่โรงเรียนในสังกัด จำนวน ๑๒ โรงเรียน "
            "เป็นเงินทั้งสิ้น ๘๔๗,๖๐๐ บาท (แปดแสนสี่หมื่นเจ็ดพันหกร้อยบาทถ้วน)",
            "ในการนี้ ขอให้สำนักงานเขตพื้นที่การศึกษาแจ้งโรงเรียนที่ได้รับจัดสรรงบประมาณ"
            "ตามแผนปฏิบัติการ และรายงานผลภายในวันที่ ๒๗ กุมภาพันธ์ ๒๕๖๙",
            "จึงเรียนมาเพื่อทราบและดำเนินการ",
        ),
        signer="นายสมมติ ตั้งใจเรียน",
        position="ผู้อำนวยการสำนักนโยบายและแผนการศึกษาขั้นพื้นฐาน",
        owner="กลุ่มงบประมาณ",
        wear=Wear(turn_degrees=0.25, seed=11),
    ),
    DemoLetter(
        file_name="บันทึก ตรวจสอบพัสดุ.tif",
        kind="internal",
        group="finance",
        number="ศธ ๐๔๓๐๑/๕๖๘",
        date_printed="๒๑ มกราคม ๒๕๖๙",
        date=date(2026, 1, 21),
        sender=f"กลุ่มบริหารงานการเงินและสินทรัพย์ {OFFICE}",
        recipient=DIRECTOR,
        subject="รายงานผลการตรวจสอบพัสดุประจำปีงบประมาณ พ.ศ. ๒๕๖๘",
        body=(
            "ตามที่สำนักงานเขตพื้นที่การศึกษาได้แต่งตั้งคณะกรรมการตรวจสอบพัสดุประจำปี นั้น "
            "บัดนี้ คณะกรรมการได้ดำเนินการตรวจสอบพัสดุเสร็จเรียบร้อยแล้ว พบว่ามีครุภัณฑ์ชำรุด "
            "จำนวน ๑๗ รายการ เห็นควรดำเนินการจำหน่ายตามระเบียบการจัดซื้อจัดจ้างและการบริหารพัสดุ",
            "จึงเรียนมาเพื่อโปรดพิจารณา",
        ),
        signer="นางสาวใจดี มีวินัย",
        position="ผู้อำนวยการกลุ่มบริหารงานการเงินและสินทรัพย์",
    ),
    DemoLetter(
        file_name="ประทับตรา ส่งแบบทดสอบ.jpg",
        kind="sealed",
        group="supervision",
        number="ศธ ๐๔๐๑๐/๗๙๓",
        date_printed="๒๘ มกราคม ๒๕๖๙",
        date=date(2026, 1, 28),
        sender=OBEC,
        recipient=OFFICE,
        subject="",
        body=(
            "พร้อมหนังสือนี้ สำนักงานคณะกรรมการการศึกษาขั้นพื้นฐานขอส่งคู่มือการจัดสอบ"
            "วัดความสามารถพื้นฐานของผู้เรียนระดับชาติ (NT) ปีการศึกษา ๒๕๖๘ จำนวน ๖ เล่ม "
            "มาเพื่อใช้ประกอบการนิเทศและการวัดผลตามหลักสูตร",
        ),
        signer="",
        position="",
        owner="กลุ่มวัดและประเมินผล",
    ),
    DemoLetter(
        file_name="คำสั่ง รับนักเรียน.pdf",
        kind="order",
        group="promotion",
        number="๘๗/๒๕๖๙",
        date_printed="๒ กุมภาพันธ์ ๒๕๖๙",
        date=date(2026, 2, 2),
        sender=OFFICE,
        recipient="",
        subject="แต่งตั้งคณะกรรมการดำเนินการรับนักเรียน ปีการศึกษา ๒๕๖๙",
        body=(
            "เพื่อให้การรับนักเรียนชั้นประถมศึกษาปีที่ ๑ ปีการศึกษา ๒๕๖๙ เป็นไปด้วยความเรียบร้อย "
            "จึงแต่งตั้งคณะกรรมการดำเนินการรับนักเรียน ประกอบด้วย นางดวงใจ เพียรเพิ่ม เป็นประธานกรรมการ "
            "นายกล้า หาญกิจ เป็นกรรมการ และนางสาวใจดี มีวินัย เป็นกรรมการและเลขานุการ",
            "ทั้งนี้ ตั้งแต่บัดนี้เป็นต้นไป",
        ),
        signer="นายวิชา รักเรียน",
        position=DIRECTOR,
        wear=Wear(turn_degrees=-0.3, seed=14),
    ),
    DemoLetter(
        file_name="ประกาศ สอบครูผู้ช่วย.pdf",
        kind="announce",
        group="hr",
        number="",
        date_printed="๙ กุมภาพันธ์ ๒๕๖๙",
        date=date(2026, 2, 9),
        sender=OFFICE,
        recipient="",
        subject="รายชื่อผู้มีสิทธิเข้ารับการคัดเลือกเพื่อบรรจุและแต่งตั้งเป็นครูผู้ช่วย",
        body=(
            "ตามที่สำนักงานเขตพื้นที่การศึกษาได้รับสมัครคัดเลือกบุคคลเพื่อบรรจุและแต่งตั้งเข้ารับราชการ"
            "เป็นข้าราชการครู ตำแหน่งครูผู้ช่วย นั้น บัดนี้ การรับสมัครได้เสร็จสิ้นแล้ว "
            "จึงประกาศรายชื่อผู้มีสิทธิเข้ารับการคัดเลือก จำนวน ๔๖ ราย",
        ),
        signer="นายวิชา รักเรียน",
        position=DIRECTOR,
        wear=Wear(turn_degrees=0.2, seed=15),
    ),
    DemoLetter(
        file_name="สองหน้า อบรมครู.tif",
        kind="external",
        group="teacherdev",
        number="ศธ ๐๔๐๐๘/ว ๓๘๔",
        date_printed="๑๒ กุมภาพันธ์ ๒๕๖๙",
        date=date(2026, 2, 12),
        sender=OBEC,
        address="กระทรวงศึกษาธิการ กทม. ๑๐๓๐๐",
        recipient="ผู้อำนวยการสำนักงานเขตพื้นที่การศึกษา ทุกเขต",
        subject="การพัฒนาข้าราชการครูก่อนแต่งตั้งให้ดำรงตำแหน่งผู้อำนวยการสถานศึกษา",
        body=(
            "ด้วยสำนักงานคณะกรรมการการศึกษาขั้นพื้นฐานกำหนดจัดอบรมเชิงปฏิบัติการเพื่อพัฒนา"
            "ข้าราชการครูก่อนแต่งตั้งให้ดำรงตำแหน่งผู้อำนวยการสถานศึกษา ระหว่างวันที่ ๑๖ ถึง ๒๐ มีนาคม ๒๕๖๙",
            "การอบรมแบ่งเป็นสามช่วง ช่วงแรกเป็นการเรียนรู้ด้วยตนเอง ช่วงที่สองเป็นการอบรมร่วมกัน "
            "ณ โรงแรมตัวอย่าง จังหวัดตัวอย่าง และช่วงที่สามเป็นการฝึกประสบการณ์ในสถานศึกษาต้นแบบ",
            "\f",
            "ในการนี้ ขอให้สำนักงานเขตพื้นที่การศึกษาแจ้งผู้ผ่านการคัดเลือกลงทะเบียนเข้ารับการพัฒนา"
            "ภายในวันที่ ๒ มีนาคม ๒๕๖๙ ค่าใช้จ่ายในการเดินทางให้เบิกจากต้นสังกัด",
            "จึงเรียนมาเพื่อทราบและแจ้งผู้เกี่ยวข้องต่อไป",
        ),
        signer="นางดวงใจ เพียรเพิ่ม",
        position="ผู้อำนวยการสำนักพัฒนาครูและบุคลากรการศึกษาขั้นพื้นฐาน",
        owner="กลุ่มพัฒนาครู",
        wear=Wear(turn_degrees=-0.2, seed=16),
    ),
    DemoLetter(
        file_name="ด่วนที่สุด ข้อมูลนักเรียน.pdf",
        kind="external",
        group="dlict",
        number="ศธ ๐๔๐๐๒/ว ๔๖๘",
        date_printed="๑๖ กุมภาพันธ์ ๒๕๖๙",
        date=date(2026, 2, 16),
        sender=OBEC,
        address="กระทรวงศึกษาธิการ กทม. ๑๐๓๐๐",
        recipient="ผู้อำนวยการสำนักงานเขตพื้นที่การศึกษา ทุกเขต",
        subject="การยืนยันข้อมูลนักเรียนรายบุคคล และการจัดการศึกษาทางไกลผ่านดาวเทียม",
        body=(
            "ด้วยสำนักงานคณะกรรมการการศึกษาขั้นพื้นฐานขอให้สำนักงานเขตพื้นที่การศึกษาแจ้งโรงเรียนในสังกัด"
            "ตรวจสอบและยืนยันข้อมูลนักเรียนรายบุคคลในระบบจัดเก็บข้อมูลนักเรียนรายบุคคล (DMC) "
            "พร้อมรายงานสภาพอุปกรณ์คอมพิวเตอร์และระบบอินเทอร์เน็ตที่ใช้รับชม DLTV",
            "จึงเรียนมาเพื่อดำเนินการโดยด่วน",
        ),
        signer="นายกล้า หาญกิจ",
        position="ผู้อำนวยการศูนย์เทคโนโลยีสารสนเทศ",
        owner="กลุ่มสารสนเทศ",
        urgency="ด่วนที่สุด",
        wear=Wear(turn_degrees=0.35, seed=17),
    ),
)


def draw_pages(letter: DemoLetter) -> list[Image.Image]:
    """Return the letter's pages as a scanner would deliver them, RGB, 300 dpi."""
    layouts: dict[str, Callable[[DemoLetter], list[Sheet]]] = {
        "external": _external,
        "internal": _memo,
        "sealed": _stamped,
        "order": _proclaimed,
        "announce": _proclaimed,
    }
    return [sheet.scanned(letter.wear) for sheet in layouts[letter.kind](letter)]


def save_letter(letter: DemoLetter, folder: Path) -> Path:
    """Draw the letter and save it in the format its name ends in; TIFF is bilevel G4."""
    target = folder / letter.file_name
    first, *others = draw_pages(letter)
    match target.suffix:
        case ".tif":
            bilevel = [
                page.convert("L").point(lambda v: 255 * (v > 150)).convert("1")
                for page in (first, *others)
            ]
            bilevel[0].save(
                target,
                compression="group4",
                dpi=(DPI, DPI),
                save_all=True,
                append_images=bilevel[1:],
            )
        case ".jpg":
            first.save(target, quality=85, dpi=(DPI, DPI))
        case _:
            # A fixed date: dropping the same demonstration letter again is a duplicate.
            drawn = time.gmtime(0)
            first.save(
                target,
                "PDF",
                resolution=DPI,
                quality=80,
                save_all=True,
                append_images=others,
                creationDate=drawn,
                modDate=drawn,
            )
    return target


def save_letters(folder: Path) -> list[Path]:
    """Save all demonstration letters into the folder and return their paths."""
    return [save_letter(letter, folder) for letter in LETTERS]


def _marks(sheet: Sheet, letter: DemoLetter) -> None:
    """Print urgency left above the number, secrecy centred at top and bottom, large and red."""
    stay = sheet.y
    if letter.urgency:
        sheet.y = stay - 8
        sheet.text(LEFT_MM, letter.urgency, points=24, weight="Bold", ink=RED)
    for y in (14.0, 286.0) if letter.secrecy else ():
        sheet.y = y
        sheet.text(MIDDLE_MM, letter.secrecy, points=24, weight="Bold", ink=RED, anchor="ms")
    sheet.y = stay


def _letterhead(letter: DemoLetter) -> Sheet:
    sheet = Sheet()
    sheet.y = 16
    sheet.emblem(MIDDLE_MM, 26)
    sheet.y = 52
    _marks(sheet, letter)
    sheet.text(LEFT_MM, f"ที่ {letter.number}")
    return sheet


def _sign(sheet: Sheet, letter: DemoLetter) -> None:
    sheet.y += 4
    sheet.signature(SIGNER_MM)
    sheet.line(SIGNER_MM, f"({letter.signer})", anchor="ms")
    sheet.line(SIGNER_MM, letter.position, anchor="ms")


def _owner(sheet: Sheet, letter: DemoLetter) -> None:
    sheet.y = max(sheet.y + 8, 252)
    sheet.line(LEFT_MM, letter.owner)
    sheet.line(LEFT_MM, "โทร. ๐ ๒๑๒๓ ๔๕๖๗")
    sheet.line(LEFT_MM, "โทรสาร ๐ ๒๑๒๓ ๔๕๖๘")


def _external(letter: DemoLetter) -> list[Sheet]:
    sheet = _letterhead(letter)
    sheet.line(RIGHT_MM, letter.sender, anchor="rs")
    sheet.line(RIGHT_MM, letter.address, anchor="rs")
    sheet.y += 1
    sheet.line(MIDDLE_MM, letter.date_printed)
    sheet.y += 1
    sheet.labelled("เรื่อง", letter.subject)
    sheet.y += 1
    sheet.labelled("เรียน", letter.recipient)
    sheet.y += 2
    sheets = [sheet]
    for paragraph in letter.body:
        if paragraph == "\f":
            sheets.append(sheet := Sheet())
            sheet.line(MIDDLE_MM, f"- {'๐๑๒๓๔๕๖๗๘๙'[len(sheets)]} -", anchor="ms")
            sheet.y += 6
            continue
        sheet.paragraph(paragraph)
    sheet.y += 3
    sheet.line(SIGNER_MM, "ขอแสดงความนับถือ", anchor="ms")
    _sign(sheet, letter)
    _owner(sheet, letter)
    return sheets


def _memo(letter: DemoLetter) -> list[Sheet]:
    sheet = Sheet()
    sheet.y = 16
    sheet.emblem(LEFT_MM + 8, 15)
    _marks(sheet, letter)
    sheet.text(MIDDLE_MM, "บันทึกข้อความ", points=22, weight="Bold", anchor="ms")
    sheet.y += 12
    sheet.labelled("ส่วนราชการ", f"{letter.sender} โทร. ๐ ๒๑๒๓ ๔๕๖๗", gap_mm=26)
    sheet.text(LEFT_MM, f"ที่ {letter.number}")
    sheet.line(MIDDLE_MM, f"วันที่ {letter.date_printed}")
    sheet.labelled("เรื่อง", letter.subject)
    sheet.y += 2
    sheet.labelled("เรียน", letter.recipient)
    sheet.y += 2
    for paragraph in letter.body:
        sheet.paragraph(paragraph)
    _sign(sheet, letter)
    return [sheet]


def _stamped(letter: DemoLetter) -> list[Sheet]:
    sheet = _letterhead(letter)
    sheet.y += BELOW_NUMBER_MM
    sheet.labelled("ถึง", letter.recipient, gap_mm=12)
    sheet.y += 2
    for paragraph in letter.body:
        sheet.paragraph(paragraph)
    sheet.y += 26
    sheet.seal(SIGNER_MM + 8, sheet.y - 11, "สพฐ.")
    sheet.line(SIGNER_MM, letter.sender, anchor="ms")
    sheet.line(SIGNER_MM, letter.date_printed, anchor="ms")
    _owner(sheet, letter)
    return [sheet]


def _proclaimed(letter: DemoLetter) -> list[Sheet]:
    """Lay out an order or an announcement: centred head, body, date line, signature."""
    is_order = letter.kind == "order"
    sheet = Sheet()
    sheet.y = 16
    sheet.emblem(MIDDLE_MM, 26)
    sheet.y = 52
    _marks(sheet, letter)
    sheet.line(MIDDLE_MM, ("คำสั่ง" if is_order else "ประกาศ") + letter.sender, anchor="ms")
    if is_order:
        sheet.line(MIDDLE_MM, f"ที่ {letter.number}", anchor="ms")
    sheet.line(MIDDLE_MM, f"เรื่อง {letter.subject}", anchor="ms")
    sheet.y += 6
    for paragraph in letter.body:
        sheet.paragraph(paragraph)
    sheet.y += 3
    verb = "สั่ง" if is_order else "ประกาศ"
    sheet.line(LEFT_MM + 35, f"{verb} ณ วันที่ {letter.date_printed}")
    _sign(sheet, letter)
    return [sheet]
