"""How many changes of behaviour the tests notice; `./test --mutants` prints those that none did.

cosmic-ray changes one operator, condition, number or loop of the product in a copy of the tree, and the unit
tests that belong to the file run. Annotations and decorators are left:
a change there changes no behaviour. Without options all files of the aimed packages are sampled (nightly);
`--since REV` takes only those that a change touched.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from queue import SimpleQueue

import cosmic_ray.plugins
from cosmic_ray.ast import ast_nodes, get_ast_from_path
from cosmic_ray.mutating import apply_mutation

ROOT = Path(__file__).resolve().parent.parent
AIMED = (
    "watch_folder",
    "classify",
    "index/retention",
    "index/visibility.py",
    "index/register/received",
    "pipeline/worker.py",
)
"""Where a silent change does most harm: what is received, decided, hidden, destroyed."""
BESIDE: dict[str, tuple[str, ...]] = {
    "watch_folder": tuple(
        str(path.relative_to(ROOT)) for path in sorted(ROOT.glob("tests/faults/test_receive_*.py"))
    ),
    "classify": ("tests/property/test_dates.py", "tests/property/test_numbers.py"),
    "index/visibility.py": ("tests/property/test_register_visibility.py",),
    "index/retention": ("tests/property/test_destruction.py",),
    "pipeline/worker.py": ("tests/unit/pipeline/test_worker.py",),
}
USED = (
    "core/AddNot",
    "core/ReplaceAndWithOr",
    "core/ReplaceOrWithAnd",
    "core/ReplaceTrueWithFalse",
    "core/ReplaceFalseWithTrue",
    "core/ReplaceComparisonOperator_Lt_LtE",
    "core/ReplaceComparisonOperator_Lt_GtE",
    "core/ReplaceComparisonOperator_LtE_Lt",
    "core/ReplaceComparisonOperator_Gt_GtE",
    "core/ReplaceComparisonOperator_Gt_LtE",
    "core/ReplaceComparisonOperator_GtE_Gt",
    "core/ReplaceComparisonOperator_Eq_NotEq",
    "core/ReplaceComparisonOperator_NotEq_Eq",
    "core/ReplaceComparisonOperator_Is_IsNot",
    "core/ReplaceComparisonOperator_IsNot_Is",
    "core/ReplaceComparisonOperator_In_NotIn",
    "core/ReplaceComparisonOperator_NotIn_In",
    "core/ReplaceBinaryOperator_Add_Sub",
    "core/ReplaceBinaryOperator_Sub_Add",
    "core/ReplaceBinaryOperator_Mul_Div",
    "core/ReplaceBinaryOperator_Div_Mul",
    "core/ReplaceBinaryOperator_FloorDiv_Mul",
    "core/ReplaceBreakWithContinue",
    "core/ReplaceContinueWithBreak",
    "core/ReplaceUnaryOperator_Delete_Not",
    "core/ZeroIterationForLoop",
)
"""Changes a person could make by mistake. Numbers are mostly thresholds with a sweep; types hold the rest."""
SLOWER = 4.0  # times the unchanged tests' time: then a mutant counts as noticed, it hangs


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: the file, where in it, and cosmic-ray's name and number for it."""

    path: str
    line: int
    operator: str
    occurrence: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a mutant; `change` is the changed line."""

    mutant: Mutant
    noticed: bool
    change: str


def mutants_of(path: Path, name: str) -> Iterator[Mutant]:
    """Yield every change that cosmic-ray can make in a file, but for those that change no behaviour."""
    silent = set(_silent_lines(path.read_text(encoding="utf-8")))
    tree = get_ast_from_path(path)
    for operator_name in cosmic_ray.plugins.operator_names():
        operator = cosmic_ray.plugins.get_operator(operator_name)
        if operator_name not in USED:
            continue
        places = (
            start for node in ast_nodes(tree) for start, _end in operator().mutation_positions(node)
        )
        for occurrence, start in enumerate(places):
            if start not in silent and (start[0], None) not in silent:
                yield Mutant(name, start[0], operator_name, occurrence)


def _silent_lines(text: str) -> Iterator[tuple[int, int | None]]:
    """Yield places inside annotations, and whole lines of decorators and of types' names."""
    for node in ast.walk(ast.parse(text)):
        parts: list[ast.expr | None] = []
        if isinstance(node, ast.arg | ast.AnnAssign):
            parts.append(node.annotation)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            parts.append(node.returns)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            for one in node.decorator_list:
                yield from ((line, None) for line in range(one.lineno, (one.end_lineno or 0) + 1))
        for part in filter(None, parts):
            yield from ((line, None) for line in range(part.lineno, (part.end_lineno or 0) + 1))


def tests_of(name: str) -> list[str]:
    """Return the tests that belong to a file: its room's unit tests, and what `BESIDE` adds."""
    beside = [test for start, tests in BESIDE.items() if name.startswith(start) for test in tests]
    own = ROOT / "tests" / "unit" / Path(name).parent / f"test_{Path(name).stem}.py"
    if name.endswith(("visibility.py", "worker.py")) and own.exists():
        return [str(own.relative_to(ROOT)), *(one for one in beside if one not in str(own))]
    room = Path(name).parent
    while not any((ROOT / "tests" / "unit" / room).glob("test_*.py")) and room != Path():
        room = room.parent
    return [f"tests/unit/{room}", *beside]


def changed_files(since: str) -> list[str]:
    """Return the files of the aimed packages that differ from a commit."""
    listed = subprocess.run(
        ["git", "diff", "--name-only", "--diff-filter=d", since, "--", *AIMED],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    return sorted(name for name in listed if name.endswith(".py"))


def all_files() -> list[str]:
    """Return every file of the aimed packages."""
    found = [ROOT / place for place in AIMED]
    files = [path for one in found for path in ([one] if one.is_file() else one.rglob("*.py"))]
    return sorted(str(path.relative_to(ROOT)) for path in files)


def copy_tree(folder: Path) -> Path:
    """Copy what git tracks, or would, into a folder of its own."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    for name in listed:
        source = ROOT / name.strip('"')
        if source.is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, folder / name)
    return folder


def run_tests(tree: Path, tests: Sequence[str], timeout_seconds: float) -> bool:
    """Tell whether the tests pass in a copy of the tree; False too when they hang."""
    options = ("-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist")
    command = [sys.executable, "-B", "-m", "pytest", *options]
    try:
        done = subprocess.run(
            [*command, *tests],
            cwd=tree,
            capture_output=True,
            timeout=timeout_seconds,
            check=False,
            env={**os.environ, "PYTHONPATH": str(tree), "OMP_THREAD_LIMIT": "1"},
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def judge(mutant: Mutant, tree: Path, timeout_seconds: float) -> Verdict | None:
    """Make the change in the copy, run the tests, and put the file back; None when nothing changes."""
    path = tree / mutant.path
    before = path.read_text(encoding="utf-8")
    operator = cosmic_ray.plugins.get_operator(mutant.operator)()
    try:
        _same, after = apply_mutation(path, operator, mutant.occurrence)
        if after is None or after == before:
            return None
        passed = run_tests(tree, tests_of(mutant.path), timeout_seconds)
    finally:
        path.write_text(before, encoding="utf-8")
    both = zip(before.splitlines(), after.splitlines(), strict=False)
    changed = [new for old, new in both if old != new]
    return Verdict(mutant, not passed, changed[0].strip() if changed else "")


def sample(files: Sequence[str], size: int, seed: int) -> list[Mutant]:
    """Return mutants of the files in a drawn order, each place once."""
    draw = random.Random(seed)  # noqa: S311
    every = [mutant for name in files for mutant in mutants_of(ROOT / name, name)]
    draw.shuffle(every)
    places: dict[tuple[str, int], Mutant] = {}
    for mutant in every:
        places.setdefault((mutant.path, mutant.line), mutant)
    return list(places.values())[:size]


def judge_all(chosen: Sequence[Mutant], minutes: float, jobs: int) -> list[Verdict]:
    """Judge mutants side by side, each job in its own copy, until the time is up."""
    until = time.monotonic() + minutes * 60
    with tempfile.TemporaryDirectory(prefix="mutants-") as scratch:
        trees: SimpleQueue[Path] = SimpleQueue()
        for job in range(jobs):
            trees.put(copy_tree(Path(scratch) / str(job)))
        known: dict[tuple[str, ...], float] = {}
        for mutant in chosen:
            tests = tuple(tests_of(mutant.path))
            if tests not in known:
                started, tree = time.monotonic(), trees.get()
                if not run_tests(tree, tests, 600):
                    raise SystemExit(f"the unchanged tests fail: {' '.join(tests)}")
                trees.put(tree)
                known[tests] = SLOWER * (time.monotonic() - started) + 5

        def in_turn(mutant: Mutant) -> Verdict | None:
            if time.monotonic() > until:
                return None
            tree = trees.get()
            try:
                return judge(mutant, tree, known[tuple(tests_of(mutant.path))])
            finally:
                trees.put(tree)

        with ThreadPoolExecutor(jobs) as pool:
            return [verdict for verdict in pool.map(in_turn, chosen) if verdict is not None]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the share of mutants that survive, and each of them."""
    parser = argparse.ArgumentParser(prog="./test --mutants", description=__doc__)
    parser.add_argument("--since", help="only files that differ from this commit")
    parser.add_argument("--only", action="append", default=[], help="only files that start so")
    parser.add_argument("--sample", type=int, default=60, help="how many at most (default 60)")
    parser.add_argument("--minutes", type=float, default=15, help="then it stops (default 15)")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--at-most", type=float, help="fail when more per hundred survive")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(arguments)
    files = changed_files(asked.since) if asked.since else all_files()
    files = [name for name in files if name.startswith(tuple(asked.only) or "")]
    verdicts = judge_all(sample(files, asked.sample, asked.seed), asked.minutes, asked.jobs)
    survivors = [verdict for verdict in verdicts if not verdict.noticed]
    share = 100 * len(survivors) / len(verdicts) if verdicts else 0.0
    if asked.json:
        figures = {"mutants": len(verdicts), "survived": len(survivors), "percent": round(share, 1)}
        print(json.dumps({**figures, "survivors": [asdict(one) for one in survivors]}, indent=1))
    else:
        for one in survivors:
            print(f"{one.mutant.path}:{one.mutant.line}: {one.change}   [{one.mutant.operator}]")
        print(f"{len(survivors)} of {len(verdicts)} mutants survived ({share:.1f} %)")
    return int(asked.at_most is not None and share > asked.at_most)


if __name__ == "__main__":
    sys.exit(main())
