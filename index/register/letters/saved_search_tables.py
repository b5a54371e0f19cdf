"""The table of saved searches."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from index.register.store.tables import RowId, Table


class SavedSearchRow(Table):
    """A search that a person keeps under a name; `shared_with` is a group's code, empty for none."""

    __tablename__ = "saved_searches"
    __table_args__ = (
        UniqueConstraint("office_id", "owner", "name"),
        Index(None, "office_id", "shared_with"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    owner: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(80))
    wanted: Mapped[dict[str, str]] = mapped_column(JSON)
    shared_with: Mapped[str] = mapped_column(String(64))
    saved_at: Mapped[datetime]
