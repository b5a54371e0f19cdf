"""How large is the paper? Resolution is judged by it, not believed: files say 72, 96 or 1200 of any scan.

A stated resolution is believed when it makes the page a known paper, or one that fits on A4. Else the
page is a known paper at a resolution that scanners have, and if it is neither, it counts as A4.
"""

from __future__ import annotations

from dataclasses import dataclass

POINTS_PER_INCH = 72.0
MM_PER_INCH = 25.4
POINTS_PER_MM = POINTS_PER_INCH / MM_PER_INCH
# Short and long side in millimetres, as offices have them; the first is what is guessed first.
PAPERS_MM = (
    (210.0, 297.0),  # A4
    (297.0, 420.0),  # A3
    (148.0, 210.0),  # A5
    (215.9, 355.6),  # Legal
    (215.9, 330.2),  # Foolscap, in Thai offices "F14"
    (210.0, 330.0),  # F4
    (215.9, 279.4),  # Letter
    (257.0, 364.0),  # B4
    (182.0, 257.0),  # B5
    (105.0, 148.0),  # A6
)
A4_MM, SMALLEST_MM = PAPERS_MM[0], PAPERS_MM[-1]
SCANNED_DPI = (300.0, 200.0, 600.0, 150.0, 400.0, 240.0, 100.0, 75.0)
# What programs write when they know nothing; at these A4 has as many dots as screens had.
SAID_OF_ANYTHING = (72.0, 96.0)
SANE_DPI = (60.0, 1250.0)
HIGHEST_BELIEVED_DPI = 650.0  # office scanners have 600; A4 at 1200 would not be opened anyway
NEAR = 0.03  # share by which a scan of a paper may miss its size: feeders cut and stretch
ENOUGH_FOR_A4 = 1600  # dots on the long side: 137 dpi, below which nobody scans letters
VERY_NEAR = 0.015  # the page gets the paper's very size then; nobody sees the difference


@dataclass(frozen=True, slots=True)
class Dots:
    """Dots an inch across and down."""

    across: float
    down: float


def judge_dpi(width: int, height: int, stated: Dots | None) -> Dots:
    """Return the resolution of a page of so many pixels; `stated` is what the file says, if anything."""
    if stated is not None and _is_believed(width, height, stated):
        return stated
    ratio = stated.across / stated.down if stated is not None and _is_sane(stated) else 1.0
    dots = _scanned(width, height) if abs(ratio - 1) < NEAR else None
    if dots is None:
        # The larger of the two: the page fits on the paper.
        short, long = sorted((width / ratio, float(height)))
        down = max(short * MM_PER_INCH / A4_MM[0], long * MM_PER_INCH / A4_MM[1])
        down = min(max(down, SANE_DPI[0]), SANE_DPI[1])
        dots = Dots(down * ratio, down)
    return dots


def paper_points(width: int, height: int, dpi: float) -> tuple[float, float]:
    """Return the page's size in points: the paper's own where it is very near to one."""
    size = (width / dpi * MM_PER_INCH, height / dpi * MM_PER_INCH)
    paper = _paper_near(*size, VERY_NEAR)
    shown = size if paper is None else paper
    return shown[0] * POINTS_PER_MM, shown[1] * POINTS_PER_MM


def _is_sane(stated: Dots) -> bool:
    return all(SANE_DPI[0] <= one <= SANE_DPI[1] for one in (stated.across, stated.down))


def _is_believed(width: int, height: int, stated: Dots) -> bool:
    if not _is_sane(stated) or max(stated.across, stated.down) > HIGHEST_BELIEVED_DPI:
        return False
    same = abs(stated.across - stated.down) < 1
    if same and any(abs(stated.across - known) < 1 for known in SAID_OF_ANYTHING):
        return False
    size = (width / stated.across * MM_PER_INCH, height / stated.down * MM_PER_INCH)
    short, long = sorted(size)
    fits = short <= A4_MM[0] * (1 + NEAR) and long <= A4_MM[1] * (1 + NEAR)
    if fits:
        # Small, with dots enough for A4: it was scanned coarser than it says.
        return long >= SMALLEST_MM[1] * (1 - NEAR) or max(width, height) < ENOUGH_FOR_A4
    return _paper_near(*size, NEAR) is not None


def _scanned(width: int, height: int) -> Dots | None:
    for paper in PAPERS_MM:
        for dpi in SCANNED_DPI:
            size = (width / dpi * MM_PER_INCH, height / dpi * MM_PER_INCH)
            short, long = sorted(size)
            if abs(short / paper[0] - 1) < VERY_NEAR and abs(long / paper[1] - 1) < VERY_NEAR:
                return Dots(dpi, dpi)
    return None


def _paper_near(width: float, height: float, share: float) -> tuple[float, float] | None:
    """Return the paper within `share` of this size, lying as it does; None when there is none."""
    short, long = sorted((width, height))
    for paper in PAPERS_MM:
        if abs(short / paper[0] - 1) < share and abs(long / paper[1] - 1) < share:
            return paper if width <= height else (paper[1], paper[0])
    return None
