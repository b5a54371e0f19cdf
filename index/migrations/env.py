"""What Alembic runs: the changes, on the connection that `Database.upgrade` (or a test) opened."""

from __future__ import annotations

from alembic import context

from index.retention.tables import BatchRow

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=BatchRow.metadata,  # of all tables: retention's stand beside the register's
    # SQLite cannot alter a table in place; Alembic then copies it.
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
