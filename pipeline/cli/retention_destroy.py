"""`saraban retention destroy` and what belongs to it: the certificate, and confirming a row of the law."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import click

from index.archive import Archive
from index.retention.certificate import (
    Certificate,
    Fate,
    PaperPart,
    Statement,
    pack_certificate,
)
from index.retention.destruction import Preparation
from index.retention.eligibility import Block
from index.retention.law import SHIPPED_LAW
from pipeline.cli.options import AS_JSON, OFFICE
from pipeline.cli.retention_options import (
    BY,
    DAY,
    ON,
    at_work,
    office_at_work,
    records_officer,
)
from pipeline.destruction import at_the_archive
from pipeline.viewers import AT_THIS_MACHINE

BATCH = click.option("--batch", "batch_id", required=True, metavar="ID", help="As 2581-1.")
FATES = click.Choice([Fate.DESTROYED.value, Fate.KEPT.value, Fate.NONE.value])
PHOTO = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@BATCH
@BY
@click.option("--witness", "witnesses", multiple=True, metavar="NAME", help="Again for each.")
@click.option(
    "--paper",
    type=FATES,
    default=Fate.KEPT.value,
    show_default=True,
    help="What became of the paper.",
)
@click.option("--method", default="", help="How the paper was destroyed.")
@click.option("--place", default="", help="Where the paper was destroyed.")
@click.option("--paper-on", type=DAY, metavar="DATE", help="The day the paper was destroyed.")
@click.option("--photo", "photos", type=PHOTO, multiple=True, help="A photograph; again for each.")
@click.option(
    "--electronic-order",
    default="",
    metavar="NUMBER",
    help="The head's order to erase electronic copies of more than ten years; without it they stay.",
)
@click.option(
    "--backups-gone",
    type=DAY,
    metavar="DATE",
    help="The last day on which a backup made before today may exist.",
)
@click.option("--note", default="", help="What else belongs on the certificate.")
@click.option(
    "--look", is_flag=True, help="Only say what would be destroyed, and what stands against it."
)
@click.option("--resume", is_flag=True, help="Go on with a destruction that was broken off.")
@click.option("--roll-back", is_flag=True, help="Take back what was intended and not yet touched.")
@click.option("--yes", is_flag=True, help="Do not ask for the batch's number again.")
@OFFICE
@AS_JSON
def destroy(
    *,
    batch_id: str,
    person: str,
    witnesses: tuple[str, ...],
    paper: str,
    method: str,
    place: str,
    paper_on: datetime | None,
    photos: tuple[Path, ...],
    electronic_order: str,
    backups_gone: datetime | None,
    note: str,
    look: bool,
    resume: bool,
    roll_back: bool,
    yes: bool,
    office_folder: Path,
    as_json: bool,
) -> None:
    """Carry out a batch that committee, head and archives have given up.

    NAME carries it out and must have had no part in the decision. Everything is checked once more;
    a step that may not be taken is refused with its clause, and then nothing was touched. Batches of
    secret letters are not found here: their registrar works on the page.
    """
    viewer = records_officer(person)
    with office_at_work(office_folder) as (office, book, retention, now):
        destruction = retention.destruction
        if look:
            _tell(destruction.prepare(viewer, batch_id, now=now), as_json=as_json)
            return
        if roll_back:
            archive = Archive(office.archive)
            taken = destruction.roll_back(viewer, batch_id, archive=archive, now=now)
            click.echo(f"ยกเลิกการเริ่มทำลาย {len(taken)} ฉบับ / {len(taken)} taken back")
            return
        if not yes:
            _ask_again(batch_id, destruction.prepare(viewer, batch_id, now=now))
        with at_the_archive(office, book) as (archive, copies):
            if resume:
                made = destruction.resume(viewer, batch_id, archive=archive, copies=copies, now=now)
            else:
                if backups_gone is None:
                    raise click.UsageError("--backups-gone is missing: when do the backups end?")
                done_on = paper_on.date() if paper_on else None
                pictures = _keep_photographs(archive, photos)
                part = PaperPart(Fate(paper), method, place, done_on, pictures)
                statement = Statement(witnesses, part, backups_gone.date(), electronic_order, note)
                made = destruction.execute(
                    viewer, batch_id, statement, archive=archive, copies=copies, now=now
                )
    _tell_certificate(made, as_json=as_json)


@click.command()
@BATCH
@OFFICE
@AS_JSON
def certificate(batch_id: str, office_folder: Path, *, as_json: bool) -> None:
    """Show the certificate of a destruction, with the hashes that prove it."""
    with at_work(office_folder) as (_, retention, _now):
        made = retention.destruction.certificate(AT_THIS_MACHINE, batch_id)
    _tell_certificate(made, as_json=as_json)


@click.command()
@click.argument("code")
@ON
@click.option("--source", default="", help="Where the words were seen, as the Gazette's page.")
@click.option("--by", "person", required=True, metavar="NAME", help="Who compared it.")
@OFFICE
def confirm(code: str, on: datetime, source: str, office_folder: Path, *, person: str) -> None:
    """Note that NAME compared row CODE of the law (as R10) with the Royal Gazette.

    The row goes into the office's own rules/law.toml and is shown as checked from then on.
    """
    with office_at_work(office_folder) as (office, _, retention, now):
        file = office.rules / SHIPPED_LAW
        law = retention.confirmations.confirm(
            records_officer(person), code, file, checked_on=on.date(), now=now, source=source
        )
    click.echo(
        f"{code}: {person} ตรวจสอบแล้ว ยังเหลือ {len(law.unverified())} แถว / "
        f"confirmed, {len(law.unverified())} rows are left"
    )


def _keep_photographs(archive: Archive, photos: tuple[Path, ...]) -> tuple[str, ...]:
    kept = (archive.keep_evidence(one, one.suffix, secret=False) for one in photos)
    return tuple(one.sha256 for one in kept)


def _ask_again(batch_id: str, found: Preparation) -> None:
    click.echo(
        f"จะทำลาย {len(found.letters)} ฉบับ เรียกคืนไม่ได้ / "
        f"{len(found.letters)} letters will be destroyed for good"
    )
    typed = click.prompt("พิมพ์เลขที่บัญชีอีกครั้งเพื่อยืนยัน / type the batch's number again")
    if typed.strip() != batch_id:
        raise click.UsageError("the number typed is another one; nothing was touched")


def _tell(found: Preparation, *, as_json: bool) -> None:
    letters = [
        {
            "register_number": one.register_number,
            "subject": one.subject,
            "paper_keep_until": one.paper.period.keep_until_year,
            "electronic_keep_until": one.electronic.period.keep_until_year,
            "may_go": one.may_go,
            "against": [_in_words(block) for block in one.judged.eligibility.blocks],
        }
        for one in found.letters
    ]
    refusal = found.refusal.thai if found.refusal else None
    if as_json:
        first_day = found.first_day.isoformat() if found.first_day else None
        answer = {"batch": found.batch.batch_id, "stage": found.batch.stage, "letters": letters}
        click.echo(
            json.dumps({**answer, "first_day": first_day, "refusal": refusal}, ensure_ascii=False)
        )
        return
    for letter in letters:
        against = "; ".join(letter["against"]) if isinstance(letter["against"], list) else ""
        click.echo(f"{letter['register_number']:>10}  {letter['subject']}  {against}")
    click.echo(refusal or "ทำลายได้วันนี้ / may be carried out today")


def _in_words(block: Block) -> str:
    return f"{block.thai} ({block.clause})"


def _tell_certificate(made: Certificate, *, as_json: bool) -> None:
    if as_json:
        seal = {"sha256": made.sealed_sha256, "audit_line": made.audit_sequence}
        click.echo(
            json.dumps(
                {**pack_certificate(made), **seal, "audit_hash": made.audit_hash},
                ensure_ascii=False,
            )
        )
        return
    erased = sum(line.electronic is Fate.DESTROYED for line in made.lines)
    shredded = sum(line.paper is Fate.DESTROYED for line in made.lines)
    click.echo(
        f"{made.number}: ทำลายกระดาษ {shredded} ฉบับ ลบสำเนาอิเล็กทรอนิกส์ {erased} ฉบับ / "
        f"{shredded} papers destroyed, {erased} electronic copies erased"
    )
    click.echo(f"SHA-256 {made.sealed_sha256} (audit line {made.audit_sequence})")
