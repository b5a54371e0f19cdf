"""A large office to measure with: a hundred thousand made-up letters in book and index, and its clerks.

Repeatable: every hundredth letter is secret, every fiftieth in doubt, some are urgent.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from sqlalchemy import insert

from benchmarks.search import documents
from benchmarks.synthetic_letters import MadeLetter, make_letter
from classify import install_default_rules
from classify.letter import Decision, Found, GroupScore, Kind, Letter, Urgency
from index.archive import Archive
from index.book import Book
from index.register.people.people import Person
from index.register.store.codec import pack_decision, pack_letter
from index.register.store.database import Database
from index.register.store.number_tables import CounterRow
from index.register.store.tables import ArrivalRow, ContentRow, LetterRow, ReviewRow
from index.search import rebuild
from index.search.record import key_of
from index.visibility import Role
from ocr.document import Box
from pipeline.demo.letters import LETTERS, save_letter
from pipeline.office import create_office, open_book

PASSWORD = "benchmark of pages 2569"  # noqa: S105 - of an office that is thrown away
PART, DISTINCT = 5_000, 1_000
GROUPS = ("plan", "finance", "hr", "admin", "dlict", "promotion", "supervision", "legal")
YEAR = 2569


def fill(database: Database, letters: int, searchable: str) -> None:
    """Insert letters of one year."""
    office = database.office_id
    for start in range(0, letters, PART):
        keys = range(start + 1, min(start + PART, letters) + 1)
        with database.writing() as session:
            rows = [_row(key, office, searchable, letters) for key in keys]
            session.execute(insert(LetterRow), rows)
            session.execute(insert(ArrivalRow), [_arrival(row) for row in rows])
            contents = [_content(key) for key in keys]
            session.execute(insert(ContentRow), contents)
            session.execute(insert(ReviewRow), [_review(key) for key in keys if _is_in_doubt(key)])
    with database.writing() as session:
        counter = {"office_id": office, "book": "receive", "buddhist_year": YEAR}
        session.execute(insert(CounterRow), [{**counter, "first": 1, "last": letters}])


@cache
def _made(number: int) -> MadeLetter:
    return make_letter(number)


def _is_in_doubt(key: int) -> bool:
    return key % 50 == 7


def _row(key: int, office: int, searchable: str, letters: int) -> dict[str, object]:
    letter = _made(key % DISTINCT + 1)
    minutes = key * 330 * 24 * 60 // letters
    at = datetime.fromtimestamp(datetime(2026, 1, 5, tzinfo=UTC).timestamp() + minutes * 60, UTC)
    urgent = {3: Urgency.MOST_URGENT, 4: Urgency.URGENT}.get(key % 200, Urgency.NONE)
    return {
        "id": key,
        "office_id": office,
        "sha256": f"{key:064x}",
        "state": "filed",
        "name": f"{key}.pdf",
        "door": "inbox",
        "received_at": at,
        "filed_at": at,
        "media_type": "application/pdf",
        "size_bytes": 1,
        "work_path": "",
        "page_count": 1,
        "searchable_sha256": searchable,
        "book": "receive",
        "buddhist_year": YEAR,
        "running": key,
        "revision": 1,
        "is_secret": key % 100 == 0,
        "review_count": int(_is_in_doubt(key)),
        "number": letter.number,
        "number_as_printed": letter.number,
        "number_key": letter.number,
        "date": letter.date,
        "sender": letter.sender,
        "recipient": letter.recipient,
        "subject": letter.subject,
        "kind": "external",
        "urgency": urgent.value,
        "secrecy": "ลับ" if key % 100 == 0 else "",
        "group_code": GROUPS[key % len(GROUPS)],
        "retention_class": "R10",
    }


def _arrival(row: dict[str, object]) -> dict[str, object]:
    copied = ("office_id", "name", "door", "received_at", "sha256")
    return {
        "letter_id": row["id"],
        "claim": row["sha256"],
        "outcome": "new",
        **{name: row[name] for name in copied},
    }


def _content(key: int) -> dict[str, object]:
    made = _made(key % DISTINCT + 1)
    box = Box(300, 600, 1500, 660)
    letter = Letter(
        kind=Found(Kind.EXTERNAL, "", 0.9, None, None, "made up"),
        number=Found(made.number, made.number, 0.9, 1, box, "made up"),
        date=Found(made.date, str(made.date), 0.9, 1, None, "made up"),
        sender=Found(made.sender, made.sender, 0.9, 1, None, "made up"),
        recipient=Found(made.recipient, made.recipient, 0.9, 1, None, "made up"),
        subject=Found(made.subject, made.subject, 0.9, 1, box, "made up"),
    )
    group = GROUPS[key % len(GROUPS)]
    decision = Decision(
        group=group,
        scores=(GroupScore(group, 3.5, (("ประชุม", "subject", 2.0),)),),
        margin=0.6,
        copies=(),
        retention_class="R10",
        retention_because="57",
        review=(),
    )
    return {
        "letter_id": key,
        "text": made.text,
        "letter": pack_letter(letter),
        "decision": pack_decision(decision),
    }


def _review(key: int) -> dict[str, object]:
    return {
        "letter_id": key,
        "field": "number",
        "code": "low",
        "thai": "เลขที่ไม่ชัด",
        "english": "the number is unclear",
    }


def make_office(root: Path, letters: int, users: int) -> None:
    """Make the office with its letters, index and people."""
    office = create_office(root)
    install_default_rules(office.rules)
    scan = save_letter(LETTERS[0], root)
    searchable = Archive(office.archive).keep_searchable(scan, secret=False)
    scan.unlink()
    with open_book(office) as book:
        fill(_database_of(book), letters, searchable.sha256)
        roles = frozenset({Role.REGISTRY_CLERK})
        people = [
            Person(f"clerk{number}", f"ธุรการ {number}", roles, must_change_password=False)
            for number in range(users)
        ]
        book.people.put_alike(people, PASSWORD, who="benchmark", now=datetime.now(UTC))
    if not (office.search_index / "active").exists():
        fill_index(office.search_index, letters)


def _database_of(book: Book) -> Database:
    return book._database


def fill_index(folder: Path, letters: int) -> None:
    """Index as many letters as the book has; secret ones are left out."""
    index = rebuild(folder, "tantivy", ())
    batch = []
    for document in documents(letters, DISTINCT, defaultdict(float)):
        if key_of(document.letter_id).id % 100:
            batch.append(document)
        if len(batch) == PART:
            index.engine.write((), batch)
            batch = []
    index.engine.write((), batch)
    index.close()
