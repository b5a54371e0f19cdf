"""Find the fonts the training lines are set in, and measure them.

Sources, all installable: PyPI `odoo-addon-l10n-th-base-utils` (the thirteen national TH fonts; install it
with `--no-deps`), PyPI `fontpkg-sarabun` and the loopless `fontpkg-noto-sans-thai`, `fontpkg-kanit`,
`fontpkg-prompt`, `fontpkg-chakra-petch`, Debian `fonts-thai-tlwg`, and any folder given by hand.
"""

from __future__ import annotations

import importlib.metadata
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

DISTRIBUTIONS = (
    "odoo-addon-l10n-th-base-utils",
    "fontpkg-sarabun",
    "fontpkg-noto-sans-thai",
    "fontpkg-kanit",
    "fontpkg-prompt",
    "fontpkg-chakra-petch",
)
SYSTEM_FOLDERS = (Path("/usr/share/fonts/truetype/tlwg"),)

# Share of lines by face: what official letters are set in today, what letters of 2005-2010 were
# set in (Cordia- and Angsana-like, typewriter), the other national fonts, and handwriting-like.
SHARES = {
    "THSarabunNew": 16,
    "THSarabun": 12,
    "Sarabun": 8,
    "THNiramitAS": 7,
    "Kinnari": 6,
    "Norasi": 5,
    "Laksaman": 7,
    "Garuda": 4,
    "Umpush": 4,
    "Loma": 3,
    "Waree": 2,
    "Sawasdee": 2,
    "TlwgTypo": 1.5,
    "TlwgTypist": 1.5,
    "TlwgTypewriter": 2,
    "THBaijam": 1.5,
    "THChakraPetch": 1,
    "THFahkwang": 1.5,
    "THK2DJuly8": 1,
    "THKoHo": 1.5,
    "THKodchasal": 1.5,
    "THKrub": 1.5,
    "THMaliGrade6": 1,
    "THCharmofAU": 0.7,
    "THSrisakdi": 0.5,
    "Purisa": 0.7,
    # loopless and modern faces (PyPI `fontpkg-*`, npm `@fontsource/*` turned into TTF)
    "NotoSansThai": 6,
    "Kanit": 3,
    "Prompt": 3,
    "ChakraPetch": 0.7,
    "BaiJamjuree": 1.2,
    "K2d": 0.8,
    "Krub": 1,
    "Koho": 0.6,
    "Anuphan": 2,
    "Athiti": 2,
    "Kodchasan": 0.5,
    "Mitr": 2,
    "Pridi": 2,
    "NotoSansThaiLooped": 0.7,
    "IbmPlexSansThaiLooped": 0.5,
    "Maitree": 1.5,
    "Trirong": 0.5,
    "Taviraj": 0.5,
    "Niramit": 0.5,
    "Fahkwang": 0.3,
    "IbmPlexSansThai": 2,
    "NotoSerifThai": 2,
}
# Never trained on: the national faces with their namesakes of npm, and five loopless families.
HELD_OUT_FAMILIES = frozenset(
    {
        "Umpush",
        "THK2DJuly8",
        "THKodchasal",
        "K2d",
        "Kodchasan",
        "Mitr",
        "Athiti",
        "Pridi",
        "Taviraj",
        "IbmPlexSansThai",
        "NotoSerifThai",
    }
)
UNUSUAL_WEIGHTS = ("Thin", "ExtraLight", "ExtraBold", "Black")
# The last six are open fonts that only `--fonts FOLDER` brings (model card: where from).
HANDWRITING = (
    "THMaliGrade6",
    "THCharmofAU",
    "THSrisakdi",
    "THCharmonman",
    "Purisa",
    "Sriracha",
    "Itim",
    "Mali",
    "Charm",
    "Charmonman",
    "PlaypenSansThai",
)
STAMPED = ("Kinnari", "Norasi", "TlwgTypewriter", "TlwgMono", "THFahkwang", "Laksaman")


@dataclass(frozen=True, slots=True)
class Face:
    """One font file. `body` is the height of a plain consonant as a share of the em."""

    path: Path
    family: str
    bold: bool
    body: float

    @property
    def weight(self) -> float:
        """How often the face is used: upright regular most, then bold, then italic."""
        slanted = any(s in self.path.stem for s in ("Italic", "Oblique"))
        style = (0.1 if slanted else 0.35) if self.bold else (0.15 if slanted else 1.0)
        return SHARES.get(self.family, 0) * style


def find_font_files(extra: Sequence[Path] = ()) -> list[Path]:
    """Return every Thai font file of the known sources and of the folders given."""
    files: dict[str, Path] = {}
    for folder in (*SYSTEM_FOLDERS, *extra):
        files.update({p.name: p for p in sorted(folder.rglob("*.ttf"))})
    for name in DISTRIBUTIONS:
        files.update({p.name: p for p in _distribution_fonts(name)})
    return [files[name] for name in sorted(files)]


def _distribution_fonts(name: str) -> Iterable[Path]:
    try:
        listed = importlib.metadata.files(name) or []
    except importlib.metadata.PackageNotFoundError:
        return []
    return [Path(str(f.locate())) for f in listed if f.suffix in {".ttf", ".otf"}]


@lru_cache(maxsize=4)
def load_faces(extra: tuple[Path, ...] = ()) -> tuple[Face, ...]:
    """Return all usable faces with their body height measured on the letter ko kai."""
    faces = []
    for path in find_font_files(extra):
        stem = path.stem
        family = family_of(stem)
        if family not in {*SHARES, *HANDWRITING}:
            continue
        if any(w in stem for w in UNUSUAL_WEIGHTS):
            continue
        font = load_font(path, 200)
        top = font.getbbox("ก", anchor="ls")[1]
        bold = "Bold" in stem or re.search(r"-[67]00-", stem) is not None
        faces.append(Face(path, family, bold, -top / 200))
    return tuple(faces)


def family_of(stem: str) -> str:
    """Return the family that a font file's name tells: `Kanit-Light`, `bai-jamjuree-thai-400-normal`."""
    npm = re.fullmatch(r"([a-z0-9-]+?)-thai-\d+-normal", stem)
    if npm:
        return "".join(part.capitalize() for part in npm.group(1).split("-"))
    return re.split(r"[-\[]", stem, maxsplit=1)[0]


def require_official(faces: Sequence[Face]) -> None:
    """Raise FileNotFoundError, saying what to install, when the families most letters use are missing."""
    missing = {"THSarabunNew", "Kinnari", "Sarabun"} - {face.family for face in faces}
    if missing:
        message = (
            f"fonts missing: {', '.join(sorted(missing))}. pip install --no-deps "
            "odoo-addon-l10n-th-base-utils fontpkg-sarabun; apt-get install fonts-thai-tlwg; "
            "or give --fonts FOLDER"
        )
        raise FileNotFoundError(message)


@lru_cache(maxsize=600)
def load_font(path: Path, size: int) -> ImageFont.FreeTypeFont:
    """Return the font at a pixel size, shaped by raqm (marks stacked and shifted as printed)."""
    return ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.RAQM)


@lru_cache(maxsize=40_000)
def has_glyph(path: Path, char: str) -> bool:
    """Tell whether the font draws the character as something other than its missing-glyph box."""
    font = load_font(path, 40)
    return _picture(font, char) != _picture(font, "\U0010fffd")


def _picture(font: ImageFont.FreeTypeFont, char: str) -> bytes:
    image = Image.new("L", (90, 90), 255)
    ImageDraw.Draw(image).text((30, 60), char, font=font, fill=0, anchor="ls")
    return image.tobytes()
