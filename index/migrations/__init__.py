"""The changes of the tables, oldest first; applied by `Database.upgrade`."""

HEAD = "0012"
"""The newest revision, so that an up-to-date book is recognised without loading Alembic."""
