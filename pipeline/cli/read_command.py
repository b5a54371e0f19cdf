"""`saraban read`: what is on the page, as JSON, without an office."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

from pipeline.cli.progress import with_progress
from pipeline.processes import LetterProcesses, work_in_order
from pipeline.read_files import SOME_FAILED, describe_failure, prepare, read_file
from pipeline.reading import Json

LETTERS_PER_WORKER = 50


@click.command()
@click.argument(
    "files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option("--jsonl", is_flag=True, help="One JSON object a line (otherwise: for people).")
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    help="Files read at the same time.  [default: one for each core]",
)
@click.option(
    "--rules",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="A folder of rule files instead of those that come with Saraban.",
)
def command(files: tuple[Path, ...], jsonl: bool, workers: int | None, rules: Path | None) -> int:
    """Read FILEs and print what is on them; nothing is registered.

    A file that cannot be read gives {"file", "error"}, the others go on, and the exit code is 8.
    """
    count = min(workers or os.cpu_count() or 1, len(files))
    failed = 0
    with LetterProcesses(
        read_file,
        workers=count,
        letters_per_worker=LETTERS_PER_WORKER,
        prepare=prepare,
        prepare_with=(rules,),
    ) as processes:
        readings = work_in_order(processes, files, describe_failure)
        for reading in with_progress(readings, total=len(files), what="อ่าน / reading"):
            failed += "error" in reading
            click.echo(json.dumps(reading, ensure_ascii=False) if jsonl else _for_people(reading))
    return SOME_FAILED if failed else 0


def _for_people(reading: Json) -> str:
    if "error" in reading:
        return f"{reading['file']}\n  {reading['thai']}\n  {reading['error']}"
    shown = {
        name: f"{found['value']}  ({found['confidence']:.0%})"
        for name, found in reading["fields"].items()
        if found["value"]
    }
    shown |= {name: reading[name] for name in ("kind", "group")}
    shown["review"] = ", ".join(reading["needs_review"]) or "-"
    return "\n".join([reading["file"], *(f"  {name:<10} {it}" for name, it in shown.items())])
