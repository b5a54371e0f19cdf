"""Paths in the book from the office's folder on; the office's identity, and where it last stood."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

OWN_FOLDERS = ("work", "quarantine")


def upgrade() -> None:
    """Add what an office knows of its place, and cut the office's folder off the paths of scans."""
    for name in ("identity", "place"):
        op.add_column("offices", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    connection = op.get_bind()
    root = _folder(connection)
    letters = sa.table("letters", sa.column("id"), sa.column("work_path"))
    kept = connection.execute(sa.select(letters.c.id, letters.c.work_path)).all()
    for letter_id, path in kept:
        relative = _relative(Path(path), root)
        if path and relative != path:
            connection.execute(
                letters.update().where(letters.c.id == letter_id).values(work_path=relative)
            )


def _folder(connection: sa.Connection) -> Path | None:
    """Return the folder of an SQLite book, which is the office's."""
    if connection.dialect.name != "sqlite":
        return None
    file = connection.execute(sa.text("SELECT file FROM pragma_database_list WHERE name = 'main'"))
    found = file.scalar()
    return Path(found).parent if found else None


def _relative(path: Path, root: Path | None) -> str:
    """Return the path from the office's folder on.

    Also what another folder's `work/` or `quarantine/` held: there the office stood before it was moved
    or copied, and the file of that name came along.
    """
    if root is not None and path.is_relative_to(root):
        return str(path.relative_to(root))
    if path.is_absolute() and path.parent.name in OWN_FOLDERS:
        return f"{path.parent.name}/{path.name}"
    return str(path)
