"""`saraban retention`: what is due, what holds it, another period tried, and what a person notes."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import click

from index.retention.law import Law
from index.retention.survey import SurveyRow
from pipeline.cli.options import AS_JSON, OFFICE
from pipeline.cli.retention_destroy import certificate, confirm, destroy
from pipeline.cli.retention_notes import NOTES
from pipeline.cli.retention_options import DAY, at_work
from pipeline.cli.retention_transfer import calendar, transfer
from pipeline.viewers import AT_THIS_MACHINE

AS_OF = click.option(
    "--as-of", "as_of", type=DAY, metavar="DATE", help="The day that counts.  [default: today]"
)

THAI_LISTS = {
    "due_before": "ครบกำหนดอยู่แล้ว",
    "becomes_due": "จะครบกำหนดเพิ่ม",
    "on_hold": "ในจำนวนนั้นห้ามแตะต้อง",
    "no_longer_due": "จะไม่ครบกำหนดอีกต่อไป",
}


@click.group()
def command() -> None:
    """See what is due, try another period, note what is finished, held, lent or destroyed.

    Nothing is ever destroyed by the program alone. Secret letters are in no list.
    """


for one in (*NOTES, destroy, certificate, confirm, transfer, calendar):
    command.add_command(one)


@command.command()
@OFFICE
@AS_OF
@click.option("--due", "due_only", is_flag=True, help="Only letters whose period has ended.")
@AS_JSON
def survey(office_folder: Path, as_of: datetime | None, *, due_only: bool, as_json: bool) -> None:
    """List every letter with the end of its period and what stands against its destruction."""
    with at_work(office_folder) as (_, retention, now):
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
    with at_work(office_folder) as (_, retention, now):
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
        "register_number": letter.label,
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
        f"{letter.label:>10}  {letter.facts.retention_class:<5} {period.words.thai}  {due}",
        f"{'':>12}{letter.number}  {letter.subject}",
    ]
    lines += [
        f"{'':>12}✗ {block.thai} ({block.clause})"
        for block in row.eligibility.blocks
        if block.code != "open"
    ]
    return "\n".join(lines)
