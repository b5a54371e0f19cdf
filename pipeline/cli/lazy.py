"""A click group that imports a command's module when the command is used, and not before.

Reading a page needs libraries that take seconds to import; `saraban --help` should not wait.
"""

from __future__ import annotations

from importlib import import_module

import click


class LazyGroup(click.Group):
    """Commands by name with their one-line help; each lives in `<package>.<name>_command`."""

    def __init__(
        self,
        name: str | None = None,
        *,
        package: str,
        lazy_commands: dict[str, str],
        **rest: object,
    ) -> None:
        super().__init__(name, **rest)  # type: ignore[arg-type]
        self._package = package
        self._lazy_commands = lazy_commands

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands in the order a newcomer needs them."""
        return list(self._lazy_commands)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command; None when there is none of that name."""
        if cmd_name not in self._lazy_commands:
            return None
        command = import_module(f"{self._package}.{cmd_name}_command").command
        assert isinstance(command, click.Command)  # noqa: S101 - a slip of ours, not of the user
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(self._lazy_commands.items()))
