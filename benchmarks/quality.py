"""How well letters are read: every scan with known truth, scored, as a Markdown table or JSON.

usage: python -m benchmarks.quality [--shared DIR] [--set samples --set real ...] [--workers N]
       [--office NAME] [--json] [--keep FILE]

The scans and the scorer are not part of the repository (the real letters carry people's names):
DIR holds the sets (each with `truth.json`) and `tools/score.py`.
"""

from __future__ import annotations

import argparse
import collections
import importlib.util
import json
import os
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import edlib

from benchmarks.fields import reliability
from benchmarks.read import squeeze
from pipeline.processes import LetterProcesses, work_in_order
from pipeline.read_files import describe_failure, prepare, read_file

ROOT = Path(__file__).resolve().parent.parent
SETS = ("samples", "samples2", "real", "real2")
COLUMNS = {
    "files": "scans",
    "cer": "CER",
    "thai_digits": "Thai digits",
    "number": "number",
    "date": "date",
    "sender_near": "sender",
    "recipient_near": "recipient",
    "subject_near": "subject",
    "urgency": "urgency",
    "secrecy": "secrecy",
    "kind": "kind",
    "group": "group",
    "silent_error": "silent errors",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--set", dest="sets", action="append", choices=SETS)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--office", default="", help="the name of the office that got the letters")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--keep", type=Path, help="also write what was read, as JSON lines")
    options = parser.parse_args()
    scorer = load_scorer(options.shared / "tools" / "score.py")
    table: dict[str, dict[str, float]] = {}
    trust: dict[str, dict[str, Any]] = {}
    readings: list[dict[str, Any]] = []
    seconds = 0.0
    for name in options.sets or SETS:
        truth = json.loads((options.shared / name / "truth.json").read_text("utf-8"))
        started = time.perf_counter()
        read = read_all(sorted((options.shared / name / file) for file in truth), options)
        seconds += time.perf_counter() - started
        readings += read
        by_name = {Path(one["file"]).name: one for one in read}
        table |= score(scorer, name, truth, by_name)
        trust[name] = trustworthy(scorer, truth, by_name) | {
            "dates_in_text": dates_in_text(scorer, truth, by_name),
            "numbers_to_slash": numbers_to_slash(scorer, truth, by_name),
            "confusions": confusions(truth, by_name),
        }
    if options.keep:
        lines = [json.dumps(one, ensure_ascii=False) for one in readings]
        options.keep.write_text("\n".join(lines) + "\n", "utf-8")
    failed = [one["file"] for one in readings if "error" in one]
    speed = {"seconds": round(seconds, 1), "workers": options.workers, "scans": len(readings)}
    if options.json:
        shown = {"table": table, "trust": trust, "failed": failed, **speed}
        print(json.dumps(shown, ensure_ascii=False))
        return
    print(markdown(table))
    for name, told in trust.items():
        print(
            f"\n{name}: {told['no_look']:.1%} of the letters need no look; confidence said, and what held:"
        )
        for row in told["reliability"]:
            print(f"| {name} | {row['from']} | {row['fields']} | {row['said']} | {row['right']} |")
        there, dated = told["dates_in_text"]
        begun, numbered = told["numbers_to_slash"]
        print(
            f"{name}: the date stands in the text on {there} of {dated} dated letters; "
            f"the number is right up to its slash on {begun} of {numbered}"
        )
        print(f"{name}, wrong and not asked about:", *told["silent"])
        print(f"{name}, read for printed:", *(f"{pair} {n}" for pair, n in told["confusions"]))
    print(
        f"\n{len(readings)} scans, {len(failed)} unread, {seconds:.0f} s, "
        f"{options.workers} processes"
    )


def load_scorer(path: Path) -> ModuleType:
    """Import the scorer from its file, so that there is one truth about what is right."""
    spec = importlib.util.spec_from_file_location("score", path)
    if spec is None or spec.loader is None or not path.is_file():
        sys.exit(f"{path} is not there; say where the scans are with --shared DIR")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read_all(paths: list[Path], options: argparse.Namespace) -> list[dict[str, Any]]:
    """Read the scans as `saraban read` does, in several processes."""
    with LetterProcesses(
        read_file,
        workers=options.workers,
        letters_per_worker=50,
        prepare=prepare,
        prepare_with=(None, options.office),
    ) as processes:
        return list(work_in_order(processes, paths, describe_failure))


def score(
    scorer: ModuleType, name: str, truth: dict[str, dict[str, Any]], read: dict[str, Any]
) -> dict[str, dict[str, float]]:
    """Return the scores a condition and in all; the keys are `samples / clean` and so on."""
    sums: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for file, wanted in truth.items():
        counts, _ = scorer.score_one(wanted, read.get(Path(file).name, {}))
        for part in {str(wanted.get("condition", "all")), "all"}:
            sums[f"{name} / {part}"] += counts
            sums[f"{name} / {part}"]["files"] += 1
    return {part: ratios(scorer, counts) for part, counts in sorted(sums.items())}


def trustworthy(
    scorer: ModuleType, truth: dict[str, dict[str, Any]], read: dict[str, Any]
) -> dict[str, Any]:
    """Return the share of letters that need no look, and how far the fields' confidence holds.

    A field is right when it is the truth's, or nearly so where the table above says "near".
    """
    outcomes, looked_at, silent = [], 0, []
    for file, wanted in truth.items():
        one = read.get(Path(file).name, {})
        asked = one.get("needs_review", ())
        looked_at += bool(one.get("needs_review", True))
        for name, found in one.get("fields", {}).items():
            key = scorer.TRUTH_KEY.get(name, name)
            if found.get("value") and key in wanted:
                right = is_right(scorer, name, wanted, str(found["value"]))
                outcomes.append((float(found["confidence"]), right))
                if not right and name not in asked:
                    silent.append(f"{Path(file).name}:{name}")
    return {
        "no_look": 1 - looked_at / len(truth),
        "reliability": reliability(outcomes),
        "silent": silent,
    }


def dates_in_text(
    scorer: ModuleType, truth: dict[str, dict[str, Any]], read: dict[str, Any]
) -> tuple[int, int]:
    """Return on how many letters the date stands in the text as printed, and how many have one.

    As the scorer folds both: white space and the kind of digits do not count.
    """
    dated = {
        Path(file).name: wanted["date"] for file, wanted in truth.items() if wanted.get("date")
    }
    there = sum(
        scorer.fold(date) in scorer.fold(read.get(name, {}).get("text") or "")
        for name, date in dated.items()
    )
    return there, len(dated)


def numbers_to_slash(
    scorer: ModuleType, truth: dict[str, dict[str, Any]], read: dict[str, Any]
) -> tuple[int, int]:
    """Return how many numbers with a slash are right up to it, and how many letters have one.

    What follows is written by hand on most real letters.
    """
    wanted = {
        Path(file).name: one["number"]
        for file, one in truth.items()
        if "/" in one.get("number", "")
    }
    right = 0
    for name, number in wanted.items():
        found = read.get(name, {}).get("fields", {}).get("number") or {}
        begin, true = (scorer.fold(one).split("/")[0] for one in (found.get("value") or "", number))
        right += begin == true
    return right, len(wanted)


def confusions(
    truth: dict[str, dict[str, Any]], read: dict[str, Any], most: int = 20
) -> list[tuple[str, int]]:
    """Return what was read instead of what, and how often; `-` is nothing. White space is ignored.

    Each printed line is aligned to its best place in the text, as for the CER.
    """
    pairs: collections.Counter[str] = collections.Counter()
    for file, wanted in truth.items():
        text = squeeze(read.get(Path(file).name, {}).get("text") or "")
        for line in filter(None, map(squeeze, wanted.get("text") or ())) if text else ():
            path = edlib.align(line, text, mode="HW", task="path")
            nice = edlib.getNiceAlignment(path, line, text)
            aligned = zip(nice["query_aligned"], nice["target_aligned"], strict=True)
            pairs.update(f"{printed}>{got}" for printed, got in aligned if printed != got)
    return pairs.most_common(most)


def is_right(scorer: ModuleType, field: str, wanted: dict[str, Any], value: str) -> bool:
    """Tell whether a field's value is the truth's, by the scorer's rules."""
    true = wanted[scorer.TRUTH_KEY.get(field, field)] or ""
    if field == "date":
        return bool(scorer.iso(value) == (wanted.get("date_iso") or scorer.iso(true)))
    true, value = scorer.fold(true), scorer.fold(value)
    may_differ = field in {"sender", "recipient", "subject"}
    return bool(true == value or (may_differ and scorer.near(true, value)))


def ratios(scorer: ModuleType, counts: collections.Counter[str]) -> dict[str, float]:
    """Turn counts into shares; a share of nothing is left out."""
    result: dict[str, float] = {"files": counts["files"]}
    pairs = {
        "cer": ("edits", "chars"),
        "thai_digits": ("digits_ok", "digits"),
        "silent_error": ("silent", "unflagged"),
    }
    for field in (*scorer.FIELDS, "kind", "group"):
        pairs[field] = (f"{field}_ok", f"{field}_n")
        pairs[f"{field}_near"] = (f"{field}_near", f"{field}_n")
    for key, (part, whole) in pairs.items():
        if counts[whole]:
            result[key] = round(counts[part] / counts[whole], 4)
    return result


def markdown(table: dict[str, dict[str, float]]) -> str:
    """Return the table as a reader of docs/quality.md sees it; shares in per cent."""
    lines = [
        "| set / condition | " + " | ".join(COLUMNS.values()) + " |",
        "|---|" + "---:|" * len(COLUMNS),
    ]
    for part, values in table.items():
        cells = [
            ""
            if key not in values
            else str(int(values[key]))
            if key == "files"
            else f"{values[key]:.1%}"
            for key in COLUMNS
        ]
        lines.append(f"| {part} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
