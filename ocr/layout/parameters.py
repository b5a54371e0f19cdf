"""Every number the page layout decides by, with its unit and where it comes from.

Units: `bh` is a body height, that of a plain consonant (ก ด ต อ ง; about 10 pixels for 16-point TH Sarabun
at the working resolution); `px` a pixel of the picture at hand; `grey` a level of 255; the others stand
beside the number. What is not said to be measured or swept was chosen on the drawn letters of
`tests/unit/ocr/test_layout.py` and the pages of `samples` when its step was written, and has not been swept:

- [D] chosen so, not swept: a neighbouring value may do as well
- [M] measured, and on what
- [S] swept by `python -m benchmarks.sheets` on drawn photographs, open lids and negatives
- [G] geometry of the script, of the paper or of arithmetic
- [T] the reading model was trained with it: another value needs another model
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ocr.paper_size import A4_MM, MM_PER_INCH

SIGMA_OF_MEDIAN_DEVIATION = 1.48  # of normally distributed grain [G]


@dataclass(frozen=True, slots=True)
class InkParameters:
    """Ink and paper told apart (`ink.py`)."""

    paper_step: int = 16  # px a cell in which the paper's tone is kept [D]
    # parts of a cell's side that are averaged; text covers less than half of them [D]
    cell_parts: int = 4
    bright_reach: int = 7  # parts: so far the brightest is taken for paper [D]
    tone_median: int = 5  # cells over which the tone is settled [D]
    bright_percentile: int = 80  # of the cells' tones is the page's paper … [D]
    # … and this share of it the darkest; less is an edge or photograph [D]
    darkest_paper: float = 0.55
    paper_grey: int = 250  # grey at which evened paper comes out [D]
    fringe: int = 30  # grey; colour this weak is a scanner's fringe about black print [D]
    chroma: int = 60  # grey between the strongest and weakest channel of coloured ink, at least [D]
    over_green: int = 20  # grey by which red or blue ink is brighter than green, at least [D]
    least_colour: int = 150  # px; fewer coloured ones are scanner fringes, not a mark [D]
    tint_step: int = 4  # px a cell in which flat tints are looked for [D]
    tint_cells: int = 5  # cells, odd: wider and higher than the strokes of the largest heading [D]
    tint_rim: int = (
        5  # cells, odd: over which a tint's tone reaches out, for its edge is in them [D]
    )
    # shares of the paper's tone: darker is print or a picture, paler is paper already [D]
    darkest_tint: float = 0.44
    palest_tint: float = 0.94  # [D]
    # grey between these percentiles of one tint, at most: a photograph has more [D]
    tint_percentiles: tuple[int, int] = (10, 90)
    tint_spread: int = 40  # [D]
    sample_step: int = 4  # px: one in so many tells the paper's tone and colour [D]
    paper_chroma: int = 15  # grey between its channels: less is white paper in warm light [D]
    darkest_coloured_paper: int = 60  # grey of its weakest channel: less is no paper [D]
    least_paper: int = 201  # grey of evened paper, at least [D]
    under_paper: float = 20.0  # grey, and … [D]
    grains_under: float = 6.0  # … so many times the grain, that ink is under its paper [D]
    darkest_level: float = 130.0  # grey: what is darker is ink on the most grainy paper [D]
    # grey: above are watermarks and what shines through from the back [D]
    faintest_ink: float = 205.0


@dataclass(frozen=True, slots=True)
class BlobParameters:
    """Pieces of ink: how high letters are, and which pieces are rules, holes, emblems (`blobs.py`)."""

    # the commonest height of letters
    letter_px: tuple[int, int] = (5, 64)  # px high: 8 to 100 points, about [D]
    letter_shape: tuple[float, float] = (0.3, 2.5)  # heights wide [D]
    letter_fill: tuple[float, float] = (0.12, 0.75)  # share of the box that is ink [D]
    fewest_letters: int = 3  # fewer tell no height [D]
    most_ink: int = 150  # px a letter weighs by at most, so that fat ones do not decide [D]
    most_weighing_height: int = 12  # px, the same for tall ones [D]
    peak_reach: int = 2  # px about the commonest height that are averaged [D]
    # rules, frames, folds
    rule_length: float = 4.5  # bh: longer than any letter's stroke [D]
    least_rule_px: int = 9  # px, however small the letters [D]
    rule_thickness: float = 0.4  # bh [D]
    least_thickness_px: int = 2  # px [D]
    # the heads of bold letters run together to a stroke too, but stems hang from it: a rule has ink …
    hang_px: int = 3  # … this many px off one of its sides … [D]
    most_touched: float = 0.35  # … for at most this share of its length [D]
    # holes, black edges, the scanner's shadow
    # share of its box: a disc has 0.785 [G], the fattest bold letter 0.7 [M, drawn]
    hole_fill: float = 0.74
    hole_side: float = 1.6  # bh [D]
    edge_px: int = 1  # px from the picture's edge [D]
    # bh: larger is an edge, if it is no thin stroke (a fold through text) [D]
    edge_size: float = 2.5
    # share: less is a stroke, more is solid whatever its size [D]
    edge_fill: tuple[float, float] = (0.2, 0.75)
    dash: tuple[float, float] = (0.45, 2.5)  # bh high at most, long at least [D]
    # what may be letters
    speck_px: int = 3  # px of ink, at least [D]
    speck: float = 0.2  # bh, at least [D]
    tallest: float = 7.0  # bh [D]
    widest: float = 30.0  # bh: a line run together [D]
    # emblems, photographs
    window: float = 1.5  # bh wide and high, over which ink is averaged [D]
    dense: int = 45  # grey of 255 that is ink in the window [D]
    # bh high and wide: above a line with marks, or two tight ones [D]
    core: tuple[float, float] = (3.6, 3.0)
    # share of ink in an emblem's core: 0.42 to 0.66; dense print and the seals that sender and date are
    # printed under reach 0.37 [M, 78 scanned letters]
    picture_ink: float = 0.4
    # … and this many times the median density of the page's print: emblems 1.5 to 2.2, two lines of fat
    # print 1.1 [M, 20 pages of `real` and of even seeds of `letters_unlike`] …
    over_print: float = 1.3
    most_picture_ink: float = 0.6  # … but no more: a page may be one photograph [D]
    margin: float = 0.6  # bh about the core, and … [D]
    margin_share: float = 0.12  # … this share of its longer side, that belong to the picture [D]
    witnesses: float = 8.0  # bh beside it, where a fat stamp's other letters stand [D]
    # a row of fat letters (an urgency stamp) and no emblem: five letters or more, an emblem has none
    # [M, scans of `real`]; ด ว น ท ส ด stand in the shortest, two may be broken [G]
    display_letters: int = 4
    display_height: tuple[float, float] = (1.9, 5.0)  # bh; the least also of `rows.find_large` [D]
    display_width: tuple[float, float] = (0.7, 5.0)  # bh; the least also from letter to letter [D]
    display_level: float = 0.45  # bh about the row's bottom [D]


@dataclass(frozen=True, slots=True)
class PostureParameters:
    """How the page stands (`posture.py`, `page.py`)."""

    most_skew: float = 12.0  # degrees [D]
    least_skew: float = 0.03  # degrees; less is not turned back, which saves a resampling [D]
    coarse_step: float = 0.4  # degrees between the angles tried first [D]
    coarse_bin: float = 0.5  # bh: the rows' height then [D]
    fine_reach: float = 0.5  # degrees about the best of them: more than a step [G]
    fine_step: float = 0.05  # degrees [D]
    fine_bin: float = 0.2  # bh [D]
    lying: float = 1.1  # times as sharp as upright rows that rows down the picture must be [D]
    letter_height: tuple[float, float] = (0.5, 3.0)  # bh of the pieces that are looked at [D]
    letter_width: tuple[float, float] = (0.3, 6.0)  # bh [D]
    dark: int = 128  # grey: what is darker is counted to find the page's main ink [D]
    certain: float = 2.5  # of the balance of the storeys (0.4 is sure) to a certainty of 0 to 1 [D]


@dataclass(frozen=True, slots=True)
class PageParameters:
    """The working picture, and how its parts go together (`page.py`)."""

    working_dpi: float = 150.0  # dots an inch at which strokes of 16-point print are 1 to 2 px [D]
    most_pixels: int = 6_000_000  # px: A4 has 2.2, A2 8.7 million at the working resolution [D]
    most_enlarged: float = 2.0  # times: from 75 dpi on [D]
    least_side: int = 8  # px, however small the picture [D]
    usual_body: float = 10.0  # px: 16-point TH Sarabun at the working resolution [D]
    stroke_ink: float = 1.0  # bh squared: frames and seal rings with more take part in bands [D]
    large: float = 1.8  # bh: rows of large letters measure more, or are rows as all others [D]
    long: float = 15.0  # bh: rows that tell how the straightened page still leans [D]
    # bh above and below a line's baseline that are weighed [D]
    storeys: tuple[float, float] = (2.0, 1.2)


@dataclass(frozen=True, slots=True)
class RowParameters:
    """Bands of letters, joined into rows (`rows.py`)."""

    # A wider gap parts two columns: number and sender stand 10 to 20 apart; the widest spaces of justified
    # Thai text are 8, of a typed line 3 [M, letters of `samples`].
    column_gap: float = 8.5  # bh
    # 7 degrees that a stamp may lean against the page; a steeper fit is noise [D]
    most_slope: float = 0.12
    reduced_body: float = 4.0  # px a body height has where bands and emblems are looked for [D]
    # bands: blurred along the row, its wider surroundings taken off
    blur_along: float = 1.3  # bh, standard deviation [D]
    blur_across: float = 0.35  # bh: the consonants' storey stays dense [D]
    surroundings_along: float = 0.3  # px: next to none [D]
    surroundings_across: float = 1.15  # bh: the storeys of marks and the gap between lines [D]
    band: float = 0.03  # share of ink over the surroundings [D]
    wall: float = 4.0  # bh: upright rules from this height on part bands [D]
    wall_ink: int = 20  # grey of 255 in the reduced picture [D]
    # segments
    core_height: float = 0.3  # bh: lower pieces tell of no row [D]
    inset: float = 0.5  # bh from a tall piece's bottom and top, where its letter stands [G]
    letter_height: float = 0.55  # bh … [D]
    letter_ink: float = 0.12  # … and bh squared of a piece that makes a band print [D]
    # bh: a band this much longer than its letters has some run through by a seal [D]
    overhang: float = 2.5
    # large letters, which the page's bands miss
    large_width: float = 0.8  # bh [D]
    large_widest: float = 14.0  # bh [D]
    large_fill: float = 0.15  # share of the box; a ring has less [D]
    fewest_large: int = 3  # letters, and of them that sit on one baseline [D]
    large_body: float = 0.6  # of a large letter's median height, with marks, to its body [D]
    large_level: float = 0.35  # bh of the row [D]
    large_height: float = 2.0  # bh of the page that those on the baseline measure, median [D]
    # the baseline, fitted to the bottoms of letters
    most_width: float = 3.0  # bh that a piece weighs by [D]
    # bh: lower are marks, higher titles or two lines; the least also of a row's body [D]
    plain: tuple[float, float] = (0.6, 2.6)
    most_body: float = 3.2  # bh [D]
    tolerances: tuple[float, ...] = (1.0, 0.6, 0.3, 0.2)  # bh about the fit, narrower each time [D]
    level_length: float = 6.0  # bh: shorter rows, or … [D]
    level_letters: int = 5  # … with fewer letters, are taken for level [D]
    bent_length: float = 30.0  # bh: longer rows, with … [D]
    bent_letters: int = 15  # … more letters, may be bent [D]
    # joining
    most_overlap: float = 1.5  # bh that a segment may begin before the row's end [D]
    same_level: float = 0.45  # bh between the baselines where they meet [D]
    most_scale: float = 1.2  # bh of the page that this is reckoned by at most [D]
    wall_gap: float = 1.2  # bh: cells keep their distance; nearer is a stamp's frame [D]
    # bh above the baseline between which a rule runs through [D]
    wall_reach: tuple[float, float] = (0.8, 0.2)
    # which way up: ink above the consonants against ink below
    title: float = 1.7  # bh: of a larger row the middle would be weighed … [D]
    fewest_rows: int = 2  # … it is left out where there are more rows than this [D]
    upright_reach: float = 2.2  # bh above and below the letters' middle [G, two storeys]
    storey: tuple[float, float] = (0.62, 1.25)  # bh from the middle: the storey of marks [G]
    straight_px: float = 0.3  # px: a baseline less bent needs no bending [D]


@dataclass(frozen=True, slots=True)
class LineParameters:
    """Rows measured, given their marks, and put in order (`lines.py`)."""

    # baseline and body line, from the row's profile
    profile: tuple[float, float] = (2.0, 1.0)  # bh above and below the baseline [G, storeys]
    least_profile: int = 8  # px; shorter ones, or of … [D]
    least_letters: int = 2  # … fewer letters, measure nothing [D]
    # bh about the guess, also of letters that sit on the baseline or reach it [D]
    base_reach: float = 0.3
    # bh over the baseline, where the body line is looked for [D]
    top_reach: tuple[float, float] = (1.3, 0.68)
    body_change: tuple[float, float] = (0.6, 1.4)  # times the guess that the measure may be [D]
    least_reach: float = 0.5  # bh over the baseline: lower pieces are no letters [D]
    fewest_heights: int = 3  # letters that tell a commonest height [D]
    strong: float = 0.6  # share of the strongest height that the lowest mode has [D]
    # sizes of the page
    # natural logarithm of sizes that are one: digits and capitals mislead by a tenth [D]
    same_size: float = 0.06
    settled: float = 0.17  # logarithm: so near the commonest size, a row has it [D]
    alike: float = 0.3  # logarithm of sizes that a short row leans on [D]
    trusted: float = 12.0  # letters whose own measure counts as much as the others' [D]
    # marks given to their row: the storeys above reach twice as far as the one below [G]
    tallest: float = 5.0  # bh of the tallest row: what is higher is no row's [D]
    beside: float = 1.2  # bh at the row's ends [D]
    above: float = 1.3  # bh over the body line … [D]
    below: float = 0.95  # … and under the baseline, to a piece's middle, where marks end [D]
    above_weight: float = 1.15  # bh that count as one … [D]
    below_weight: float = 0.75  # … so that between two rows the nearer one has a mark [D]
    # pieces in which two lines touch
    touching: float = 1.5  # bh of the smallest row: what is higher may be two lines' [D]
    letters: float = 1.5  # bh over the baseline: letters with near marks [D]
    reached: float = 0.35  # bh of that a piece covers to belong to the line [D]
    # print or handwriting, not a signature, noise, a scrap of a picture
    least_body: float = 0.55  # bh of the page [D]
    least_length: float = 0.8  # bh of the page [D]
    least_height: float = 0.5  # bh, mean by width: less is left of a rule or edge [D]
    # fat letters that run together: higher pieces, and emptier ones than letters, are pen strokes
    together_height: float = 2.4  # bh: a body, a vowel and a tone mark [G]
    together_fill: float = 0.25  # share of the box that is ink [D]
    letter_width: float = 1.0  # bh, about [G]
    lone: int = 2  # letters of a row that must have … [D]
    lone_ink: float = 0.35  # … this much ink, bh squared … [D]
    lone_body: float = 1.7  # … and be no larger, bh [D]
    few: int = 3  # letters that are a signature where … [D]
    few_height: float = 2.6  # … one is higher, bh, and … [D]
    few_shape: float = 1.5  # … one wider than this many heights, or … [D]
    few_body: float = 2.3  # … the row is larger, bh [D]
    some: int = 6  # letters that must not dance … [D]
    dance: float = 1.2  # … bh, standard deviation of their bottoms [D]
    page_height: float = 40.0  # bh: a lower picture is a cutting without edges [D]
    edge: float = 1.3  # bh at top and sides where only a scanner's edge is black … [D]
    lower_edge: float = 1.6  # … and at the foot [D]
    # marks over a title's letters, or a lower vowel of it
    title: float = 1.5  # times the row's size that the title has [D]
    title_above: tuple[float, float] = (0.8, 2.1)  # bh of the title over its baseline [G, storeys]
    title_below: float = 0.9  # bh of the title, for … [G]
    vowels: int = 2  # … at most so many pieces [D]
    # a lone letter in a table's cell
    cell_height: tuple[float, float] = (0.7, 1.6)  # bh of the row it stands level with [D]
    cell_width: tuple[float, float] = (0.5, 2.0)  # bh [D]
    cell_gap: tuple[float, float] = (1.5, 30.0)  # bh [D]
    cell_level: float = 0.25  # bh [D]
    one_level: float = 0.6  # bh between rows that are read from left to right [D]


@dataclass(frozen=True, slots=True)
class CropParameters:
    """A line as the recognizer gets it (`region.py`, `crop.py`)."""

    # two storeys of marks above a plain consonant (ที่, ป้), one below (ฎุ); 3.0 bh fill the crop
    above_baseline: float = 2.15  # bh [T]
    below_baseline: float = 0.85  # bh [T]
    side_margin: float = 0.5  # bh [T]
    rows: int = 48  # px [T]
    white: float = 265.0  # grey, a little over 255: the paper's grain is white too [D]
    # bh above and below the baseline that a word's box spans [D]
    word: tuple[float, float] = (1.6, 0.6)
    # times: what is reduced more is blurred first, bilevel stairs above all [D]
    softened: float = 0.9
    blur: float = 0.45  # px of the scan a crop pixel of it … [D]
    blur_from: float = 0.6  # … less this, under the root [D]
    least_bend: float = 0.5  # px of the crop: a line less bent is cut straight [D]
    spare_px: int = 4  # px of the scan about the crop, for the interpolation [D]
    ink_percentile: int = 4  # of the crop's grey is its ink; where that is … [D]
    faint: tuple[float, float] = (90.0, 200.0)  # … grey between, print is faint and … [D]
    ink_depth: float = 175.0  # … its ink is made so much darker than white [D]
    foreign_grown: int = 2  # px about other lines' ink that are blanked too [D]
    letters_band: tuple[float, float] = (1.0, 2.05)  # bh under the crop's top: plain consonants [G]
    # print under a grey stamp (`cut_dark_ink`)
    pale_ink: int = 215  # grey: what is paler is paper [D]
    least_ink: int = 60  # px of ink, and … [D]
    least_tone: float = 0.08  # … share of it that each of the two tones has, at least [D]


@dataclass(frozen=True, slots=True)
class SheetParameters:
    """The sheet in its picture (`sheet.py`). Lengths are shares of the long side, beside them millimetres of A4."""

    looked_long_side: int = 900  # px; A4 at 77 dpi, a third of a millimetre each [D]
    least_side: int = 64  # px: smaller pictures stay as they are [D]
    # 3.5 mm: thinner dark strokes are print, thicker surround the sheet [S]
    print_width: float = 0.012
    far: float = 0.3  # so far away paper may be that tells how bright paper is here [S]
    tiny: float = 1 / 8  # reduction in which it is looked for [D]
    seen_edge: float = 0.008  # 2.4 mm: of a side nearer to the picture's edge nothing is known [D]
    paper_share: float = 0.72  # of the paper's brightness nearby: darker is no paper [S]
    brightest_percentile: int = 95  # of the picture is paper, wherever it lies [D]
    paper_percentile: int = 75  # of the sheet is its paper [D]
    least_sheet: float = 0.25  # share of the picture that a sheet covers [D]
    least_around: float = 0.0015  # share of the picture; less is a speck at the edge [D]
    black_share: float = 0.4  # of the paper's brightness: an edge is darker, few desks are [S]
    same_shape: float = 0.95  # share of the four-cornered shape that the sheet fills [S]
    second_sheet: float = 0.06  # share of the picture that is another sheet [D]
    # white letters in rows on what surrounds the sheet: it is part of it [D]
    letters_around: int = 8
    negative_rim: int = 10  # one part in so many at each side says nothing of a negative [D]
    dark_paper: float = 100.0  # grey: the middle tone of a negative is darker [S]
    bright_ink: float = 60.0  # grey by which a negative's print is brighter than its ground [S]
    ink_share: tuple[float, float] = (0.003, 0.4)  # of a negative that is print [D]
    most_solid: float = 0.5  # share of a negative's print that may be thicker than print is [S]
    # how much opposite sides may differ, in length or direction, on the glass [D]
    level: float = 0.012
    least_length: float = 8.0  # px of a side, and of the sheet laid flat [D]
    side_ends: float = 0.1  # share at each end of a side that is left to the corners [D]
    side_reach: float = 0.03  # of the long side: so near its rough line a side's outline runs [D]
    side_seen: float = 0.48  # share of a side that must be seen [D]
    least_turn: float = 0.2  # sine of the angle between sides that meet [D]


@dataclass(frozen=True, slots=True)
class PrintParameters:
    """What looks like print on a small picture, read or not (`printed.py`)."""

    # mm, where the long side is A4's: 8 to 85 points, about [D]
    letter_mm: tuple[float, float] = (0.9, 9.0)
    least_width: int = 2  # px [D]
    longest: float = 80.0  # heights: a line's letters run together here, and a rule is longer [D]
    # share of its box that a word fills; a rule fills more [D]
    filled: tuple[float, float] = (0.15, 0.8)
    word: float = 2.5  # heights: a piece as long is a word, and needs no neighbour [D]
    next_heights: float = 1.5  # print stands in rows: the next letter is no farther [D]
    # share of the height by which neighbours may differ, and their feet [D]
    same_height: float = 0.45
    next_begins: float = 0.5  # widths after a letter's left edge, at least [D]
    pale: float = 20.0  # grey under the ground, and … [D]
    grains: float = 3.0  # … so many times the grain, that ink is [D]
    ground: int = 9  # px; strokes are thinner [D]
    ground_median: int = 5  # px over which the ground is settled [D]
    softened: float = 0.6  # px, standard deviation, by which grain is softened [D]
    sample_step: int = 3  # px: one in so many tells the grain [D]


@dataclass(frozen=True, slots=True)
class LayoutParameters:
    """All of them; `LAYOUT` has the values that are shipped."""

    ink: InkParameters = field(default_factory=InkParameters)
    blobs: BlobParameters = field(default_factory=BlobParameters)
    posture: PostureParameters = field(default_factory=PostureParameters)
    page: PageParameters = field(default_factory=PageParameters)
    rows: RowParameters = field(default_factory=RowParameters)
    lines: LineParameters = field(default_factory=LineParameters)
    crop: CropParameters = field(default_factory=CropParameters)
    sheet: SheetParameters = field(default_factory=SheetParameters)
    printed: PrintParameters = field(default_factory=PrintParameters)

    @property
    def a4_long_side(self) -> int:
        """Pixels of A4's long side at the working resolution: what a picture of unknown resolution is taken for."""
        return round(A4_MM[1] / MM_PER_INCH * self.page.working_dpi)


LAYOUT = LayoutParameters()
