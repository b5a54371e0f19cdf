"""The narrow door to whatever reads a page picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from ocr.document import Page

Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class PagePicture:
    """One page as it came from the scanner (it may be turned).

    `pixels` is uint8, (height, width) gray or (height, width, 3) RGB, 255 is white; `dpi` is dots
    an inch, the same both ways.
    """

    pixels: Pixels
    dpi: float

    @property
    def height(self) -> int:
        """Height in pixels."""
        return int(self.pixels.shape[0])

    @property
    def width(self) -> int:
        """Width in pixels."""
        return int(self.pixels.shape[1])

    @property
    def gray(self) -> Pixels:
        """The picture as (height, width) gray."""
        if self.pixels.ndim == 2:
            return self.pixels
        weighted = self.pixels @ np.array([0.299, 0.587, 0.114], dtype=np.float32)
        return weighted.astype(np.uint8)

    def upright(self, turned: int) -> PagePicture:
        """Return the picture turned back, when it is `turned` degrees counter-clockwise."""
        if turned % 360 == 0:
            return self
        pixels = np.ascontiguousarray(np.rot90(self.pixels, k=-(turned // 90)))
        return PagePicture(pixels, self.dpi)


class Engine(Protocol):
    """Reads one page picture: finds how it is turned, its lines, their text and ink."""

    @property
    def name(self) -> str:
        """What `Page.engine` says, with the version."""
        ...

    def read_page(self, picture: PagePicture, number: int) -> Page:
        """Read page `number` (from 1); boxes refer to the upright picture.

        Raises EngineFailedError when the engine stops or runs out of time.
        """
        ...


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """What `saraban doctor` shows of one engine."""

    name: str
    usable: bool
    detail: str
