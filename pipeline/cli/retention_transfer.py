"""`saraban retention transfer` and `calendar`: what goes to the archives, its package, what is due."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import click

from index.retention.calendar import KIND_THAI
from index.retention.facts import KnownLetter
from index.retention.transfers import FORM_THAI, TransferList
from pipeline.calendar_file import write_calendar
from pipeline.cli.options import AS_JSON, OFFICE
from pipeline.cli.retention_options import at_work, office_at_work
from pipeline.transfer_package import write_package, zip_package
from pipeline.viewers import AT_THIS_MACHINE

YEAR = click.option(
    "--year", type=click.IntRange(1900, 2200), help="Gregorian.  [default: this year]"
)


@click.command()
@YEAR
@click.option("--list", "code", metavar="CODE", help="A list, as 21-2590-1, to make a package of.")
@click.option(
    "--to", "target", type=click.Path(path_type=Path), help="A new folder for the package."
)
@click.option("--zip", "zipped", is_flag=True, help="Leave one ZIP beside that folder instead.")
@OFFICE
@AS_JSON
def transfer(
    *,
    year: int | None,
    code: str | None,
    target: Path | None,
    zipped: bool,
    office_folder: Path,
    as_json: bool,
) -> None:
    """Show the letters of twenty years and their lists, or write a list's package (BagIt).

    The package holds the files, metadata as CSV and XML, and checksums; it is read again after writing.
    """
    if code is None:
        _show(office_folder, year, as_json=as_json)
        return
    if target is None:
        raise click.UsageError("--to is missing: where shall the package go?")
    with office_at_work(office_folder) as (office, book, _, now):
        made = write_package(office, book, AT_THIS_MACHINE, code, target.absolute(), now=now)
        place = made.folder
        if zipped:
            place = zip_package(made.folder)
            shutil.rmtree(made.folder)
    if as_json:
        answer = {"list": code, "package": str(place), "letters": made.letters, "files": made.files}
        click.echo(json.dumps(answer, ensure_ascii=False))
        return
    click.echo(f"{place}: {made.letters} ฉบับ ตรวจครบทุกแฟ้ม / {made.files} files, all verified")


def _show(office_folder: Path, year: int | None, *, as_json: bool) -> None:
    with at_work(office_folder) as (_, retention, now):
        wanted = year or now.year
        letters = retention.transfers.candidates(AT_THIS_MACHINE, wanted)
        lists = retention.transfers.lists()
        day = retention.law.deadlines["transfer"].in_year(wanted)
    if as_json:
        answer = {
            "by": day.isoformat(),
            "candidates": [_letter_as_json(one) for one in letters],
            "lists": [_list_as_json(one) for one in lists],
        }
        click.echo(json.dumps(answer, ensure_ascii=False))
        return
    for one in letters:
        click.echo(f"{one.label:>10}  {one.date}  {one.number}  {one.subject}")
    for made in lists:
        click.echo(f"{made.code:>10}  {FORM_THAI[made.form]}  {len(made.items)} ฉบับ")
    click.echo(f"ต้องจัดการภายใน {day} {len(letters)} ฉบับ / {len(letters)} letters by {day}")


def _letter_as_json(letter: KnownLetter) -> dict[str, object]:
    wanted = letter.facts.clock.wanted_on
    return {
        "register_number": letter.label,
        "number": letter.number,
        "date": letter.date.isoformat() if letter.date else None,
        "subject": letter.subject,
        "asked_for_on": wanted.isoformat() if wanted else None,
    }


def _list_as_json(made: TransferList) -> dict[str, object]:
    return {
        "list": made.code,
        "form": made.form.value,
        "letters": len(made.items),
        "sent_on": made.sent_on.isoformat() if made.sent_on else None,
        "received_on": made.received_on.isoformat() if made.received_on else None,
        "withdrawn_on": made.withdrawn_on.isoformat() if made.withdrawn_on else None,
    }


@click.command()
@YEAR
@click.option("--ics", type=click.Path(path_type=Path, dir_okay=False), help="Write this file.")
@OFFICE
@AS_JSON
def calendar(*, year: int | None, ics: Path | None, office_folder: Path, as_json: bool) -> None:
    """Say what of retention is due in a year; --ics writes it for other calendars."""
    with office_at_work(office_folder) as (office, _, retention, now):
        today = now.date()
        entries = retention.calendar.year(AT_THIS_MACHINE, year or today.year, today=today)
        if ics is not None:
            ics.write_bytes(write_calendar(entries, office=office.settings.office.name, now=now))
    if as_json:
        answer = [
            {
                "key": one.key,
                "day": one.day.isoformat(),
                "kind": one.kind.value,
                "what": one.thai,
                "clause": one.clause,
                "late": one.is_late(today),
                "verified": one.is_verified,
            }
            for one in entries
        ]
        click.echo(json.dumps(answer, ensure_ascii=False))
        return
    for one in entries:
        late = " เลยกำหนด" if one.is_late(today) else ""
        click.echo(f"{one.day}  {KIND_THAI[one.kind]}: {one.thai} ({one.clause}){late}")
