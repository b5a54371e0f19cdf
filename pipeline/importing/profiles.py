"""Import profiles: the columns of one system's list, chosen once and kept under a name."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from classify.durable_file import replace_durably
from pipeline.importing.columns import FIELD_NAMES, propose_columns
from pipeline.importing.errors import ProfileRefusedError
from pipeline.office import Office

_NAME = re.compile(r"[\wก-๙][\wก-๙ +.-]{0,39}")


@dataclass(frozen=True, slots=True)
class Profile:
    """Which header holds which field; `name` tells clerks where a value comes from."""

    name: str
    columns: Mapping[str, str]


def profile_for(name: str, header: Sequence[str], columns: Mapping[str, str]) -> Profile:
    """Return a profile of chosen columns. Raises ProfileRefusedError when it cannot work."""
    if not _NAME.fullmatch(name) or name.endswith((".", " ")):
        raise ProfileRefusedError(name, "its name must be 1 to 40 letters, digits, + . -")
    chosen = {field: column for field, column in columns.items() if column}
    unknown = [field for field in chosen if field not in FIELD_NAMES]
    if unknown:
        raise ProfileRefusedError(name, f"there is no field {unknown[0]!r}")
    missing = [column for column in chosen.values() if column not in header]
    if missing:
        raise ProfileRefusedError(name, f"the list has no column {missing[0]!r}")
    if not {"number", "subject", "file"} & chosen.keys():
        raise ProfileRefusedError(name, "neither number, subject nor file is chosen")
    return Profile(name, chosen)


class Profiles:
    """The profiles of an office, one TOML file each."""

    def __init__(self, office: Office) -> None:
        self._folder = office.root / "imports" / "profiles"

    def names(self) -> tuple[str, ...]:
        """Return the names, sorted."""
        return tuple(sorted(path.stem for path in self._folder.glob("*.toml")))

    def find(
        self,
        name: str,
        header: Sequence[str],
        rows: Sequence[Sequence[str]] = (),
        chosen: Mapping[str, str] = MappingProxyType({}),
    ) -> Profile:
        """Return the profile if it fits the list; one that is not there yet is proposed from header and rows.

        `chosen` columns stand in place of kept or proposed ones; an empty one is left out. Raises ProfileRefusedError.
        """
        path = self._path(name)
        if not path.is_file():
            return profile_for(name, header, propose_columns(header, rows) | dict(chosen))
        try:
            kept = tomllib.loads(path.read_text(encoding="utf-8"))
            columns = {str(field): str(column) for field, column in kept["columns"].items()}
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, AttributeError) as error:
            raise ProfileRefusedError(name, f"{path} is not a profile ({error})") from error
        return profile_for(name, header, columns | dict(chosen))

    def keep(self, profile: Profile) -> None:
        """Write the profile, in place of one of that name."""
        path = self._path(profile.name)
        self._folder.mkdir(parents=True, exist_ok=True)
        # A JSON string is a TOML string: both escape the same way.
        lines = [f"# Import profile / รูปแบบนำเข้า: {profile.name}", "[columns]"]
        lines += [f"{field} = {_quote(column)}" for field, column in profile.columns.items()]
        replace_durably(path, ("\n".join(lines) + "\n").encode())

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ProfileRefusedError(name, "its name must be 1 to 40 letters, digits, + . -")
        return self._folder / f"{name}.toml"


def _quote(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
