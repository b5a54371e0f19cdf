"""Kill the indexer at random moments and look whether anything acknowledged was lost.

`python benchmarks/search_kill_soak.py --engine tantivy --kills 50` starts an indexer in a process of
its own, kills it with SIGKILL in the middle of its batches, opens the index again and compares it
with the list of letters the indexer had acknowledged. Prints JSON; exits 1 when a letter is missing.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from index.search import open_index
from tests.searching import TODAY

ROOT = Path(__file__).resolve().parents[1]
INDEXER = """
import os, sys
from pathlib import Path
from index.search import Upsert, open_index
from tests.searching import letter
folder, acknowledged, first = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
index = open_index(folder)
with acknowledged.open("a") as note:
    for start in range(first, first + 100_000, 5):
        batch = range(start, start + 5)
        index.apply(Upsert(letter(one, subject=f"เรื่องที่ {one}")) for one in batch)
        note.writelines(f"{one}\\n" for one in batch)
        note.flush()
        os.fsync(note.fileno())
        if start == first:
            print("at work", flush=True)
"""


def soak(folder: Path, engine: str, kills: int, seed: int = 1) -> dict[str, int]:
    """Kill an indexer `kills` times; return how many letters were acknowledged, there, and lost."""
    rng = random.Random(seed)  # noqa: S311 - repeatable moments
    acknowledged = folder / "acknowledged.txt"
    acknowledged.touch()
    open_index(folder / "search", engine).close()
    lost = wrong = 0
    for _ in range(kills):
        known = [int(line) for line in acknowledged.read_text().split()]
        arguments = [str(folder / "search"), str(acknowledged), str(max(known, default=0) + 1_000)]
        with subprocess.Popen(
            [sys.executable, "-c", INDEXER, *arguments], cwd=ROOT, stdout=subprocess.PIPE
        ) as indexer:
            assert indexer.stdout is not None
            indexer.stdout.readline()
            time.sleep(rng.uniform(0.05, 1.2))
            indexer.kill()
        index = open_index(folder / "search")
        there = {key.id for key in index.revisions()}
        lost += len({int(line) for line in acknowledged.read_text().split()} - there)
        wrong += index.search("เรื่องที่", today=TODAY).total != len(there)
        index.close()
    return {
        "kills": kills,
        "acknowledged": len(acknowledged.read_text().split()),
        "in_index": len(there),
        "lost": lost,
        "searches_wrong": wrong,
    }


def main() -> None:
    """Soak and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", default="tantivy")
    parser.add_argument("--kills", type=int, default=50)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report = soak(Path(folder), options.engine, options.kills)
    print(json.dumps({"engine": options.engine, **report}))
    sys.exit(1 if report["lost"] or report["searches_wrong"] else 0)


if __name__ == "__main__":
    main()
