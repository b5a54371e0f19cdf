"""An office with letters that are secret in every way there is, each with words of its own that nobody else has.

Who may not see a letter must meet none of its words, nor the colour of its page, anywhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

import pikepdf

from classify.claims import Claims
from classify.letter import ReviewReason, Secrecy, Urgency
from index.archive import Archive
from index.book import Book
from index.choices import BookName, Step
from index.register.received.jobs import Reason
from index.register.received.parts import Piece, Rest
from index.register.sent.sent_copies import ReadCopy
from index.register.sent.sent_letter import SentEntry
from index.registered_letter import RegisteredLetter
from index.retention.eligibility import HoldKind
from index.retention.loans import Borrower
from index.retention.loans import Standing as Borrowing
from index.retention.records import Place
from index.visibility import Role, Viewer
from pipeline.indexer import Indexer
from pipeline.office import Office
from tests.keeping import (
    CLERK,
    DOUBTFUL_SECRECY,
    NOW,
    REGISTRAR,
    MadeScan,
    found,
    make_draft,
    make_filing,
    put_into_folder,
    send_one,
    take,
)
from tests.retaining import JANUARY, KEEPER, LAW

OFFICER = Viewer(Role.GROUP_OFFICER.value, frozenset({Role.GROUP_OFFICER}), frozenset({"plan"}))
HANDED_ON = frozenset({"open", "marked", "due", "lent", "held", "first of two"})
"""Letters that were given to their group; the others of these wait at the registry."""
PREFIX = "kanari"
"""What every secret word begins with; nothing else in the program does."""
ONE_NUMBER = "ศธ 04001/ว 7771"  # of two scans that may be one letter
FIELDS = ("num", "snd", "rcp", "sub", "txt", "nam", "nte")


@dataclass(frozen=True, slots=True)
class Canary:
    """The words and the colour of one letter; `code` are two letters no other has."""

    way: str
    code: str
    colour: tuple[int, int, int]
    prefix: str = PREFIX

    def word(self, field: str) -> str:
        """Return the letter's word for its number, sender, recipient, subject, text, file name or notes."""
        assert field in FIELDS
        return f"{self.prefix}{self.code}{field}"


@dataclass(slots=True)
class SecretOffice:
    """The office, what was put into it by the way it is secret, and where it is found."""

    office: Office
    book: Book
    folder: Path
    canaries: dict[str, Canary] = field(default_factory=dict)
    received: dict[str, RegisteredLetter] = field(default_factory=dict)
    sent: dict[str, SentEntry] = field(default_factory=dict)
    batches: list[str] = field(default_factory=list)

    def canary(self, way: str, *, open_to_all: bool = False) -> Canary:
        """Make the words of a letter; those of one that is `open_to_all` begin otherwise."""
        place = len(self.canaries)
        code = chr(ord("a") + place // 26) + chr(ord("a") + place % 26)
        colour = (40 + place * 61 % 200, 40 + place * 97 % 200, 40 + place * 151 % 200)
        made = Canary(way, f"q{code}", colour, "openly" if open_to_all else PREFIX)
        self.canaries[way] = made
        return made

    def scan(self, canary: Canary, *, secret: bool = False, pages: int = 1) -> tuple[MadeScan, str]:
        """Lay a scan into the archive; return it and the SHA-256 of its searchable PDF."""
        archive, path = Archive(self.office.archive), self.folder / f"{canary.way}.pdf"
        write_page(path, canary, pages)
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        copy = path.with_suffix(".searchable.pdf")
        write_page(copy, canary, pages, note="searchable")
        archive.keep_original(path, sha256, ".pdf", secret=secret)
        kept = archive.keep_searchable(copy, secret=secret)
        name = f"{canary.word('nam')}.pdf"
        return MadeScan(path, name, sha256, secret_door=secret), kept.sha256

    def file(
        self,
        way: str,
        *,
        secrecy: Secrecy = Secrecy.NONE,
        review: tuple[ReviewReason, ...] = (),
        secret_door: bool = False,
        group: str = "plan",
        open_to_all: bool = False,
        pages: int = 1,
        written: date = date(2026, 1, 5),
        number: str = "",
    ) -> RegisteredLetter:
        """Take a letter into the book with its own words."""
        canary = self.canary(way, open_to_all=open_to_all)
        hidden = secret_door or bool(secrecy) or bool(review)
        made, searchable = self.scan(canary, secret=hidden, pages=pages)
        self.book.jobs.record_arrival(replace(made, secret_door=secret_door))
        filing = make_filing(
            number=number or f"ศธ 04001/{canary.word('num')}",
            subject=f"เรื่อง {canary.word('sub')}",
            sender=f"สำนักงาน {canary.word('snd')}",
            text=f"ข้อความ {canary.word('txt')} เงิน",
            secrecy=secrecy,
            urgency=Urgency.URGENT,
            group=group,
            copies=("hr",),
            review=review,
            written=written,
        )
        letter = replace(filing.letter, recipient=found(canary.word("rcp")))
        filing = replace(filing, letter=letter, searchable_sha256=searchable, page_count=pages)
        self.received[way] = self.book.jobs.file(take(self.book), filing, NOW)
        if way in HANDED_ON:  # its group would have it, were it not secret
            letter_id = self.received[way].letter_id
            self.received[way] = self.book.desk.move(
                REGISTRAR, letter_id, Step.ROUTED, group=group, now=NOW
            )
        return self.received[way]

    def send(
        self,
        way: str,
        *,
        secrecy: Secrecy = Secrecy.NONE,
        viewer: Viewer = OFFICER,
        open_to_all: bool = False,
        answers: int | None = None,
        has_mark: bool = False,
    ) -> SentEntry:
        """Enter a letter in the send book, with a copy that was read."""
        canary = self.canary(way, open_to_all=open_to_all)
        draft = make_draft(
            subject=f"เรื่อง {canary.word('sub')}",
            group="plan",
            secrecy=secrecy,
            recipient=canary.word("rcp"),
            recipients=(canary.word("snd"),),
            note=canary.word("nte"),
            answers=answers,
        )
        entry = send_one(self.book, draft, viewer=viewer)
        assert entry.letter is not None
        made, searchable = self.scan(canary, secret=bool(secrecy))
        who = REGISTRAR if secrecy else viewer
        self.book.sent.attach(
            who,
            entry.letter.sent_id,
            sha256=made.sha256,
            name=made.name,
            media_type="application/pdf",
            size_bytes=1,
            now=NOW,
        )
        job = self.book.sent_copies.take("w", 60, NOW)
        assert job is not None
        read = ReadCopy(f"ข้อความ {canary.word('txt')}", 1, searchable, has_mark)
        self.book.sent_copies.keep(job, read, NOW)
        self.sent[way] = entry
        return entry

    def follow(self) -> None:
        """Let the index follow the book."""
        indexer = Indexer(self.office.search_index, "tantivy", self.book, {})
        while indexer.step():
            pass

    @property
    def secret(self) -> Iterator[Canary]:
        """Yield the canaries of all secret letters."""
        return (one for one in self.canaries.values() if one.prefix == PREFIX)


def write_page(path: Path, canary: Canary, pages: int, note: str = "scan") -> None:
    """Write a PDF whose pages have the letter's colour and say its text."""
    with pikepdf.new() as pdf:
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        for number in range(pages):
            page = pdf.add_blank_page(page_size=(298, 421))
            page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
            red, green, blue = (part / 255 for part in canary.colour)
            drawn = (
                f"{red:.3f} {green:.3f} {blue:.3f} rg 0 0 298 421 re f 0 g "
                f"BT /F1 9 Tf 20 20 Td ({canary.word('txt')} {number} {note}) Tj ET"
            )
            page.Contents = pdf.make_stream(drawn.encode())
        pdf.save(path, deterministic_id=True)


def add_open_letters(made: SecretOffice) -> None:
    """Put letters into the office that are secret for nobody who may see their group.

    Pages were cut out of one of them; whether they are secret nobody knows before they are read.
    """
    made.file("open", open_to_all=True)
    made.file("elsewhere", group="admin", open_to_all=True)
    source = made.file("source", open_to_all=True, pages=2)
    piece, _ = made.scan(made.canary("piece"), secret=True)
    rest, kept = made.scan(made.canaries["source"])
    assert rest.sha256
    made.book.parts.split(
        CLERK,
        source.letter_id,
        [Piece(piece.sha256, 2, 2)],
        Rest(1, kept, "openly rest"),
        revision=source.revision,
        now=NOW,
    )
    made.send("open sent", open_to_all=True)
    made.follow()


def add_secret_letters(made: SecretOffice, hide: Callable[[RegisteredLetter], None]) -> None:
    """Put a letter into the office for each way to be secret; `hide` is what a clerk's page does."""
    made.file("marked", secrecy=Secrecy.SECRET)
    made.file("doubtful", review=(DOUBTFUL_SECRECY,))
    made.file("secret door", secret_door=True)
    _add_unread(made)
    for way in ("set later", "sent back", "due", "lent", "held"):
        made.file(way)
    _work_on(made)
    made.follow()
    for way in ("set later", "sent back", "due", "lent", "held"):
        hide(made.received[way])
    _add_kin(made, hide)
    _add_imported(made)
    _add_sent(made)
    made.follow()


def _add_unread(made: SecretOffice) -> None:
    """One in quarantine, with a reason that names it; the one in the queue comes last of all."""
    canary = made.canary("unreadable")
    scan, _ = made.scan(canary)
    made.book.jobs.record_arrival(scan)
    detail = f"{canary.word('nte')}: EOF"
    reason = Reason("truncated", "ไฟล์ไม่สมบูรณ์", "cut off", detail)
    made.book.jobs.quarantine(take(made.book), reason, NOW)


def _work_on(made: SecretOffice) -> None:
    """Do with letters what people do, in their own words, before they are known to be secret."""
    book, retention = made.book, made.book.retention(LAW)
    for way in ("set later", "sent back"):
        one, note = made.received[way].letter_id, made.canaries[way].word("nte")
        book.desk.move(CLERK, one, Step.ROUTED, group="plan", now=NOW)
        book.desk.move(OFFICER, one, Step.INSTRUCTED, note=note, officer=note, now=NOW)
        book.desk.correct(
            CLERK, one, "recipient", made.canaries[way].word("rcp") + "x", now=NOW, reason=note
        )
        due = NOW.date() + timedelta(days=3)
        book.groups.set_deadline(OFFICER, one, due, note=note, now=NOW)
    early = made.received["set later"].letter_id
    put_into_folder(book, early, made.canaries["set later"].word("nte"))
    sent_back = made.received["sent back"].letter_id
    note = made.canaries["sent back"].word("nte")
    book.desk.move(OFFICER, sent_back, Step.RETURNED, group="admin", note=note, now=NOW)
    lent, note = made.received["lent"].letter_id, made.canaries["lent"].word("nte")
    borrower = Borrower(note, note, Borrowing.INSIDE)
    retention.loans.lend(
        KEEPER,
        lent,
        borrower,
        permitted_by="ผู้อำนวยการ",
        due_on=NOW.date() + timedelta(days=9),
        now=NOW,
    )
    held, note = made.received["held"].letter_id, made.canaries["held"].word("nte")
    retention.records.place_hold(KEEPER, held, HoldKind.AUDIT, reason=note, now=NOW)
    retention.records.store(KEEPER, held, Place(note, note, note, NOW.date()), now=NOW)
    due_id = made.received["due"].letter_id
    later = NOW.replace(year=2027, month=3)
    retention.records.finish(KEEPER, due_id, date(2027, 3, 1), now=later)
    batch = retention.batches.propose(KEEPER, [due_id], now=JANUARY)
    made.batches.append(batch.batch_id)


def _add_kin(made: SecretOffice, hide: Callable[[RegisteredLetter], None]) -> None:
    """A secret letter cut out of an ordinary scan, and a further copy of a letter that turned secret."""
    piece = made.canaries["piece"]
    scan, searchable = made.scan(piece, secret=True)
    made.book.jobs.record_arrival(scan)
    filing = make_filing(
        number=f"ศธ 04001/{piece.word('num')}",
        subject=piece.word("sub"),
        group="plan",
        sender=piece.word("snd"),
        text=piece.word("txt"),
        secrecy=Secrecy.VERY_SECRET,
    )
    letter = replace(filing.letter, recipient=found(piece.word("rcp")))
    filing = replace(filing, letter=letter, searchable_sha256=searchable)
    made.received["piece"] = made.book.jobs.file(take(made.book), filing, NOW)
    first = made.file("first of two", number=ONE_NUMBER)
    again = made.canary("further copy")
    scan, searchable = made.scan(again)
    made.book.jobs.record_arrival(scan)
    same = make_filing(
        number=ONE_NUMBER,
        sender=again.word("snd"),
        subject=again.word("sub"),
        text=again.word("txt"),
        group="plan",
    )
    same = replace(same, searchable_sha256=searchable)
    made.received["further copy"] = made.book.jobs.file(take(made.book), same, NOW)
    assert made.book.same_letters.open(CLERK)  # asked about, and nobody has said anything yet
    made.follow()
    hide(first)


def _add_imported(made: SecretOffice) -> None:
    """A row of another system's list with a secret letter, one read and one that waits to be."""
    for way, read in (("imported", True), ("waiting", False)):
        canary = made.canary(way)
        scan, searchable = made.scan(canary, secret=True)
        claims = Claims(
            number=f"ศธ 04001/{canary.word('num')}",
            date=date(2026, 1, 5),
            sender=canary.word("snd"),
            recipient=canary.word("rcp"),
            subject=canary.word("sub"),
        )
        made.book.imports.record("amss", {scan.sha256: claims}, who="test", now=NOW)
        made.book.jobs.record_arrival(replace(scan, secret_door=True))
        if read:
            filing = make_filing(
                number=f"ศธ 04001/{canary.word('num')}",
                subject=canary.word("sub"),
                group="plan",
                sender=canary.word("snd"),
                text=canary.word("txt"),
                secrecy=Secrecy.TOP_SECRET,
            )
            letter = replace(filing.letter, recipient=found(canary.word("rcp")))
            filing = replace(filing, letter=letter, searchable_sha256=searchable)
            made.received[way] = made.book.jobs.file(take(made.book), filing, NOW)


def _add_sent(made: SecretOffice) -> None:
    """Secret in the send book: entered so, by a mark on a copy, by a change, with a copy nobody read yet."""
    made.send("sent secret", secrecy=Secrecy.SECRET, viewer=REGISTRAR)
    made.send("sent suspected", has_mark=True)
    later = made.send("sent, set later")
    assert later.letter is not None
    made.follow()
    canary = made.canaries["sent, set later"]
    draft = make_draft(
        subject=f"เรื่อง {canary.word('sub')}",
        group="plan",
        secrecy=Secrecy.SECRET,
        recipient=canary.word("rcp"),
        recipients=(canary.word("snd"),),
        note=canary.word("nte"),
    )
    made.book.sent.change(REGISTRAR, later.letter.sent_id, draft, now=NOW)
    answer = made.received["marked"].letter_id
    made.send("sent answer", secrecy=Secrecy.SECRET, viewer=REGISTRAR, answers=answer)
    canary = made.canary("sent, unread copy")
    entry = made.sent["open sent"]
    assert entry.letter is not None
    scan, _ = made.scan(canary)
    made.book.sent.attach(
        REGISTRAR,
        entry.letter.sent_id,
        sha256=scan.sha256,
        name=scan.name,
        media_type="application/pdf",
        size_bytes=1,
        now=NOW,
    )
    number = made.received["doubtful"].register_number
    note = made.canaries["doubtful"].word("nte")
    made.book.numbers.cancel(BookName.RECEIVE, number, note=note, who=REGISTRAR.name, now=NOW)
