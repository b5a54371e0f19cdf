"""`saraban place`: the office's folder was moved, or is a copy that is an office of its own by now."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from pipeline.cli.options import OFFICE
from pipeline.office import Office, open_book, open_office, sole_server
from pipeline.place import Separated, settle_moved, settle_separate
from pipeline.viewers import AT_THIS_MACHINE


@click.group()
def command() -> None:
    """Say that the office's folder was moved, or is an office of its own by now.

    An office knows in which folder it was last served. In another one, nothing that writes starts
    (exit code 97) until somebody has said which of the two it is.
    """


@command.command("moved")
@OFFICE
def moved(office_folder: Path) -> None:
    """The folder was moved or renamed: the same office goes on here, with what was under way."""
    office = open_office(office_folder)
    with sole_server(office), open_book(office, only_looks=True) as book:
        settle_moved(office, book, who=AT_THIS_MACHINE.name, now=datetime.now(UTC))
    click.echo(f"สำนักงานอยู่ที่ {office.root} แล้ว / the office goes on in {office.root}")


@command.command("separate")
@OFFICE
def separate(office_folder: Path) -> None:
    """The folder is a copy: it becomes an office of its own.

    What was being read when it was copied belongs to the first office; here it goes to quarantine,
    where it can be retried if the first office does not have it.
    """
    office = open_office(office_folder)
    with sole_server(office) as server, open_book(office, only_looks=True) as book:
        done = settle_separate(
            office, book, server, who=AT_THIS_MACHINE.name, now=datetime.now(UTC)
        )
    click.echo(f"{office.root} เป็นอีกสำนักงานหนึ่งแล้ว / is an office of its own now")
    for line in _to_look_at(office, done):
        click.echo(line)


def _to_look_at(office: Office, done: Separated) -> list[str]:
    lines = []
    if done.set_aside:
        lines.append(
            f"กักไว้ {done.set_aside} ไฟล์ที่สำนักงานเดิมกำลังอ่าน / {done.set_aside} file(s) that the first "
            "office was reading are in quarantine"
        )
    if done.untold:
        lines.append(
            f"{done.untold} message(s) to other programs or mailboxes are left to the first office"
        )
    if done.left:
        lines.append(
            f"{done.left} file(s) lie in this office's folders at the door and would be registered here "
            "too: take out what the first office has"
        )
    lines += [
        f"both offices would take from {folder}: give this one its own in saraban.toml"
        for folder in done.shared
    ]
    if office.settings.backup.to:
        lines.append(
            f"both would back up to {office.settings.backup.to}: name another place in saraban.toml"
        )
    return lines
