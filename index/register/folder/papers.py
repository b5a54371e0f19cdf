"""The types of the folder: what is put into it, what is done with it, and a paper as somebody may see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from index.choices import Deed, FolderState, PaperKind, Station
from index.registered_letter import RegisteredLetter


@dataclass(frozen=True, slots=True)
class PaperDraft:
    """What somebody puts into the folder; `last` is whose word ends its way.

    A letter has no words of its own; an answer names the letter that it answers.
    """

    kind: PaperKind
    group: str
    letter_id: int | None = None
    subject: str = ""
    body: str = ""
    last: Station = Station.DIRECTOR


@dataclass(frozen=True, slots=True)
class TaskDraft:
    """What is to be done by a day, by a person or, where `owner` is empty, by a group."""

    words: str
    group: str
    due_on: date
    owner: str = ""


@dataclass(frozen=True, slots=True)
class FolderStep:
    """What a person did with a paper; `acting_for` is whose post she filled, empty for her own."""

    deed: Deed
    station: Station
    who: str
    acting_for: str
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper of the folder as it stands; `steps` oldest first, empty in lists."""

    paper_id: int
    kind: PaperKind
    group: str
    subject: str
    body: str
    state: FolderState
    station: Station
    last: Station
    revision: int
    made_by: str
    made_at: datetime
    letter: RegisteredLetter | None
    steps: tuple[FolderStep, ...] = ()

    @property
    def is_decided(self) -> bool:
        """Tell whether the last word was said."""
        return self.state is FolderState.DECIDED
