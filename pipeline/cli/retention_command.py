"""`saraban retention`: what is due, what holds it, another period tried, and what a person notes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

from index.register.book import Book
from index.registered_letter import RegisterNumber
from index.retention.eligibility import HOLD_THAI, HoldKind
from index.retention.law import Law
from index.retention.records import PLACED_BY_PEOPLE
from index.retention.retention import Retention
from index.retention.schedule import Period
from index.retention.survey import SurveyRow
from index.visibility import Role, Viewer
from pipeline.cli.options import AS_JSON, OFFICE
from pipeline.errors import NoSuchLetterError
from pipeline.office import law_in_force, open_book, open_office
from pipeline.viewers import AT_THIS_MACHINE

DAY = click.DateTime(formats=["%Y-%m-%d"])
AS_OF = click.option(
    "--as-of", "as_of", type=DAY, metavar="DATE", help="The day that counts.  [default: today]"
)
BY = click.option(
    "--by",
    "person",
    metavar="NAME",
    default=AT_THIS_MACHINE.name,
    help="Who says so; it stands in the audit trail.",
)
SHORTER = click.option(
    "--shorter", is_flag=True, help="Yes, the letter is meant to go earlier than before."
)
ON = click.option("--on", "on", type=DAY, metavar="DATE", required=True, help="The day it was.")
KIND = click.option(
    "--kind",
    type=click.Choice([kind.value for kind in PLACED_BY_PEOPLE]),
    required=True,
    help="Why the letter may not be touched.",
)
REASON = click.option("--reason", required=True, help="The reason in words; it is kept.")

THAI_LISTS = {
    "due_before": "ครบกำหนดอยู่แล้ว",
    "becomes_due": "จะครบกำหนดเพิ่ม",
    "on_hold": "ในจำนวนนั้นห้ามแตะต้อง",
    "no_longer_due": "จะไม่ครบกำหนดอีกต่อไป",
}


@click.group()
def command() -> None:
    """See what is due, try another period, note what is finished or held.

    Nothing is destroyed here. Secret letters are in no list.
    """


@command.command()
@OFFICE
@AS_OF
@click.option("--due", "due_only", is_flag=True, help="Only letters whose period has ended.")
@AS_JSON
def survey(office_folder: Path, as_of: datetime | None, *, due_only: bool, as_json: bool) -> None:
    """List every letter with the end of its period and what stands against its destruction."""
    with _at_work(office_folder) as (_, retention, now):
        day = as_of.date() if as_of else now.date()
        rows = retention.surveys.survey(AT_THIS_MACHINE, day, due_only=due_only)
    _warn(retention.law, {row.letter.facts.retention_class for row in rows})
    if as_json:
        click.echo(json.dumps([_as_json(row) for row in rows], ensure_ascii=False))
        return
    for row in rows:
        click.echo(_in_words(row))
    due = [row for row in rows if row.is_due]
    held = sum(row.is_stopped for row in due)
    click.echo(
        f"ครบกำหนด {len(due)} ฉบับ ห้ามแตะต้อง {held} ฉบับ / {len(due)} due, {held} of them stopped"
    )


@command.command()
@OFFICE
@click.option(
    "--class",
    "class_code",
    required=True,
    metavar="CODE",
    help="The retention class, as R10.",
)
@click.option(
    "--years",
    type=click.IntRange(0, 200),
    required=True,
    help="The period to try, in years.",
)
@AS_OF
@AS_JSON
def simulate(
    office_folder: Path, class_code: str, years: int, as_of: datetime | None, *, as_json: bool
) -> None:
    """Say what another period for a class would make due; nothing is changed."""
    with _at_work(office_folder) as (_, retention, now):
        day = as_of.date() if as_of else now.date()
        tried = retention.surveys.simulate(AT_THIS_MACHINE, class_code, years, day)
    _warn(retention.law, {class_code})
    lists = {
        "due_before": tried.due_before,
        "becomes_due": tried.becomes_due,
        "on_hold": tried.on_hold,
        "no_longer_due": tried.no_longer_due,
    }
    if as_json:
        shown: dict[str, object] = {
            "class": tried.class_code,
            "years_now": tried.years_now,
            "years": tried.years_then,
            "shortens": tried.shortens,
        }
        shown |= {name: [_as_json(row) for row in rows] for name, rows in lists.items()}
        click.echo(json.dumps(shown, ensure_ascii=False))
        return
    for name, thai in THAI_LISTS.items():
        click.echo(f"{thai} {len(lists[name])} ฉบับ / {name.replace('_', ' ')}")
        for row in lists[name]:
            click.echo(_in_words(row))


@command.command()
@click.argument("register_number")
@ON
@SHORTER
@BY
@OFFICE
def finish(
    register_number: str, on: datetime, office_folder: Path, person: str, *, shorter: bool
) -> None:
    """Note the day the matter of REGISTER_NUMBER was closed; its period is counted from it."""
    viewer = _records_officer(person)
    with _at_work(office_folder) as (book, retention, now):
        letter_id = _letter_id(book, register_number)
        kept = retention.records.finish(viewer, letter_id, on.date(), now=now, shorter=shorter)
    _say(register_number, kept)


@command.command()
@click.argument("register_number")
@ON
@SHORTER
@BY
@OFFICE
def audited(
    register_number: str, on: datetime, office_folder: Path, person: str, *, shorter: bool
) -> None:
    """Note the day the State Audit Office had audited money papers with no problem left."""
    viewer = _records_officer(person)
    with _at_work(office_folder) as (book, retention, now):
        letter_id = _letter_id(book, register_number)
        kept = retention.records.note_audit(viewer, letter_id, on.date(), now=now, shorter=shorter)
    _say(register_number, kept)


@command.command()
@click.argument("register_number")
@ON
@SHORTER
@BY
@OFFICE
def superseded(
    register_number: str, on: datetime, office_folder: Path, person: str, *, shorter: bool
) -> None:
    """Note the day a newer circular replaced the one to be followed."""
    viewer = _records_officer(person)
    with _at_work(office_folder) as (book, retention, now):
        letter_id = _letter_id(book, register_number)
        kept = retention.records.note_successor(
            viewer, letter_id, on.date(), now=now, shorter=shorter
        )
    _say(register_number, kept)


@command.command("class")
@click.argument("register_number")
@click.argument("code")
@REASON
@SHORTER
@BY
@OFFICE
def change_class(
    register_number: str, code: str, reason: str, office_folder: Path, person: str, *, shorter: bool
) -> None:
    """Give REGISTER_NUMBER the retention class CODE (as R05), with the reason."""
    viewer = _records_officer(person)
    with _at_work(office_folder) as (book, retention, now):
        letter_id = _letter_id(book, register_number)
        kept = retention.records.change_class(
            viewer, letter_id, code, reason=reason, now=now, shorter=shorter
        )
    _say(register_number, kept)


@command.command()
@click.argument("register_number")
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
    with _at_work(office_folder) as (book, retention, now):
        retention.records.place_hold(
            _records_officer(person),
            _letter_id(book, register_number),
            HoldKind(kind),
            reason=reason,
            until=until.date() if until else None,
            now=now,
        )
    click.echo(f"{register_number}: ห้ามทำลาย ({HOLD_THAI[HoldKind(kind)]}) / held ({kind})")


@command.command()
@click.argument("register_number")
@KIND
@REASON
@BY
@OFFICE
def release(
    register_number: str, kind: str, reason: str, office_folder: Path, *, person: str
) -> None:
    """End the holds of one kind on REGISTER_NUMBER."""
    with _at_work(office_folder) as (book, retention, now):
        letter_id = _letter_id(book, register_number)
        retention.records.release_hold(
            _records_officer(person), letter_id, HoldKind(kind), reason=reason, now=now
        )
    click.echo(f"{register_number}: ยกเลิกการห้าม / released ({kind})")


@contextmanager
def _at_work(office_folder: Path) -> Iterator[tuple[Book, Retention, datetime]]:
    office = open_office(office_folder)
    law = law_in_force(office)
    with open_book(office) as book:
        yield book, book.retention(law), datetime.now(UTC).astimezone(office.zone)


def _records_officer(person: str) -> Viewer:
    return Viewer(person, frozenset({Role.RECORDS_OFFICER}))


def _letter_id(book: Book, register_number: str) -> int:
    try:
        number = RegisterNumber.parse(register_number)
    except ValueError as error:
        raise NoSuchLetterError(register_number) from error
    found = book.letters.by_number(AT_THIS_MACHINE, number)
    if found is None:
        raise NoSuchLetterError(register_number)
    return found.letter_id


def _say(register_number: str, kept: Period) -> None:
    until = "" if kept.keep_until_year is None else f" / kept until {kept.keep_until_year}-12-31"
    click.echo(f"{register_number}: {kept.stamp or kept.because}{until}")


def _warn(law: Law, codes: set[str]) -> None:
    """Name the periods that nobody has compared with the Gazette, wherever they are used."""
    unsure = [
        f"{code} ({row.law.clause})"
        for code, row in law.classes.items()
        if code in codes and not row.law.is_verified
    ]
    if unsure:
        click.echo(
            f"ยังไม่มีผู้ตรวจสอบกับราชกิจจานุเบกษา / not verified by anybody: {', '.join(unsure)}", err=True
        )


def _as_json(row: SurveyRow) -> dict[str, object]:
    letter, period = row.letter, row.eligibility.period
    finished, year = letter.facts.clock.finished_on, period.keep_until_year
    return {
        "register_number": str(letter.register_number),
        "number": letter.number,
        "subject": letter.subject,
        "class": letter.facts.retention_class,
        "finished": finished.isoformat() if finished else None,
        "keep_until": f"{year:04}-12-31" if year is not None else None,
        "due": row.is_due,
        "holds": [
            {"kind": block.code.removeprefix("hold_"), "why": block.thai, "clause": block.clause}
            for block in row.eligibility.blocks
            if block.code != "open"
        ],
    }


def _in_words(row: SurveyRow) -> str:
    letter, period = row.letter, row.eligibility.period
    due = "ครบกำหนด" if row.is_due else ""
    lines = [
        f"{letter.register_number!s:>10}  {letter.facts.retention_class:<5} "
        f"{period.stamp or period.because}  {due}",
        f"{'':>12}{letter.number}  {letter.subject}",
    ]
    lines += [
        f"{'':>12}✗ {block.thai} ({block.clause})"
        for block in row.eligibility.blocks
        if block.code != "open"
    ]
    return "\n".join(lines)
