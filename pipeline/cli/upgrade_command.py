"""`saraban upgrade`: bring the book up to date with this program, or say what that would change."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from pathlib import Path

import click

from index.upgrading import Upgrade, find_upgrade
from pipeline.cli.options import AS_JSON, OFFICE
from pipeline.errors import MissingPieceError
from pipeline.office import open_book, open_office, sole_server

MEGABYTE = 1 << 20


@click.command()
@OFFICE
@click.option(
    "--check", "only_look", is_flag=True, help="Say what would change, and change nothing."
)
@AS_JSON
def command(office_folder: Path, only_look: bool, as_json: bool) -> None:
    """Bring the office's book up to date with this program; stop the server first.

    All or nothing: a power cut in the middle leaves the book as it was. There is no way back but the
    backup, so make one with the program that is running now: saraban backup. `serve` and every other
    command do the same when they first open an older book.
    """
    office = open_office(office_folder)
    found = find_upgrade(office.database)
    free = shutil.disk_usage(office.root).free
    enough = free >= found.needed_bytes
    if as_json:
        click.echo(json.dumps(asdict(found) | {"free_bytes": free, "enough": enough}))
    else:
        _tell(found, free)
    if not enough:
        raise MissingPieceError([f"{found.needed_bytes // MEGABYTE} MB of free disk"])
    if only_look or not found.changes:
        return
    with sole_server(office):  # whoever is at work must not have the tables changed under it
        open_book(office, only_looks=True).close()
    if not as_json:
        click.echo(f"ปรับรุ่นทะเบียนเป็น {found.newest} แล้ว / the book is up to date")


def _tell(found: Upgrade, free: int) -> None:
    if not found.changes:
        click.echo(f"ทะเบียนรุ่น {found.revision} ใช้กับโปรแกรมนี้ได้ทันที / the book is up to date")
        return
    click.echo(f"ทะเบียนรุ่น {found.revision} → {found.newest} / what changes in the book:")
    for revision, what in found.changes:
        click.echo(f"    {revision}  {what.splitlines()[0]}")
    click.echo(
        f"ต้องมีที่ว่าง {found.needed_bytes // MEGABYTE} MB ขณะนี้มี {free // MEGABYTE} MB / disk wanted, free"
    )
    click.echo("ย้อนกลับได้ด้วยชุดสำรองเท่านั้น โปรดสำรองก่อน / the way back is the backup, make one first:")
    click.echo("    saraban backup")
