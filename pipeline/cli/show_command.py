"""`saraban show`: one letter of the register."""

from __future__ import annotations

import json
from pathlib import Path

import click

from index.registered_letter import RegisteredLetter, RegisterNumber
from index.visibility import SECRET_PLACEHOLDER
from pipeline.cli.options import AS_JSON, OFFICE
from pipeline.errors import NoSuchLetterError
from pipeline.office import open_book, open_office
from pipeline.reading import FIELDS, Json, found_as_json, plain
from pipeline.viewers import AT_THIS_MACHINE

STANDING = ("number", "date", "sender", "recipient", "subject", "urgency", "secrecy")


@click.command()
@click.argument("register_number")
@OFFICE
@AS_JSON
def command(register_number: str, office_folder: Path, as_json: bool) -> None:
    """Show the letter REGISTER_NUMBER (as 123/2569): fields, evidence, decision, text.

    A secret letter is shown by its number and (หนังสือลับ) only.
    """
    try:
        number = RegisterNumber.parse(register_number)
    except ValueError as error:
        raise NoSuchLetterError(register_number) from error
    with open_book(open_office(office_folder)) as book:
        found = book.letters.by_number(AT_THIS_MACHINE, number)
    if found is None:
        raise NoSuchLetterError(register_number)
    shown = _as_json(found)
    if as_json:
        click.echo(json.dumps(shown, ensure_ascii=False))
        return
    for name, value in shown.items():
        if name not in ("evidence", "scores", "text"):
            click.echo(
                f"{name:<16} {', '.join(value) if isinstance(value, list) else value or '-'}"
            )
    if "text" in shown:
        click.echo(f"\n{shown['text']}")


def _as_json(found: RegisteredLetter) -> Json:
    """Return the letter as it stands (flat fields) and what the program had found (evidence)."""
    shown: Json = {"register_number": str(found.register_number)}
    if found.subject == SECRET_PLACEHOLDER:
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
