"""An approved batch is carried out letter by letter; what stays is the register row and the proof."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from classify.letter import Secrecy
from index.archive import Shelf
from index.errors import LetterDestroyedError
from index.register.sent.sent_copies import ReadCopy
from index.retention.batch import Answer, ArchiveAnswer, Stage
from index.retention.certificate import Fate, KeptFile, PaperPart
from index.retention.eligibility import HoldKind
from index.retention.errors import StepRefusedError
from index.retention.loans import Borrower, Standing
from index.retention.records import Place
from index.retention.steps import RecordAnswer
from index.visibility import SECRET_PLACEHOLDER, Role, Viewer
from tests.destroying import (
    EXECUTOR,
    MARCH,
    SHREDDED,
    STATEMENT,
    Bench,
    approve,
)
from tests.keeping import CLERK, NOW, REGISTRAR, run_sql, send_one
from tests.retaining import JANUARY, KEEPER, paper_steps
from watch_folder.whole import PDF


def test_nothing_of_a_destroyed_letter_is_left_but_its_row_and_the_proof(bench: Bench) -> None:
    before = bench.book.letters.by_id(CLERK, 3)
    assert before is not None
    approve(bench.retention, [3])
    bench.destroy()
    assert {name for shelf in Shelf for name, _ in bench.archive.names(shelf)} & {
        before.sha256
    } == set()
    assert bench.copies.there == {1, 2}
    after = bench.book.letters.by_id(CLERK, 3)
    assert after is not None
    assert (after.subject, after.number, after.date, after.sender, after.retention_class) == (
        before.subject,
        before.number,
        before.date,
        before.sender,
        before.retention_class,
    )
    assert (after.text, after.letter, after.decision) == ("", None, None)
    assert bench.book.letters.for_index(3) is None
    assert bench.problems() == []
    with pytest.raises(LetterDestroyedError):
        bench.book.letters.file_of(CLERK, 3)
    with pytest.raises(LetterDestroyedError):
        bench.book.desk.correct(CLERK, 3, "subject", "เปลี่ยนอดีต", now=MARCH)


def test_the_text_is_not_in_the_database_file_any_more(bench: Bench) -> None:
    approve(bench.retention, [3])
    said = "ข้อความลึกซึ้ง 3".encode()
    assert said in b"".join(one.read_bytes() for one in bench.folder.glob("saraban.db*"))
    bench.destroy()
    assert said not in b"".join(one.read_bytes() for one in bench.folder.glob("saraban.db*"))


def test_the_certificate_says_who_when_by_which_law_and_is_sealed_in_the_trail(
    bench: Bench,
) -> None:
    approve(bench.retention, [3])
    made = bench.destroy()
    assert (made.batch_id, made.executor, made.approver) == ("2581-1", "สมปอง", "ผู้อำนวยการ")
    assert made.statement == STATEMENT
    assert made.archive_letters == ("วธ ๐๔๐๔/๑",)
    assert made.unverified_clauses == ("ข้อ 57",)
    (line,) = made.lines
    assert (line.paper, line.electronic, line.electronic_until_year) == (
        Fate.DESTROYED,
        Fate.DESTROYED,
        2037,
    )
    sealed = [
        one.details["certificate"]
        for one in bench.book.audit.entries(limit=1000)
        if one.action == "destruction_certified"
    ]
    assert sealed == [made.sealed_sha256]
    assert bench.retention.destruction.certificate(CLERK, "2581-1") == made


def test_a_changed_certificate_or_evidence_is_found(bench: Bench) -> None:
    approve(bench.retention, [3])
    bench.destroy()
    run_sql(bench.url, "UPDATE executions SET certificate = '{}'")
    run_sql(bench.url, "UPDATE disposals SET evidence = json_set(evidence, '$.pages', 99)")
    said = " ".join(bench.book.verify())
    assert "the certificate of batch 2581-1 was changed" in said
    assert "the evidence of letter 3 in batch 2581-1 changed" in said


def test_a_letter_erased_past_the_program_is_found(bench: Bench) -> None:
    run_sql(bench.url, "UPDATE letters SET erased_on = '2038-03-15' WHERE id = 3")
    said = " ".join(bench.problems())
    assert "letter 3 (3/2569) is destroyed without evidence" in said
    assert "letter 3 was destroyed but" in said


def test_the_tombstone_names_decision_batch_and_certificate(bench: Bench) -> None:
    approve(bench.retention, [3])
    assert bench.retention.destruction.tombstone_of(CLERK, 3) is None
    made = bench.destroy()
    stone = bench.retention.destruction.tombstone_of(CLERK, 3)
    assert stone is not None
    assert (stone.erased_on, stone.paper_ended_on) == (MARCH.date(), SHREDDED.done_on)
    assert (stone.batch_id, stone.certificate) == ("2581-1", made.number)
    assert (stone.committee_order, stone.approver) == ("๑๒/๒๕๘๑", "ผู้อำนวยการ")
    assert stone.witnesses == STATEMENT.witnesses


def test_a_shared_file_stays_until_the_last_letter_goes(bench: Bench) -> None:
    approve(bench.retention, [1])
    first = bench.destroy()
    shared = first.lines[0].searchable_sha256
    assert first.lines[0].kept_files == (KeptFile(shared, ("2/2569",)),)
    assert bench.archive.holds(shared, Shelf.SEARCHABLE)
    assert bench.problems() == []
    second = approve(bench.retention, [2])
    bench.destroy(second)
    assert not bench.archive.holds(shared, Shelf.SEARCHABLE)
    assert bench.problems() == []


def test_the_copy_of_a_sent_letter_stays_with_its_searchable_pdf(bench: Bench) -> None:
    file, book = bench.book.letters.file_of(CLERK, 3), bench.book
    send_one(book)
    book.sent.attach(CLERK, 1, sha256=file.sha256, name="a", media_type=PDF, size_bytes=1, now=NOW)
    job = book.sent_copies.take("w", 60, NOW)
    assert job is not None
    assert file.searchable_sha256 is not None
    read = ReadCopy("คำในสำเนา", 1, file.searchable_sha256, has_mark=False)
    book.sent_copies.keep(job, read, NOW)
    approve(bench.retention, [3])
    (line,) = bench.destroy().lines
    assert {one.sha256: one.letters for one in line.kept_files} == {
        file.sha256: ("ส่ง 1/2569",),
        file.searchable_sha256: ("ส่ง 1/2569",),
    }
    assert bench.archive.holds(file.searchable_sha256, Shelf.SEARCHABLE)
    assert bench.problems() == []


@pytest.mark.parametrize(
    ("person", "part"), [("พิมพ์ใจ", "proposer"), ("ผู้อำนวยการ", "approver"), ("อนันต์", "committee")]
)
def test_who_decided_does_not_destroy(bench: Bench, person: str, part: str) -> None:
    approve(bench.retention, [3])
    with pytest.raises(StepRefusedError) as refused:
        bench.destroy(who=Viewer(person, frozenset({Role.RECORDS_OFFICER})))
    assert refused.value.clause == "ข้อ 68.5", part
    assert bench.is_whole(3)


def test_silence_of_the_archives_is_no_consent(bench: Bench) -> None:
    bench.retention.batches.propose(KEEPER, [3], now=JANUARY)
    silent = [one for one in paper_steps([3]) if not isinstance(one, RecordAnswer)]
    bench.retention.batches.record(KEEPER, "2581-1", *silent, now=MARCH)
    with pytest.raises(StepRefusedError) as refused:
        bench.destroy(later_days=365)
    assert refused.value.clause == "ข้อ 70"
    assert bench.is_whole(3)


@pytest.mark.parametrize("answer", [Answer.EXTEND, Answer.FOR_GOOD, Answer.TRANSFER])
def test_what_the_archives_did_not_give_up_stays(bench: Bench, answer: Answer) -> None:
    bench.retention.batches.propose(KEEPER, [2, 3], now=JANUARY)
    steps = [
        replace(one, answer=ArchiveAnswer(answer, "วธ ๒", date(2038, 3, 1), 2045))
        if isinstance(one, RecordAnswer) and one.letter_id == 2
        else one
        for one in paper_steps([2, 3])
    ]
    bench.retention.batches.record(KEEPER, "2581-1", *steps, now=MARCH)
    made = bench.destroy()
    assert [line.letter_id for line in made.lines] == [3]
    assert bench.is_whole(2)


def test_the_cooling_off_time_is_kept(bench: Bench) -> None:
    approve(bench.retention, [3])
    with pytest.raises(StepRefusedError, match=r"2038-03-08.*68\.5"):
        bench.destroy(later_days=-8)
    assert bench.is_whole(3)


def hold(bench: Bench) -> None:
    bench.retention.records.place_hold(KEEPER, 3, HoldKind.LEGAL, reason="คดีดำที่ ๑", now=MARCH)


def lend(bench: Bench) -> None:
    plan = Borrower("วิชัย", "กลุ่มแผน", Standing.INSIDE)
    bench.retention.loans.lend(
        KEEPER, 3, plan, permitted_by="หัวหน้า", due_on=date(2038, 4, 1), now=MARCH
    )


def keep_for_good(bench: Bench) -> None:
    bench.retention.records.change_class(KEEPER, 3, "RPERM", reason="ประวัติ", now=MARCH)


def reopen(bench: Bench) -> None:
    bench.retention.records.reopen(KEEPER, 3, now=MARCH)


@pytest.mark.parametrize("change", [hold, lend, keep_for_good, reopen])
def test_what_came_up_since_takes_the_letter_out(
    bench: Bench, change: Callable[[Bench], None]
) -> None:
    approve(bench.retention, [2, 3])
    change(bench)
    made = bench.destroy()
    assert [line.letter_id for line in made.lines] == [2]
    assert bench.is_whole(3)
    assert bench.problems() == []


@pytest.mark.parametrize(
    ("meddling", "clause"),
    [
        ("UPDATE letters SET retention_class = 'RPERM' WHERE id = 3", "ข้อ 57.3"),
        ("UPDATE clocks SET finished_on = '2037-01-01' WHERE letter_id = 3", "ข้อ 66"),
        (
            "INSERT INTO holds (letter_id, kind, reason, placed_by, placed_on, release_reason) "
            "VALUES (3, 'legal', 'คดี', 'x', '2038-03-01', '')",
            "ข้อ 68.1",
        ),
        (
            "INSERT INTO loans (letter_id, borrower, unit, standing, permitted_by, received_by, "
            "lent_on, due_on, lent_by) VALUES (3, 'ก', 'ข', 'inside', 'ค', 'ก', '2038-03-01', "
            "'2038-04-01', 'x')",
            "ข้อ 68.1",
        ),
        ("UPDATE letters SET is_secret = 1 WHERE id = 3", "ระเบียบว่าด้วยการรักษาความลับฯ 2544"),
        ("UPDATE letters SET date = '2010-01-01' WHERE id = 3", "ข้อ 68.1"),
    ],
    ids=["permanent", "not due", "held", "borrowed", "secret", "twenty years"],
)
def test_eligibility_is_worked_out_anew_at_the_moment_of_execution(
    bench: Bench, meddling: str, clause: str
) -> None:
    # Past the records, which would have taken the letter out: the last look must find it too.
    approve(bench.retention, [2, 3])
    run_sql(bench.url, meddling)
    assert bench.retention.destruction.prepare(EXECUTOR, "2581-1", now=MARCH).refusal is not None
    with pytest.raises(StepRefusedError) as refused:
        bench.destroy()
    assert refused.value.clause == clause
    assert bench.is_whole(2)
    assert bench.retention.batches.find("2581-1").stage is Stage.SENT


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"witnesses": ()}, "witness"),
        ({"witnesses": ("สมปอง",)}, "executor"),
        ({"witnesses": ("ก", " ก ")}, "different"),
        ({"backups_expire_on": date(2038, 3, 14)}, "backup"),
        ({"paper": replace(SHREDDED, method="")}, "method"),
        ({"paper": replace(SHREDDED, place=" ")}, "place"),
        ({"paper": replace(SHREDDED, done_on=None)}, "lawfully"),
        ({"paper": replace(SHREDDED, done_on=date(2038, 3, 7))}, "lawfully"),
        ({"paper": replace(SHREDDED, done_on=date(2038, 3, 16))}, "lawfully"),
        ({"paper": replace(SHREDDED, photographs=("รูป.jpg",))}, "photograph"),
        ({"paper": PaperPart(Fate.GONE_BEFORE)}, "became of the paper"),
    ],
)
def test_a_statement_that_proves_too_little_is_refused(
    bench: Bench, change: dict[str, object], said: str
) -> None:
    approve(bench.retention, [3])
    with pytest.raises(StepRefusedError, match=said) as refused:
        bench.destroy(statement=replace(STATEMENT, **change))  # type: ignore[arg-type]
    assert refused.value.clause == "ข้อ 68.5"
    assert bench.is_whole(3)


def test_paper_goes_while_the_electronic_copy_is_kept_until_its_own_year(bench: Bench) -> None:
    bench.retention.records.change_class(
        KEEPER, 3, "R01", reason="เรื่องประจำ", now=JANUARY, shorter=True
    )
    paper, electronic = bench.retention.destruction.media_of(CLERK, 3)
    assert (paper.period.keep_until_year, electronic.period.keep_until_year) == (2028, 2036)
    approve(bench.retention, [3])
    made = bench.destroy(statement=replace(STATEMENT, electronic_order=""))
    assert (made.lines[0].paper, made.lines[0].electronic) == (Fate.DESTROYED, Fate.KEPT)
    assert bench.is_whole(3)
    assert bench.copies.there == {1, 2, 3}
    later = approve(bench.retention, [3])
    made = bench.destroy(later, replace(STATEMENT, paper=PaperPart(Fate.KEPT)))
    assert (made.lines[0].paper, made.lines[0].electronic) == (Fate.GONE_BEFORE, Fate.DESTROYED)
    assert not bench.is_whole(3)
    assert bench.problems() == []
    due = bench.retention.surveys.survey(KEEPER, date(2060, 1, 1), due_only=True)
    assert 3 not in [row.letter.facts.letter_id for row in due]


def test_a_destruction_after_which_nothing_is_gone_is_refused(bench: Bench) -> None:
    approve(bench.retention, [3])
    kept = replace(STATEMENT, paper=PaperPart(Fate.KEPT), electronic_order="")
    with pytest.raises(StepRefusedError) as refused:
        bench.destroy(statement=kept)
    assert "ภาคผนวก 7" in refused.value.clause


def test_photographs_stay_as_evidence(bench: Bench) -> None:
    photo = bench.folder / "photo.jpg"
    photo.write_bytes(b"ashes")
    kept = bench.archive.keep_evidence(photo, ".jpg", secret=False)
    approve(bench.retention, [3])
    paper = replace(SHREDDED, photographs=(kept.sha256,))
    made = bench.destroy(statement=replace(STATEMENT, paper=paper))
    assert made.statement.paper.photographs == (kept.sha256,)
    assert bench.archive.path_of(kept.sha256, Shelf.EVIDENCE).read_bytes() == b"ashes"
    assert bench.problems() == []


def test_a_destroyed_letter_is_neither_held_nor_lent_nor_proposed(bench: Bench) -> None:
    approve(bench.retention, [3])
    bench.destroy()
    for change in (hold, lend, reopen):
        with pytest.raises(StepRefusedError, match=r"68\.5"):
            change(bench)
    with pytest.raises(StepRefusedError, match="destroyed"):
        approve(bench.retention, [3])


def test_what_is_gone_stands_in_no_store_and_waits_for_no_transfer(bench: Bench) -> None:
    place = Place("๑", "๒", "กค-๑", MARCH.date())
    bench.retention.records.store(KEEPER, 2, place, now=MARCH)
    bench.retention.records.store(KEEPER, 3, place, now=MARCH)
    approve(bench.retention, [3])
    bench.destroy()
    lines, total = bench.retention.lists.stored(KEEPER, MARCH.date(), limit=10)
    assert ([line.letter.facts.letter_id for line in lines], total) == ([2], 1)
    old = bench.retention.transfers.candidates(KEEPER, 2060)
    assert [one.facts.letter_id for one in old] == [1, 2]


def test_what_is_about_to_go_shows_nothing_of_a_letter_that_turned_secret_since(
    bench: Bench,
) -> None:
    batch_id = approve(bench.retention, [3])
    prepare = bench.retention.destruction.prepare
    (before,) = prepare(KEEPER, batch_id, now=MARCH).letters
    assert before.subject not in ("", SECRET_PLACEHOLDER)
    bench.book.desk.correct(CLERK, 3, "secrecy", Secrecy.SECRET.value, now=MARCH)
    (hidden,) = prepare(KEEPER, batch_id, now=MARCH).letters
    assert (hidden.subject, hidden.number) == (SECRET_PLACEHOLDER, "")
    (shown,) = prepare(REGISTRAR, batch_id, now=MARCH).letters
    assert (shown.subject, shown.number) == (before.subject, before.number)
