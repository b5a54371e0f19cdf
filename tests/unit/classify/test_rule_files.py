"""A broken rule file is refused with its file, its line and advice; an office overrides one file at a time."""

from __future__ import annotations

from pathlib import Path

import pytest

from classify import RULE_FILES, RuleFileError, install_default_rules, load_rules

MINIMAL = 'default_group = "admin"\n[[group]]\ncode = "admin"\nname = "กลุ่มอำนวยการ"\nstrong = ["งานสารบรรณ"]\n'
REAL_GROUPS = (
    "admin",
    "plan",
    "dlict",
    "finance",
    "hr",
    "teacherdev",
    "supervision",
    "promotion",
    "audit",
    "legal",
)


def test_the_shipped_rules_load_and_name_the_ten_groups_in_their_order() -> None:
    rules = load_rules()
    assert tuple(group.code for group in rules.groups.groups) == REAL_GROUPS
    assert {origin for _, origin in rules.origins} == {"shipped"}
    assert len(rules.fingerprint) == 64


def test_every_shipped_file_says_where_its_facts_are_from() -> None:
    import tomllib  # noqa: PLC0415

    from classify.shipped_rules import shipped_folder  # noqa: PLC0415

    for name in RULE_FILES:
        content = tomllib.loads((shipped_folder() / name).read_text("utf-8"))
        assert content["source"]
        assert {"checked_by", "checked_on"} <= content.keys()


def test_installed_rules_are_the_shipped_ones_and_are_never_overwritten(tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    assert {path.name for path in install_default_rules(folder)} == set(RULE_FILES)
    assert load_rules(folder).fingerprint == load_rules().fingerprint
    (folder / "groups.toml").write_text("edited", "utf-8")
    assert install_default_rules(folder) == ()
    assert (folder / "groups.toml").read_text("utf-8") == "edited"


def test_an_office_overrides_one_file_and_keeps_the_others(tmp_path: Path) -> None:
    install_default_rules(tmp_path)
    text = (tmp_path / "groups.toml").read_text("utf-8")
    for name in RULE_FILES:
        (tmp_path / name).unlink()
    (tmp_path / "groups.toml").write_text(text.replace("กลุ่มอำนวยการ", "กลุ่มบริหารทั่วไป", 1), "utf-8")
    rules = load_rules(tmp_path)
    assert rules.groups.group("admin").name == "กลุ่มบริหารทั่วไป"
    assert dict(rules.origins) == {
        "groups.toml": "office",
        "kinds.toml": "shipped",
        "agencies.toml": "shipped",
        "retention.toml": "shipped",
    }
    assert rules.fingerprint != load_rules().fingerprint


@pytest.mark.parametrize(
    ("name", "text", "line", "word"),
    [
        ("groups.toml", 'default_group = "admin"\n[[group]]\ncode = "admin\n', 3, "TOML"),
        ("groups.toml", MINIMAL + 'stong = ["คำ"]\n', 6, "strong"),
        ("groups.toml", MINIMAL + MINIMAL.split("\n", 1)[1], 7, "ซ้ำ"),
        ("groups.toml", MINIMAL.replace('"admin"\n[[', '"nobody"\n[['), 1, "nobody"),
        ("groups.toml", MINIMAL.replace('name = "กลุ่มอำนวยการ"\n', ""), 2, "name"),
        ("groups.toml", MINIMAL + "weak = 3\n", 6, "รายการข้อความ"),
        ("groups.toml", MINIMAL + 'weak = ["คำหนึ่ง", "คำหนึ่ง"]\n', 6, "ซ้ำ"),
        ("groups.toml", MINIMAL + 'weak = [""]\n', 6, "ว่าง"),
        ("groups.toml", MINIMAL + 'weak = ["ก"]\n', 6, "สั้น"),
        ("groups.toml", MINIMAL + 'negative = ["งานสารบรรณ"]\n', 6, "negative"),
        ("groups.toml", MINIMAL + '[[group.sender]]\nnumber = "ศธ"\nname = "กรม"\n', 7, "sender"),
        ("groups.toml", MINIMAL + '[[group.condition]]\npoints = 1\nbecause = "x"\n', 6, "เงื่อนไข"),
        ("groups.toml", MINIMAL + '[weights]\nstrong = "มาก"\n', 7, "ตัวเลข"),
        ("groups.toml", 'default_group = "admin"\n', 1, "กลุ่ม"),
        (
            "kinds.toml",
            '[[kind]]\ncode = "external"\nname = "x"\nmarker = [{ text = "ที่", where = "sky", points = 1 }]\n',
            1,
            "sky",
        ),
        ("kinds.toml", '[[kind]]\ncode = "poem"\nname = "x"\n', 2, "poem"),
        ("agencies.toml", '[[agency]]\nletters = "ศธ"\nname = "x"\nowners = ["ABC"]\n', 4, "ABC"),
        ("agencies.toml", '[[agency]]\nletters = "ศธ"\nname = "x"\ndotted = "yes"\n', 4, "true"),
        (
            "retention.toml",
            'default_class = "R10"\nprotected = ["RPERM"]\n[[rule]]\nclass = "R01"\nbecause = "x"\n'
            '[[rule]]\nclass = "RPERM"\nbecause = "y"\n',
            7,
            "RPERM",
        ),
        (
            "retention.toml",
            'default_class = "R10"\n[[rule]]\nclass = "R01"\nbecause = "x"\ngroups = ["nobody"]\n',
            5,
            "nobody",
        ),
    ],
)
def test_a_fault_is_told_with_its_line(
    tmp_path: Path, name: str, text: str, line: int, word: str
) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(RuleFileError) as caught:
        load_rules(tmp_path)
    error = caught.value
    assert error.file == tmp_path / name
    assert error.line == line
    assert word in error.thai
    assert error.advice
    assert "กฎเดิมยังใช้อยู่" in error.thai
    assert str(tmp_path / name) in str(error)


def test_a_file_in_another_encoding_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "groups.toml").write_bytes(b'default_group = "admin"\n# ' + "กลุ่ม".encode("cp874"))
    with pytest.raises(RuleFileError) as caught:
        load_rules(tmp_path)
    assert caught.value.line == 2
    assert "UTF-8" in caught.value.thai


def test_a_file_saved_by_notepad_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    (tmp_path / "groups.toml").write_text(MINIMAL, "utf-8-sig")
    (tmp_path / "retention.toml").write_text('default_class = "R10"\n', "utf-8")
    assert load_rules(tmp_path).groups.default_group == "admin"
