"""Loading the rule set: the shipped files, each replaced by the office's own where it has one."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from classify.agencies import Agency, AgencyTable
from classify.errors import RuleFileError
from classify.letter import Kind
from classify.rule_file import RuleFile, Table
from classify.rules import (
    Condition,
    CopyRule,
    Group,
    GroupRules,
    Keyword,
    KindRule,
    KindRules,
    Marker,
    RetentionRule,
    RetentionRules,
    RuleSet,
    SenderPrior,
    Weights,
)
from classify.shipped_rules import RULE_FILES, shipped_folder

_PLACES = ("title", "label", "line", "anywhere")
_WEIGHTS = tuple(Weights.__dataclass_fields__)
_R = TypeVar("_R")


def load_rules(folder: Path | None = None) -> RuleSet:
    """Load the rule set: the shipped files, overridden by those that lie in `folder`.

    Raises RuleFileError (file, line, advice, in Thai) for the first fault; nothing is half loaded.
    """
    files = {name: _read(name, folder) for name in RULE_FILES}
    groups = _parse(files["groups.toml"], _groups)
    known = {group.code for group in groups.groups}
    digest = hashlib.sha256("\0".join("\n".join(files[n].lines) for n in RULE_FILES).encode())
    shipped = shipped_folder()
    return RuleSet(
        groups=groups,
        kinds=_parse(files["kinds.toml"], _kinds),
        agencies=_parse(files["agencies.toml"], _agencies),
        retention=_parse(files["retention.toml"], lambda table: _retention(table, known)),
        fingerprint=digest.hexdigest(),
        origins=tuple(
            (name, "shipped" if file.path.parent == shipped else "office")
            for name, file in files.items()
        ),
    )


def _read(name: str, folder: Path | None) -> RuleFile:
    path = folder / name if folder is not None else None
    if path is None or not path.exists():
        path = shipped_folder() / name
    try:
        return RuleFile(path, path.read_text("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise RuleFileError(
            path, line, "ไฟล์ไม่ได้เข้ารหัสเป็น UTF-8", "บันทึกไฟล์ใหม่โดยเลือกรหัส UTF-8"
        ) from error
    except OSError as error:
        raise RuleFileError(
            path, None, f"เปิดอ่านไม่ได้ ({error.strerror})", "ตรวจสิทธิ์การอ่านไฟล์"
        ) from error


def _parse(file: RuleFile, build: Callable[[Table], _R]) -> _R:
    table = file.root()
    built = build(table)
    table.finish()
    return built


def _keywords(table: Table, key: str) -> tuple[Keyword, ...]:
    words = []
    for text in table.texts(key):
        word = Keyword.of(text)
        if len(word.bones) < 2:
            raise table.fault(key, f"คำว่า “{text}” สั้นเกินไป", "ใช้คำที่มีตัวอักษรอย่างน้อยสองตัว")
        words.append(word)
    return tuple(words)


def _groups(table: Table) -> GroupRules:
    weights_table = table.table("weights")
    weights = Weights(
        **{name: weights_table.number(name, getattr(Weights(), name)) for name in _WEIGHTS}
    )
    weights_table.finish()
    groups: list[Group] = []
    for row in table.tables("group"):
        group = _group(row)
        if any(group.code == other.code for other in groups):
            raise row.fault("code", f"รหัสกลุ่ม {group.code} ซ้ำ", "ใช้รหัสที่ไม่ซ้ำกัน")
        groups.append(group)
    if not groups:
        raise table.fault("group", "ไม่มีกลุ่มงาน", "เพิ่มตาราง [[group]] อย่างน้อยหนึ่งตาราง")
    codes = {group.code for group in groups}
    default = _known_code(table, "default_group", codes)
    copies = []
    for row in table.tables("copy"):
        copies.append(CopyRule(_keywords(row, "any"), _known_codes(row, "to", codes)))
        row.finish()
    return GroupRules(tuple(groups), default, weights, tuple(copies))


def _group(row: Table) -> Group:
    group = Group(
        code=row.text("code"),
        name=row.text("name"),
        short=row.text("short", ""),
        english=row.text("english", ""),
        strong=_keywords(row, "strong"),
        weak=_keywords(row, "weak"),
        negative=_keywords(row, "negative"),
        senders=tuple(_sender(sender) for sender in row.tables("sender")),
        conditions=tuple(_condition(condition) for condition in row.tables("condition")),
    )
    both = {word.text for word in group.strong} & {word.text for word in group.negative}
    if both:
        raise row.fault(
            "negative", f"คำว่า “{min(both)}” อยู่ทั้งใน strong และ negative", "ลบออกจากรายการหนึ่ง"
        )
    row.finish()
    return group


def _sender(row: Table) -> SenderPrior:
    number, name = row.text("number", ""), row.text("name", "")
    if bool(number) == bool(name):
        raise row.fault(
            "number", "sender ต้องมี number หรือ name อย่างใดอย่างหนึ่ง", 'เช่น number = "ศธ 0206"'
        )
    row.finish()
    return SenderPrior(number, Keyword.of(name) if name else None)


def _condition(row: Table) -> Condition:
    condition = Condition(
        all_words=_keywords(row, "all"),
        any_words=_keywords(row, "any"),
        no_words=_keywords(row, "no"),
        senders=tuple(SenderPrior(text, None) for text in row.texts("sender_numbers"))
        + tuple(SenderPrior("", word) for word in _keywords(row, "sender_names")),
        points=row.number("points"),
        because=row.text("because"),
    )
    if not (condition.all_words or condition.any_words or condition.senders):
        raise row.fault("all", "เงื่อนไขไม่มีคำให้ตรวจ", "เพิ่ม all, any, sender_numbers หรือ sender_names")
    row.finish()
    return condition


def _kinds(table: Table) -> KindRules:
    kinds = []
    for row in table.tables("kind"):
        code = _known_code(row, "code", {kind.value for kind in Kind})
        kinds.append(
            KindRule(
                Kind(code), row.text("name"), _markers(row, "marker"), _markers(row, "missing")
            )
        )
        row.finish()
    if not kinds:
        raise table.fault("kind", "ไม่มีชนิดหนังสือ", "เพิ่มตาราง [[kind]]")
    return KindRules(tuple(kinds))


def _markers(row: Table, key: str) -> tuple[Marker, ...]:
    markers = []
    for item in row.tables(key):
        place = item.text("where")
        if place not in _PLACES:
            raise item.fault("where", f"ไม่รู้จักตำแหน่ง {place}", "ใช้ " + ", ".join(_PLACES))
        markers.append(Marker(item.text("text"), place, item.number("points")))
        item.finish()
    return tuple(markers)


def _agencies(table: Table) -> AgencyTable:
    agencies = []
    for row in table.tables("agency"):
        agencies.append(
            Agency(
                letters=row.text("letters").replace(".", "").strip(),
                name=row.text("name"),
                owners=row.texts("owners"),
                words=row.texts("words"),
                dotted=row.flag("dotted"),
                digits=int(row.number("digits", 0)) or None,
                province=bool(row.flag("province")),
            )
        )
        for owner in row.texts("owners"):
            if not owner.replace("-", "", 1).isdigit():
                raise row.fault("owners", f"รหัส {owner} ไม่ใช่ตัวเลข", 'เช่น "04001" หรือ "04023-04299"')
        row.finish()
    return AgencyTable(tuple(agencies), table.texts("phrases"), table.texts("abbreviations"))


def _retention(table: Table, groups: set[str]) -> RetentionRules:
    protected = table.texts("protected")
    rules: list[RetentionRule] = []
    for row in table.tables("rule"):
        rule = _retention_rule(row, groups)
        if rule.class_code in protected and any(r.class_code not in protected for r in rules):
            raise row.fault(
                "class",
                f"กฎของอายุการเก็บ {rule.class_code} อยู่หลังกฎที่ต่ำกว่า",
                "ย้ายกฎนี้ขึ้นไปก่อนกฎของอายุการเก็บที่ไม่ได้คุ้มครอง",
            )
        rules.append(rule)
    return RetentionRules(tuple(rules), table.text("default_class"), protected)


def _retention_rule(row: Table, groups: set[str]) -> RetentionRule:
    rule = RetentionRule(
        class_code=row.text("class"),
        because=row.text("because"),
        any_words=_keywords(row, "any"),
        no_words=_keywords(row, "no"),
        groups=_known_codes(row, "groups", groups),
        kinds=_known_codes(row, "kinds", {kind.value for kind in Kind}),
        is_secret=row.flag("secret"),
        is_circular=row.flag("circular"),
        begins=row.texts("begins"),
    )
    row.finish()
    return rule


def _known_code(table: Table, key: str, known: set[str]) -> str:
    code = table.text(key)
    if code not in known:
        raise table.fault(key, f"ไม่รู้จัก {code}", "ใช้ " + ", ".join(sorted(known)))
    return code


def _known_codes(table: Table, key: str, known: set[str]) -> tuple[str, ...]:
    codes = table.texts(key)
    for code in codes:
        if code not in known:
            raise table.fault(key, f"ไม่รู้จัก {code}", "ใช้ " + ", ".join(sorted(known)))
    return codes
