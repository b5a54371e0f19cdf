"""`saraban serve`: the watched folder, the workers and the web page."""

from __future__ import annotations

import logging
from pathlib import Path

import click

from classify import install_default_rules
from pipeline.cli.options import OFFICE
from pipeline.demo.letters import save_letters
from pipeline.office import Office, create_office
from pipeline.serve import Ended, serve, serve_once


def _one_address(_context: click.Context, _option: click.Parameter, host: str | None) -> str | None:
    if host is not None and ("," in host or " " in host.strip()):
        raise click.BadParameter("it names more than one; write one address, as 127.0.0.1")
    return host


@click.command()
@OFFICE
@click.option("--once", is_flag=True, help="Work all that lies in the inbox to its end, then stop.")
@click.option("--demo", is_flag=True, help="First drop in seven letters made up for a first look.")
@click.option(
    "--host", callback=_one_address, help="Where the page answers.  [default: as saraban.toml says]"
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help="Its port; 0 takes a free one.  [default: as saraban.toml says]",
)
@click.option("--quiet", is_flag=True, help="Do not log each letter.")
def command(
    *, office_folder: Path, once: bool, demo: bool, host: str | None, port: int | None, quiet: bool
) -> int:
    """Watch the folder, read, register and route letters, and show them on a web page.

    A folder that is not an office yet is made one. Ctrl-C or SIGTERM stops; what was under way
    goes on at the next start.
    """
    logging.basicConfig(
        format="%(asctime)s %(levelname)s %(message)s",
        level=logging.WARNING if quiet else logging.INFO,
    )
    logging.getLogger("alembic").setLevel(logging.WARNING)
    office = create_office(office_folder)
    install_default_rules(office.rules)
    if demo:
        _drop_demo_letters(office)
    if once:
        ended = serve_once(office)
        click.echo(_summary(ended))
    else:
        web = office.settings.web
        port = web.port if port is None else port
        ended = serve(office, host or web.host, port, click.echo, demo=demo)
    return ended.exit_code


def _drop_demo_letters(office: Office) -> None:
    click.echo("กำลังทำหนังสือตัวอย่าง ๗ ฉบับ / making seven demonstration letters …")
    save_letters(office.folder_of(office.settings.watch.folder[0]))


def _summary(ended: Ended) -> str:
    counts = ended.counts
    return (
        f"ลงทะเบียน / filed {counts.filed} · กักไว้ / quarantined {counts.quarantined} · "
        f"ซ้ำ / duplicates {counts.duplicates} · รอตรวจ / to review {counts.review} · "
        f"รออ่าน / waiting {counts.waiting + counts.working}"
    )
