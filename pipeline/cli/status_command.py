"""`saraban status`: how many files stand where."""

from __future__ import annotations

import json
from pathlib import Path

import click

from pipeline.cli.options import AS_JSON, OFFICE
from pipeline.office import open_book, open_office
from pipeline.viewers import AT_THIS_MACHINE

THAI = {
    "received": "รับเข้ามา",
    "filed": "ลงทะเบียนแล้ว",
    "waiting": "รออ่าน",
    "quarantined": "กักไว้",
    "dismissed": "คัดออก",
    "duplicates": "ซ้ำ",
    "review": "รอธุรการตรวจ",
}


@click.command()
@OFFICE
@AS_JSON
def command(office_folder: Path, as_json: bool) -> None:
    """Count what came in, what is filed, waiting, quarantined, dismissed from there, a duplicate, and to be checked."""
    with open_book(open_office(office_folder), only_looks=True) as book:
        counts = book.letters.count_states(AT_THIS_MACHINE)
    shown = {
        "received": counts.received,
        "filed": counts.filed,
        "waiting": counts.waiting + counts.working,
        "quarantined": counts.quarantined,
        "dismissed": counts.dismissed,
        "duplicates": counts.duplicates,
        "review": counts.review,
    }
    if as_json:
        click.echo(json.dumps(shown))
        return
    for name, count in shown.items():
        click.echo(f"{count:>8}  {THAI[name]} / {name}")
    click.echo(counts.sentence if counts.add_up else f"{counts.sentence}: saraban check")
