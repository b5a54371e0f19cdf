"""`saraban check`: archive, book and index agree."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from pipeline.audit import find_disagreements
from pipeline.cli.options import AS_JSON, OFFICE
from pipeline.errors import DisagreementError
from pipeline.finder import Finder
from pipeline.office import open_book, open_office


@click.command()
@OFFICE
@AS_JSON
def command(office_folder: Path, as_json: bool) -> None:
    """Prove that archive, book and index agree; exit code 9 when they do not.

    Reads every archived file, checks numbers for gaps and doubles, and the audit trail's seal.
    """
    office = open_office(office_folder)
    finder = Finder(office.search_index, office.settings.search.engine, {})
    with open_book(office, only_looks=True) as book:
        wrong = list(find_disagreements(office, book, finder, _tell))
    finder.close()
    if as_json:
        click.echo(json.dumps([asdict(one) for one in wrong], ensure_ascii=False))
    else:
        for one in wrong:
            click.echo(f"{one.where}: {one.what}; {one.remedy}")
    if wrong:
        raise DisagreementError(len(wrong))
    if not as_json:
        click.echo("ทะเบียน คลังไฟล์ และดัชนีตรงกัน / book, archive and index agree")


def _tell(part: str) -> None:
    if sys.stderr.isatty():
        click.echo(f"… {part}", err=True)
