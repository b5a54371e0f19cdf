"""Cut lines that were read unsurely in other ways, and keep the surest reading of each.

A line whose letters run together, or that lies under a seal, measures too large or too small; print
under a grey stamp is blacker than the stamp.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ocr.engine import PagePicture
from ocr.layout import Layout, LineRegion, crossed_share, cut_dark_ink, cut_line
from ocr.recognizer import CROP_HEIGHT, RecognizedLine

Crop = NDArray[np.uint8]
SWOLLEN = (
    1.2  # times the page's usual size: large print, print under a seal, fat print run together
)
UNSURE = 0.95  # mean confidence of a line's characters under which it is cut otherwise too
CROSSED = (
    0.04  # share of a line's length from which a seal's or stamp's strokes took letters with them
)
LESS_SURE = 0.12  # less confidence that a reading may have which finds letters under such strokes
DOUBTED = 0.8  # the most that is said of a letter in a line so crossed: letters may be missing
BASELINES = (0.0, 0.35, -0.35)  # of a body: what mismeasures a size mismeasures the baseline too


def read_otherwise(
    picture: PagePicture,
    layout: Layout,
    crops: list[Crop],
    read: list[RecognizedLine],
    recognize: Callable[[Sequence[Crop]], list[RecognizedLine]],
) -> Layout:
    """Put the surest reading of each unsure line into `crops` and `read`; return the layout it came from."""
    lines = list(layout.lines)
    usual = layout.usual_body
    crossed = {at for at, line in enumerate(lines) if crossed_share(layout, line) > CROSSED}
    cuts = [
        (at, *cut)
        for at, one in enumerate(read)
        if one.confidence < UNSURE or at in crossed
        for cut in _cut_otherwise(picture, layout, lines[at], usual, crossed=at in crossed)
    ]
    again = recognize([crop for _, _, crop in cuts]) if cuts else []
    for (at, line, crop), found in zip(cuts, again, strict=True):
        more = at in crossed and len(found.characters) > len(read[at].characters)
        allowed = LESS_SURE if more else 0.0
        if found.characters and found.confidence > read[at].confidence - allowed:
            lines[at], crops[at], read[at] = line, crop, found
    for at in crossed:
        read[at] = _in_doubt(read[at])
    return replace(layout, lines=tuple(lines))


def _in_doubt(line: RecognizedLine) -> RecognizedLine:
    """Return a line none of whose letters are sure."""
    characters = tuple(
        replace(one, confidence=min(one.confidence, DOUBTED)) for one in line.characters
    )
    return replace(line, confidence=min(line.confidence, DOUBTED), characters=characters)


def _cut_otherwise(
    picture: PagePicture, layout: Layout, line: LineRegion, usual: float, *, crossed: bool
) -> list[tuple[LineRegion, Crop]]:
    sized = [] if usual / SWOLLEN < line.body_height < usual * SWOLLEN else _at_size(line, usual)
    cuts = [(one, cut_line(picture.pixels, layout, one, CROP_HEIGHT)) for one in sized]
    if crossed:
        cuts.append((line, cut_line(picture.pixels, layout, line, CROP_HEIGHT, crossed=True)))
    for one in (line, *sized):
        crop = cut_dark_ink(picture.pixels, layout, one, CROP_HEIGHT)
        if crop is not None:
            cuts.append((one, crop))
    return cuts


def _at_size(line: LineRegion, body: float) -> list[LineRegion]:
    """Return the line at another size, its baseline where it was measured, a little lower and higher."""
    return [
        replace(
            line,
            body_height=body,
            start=(line.start[0], line.start[1] + shift * body),
            end=(line.end[0], line.end[1] + shift * body),
        )
        for shift in BASELINES
    ]
