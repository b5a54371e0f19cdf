"""From what the reader and the finder said to the chance that comes true, a field at a time.

The curves are isotonic fits on letters whose truth is known (`data/calibration.toml` says which;
`python -m benchmarks.calibrate` makes them anew). Between knots the chance runs straight.
"""

from __future__ import annotations

import tomllib
from bisect import bisect_right
from functools import cache
from importlib.resources import files

Curve = tuple[tuple[float, float], ...]


_CONFUSED = "๗"  # the reader's most mistaken figure: it reads ๙ as ๗ with confidence
_FITTED_ENGINE = "lines"


def calibrate(field: str, chance: float, printed: str, engine: str) -> float:
    """Return the chance, 0 to 1, that a field is right of which `chance` was said by `engine` of `printed`.

    Fields and engines without a curve keep what was said.
    """
    if not engine.startswith(_FITTED_ENGINE):
        return chance
    confused = curves().get(f"{field}_seven") if _CONFUSED in printed else None
    return _on(confused or curves().get(field), chance)


def _on(curve: Curve | None, chance: float) -> float:
    if not curve:
        return chance
    at = bisect_right(curve, (chance, 2.0))
    if at == 0:
        return round(curve[0][1] * chance / max(1e-6, curve[0][0]), 4)
    if at == len(curve):
        return curve[-1][1]
    (low, below), (high, above) = curve[at - 1], curve[at]
    share = (chance - low) / max(1e-6, high - low)
    return round(below + share * (above - below), 4)


@cache
def curves() -> dict[str, Curve]:
    """Return each field's knots: (what was said, the share that was right), both rising."""
    text = files("classify").joinpath("data", "calibration.toml").read_text(encoding="utf-8")
    fields = tomllib.loads(text)["curves"]
    return {
        name: tuple((stated, right) for stated, right in knots) for name, knots in fields.items()
    }
