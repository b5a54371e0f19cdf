"""PDF pages with text of any kind that tests write: seen, unseen, twice, in forms, in annotations."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import fontpkg_sarabun
import pikepdf
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, Stream
from PIL import Image, ImageDraw, ImageFont

from ocr.document import Origin, Page, RecognizedDocument
from ocr.engine import PagePicture
from ocr.pages import open_scan
from ocr.searchable_pdf import LayerCheck, write_searchable_pdf

SARABUN = Path(fontpkg_sarabun.__file__).parent / "files" / "Sarabun-Regular.ttf"
A4 = (595.28, 841.89)
LETTER = (
    (85, 750, "ที่ ศธ ๐๔๐๐๖/ว ๑๒๗๔"),
    (320, 750, "สำนักงานคณะกรรมการการศึกษาขั้นพื้นฐาน"),
    (320, 728, "ถนนราชดำเนินนอก กทม. ๑๐๓๐๐"),
    (290, 696, "๑๕ มกราคม ๒๕๖๙"),
    (85, 660, "เรื่อง ขอเชิญประชุมการจัดทำแผนปฏิบัติการประจำปี"),
    (85, 632, "เรียน ผู้อำนวยการสำนักงานเขตพื้นที่การศึกษาประถมศึกษาทุกเขต"),
    (120, 600, "ด้วยสำนักงานคณะกรรมการการศึกษาขั้นพื้นฐานกำหนดจัดประชุมเพื่อจัดทำแผน"),
    (85, 578, "ปฏิบัติการประจำปี ณ ห้องประชุมใหญ่ จึงขอเชิญท่านเข้าร่วมประชุม"),
    (120, 550, "จึงเรียนมาเพื่อโปรดทราบ"),
    (320, 510, "ขอแสดงความนับถือ"),
)
"""A made-up letter: points from the left, points from the foot, text."""


class SeenFont:
    """Sarabun, whole, each character with its own advance; `said` lets a glyph claim to be another letter."""

    def __init__(self, said: dict[str, str] | None = None) -> None:
        self._font = TTFont(SARABUN)
        self._glyphs: dict[str, int] = self._font.getReverseGlyphMap()
        self._names: dict[int, str] = self._font.getBestCmap()
        self._used: dict[str, int] = {}
        self._said = said or {}

    def encode(self, text: str) -> bytes:
        """Return the two-byte codes of a text; characters that Sarabun lacks look like its empty box."""
        for character in text:
            self._used.setdefault(character, len(self._used) + 1)
        return b"".join(self._used[character].to_bytes(2, "big") for character in text)

    def width(self, text: str, size: float) -> float:
        """Return how wide a text is, in points."""
        return sum(self._advance(character) for character in text) * size / 1000

    def embed(self, pdf: pikepdf.Pdf) -> pikepdf.Object:
        """Write the font, with all codes given so far, into the PDF."""
        program = SARABUN.read_bytes()
        descriptor = Dictionary(
            Type=Name.FontDescriptor,
            FontName=Name("/AAAAAA+Sarabun"),
            Flags=4,
            FontBBox=Array([-500, -500, 1500, 1200]),
            ItalicAngle=0,
            Ascent=1068,
            Descent=-232,
            CapHeight=700,
            StemV=80,
            FontFile2=pdf.make_indirect(Stream(pdf, program, Length1=len(program))),
        )
        glyphs = b"\0\0" + b"".join(self._glyph(one).to_bytes(2, "big") for one in self._used)
        descendant = Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType2,
            BaseFont=Name("/AAAAAA+Sarabun"),
            CIDSystemInfo=Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
            FontDescriptor=pdf.make_indirect(descriptor),
            DW=500,
            W=Array([1, Array([self._advance(one) for one in self._used])]),
            CIDToGIDMap=pdf.make_indirect(Stream(pdf, glyphs)),
        )
        return pdf.make_indirect(
            Dictionary(
                Type=Name.Font,
                Subtype=Name.Type0,
                BaseFont=Name("/AAAAAA+Sarabun"),
                Encoding=Name("/Identity-H"),
                DescendantFonts=Array([pdf.make_indirect(descendant)]),
                ToUnicode=pdf.make_indirect(Stream(pdf, self._to_unicode())),
            )
        )

    def _glyph(self, character: str) -> int:
        name = self._names.get(ord(character))
        return 0 if name is None else self._glyphs[name]

    def _advance(self, character: str) -> int:
        name = self._names.get(ord(character), ".notdef")
        upem = int(self._font["head"].unitsPerEm)
        return round(float(self._font["hmtx"][name][0]) * 1000 / upem)

    def _to_unicode(self) -> bytes:
        pairs = "\n".join(
            f"<{code:04X}> <{self._said.get(one, one).encode('utf-16-be').hex()}>"
            for one, code in list(self._used.items())[:100]
        )
        more = "\n".join(
            f"<{code:04X}> <{self._said.get(one, one).encode('utf-16-be').hex()}>"
            for one, code in list(self._used.items())[100:]
        )
        sections = f"{min(len(self._used), 100)} beginbfchar\n{pairs}\nendbfchar\n"
        if more:
            sections += f"{len(self._used) - 100} beginbfchar\n{more}\nendbfchar\n"
        return (
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap "
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def "
            "/CMapName /Adobe-Identity-UCS def /CMapType 2 def "
            "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
            f"{sections}endcmap CMapName currentdict /CMap defineresource pop end end\n"
        ).encode("ascii")


@dataclass
class TextPage:
    """One page being written; `parts` are content in order, `things` its XObjects, `over` its annotations."""

    pdf: pikepdf.Pdf
    font: SeenFont
    parts: list[bytes]
    things: dict[str, pikepdf.Object]
    over: list[pikepdf.Object]

    @classmethod
    def blank(cls, said: dict[str, str] | None = None) -> TextPage:
        """Begin an empty page."""
        return cls(pikepdf.new(), SeenFont(said), [], {}, [])

    def write(
        self, lines: Sequence[tuple[float, float, str]], *, size: float = 15, before: bytes = b""
    ) -> TextPage:
        """Write lines; `before` is content that stands before them, within their own graphics state."""
        self.parts.append(b"q " + before + b"\n" + self.text_content(lines, size) + b" Q")
        return self

    def text_content(self, lines: Sequence[tuple[float, float, str]], size: float = 15) -> bytes:
        """Return the content that shows lines."""
        shown = [
            f"BT /F {size} Tf 1 0 0 1 {x} {y} Tm <{self.font.encode(text).hex()}> Tj ET".encode()
            for x, y, text in lines
        ]
        return b"\n".join(shown)

    def form(self, lines: Sequence[tuple[float, float, str]], box: Sequence[float]) -> Stream:
        """Return a Form XObject that shows lines; its font comes when the page is finished."""
        return Stream(
            self.pdf,
            self.text_content(lines),
            Type=Name.XObject,
            Subtype=Name.Form,
            BBox=Array(list(box)),
            Resources=Dictionary(),
        )

    def finish(self, **page_entries: object) -> bytes:
        """Return the PDF's bytes; content may use /Clear gs (transparent) and /OC /Off BDC (switched off)."""
        self.pdf.add_blank_page(page_size=A4)
        page = self.pdf.pages[0]
        font = self.font.embed(self.pdf)
        for thing in [*self.things.values(), *(one.AP.N for one in self.over if Name.AP in one)]:
            if thing.get(Name.Subtype) == Name.Form:
                thing.Resources.Font = Dictionary(F=font)
        page.Contents = self.pdf.make_stream(b"\n".join(self.parts))
        page.Resources = Dictionary(
            Font=Dictionary(F=font),
            XObject=Dictionary({f"/{key}": thing for key, thing in self.things.items()}),
            ExtGState=Dictionary(Clear=Dictionary(ca=0, CA=0)),
        )
        if any(b"/OC /Off" in part for part in self.parts):
            page.Resources.Properties = Dictionary(Off=self._switched_off())
        if self.over:
            page.Annots = Array([self.pdf.make_indirect(one) for one in self.over])
        for key, value in page_entries.items():
            page[f"/{key}"] = value
        buffer = io.BytesIO()
        self.pdf.save(buffer)
        return buffer.getvalue()

    def image(self, picture: Image.Image, box: Sequence[float]) -> TextPage:
        """Draw a picture into a box of left, bottom, right, top."""
        gray = picture.convert("L")
        key = f"I{len(self.things)}"
        self.things[key] = Stream(
            self.pdf,
            gray.tobytes(),
            Type=Name.XObject,
            Subtype=Name.Image,
            Width=gray.width,
            Height=gray.height,
            ColorSpace=Name.DeviceGray,
            BitsPerComponent=8,
        )
        left, bottom, right, top = box
        place = f"q {right - left} 0 0 {top - bottom} {left} {bottom} cm /{key} Do Q"
        self.parts.append(place.encode())
        return self

    def show_form(self, lines: Sequence[tuple[float, float, str]]) -> TextPage:
        """Write lines by way of a Form XObject."""
        key = f"X{len(self.things)}"
        self.things[key] = self.form(lines, (0, 0, *A4))
        self.parts.append(f"/{key} Do".encode())
        return self

    def annotate(
        self, kind: str, x: float, y: float, text: str, *, flags: int = 4, width: float = 150
    ) -> TextPage:
        """Lay an annotation with an appearance over the page; `kind` is FreeText, Stamp or Widget."""
        appearance = self.form([(0, 6, text)], (0, 0, width, 24))
        box = Array([x, y - 6, x + width, y + 18])
        one = Dictionary(
            Type=Name.Annot,
            Subtype=Name(f"/{kind}"),
            Rect=box,
            F=flags,
            AP=Dictionary(N=appearance),
        )
        if kind == "Widget":
            one.FT, one.T, one.V = Name.Tx, f"f{len(self.over)}", text
            one = self.pdf.make_indirect(one)
            form = self.pdf.Root.get(Name.AcroForm, Dictionary(Fields=Array([])))
            form.Fields.append(one)
            self.pdf.Root.AcroForm = form
        self.over.append(one)
        return self

    def _switched_off(self) -> pikepdf.Object:
        group = self.pdf.make_indirect(Dictionary(Type=Name.OCG, Name="ชั้นที่ปิดไว้"))
        off = Dictionary(OFF=Array([group]), Order=Array([group]))
        self.pdf.Root.OCProperties = Dictionary(OCGs=Array([group]), D=off)
        return group


def draw_lines(
    lines: Sequence[tuple[float, float, str]], *, dpi: float = 200, page: tuple[float, float] = A4
) -> Image.Image:
    """Draw lines as `TextPage.write` would, as a picture of the whole page."""
    scale = dpi / 72
    picture = Image.new("L", (round(page[0] * scale), round(page[1] * scale)), 255)
    face = ImageFont.truetype(str(SARABUN), round(15 * scale))
    for x, y, text in lines:
        at = (x * scale, (page[1] - y) * scale)
        ImageDraw.Draw(picture).text(at, text, font=face, fill=0, anchor="ls")
    return picture


def archive_wordless(tmp_path: Path, data: bytes) -> tuple[PagePicture, LayerCheck]:
    """Archive a file of one page as `out.pdf`, as if no word had been read; return its picture and the check."""
    source = tmp_path / "scan"
    source.write_bytes(data)
    with open_scan(source) as scan:
        picture = scan.picture(1)
    page = Page(1, picture.width, picture.height, picture.dpi, 0, (), Origin.RECOGNIZED, "test")
    check = write_searchable_pdf(source, RecognizedDocument("x", (page,)), tmp_path / "out.pdf")
    return picture, check
