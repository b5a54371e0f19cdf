"""`saraban people`: who may log in; for the first days, and for an administrator who is locked out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

from classify.letter import Secrecy
from index.book import Book
from index.errors import PersonRefusedError
from index.message import message
from index.register.people.people import Person
from index.visibility import Role
from pipeline.cli.options import OFFICE
from pipeline.first_people import forget_first_password
from pipeline.office import Office, open_book, open_office
from pipeline.rules_in_force import RulesInForce
from pipeline.viewers import AT_THIS_MACHINE


@click.group()
def command() -> None:
    """Add people, list them, give one-time passwords, end log-ins."""


@command.command("list")
@OFFICE
def list_people(office_folder: Path) -> None:
    """List everybody with roles and groups."""
    with _open(office_folder) as (_, book, _now):
        people = book.people.all()
    for person in people:
        does = " ".join(sorted(person.roles)) + (" @" if person.groups else "")
        state = "" if person.active else "  ปิดการใช้งาน / disabled"
        click.echo(
            f"{person.name:<16}{person.shown_name}  {does}{','.join(sorted(person.groups))}{state}"
        )


@command.command()
@click.argument("name")
@click.option("--shown-name", metavar="TEXT", default="", help="Name and position, in Thai.")
@click.option(
    "--role",
    "roles",
    type=click.Choice([role.value for role in Role]),
    multiple=True,
    required=True,
    help="What the person does; give it several times for several.",
)
@click.option("--group", "groups", metavar="CODE", multiple=True, help="The person's group.")
@click.option(
    "--clearance",
    type=click.Choice([one.value for one in Secrecy if one]),
    help="The highest class of secrecy the person was cleared for.",
)
@OFFICE
def add(
    name: str,
    shown_name: str,
    *,
    roles: tuple[str, ...],
    groups: tuple[str, ...],
    clearance: str | None,
    office_folder: Path,
) -> None:
    """Let NAME log in, and print the one-time password."""
    person = Person(
        name,
        shown_name,
        frozenset(Role(role) for role in roles),
        frozenset(groups),
        Secrecy(clearance or ""),
    )
    with _open(office_folder) as (office, book, now):
        _know(office, groups)
        _tell(name, book.people.add(person, who=AT_THIS_MACHINE.name, now=now))


@command.command("reset-password")
@click.argument("name")
@OFFICE
def reset_password(name: str, office_folder: Path) -> None:
    """Print a new one-time password for NAME; all log-ins of that person end."""
    with _open(office_folder) as (office, book, now):
        password = book.people.reset_password(name, who=AT_THIS_MACHINE.name, now=now)
        forget_first_password(office, name)
    _tell(name, password)


@command.command()
@click.argument("name")
@OFFICE
def disable(name: str, office_folder: Path) -> None:
    """Let NAME no longer log in; the name stays in the audit trail."""
    with _open(office_folder) as (_, book, now):
        book.people.disable(name, who=AT_THIS_MACHINE.name, now=now)
    click.echo(f"{name}: ปิดการใช้งานแล้ว / disabled")


@contextmanager
def _open(office_folder: Path) -> Iterator[tuple[Office, Book, datetime]]:
    office = open_office(office_folder)
    with open_book(office) as book:
        yield office, book, datetime.now(UTC).astimezone(office.zone)


def _know(office: Office, groups: tuple[str, ...]) -> None:
    """Refuse a group that the office does not have: in it a person would see what is nobody's."""
    known = [
        one.code for one in RulesInForce(office.rules, office.kept_rules).current().groups.groups
    ]
    unknown = ", ".join(sorted(set(groups) - set(known)))
    if unknown:
        raise PersonRefusedError(
            message(
                "ไม่มีกลุ่ม %(unknown)s ในสำนักงานนี้ มีกลุ่ม %(known)s",
                unknown=unknown,
                known=", ".join(known),
            )
        )


def _tell(name: str, password: str) -> None:
    click.echo(f"{name}: รหัสผ่านใช้ครั้งเดียว / one-time password {password}")
