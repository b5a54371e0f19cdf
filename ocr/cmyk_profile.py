"""What CMYK means in an archived page: PDF/A wants it said, by a colour profile.

The profile says of each mixture of inks the colour that screens show it in: what was read. It is made
here, as ICC.1:2001-04 lays a profile out (Lab tables of 8 bits), because the press profiles that others
ship are large and not ours to give away.
"""

from __future__ import annotations

import itertools
import struct
from collections.abc import Iterator

import numpy as np
import pikepdf
from numpy.typing import NDArray
from pikepdf import Array, Dictionary, Name, Stream

STEPS = 5  # of each ink in the table; between them viewers interpolate
DEEPEST_FORM = 8
_WHITE = np.array([0.9642, 1.0, 0.8249])  # D50, the white of all profiles
# sRGB to XYZ under D50 (Bradford), as in the sRGB profile of the ICC.
_TO_XYZ = np.array([[0.4361, 0.3851, 0.1431], [0.2225, 0.7169, 0.0606], [0.0139, 0.0971, 0.7141]])


def uses_plain_cmyk(pdf: pikepdf.Pdf) -> bool:
    """Tell whether a page, form or image may use CMYK that nothing gives a meaning to."""
    return any(_mentions_cmyk(thing) for thing in pdf.objects)


def _mentions_cmyk(thing: pikepdf.Object) -> bool:
    if not isinstance(thing, (Dictionary, Stream)):
        return False
    if isinstance(thing, Stream) and thing.get(Name.Subtype) == Name.Image:
        return "/DeviceCMYK" in str(thing.get(Name.ColorSpace, ""))
    if isinstance(thing, Stream) and Name.ColorSpace not in thing and Name.Length1 not in thing:
        return _operates_in_cmyk(thing)
    spaces = thing.get(Name.ColorSpace)
    return spaces is not None and "/DeviceCMYK" in repr(spaces)


def _operates_in_cmyk(stream: Stream) -> bool:
    try:
        content = stream.read_bytes()
    except pikepdf.PdfError:
        return False
    return b"DeviceCMYK" in content or any(
        word in content for word in (b" k\n", b" k\r", b" k ", b" K\n", b" K\r", b" K ")
    )


def give_cmyk_a_meaning(pdf: pikepdf.Pdf) -> None:
    """Let all pages and forms of a PDF name the profile as what CMYK means."""
    profile = Stream(pdf, make_profile(), N=4)
    space = pdf.make_indirect(Array([Name.ICCBased, pdf.make_indirect(profile)]))
    for resources in _all_resources(pdf):
        spaces = resources.get(Name.ColorSpace)
        if not isinstance(spaces, Dictionary):
            spaces = resources[Name.ColorSpace] = Dictionary()
        if Name.DefaultCMYK not in spaces:
            resources.ColorSpace.DefaultCMYK = space


def _all_resources(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    for page in pdf.pages:
        if Name.Resources not in page.obj:
            page.obj.Resources = page.resources
        yield page.obj.Resources
    for thing in pdf.objects:
        if isinstance(thing, Stream) and thing.get(Name.Subtype) == Name.Form:
            if Name.Resources not in thing:
                thing.Resources = Dictionary()
            yield thing.Resources


def make_profile() -> bytes:
    """Return the profile: an ICC colour-space profile from CMYK to Lab and back."""
    inks = np.array(list(itertools.product(np.linspace(0, 1, STEPS), repeat=4)))
    colours = (1 - inks[:, :3]) * (1 - inks[:, 3:])
    to_lab = _table(4, 3, STEPS, _encode_lab(_lab_of(colours)))
    labs = np.array(list(itertools.product(np.linspace(0, 1, 2), repeat=3)))
    black = np.column_stack([np.zeros((len(labs), 3)), 1 - labs[:, 0]])
    from_lab = _table(3, 4, 2, np.round(black * 255).astype(np.uint8))
    tags = {
        b"desc": _description("CMYK as screens show it"),
        b"cprt": b"text\0\0\0\0" + b"No rights reserved\0",
        b"wtpt": b"XYZ \0\0\0\0" + _fixed(*_WHITE),
        b"A2B0": to_lab,
        b"B2A0": from_lab,
    }
    return _assemble(tags)


def _lab_of(colours: NDArray[np.float64]) -> NDArray[np.float64]:
    linear = np.where(colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4)
    xyz = linear @ _TO_XYZ.T / _WHITE
    bent = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    x, y, z = bent.T
    return np.column_stack([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def _encode_lab(lab: NDArray[np.float64]) -> NDArray[np.uint8]:
    scaled = np.column_stack([lab[:, 0] * 255 / 100, lab[:, 1] + 128, lab[:, 2] + 128])
    return np.clip(np.round(scaled), 0, 255).astype(np.uint8)


def _table(inputs: int, outputs: int, steps: int, entries: NDArray[np.uint8]) -> bytes:
    """Return a table with straight curves before and after it (lut8Type)."""
    head = b"mft1\0\0\0\0" + bytes([inputs, outputs, steps, 0])
    unit = _fixed(1, 0, 0, 0, 1, 0, 0, 0, 1)
    straight = bytes(range(256))
    return head + unit + straight * inputs + entries.tobytes() + straight * outputs


def _description(text: str) -> bytes:
    ascii_text = text.encode("ascii") + b"\0"
    return (
        b"desc\0\0\0\0"
        + struct.pack(">I", len(ascii_text))
        + ascii_text
        + bytes(4 + 4 + 2 + 1 + 67)
    )


def _fixed(*values: float) -> bytes:
    return b"".join(struct.pack(">i", round(value * 65536)) for value in values)


def _assemble(tags: dict[bytes, bytes]) -> bytes:
    at = 128 + 4 + 12 * len(tags)
    index, body = struct.pack(">I", len(tags)), b""
    for name, content in tags.items():
        padded = content + bytes(-len(content) % 4)
        index += name + struct.pack(">II", at + len(body), len(content))
        body += padded
    size = 128 + len(index) + len(body)
    header = struct.pack(">I4xI4s4s4s", size, 0x02400000, b"spac", b"CMYK", b"Lab ")
    header += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + bytes(28) + _fixed(*_WHITE)
    return header.ljust(128, b"\0") + index + body
