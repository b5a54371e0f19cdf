"""What `saraban rules explain` shows of a made-up letter, word for word; change it knowingly."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from classify import decide, explain, find_fields, lay_out_document, load_rules
from tests.paper import EXTERNAL, page_of

GOLDEN = Path(__file__).parent / "explanation.txt"


def test_the_explanation_is_as_agreed() -> None:
    rules = load_rules()
    lines = ["ด่วนที่สุด", *EXTERNAL]
    lines[1] = "ที่ ศธ ๐๔๐๐๑/9 ๑๒๓"  # ว written by hand and misread
    document = page_of("external", lines)
    letter = find_fields(
        lay_out_document(document), agencies=rules.agencies, today=date(2026, 11, 21)
    )
    text = explain(decide(letter, document, rules), letter, rules)
    assert text + "\n" == GOLDEN.read_text("utf-8")
