"""Files that cost whoever opens them far more than they weigh; drawn here, a few kilobytes each."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

HEAD = b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n"


def _write(path: Path, objects: list[bytes]) -> Path:
    """Write a PDF of these objects, numbered from 1; the first is the catalogue, the second the pages."""
    body, places = HEAD, []
    for number, one in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n" % number + one + b"\nendobj\n"
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    table += b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    path.write_bytes(body + table + end % (len(objects) + 1, len(body)))
    return path


def _stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (entries, len(content), content)


def _page(resources: bytes) -> list[bytes]:
    """Return catalogue, pages and one page of A4 whose content is object 4."""
    return [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<%s>>>>"
        % resources,
    ]


def nested_forms(path: Path, *, depth: int = 9, times: int = 10, text: bool = True) -> Path:
    """A form that draws another ten times, which draws another ten times, and so on."""
    objects = [*_page(b"/XObject<</F 5 0 R>>"), _stream(b"/F Do")]
    for level in range(depth):
        entries = b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</F %d 0 R>>>>"
        objects.append(_stream(b"/F Do " * times, entries % (6 + level)))
    font = b"<</Font<</A<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
    last = b"BT /A 9 Tf 9 9 Td (x) Tj ET " if text else b"0 0 9 9 re f "
    objects.append(
        _stream(last * times, b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources" + font)
    )
    return _write(path, objects)


def flate_bomb(path: Path, *, gigabytes: float = 3.0) -> Path:
    """A page's content that is packed twice and unpacks to gigabytes of blanks."""
    once, chunk = zlib.compressobj(9), b" " * (1 << 20)
    packed = b"".join(once.compress(chunk) for _ in range(int(gigabytes * 1024))) + once.flush()
    content = zlib.compress(packed, 9)
    return _write(path, [*_page(b""), _stream(content, b"/Filter[/FlateDecode/FlateDecode]")])


def slow_paths(path: Path, *, lines: int = 20_000) -> Path:
    """A page of dashed curves whose dashes are far finer than any printer's dots."""
    line = b"[0.001 0.001] 0 d 0 0 m 9 842 595 0 595 842 c S\n"
    content = zlib.compress(line * lines, 9)
    return _write(path, [*_page(b""), _stream(content, b"/Filter/FlateDecode")])


def many_huge_pictures(path: Path, *, pictures: int = 500, side: int = 9_949) -> Path:
    """One page that draws hundreds of pictures of 99 megapixels, each a few bytes long."""
    names = b"".join(b"/I%d %d 0 R" % (number, 5 + number) for number in range(pictures))
    content = b"".join(b"595 0 0 842 0 0 cm /I%d Do\n" % number for number in range(pictures))
    objects = [*_page(b"/XObject<<" + names + b">>"), _stream(content)]
    row = b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 1/ColorSpace/DeviceGray"
    data = zlib.compress(zlib.compress(bytes((side + 7) // 8 * side), 9), 9)
    filters = b"/Filter[/FlateDecode/FlateDecode]"
    objects += [_stream(data, row % (side, side) + filters) for _ in range(pictures)]
    return _write(path, objects)


def one_huge_picture(path: Path, *, times: int = 500, side: int = 9_949) -> Path:
    """One page that draws one picture of 99 megapixels hundreds of times."""
    objects = [*_page(b"/XObject<</I 5 0 R>>"), _stream(b"595 0 0 842 0 0 cm /I Do\n" * times)]
    row = b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8/ColorSpace/DeviceRGB"
    data = zlib.compress(zlib.compress(bytes(3 * side * side), 9), 9)
    objects.append(_stream(data, row % (side, side) + b"/Filter[/FlateDecode/FlateDecode]"))
    return _write(path, objects)


def many_huge_frames(path: Path, *, frames: int = 200, side: int = 9_949) -> Path:
    """A TIFF whose hundreds of pages are all one strip of 99 megapixels that packs to nearly nothing."""
    data = zlib.compress(bytes((side + 7) // 8 * side), 9)
    body = b"II*\0" + struct.pack("<I", 8 + len(data)) + data
    tags = (
        (256, side),
        (257, side),
        (258, 1),
        (259, 8),
        (262, 1),
        (273, 8),
        (277, 1),
        (278, side),
        (279, len(data)),
    )
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    size = 2 + len(entries) + 4
    for frame in range(frames):
        after = 8 + len(data) + (frame + 1) * size if frame + 1 < frames else 0
        body += struct.pack("<H", len(tags)) + entries + struct.pack("<I", after)
    path.write_bytes(body)
    return path
