"""`saraban service`: make an office a service of this machine, or end that."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from pipeline.cli.options import OFFICE
from pipeline.office import open_office
from pipeline.service import OUT_OF_FORCE, Service, find_program, put_into_force
from pipeline.service import install as write_files
from pipeline.service import uninstall as remove_files

ROOT = click.option(
    "--root",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("/"),
    show_default=True,
    help="Write below this folder, as for another machine's disk.",
)


@click.group()
def command() -> None:
    """Make an office a service of this machine (systemd), or end that; run as root."""


@command.command("install")
@OFFICE
@ROOT
@click.option("--user", default="saraban", show_default=True, help="Who runs it; made if missing.")
@click.option(
    "--scanner-group", default="scanner", show_default=True, help="Who may fill the inbox."
)
@click.option(
    "--program",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The saraban that is started.  [default: the one beside this Python]",
)
def install_service(
    *, office_folder: Path, root: Path, user: str, scanner_group: str, program: Path | None
) -> None:
    """Write the unit, its user and its folders' rights, and say what to type next; nothing is started."""
    office = open_office(office_folder)
    service = Service(office, program or find_program(), user, scanner_group)
    _tell(write_files(service, root), put_into_force(service))


@command.command("uninstall")
@ROOT
def uninstall_service(root: Path) -> None:
    """Remove those files; the office, the user and the journal stay."""
    _tell(remove_files(root), OUT_OF_FORCE)


def _tell(paths: Sequence[Path], lines: Sequence[str]) -> None:
    for path in paths:
        click.echo(f"ไฟล์ / file: {path}")
    click.echo("พิมพ์ต่อในฐานะ root / then type as root:")
    for line in lines:
        click.echo(f"    {line}")
