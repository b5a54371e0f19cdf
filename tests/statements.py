"""What SQLAlchemy compiled for one test's book serves the next: a third of a small test of the book was compiling.

The program opens its book once a process and compiles a statement once; tests open one book after another.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

_COMPILED: LRUCache[Any, Any] = LRUCache(5_000)


class SharingDialect(SQLiteDialect_pysqlite):
    """SQLite, by which the statements compiled for one engine are found for any other."""

    supports_statement_cache = True

    def __hash__(self) -> int:
        return hash(type(self))

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other)

    @classmethod
    def engine_created(cls, engine: Engine) -> None:
        engine._compiled_cache = _COMPILED


def share_statements() -> None:
    """Let every SQLite book opened in this process from now on use them."""
    registry.register("sqlite", __name__, SharingDialect.__name__)
