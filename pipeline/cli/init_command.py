"""`saraban init`: make a folder an office."""

from __future__ import annotations

from pathlib import Path

import click

from classify import install_default_rules
from pipeline.office import create_office


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
def command(folder: Path) -> None:
    """Make DIR an office: inbox, archive, quarantine, rules, saraban.toml and the book.

    Doing it again completes what is missing and leaves alone what was edited.
    """
    office = create_office(folder)
    install_default_rules(office.rules)
    click.echo(f"สำนักงานพร้อมแล้ว / office ready: {office.root}")
