"""An archived PDF does nothing: what is not known to be harmless, by name, is not taken over.

Kept are what pages show, and links that go to a page of the same file or to an address of the web: letters
print where their annexes are found. Everything else that a PDF can start, send, play, fill in or carry is left
behind, for what a future viewer will run cannot be listed. A link that opens a mail program is left out too:
it dictates what is sent, up to attached files. Bookmarks and structure name words that no page shows.
"""

from __future__ import annotations

import string
from collections.abc import Collection
from urllib.parse import quote, urlsplit

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

OF_THE_FILE = frozenset({"/Root", "/Info", "/ID", "/Size"})
OF_THE_CATALOG = frozenset({"/Type", "/Pages", "/Metadata", "/OutputIntents", "/Lang", "/Version"})
OF_A_PAGE = frozenset(
    {
        "/Type",
        "/Parent",
        "/Kids",
        "/Count",
        "/Resources",
        "/Contents",
        "/MediaBox",
        "/CropBox",
        "/BleedBox",
        "/TrimBox",
        "/ArtBox",
        "/Rotate",
        "/Group",
        "/UserUnit",
        "/Annots",
    }
)
RECTANGLE_NUMBERS = 4
PRINTED = 4  # the flag that PDF/A asks of every annotation
WITH_A_STREAM = (
    "/F",
    "/FFilter",
    "/FDecodeParms",  # its bytes in a file elsewhere
    "/OPI",
    "/Ref",
    "/Alternates",  # another picture, or another file's page, in its place
    "/PS",
    "/Subtype2",  # a program for printers
    "/A",
    "/AA",
    "/AF",
    "/PieceInfo",
    "/Measure",
    "/PtData",
    "/StructParent",
    "/StructParents",
)
LONGEST_ADDRESS = 2_000  # characters; no browser's address line takes many more


def make_inert(pdf: pikepdf.Pdf) -> None:
    """Leave in the PDF what its pages show, and harmless links; see the module for which these are."""
    _keep(pdf.trailer, OF_THE_FILE)
    _keep(pdf.Root, OF_THE_CATALOG)
    pages = {page.obj.objgen for page in pdf.pages}
    for page in pdf.pages:
        _keep(page.obj, OF_A_PAGE)
        _keep_links(pdf, page.obj, pages)
    for thing in pdf.objects:
        if isinstance(thing, Stream):
            _make_stream_inert(thing)
        elif isinstance(thing, Dictionary) and thing.get(Name.Type) == Name.Pages:
            _keep(thing, OF_A_PAGE)


def _keep(owner: pikepdf.Object, keys: Collection[str]) -> None:
    for key in set(owner.keys()) - set(keys):
        del owner[key]


def _keep_links(pdf: pikepdf.Pdf, page: pikepdf.Object, pages: set[tuple[int, int]]) -> None:
    found = page.get(Name.Annots)
    kept = [
        link
        for one in (found if isinstance(found, Array) else ())
        if (link := _link(one, pages)) is not None
    ]
    if kept:
        page.Annots = Array([pdf.make_indirect(link) for link in kept])
    elif found is not None:
        del page[Name.Annots]


def _link(annotation: pikepdf.Object, pages: set[tuple[int, int]]) -> Dictionary | None:
    """Return a new link that does one harmless thing, None for any other annotation."""
    if not isinstance(annotation, Dictionary) or annotation.get(Name.Subtype) != Name.Link:
        return None
    action = annotation.get(Name.A)
    does = (
        _harmless(action, pages)
        if isinstance(action, Dictionary)
        else _goes_to(annotation.get(Name.Dest), pages)
    )
    where = _rectangle(annotation.get(Name.Rect))
    if does is None or where is None:
        return None
    no_frame = Array([0, 0, 0])
    return Dictionary(
        Type=Name.Annot, Subtype=Name.Link, Rect=where, Border=no_frame, F=PRINTED, A=does
    )


def _rectangle(given: pikepdf.Object | None) -> Array | None:
    if not isinstance(given, Array) or len(given) != RECTANGLE_NUMBERS:
        return None
    try:
        return Array([float(value) for value in given])
    except (TypeError, ValueError):
        return None


def _harmless(action: Dictionary, pages: set[tuple[int, int]]) -> Dictionary | None:
    """Return an action anew, without what would follow it; None where it is not one of the two."""
    kind = action.get(Name.S)
    if kind == Name.GoTo:
        return _goes_to(action.get(Name.D), pages)
    address = action.get(Name.URI)
    if kind != Name.URI or not isinstance(address, pikepdf.String):
        return None
    plain = plain_address(str(address))
    return None if plain is None else Dictionary(S=Name.URI, URI=pikepdf.String(plain))


def _goes_to(place: pikepdf.Object | None, pages: set[tuple[int, int]]) -> Dictionary | None:
    """Return the action that shows a whole page of this file; named places, which may be anything, are none."""
    page = place[0] if isinstance(place, Array) and len(place) > 0 else None
    if not isinstance(page, Dictionary) or page.objgen not in pages:
        return None
    return Dictionary(S=Name.GoTo, D=Array([page, Name.Fit]))


def plain_address(address: str) -> str | None:
    """Return a web address in ASCII; None for what is not http or https, or disguises where it leads."""
    if len(address) > LONGEST_ADDRESS or not address.isprintable() or set(address) & set(' \\"<>'):
        return None
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
        return None
    return quote(address, safe=string.punctuation)


def _make_stream_inert(stream: Stream) -> None:
    if Name.PS in (stream.get(Name.Subtype), stream.get(Name.Subtype2)):
        stream.write(b"")
        stream.Subtype, stream.BBox = Name.Form, Array([0, 0, 0, 0])
    for key in WITH_A_STREAM:
        if key in stream:
            del stream[key]
    if stream.get(Name.Subtype) == Name.Image and Name.Metadata in stream:
        del stream[
            Name.Metadata
        ]  # without meaning for the page, and the PDF/A check does not know it
