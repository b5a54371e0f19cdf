"""Play office-days: `python -m tests.simulator --days 1000`, and one again with `--seed N --story`."""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
import time
from collections import Counter
from pathlib import Path

from classify import install_default_rules, load_rules
from pipeline.office import create_office, open_book
from tests.simulator.play import Play
from tests.simulator.promises import BrokenPromiseError

MEMORY = Path("/dev/shm")  # noqa: S108 - where there is one: nothing of a play is to last
DAYS_AN_OFFICE = 5


def main() -> None:
    """Play offices of five days each until there are enough days; print what happened as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=DAYS_AN_OFFICE)
    parser.add_argument("--seed", type=int, default=1, help="the first office's; the others follow")
    parser.add_argument("--story", action="store_true", help="tell what happened")
    asked = parser.parse_args()
    where = MEMORY if MEMORY.is_dir() else None
    counts: Counter[str] = Counter()
    broken: list[int] = []
    began = time.process_time()
    with tempfile.TemporaryDirectory(prefix="saraban-play-", dir=where) as folder:
        made = make_office(Path(folder) / "made")
        rules = load_rules()
        offices = -(-asked.days // DAYS_AN_OFFICE)
        for seed in range(asked.seed, asked.seed + offices):
            root = Path(shutil.copytree(made, Path(folder) / f"office{seed}"))
            play = Play(root, seed, rules)
            try:
                play.run(min(asked.days, DAYS_AN_OFFICE))
            except BrokenPromiseError as broke:
                broken.append(seed)
                print(f"seed {seed}: {broke}", flush=True)
            counts.update(play.told.counts)
            if asked.story:
                print("\n".join(play.told.story))
            for path in Path(folder).glob(f"office{seed}*"):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
    counts["cpu seconds"] = round(time.process_time() - began)
    print(json.dumps({"broken": broken, **counts}))
    raise SystemExit(1 if broken else 0)


def make_office(root: Path) -> Path:
    """Make an office with rules and an empty book, to be copied."""
    office = create_office(root)
    install_default_rules(office.rules)
    open_book(office).close()
    return root


if __name__ == "__main__":
    main()
