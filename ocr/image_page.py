"""An image becomes a PDF page with its own bytes: nothing is compressed anew that need not be.

JPEG goes in as it is (DCT), PNG as its own Flate rows, Group 4 TIFF as its own CCITT strip.
Whatever has no counterpart in PDF (interlaced or transparent PNG, LZW or many-strip TIFF) is stored
again without loss.
"""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream
from PIL import Image, ImageOps

from ocr.engine import PagePicture
from ocr.image_scan import ImageScan, decode, decoded_inverted, orientation_of
from ocr.jpeg_end import jpeg_alone
from ocr.paper_size import paper_points
from ocr.scan import FileType

_GROUP_4 = 4
_TAG_WIDTH, _TAG_HEIGHT, _TAG_COMPRESSION, _TAG_PHOTOMETRIC = 256, 257, 259, 262
_TAG_FILL_ORDER, _TAG_STRIP_OFFSETS, _TAG_STRIP_BYTES = 266, 273, 279
JPEG_QUALITY = 92  # of a page that was drawn anew; below 90 thin strokes get halos

# Where a point (u right, v up) of the stored unit square is shown, as the six numbers of a PDF
# matrix, for each EXIF orientation ...
_EXIF_MATRIX = {
    1: (1, 0, 0, 1, 0, 0),
    2: (-1, 0, 0, 1, 1, 0),
    3: (-1, 0, 0, -1, 1, 1),
    4: (1, 0, 0, -1, 0, 1),
    5: (0, -1, -1, 0, 1, 1),
    6: (0, -1, 1, 0, 0, 1),
    7: (0, 1, 1, 0, 0, 0),
    8: (0, 1, -1, 0, 1, 0),
}
# ... and for turning back a page that is turned so many degrees counter-clockwise.
_TURN_ORIENTATION = {0: 1, 90: 6, 180: 3, 270: 8}


@dataclass(frozen=True, slots=True)
class PlacedImage:
    """An image as a stream of `owner`, the upright page's size in points, and the matrix that draws it."""

    owner: pikepdf.Pdf
    stream: pikepdf.Object
    width: float
    height: float
    matrix: tuple[float, ...]


def place_image(pdf: pikepdf.Pdf, scan: ImageScan, number: int, turned: int) -> PlacedImage:
    """Embed page `number` of an image file with its own bytes; `turned` is `Page.rotation`."""
    picture = scan.picture(number)
    image = scan.frame(number)
    stream, orientation = _stream(pdf, image, scan, orientation_of(image))
    matrix = _after(_EXIF_MATRIX[orientation], _EXIF_MATRIX[_TURN_ORIENTATION[turned]])
    pixels = (picture.width, picture.height)
    if turned in (90, 270):
        pixels = (picture.height, picture.width)
    return _place(pdf, stream, matrix, paper_points(*pixels, picture.dpi))


def place_picture(pdf: pikepdf.Pdf, picture: PagePicture) -> PlacedImage:
    """Embed the picture that was read, upright: gray without loss, colour as a fine JPEG."""
    image = Image.fromarray(picture.pixels)
    if image.mode == "RGB":
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=JPEG_QUALITY, subsampling=0)
        stream = _jpeg(pdf, Image.open(io.BytesIO(buffer.getvalue())), buffer.getvalue())
    else:
        stream = _lossless(pdf, image)
    size = paper_points(picture.width, picture.height, picture.dpi)
    return _place(pdf, stream, _EXIF_MATRIX[1], size)


def _place(
    pdf: pikepdf.Pdf, stream: Stream, matrix: tuple[int, ...], size: tuple[float, float]
) -> PlacedImage:
    width, height = size
    a, b, c, d, e, f = matrix
    scaled = (a * width, b * height, c * width, d * height, e * width, f * height)
    return PlacedImage(pdf, pdf.make_indirect(stream), width, height, scaled)


def _after(first: tuple[int, ...], then: tuple[int, ...]) -> tuple[int, ...]:
    """Return the matrix that does `first`, then `then`."""
    a, b, c, d, e, f = first
    p, q, r, s, x, y = then
    return (
        a * p + b * r,
        a * q + b * s,
        c * p + d * r,
        c * q + d * s,
        e * p + f * r + x,
        e * q + f * s + y,
    )


def _stream(
    pdf: pikepdf.Pdf, image: Image.Image, scan: ImageScan, orientation: int
) -> tuple[Stream, int]:
    """Return the image as a stream and the orientation in which that stream is stored."""
    if scan.file_type is FileType.JPEG and image.mode in ("L", "RGB", "CMYK"):
        return _jpeg(pdf, image, jpeg_alone(scan.data)), orientation
    if scan.file_type is FileType.PNG and not image.has_transparency_data:
        stream = _png(pdf, scan.data)
        if stream is not None:
            return stream, orientation
    if scan.file_type is FileType.TIFF and orientation == 1:
        stream = _group4(pdf, image, scan.data)
        if stream is not None:
            return stream, orientation
    if image.mode == "1":
        image.load()  # Pillow turns a TIFF upright when it decodes, so this is upright in any case
        return _lossless(pdf, ImageOps.exif_transpose(image)), 1
    return _lossless(pdf, decode(image)), 1


def _image_dictionary(
    width: int, height: int, bits: int, colours: pikepdf.Object | Name
) -> dict[str, object]:
    return {
        "Type": Name.XObject,
        "Subtype": Name.Image,
        "Width": width,
        "Height": height,
        "BitsPerComponent": bits,
        "ColorSpace": colours,
    }


def _jpeg(pdf: pikepdf.Pdf, image: Image.Image, data: bytes) -> Stream:
    colours = {"L": Name.DeviceGray, "RGB": Name.DeviceRGB, "CMYK": Name.DeviceCMYK}[image.mode]
    entries = _image_dictionary(image.width, image.height, 8, colours)
    # Adobe writes CMYK upside down, and Pillow takes every one for Adobe's.
    if image.mode == "CMYK" and not decoded_inverted(image):
        entries["Decode"] = Array([1, 0] * 4)
    stream = Stream(pdf, data, **entries)
    stream.write(data, filter=Name.DCTDecode)
    return stream


def _png(pdf: pikepdf.Pdf, data: bytes) -> Stream | None:
    """Take over the compressed rows of a PNG; None when PDF has no such form."""
    width, height, bits, kind, _, _, interlaced = struct.unpack(">IIBBBBB", data[16:29])
    chunks = _png_chunks(data)
    if interlaced or kind not in (0, 2, 3) or b"tRNS" in chunks or (kind == 3 and bits > 8):
        return None
    colours: pikepdf.Object | Name = {0: Name.DeviceGray, 2: Name.DeviceRGB}.get(kind, Name.Indexed)
    if kind == 3:
        palette = chunks.get(b"PLTE", b"")
        colours = Array([Name.Indexed, Name.DeviceRGB, len(palette) // 3 - 1, palette])
    channels = 3 if kind == 2 else 1
    rows = chunks.get(b"IDAT", b"")
    stream = Stream(pdf, rows, **_image_dictionary(width, height, bits, colours))
    predictor = Dictionary(Predictor=15, Colors=channels, BitsPerComponent=bits, Columns=width)
    stream.write(rows, filter=Name.FlateDecode, decode_parms=predictor)
    return stream


def _png_chunks(data: bytes) -> dict[bytes, bytes]:
    chunks: dict[bytes, bytes] = {}
    at = 8
    while at + 8 <= len(data):
        length, name = struct.unpack(">I4s", data[at : at + 8])
        chunks[name] = chunks.get(name, b"") + data[at + 8 : at + 8 + length]
        at += length + 12
        if name == b"IEND":
            break
    return chunks


def _group4(pdf: pikepdf.Pdf, image: Image.Image, data: bytes) -> Stream | None:
    """Take over the strip of a Group 4 TIFF; None when it is not one strip of that kind."""
    tags = getattr(image, "tag_v2", {})
    offsets, lengths = tags.get(_TAG_STRIP_OFFSETS, ()), tags.get(_TAG_STRIP_BYTES, ())
    usable = (
        tags.get(_TAG_COMPRESSION) == _GROUP_4
        and tags.get(_TAG_FILL_ORDER, 1) == 1
        and len(offsets) == len(lengths) == 1
    )
    if not usable:
        return None
    strip = data[offsets[0] : offsets[0] + lengths[0]]
    width, height = int(tags[_TAG_WIDTH]), int(tags[_TAG_HEIGHT])
    return _ccitt(pdf, strip, (width, height), black_is_1=tags.get(_TAG_PHOTOMETRIC, 0) == 1)


def _ccitt(pdf: pikepdf.Pdf, strip: bytes, size: tuple[int, int], *, black_is_1: bool) -> Stream:
    stream = Stream(pdf, strip, **_image_dictionary(*size, 1, Name.DeviceGray))
    parameters = Dictionary(K=-1, Columns=size[0], Rows=size[1], BlackIs1=black_is_1)
    stream.write(strip, filter=Name.CCITTFaxDecode, decode_parms=parameters)
    return stream


def _lossless(pdf: pikepdf.Pdf, image: Image.Image) -> Stream:
    """Store pixels again without loss: two-tone as Group 4, anything else as PNG does."""
    buffer = io.BytesIO()
    if image.mode == "1":
        # One strip, min-is-white: the plainest Group 4 there is.
        image.save(buffer, "TIFF", compression="group4", strip_size=1 << 30)
        again = Image.open(io.BytesIO(buffer.getvalue()))
        stream = _group4(pdf, again, buffer.getvalue())
        if stream is not None:
            return stream
        buffer = io.BytesIO()
    image.info = {}  # a transparent colour, above all
    image.save(buffer, "PNG", compress_level=zlib.Z_BEST_SPEED + 5)
    stream = _png(pdf, buffer.getvalue())
    if stream is None:  # pragma: no cover - a gray or RGB PNG written by Pillow always fits
        raise AssertionError("Pillow wrote a PNG that PDF cannot hold")
    return stream
