"""Lay known lines out on a page as each letter kind prints them: perfect reading, for measuring deciding alone."""

from __future__ import annotations

from dataclasses import dataclass

from ocr.document import Box, Line, Origin, Page, RecognizedDocument, Word

WIDTH, HEIGHT = 2480, 3508  # A4 at 300 dpi
LEFT, RIGHT, INDENT, VALUE = 354, 2244, 650, 500
LETTER_WIDTH, LINE_HEIGHT, PITCH = 26, 62, 92
MARK_WORDS = ("ด่วนที่สุด", "ด่วนมาก", "ด่วน", "ลับที่สุด", "ลับมาก", "ลับ")
_MARKS = "ัิีึืฺุู็่้๊๋์ํ๎"


# A made-up external letter, line by line.
BODY = "ด้วยสำนักงานคณะกรรมการการศึกษาขั้นพื้นฐาน ได้รับแจ้งว่า จะมีการประชุม จึงขอส่งรายละเอียดมาเพื่อประกอบการดำเนินการของหน่วยงาน"
CLOSING = ["จึงเรียนมาเพื่อโปรดทราบ", "ขอแสดงความนับถือ", "(นายสมมติ ตัวอย่าง)", "ผู้อำนวยการสำนัก"]
FOOT = ["กลุ่มงานบริหารทั่วไป", "โทร. ๐ ๒๐๐๐ ๐๐๐๐"]
SUBJECT = (
    "ขอเชิญประชุมผู้อำนวยการสำนักงานเขตพื้นที่การศึกษาทั่วประเทศ ครั้งที่ ๑/๒๕๖๙ ณ ห้องประชุมใหญ่ และผ่านระบบทางไกล"
)
EXTERNAL = [
    "ที่ ศธ ๐๔๐๐๑/ว ๑๒๓๔",
    "สำนักงานคณะกรรมการการศึกษาขั้นพื้นฐาน",
    "ถนนราชดำเนินนอก กทม. ๑๐๓๐๐",
    "๙ กรกฎาคม ๒๕๖๘",
    f"เรื่อง {SUBJECT}",
    "เรียน ผู้อำนวยการสำนักงานเขตพื้นที่การศึกษาประถมศึกษาตัวอย่าง เขต ๑",
    "อ้างถึง หนังสือกรมบัญชีกลาง ด่วนที่สุด ที่ กค ๐๔๐๒.๒/ว ๑๙๕ ลงวันที่ ๒๕ เมษายน ๒๕๖๑",
    "สิ่งที่ส่งมาด้วย เอกสารแนบ จำนวน ๑ ชุด",
    BODY,
    *CLOSING,
    *FOOT,
]


def width_of(text: str) -> int:
    """Return how wide a text is printed, in pixels: marks take no room."""
    return LETTER_WIDTH * sum(char not in _MARKS for char in text)


@dataclass
class Paper:
    """A page being filled from the top; coordinates are pixels at 300 dpi."""

    lines: list[Line]
    top: int = 520
    confidence: float = 0.99
    label_apart: bool = True

    def put(self, text: str, left: int, top: int, height: int = LINE_HEIGHT) -> None:
        """Print one line with a word box for every space-separated word."""
        scale = height / LINE_HEIGHT
        words = []
        at = left
        for part in text.split():
            right = at + round(width_of(part) * scale)
            words.append(Word(part, Box(at, top, right, top + height), self.confidence))
            at = right + round(LETTER_WIDTH * scale)
        if words:
            box = Box(left, top, words[-1].box.right, top + height)
            self.lines.append(Line(text, box, tuple(words), self.confidence))

    def flow(self, text: str, first: int, then: int) -> None:
        """Print running text, wrapped at the right margin, Thai letters broken where they must."""
        left = first
        while text:
            piece = _fit(text, RIGHT - left)
            self.put(piece.strip(), left, self.top)
            text = text[len(piece) :].strip()
            left = then
            self.top += PITCH

    def centred(self, text: str, height: int = LINE_HEIGHT) -> None:
        """Print a line around the middle, wrapped when it is too long."""
        while text:
            piece = _fit(text, RIGHT - LEFT)
            left = (LEFT + RIGHT - round(width_of(piece) * height / LINE_HEIGHT)) // 2
            self.put(piece.strip(), left, self.top, height)
            text = text[len(piece) :].strip()
            self.top += round(PITCH * height / LINE_HEIGHT)


def _fit(text: str, room: int) -> str:
    if width_of(text) <= room:
        return text
    used = 0
    last_space = 0
    for index, char in enumerate(text):
        used += width_of(char)
        if char == " ":
            last_space = index
        if used > room:
            cut = last_space if last_space > index * 0.6 else index
            while cut < len(text) and text[cut] in _MARKS + "ะาำ":
                cut -= 1
            return text[: max(1, cut)]
    return text


def page_of(
    kind: str, printed: list[str], *, name: str = "letter", label_apart: bool = True
) -> RecognizedDocument:
    """Lay out a letter's printed lines, given in reading order, as its kind stands on paper.

    With `label_apart` a label and its value are two lines of one row, as some readers give them.
    """
    paper = Paper([], label_apart=label_apart)
    lines = list(printed)
    marks = []
    while lines and (lines[0] in MARK_WORDS or lines[0] == "บันทึกข้อความ"):
        marks.append(lines.pop(0))
        if kind == "internal" and lines and lines[0] in MARK_WORDS:
            continue
    for mark in marks:
        if mark == "บันทึกข้อความ":
            paper.put(mark, 1000, 300, 100)
        elif mark.startswith("ลับ"):
            paper.put(mark, 1170, 60, 110)
            paper.put(mark, 1170, HEIGHT - 170, 110)
        else:
            paper.put(mark, LEFT, 330 if kind != "internal" else 170, 110)
    layouts = {"external": _external, "internal": _memo, "sealed": _stamped}
    layouts.get(kind, _directive)(paper, lines)
    page = Page(1, WIDTH, HEIGHT, 300.0, 0, tuple(paper.lines), Origin.RECOGNIZED, "truth")
    return RecognizedDocument(name, (page,))


def placed(*lines: tuple[str, int, int], body: str = BODY) -> RecognizedDocument:
    """Put lines where they are told to stand, (text, left, top) each, and a text under them all."""
    paper = Paper([])
    for text, left, top in lines:
        paper.put(text, left, top)
    paper.top = max(top for _, _, top in lines) + 2 * PITCH
    paper.flow(body, INDENT, LEFT)
    page = Page(1, WIDTH, HEIGHT, 300.0, 0, tuple(paper.lines), Origin.RECOGNIZED, "truth")
    return RecognizedDocument("placed", (page,))


def _external(paper: Paper, lines: list[str]) -> None:
    paper.put(lines[0], LEFT, paper.top)
    column = 1400
    index = 1
    while index < len(lines) and not lines[index].startswith("เรื่อง"):
        text = lines[index]
        is_date = (
            text.split()[-1][-4:].isdigit()
            and len(text.split()) == 3
            and not text.startswith("ถนน")
        )
        left = 1150 if is_date else column
        paper.put(text, left, paper.top + (PITCH * (index - 1)))
        index += 1
    paper.top += PITCH * index
    _letter_body(paper, lines[index:])


def _memo(paper: Paper, lines: list[str]) -> None:
    for line in lines[:2]:
        number, gap, date = line.partition(" วันที่ ")
        if gap:
            paper.put(number, LEFT, paper.top)
            paper.put("วันที่ " + date, 1250, paper.top)
            paper.top += PITCH
        else:
            paper.flow(line, LEFT, 1250)
    _letter_body(paper, lines[2:])


def _stamped(paper: Paper, lines: list[str]) -> None:
    paper.put(lines[0], LEFT, paper.top)
    paper.top += PITCH
    _letter_body(paper, lines[1:])


def _directive(paper: Paper, lines: list[str]) -> None:
    index = 0
    while index < len(lines):
        paper.centred(lines[index])
        index += 1
        if lines[index - 1].startswith("เรื่อง"):
            break
    paper.top += PITCH
    _letter_body(paper, lines[index:])


def _letter_body(paper: Paper, lines: list[str]) -> None:
    in_body = ended = False
    for text in lines:
        label = next(
            (w for w in ("เรื่อง", "เรียน", "ถึง", "อ้างถึง", "สิ่งที่ส่งมาด้วย") if text.startswith(w + " ")),
            "",
        )
        if label and not in_body:
            value = LEFT + width_of(label) + 2 * LETTER_WIDTH
            if paper.label_apart:
                paper.put(label, LEFT, paper.top)
                paper.flow(text[len(label) :].strip(), value, value)
            else:
                paper.flow(text, LEFT, value - LETTER_WIDTH)
            continue
        ended = ended or _ends_text(text)
        in_body = True
        if ended and not text.startswith(("โทร", "กลุ่มงาน")):
            paper.centred(text)
        elif ended:
            paper.put(text, LEFT, paper.top + 4 * PITCH)
            paper.top += PITCH
        else:
            paper.flow(text, INDENT, LEFT)


def _ends_text(text: str) -> bool:
    return len(text) < 60 and not text.startswith(("จึง", "ทั้งนี้"))
