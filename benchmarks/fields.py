"""How right the fields are: score, reliability of the confidence, letters that need no look, silent errors.

usage (from the checkout):
  python -m benchmarks.fields TRUTH.json (--perfect | --documents CACHE.pickle) [--errors] [--reads OUT.jsonl]

`--perfect` lays the truth's own lines out on pages, so that deciding is measured without reading;
`--documents` takes pages already read: a pickled dict of file name to RecognizedDocument. Prints JSON.
The scoring rule is `tools/score.py` of the project's shared folder.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import pickle
import sys
from collections import Counter
from collections.abc import Iterable
from datetime import date
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

from classify import decide, find_fields, lay_out_document, load_rules
from classify.letter import Decision, Letter
from ocr.document import RecognizedDocument
from tests.paper import page_of

FIELDS = ("number", "date", "sender", "recipient", "subject", "urgency", "secrecy")
BINS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 1.01)


def as_json(
    name: str, document: RecognizedDocument, letter: Letter, decision: Decision
) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for field in FIELDS:
        found = getattr(letter, field)
        if found is not None:
            value = found.value.isoformat() if field == "date" else str(found.value)
            fields[field] = {"value": value, "confidence": found.confidence, "how": found.how}
    return {
        "file": name,
        "text": document.text,
        "kind": letter.kind.value.value,
        "fields": fields,
        "group": decision.group,
        "needs_review": list(decision.needs_review),
    }


def documents_of(args: argparse.Namespace, truth: dict[str, Any]) -> dict[str, RecognizedDocument]:
    if args.documents:
        cached: dict[str, RecognizedDocument] = pickle.loads(Path(args.documents).read_bytes())  # noqa: S301 - our own file
        return {name: cached[name] for name in truth if name in cached}
    return {
        name: page_of(entry["kind"], entry["text"], name=name, label_apart=index % 2 == 0)
        for index, (name, entry) in enumerate(truth.items())
        if entry.get("text")
    }


def load_scorer(path: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def reliability(outcomes: Iterable[tuple[float, bool]]) -> list[dict[str, float]]:
    """Group (confidence, right) into bins: what was said and what came true."""
    pairs = list(outcomes)
    table = []
    for low, high in pairwise(BINS):
        inside = [(said, right) for said, right in pairs if low <= said < high]
        if inside:
            table.append(
                {
                    "from": low,
                    "fields": len(inside),
                    "said": round(sum(said for said, _ in inside) / len(inside), 3),
                    "right": round(sum(right for _, right in inside) / len(inside), 3),
                }
            )
    return table


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("truth")
    parser.add_argument("--perfect", action="store_true")
    parser.add_argument("--documents")
    parser.add_argument("--score", default=str(Path(__file__).parents[2] / "shared/tools/score.py"))
    parser.add_argument("--reads", help="also write what was read, for score.py")
    parser.add_argument("--today", default=date.today().isoformat())  # noqa: DTZ011 - a measuring run
    parser.add_argument("--errors", action="store_true")
    args = parser.parse_args()
    truth = json.loads(Path(args.truth).read_text("utf-8"))
    scorer = load_scorer(args.score)
    rules = load_rules()
    reads, outcomes, untouched, total = [], [], 0, Counter[str]()
    for name, document in documents_of(args, truth).items():
        letter = find_fields(
            lay_out_document(document),
            agencies=rules.agencies,
            today=date.fromisoformat(args.today),
        )
        decision = decide(letter, document, rules)
        read = as_json(name, document, letter, decision)
        reads.append(read)
        # Orders and announcements print no recipient; the truth names one all the same.
        want = dict(truth[name])
        if want["kind"] in ("order", "announce"):
            want.pop("to", None)
        counts, wrong = scorer.score_one({**want, "text": None}, read)
        total += counts
        missed = {item[0] for item in wrong}
        outcomes += [
            (field, getattr(letter, field).confidence, field not in missed)
            for field in FIELDS
            if getattr(letter, field) is not None
        ]
        untouched += not [f for f in decision.needs_review if f != "recipient" or "to" in want]
        if args.errors:
            for item in wrong:
                print(name, *item, sep="\t", file=sys.stderr)
    if args.reads:
        Path(args.reads).write_text(
            "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in reads), "utf-8"
        )
    print(json.dumps(report(total, outcomes, untouched, len(reads)), ensure_ascii=False, indent=1))


def report(
    total: Counter[str], outcomes: list[tuple[str, float, bool]], untouched: int, letters: int
) -> dict[str, Any]:
    shares = {}
    for field in (*FIELDS, "kind", "group"):
        if total[f"{field}_n"]:
            near = f"{field}_near" if field in ("subject", "sender", "recipient") else f"{field}_ok"
            shares[field] = round(total[near] / total[f"{field}_n"], 4)
    return {
        "letters": letters,
        "right": shares,
        "silent_error": round(total["silent"] / max(1, total["unflagged"]), 4),
        "silent": total["silent"],
        "unflagged": total["unflagged"],
        "no_look_needed": round(untouched / max(1, letters), 4),
        "reliability": reliability((said, right) for _, said, right in outcomes),
    }


if __name__ == "__main__":
    main()
