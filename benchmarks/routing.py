"""How well letters are routed: labelled subjects, with and without reading errors.

usage (from the checkout): python -m benchmarks.routing SUBJECTS.tsv [--errors] [--seed 1]

Columns read: subject, group_no, alt_group_nos, sender_agency, letter_no, letter_no_is, source. Noise
drops, swaps or inserts Thai signs at the given rate, marks first, as scanners do. Prints JSON.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import sys
from pathlib import Path

from classify import Case, load_rules, replay
from classify.rules import RuleSet

MARKS = "ัิีึืุู็่้๊๋์"
CONFUSED = {
    "ค": "ด",
    "ด": "ค",
    "ภ": "ถ",
    "ถ": "ภ",
    "ม": "น",
    "น": "ม",
    "ช": "ซ",
    "ร": "ธ",
    "บ": "ป",
    "ป": "บ",
    "พ": "ฟ",
    "ว": "า",
    "ข": "ช",
    "ศ": "ค",
    "ล": "ส",
    "ส": "ล",
    "ง": "ว",
}


def read_cases(path: Path, rules: RuleSet) -> list[Case]:
    codes = [group.code for group in rules.groups.groups]
    cases = []
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            also = [codes[int(no) - 1] for no in row["alt_group_nos"].split(",") if no.strip()]
            number = row["letter_no"] if any(c.isdigit() for c in row["letter_no"]) else ""
            cases.append(
                Case(
                    row["subject"],
                    codes[int(row["group_no"]) - 1],
                    number=number,
                    sender=row["sender_agency"],
                    also=tuple(also),
                    origin=row["source"],
                )
            )
    return cases


def spoil(text: str, rate: float, dice: random.Random) -> str:
    out = []
    for char in text:
        if dice.random() >= rate * (2 if char in MARKS else 0.7):
            out.append(char)
        elif char in MARKS:
            out.append(dice.choice(["", "", dice.choice(MARKS)]))
        else:
            out.append(CONFUSED.get(char, "" if dice.random() < 0.5 else char + " "))
    return "".join(out)


def spoiled(case: Case, rate: float, dice: random.Random) -> Case:
    return Case(
        spoil(case.subject, rate, dice),
        case.group,
        case.number,
        case.sender,
        "",
        case.also,
        case.origin,
    )


def shares(cases: list[Case], rules: RuleSet) -> dict[str, float | int]:
    report = replay(rules, cases)
    return {
        "letters": len(cases),
        "first_choice": round(report.right / len(cases), 4),
        "accepted": round(report.accepted / len(cases), 4),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("subjects", type=Path)
    parser.add_argument("--rules", type=Path)
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    rules = load_rules(args.rules)
    cases = read_cases(args.subjects, rules)
    bare = [Case(c.subject, c.group, also=c.also, origin=c.origin) for c in cases]
    dice = random.Random(args.seed)  # noqa: S311 - repeatable noise
    result = {
        "all": shares(cases, rules),
        "real": shares([c for c in cases if c.origin == "real"], rules),
        "subject_only": shares(bare, rules),
        "even_half": shares(cases[0::2], rules),
        "odd_half": shares(cases[1::2], rules),
    }
    for rate in (0.01, 0.03, 0.08):
        result[f"noise_{rate:.0%}"] = shares([spoiled(c, rate, dice) for c in cases], rules)
    print(json.dumps(result, ensure_ascii=False, indent=1))
    if args.errors:
        for item in replay(rules, cases).replayed:
            if not item.is_right:
                mark = "also" if item.is_accepted else "WRONG"
                print(
                    mark,
                    item.case.group,
                    item.group,
                    item.case.number,
                    item.case.sender,
                    item.case.subject[:90],
                    sep="\t",
                    file=sys.stderr,
                )


if __name__ == "__main__":
    main()
