"""Reading one TOML rule file strictly: every fault is told with its line and what to write instead."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from classify.errors import RuleFileError

_PROVENANCE = ("source", "checked_by", "checked_on", "note")


class RuleFile:
    """A parsed rule file that knows the line of every table and key.

    Tables are handed out by `tables`; after a table is read, `Table.finish` refuses keys that
    nobody asked for, so that a misspelt key never passes silently.
    """

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.lines = text.splitlines()
        try:
            self.content: dict[str, Any] = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            line = re.search(r"line (\d+)", str(error))
            raise RuleFileError(
                path,
                int(line[1]) if line else len(self.lines),
                f"เขียนไม่ถูกรูปแบบ TOML ({error})",
                'ตรวจเครื่องหมายคำพูด วงเล็บ และเครื่องหมายจุลภาคในบรรทัดนี้ เช่น strong = ["คำที่ ๑", "คำที่ ๒"]',
            ) from error

    def root(self) -> Table:
        """Return the file's top level as a table."""
        return Table(self, self.content, "", 1, len(self.lines))

    def fault(self, line: int | None, what: str, advice: str) -> RuleFileError:
        """Return the error to raise for a fault on a line."""
        return RuleFileError(self.path, line, what, advice)

    def header_lines(self, header: str) -> list[int]:
        """Return the lines, from 1, on which `[[header]]` or `[header]` stands."""
        wanted = {f"[[{header}]]", f"[{header}]"}
        return [
            number
            for number, line in enumerate(self.lines, 1)
            if re.sub(r"\s|#.*", "", line) in wanted
        ]


class Table:
    """One table of a rule file; every getter raises RuleFileError when the value is of another kind."""

    def __init__(
        self, file: RuleFile, content: Mapping[str, Any], header: str, first: int, last: int
    ) -> None:
        self.file = file
        self.content = content
        self.header = header
        self.first_line = first
        self.last_line = last
        self._asked: set[str] = set(_PROVENANCE)

    def line_of(self, key: str) -> int:
        """Return the line on which `key` is set in this table, or the table's first line."""
        for number in range(self.first_line, min(self.last_line, len(self.file.lines)) + 1):
            if re.match(rf'\s*"?{re.escape(key)}"?\s*=', self.file.lines[number - 1]):
                return number
        return self.first_line

    def fault(self, key: str, what: str, advice: str) -> RuleFileError:
        """Return the error to raise for a fault in the value of `key`."""
        return self.file.fault(self.line_of(key), what, advice)

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text; without a default it must be there and not be empty."""
        value = self._value(key, default)
        if not isinstance(value, str) or (default is None and not value.strip()):
            raise self.fault(key, f"{key} ต้องเป็นข้อความ", f'เขียนเป็น {key} = "…"')
        return value

    def number(self, key: str, default: float | None = None) -> float:
        """Return a number."""
        value = self._value(key, default)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise self.fault(key, f"{key} ต้องเป็นตัวเลข", f"เขียนเป็น {key} = 1.0")
        return float(value)

    def flag(self, key: str) -> bool | None:
        """Return true or false, or None when the key is not there."""
        value = self._value(key, False) if key in self.content else self._value(key, "absent")
        if value == "absent":
            return None
        if not isinstance(value, bool):
            raise self.fault(key, f"{key} ต้องเป็น true หรือ false", f"เขียนเป็น {key} = true")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, none of them empty or given twice; empty when it is not there."""
        value = self._value(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.fault(key, f"{key} ต้องเป็นรายการข้อความ", f'เขียนเป็น {key} = ["…", "…"]')
        for item in value:
            if not item.strip():
                raise self.fault(key, f"{key} มีคำว่าง", "ลบคำว่างออกจากรายการ")
        twice = next((item for item in value if value.count(item) > 1), None)
        if twice is not None:
            raise self.fault(key, f"{key} มีคำว่า “{twice}” ซ้ำ", "ลบให้เหลือคำเดียว")
        return tuple(value)

    def tables(self, key: str) -> Iterator[Table]:
        """Give the tables of an array `[[key]]`, each with its lines."""
        header = f"{self.header}.{key}" if self.header else key
        value = self._value(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.fault(key, f"{key} ต้องเป็นตาราง", f"เขียนหัวตารางเป็น [[{header}]]")
        starts = [
            n for n in self.file.header_lines(header) if self.first_line <= n <= self.last_line
        ]
        ends = [n - 1 for n in starts[1:]] + [self.last_line]
        for index, item in enumerate(value):
            first = starts[index] if index < len(starts) else self.first_line
            last = ends[index] if index < len(ends) else self.last_line
            yield Table(self.file, item, header, first, last)

    def table(self, key: str) -> Table:
        """Return the table `[key]`, empty when it is not there."""
        header = f"{self.header}.{key}" if self.header else key
        value = self._value(key, {})
        if not isinstance(value, dict):
            raise self.fault(key, f"{key} ต้องเป็นตาราง", f"เขียนหัวตารางเป็น [{header}]")
        starts = self.file.header_lines(header)
        return Table(self.file, value, header, starts[0] if starts else 1, self.last_line)

    def finish(self) -> None:
        """Refuse keys that nothing asked for: they are misspelt."""
        for key in self.content:
            if key in self._asked:
                continue
            near = difflib.get_close_matches(key, sorted(self._asked), n=1)
            advice = f"หมายถึง {near[0]} ใช่หรือไม่" if near else "ลบบรรทัดนี้"
            known = ", ".join(sorted(self._asked))
            raise self.fault(key, f"ไม่รู้จักคำสั่ง {key}", f"{advice} (ที่ใช้ได้: {known})")

    def _value(self, key: str, default: object) -> Any:  # noqa: ANN401 - TOML gives any value
        self._asked.add(key)
        if key in self.content:
            return self.content[key]
        if default is None:
            raise self.file.fault(
                self.first_line, f"ตาราง [[{self.header}]] ไม่มี {key}", f"เพิ่มบรรทัด {key} = …"
            )
        return default
