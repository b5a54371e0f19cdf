"""What the commands about backups share: the passphrase, which backup is meant, what was restored."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from pipeline.backup.errors import NoBackupThereError
from pipeline.backup.passphrase import find_passphrase
from pipeline.backup.restic import Restic
from pipeline.backup.restore import Restored
from pipeline.office import Office

PASSPHRASE = click.option(
    "--passphrase-file",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    envvar="SARABAN_BACKUP_PASSPHRASE_FILE",
    help="What opens the backup. SARABAN_BACKUP_PASSPHRASE_FILE in the environment says the same, "
    "SARABAN_BACKUP_PASSPHRASE holds the words themselves.",
)


def open_backup(
    office: Office | None,
    place: str | None,
    passphrase_file: Path | None,
    limit_kb: int | None = None,
) -> Restic:
    """Return the backup that is named, or the one of the office's settings. Raises BackupError."""
    if office is None:
        return Restic(place or "", find_passphrase(passphrase_file, _ask), limit_kb=limit_kb or 0)
    settings = office.settings.backup
    where = place or settings.to
    if not where:
        raise NoBackupThereError("saraban.toml", "[backup] names no place, nor does the command")
    if passphrase_file is None and settings.passphrase_file:
        passphrase_file = office.root / settings.passphrase_file
    limit = settings.limit_kb if limit_kb is None else limit_kb
    return Restic(where, find_passphrase(passphrase_file, _ask), limit_kb=limit)


def report(restored: Restored, *, as_json: bool) -> None:
    """Print what was restored and what is wrong with it."""
    record = restored.record
    if as_json:
        shown = {
            "made_at": record.made_at,
            "files": record.files,
            "numbers": record.numbers,
            "audit_lines": record.audit_sequence,
            "wrong": [asdict(one) for one in restored.wrong],
        }
        click.echo(json.dumps(shown, ensure_ascii=False))
        return
    for one in restored.wrong:
        click.echo(f"{one.where}: {one.what}; {one.remedy}")
    filed = record.files.get("filed", 0)
    click.echo(f"ข้อมูล ณ {record.made_at} ลงทะเบียนแล้ว {filed} ฉบับ / letters as of then")
    for name, last in record.numbers.items():
        click.echo(f"    {name}: เลขสุดท้าย / last number {last}")


def tell(part: str) -> None:
    """Say what is looked at, to somebody at a terminal."""
    if sys.stderr.isatty():
        click.echo(f"… {part}", err=True)


def _ask() -> str:
    if not sys.stdin.isatty():
        return ""
    return str(click.prompt("รหัสผ่านชุดสำรอง / passphrase of the backup", hide_input=True, err=True))
