"""A paper goes up from desk to desk, each signing in her own name, and comes back with an order or for correction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from classify.letter import Secrecy, Urgency
from index.book import Book
from index.choices import Deed, FolderState, MandateKind, PaperKind, Station, Step
from index.errors import FolderRefusedError, LetterChangedError, NoSuchRecordError
from index.register.folder.papers import Paper, PaperDraft, TaskDraft
from index.register.people.mandates import MandateDraft
from index.register.people.people import Person
from index.visibility import Role, Viewer
from tests.keeping import (
    CLERK,
    NOW,
    REGISTRAR,
    file_one,
    hand_on,
    make_filing,
    make_hashing_quick,
    run_sql,
)

PLAN, BOTH = frozenset({"plan"}), frozenset({"plan", "hr"})
PEOPLE = {
    one.name: one
    for one in (
        Person("officer", "นายวิชัย", frozenset({Role.GROUP_OFFICER}), PLAN),
        Person("head", "นางหัวหน้า", frozenset({Role.GROUP_HEAD}), PLAN),
        Person("deputy", "นายรอง", frozenset({Role.DEPUTY_DIRECTOR}), BOTH),
        Person("director", "นางอำนวย", frozenset({Role.DIRECTOR})),
        Person("secretary", "นางเลขา", frozenset({Role.SECRETARY})),
        Person("other", "นายอื่น", frozenset({Role.GROUP_HEAD}), frozenset({"legal"})),
        Person("admin", "ผู้ดูแล", frozenset({Role.ADMINISTRATOR})),
    )
}
TOMORROW = NOW + timedelta(days=1)


@pytest.fixture
def book(url: str) -> Iterator[Book]:
    with Book.open(url) as opened:
        make_hashing_quick(opened)
        opened.people.put_alike(PEOPLE.values(), "x", who="test", now=NOW)
        yield opened


def who(book: Book, name: str) -> Viewer:
    """Return somebody with what she may open now, as the gate does."""
    person = PEOPLE[name]
    granted = book.grants.granted_to(name, NOW) | book.entrusted_to(person.looking(), NOW)
    return person.looking(granted, book.grants.denied_to(name))


def give(book: Book, key: object = 1, **changes: object) -> int:
    letter = file_one(book, key, make_filing(group="plan", **changes))  # type: ignore[arg-type]
    hand_on(book, letter.letter_id)
    return letter.letter_id


def submit(book: Book, letter_id: int, name: str = "officer") -> int:
    draft = PaperDraft(PaperKind.LETTER, "plan", letter_id)
    return book.folder.submit(who(book, name), draft, now=NOW)


def memo(book: Book, name: str = "officer", last: Station = Station.DIRECTOR) -> int:
    draft = PaperDraft(PaperKind.MEMO, "plan", None, "ขออนุมัติ", "เรียน ผอ.", last)
    return book.folder.submit(who(book, name), draft, now=NOW)


def sign(
    book: Book, name: str, paper: int, deed: Deed = Deed.APPROVED, words: str = "", **more: object
) -> Paper:
    return book.folder.sign(who(book, name), paper, deed, words=words, now=NOW, **more)  # type: ignore[arg-type]


def desk(book: Book, name: str) -> list[int]:
    looking = who(book, name)
    found = [one.paper_id for one in book.folder_lists.waiting(looking, NOW)]
    assert book.folder_lists.count_waiting(looking, NOW) == len(found)
    return found


def desks(book: Book, paper: int) -> set[str]:
    return {name for name in PEOPLE if paper in desk(book, name)}


def test_a_letter_goes_up_and_comes_back_with_an_order_in_the_givers_name(book: Book) -> None:
    letter = give(book)
    paper = submit(book, letter)
    for name in ("head", "deputy"):
        assert desks(book, paper) == {name}
        assert sign(book, name, paper, words="เพื่อโปรดพิจารณา").state is FolderState.UNDER_WAY
    task = TaskDraft("ทำรายงาน", "plan", NOW.date() + timedelta(days=3), "officer")
    done = sign(book, "director", paper, Deed.INSTRUCTED, "ให้กลุ่มแผนดำเนินการ", task=task)
    assert done.is_decided
    assert desks(book, paper) == set()
    assert [(one.deed, one.station, one.who) for one in done.steps] == [
        (Deed.SUBMITTED, Station.GROUP_HEAD, "officer"),
        (Deed.APPROVED, Station.GROUP_HEAD, "head"),
        (Deed.APPROVED, Station.DEPUTY, "deputy"),
        (Deed.INSTRUCTED, Station.DIRECTOR, "director"),
    ]
    last = book.desk.history(CLERK, letter)[-1]
    assert (last.step, last.who, last.officer, last.note, last.at) == (
        Step.INSTRUCTED, "director", "", "ให้กลุ่มแผนดำเนินการ", NOW,
    )  # fmt: skip
    (mine,) = book.tasks.page(who(book, "officer"), mine=True)
    assert (mine.words, mine.given_by, mine.due_on) == ("ทำรายงาน", "director", task.due_on)
    assert book.verify() == ()


def test_nobody_signs_what_is_not_on_her_desk_or_what_she_put_in(book: Book) -> None:
    paper = submit(book, give(book))
    for name in ("officer", "deputy", "director", "secretary", "other", "admin"):
        with pytest.raises(NoSuchRecordError):
            sign(book, name, paper)
    by_head = memo(book, "head")
    assert desks(book, by_head) == {"deputy"}, "it begins above who put it in"
    with pytest.raises(FolderRefusedError, match="order, or why"):
        sign(book, "head", paper, Deed.RETURNED, "  ")
    with pytest.raises(FolderRefusedError):
        sign(book, "head", paper, Deed.CARRIED, "x")
    first = sign(book, "head", paper)
    with pytest.raises(LetterChangedError):
        sign(book, "deputy", paper, revision=first.revision - 1)


def test_what_came_back_is_corrected_and_begins_again(book: Book) -> None:
    paper = memo(book)
    sign(book, "head", paper)
    returned = sign(book, "deputy", paper, Deed.RETURNED, "แก้ตัวเลข")
    assert (returned.state, desks(book, paper)) == (FolderState.RETURNED, set())
    for name in ("head", "director"):
        with pytest.raises(NoSuchRecordError):
            book.folder.submit_again(who(book, name), paper, subject="x", body="y", now=NOW)
    with pytest.raises(FolderRefusedError):
        book.folder.submit_again(who(book, "officer"), paper, subject="x", body="", now=NOW)
    book.folder.submit_again(who(book, "officer"), paper, subject="ใหม่", body="ตัวเลข", now=NOW)
    found = book.folder_lists.find(who(book, "officer"), paper, NOW)
    assert (found.subject, found.body, desks(book, paper)) == ("ใหม่", "ตัวเลข", {"head"})
    book.folder.withdraw(who(book, "officer"), paper, now=NOW)
    assert desks(book, paper) == set()


def test_a_paper_ends_at_the_desk_it_was_submitted_to(book: Book) -> None:
    paper = memo(book, last=Station.DEPUTY)
    sign(book, "head", paper)
    assert sign(book, "deputy", paper).is_decided
    assert book.desk.history(CLERK, give(book))[-1].step is Step.ROUTED, "a memo moves no letter"


def test_the_secretary_carries_and_signs_nothing(book: Book) -> None:
    letter = file_one(book, 1, make_filing(group="plan")).letter_id
    paper = book.folder.submit(CLERK, PaperDraft(PaperKind.LETTER, "plan", letter), now=NOW)
    secretary = who(book, "secretary")
    assert secretary.granted == {letter}
    with pytest.raises(FolderRefusedError):
        book.folder.carry(secretary, paper, Station.DIRECTOR, reason="", now=NOW)
    book.folder.carry(secretary, paper, Station.DIRECTOR, reason="รองฯ ไปราชการ", now=NOW)
    assert desks(book, paper) == {"director"}
    with pytest.raises(NoSuchRecordError):
        sign(book, "secretary", paper)
    with pytest.raises(NoSuchRecordError):
        book.folder.carry(who(book, "head"), paper, Station.DEPUTY, reason="x", now=NOW)
    sign(book, "director", paper)
    assert who(book, "secretary").granted == frozenset(), "what left the folder is not hers to open"


def test_who_acts_signs_in_her_own_name_on_the_days_of_the_order_only(book: Book) -> None:
    paper = memo(book, last=Station.DIRECTOR)
    sign(book, "head", paper)
    sign(book, "deputy", paper)
    acting = MandateDraft(
        MandateKind.ACTING, "deputy", "๑๒/๒๕๖๙", TOMORROW.date(), TOMORROW.date(), "director"
    )
    given = book.mandates.give(who(book, "admin"), acting, now=NOW)
    assert desk(book, "deputy") == []
    for when, there in ((TOMORROW, [paper]), (TOMORROW + timedelta(days=1), [])):
        found = book.folder_lists.waiting(who(book, "deputy"), when)
        assert [one.paper_id for one in found] == there
    signed = book.folder.sign(who(book, "deputy"), paper, Deed.APPROVED, now=TOMORROW)
    assert (signed.steps[-1].who, signed.steps[-1].acting_for) == ("deputy", "director")
    book.mandates.end(who(book, "admin"), given.mandate_id, now=TOMORROW)
    assert not book.mandates.decides_destruction("deputy", TOMORROW)
    assert book.verify() == ()


def test_who_acts_for_the_director_does_not_sign_what_she_put_in(book: Book) -> None:
    own, other = memo(book, "officer"), memo(book, "head")
    sign(book, "head", own)
    for paper in (own, other):
        sign(book, "deputy", paper)
    acting = MandateDraft(
        MandateKind.ACTING, "officer", "๑๓/๒๕๖๙", NOW.date(), NOW.date(), "director"
    )
    book.mandates.give(who(book, "admin"), acting, now=NOW)
    assert desks(book, other) == {"officer", "director"}
    assert desks(book, own) == {"director"}
    with pytest.raises(NoSuchRecordError):
        sign(book, "officer", own)


def test_where_nobody_can_sign_at_the_last_desk_nothing_is_put_in(book: Book) -> None:
    gone = replace(PEOPLE["director"], active=False)
    book.people.change(gone, who="test", now=NOW)
    with pytest.raises(FolderRefusedError, match="Nobody can sign at the last desk"):
        memo(book)
    missing = replace(PEOPLE["head"], active=False)
    book.people.change(missing, who="test", now=NOW)
    assert desks(book, memo(book, last=Station.DEPUTY)) == {"deputy"}, "an empty desk is passed"


def test_a_group_puts_in_its_own_matters_and_each_letter_once(book: Book) -> None:
    letter = give(book)
    with pytest.raises(NoSuchRecordError):
        submit(book, letter, "other")
    with pytest.raises(FolderRefusedError, match="your own group"):
        book.folder.submit(
            who(book, "other"), PaperDraft(PaperKind.MEMO, "plan", None, "a", "b"), now=NOW
        )
    submit(book, letter)
    with pytest.raises(FolderRefusedError, match="in the folder already"):
        submit(book, letter)
    with pytest.raises(FolderRefusedError):
        memo(book, "secretary")


def test_urgent_letters_lie_on_top(book: Book) -> None:
    plain = memo(book, "head")
    urgent = submit(book, give(book, urgency=Urgency.MOST_URGENT), "head")
    assert desk(book, "deputy") == [urgent, plain]


def test_a_secret_letter_lies_only_where_it_may_be_opened_and_shows_itself_to_nobody_else(
    book: Book,
) -> None:
    filing = make_filing(group="plan", secrecy=Secrecy.SECRET, subject="ปกปิด")
    letter = file_one(book, 1, filing).letter_id
    draft = PaperDraft(PaperKind.MEMO, "plan", letter, "ปกปิดด้วย", "เนื้อความลับ")
    with pytest.raises(FolderRefusedError, match="its registrar gives the right"):
        book.folder.submit(REGISTRAR, draft, now=NOW)
    cleared = replace(PEOPLE["director"], clearance=Secrecy.SECRET)
    book.people.change(cleared, who="test", now=NOW)
    book.grants.permit(REGISTRAR, letter, "director", until=TOMORROW, reason="สั่งการ", now=NOW)
    paper = book.folder.submit(REGISTRAR, draft, now=NOW)
    granted = book.grants.granted_to("director", NOW)
    director = cleared.looking(granted)
    (found,) = book.folder_lists.waiting(director, NOW)
    assert found.station is Station.DIRECTOR, "past the desks where nobody may open it"
    for name in PEOPLE:
        assert desk(book, name) == [], name
        assert letter not in who(book, name).granted or name == "director"
        for states in ((FolderState.UNDER_WAY,), (FolderState.DECIDED,)):
            assert book.folder_lists.seen(who(book, name), states, NOW) == (), name
    assert book.folder_lists.seen(CLERK, (FolderState.UNDER_WAY,), NOW) == ()
    task = TaskDraft("ปกปิดอีก", "plan", TOMORROW.date(), "officer")
    with pytest.raises(FolderRefusedError, match="may not open"):
        book.folder.sign(director, paper, Deed.INSTRUCTED, words="ลับ", task=task, now=NOW)
    book.folder.sign(
        director, paper, Deed.INSTRUCTED, words="ลับ", task=replace(task, owner=""), now=NOW
    )
    for viewer in (CLERK, who(book, "officer"), who(book, "secretary"), who(book, "head")):
        assert book.tasks.page(viewer) == ()
        assert book.tasks.count_mine(viewer) == 0
    assert len(book.tasks.page(director)) == 1


def test_what_turns_secret_leaves_desks_lists_and_rights_at_once(book: Book) -> None:
    letter = file_one(book, 1, make_filing(group="plan")).letter_id
    draft = PaperDraft(PaperKind.LETTER, "plan", letter)
    paper = book.folder.submit(CLERK, draft, now=NOW)
    assert who(book, "head").granted == who(book, "secretary").granted == {letter}
    book.desk.correct(CLERK, letter, "secrecy", "ลับ", now=NOW)
    for name in PEOPLE:
        assert desk(book, name) == []
        assert who(book, name).granted == frozenset()
        with pytest.raises(NoSuchRecordError):
            book.folder_lists.find(who(book, name), paper, NOW)
    assert book.folder_lists.find(REGISTRAR, paper, NOW).paper_id == paper


def test_a_signature_edited_behind_the_books_back_is_found(book: Book, url: str) -> None:
    sign(book, "head", memo(book))
    run_sql(url, "UPDATE folder_steps SET who = 'director' WHERE who = 'head'")
    assert any("folder_steps" in one for one in book.verify())


def test_a_resolution_is_followed_up_until_its_owner_is_done(book: Book) -> None:
    due = date(2026, 1, 20)
    asked = TaskDraft("สำรวจห้องเรียน", "plan", due)
    with pytest.raises(FolderRefusedError):
        book.tasks.resolve(who(book, "officer"), asked, origin="๑/๒๕๖๙", now=NOW)
    with pytest.raises(FolderRefusedError, match="has passed"):
        past = replace(asked, due_on=NOW.date() - timedelta(days=1))
        book.tasks.resolve(who(book, "secretary"), past, origin="๑/๒๕๖๙", now=NOW)
    task = book.tasks.resolve(who(book, "secretary"), asked, origin="๑/๒๕๖๙ วาระ ๓", now=NOW)
    assert book.tasks.count_mine(who(book, "officer")) == 1
    assert book.tasks.page(who(book, "other")) == ()
    for name in ("director", "other"):
        with pytest.raises(NoSuchRecordError):
            book.tasks.finish(who(book, name), task, result="", now=NOW)
    (found,) = book.tasks.page(who(book, "director"))
    assert (found.is_late(due), found.is_late(due + timedelta(days=1))) == (False, True)
    book.tasks.finish(who(book, "officer"), task, result="ครบ ๑๒ ห้อง", now=TOMORROW)
    (done,) = book.tasks.page(who(book, "director"), done=True)
    assert (done.done_by, done.result) == ("officer", "ครบ ๑๒ ห้อง")
    with pytest.raises(NoSuchRecordError):
        book.tasks.finish(who(book, "officer"), task, result="อีก", now=TOMORROW)
