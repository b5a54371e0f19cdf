"""The help texts of all commands as docs/cli.md shows them; `python -m tests.cli_help` writes them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from pipeline.cli import cli

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "cli.md"
BEGIN, END = "<!-- help -->\n", "<!-- /help -->\n"
WIDTH = 100


def commands(
    command: click.Command, name: str, parent: click.Context | None = None
) -> Iterator[tuple[str, click.Command, click.Context]]:
    """Yield every command with its full name, groups before what is in them."""
    context = click.Context(
        command,
        info_name=name.rsplit(maxsplit=1)[-1],
        parent=parent,
        terminal_width=WIDTH,
        max_content_width=WIDTH,
    )
    yield name, command, context
    if isinstance(command, click.Group):
        for one in command.list_commands(context):
            inner = command.get_command(context, one)
            assert inner is not None
            yield from commands(inner, f"{name} {one}", context)


def render() -> str:
    """Return the section of help texts."""
    parts = []
    for name, command, context in commands(cli, "saraban"):
        parts.append(f"### {name}\n\n```text\n{command.get_help(context).rstrip()}\n```\n")
    return "\n".join(parts)


def documented() -> str:
    """Return what docs/cli.md shows."""
    return DOCUMENT.read_text("utf-8").split(BEGIN)[1].split(END)[0]


if __name__ == "__main__":
    before, rest = DOCUMENT.read_text("utf-8").split(BEGIN)
    after = rest.split(END)[1]
    DOCUMENT.write_text(f"{before}{BEGIN}\n{render()}\n{END}{after}", "utf-8")
