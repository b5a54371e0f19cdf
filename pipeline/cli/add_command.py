"""`saraban add`: take files in as if the scanner had dropped them."""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path

import click

from pipeline.cli.options import OFFICE
from pipeline.errors import FileUnfitError
from pipeline.office import open_office


@click.command()
@click.argument(
    "files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@OFFICE
def command(files: tuple[Path, ...], office_folder: Path) -> None:
    """Copy FILEs into the office's inbox; the files themselves stay where they are.

    A running `saraban serve` takes them up within seconds; `saraban serve --once` does so now.
    """
    office = open_office(office_folder)
    inbox = office.folder_of(office.settings.watch.folder[0])
    for file in files:
        if not file.is_file():
            raise FileUnfitError(str(file), "there is no such file")
    for file in files:
        _copy_whole(file, inbox)
    click.echo(f"วางแล้ว {len(files)} ไฟล์ / {len(files)} file(s) put into {inbox}")


def _copy_whole(file: Path, inbox: Path) -> None:
    """Copy under a name that no sweep takes, then give it its own; never over another file."""
    half = inbox / f".{secrets.token_hex(8)}.part"
    try:
        shutil.copyfile(file, half)
        for number in range(1, 10_000):
            name = file.name if number == 1 else f"{file.stem} ({number}){file.suffix}"
            try:
                os.link(half, inbox / name)
            except FileExistsError:
                continue
            return
    except OSError as error:
        raise FileUnfitError(str(file), error.strerror or str(error)) from error
    finally:
        half.unlink(missing_ok=True)
