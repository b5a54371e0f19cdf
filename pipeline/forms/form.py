"""A form as the regulation draws it: name, heads, columns, signatures. Read from `data/forms.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from index.retention.law import Verified
from pipeline.forms.errors import FormsFileError

SHIPPED_FORMS = "forms.toml"
PLACES = ("title", "left", "right")


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `key` says what the program fills in, `width` is its share of the sheet.

    `has_digits` columns hold figures, printed in Thai digits; others keep what was written.
    `is_count` columns hold whole numbers, which a workbook can reckon with.
    """

    key: str
    title: str
    width: int
    has_digits: bool = False
    is_count: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """A word above the table with its value: beside the form's name, or on the left or right.

    `words` is how the title is printed, where that differs.
    """

    key: str
    title: str
    words: str
    place: str


@dataclass(frozen=True, slots=True)
class Form:
    """One form, or a plain list (`law` is None) that no regulation knows."""

    number: str
    name: str
    columns: tuple[Column, ...]
    heads: tuple[Head, ...] = ()
    signers: tuple[str, ...] = ()
    is_landscape: bool = False
    law: Verified | None = None


def load_forms(office_file: Path | None = None) -> Mapping[str, Form]:
    """Return the forms by number: the shipped ones, an office's own of the same number over them.

    Raises FormsFileError, naming file and form, when a file cannot be used.
    """
    if office_file is None or not office_file.exists():
        return _shipped()
    return {**_shipped(), **_parse(office_file.read_text("utf-8"), str(office_file))}


@cache
def _shipped() -> Mapping[str, Form]:
    text = resources.files("pipeline.forms").joinpath("data", SHIPPED_FORMS).read_text("utf-8")
    return _parse(text, SHIPPED_FORMS)


def _parse(text: str, name: str) -> dict[str, Form]:
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FormsFileError(name, str(error)) from error
    unknown = set(tables) - {"form", "list"}
    if unknown:
        raise FormsFileError(name, f"unknown table [[{min(unknown)}]]")
    forms = {}
    for table in ("form", "list"):
        for row in tables.get(table, []):
            try:
                form = _form(row, has_clause=table == "form")
            except (KeyError, TypeError, ValueError) as error:
                number = row.get("number", "?") if isinstance(row, dict) else "?"
                raise FormsFileError(name, f"[[{table}]] {number}: {error!r}") from error
            forms[form.number] = form
    return forms


def _form(row: Mapping[str, Any], *, has_clause: bool) -> Form:
    columns = tuple(
        Column(
            one["key"],
            one["title"],
            int(one["width"]),
            bool(one.get("digits", False)),
            bool(one.get("count", False)),
        )
        for one in row["columns"]
    )
    if not columns or any(column.width < 1 for column in columns):
        raise ValueError("a form has columns, each with a width of 1 or more")
    heads = tuple(
        Head(one["key"], one["title"], one.get("words", one["title"]), one["at"])
        for one in row.get("head", ())
    )
    if any(head.place not in PLACES for head in heads):
        raise ValueError(f"a head stands at one of {', '.join(PLACES)}")
    return Form(
        number=str(row["number"]),
        name=str(row["name"]),
        columns=columns,
        heads=heads,
        signers=tuple(row.get("sign", ())),
        is_landscape=bool(row.get("landscape", False)),
        law=_verified(row) if has_clause else None,
    )


def _verified(row: Mapping[str, Any]) -> Verified:
    checked_on = row.get("checked_on") or None
    if isinstance(checked_on, str):
        checked_on = date.fromisoformat(checked_on)
    return Verified(row["clause"], row["source"], str(row.get("checked_by", "")), checked_on)
