"""A letter goes to the group its words name; every point has its reason; a correction can be foreseen."""

from __future__ import annotations

from pathlib import Path

import pytest

from classify import Case, install_default_rules, load_rules, replay
from classify.letter import Kind
from classify.numbers import find_number
from classify.retention import propose_retention
from classify.routing import Clues, copies_of, margin_of, score_groups

RULES = load_rules()


def lead(subject: str, *, number: str = "", sender: str = "", body: str = "") -> str:
    parts = find_number(number) if number else None
    province = parts is not None and RULES.agencies.is_province(parts.letters)
    scores = score_groups(Clues(subject, body, sender, parts, province), RULES.groups)
    return scores[0].group if scores[0].score > 0 else "none"


@pytest.mark.parametrize(
    ("subject", "group"),
    [
        ("ซักซ้อมความเข้าใจการปฏิบัติงานสารบรรณ", "admin"),
        ("แจ้งจัดสรรงบประมาณ งบลงทุน ค่าที่ดินและสิ่งก่อสร้าง", "plan"),
        ("การจัดเก็บข้อมูลนักเรียนรายบุคคล (DMC)", "dlict"),
        ("ขอส่งหลักฐานการเบิกค่าเช่าบ้าน", "finance"),
        ("การเลื่อนเงินเดือนข้าราชการครู", "hr"),
        ("การคัดเลือกเพื่อรับรางวัลคุรุสภา", "teacherdev"),
        ("การจัดสอบ O-NET ปีการศึกษา ๒๕๖๙", "supervision"),
        ("การรับนักเรียน ปีการศึกษา ๒๕๖๙", "promotion"),
        ("แผนการตรวจสอบประจำปีของหน่วยตรวจสอบภายใน", "audit"),
        ("การสอบสวนวินัยอย่างร้ายแรง", "legal"),
        # pairs that are easily confused
        ("การลดเงินเดือนข้าราชการครู", "legal"),
        ("การประกวดระเบียบแถว ส่งเสริมระเบียบวินัยลูกเสือ", "promotion"),
        ("การพัฒนาก่อนแต่งตั้งให้มีวิทยฐานะ", "teacherdev"),
        ("รายงานผลการตรวจสอบพัสดุประจำปี", "finance"),
        ("การสรรหา อ.ก.ค.ศ. เขตพื้นที่การศึกษา", "admin"),
    ],
)
def test_the_words_of_the_subject_decide(subject: str, group: str) -> None:
    assert lead(subject) == group


def test_lost_marks_and_misread_digits_do_not_matter() -> None:
    assert lead("การเลือนเงินเดือนขาราชการครู") == "hr"
    assert lead("การเบิกคาเชาบาน") == "finance"
    assert lead("ขอมูล 10 มิถนายน") == lead("ข้อมูล ๑๐ มิถุนายน") == "dlict"


def test_latin_words_stand_alone_and_in_their_case() -> None:
    assert lead("การประเมิน ITA") == "legal"
    assert lead("การใช้ digital capital") == "none"
    assert lead("รายงาน XDMCX") == "none"


def test_the_sender_decides_between_equal_words() -> None:
    subject = "ขอให้รายงานผลการดำเนินงาน"
    assert lead(subject, number="กค ๐๔๐๒.๒/ว ๑") == "finance"
    assert lead(subject, number="ตผ ๐๐๕๖/๑") == "audit"
    assert lead(subject, sender="กลุ่มกฎหมายและคดี") == "legal"
    assert lead("ขอความร่วมมือ", number="ตก ๗๑๒๐๑/๕") == "promotion"


def test_the_subject_counts_more_than_the_body() -> None:
    assert lead("การเลื่อนเงินเดือน", body="การรับนักเรียน") == "hr"
    assert lead("เรื่องทั่วไป", body="ขอส่งเอกสารการรับนักเรียน") == "promotion"


def test_every_point_has_its_reason() -> None:
    scores = score_groups(Clues("การเบิกจ่ายค่าเช่าบ้าน", number=find_number("กค 0402/1")), RULES.groups)
    best = scores[0]
    assert best.score == pytest.approx(sum(points for _, _, points in best.because))
    assert {"เบิกจ่าย", "ค่าเช่าบ้าน", "กค"} <= {word for word, _, _ in best.because}


def test_no_word_means_no_score_and_no_margin() -> None:
    scores = score_groups(Clues("ศูนย์ ก ข ค"), RULES.groups)
    assert scores[0].score == 0
    assert margin_of(scores) == 0.0
    assert copies_of(Clues(""), scores, RULES.groups) == ()


def test_a_close_second_group_gets_a_copy_and_a_far_one_none() -> None:
    close = Clues("การเลื่อนวิทยฐานะ และการเบิกค่าเช่าบ้าน")
    far = Clues("การเลื่อนเงินเดือนและเลื่อนวิทยฐานะ")
    assert copies_of(close, score_groups(close, RULES.groups), RULES.groups) == ("finance",)
    assert copies_of(far, score_groups(far, RULES.groups), RULES.groups) == ()


@pytest.mark.parametrize(
    ("subject", "group", "kind", "secret", "expected"),
    [
        ("ขอเชิญประชุม", "admin", Kind.EXTERNAL, False, "R01"),
        ("ขอเชิญประชุม", "admin", Kind.EXTERNAL, True, "RSEC"),
        ("หมายเรียก คดีหมายเลขดำที่ ๑", "legal", Kind.EXTERNAL, False, "RLAW"),
        ("ขอเปลี่ยนชื่อสถานศึกษา", "plan", Kind.EXTERNAL, False, "RPERM"),
        ("การเลื่อนเงินเดือน", "hr", Kind.ORDER, False, "RPERM"),
        ("ขอส่งหลักฐานการเบิกค่าเช่าบ้าน", "finance", Kind.EXTERNAL, False, "RF"),
        ("หลักเกณฑ์การเบิกจ่าย", "finance", Kind.EXTERNAL, False, "RSUP"),
        ("เรื่องทั่วไป", "plan", Kind.EXTERNAL, False, "R10"),
        ("ผลการพิจารณาบัญชีหนังสือขอทำลาย ประจำปี ๒๕๖๘", "admin", Kind.EXTERNAL, False, "RPERM"),
        ("ขอให้จัดทำบัญชีหนังสือขอทำลาย", "admin", Kind.EXTERNAL, False, "R10"),  # only speaks of one
        ("การส่งมอบหนังสือให้หอจดหมายเหตุแห่งชาติ", "admin", Kind.EXTERNAL, False, "R10"),
        ("หลักเกณฑ์การดำเนินคดีอาญา", "legal", Kind.EXTERNAL, False, "RLAW"),  # never lowered to RSUP
    ],
)
def test_the_retention_class_is_proposed_with_its_reason(
    subject: str, group: str, kind: Kind, secret: bool, expected: str
) -> None:
    code, because = propose_retention(
        RULES.retention, subject=subject, group=group, kind=kind, is_secret=secret, is_circular=True
    )
    assert code == expected
    assert because


def test_a_letter_without_a_subject_is_no_list_by_what_it_mentions_and_the_reason_says_where() -> (
    None
):
    def proposed(text: str) -> tuple[str, str]:
        return propose_retention(
            RULES.retention,
            subject=text,
            group="admin",
            kind=Kind.STAMPED,
            is_secret=False,
            is_circular=False,
            has_subject=False,
        )

    assert proposed("บัญชีหนังสือขอทำลาย ที่ส่งมานั้น")[0] == "R10"
    code, because = proposed("ด้วยมีการเสด็จพระราชดำเนิน")
    assert code == "RPERM"
    assert "พบในข้อความ" in because


def test_replaying_shows_what_a_changed_rule_would_move(tmp_path: Path) -> None:
    install_default_rules(tmp_path)
    groups = tmp_path / "groups.toml"
    # This office gives DMC to planning.
    text = groups.read_text("utf-8").replace('  "DMC",\n', "")
    groups.write_text(text.replace('  "แจ้งจัดสรร",\n', '  "แจ้งจัดสรร",\n  "DMC",\n'), "utf-8")
    cases = [
        Case("รายงาน DMC", "plan", origin="clerk"),
        Case("การเลื่อนเงินเดือน", "hr"),
        Case("เรื่องทั่วไป", "legal", also=("admin",)),
        Case("เรื่องทั่วไป", "legal"),
    ]
    report = replay(load_rules(tmp_path), cases, in_force=RULES)
    assert [item.case.subject for item in report.moved] == ["รายงาน DMC"]
    assert (report.moved[0].before, report.moved[0].group) == ("dlict", "plan")
    assert report.right == 2
    assert report.accepted == 3
    assert [item.case.group for item in report.wrong] == ["legal"]
    assert not replay(RULES, cases).moved
