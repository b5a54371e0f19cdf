"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path

import click

OFFICE = click.option(
    "--office",
    "office_folder",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("office"),
    envvar="SARABAN_OFFICE",
    show_default="./office",
    help="The office's folder; SARABAN_OFFICE in the environment says the same.",
)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON for scripts.")
