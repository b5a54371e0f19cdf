"""`saraban index`: the search index."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.options import OFFICE
from pipeline.indexer import Indexer
from pipeline.office import open_book, open_office
from pipeline.rules_in_force import RulesInForce
from pipeline.settings import SEARCH_ENGINES


@click.group()
def command() -> None:
    """Rebuild the search index."""


@command.command()
@OFFICE
@click.option(
    "--engine",
    type=click.Choice(SEARCH_ENGINES),
    help="Which engine is to keep it.  [default: as saraban.toml says]",
)
def rebuild(office_folder: Path, engine: str | None) -> None:
    """Build the index anew from the book; searches go on with the old one until it is whole."""
    office = open_office(office_folder)
    rules = RulesInForce(office.rules, office.kept_rules).current()
    names = {one.code: one.name for one in rules.groups.groups}
    with open_book(office) as book:
        indexer = Indexer(office.search_index, engine or office.settings.search.engine, book, names)
        count = indexer.rebuild()
        indexer.close()
    click.echo(f"สร้างดัชนีใหม่แล้ว {count} ฉบับ / index rebuilt, {count} letter(s)")
