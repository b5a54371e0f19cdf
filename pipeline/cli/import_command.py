"""`saraban import`: take in what another system hands over."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import click

from pipeline.cli.options import AS_JSON, OFFICE
from pipeline.errors import FileUnfitError
from pipeline.importing.bundle import open_bundle
from pipeline.importing.columns import FIELD_NAMES
from pipeline.importing.letter_list import LetterList, read_list
from pipeline.importing.profiles import Profile, Profiles
from pipeline.importing.taking_in import (
    Imported,
    ImportPlan,
    plan_as_json,
    plan_import,
    take_in,
)
from pipeline.office import open_book, open_office

WHO = "saraban import"
BECOMES = {
    "new": "รับเข้าใหม่ / new",
    "known": "มีอยู่แล้ว / known already",
    "enclosure": "สิ่งที่ส่งมาด้วย ไม่รับเข้า / enclosures, not taken in",
    "refused": "อ่านไม่ได้ / refused",
}


@click.command()
@click.argument("bundle_path", metavar="FOLDER_OR_ZIP", type=click.Path(path_type=Path))
@OFFICE
@click.option(
    "--list",
    "list_path",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The letter list that the system exported: HTML, CSV or XLSX.",
)
@click.option(
    "--profile",
    "profile_name",
    metavar="NAME",
    default="import",
    show_default=True,
    help="Which columns hold what; a new name is proposed from the header and kept.",
)
@click.option(
    "--column",
    "columns",
    metavar="FIELD=HEADER",
    multiple=True,
    help="The column that holds a field (number, date, subject, sender, recipient, urgency, secrecy, file); kept with"
    " the profile. Without a HEADER the field is left out. May be given several times.",
)
@click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")
@AS_JSON
def command(
    *,
    bundle_path: Path,
    office_folder: Path,
    list_path: Path | None,
    profile_name: str,
    columns: tuple[str, ...],
    dry_run: bool,
    as_json: bool,
) -> None:
    """Take in the files of FOLDER_OR_ZIP with what the list says of each.

    A running `saraban serve` reads them; what the list says is compared with what is read. Doing it
    again adds nothing. The files themselves stay where they are.
    """
    office = open_office(office_folder)
    if not bundle_path.exists():
        raise FileUnfitError(str(bundle_path), "there is no such file or folder")
    letters = _read_list(list_path)
    profiles = Profiles(office)
    chosen = _chosen(columns)
    profile = profiles.find(profile_name, letters.header, letters.rows, chosen) if letters else None
    with open_book(office) as book, open_bundle(bundle_path) as bundle:
        plan = plan_import(bundle, letters, profile, book.jobs.known_scans())
        done = None
        if not dry_run:
            _keep(profiles, profile, anew=bool(chosen))
            now = datetime.now(UTC).astimezone(office.zone)
            done = take_in(plan, bundle, office, book, who=WHO, now=now)
    if as_json:
        click.echo(json.dumps(_as_json(plan, done), ensure_ascii=False))
    else:
        _say(plan, done)


def _read_list(path: Path | None) -> LetterList | None:
    if path is None:
        return None
    try:
        return read_list(path.name, path.read_bytes())
    except OSError as error:
        raise FileUnfitError(str(path), error.strerror or str(error)) from error


def _chosen(columns: tuple[str, ...]) -> dict[str, str]:
    chosen: dict[str, str] = {}
    for one in columns:
        field, sign, column = one.partition("=")
        if not sign or field not in FIELD_NAMES:
            fields = ", ".join(FIELD_NAMES)
            raise click.BadParameter(f"{one!r} is not FIELD=HEADER; fields are {fields}")
        chosen[field] = column.strip()
    return chosen


def _keep(profiles: Profiles, profile: Profile | None, *, anew: bool) -> None:
    if profile is not None and (anew or profile.name not in profiles.names()):
        profiles.keep(profile)


def _as_json(plan: ImportPlan, done: Imported | None) -> dict[str, object]:
    result = plan_as_json(plan)
    result["import"] = done.import_id if done else None
    result["taken"] = done.taken if done else 0
    return result


def _say(plan: ImportPlan, done: Imported | None) -> None:
    if plan.profile:
        for field, column in plan.profile.columns.items():
            click.echo(f"{'':>8}  {field} ← {column}")
    files = plan_as_json(plan)["files"]
    assert isinstance(files, list)  # noqa: S101 - made so above
    counted = [one["becomes"] for one in files]
    for kind, words in BECOMES.items():
        if kind in counted:
            click.echo(f"{counted.count(kind):>8}  {words}")
    if plan.rows_without_file:
        lines = ", ".join(str(row.line) for row in plan.rows_without_file[:20])
        click.echo(f"{len(plan.rows_without_file):>8}  แถวที่ไม่มีไฟล์ / rows without a file: {lines}")
    if done is None:
        click.echo("ยังไม่ได้รับเข้า / nothing was taken in (--dry-run)")
        return
    for name, problem in done.refused:
        click.echo(f"{'':>8}  {name}: {problem}", err=True)
    click.echo(f"{done.taken:>8}  วางที่ประตูรับแล้ว / put at the door")
