"""`saraban rules`: check, explain and try the rules that route letters."""

from __future__ import annotations

import csv
import json
import shutil
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from classify import (
    Case,
    OfficeCopy,
    Replayed,
    ReplayReport,
    RuleSet,
    Standing,
    compare_with_shipped,
    explain,
    load_rules,
    replay,
    take_over_shipped,
)
from index.registered_letter import RegisteredLetter
from pipeline.carry import understand
from pipeline.cli.options import AS_JSON
from pipeline.errors import CasesRefusedError
from pipeline.office import Office, open_book, open_office
from pipeline.viewers import AT_THIS_MACHINE

RULES = click.option(
    "--rules",
    "folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="A folder of rule files.  [default: the office's]",
)
OFFICE = click.option(
    "--office",
    "office_folder",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="SARABAN_OFFICE",
    help="The office whose rules are meant.  [default: the rules that come with Saraban]",
)


STANDINGS = {
    Standing.SAME: "ตรงกับโปรแกรม / as shipped",
    Standing.NOT_THERE: "ใช้ของโปรแกรม / the shipped one counts",
    Standing.OUTDATED: "ฉบับเดิมของโปรแกรม ยังไม่มีใครแก้ / an earlier one, untouched",
    Standing.OWN: "สำนักงานแก้เอง / edited by the office",
    Standing.BEHIND: "สำนักงานแก้เอง โปรแกรมมีฉบับใหม่ / edited, and a newer one is shipped",
}


@click.group()
def command() -> None:
    """Check, explain and try the rules that route letters."""


@command.command()
@OFFICE
@RULES
@AS_JSON
def check(office_folder: Path | None, folder: Path | None, as_json: bool) -> None:
    """Say whether the rule files can be used; a broken one is named with line and advice."""
    rules = load_rules(_folder(office_folder, folder))
    if as_json:
        shown = {"groups": [one.code for one in rules.groups.groups], "files": dict(rules.origins)}
        click.echo(json.dumps(shown, ensure_ascii=False))
        return
    for name, origin in rules.origins:
        click.echo(f"ok  {name}  ({origin})")
    click.echo(f"กฎใช้ได้ {len(rules.groups.groups)} กลุ่ม / the rules are good")


@command.command("explain")
@click.argument("file", type=click.Path(path_type=Path))
@OFFICE
@RULES
def explain_file(file: Path, office_folder: Path | None, folder: Path | None) -> None:
    """Read FILE and say why it would go where; nothing is registered."""
    rules = load_rules(_folder(office_folder, folder))
    today = datetime.now(UTC).astimezone(ZoneInfo("Asia/Bangkok")).date()
    understood = understand(file, rules, today)
    click.echo(explain(understood.decision, understood.letter, rules))


@command.command("test")
@click.argument(
    "cases", type=click.Path(path_type=Path, exists=True, dir_okay=False), required=False
)
@OFFICE
@RULES
@AS_JSON
def try_cases(
    cases: Path | None, office_folder: Path | None, folder: Path | None, as_json: bool
) -> None:
    """Try the rules on letters whose group is known, and show which a changed rule would move.

    CASES is a tab-separated file with the columns `subject` and `group`; optional columns: number,
    sender, body, also (accepted groups, with commas). With --office also every letter that a clerk
    routed. With --rules the rules of that folder are tried against those in force.
    """
    rules = load_rules(_folder(office_folder, folder))
    in_force = load_rules(None) if folder is None else load_rules(_folder(office_folder, None))
    codes = {one.name: one.code for one in rules.groups.groups}
    known = read_cases(cases, codes) if cases is not None else []
    if office_folder is not None:
        known += clerks_cases(open_office(office_folder))
    report = replay(rules, known, in_force=in_force)
    if as_json:
        click.echo(json.dumps(_as_json(report), ensure_ascii=False))
        return
    for one in report.wrong:
        click.echo(f"ผิด   {one.case.group:>12} → {one.group:<12} {_name(one.case)}")
    for one in report.moved:
        click.echo(f"ย้าย  {one.before or '':>12} → {one.group:<12} {_name(one.case)}")
    click.echo(
        f"ถูก {report.right} จาก {len(report.replayed)} / {report.right} right, "
        f"{report.accepted} accepted, {len(report.moved)} moved by the change"
    )


@command.command("update")
@OFFICE
@click.option("--apply", "is_meant", is_flag=True, help="Take the newer files over.")
@AS_JSON
def update(office_folder: Path | None, is_meant: bool, as_json: bool) -> None:
    """Show which rule files the program has newer, and what they would move; --apply takes them over.

    Only files that the office has not edited are replaced. Letters that a clerk routed are tried with
    the newer files first; files that cannot be used together are refused and nothing is replaced.
    """
    if office_folder is None:
        raise click.UsageError("name the office with --office DIR")
    office = open_office(office_folder)
    copies = compare_with_shipped(office.rules)
    renewed = _renewed(office.rules, copies)
    report = replay(renewed, clerks_cases(office), in_force=load_rules(office.rules))
    taken = take_over_shipped(office.rules) if is_meant else ()
    if as_json:
        files = {copy.name: copy.standing.value for copy in copies}
        shown = {"files": files, "taken_over": taken, "moved": _as_json(report)["moved"]}
        click.echo(json.dumps(shown, ensure_ascii=False))
        return
    for copy in copies:
        done = "ใช้ฉบับใหม่แล้ว / taken over" if copy.name in taken else STANDINGS[copy.standing]
        click.echo(f"{copy.name:<16} {done}")
    for one in report.moved:
        click.echo(f"ย้าย  {one.before or '':>12} → {one.group:<12} {_name(one.case)}")
    if any(copy.standing is Standing.OUTDATED for copy in copies) and not is_meant:
        click.echo("ใช้ฉบับใหม่ด้วย --apply / take the newer files over with --apply")


def _renewed(folder: Path, copies: Sequence[OfficeCopy]) -> RuleSet:
    """Return the office's rules as they would be with the newer files. Raises RuleFileError."""
    with tempfile.TemporaryDirectory(prefix="saraban-rules-") as name:
        kept = {Standing.OWN, Standing.BEHIND}
        for copy in copies:
            if copy.standing in kept:
                shutil.copyfile(folder / copy.name, Path(name) / copy.name)
        return load_rules(Path(name))


def clerks_cases(office: Office) -> list[Case]:
    """Return what clerks decided: each letter they routed, with the group it has today."""
    with open_book(office, only_looks=True) as book:
        return [
            Case(
                subject=one.subject,
                group=one.group,
                number=one.number,
                sender=" ".join(filter(None, (one.sender, _owner(one)))),
                body=one.text.replace("\n", " "),
                origin=str(one.register_number),
            )
            for one in book.routed_by_hand(AT_THIS_MACHINE)
        ]


def _owner(one: RegisteredLetter) -> str:
    return one.letter.owner.value if one.letter is not None and one.letter.owner else ""


def _name(case: Case) -> str:
    return f"{case.subject} ({case.origin})"


def _as_json(report: ReplayReport) -> dict[str, object]:
    def shown(one: Replayed) -> dict[str, object]:
        return {
            "subject": one.case.subject,
            "group": one.case.group,
            "given": one.group,
            "before": one.before,
            "origin": one.case.origin,
        }

    return {
        "cases": len(report.replayed),
        "right": report.right,
        "accepted": report.accepted,
        "moved": [shown(one) for one in report.moved],
        "wrong": [shown(one) for one in report.wrong],
    }


def read_cases(path: Path, codes: dict[str, str]) -> list[Case]:
    """Read labelled subjects; a group may be written by its Thai name, a key of `codes`.

    Raises CasesRefusedError with the line that is wrong.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t")
        missing = {"subject", "group"} - set(rows.fieldnames or ())
        if missing:
            raise CasesRefusedError(path, 1, f"no column {' and '.join(sorted(missing))}")
        found = []
        for row in rows:
            if not row["subject"] or not row["group"]:
                raise CasesRefusedError(path, rows.line_num, "no subject or no group")
            found.append(
                Case(
                    subject=row["subject"],
                    group=codes.get(row["group"], row["group"]),
                    number=row.get("number") or "",
                    sender=row.get("sender") or "",
                    body=row.get("body") or "",
                    also=tuple(filter(None, (row.get("also") or "").split(","))),
                    origin=f"{path.name}:{rows.line_num}",
                )
            )
    return found


def _folder(office_folder: Path | None, folder: Path | None) -> Path | None:
    if folder is not None:
        return folder
    return open_office(office_folder).rules if office_folder is not None else None
