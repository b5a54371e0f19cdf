"""A TOML file of the office's read into a frozen dataclass, checked to the last key; refusals name the line."""

from __future__ import annotations

import re
import tomllib
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from typing import Any, TypeVar, cast, get_args, get_type_hints

from pipeline.errors import SettingsRefusedError

_WRITTEN: dict[object, str] = {
    str: 'text in "…"',
    int: "a whole number",
    float: "a number",
    bool: "true or false",
}
T = TypeVar("T")


def read_settings_file(path: Path, kind: type[T]) -> tuple[T, SettingsReader]:
    """Read a TOML file into the dataclass `kind`; the reader that comes with it refuses values.

    Raises SettingsRefusedError with file, line and advice on the first thing that is wrong.
    """
    try:
        text = path.read_text(encoding="utf-8")
        table = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise SettingsRefusedError(path, 1, "not UTF-8 text", "save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        raise SettingsRefusedError(
            path, int(line[1]) if line else 1, f"not TOML: {error}", "compare with docs/cli.md"
        ) from error
    reader = SettingsReader(path, text)
    return reader.read(kind, table, ()), reader


class SettingsReader:
    """Fills frozen dataclasses from TOML tables and knows the line to blame."""

    def __init__(self, path: Path, text: str) -> None:
        self._path = path
        self._lines = text.splitlines()

    def read(self, kind: type[T], table: object, keys: tuple[str, ...]) -> T:
        """Return `kind` filled from `table`; `keys` is the way to it from the top of the file."""
        if not isinstance(table, dict):
            raise self.refuse(keys, f"{'.'.join(keys)} is not a section", "write it as [section]")
        known = {one.name: one for one in fields(cast("type[Any]", kind))}
        for key in table:
            if key not in known:
                raise self.refuse(
                    (*keys, key),
                    f"unknown key {'.'.join((*keys, key))}",
                    f"known here: {', '.join(known)}",
                )
        for name, one in known.items():
            absent = one.default is MISSING and one.default_factory is MISSING
            if absent and name not in table:
                raise self.refuse(keys, f"{'.'.join(keys)} lacks {name}", f"add {name} = …")
        hints = get_type_hints(kind)
        return kind(**{key: self._value(hints[key], table[key], (*keys, key)) for key in table})

    def _value(self, kind: object, value: object, keys: tuple[str, ...]) -> object:
        if isinstance(kind, type) and is_dataclass(kind):
            return self.read(kind, value, keys)
        if get_args(kind):  # tuple[WatchedFolder, ...] or tuple[str, ...]
            if not isinstance(value, list):
                shown = f"[[{'.'.join(keys)}]]"
                raise self.refuse(keys, f"{'.'.join(keys)} is not a list", f"write {shown}")
            return tuple(self._value(get_args(kind)[0], one, keys) for one in value)
        if kind is float and type(value) is int:
            return float(value)
        if type(value) is not kind:
            raise self.refuse(keys, f"{'.'.join(keys)} is {value!r}", f"write {_WRITTEN[kind]}")
        return value

    def refuse(self, keys: tuple[str, ...], problem: str, advice: str) -> SettingsRefusedError:
        """Return the error that points at the line where the key, or its section, is written."""
        return SettingsRefusedError(self._path, self._line_of(keys), problem, advice)

    def _line_of(self, keys: tuple[str, ...]) -> int:
        """Return the line of the longest part of `keys` that the file spells out, else 1."""
        section, best = "", 1
        for number, line in enumerate(self._lines, start=1):
            header = re.match(r"\s*\[+\s*([\w.\s-]+?)\s*\]+", line)
            if header:
                section = header[1]
                if section == ".".join(keys) or (keys and section == keys[0] and best == 1):
                    best = number
            elif re.match(rf"\s*[\"']?{re.escape(keys[-1])}[\"']?\s*=", line) and (
                section.split(".")[0] == keys[0] or len(keys) == 1
            ):
                return number
        return best
