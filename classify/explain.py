"""Saying on one screen why a letter was decided so, in Thai."""

from __future__ import annotations

from classify.dates import format_thai_date
from classify.letter import Decision, Found, GroupScore, Letter
from classify.rules import RuleSet

_SHOWN_GROUPS = 3
_SHOWN_REASONS = 6


def explain(decision: Decision, letter: Letter, rules: RuleSet) -> str:
    """Return one screen in Thai: kind, fields with how they were found, group points, retention, doubts.

    The caller decides who may see it: the subject of a secret letter is itself the secret.
    """
    lines = [f"ชนิด: {rules.kinds.name(letter.kind.value)}  ({letter.kind.how})", ""]
    lines += _field_lines(letter)
    lines += ["", "กลุ่ม:"]
    for place, score in enumerate(decision.scores[:_SHOWN_GROUPS], 1):
        lines.append(_score_line(place, score, rules))
    if decision.scores and decision.scores[0].score <= 0:
        lines.append(f"  ไม่พบคำที่บอกกลุ่ม จึงเป็น{rules.groups.group(decision.group).name}")
    lines.append(f"  ระยะห่างจากอันดับสอง {decision.margin:.0%}")
    if decision.copies:
        names = ", ".join(rules.groups.group(code).name for code in decision.copies)
        lines.append(f"  สำเนาให้: {names}")
    lines += ["", f"อายุการเก็บ: {decision.retention_class}  ({decision.retention_because})"]
    if decision.review:
        lines += ["", "โปรดดู:"]
        lines += [f"  - {reason.field}: {reason.thai}" for reason in decision.review]
    else:
        lines += ["", "ไม่มีข้อสงสัย"]
    return "\n".join(lines)


def _field_lines(letter: Letter) -> list[str]:
    date = letter.date
    shown: list[tuple[str, Found[object] | None, str]] = [
        ("ที่", letter.number, letter.number.value if letter.number else ""),
        ("วันที่", date, format_thai_date(date.value) if date else ""),
        ("จาก", letter.sender, letter.sender.value if letter.sender else ""),
        ("ถึง", letter.recipient, letter.recipient.value if letter.recipient else ""),
        ("เรื่อง", letter.subject, letter.subject.value if letter.subject else ""),
        ("ชั้นความเร็ว", letter.urgency, letter.urgency.value if letter.urgency else ""),
        ("ชั้นความลับ", letter.secrecy, letter.secrecy.value if letter.secrecy else ""),
    ]
    return [
        f"{name}: {value}  ({found.how}, มั่นใจ {found.confidence:.0%})" if found else f"{name}: -"
        for name, found, value in shown
    ]


def _score_line(place: int, score: GroupScore, rules: RuleSet) -> str:
    strongest = sorted(score.because, key=lambda item: -abs(item[2]))[:_SHOWN_REASONS]
    because = ", ".join(f"{word} [{where}] {points:+.2f}" for word, where, points in strongest)
    name = rules.groups.group(score.group).name
    return f"  {place}. {name}  {score.score:.2f}" + (f"  = {because}" if because else "")
