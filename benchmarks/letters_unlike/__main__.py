"""How letters nobody looked at are read and decided: made-up pages in fifteen conditions.

usage: python -m benchmarks.letters_unlike [--letters 500] [--seeds odd|even] [--fonts FOLDER]
       [--office NAME] [--workers N] [--keep FOLDER] [--unseen] [--json] [--errors]

Build on even seeds; report odd ones only and do not look at their pages. `--keep` leaves the pages
and what was read in a folder; `--unseen` sets them in the faces alone that the line model was never
trained on; `--errors` names what was wrong, for even seeds alone. The faces are
not shipped: faces.py says which packages bring them, and what is missing is told.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.letters_unlike.faces import find_families
from benchmarks.letters_unlike.make import Made, make, seeds_of
from benchmarks.letters_unlike.measure import Marks, mark, markdown, report, truth_of
from ocr.training.fonts import HELD_OUT_FAMILIES
from pipeline.processes import LetterProcesses, work_in_order
from pipeline.read_files import describe_failure, prepare, read_file

LETTERS_A_WORKER = 50


def main() -> None:
    """Make, read, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=500)
    parser.add_argument("--seeds", choices=("even", "odd"), default="odd")
    parser.add_argument("--fonts", type=Path, action="append", default=[])
    parser.add_argument("--office", default="", help="the name of the office that got the letters")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="a folder for the pages and what was read")
    parser.add_argument("--unseen", action="store_true", help="faces never trained on")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--errors", action="store_true", help="even seeds only")
    options = parser.parse_args()
    if options.errors and options.seeds == "odd":
        parser.error("odd seeds are not looked at; use --seeds even")
    try:
        families = find_families(options.fonts)
    except FileNotFoundError as error:
        sys.exit(str(error))
    if options.unseen:
        families = tuple(family for family in families if family.name in HELD_OUT_FAMILIES)
        if not families:
            sys.exit(
                "no face is installed that the line model was never trained on; give --fonts FOLDER"
            )
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        made = [make(seed, families, folder) for seed in seeds_of(options.letters, options.seeds)]
        read = read_all([one.path for one in made], options)
        if options.keep:
            lines = (json.dumps(one, ensure_ascii=False) for one in read)
            (folder / "read.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    marks = [mark(one, got) for one, got in zip(made, read, strict=True)]
    if options.errors:
        tell_errors(made, read, marks)
    figures = report(made, marks)
    shown = json.dumps(figures, ensure_ascii=False) if options.json else markdown(figures)
    print(shown)


def read_all(paths: list[Path], options: argparse.Namespace) -> list[dict[str, Any]]:
    """Read the pages as `saraban read` does."""
    with LetterProcesses(
        read_file,
        workers=options.workers,
        letters_per_worker=LETTERS_A_WORKER,
        prepare=prepare,
        prepare_with=(None, options.office),
    ) as processes:
        return list(work_in_order(processes, paths, describe_failure))


def tell_errors(made: list[Made], read: list[dict[str, Any]], marks: list[Marks]) -> None:
    """Print what was wrong a field, tab-separated, to the error stream."""
    for one, got, told in zip(made, read, marks, strict=True):
        rate = f"{told.edits / max(1, told.characters):.3f}"
        print(one.path.name, one.condition, one.face, "cer", rate, sep="\t", file=sys.stderr)
        truth = truth_of(one) | {"kind": one.letter.kind, "group": one.letter.group}
        for name, right in told.right.items():
            if not right:
                value = got.get(name) or ((got.get("fields") or {}).get(name) or {}).get("value")
                how = "silent" if name in told.silent else "asked"
                print(one.path.name, name, truth[name], value, how, sep="\t", file=sys.stderr)


if __name__ == "__main__":
    main()
