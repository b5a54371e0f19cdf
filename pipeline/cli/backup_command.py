"""`saraban backup`: keep the office elsewhere, and read back what is kept."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import click

from pipeline.backup.errors import BackupDamagedError, RestoredOtherwiseError
from pipeline.backup.make import last_day_in_backups, make_backup, verify
from pipeline.backup.restic import Restic
from pipeline.backup.restore import NEWEST, rehearse
from pipeline.cli.backup_options import PASSPHRASE, open_backup, report, tell
from pipeline.cli.options import AS_JSON, OFFICE
from pipeline.office import open_book, open_office

PLACE = click.argument("place", metavar="[DEST]", required=False)
MEGABYTE = 1_000_000


class _ToDestination(click.Group):
    """`saraban backup DEST` is `saraban backup now DEST`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        asks_for_help = bool(set(args[:1]) & set(ctx.help_option_names))
        if not args or (args[0] not in self.commands and not asks_for_help):
            args = ["now", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_ToDestination)
def command() -> None:
    """Keep the office elsewhere, encrypted; `saraban backup DEST` does so now, also while it works.

    DEST is a folder, or an address as restic writes them (sftp:user@host:/folder); without it the
    one in saraban.toml under [backup]. Only what is new is stored. restic must be installed.
    """


@command.command("now")
@PLACE
@OFFICE
@PASSPHRASE
@click.option(
    "--keep-days", type=click.IntRange(1, 3660), help="How long a moment is kept at most."
)
@click.option("--limit-kb", type=click.IntRange(0), help="KiB a second at most; 0 sets no limit.")
@AS_JSON
def make_now(
    *,
    place: str | None,
    office_folder: Path,
    passphrase_file: Path | None,
    keep_days: int | None,
    limit_kb: int | None,
    as_json: bool,
) -> None:
    """Store the office as it is now, and let go of moments older than `keep_days`."""
    office = open_office(office_folder)
    restic = open_backup(office, place, passphrase_file, limit_kb)
    days = office.settings.backup.keep_days if keep_days is None else keep_days
    now = datetime.now(UTC).astimezone(office.zone)
    with open_book(office) as book:
        made = make_backup(office, book, restic, now, keep_days=days, may_begin=place is not None)
    files = made.record.files
    shown = {
        "snapshot": made.stored.snapshot_id,
        "made_at": made.record.made_at,
        "files": files,
        "numbers": made.record.numbers,
        "audit_lines": made.record.audit_sequence,
        "added_bytes": made.stored.added_bytes,
        "expired": made.expired,
        "destroyed_letters_gone_after": last_day_in_backups(now.date(), days).isoformat(),
    }
    if as_json:
        click.echo(json.dumps(shown, ensure_ascii=False))
    else:
        click.echo(
            f"สำรองแล้ว ชุด {made.stored.snapshot_id} หนังสือลงทะเบียน {files.get('filed', 0)} ฉบับ / backed up"
        )
        click.echo(
            f"ข้อมูลใหม่ {made.stored.added_bytes / MEGABYTE:.1f} MB จาก "
            f"{made.stored.total_bytes / MEGABYTE:.1f} MB ชุดที่หมดอายุ {made.expired} ชุด / new, of all, expired"
        )
    for one in made.record.damage:
        click.echo(f"book: {one}", err=True)
    if made.record.damage:
        raise RestoredOtherwiseError(office.root, len(made.record.damage))


@command.command("list")
@PLACE
@OFFICE
@PASSPHRASE
@AS_JSON
def list_moments(
    place: str | None, office_folder: Path, passphrase_file: Path | None, as_json: bool
) -> None:
    """List the moments that are kept, oldest first."""
    restic = _open(place, office_folder, passphrase_file)
    moments = restic.snapshots()
    if as_json:
        listed = [{"snapshot": m.snapshot_id, "made_at": m.made_at.isoformat()} for m in moments]
        click.echo(json.dumps(listed))
        return
    for one in moments:
        click.echo(f"{one.snapshot_id}  {one.made_at.astimezone():%Y-%m-%d %H:%M}")


@command.command("verify")
@PLACE
@OFFICE
@PASSPHRASE
@click.option("--part", metavar="N/M", default="", help="Only a part, as 3/30: one a night.")
@AS_JSON
def verify_backup(
    place: str | None, office_folder: Path, passphrase_file: Path | None, part: str, as_json: bool
) -> None:
    """Read the backup back, name what is damaged and which letters' files lie in it."""
    restic = _open(place, office_folder, passphrase_file)
    damaged = verify(restic, part)
    if as_json:
        click.echo(json.dumps([{"file": one.file, "holds": one.holds} for one in damaged]))
    else:
        for one in damaged:
            click.echo(f"เสียหาย / damaged: {one.file}")
            for held in one.holds:
                click.echo(f"    {held}")
    if damaged:
        raise BackupDamagedError(restic.place, len(damaged))
    if not as_json:
        click.echo("อ่านชุดสำรองกลับได้ครบถ้วน / all of it was read back")


@command.command("rehearse")
@PLACE
@OFFICE
@PASSPHRASE
@click.option("--moment", default=NEWEST, show_default=True, help="Which one: an id of the list.")
@click.option(
    "--in",
    "scratch",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=Path("/var/tmp"),  # noqa: S108 - a folder only we may read is made below it
    show_default=True,
    help="A folder with room for a whole office.",
)
@AS_JSON
def rehearse_restore(
    *,
    place: str | None,
    office_folder: Path,
    passphrase_file: Path | None,
    moment: str,
    scratch: Path,
    as_json: bool,
) -> None:
    """Bring the office back into a scratch folder, prove it there, and remove it again."""
    restic = _open(place, office_folder, passphrase_file)
    restored = rehearse(restic, moment, scratch, tell)
    report(restored, as_json=as_json)
    if restored.wrong:
        raise RestoredOtherwiseError(scratch, len(restored.wrong))


def _open(place: str | None, office_folder: Path, passphrase_file: Path | None) -> Restic:
    """Return a backup that need not belong to an office on this machine."""
    office = open_office(office_folder) if place is None else None
    return open_backup(office, place, passphrase_file)
