"""`saraban search`: find letters."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import click

from index.choices import BookName
from index.search import ABBREVIATIONS_FILE, Hit
from pipeline.cli.options import AS_JSON, OFFICE
from pipeline.finder import Finder, Wanted
from pipeline.office import open_book, open_office
from pipeline.rules_in_force import RulesInForce
from pipeline.viewers import AT_THIS_MACHINE

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command()
@click.argument("query")
@OFFICE
@AS_JSON
@click.option("--limit", type=click.IntRange(1, 1000), default=10, show_default=True)
@click.option("--group", default="", help="Only letters of this group (its code, as `plan`).")
@click.option("--sender", default="", help="Only letters whose sender holds these words.")
@click.option("--from", "from_day", type=DAY, help="Only letters dated on this day or later.")
@click.option("--to", "to_day", type=DAY, help="Only letters dated on this day or earlier.")
def command(
    *,
    query: str,
    office_folder: Path,
    as_json: bool,
    limit: int,
    group: str,
    sender: str,
    from_day: datetime | None,
    to_day: datetime | None,
) -> None:
    """Find the letters that hold QUERY: words, "a phrase", a letter number, a date."""
    office = open_office(office_folder)
    rules = RulesInForce(office.rules, office.kept_rules).current()
    names = {one.code: one.name for one in rules.groups.groups}
    wanted = Wanted(query, group, sender, _day(from_day), _day(to_day))
    today = datetime.now(UTC).astimezone(office.zone).date()
    with open_book(office, only_looks=True) as book:
        index, engine = office.search_index, office.settings.search.engine
        own = office.rules / ABBREVIATIONS_FILE
        finder = Finder(index, engine, names, book.outbox.leaving, abbreviations=own)
        result = finder.search(wanted, viewer=AT_THIS_MACHINE, today=today, limit=limit)
        finder.close()
    if as_json:
        click.echo(json.dumps([_as_json(hit) for hit in result.hits], ensure_ascii=False))
        return
    for hit in result.hits:
        number = str(hit.register_number)
        if hit.book != BookName.RECEIVE:
            number = f"{hit.book} {number}"
        click.echo(f"{number:>10}  {hit.number}  {hit.date or ''}  {hit.sender}")
        click.echo(f"{'':>12}{hit.subject}  [{names.get(hit.group, hit.group)}]")
        click.echo(f"{'':>12}{hit.snippet.marked('»', '«')}")
    if result.near:
        click.echo("ไม่พบหนังสือที่ตรงกับที่พิมพ์ รายการนี้ใกล้เคียง / nothing says it; these are near")
    click.echo(f"พบ {result.total} ฉบับ / {result.total} found")
    if result.did_you_mean:
        click.echo(f"หมายถึง {result.did_you_mean} หรือไม่ / did you mean {result.did_you_mean}?")


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _as_json(hit: Hit) -> dict[str, object]:
    return {
        "register_number": str(hit.register_number),
        "book": hit.book,
        "number": hit.number,
        "date": hit.date.isoformat() if hit.date else None,
        "sender": hit.sender,
        "subject": hit.subject,
        "group": hit.group,
        "score": round(hit.score, 4),
        "snippet": hit.snippet.text,
    }
