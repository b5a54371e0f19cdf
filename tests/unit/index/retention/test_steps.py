"""Each step of a destruction is refused, with its clause, until everything before it is lawful."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from index.retention.batch import (
    Answer,
    ArchiveAnswer,
    Batch,
    Committee,
    Member,
    Opinion,
    Stage,
    Verdict,
)
from index.retention.errors import StepRefusedError
from index.retention.law import load_law
from index.retention.step_codec import pack_step, unpack_step
from index.retention.steps import (
    Appoint,
    BeginExecution,
    Decide,
    FinishExecution,
    Judge,
    RecordAnswer,
    Report,
    Send,
    Step,
    TakeOut,
    Withdraw,
    take,
)

RULE = load_law().committees["destruction"]
CHAIR, ANAN, BUSBA = (
    Member("ประธาน", "ชำนาญการพิเศษ"),
    Member("อนันต์", "ปฏิบัติการ"),
    Member("บุษบา", "ชำนาญงาน"),
)
COMMITTEE = Committee("๑๒/๒๕๗๐", date(2027, 1, 10), CHAIR, (ANAN, BUSBA))
DESTROY = Opinion(Verdict.DESTROY)
NEW = Batch("2570-1", 2027, "เจ้าหน้าที่เก็บ", date(2027, 1, 5), items=(1, 2, 3))


def through(batch: Batch, *steps: Step) -> Batch:
    for step in steps:
        batch = take(batch, step)
    return batch


def judged(batch: Batch, **verdicts: Opinion) -> Batch:
    """Let everybody judge every item: destroy, unless `name` says otherwise for item 1."""
    for person in COMMITTEE.names:
        for item in batch.items:
            said = verdicts.get(person, DESTROY) if item == 1 else DESTROY
            batch = take(batch, Judge(person, item, said))
    return batch


def appointed() -> Batch:
    return take(NEW, Appoint(COMMITTEE, RULE))


def decided(withheld: dict[int, str] | None = None) -> Batch:
    report = Report("ประธาน", date(2027, 1, 20))
    decision = Decide("ผู้อำนวยการ", date(2027, 1, 25), "คำสั่งมอบอำนาจ ๕/๒๕๖๙", withheld or {})
    return through(judged(appointed()), report, decision)


def answer(kind: Answer, on: date = date(2027, 3, 1), year: int | None = None) -> ArchiveAnswer:
    return ArchiveAnswer(kind, "วธ ๐๔๐๑/๑", on, year)


def sent(answers: dict[int, Answer] | None = None) -> Batch:
    batch = take(decided(), Send("ศธ ๐๔๐๔๙/๑", date(2027, 1, 28)))
    for item, kind in (answers or {}).items():
        year = 2030 if kind is Answer.EXTEND else None
        batch = take(batch, RecordAnswer(item, answer(kind, year=year)))
    return batch


def refused(batch: Batch, step: Step, clause: str) -> StepRefusedError:
    with pytest.raises(StepRefusedError) as caught:
        take(batch, step)
    assert clause in str(caught.value)
    assert clause in caught.value.thai
    return caught.value


def test_a_whole_year_ends_with_exactly_what_all_three_gave_up() -> None:
    batch = sent({1: Answer.AGREE, 2: Answer.TRANSFER, 3: Answer.AGREE})
    batch = take(batch, BeginExecution("พยาน", date(2027, 3, 8), {1, 2, 3}))
    batch = take(batch, FinishExecution(frozenset({1, 3})))
    assert batch.stage is Stage.DESTROYED
    assert batch.executed == {1, 3}
    assert not batch.is_open


@pytest.mark.parametrize(
    "committee",
    [
        replace(COMMITTEE, order_number=" "),
        replace(COMMITTEE, members=(ANAN,)),
        replace(COMMITTEE, members=(ANAN, ANAN)),
        replace(COMMITTEE, members=(ANAN, Member("เจ้าหน้าที่เก็บ", "ชำนาญงาน"))),
        replace(COMMITTEE, members=(ANAN, Member("บุษบา", "ปฏิบัติงาน"))),
        replace(COMMITTEE, members=(ANAN, Member("บุษบา", ""))),
    ],
    ids=["no order", "too few", "twice", "proposer", "grade too low", "no grade"],
)
def test_a_committee_that_clause_67_does_not_allow_is_refused(committee: Committee) -> None:
    refused(NEW, Appoint(committee, RULE), "ข้อ 67")


def test_only_members_judge_and_only_what_is_on_the_list() -> None:
    refused(appointed(), Judge("คนนอก", 1, DESTROY), "ข้อ 68.1")
    refused(appointed(), Judge("อนันต์", 99, DESTROY), "ข้อ 68.1")
    refused(NEW, Judge("อนันต์", 1, DESTROY), "ข้อ 68.1")


def test_keeping_longer_needs_a_year_that_is_not_past() -> None:
    refused(appointed(), Judge("อนันต์", 1, Opinion(Verdict.KEEP_UNTIL)), "ข้อ 68.2")
    refused(appointed(), Judge("อนันต์", 1, Opinion(Verdict.KEEP_UNTIL, 2020)), "ข้อ 68.2")


def test_the_report_waits_for_every_member_on_every_item() -> None:
    batch = through(appointed(), Judge("ประธาน", 1, DESTROY), Judge("อนันต์", 1, DESTROY))
    refused(batch, Report("ประธาน", date(2027, 1, 20)), "ข้อ 68.4")


def test_dissent_is_kept_beside_the_majority() -> None:
    against = Opinion(Verdict.KEEP_FOR_GOOD, reason="มีคุณค่าทางประวัติศาสตร์")
    batch = judged(appointed(), อนันต์=against)
    outcome = batch.verdict(1)
    assert outcome is not None
    assert outcome.verdict is Verdict.DESTROY
    assert batch.dissent(1) == {"อนันต์": against}
    assert batch.dissent(2) == {}


def test_on_an_even_vote_the_chair_decides_and_without_the_chair_the_letter_stays() -> None:
    fourth = Member("ชาติ", "ชำนาญการ")
    even = replace(COMMITTEE, members=(ANAN, BUSBA, fourth))
    batch = take(NEW, Appoint(even, RULE))
    keep = Opinion(Verdict.KEEP_UNTIL, 2032)
    voices = {"ประธาน": DESTROY, "อนันต์": DESTROY, "บุษบา": keep, "ชาติ": keep}
    with_chair = through(batch, *(Judge(name, 1, said) for name, said in voices.items()))
    assert with_chair.verdict(1) == DESTROY
    voices |= {"ประธาน": keep, "บุษบา": DESTROY}
    without = through(batch, *(Judge(name, 1, said) for name, said in voices.items()))
    assert without.verdict(1) == keep


def test_the_longest_keeping_wins_when_nobody_has_the_majority() -> None:
    batch = judged(
        appointed(),
        ประธาน=Opinion(Verdict.KEEP_UNTIL, 2030),
        อนันต์=Opinion(Verdict.KEEP_FOR_GOOD),
    )
    assert batch.verdict(1) == Opinion(Verdict.KEEP_FOR_GOOD)
    batch = judged(
        appointed(),
        ประธาน=Opinion(Verdict.KEEP_UNTIL, 2030),
        อนันต์=Opinion(Verdict.KEEP_UNTIL, 2035),
    )
    assert batch.verdict(1) == Opinion(Verdict.KEEP_UNTIL, 2035)


def test_without_a_delegation_order_nobody_decides() -> None:
    batch = take(judged(appointed()), Report("ประธาน", date(2027, 1, 20)))
    refused(batch, Decide("ผู้อำนวยการ", date(2027, 1, 25), "", {}), "ข้อ 69")


@pytest.mark.parametrize("person", ["เจ้าหน้าที่เก็บ", "ประธาน", "อนันต์"])
def test_proposer_and_committee_cannot_approve(person: str) -> None:
    batch = take(judged(appointed()), Report("ประธาน", date(2027, 1, 20)))
    refused(batch, Decide(person, date(2027, 1, 25), "๕/๒๕๖๙", {}), "ข้อ 69")


def test_a_withheld_item_is_never_sent_to_the_archives() -> None:
    batch = decided(withheld={2: "ยังใช้อยู่"})
    assert batch.to_destroy == {1, 3}


def test_silence_of_the_archives_is_never_consent() -> None:
    batch = sent({1: Answer.AGREE, 2: Answer.AGREE})
    assert batch.unanswered == {3}
    refused(batch, BeginExecution("พยาน", date(2029, 1, 1), {1, 2, 3}), "ข้อ 70")


def test_an_answer_needs_its_number_a_sane_date_and_a_year_when_extending() -> None:
    batch = sent()
    refused(batch, RecordAnswer(1, answer(Answer.AGREE, on=date(2026, 12, 1))), "ข้อ 70")
    refused(batch, RecordAnswer(1, answer(Answer.EXTEND)), "ข้อ 70")
    refused(batch, RecordAnswer(1, replace(answer(Answer.AGREE), letter_number="")), "ข้อ 70")


@pytest.mark.parametrize("person", ["เจ้าหน้าที่เก็บ", "ประธาน", "บุษบา", "ผู้อำนวยการ"])
def test_whoever_proposed_judged_or_approved_cannot_destroy(person: str) -> None:
    batch = sent(dict.fromkeys((1, 2, 3), Answer.AGREE))
    refused(batch, BeginExecution(person, date(2028, 1, 1), {1, 2, 3}), "ข้อ 68.5")


def test_the_cooling_off_time_passes_first() -> None:
    batch = sent(dict.fromkeys((1, 2, 3), Answer.AGREE))
    refused(batch, BeginExecution("พยาน", date(2027, 3, 7), {1, 2, 3}), "ข้อ 68.5")
    assert take(batch, BeginExecution("พยาน", date(2027, 3, 8), {1, 2, 3})).executor == "พยาน"


def test_the_policy_in_force_is_asked_and_kept_with_the_step() -> None:
    batch = sent(dict.fromkeys((1, 2, 3), Answer.AGREE))
    begin = BeginExecution("พยาน", date(2027, 3, 1), {1, 2, 3}, cooling_off_days=0)
    assert take(batch, begin).executor == "พยาน"
    refused(batch, replace(begin, cooling_off_days=1), "ข้อ 68.5")
    member = replace(begin, person="บุษบา", is_apart=False)
    assert take(batch, member).executor == "บุษบา"
    for person in ("เจ้าหน้าที่เก็บ", "ผู้อำนวยการ"):  # who proposed and who approved never do
        refused(batch, replace(member, person=person), "ข้อ 68.5")
    assert unpack_step(pack_step(member)) == replace(member, eligible=frozenset({1, 2, 3}))
    earlier = {"step": "begin_execution", "person": "พยาน", "on": "2027-03-08", "eligible": [1]}
    assert unpack_step(earlier) == BeginExecution("พยาน", date(2027, 3, 8), frozenset({1}), 7, True)


def test_a_letter_borrowed_or_held_in_the_meantime_stops_the_execution() -> None:
    batch = sent(dict.fromkeys((1, 2, 3), Answer.AGREE))
    refused(batch, BeginExecution("พยาน", date(2028, 1, 1), {1, 3}), "ข้อ 68.1")


def test_nothing_more_and_nothing_less_than_approved_counts_as_finished() -> None:
    batch = sent({1: Answer.AGREE, 2: Answer.FOR_GOOD, 3: Answer.AGREE})
    batch = take(batch, BeginExecution("พยาน", date(2028, 1, 1), {1, 2, 3}))
    refused(batch, FinishExecution(frozenset({1})), "ข้อ 68.5")
    refused(batch, FinishExecution(frozenset({1, 2, 3})), "ข้อ 68.5")


def test_nothing_is_taken_out_of_a_closed_batch_nor_what_is_not_on_it_nor_without_a_reason() -> (
    None
):
    refused(take(NEW, Withdraw("พยาน", "ยกเลิก")), TakeOut(1, "คดี"), "ข้อ 68.1")
    refused(NEW, TakeOut(9, "คดี"), "ข้อ 68.1")
    refused(NEW, TakeOut(1, " "), "ข้อ 68.1")
    assert take(NEW, TakeOut(1, "คดี")).items == (2, 3)


def test_withdrawing_needs_a_reason_and_is_too_late_once_burning() -> None:
    refused(NEW, Withdraw("เจ้าหน้าที่เก็บ", ""), "ข้อ 69.1")
    assert not take(NEW, Withdraw("เจ้าหน้าที่เก็บ", "ทำบัญชีใหม่")).is_open
    batch = sent(dict.fromkeys((1, 2, 3), Answer.AGREE))
    batch = take(batch, BeginExecution("พยาน", date(2028, 1, 1), {1, 2, 3}))
    refused(batch, Withdraw("เจ้าหน้าที่เก็บ", "เปลี่ยนใจ"), "ข้อ 69.1")
