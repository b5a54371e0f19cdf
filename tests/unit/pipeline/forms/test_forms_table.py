"""The table of forms says word for word what the regulation's forms say, and whether anybody checked it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.forms.errors import FormsFileError
from pipeline.forms.form import load_forms
from pipeline.forms.sheet import small_print
from tests.conftest import SHARED

OWN = """
[[form]]
number = "13"
name = "ทะเบียนหนังสือรับ"
clause = "ข้อ 38"
source = "ราชกิจจานุเบกษา"
checked_by = "สมหญิง"
checked_on = 2026-11-01
columns = [{ key = "subject", title = "เรื่อง", width = 10 }]
"""


@pytest.mark.shared
def test_every_form_has_the_names_heads_and_columns_of_the_collected_forms() -> None:
    collected = json.loads((SHARED / "domain" / "forms.json").read_text("utf-8"))
    forms = {number: form for number, form in load_forms().items() if form.law is not None}
    assert set(forms) == {"12", "13", "14", *map(str, range(19, 26))}
    for number, form in forms.items():
        expected = collected[number]
        assert form.name == expected["name"]
        assert [column.title for column in form.columns] == expected["fields"], number
        assert [head.title for head in form.heads] == expected.get("head", []), number
        assert list(form.signers) == expected.get("sign", []), number


def test_a_form_that_nobody_checked_says_so_in_small_print() -> None:
    form = load_forms()["13"]
    assert form.law is not None
    assert "ยังไม่มีผู้ตรวจสอบ" in small_print(form)
    assert "ข้อ 38" in small_print(form)


def test_an_offices_own_form_takes_the_place_of_the_shipped_one(tmp_path: Path) -> None:
    own = tmp_path / "forms.toml"
    own.write_text(OWN, encoding="utf-8")
    forms = load_forms(own)
    assert [column.title for column in forms["13"].columns] == ["เรื่อง"]
    assert "ตรวจสอบแล้วโดย สมหญิง" in small_print(forms["13"])
    assert forms["25"] == load_forms()["25"]


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("[[form]]", "[[forms]]", "forms"),
        ("width = 10", "width = 0", "13"),
        ('title = "เรื่อง", ', "", "title"),
        ("2026-11-01", '"soon"', "soon"),
        ("[[form]]", "[[form", "line 2"),
    ],
)
def test_a_broken_table_is_refused_with_its_file_and_place(
    old: str, new: str, named: str, tmp_path: Path
) -> None:
    own = tmp_path / "forms.toml"
    own.write_text(OWN.replace(old, new), encoding="utf-8")
    with pytest.raises(FormsFileError, match=named) as refused:
        load_forms(own)
    assert str(own) in str(refused.value)
    assert str(own) in refused.value.thai
