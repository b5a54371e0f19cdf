"""Fit the confidence of every field to what comes true: isotonic curves for `classify/data/calibration.toml`.

usage: python -m benchmarks.calibrate FOLDER... [--source TEXT] [--write]

Each FOLDER holds `truth.json` and `documents.pickle` (`benchmarks.drawn_heads` makes them; use even seeds).
Fields that another doubt already asks about are left out: what counts is whether silence can be trusted.
"""

from __future__ import annotations

import argparse
import json
import pickle
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from benchmarks.fields import FIELDS, as_json, load_scorer
from classify import decide, fields, find_fields, lay_out_document, load_rules

ROOT = Path(__file__).resolve().parent.parent
CURVES = ROOT / "classify" / "data" / "calibration.toml"
FITTED = ("number", "date", "sender", "recipient", "subject")
CURVED = (*FITTED, "number_seven", "date_seven")
TODAY = date(2026, 11, 29)
_PRIOR_WRONG = (
    0.5  # half a wrong field in every block (Krichevsky-Trofimov): no block is ever certain
)
_SURE = 0.9
Outcome = tuple[float, bool]


def isotonic(outcomes: Sequence[Outcome]) -> list[tuple[float, float]]:
    """Pool adjacent violators: (what was said at most, share right) of each block, both rising."""
    blocks: list[list[float]] = []  # said at least, said at most, right, all
    for said, right in sorted(outcomes):
        blocks.append([said, said, float(right), 1.0])
        while len(blocks) > 1 and _share(blocks[-2]) >= _share(blocks[-1]):
            last = blocks.pop()
            blocks[-1] = [blocks[-1][0], last[1], blocks[-1][2] + last[2], blocks[-1][3] + last[3]]
    knots: list[tuple[float, float]] = []
    for low, high, right, count in blocks:
        share = round(max(0.0, right) / (count + _PRIOR_WRONG), 4)
        knots += [(round(low, 4), share)] + ([(round(high, 4), share)] if high > low else [])
    rising: list[tuple[float, float]] = []
    for said, share in knots:
        rising.append((said, max(share, rising[-1][1] if rising else 0.0)))
    return rising


def safe(curve: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Keep the fit from making unsure readings sure: below `_SURE` nothing is worth more than was said.

    Drawn letters have no handwriting; what is read so unsurely of a real one mostly is.
    """
    capped = [(said, min(said, right)) for said, right in curve if said < _SURE]
    start = next((right for said, right in curve if said >= _SURE), 1.0)
    held = [(_SURE - 0.0001, min(_SURE, start)), (_SURE, start)]
    return [*capped, *held, *(knot for knot in curve if knot[0] > _SURE)]


def _share(block: list[float]) -> float:
    return block[2] / block[3]


def outcomes_of(folder: Path, score: str) -> dict[str, list[Outcome]]:
    """Read the letters of a folder and say of each undoubted field how sure it was and whether it was right."""
    truth = json.loads((folder / "truth.json").read_text("utf-8"))
    documents = pickle.loads((folder / "documents.pickle").read_bytes())  # noqa: S301 - our own file
    rules, scorer = load_rules(), load_scorer(score)
    fields.calibrate = lambda _field, chance, _printed, _engine: chance  # before any curve
    found: defaultdict[str, list[Outcome]] = defaultdict(list)
    for name, said in truth.items():
        document = documents[name]
        letter = find_fields(lay_out_document(document), agencies=rules.agencies, today=TODAY)
        decision = decide(letter, document, rules)
        doubted = {one.field for one in decision.review if one.code != "low_confidence"}
        read = as_json(name, document, letter, decision)
        _, wrong = scorer.score_one({**said, "text": None}, read)
        missed = {item[0] for item in wrong}
        for field in FIELDS:
            value = getattr(letter, field)
            if field in FITTED and value is not None and value.as_printed and field not in doubted:
                seven = field in ("number", "date") and "๗" in value.as_printed
                own = f"{field}_seven" if seven else field
                found[own].append((value.confidence, field not in missed))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--score", default=str(ROOT.parent / "shared/tools/score.py"))
    parser.add_argument("--source", default="benchmarks.drawn_heads, even seeds")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    everything: defaultdict[str, list[Outcome]] = defaultdict(list)
    for folder in args.folders:
        for field, outcomes in outcomes_of(folder, args.score).items():
            everything[field] += outcomes
    counts = ", ".join(f"{field} {len(everything[field])}" for field in CURVED)
    text = [
        "# How often each field is right of which so much was said: [said, right], fitted by benchmarks.calibrate.",
        f'source = "{args.source}: {counts}"',
        "",
        "[curves]",
    ]
    for field in CURVED:
        curve = safe(isotonic(everything[field]))
        knots = ", ".join(f"[{said}, {right}]" for said, right in curve)
        text.append(f"{field} = [{knots}]")
    if args.write:
        CURVES.write_text("\n".join(text) + "\n", "utf-8")
    print("\n".join(text))


if __name__ == "__main__":
    main()
