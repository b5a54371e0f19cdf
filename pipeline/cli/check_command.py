"""`saraban check`: archive, book and index agree."""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from index.book import Book
from pipeline.audit import find_disagreements
from pipeline.cli.options import AS_JSON, OFFICE
from pipeline.errors import DisagreementError
from pipeline.finder import Finder
from pipeline.indexer import Indexer
from pipeline.night_check import note_check
from pipeline.office import Office, open_book, open_office
from pipeline.rules_in_force import RulesInForce


@click.command()
@OFFICE
@AS_JSON
@click.option(
    "--repair", is_flag=True, help="Make anew what is derived: the search index, page pictures."
)
def command(office_folder: Path, as_json: bool, repair: bool) -> None:
    """Prove that archive, book and index agree; exit code 9 when they do not.

    Reads every archived file, checks numbers for gaps and doubles, and the audit trail's seal.
    """
    office = open_office(office_folder)
    finder = Finder(office.search_index, office.settings.search.engine, {})
    with open_book(office, only_looks=not repair) as book:
        if repair:
            _make_anew(office, book)
        wrong = list(find_disagreements(office, book, finder, _tell))
    finder.close()
    note_check(office, datetime.now(UTC), len(wrong))
    if as_json:
        click.echo(json.dumps([asdict(one) for one in wrong], ensure_ascii=False))
    else:
        for one in wrong:
            click.echo(f"{one.where}: {one.what}; {one.remedy}")
    if wrong:
        raise DisagreementError(len(wrong))
    if not as_json:
        click.echo("ทะเบียน คลังไฟล์ และดัชนีตรงกัน / book, archive and index agree")


def _make_anew(office: Office, book: Book) -> None:
    """Build the index from the book, and let page pictures be drawn again when they are asked for."""
    _tell("ดัชนีและภาพหน้า / index and page pictures")
    rules = RulesInForce(office.rules, office.kept_rules).current()
    names = {one.code: one.name for one in rules.groups.groups}
    indexer = Indexer(office.search_index, office.settings.search.engine, book, names)
    indexer.rebuild()
    while indexer.step():
        pass
    indexer.close()
    shutil.rmtree(office.pictures, ignore_errors=True)


def _tell(part: str) -> None:
    if sys.stderr.isatty():
        click.echo(f"… {part}", err=True)
