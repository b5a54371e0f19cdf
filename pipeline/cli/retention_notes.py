"""`saraban retention`: what a person notes of one letter: its clock, class, holds, place and loans."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click

from index.retention.eligibility import HOLD_THAI, HoldKind
from index.retention.loans import Borrower, Standing
from index.retention.records import PLACED_BY_PEOPLE, Place, Records
from index.retention.schedule import Period
from pipeline.cli.options import OFFICE
from pipeline.cli.retention_options import (
    BY,
    DAY,
    ON,
    REASON,
    SHORTER,
    at_work,
    letter_id_of,
    records_officer,
)

NUMBER = click.argument("register_number")
KIND = click.option(
    "--kind",
    type=click.Choice([kind.value for kind in PLACED_BY_PEOPLE]),
    required=True,
    help="Why the letter may not be touched.",
)


@click.command()
@NUMBER
@ON
@SHORTER
@click.option("--reason", default="", help="Why; needed for a day before the letter came in.")
@BY
@OFFICE
def finish(
    register_number: str,
    on: datetime,
    reason: str,
    office_folder: Path,
    person: str,
    *,
    shorter: bool,
) -> None:
    """Note the day the matter of REGISTER_NUMBER was closed; its period is counted from it."""
    with at_work(office_folder) as (book, retention, now):
        letter_id, viewer = letter_id_of(book, register_number), records_officer(person)
        kept = retention.records.finish(
            viewer, letter_id, on.date(), now=now, shorter=shorter, reason=reason
        )
    _say(register_number, kept)


def _day_command(name: str, note: Callable[..., Period], text: str) -> click.Command:
    """Make a command that notes a day from which a letter's period is counted."""

    @click.command(name, help=text)
    @NUMBER
    @ON
    @SHORTER
    @BY
    @OFFICE
    def noting(
        register_number: str, on: datetime, office_folder: Path, person: str, *, shorter: bool
    ) -> None:
        with at_work(office_folder) as (book, retention, now):
            letter_id = letter_id_of(book, register_number)
            viewer, day = records_officer(person), on.date()
            kept = note(retention.records, viewer, letter_id, day, now=now, shorter=shorter)
        _say(register_number, kept)

    return noting


audited = _day_command(
    "audited",
    Records.note_audit,
    "Note the day the State Audit Office had audited money papers with no problem left.",
)
superseded = _day_command(
    "superseded",
    Records.note_successor,
    "Note the day a newer circular replaced the one to be followed.",
)


@click.command("class")
@NUMBER
@click.argument("code")
@REASON
@SHORTER
@BY
@OFFICE
def change_class(
    register_number: str, code: str, reason: str, office_folder: Path, person: str, *, shorter: bool
) -> None:
    """Give REGISTER_NUMBER the retention class CODE (as R05), with the reason."""
    with at_work(office_folder) as (book, retention, now):
        letter_id, viewer = letter_id_of(book, register_number), records_officer(person)
        kept = retention.records.change_class(
            viewer, letter_id, code, reason=reason, now=now, shorter=shorter
        )
    _say(register_number, kept)


@click.command()
@NUMBER
@KIND
@REASON
@click.option("--until", type=DAY, metavar="DATE", help="The last day of the hold, if it has one.")
@BY
@OFFICE
def hold(
    register_number: str,
    kind: str,
    reason: str,
    until: datetime | None,
    office_folder: Path,
    *,
    person: str,
) -> None:
    """Let nobody destroy REGISTER_NUMBER; it leaves its destruction batch if it is in one."""
    with at_work(office_folder) as (book, retention, now):
        retention.records.place_hold(
            records_officer(person),
            letter_id_of(book, register_number),
            HoldKind(kind),
            reason=reason,
            until=until.date() if until else None,
            now=now,
        )
    click.echo(f"{register_number}: ห้ามทำลาย ({HOLD_THAI[HoldKind(kind)]}) / held ({kind})")


@click.command()
@NUMBER
@KIND
@REASON
@BY
@OFFICE
def release(
    register_number: str, kind: str, reason: str, office_folder: Path, *, person: str
) -> None:
    """End the holds of one kind on REGISTER_NUMBER."""
    with at_work(office_folder) as (book, retention, now):
        letter_id, viewer = letter_id_of(book, register_number), records_officer(person)
        retention.records.release_hold(viewer, letter_id, HoldKind(kind), reason=reason, now=now)
    click.echo(f"{register_number}: ยกเลิกการห้าม / released ({kind})")


@click.command()
@NUMBER
@click.option("--file-code", required=True, help="The code of the file in the store (รหัสแฟ้ม).")
@click.option("--shelf", default="", help="The shelf.")
@click.option("--box", default="", help="The box.")
@click.option("--on", "on", type=DAY, metavar="DATE", help="The day of storing.  [default: today]")
@BY
@OFFICE
def store(
    register_number: str,
    office_folder: Path,
    *,
    file_code: str,
    shelf: str,
    box: str,
    on: datetime | None,
    person: str,
) -> None:
    """Note where the paper of REGISTER_NUMBER lies (form 20); storing again moves it."""
    with at_work(office_folder) as (book, retention, now):
        place = Place(shelf, box, file_code, on.date() if on else now.date())
        letter_id = letter_id_of(book, register_number)
        retention.records.store(records_officer(person), letter_id, place, now=now)
    where = " ".join(part for part in (shelf, box, file_code) if part)
    click.echo(f"{register_number}: เก็บที่ {where} / stored")


@click.command()
@NUMBER
@click.option("--to", "borrower", required=True, metavar="NAME", help="Who borrows it.")
@click.option("--unit", required=True, help="The borrower's group, or the other agency.")
@click.option(
    "--standing",
    type=click.Choice([one.value for one in Standing]),
    default=Standing.INSIDE.value,
    show_default=True,
    help="Whether the borrower is of this office; outsiders are refused.",
)
@click.option("--permitted-by", required=True, metavar="NAME", help="Who permits it.")
@click.option("--due", type=DAY, required=True, metavar="DATE", help="The day it is to come back.")
@BY
@OFFICE
def lend(
    register_number: str,
    office_folder: Path,
    *,
    borrower: str,
    unit: str,
    standing: str,
    permitted_by: str,
    due: datetime,
    person: str,
) -> None:
    """Hand the paper of REGISTER_NUMBER out (form 24); a borrowed letter cannot be destroyed."""
    with at_work(office_folder) as (book, retention, now):
        loan = retention.loans.lend(
            records_officer(person),
            letter_id_of(book, register_number),
            Borrower(borrower, unit, Standing(standing)),
            permitted_by=permitted_by,
            due_on=due.date(),
            now=now,
        )
    click.echo(f"{register_number}: ให้ {borrower} ยืมถึง {loan.due_on} / lent until {loan.due_on}")


@click.command("return")
@NUMBER
@click.option("--from", "returned_by", default="", metavar="NAME", help="Who brought it back.")
@BY
@OFFICE
def take_back(register_number: str, office_folder: Path, *, returned_by: str, person: str) -> None:
    """Note that the paper of REGISTER_NUMBER came back."""
    with at_work(office_folder) as (book, retention, now):
        letter_id, viewer = letter_id_of(book, register_number), records_officer(person)
        retention.loans.take_back(viewer, letter_id, returned_by=returned_by, now=now)
    click.echo(f"{register_number}: ส่งคืนแล้ว / returned")


NOTES: tuple[click.Command, ...] = (
    finish,
    audited,
    superseded,
    change_class,
    hold,
    release,
    store,
    lend,
    take_back,
)


def _say(register_number: str, kept: Period) -> None:
    until = "" if kept.keep_until_year is None else f" / kept until {kept.keep_until_year}-12-31"
    click.echo(f"{register_number}: {kept.words.thai}{until}")
