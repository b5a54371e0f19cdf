"""`saraban forms`: the official forms, labels and the separator sheet as PDF and XLSX."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from index.book import Book
from index.choices import SEND_BOOKS, BookName
from index.registered_letter import RegisterNumber
from pipeline.cli.options import OFFICE
from pipeline.errors import NoSuchLetterError
from pipeline.forms.days import Days, parse_days
from pipeline.forms.errors import FormNotWrittenError
from pipeline.forms.gather import FILLED, FORM_PRINTED, Asked, Source, open_source
from pipeline.forms.make import PRINTED, make_pdf, make_xlsx
from pipeline.office import Office, open_book, open_office
from pipeline.rules_in_force import RulesInForce
from pipeline.viewers import AT_THIS_MACHINE

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("number", type=click.Choice(PRINTED))
@OFFICE
@click.option("--day", metavar="DATE", help="One day of a book, as 2569-11-21.")
@click.option("--month", metavar="MONTH", help="One month of a book, as 2569-11.")
@click.option("--year", metavar="YEAR", help="One year of a book, as 2569.")
@click.option(
    "--book",
    type=click.Choice([name.value for name in SEND_BOOKS]),
    default=BookName.SEND.value,
    show_default=True,
    help="Which of the send books form 14 prints.",
)
@click.option("--batch", default="", metavar="ID", help="The destruction batch of form 25.")
@click.option("--list", "listed", default="", metavar="ID", help="The list of form 21, 22 or 23.")
@click.option(
    "--place",
    default="",
    metavar="CODE",
    help="Only files, boxes or shelves that begin so (form 20, labels).",
)
@click.option("--letter", default="", metavar="NUMBER", help="Whose card form 24 is, as 123/2569.")
@click.option("--pdf", "pdf", type=FILE, help="Write a PDF.")
@click.option("--xlsx", "xlsx", type=FILE, help="Write a workbook.")
def command(
    *,
    number: str,
    office_folder: Path,
    day: str | None,
    month: str | None,
    year: str | None,
    book: str,
    batch: str,
    listed: str,
    place: str,
    letter: str,
    pdf: Path | None,
    xlsx: Path | None,
) -> None:
    """Print form NUMBER (13, 14, 19 to 25), the counts, labels or the separator sheet.

    Years may be Buddhist or Gregorian. Secret letters stand in the books as (หนังสือลับ) only.
    """
    if pdf is None and xlsx is None:
        raise click.UsageError("say where to write it: --pdf FILE or --xlsx FILE or both")
    if xlsx is not None and number not in FILLED:
        raise click.UsageError(f"{number} is no table; use --pdf")
    asked = Asked(
        number=number,
        days=_days(day, month, year),
        book=BookName(book),
        code=batch or listed or place,
        letter=_register_number(letter),
    )
    office = open_office(office_folder)
    now = datetime.now(UTC).astimezone(office.zone)
    with open_book(office, only_looks=True) as opened:
        source = _source(office, opened, now)
        for path, make in ((pdf, make_pdf), (xlsx, make_xlsx)):
            if path is not None:
                _write(path, make(source, AT_THIS_MACHINE, asked))
                opened.audit.record(
                    AT_THIS_MACHINE.name,
                    FORM_PRINTED,
                    now,
                    details=asked.as_details(path.suffix.lstrip(".").lower()),
                )
                click.echo(f"{path}")


def _source(office: Office, book: Book, now: datetime) -> Source:
    rules = RulesInForce(office.rules, office.kept_rules).current()
    names = {group.code: group.name for group in rules.groups.groups}
    return open_source(office, book, names, now)


def _days(*written: str | None) -> Days | None:
    given = [one for one in written if one is not None]
    if not given:
        return None
    if len(given) > 1:
        raise click.UsageError("give one of --day, --month and --year")
    try:
        return parse_days(given[0])
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def _register_number(text: str) -> RegisterNumber | None:
    if not text:
        return None
    try:
        return RegisterNumber.parse(text)
    except ValueError as error:
        raise NoSuchLetterError(text) from error


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise FormNotWrittenError(path, error) from error
