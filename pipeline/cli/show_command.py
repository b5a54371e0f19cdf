"""`saraban show`: one letter of the register."""

from __future__ import annotations

import json
from pathlib import Path

import click

from index.registered_letter import RegisteredLetter, RegisterNumber
from index.visibility import SECRET_PLACEHOLDER
from pipeline.cli.options import AS_JSON, OFFICE
from pipeline.destruction import tombstone_as_json
from pipeline.errors import NoSuchLetterError
from pipeline.office import law_in_force, open_book, open_office
from pipeline.reading import FIELDS, Json, found_as_json, plain
from pipeline.viewers import AT_THIS_MACHINE

STANDING = ("number", "date", "sender", "recipient", "subject", "urgency", "secrecy")


@click.command()
@click.argument("register_number")
@OFFICE
@AS_JSON
def command(register_number: str, office_folder: Path, as_json: bool) -> None:
    """Show the letter REGISTER_NUMBER (as 123/2569): fields, evidence, decision, text.

    A secret letter is shown by its number and (หนังสือลับ) only; of a destroyed one its tombstone:
    when it went, by which batch, decision and certificate; "kept_files" are scans that stay while
    letters with these numbers have pages in them.
    """
    try:
        number = RegisterNumber.parse(register_number)
    except ValueError as error:
        raise NoSuchLetterError(register_number) from error
    office = open_office(office_folder)
    with open_book(office, only_looks=True) as book:
        found = book.letters.by_number(AT_THIS_MACHINE, number)
        if found is None:
            raise NoSuchLetterError(register_number)
        shown = _as_json(found)
        if found.erased_on or found.paper_ended_on:
            destruction = book.retention(law_in_force(office)).destruction
            stone = destruction.tombstone_of(AT_THIS_MACHINE, found.letter_id)
            shown["destroyed"] = tombstone_as_json(stone) if stone else {}
    if as_json:
        click.echo(json.dumps(shown, ensure_ascii=False))
        return
    for name, value in shown.items():
        if name not in ("evidence", "scores", "text", "destroyed"):
            click.echo(
                f"{name:<16} {', '.join(value) if isinstance(value, list) else value or '-'}"
            )
    for name, value in shown.get("destroyed", {}).items():
        words = ", ".join(value) if isinstance(value, list) else value
        click.echo(f"destroyed: {name:<18} {words or '-'}")
    if shown.get("text"):
        click.echo(f"\n{shown['text']}")


def _as_json(found: RegisteredLetter) -> Json:
    """Return the letter as it stands (flat fields) and what the program had found (evidence)."""
    shown: Json = {"register_number": str(found.register_number)}
    if found.is_redacted:
        return {**shown, "subject": SECRET_PLACEHOLDER}
    shown |= {name: plain(getattr(found, name)) for name in STANDING}
    shown |= {
        "received_at": found.received_at.isoformat(),
        "kind": found.kind,
        "group": found.group,
        "copies": list(found.copies),
        "retention_class": found.retention_class,
        "needs_review": list(found.review),
        "sha256": found.sha256,
        "evidence": {
            name: found_as_json(getattr(found.letter, name)) for name in FIELDS if found.letter
        },
        "scores": [
            {"group": score.group, "score": round(score.score, 3), "because": list(score.because)}
            for score in (found.decision.scores if found.decision else ())
        ],
        "text": found.text,
    }
    return shown
