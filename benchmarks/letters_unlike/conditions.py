"""What happens to a letter between printer and scan, a condition each; `CONDITIONS` names them all."""

from __future__ import annotations

import random
from collections.abc import Callable
from io import BytesIO

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from benchmarks.letters_unlike.faces import load
from benchmarks.letters_unlike.paper import STAMP_BLUE, Sheet

Picture = NDArray[np.uint8]


def office(page: Picture, rng: random.Random) -> Picture:
    """Turn a page a little, blur and grain it, as an office scanner does."""
    page = turn(page, rng.uniform(-0.9, 0.9))
    page = np.asarray(cv2.GaussianBlur(page, (0, 0), rng.uniform(0.5, 0.9)), np.uint8)
    return jpeg(grain(page, rng, rng.uniform(2, 7)), rng.randint(55, 85))


def clean(page: Picture, rng: random.Random) -> Picture:
    """Leave the page as the printer gave it."""
    return page


def mono200(page: Picture, rng: random.Random) -> Picture:
    """Scan at 200 dpi in black and white."""
    small = resize(grey(turn(page, rng.uniform(-0.8, 0.8))), 200 / 300)
    return threshold(grain(small, rng, 6), rng.uniform(120, 185))


def fax(page: Picture, rng: random.Random) -> Picture:
    """Send it: 204 by 196 dpi, black and white, lines lost and specks."""
    small = threshold(grain(resize(grey(page), 0.66), rng, 10), rng.uniform(130, 180))
    noise = np.random.default_rng(rng.randrange(2**32))
    for _ in range(rng.randint(0, 4)):
        small[noise.integers(small.shape[0])] = 255
    small[noise.random(small.shape) < 0.0006] = 0
    return small


def third_copy(page: Picture, rng: random.Random) -> Picture:
    """Copy a copy of a copy: each blurs, lifts the contrast and adds dirt."""
    result = grey(page)
    level = rng.uniform(150, 195)
    for _ in range(3):
        result = turn(result, rng.uniform(-0.4, 0.4))
        soft = cv2.GaussianBlur(result, (0, 0), rng.uniform(0.7, 1.2)).astype(np.float32)
        soft += np.random.default_rng(rng.randrange(2**32)).normal(0, 9, soft.shape)
        result = np.clip((soft - level) * rng.uniform(1.5, 2.3) + 128, 0, 255).astype(np.uint8)
    if rng.random() < 0.5:  # the lid was open: a black edge
        result[:, : rng.randint(20, 90)] = 12
    return jpeg(result, 70)


def photo(page: Picture, rng: random.Random) -> Picture:
    """Photograph it lying on a desk: perspective, uneven light, blur, the desk around it."""
    height, width = page.shape[:2]
    margin = round(width * rng.uniform(0.04, 0.12))
    size = (width + 2 * margin, height + 2 * margin)
    desk = np.full(
        (size[1], size[0], 3), rng.choice(((96, 74, 58), (60, 60, 66), (150, 130, 110))), np.uint8
    )
    drift = width * 0.03
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    moved = (
        corners
        + margin
        + np.array(
            [[rng.uniform(-drift, drift), rng.uniform(-drift, drift)] for _ in range(4)], np.float32
        )
    )
    matrix = cv2.getPerspectiveTransform(corners, moved.astype(np.float32))
    warped = cv2.warpPerspective(
        colour(page), matrix, size, dst=desk, borderMode=cv2.BORDER_TRANSPARENT
    )
    ys, xs = np.mgrid[0 : size[1], 0 : size[0]].astype(np.float32)
    angle = rng.uniform(0, 6.28)
    light = 1 - rng.uniform(0.1, 0.4) * (
        0.5 + 0.5 * np.sin(np.cos(angle) * xs / size[0] * 2 + np.sin(angle) * ys / size[1] * 2)
    )
    lit = np.clip(warped * light[..., None], 0, 255).astype(np.uint8)
    small = resize(lit, rng.uniform(0.62, 0.85))
    soft = np.asarray(cv2.GaussianBlur(small, (0, 0), rng.uniform(0.6, 1.1)), np.uint8)
    return jpeg(grain(soft, rng, 5), rng.randint(60, 85))


def inverted(page: Picture, rng: random.Random) -> Picture:
    """Scan it as a negative."""
    return np.asarray(255 - grey(page), np.uint8)


def coloured_paper(page: Picture, rng: random.Random) -> Picture:
    """Print it on coloured paper."""
    tint = np.array(
        rng.choice(((255, 236, 150), (190, 226, 255), (255, 200, 214), (196, 240, 196)))
    )
    return office(np.asarray(colour(page) * (tint / 255), np.uint8), rng)


def low_toner(page: Picture, rng: random.Random) -> Picture:
    """Print it with little toner: pale, with stripes and patches missing."""
    noise = np.random.default_rng(rng.randrange(2**32))
    patches = cv2.resize(
        noise.random((60, 12)).astype(np.float32), page.shape[1::-1], interpolation=cv2.INTER_CUBIC
    )
    strength = np.clip(1.15 - rng.uniform(0.4, 0.75) * patches, 0.15, 1)
    paled = 255 - (255 - colour(page).astype(np.float32)) * strength[..., None]
    return office(np.asarray(paled, np.uint8), rng)


PLAIN: dict[str, Callable[[Picture, random.Random], Picture]] = {
    "clean": clean,
    "office": office,
    "mono200": mono200,
    "fax": fax,
    "copy3": third_copy,
    "photo": photo,
    "inverted": inverted,
    "coloured paper": coloured_paper,
    "low toner": low_toner,
}


# -- what is put on the sheet, in colour, before it is scanned ------------------------------------
def watermark(sheet: Sheet) -> None:
    """Lay large pale letters across the page."""
    layer = Image.new("L", sheet.image.size, 0)
    font = load(sheet.family.bold, 420)
    ImageDraw.Draw(layer).text((1240, 1750), "สำเนา", font=font, fill=60, anchor="mm")
    turned = layer.rotate(sheet.rng.uniform(25, 50))
    sheet.image.paste((130, 130, 140), (0, 0), turned)


def highlighter(sheet: Sheet) -> None:
    """Mark fields with a highlighter: their paper turns yellow, green or pink."""
    ink = sheet.rng.choice(((255, 250, 90), (140, 250, 130), (255, 170, 215)))
    pixels = np.array(sheet.image)
    for name in sheet.rng.sample(sorted(sheet.places), min(2, len(sheet.places))):
        left, top, right, foot = sheet.places[name]
        part = pixels[top:foot, left:right]
        pixels[top:foot, left:right] = np.minimum(part, np.array(ink, np.uint8))
    sheet.image = Image.fromarray(pixels)


def pen_underline(sheet: Sheet) -> None:
    """Underline fields with a pen, unsteadily."""
    rng = sheet.rng
    pen = ImageDraw.Draw(sheet.image)
    ink = rng.choice(((28, 46, 150), (200, 30, 40), (30, 30, 34)))
    for name in rng.sample(sorted(sheet.places), min(2, len(sheet.places))):
        left, _, right, foot = sheet.places[name]
        points = [(x, foot + rng.uniform(-4, 6)) for x in range(left, right, 60)]
        pen.line(points, fill=ink, width=rng.randint(4, 7), joint="curve")


def stamp_over_sender(sheet: Sheet) -> None:
    """Set a receiving stamp over the sender's lines."""
    left, top, _, _ = _place_of(sheet, "sender", "date", "number")  # not every kind prints a sender
    at = (left + sheet.rng.randint(-80, 260), top - sheet.rng.randint(10, 90))
    _stamp(sheet, at)


def seal_over_date(sheet: Sheet) -> None:
    """Set a round red or violet seal over the date."""
    rng = sheet.rng
    left, top, right, foot = _place_of(sheet, "date", "number", "sender")
    radius = rng.randint(190, 260)
    x, y = (left + right) // 2 + rng.randint(-140, 140), (top + foot) // 2 + rng.randint(-40, 40)
    layer = Image.new("L", sheet.image.size, 0)
    pen = ImageDraw.Draw(layer)
    for size in (radius, radius - 34):
        pen.ellipse((x - size, y - size, x + size, y + size), outline=210, width=8)
    for i in range(3):
        pen.arc((x - 90 + 22 * i, y - 100, x + 90, y + 100 - 18 * i), 30 * i, 250, 190, 9)
    _print(sheet, layer, rng.choice(((196, 24, 32), (110, 30, 140))))


def receiving_stamp(sheet: Sheet) -> None:
    """Set a receiving stamp into the upper right corner, where it belongs."""
    _stamp(sheet, (1760, 60))


ADDED: dict[str, Callable[[Sheet], None]] = {
    "watermark": watermark,
    "highlighter": highlighter,
    "pen underline": pen_underline,
    "stamp over sender": stamp_over_sender,
    "seal over date": seal_over_date,
    "pen": receiving_stamp,
}
CONDITIONS = (*PLAIN, *ADDED)


def _place_of(sheet: Sheet, *names: str) -> tuple[int, int, int, int]:
    """Return where the first of these fields stands that the letter prints."""
    return next(sheet.places[name] for name in names if name in sheet.places)


def _stamp(sheet: Sheet, at: tuple[int, int]) -> None:
    rng = sheet.rng
    layer = Image.new("L", (640, 330), 0)
    pen = ImageDraw.Draw(layer)
    pen.rectangle((8, 8, 630, 320), outline=215, width=6)
    font = load(sheet.family.latin, 46)
    texts = (
        "สำนักงานเขตพื้นที่การศึกษา",
        "เลขที่รับ......................",
        "วันที่.........................",
        "เวลา...........................",
    )
    for i, text in enumerate(texts):
        pen.text((24, 66 + 76 * i), text, font=font, fill=205, anchor="ls")
    whole = Image.new("L", sheet.image.size, 0)
    whole.paste(layer.rotate(rng.uniform(-4, 4), expand=True), at)
    _print(sheet, whole, STAMP_BLUE)


def _print(sheet: Sheet, layer: Image.Image, ink: tuple[int, int, int]) -> None:
    """Print a layer in transparent ink, its coverage uneven."""
    soft = layer.filter(ImageFilter.GaussianBlur(1.2))
    inked = Image.composite(Image.new("RGB", sheet.image.size, ink), sheet.image, soft)
    darker = np.minimum(np.array(inked), np.array(sheet.image))
    sheet.image = Image.fromarray(darker)


# -- small steps ----------------------------------------------------------------------------------
def colour(page: Picture) -> Picture:
    """Return the page in three channels."""
    return page if page.ndim == 3 else np.asarray(cv2.cvtColor(page, cv2.COLOR_GRAY2RGB), np.uint8)


def grey(page: Picture) -> Picture:
    """Return the page in one channel."""
    return page if page.ndim == 2 else np.asarray(cv2.cvtColor(page, cv2.COLOR_RGB2GRAY), np.uint8)


def resize(page: Picture, share: float) -> Picture:
    """Return the page smaller."""
    size = (round(page.shape[1] * share), round(page.shape[0] * share))
    return np.asarray(cv2.resize(page, size, interpolation=cv2.INTER_AREA), np.uint8)


def turn(page: Picture, degrees: float) -> Picture:
    """Turn a page by a small angle on white paper."""
    height, width = page.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    white = (255, 255, 255)
    return np.asarray(cv2.warpAffine(page, matrix, (width, height), borderValue=white), np.uint8)


def grain(page: Picture, rng: random.Random, amount: float) -> Picture:
    """Add noise of a spread of `amount` grey levels."""
    noise = np.random.default_rng(rng.randrange(2**32)).normal(0, amount, page.shape)
    return np.asarray(np.clip(page + noise, 0, 255), np.uint8)


def threshold(page: Picture, level: float) -> Picture:
    """Make a page black and white."""
    return np.where(page > level, 255, 0).astype(np.uint8)


def jpeg(page: Picture, quality: int) -> Picture:
    """Code and decode a page as JPEG."""
    held = BytesIO()
    Image.fromarray(page).save(held, "JPEG", quality=quality)
    return np.array(Image.open(held))
