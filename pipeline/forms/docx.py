"""A paper as DOCX (ECMA-376), to be finished in a word processor: the same words, table and lines to sign on.

Written out part by part: what stands in it is text and never field, macro or link.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from ocr.thai_text import to_thai_digits
from pipeline.forms.papers import Paper
from pipeline.forms.sheet import Signature
from pipeline.forms.typeset import printed_rows

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FACE, SIZE = "TH SarabunPSK", 32  # half points: 16 points, as letters are written
TITLE_SIZE, SMALL_SIZE = 44, 20
WIDTH, INDENT = 9_072, 1_418  # twentieths of a point: 16 cm between the margins; 2.5 cm
_UNFIT = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]"
)  # XML 1.0 has no such letters
_MADE = (1980, 1, 1, 0, 0, 0)  # the same paper is the same file
_NS = "http://schemas.openxmlformats.org/"
_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    f'<Types xmlns="{_NS}package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{MEDIA_TYPE}.main+xml"/></Types>'
)
_RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    f'<Relationships xmlns="{_NS}package/2006/relationships"><Relationship Id="rId1" '
    f'Type="{_NS}officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>'
)


def write_docx(paper: Paper) -> bytes:
    """Return a paper as a document of A4 sheets, figures in Thai digits."""
    body = "".join(_body(paper))
    section = (
        '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="1418" w:right="1134" w:bottom="1134" w:left="1701" '
        'w:header="709" w:footer="709" w:gutter="0"/></w:sectPr>'
    )
    document = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<w:document xmlns:w="{_NS}wordprocessingml/2006/main"><w:body>{body}{section}</w:body></w:document>'
    )
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _RELATIONS,
        "word/document.xml": document,
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in parts.items():
            packed.writestr(zipfile.ZipInfo(name, _MADE), text.encode(), zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _body(paper: Paper) -> Iterable[str]:
    if paper.title:
        yield _paragraph(paper.title, align="center", size=TITLE_SIZE, bold=True)
    for line in paper.centred:
        yield _paragraph(line, align="center", bold=True)
    for head in paper.heads:
        yield _head(head)
    yield from (_paragraph(one, first_line=INDENT) for one in paper.paragraphs)
    if paper.columns:
        yield _table(paper)
    yield from (_paragraph(one, first_line=INDENT) for one in paper.after)
    if paper.closing:
        yield _paragraph(paper.closing, align="center")
    for one in paper.signatures:
        yield from _signature(one)
    for name, value in (*paper.seals, *paper.behind):
        yield _paragraph(f"{name} {value}", size=SMALL_SIZE, as_it_is=True)
    if paper.small_print:
        yield _paragraph(paper.small_print, size=SMALL_SIZE)


def _run(text: str, *, size: int = SIZE, bold: bool = False, as_it_is: bool = False) -> str:
    shown = escape(_UNFIT.sub("", text if as_it_is else to_thai_digits(text)))
    face = f"<w:rFonts w:ascii={quoteattr(FACE)} w:hAnsi={quoteattr(FACE)} w:cs={quoteattr(FACE)}/>"
    weight = "<w:b/><w:bCs/>" if bold else ""
    look = f'<w:rPr>{face}{weight}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/><w:cs/></w:rPr>'
    return f'<w:r>{look}<w:t xml:space="preserve">{shown}</w:t></w:r>'


def _paragraph(
    text: str,
    *,
    align: str = "left",
    first_line: int = 0,
    size: int = SIZE,
    bold: bool = False,
    keep: bool = False,
    as_it_is: bool = False,
) -> str:
    stays = "<w:keepNext/>" if keep else ""
    look = f'{stays}<w:spacing w:after="60"/><w:ind w:firstLine="{first_line}"/><w:jc w:val="{align}"/>'
    run = _run(text, size=size, bold=bold, as_it_is=as_it_is)
    return f"<w:p><w:pPr>{look}</w:pPr>{run}</w:p>"


def _head(head: tuple[str, ...]) -> str:
    """Return a line of names and values, each name bold."""
    runs = [_run(f"{part}  ", bold=at % 2 == 0) for at, part in enumerate(head) if part]
    align = "left" if head[0] else "right"
    return (
        f'<w:p><w:pPr><w:spacing w:after="60"/><w:jc w:val="{align}"/></w:pPr>{"".join(runs)}</w:p>'
    )


def _signature(one: Signature) -> Iterable[str]:
    name = one.name or "." * 30
    yield _paragraph("", keep=True)
    yield _paragraph(f"(ลงชื่อ) {'.' * 30} {one.role}", align="center", keep=True)
    yield _paragraph(f"({name})", align="center")


def _table(paper: Paper) -> str:
    share = WIDTH / sum(column.width for column in paper.columns)
    widths = [round(column.width * share) for column in paper.columns]
    edges = "".join(
        f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
        for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    titles = _line([column.title for column in paper.columns], widths, is_title=True)
    lines = "".join(_line(row, widths) for row in printed_rows(paper.columns, paper.rows))
    look = f'<w:tblPr><w:tblW w:w="{WIDTH}" w:type="dxa"/><w:tblBorders>{edges}</w:tblBorders></w:tblPr>'
    return f"<w:tbl>{look}<w:tblGrid>{grid}</w:tblGrid>{titles}{lines}</w:tbl>{_paragraph('')}"


def _line(cells: list[str], widths: list[int], *, is_title: bool = False) -> str:
    shown = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
        f"{_paragraph(cell, bold=is_title, as_it_is=not is_title)}</w:tc>"
        for cell, width in zip(cells, widths, strict=True)
    )
    repeats = "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>" if is_title else ""
    return f"<w:tr>{repeats}{shown}</w:tr>"
