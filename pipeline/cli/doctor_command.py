"""`saraban doctor`: what is installed, what is not."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from pipeline.cli.options import AS_JSON
from pipeline.doctor import examine
from pipeline.errors import MissingPieceError
from pipeline.office import open_office


@click.command()
@click.option("--office", type=click.Path(path_type=Path), help="Look at this office too.")
@AS_JSON
def command(office: Path | None, as_json: bool) -> None:
    """Say what is installed and what is missing; exit code 10 when something needed is missing."""
    findings = list(examine(open_office(office) if office else None))
    if as_json:
        click.echo(json.dumps([asdict(one) for one in findings], ensure_ascii=False))
    else:
        for one in findings:
            sign = "ok" if one.good else "MISSING" if one.needed else "-"
            click.echo(f"{sign:<8} {one.name:<18} {one.detail}")
    missing = [one.name for one in findings if one.needed and not one.good]
    if missing:
        raise MissingPieceError(missing)
