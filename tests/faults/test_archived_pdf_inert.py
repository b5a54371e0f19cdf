"""The archived PDF does nothing: of every action, in every place it can stand, only plain links stay."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from ocr.document import Box, Ink, Line, Origin, Page, RecognizedDocument, Word
from ocr.searchable_pdf import write_searchable_pdf
from tests.layers import SeenFont

MARK = "HOSTILE"
"""Stands in whatever must not be in the archive, in whichever string or stream."""
TEXT = "ขอเชิญประชุมผู้อำนวยการสถานศึกษาในสังกัดทุกแห่ง"
ALLOWED = {"/URI", "/GoTo"}
ACTIONS: dict[str, Callable[[], Dictionary]] = {
    "Launch": lambda: Dictionary(S=Name.Launch, F=String(MARK), NewWindow=True),
    "Launch of Windows": lambda: Dictionary(S=Name.Launch, Win=Dictionary(F=String(MARK))),
    "JavaScript": lambda: Dictionary(S=Name.JavaScript, JS=String(f"app.alert('{MARK}')")),
    "URI of a script": lambda: Dictionary(S=Name.URI, URI=String(f"javascript:{MARK}()")),
    "URI of a script, hidden": lambda: Dictionary(S=Name.URI, URI=String(f"\tJaVaScRiPt:{MARK}")),
    "URI of a file": lambda: Dictionary(S=Name.URI, URI=String(f"file:///etc/{MARK}")),
    "URI of another computer": lambda: Dictionary(S=Name.URI, URI=String(f"\\\\{MARK}\\share")),
    "URI of data": lambda: Dictionary(S=Name.URI, URI=String(f"data:text/html,{MARK}")),
    "URI of mail": lambda: Dictionary(S=Name.URI, URI=String(f"mailto:a@b.c?attach={MARK}")),
    "URI without a scheme": lambda: Dictionary(S=Name.URI, URI=String(f"{MARK}.example/x")),
    "URI in disguise": lambda: Dictionary(S=Name.URI, URI=String(f"https://moe.go.th@{MARK}.ex/")),
    "URI with a line break": lambda: Dictionary(S=Name.URI, URI=String(f"https://a.b/\n{MARK}")),
    "URI as a name": lambda: Dictionary(S=Name.URI, URI=Name("/" + MARK)),
    "SubmitForm": lambda: Dictionary(S=Name.SubmitForm, F=String(f"https://{MARK}.example")),
    "ResetForm": lambda: Dictionary(S=Name.ResetForm, Fields=Array([String(MARK)])),
    "ImportData": lambda: Dictionary(S=Name.ImportData, F=String(MARK)),
    "GoToR": lambda: Dictionary(S=Name.GoToR, F=String(MARK), D=Array([0, Name.Fit])),
    "GoToE": lambda: Dictionary(S=Name.GoToE, T=Dictionary(R=Name.C, N=String(MARK))),
    "GoToDp": lambda: Dictionary(S=Name.GoToDp, Dp=Dictionary(X=String(MARK))),
    "GoTo3DView": lambda: Dictionary(S=Name.GoTo3DView, V=String(MARK)),
    "GoTo a name": lambda: Dictionary(S=Name.GoTo, D=String(MARK)),
    "GoTo what is no page": lambda: Dictionary(S=Name.GoTo, D=Array([Dictionary(X=String(MARK))])),
    "Rendition": lambda: Dictionary(S=Name.Rendition, OP=0, JS=String(MARK)),
    "Movie": lambda: Dictionary(S=Name.Movie, T=String(MARK)),
    "Sound": lambda: Dictionary(S=Name.Sound, Sound=String(MARK)),
    "RichMediaExecute": lambda: Dictionary(S=Name.RichMediaExecute, CMD=Dictionary(C=String(MARK))),
    "Hide": lambda: Dictionary(S=Name.Hide, T=String(MARK)),
    "Named": lambda: Dictionary(S=Name.Named, N=Name("/" + MARK)),
    "SetOCGState": lambda: Dictionary(S=Name.SetOCGState, State=Array([Name.ON, String(MARK)])),
    "Thread": lambda: Dictionary(S=Name.Thread, F=String(MARK), D=0),
    "Trans": lambda: Dictionary(S=Name.Trans, Trans=Dictionary(X=String(MARK))),
    "one nobody knows yet": lambda: Dictionary(S=Name.Telepathy, X=String(MARK)),
    "no kind at all": lambda: Dictionary(X=String(MARK)),
}


def link(action: Dictionary, **more: Any) -> Dictionary:
    box = Array([70, 700, 200, 720])
    return Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=box, A=action, **more)


def annotation(kind: str, **entries: Any) -> Dictionary:
    box = Array([300, 300, 320, 320])
    return Dictionary(Type=Name.Annot, Subtype=Name("/" + kind), Rect=box, **entries)


def letter() -> pikepdf.Pdf:
    """One typed page of A4 that says one line."""
    pdf, font = pikepdf.new(), SeenFont()
    pdf.add_blank_page(page_size=(595, 842))
    page = pdf.pages[0]
    codes = font.encode(TEXT).hex()
    page.Contents = pdf.make_stream(f"BT /F 14 Tf 1 0 0 1 70 760 Tm <{codes}> Tj ET".encode())
    page.Resources = Dictionary(Font=Dictionary(F=font.embed(pdf)))
    return pdf


def archived(folder: Path, pdf: pikepdf.Pdf, origin: Origin = Origin.BORN_DIGITAL) -> pikepdf.Pdf:
    """Return what is written to the archive of this letter."""
    pdf.save(folder / "in.pdf")
    box = Box(292, 300, 1400, 360)
    line = Line(TEXT, box, (Word(TEXT, box, 1.0),), 1.0, Ink.BLACK)
    pages = [
        Page(n + 1, 2480, 3509, 300, 0, (line,), origin, "test") for n in range(len(pdf.pages))
    ]
    check = write_searchable_pdf(
        folder / "in.pdf", RecognizedDocument("in.pdf", tuple(pages)), folder / "out.pdf"
    )
    assert not check.other_pictures, "it shows what the letter shows"
    assert check.archival, check.findings
    return pikepdf.open(folder / "out.pdf")


def kinds_of_action(pdf: pikepdf.Pdf) -> set[str]:
    """Return the kinds of all actions that stand anywhere in the file, however deep."""
    return {
        str(one.get(Name.S))
        for thing in pdf.objects
        for one in dictionaries(thing, 0)
        if isinstance(one.get(Name.S), Name)
        and str(one.S) not in ("/GTS_PDFA1", "/Transparency", "/Luminosity", "/Alpha")
    }


def dictionaries(thing: pikepdf.Object, depth: int) -> Iterator[pikepdf.Object]:
    if depth > 20:
        return
    inner: list[pikepdf.Object] = []
    if isinstance(thing, (Dictionary, pikepdf.Stream)):
        yield thing
        inner = [value for _, value in thing.items()]
    elif isinstance(thing, Array):
        inner = list(thing)
    for one in inner:
        if not (isinstance(one, pikepdf.Object) and one.is_indirect):
            yield from dictionaries(one, depth + 1)


def assert_inert(pdf: pikepdf.Pdf, folder: Path) -> None:
    plain = folder / "plain.pdf"
    pdf.save(plain, qdf=True, stream_decode_level=pikepdf.StreamDecodeLevel.generalized)
    data = plain.read_bytes()
    assert MARK.encode() not in data
    assert MARK.encode("utf-16-be") not in data
    for word in (
        b"/OpenAction",
        b"/AA",
        b"/JS",
        b"/JavaScript",
        b"/AcroForm",
        b"/EmbeddedFile",
        b"/XFA",
        b"/AF",
        b"/Names",
        b"/Launch",
        b"/Next",
        b"/Movie",
        b"/Sound",
    ):
        assert word + b" " not in data, word
    assert kinds_of_action(pdf) <= ALLOWED


@pytest.mark.parametrize("origin", [Origin.BORN_DIGITAL, Origin.REPAIRED], ids=["own", "ours"])
@pytest.mark.parametrize("kind", ACTIONS)
def test_no_action_of_this_kind_stays_wherever_it_stands(
    tmp_path: Path, kind: str, origin: Origin
) -> None:
    make = ACTIONS[kind]
    pdf = letter()
    page = pdf.pages[0]
    pdf.Root.OpenAction = make()
    pdf.Root.AA = Dictionary(WC=make(), DP=make())
    page.AA = Dictionary(O=make(), C=make())
    harmless = Dictionary(S=Name.URI, URI=String("https://moe.go.th"), Next=make())
    deeper = Dictionary(
        S=Name.GoTo,
        D=Array([page.obj, Name.Fit]),
        Next=Array(
            [Dictionary(S=Name.URI, URI=String("https://obec.go.th"), Next=Array([make()]))]
        ),
    )
    field = annotation("Widget", FT=Name.Btn, T=String("b"), F=2, A=make(), AA=Dictionary(U=make()))
    page.Annots = Array(
        [
            pdf.make_indirect(one)
            for one in (
                link(make()),
                link(harmless),
                link(deeper),
                field,
                link(make(), PA=make()),
                link(make(), AA=Dictionary(E=make(), PO=make())),
                annotation("Screen", A=make()),
                annotation("Text", F=2, A=make(), Popup=annotation("Popup", A=make())),
            )
        ]
    )
    pdf.Root.AcroForm = Dictionary(Fields=Array([page.Annots[3]]), CO=Array([page.Annots[3]]))
    pdf.Root.Outlines = pdf.make_indirect(
        Dictionary(Type=Name.Outlines, First=pdf.make_indirect(Dictionary(Title="x", A=make())))
    )
    pdf.Root.Names = Dictionary(
        JavaScript=Dictionary(Names=Array([String("a"), make()])),
        Dests=Dictionary(Names=Array([String(MARK), Dictionary(D=Array([0]), A=make())])),
    )
    pdf.Root.Pages.AA = Dictionary(O=make())
    with archived(tmp_path, pdf, origin) as kept:
        assert_inert(kept, tmp_path)
        assert [str(one.A.S) for one in kept.pages[0].Annots] == ["/URI", "/GoTo"]


def test_nothing_is_carried_along(tmp_path: Path) -> None:
    """Attached files, forms of XML, media, other files' pages and pictures, programs for printers."""
    pdf = letter()
    page = pdf.pages[0]
    payload = pdf.make_stream(MARK.encode(), Type=Name.EmbeddedFile)
    file = Dictionary(Type=Name.Filespec, F=String(MARK), EF=Dictionary(F=payload))
    pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=Array([String("a.exe"), file])))
    pdf.Root.AF = Array([file])
    pdf.Root.Collection = Dictionary(D=String(MARK))
    pdf.Root.URI = Dictionary(Base=String(f"https://{MARK}.example"))
    pdf.Root.AcroForm = Dictionary(Fields=Array(), XFA=pdf.make_stream(MARK.encode()))
    pdf.Root.Threads = Array([Dictionary(X=String(MARK))])
    pdf.Root.StructTreeRoot = Dictionary(K=Dictionary(S=Name.P, ActualText=String(MARK)))
    pdf.trailer["/Marked"] = String(MARK)
    page.AF, page.PieceInfo = Array([file]), Dictionary(X=Dictionary(Private=payload))
    page.Thumb, page.VP = pdf.make_stream(MARK.encode()), Array([Dictionary(X=String(MARK))])
    kinds = ("FileAttachment", "Sound", "Movie", "Screen", "RichMedia", "3D", "TrapNet")
    page.Annots = Array(
        [annotation(kind, FS=file, X=payload, Contents=String(MARK)) for kind in kinds]
    )
    form = pdf.make_stream(
        b"",
        Type=Name.XObject,
        Subtype=Name.Form,
        BBox=Array([0, 0, 9, 9]),
        Ref=Dictionary(F=file),
        OPI=Dictionary(X=payload),
        PieceInfo=Dictionary(X=payload),
        AF=Array([file]),
    )
    printed = pdf.make_stream(MARK.encode(), Type=Name.XObject, Subtype=Name.PS)
    page.Resources.XObject = Dictionary(R=form, P=printed)
    page.contents_add(b"/R Do /P Do")
    with archived(tmp_path, pdf) as kept:
        assert_inert(kept, tmp_path)
        assert "/Annots" not in kept.pages[0]


def test_plain_links_stay_where_they_are_and_lead_where_they_led(tmp_path: Path) -> None:
    pdf = letter()
    pdf.add_blank_page(page_size=(595, 842))
    first, second = pdf.pages
    addresses = {
        "http://www.obec.go.th/news?id=1&x=%E0%B8%81#top": None,
        "HTTPS://moe.go.th:8443/a(b)": None,
        "https://drive.example/หนังสือ": "https://drive.example/%E0%B8%AB%E0%B8%99%E0%B8%B1%E0%B8%87"
        "%E0%B8%AA%E0%B8%B7%E0%B8%AD",
    }
    ways = [link(Dictionary(S=Name.URI, URI=String(one))) for one in addresses]
    ways.append(link(Dictionary(S=Name.GoTo, D=Array([second.obj, Name.XYZ, 0, 842, 0]))))
    ways.append(annotation("Link", Dest=Array([first.obj, Name.Fit])))
    first.Annots = Array([pdf.make_indirect(one) for one in ways])
    with archived(tmp_path, pdf) as kept:
        found = list(kept.pages[0].Annots)
        assert [str(one.A.URI) for one in found[:3]] == [
            written or given for given, written in addresses.items()
        ]
        assert [one.A.D[0].objgen for one in found[3:]] == [
            kept.pages[1].obj.objgen,
            kept.pages[0].obj.objgen,
        ]
        assert [float(number) for number in found[0].Rect] == [70, 700, 200, 720]
