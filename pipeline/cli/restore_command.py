"""`saraban restore`: bring an office back from a backup."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.backup.errors import RestoredOtherwiseError
from pipeline.backup.restore import NEWEST, restore
from pipeline.cli.backup_options import PASSPHRASE, open_backup, report, tell
from pipeline.cli.options import AS_JSON


@click.command()
@click.argument("source", metavar="SRC")
@click.argument("folder", metavar="FOLDER", type=click.Path(path_type=Path, file_okay=False))
@PASSPHRASE
@click.option(
    "--moment", default=NEWEST, show_default=True, help="Which one: an id of `backup list`."
)
@AS_JSON
def command(
    source: str, folder: Path, passphrase_file: Path | None, moment: str, as_json: bool
) -> None:
    """Bring an office back from the backup SRC into FOLDER, which is empty or not there, and prove it.

    Numbers that were given out after that moment are not known to it: before letters are registered
    again, compare the last numbers it names with the paper, and continue each book past them.
    """
    restored = restore(open_backup(None, source, passphrase_file), moment, folder, tell)
    report(restored, as_json=as_json)
    if restored.wrong:
        raise RestoredOtherwiseError(folder, len(restored.wrong))
    if not as_json:
        click.echo(f"กู้คืนแล้วที่ {restored.folder} ตรวจแล้วครบถ้วน / restored and proven; start it with:")
        click.echo(f"    saraban serve --office {restored.folder}")
