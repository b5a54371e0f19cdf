"""The command line: what others script against. `docs/cli.md` documents it, a test compares."""

from __future__ import annotations

import errno
import sys
from typing import TYPE_CHECKING, NoReturn

import click

from pipeline.cli.lazy import LazyGroup

if TYPE_CHECKING:
    from classify.errors import ClassifyError
    from index.errors import KeepingError
    from ocr.errors import OcrError
    from pipeline.errors import PipelineError
    from watch_folder.errors import WatchFolderError

COMMANDS = {
    "init": "Make a folder an office.",
    "serve": "Watch the inbox, read and register letters, show the web page.",
    "add": "Take files into an office, as if the scanner had dropped them.",
    "import": "Take in what another system hands over: files and its letter list.",
    "read": "Read files and print what is on them, without an office.",
    "status": "Count what is received, filed, waiting, quarantined.",
    "search": "Find letters.",
    "show": "Show one letter of the register.",
    "rules": "Check, explain and try the routing rules.",
    "people": "Say who may log in, give one-time passwords.",
    "forms": "Print the official forms, counts, labels and the separator sheet.",
    "retention": "See what is due, try a period, note what is finished or held.",
    "check": "Prove that archive, register and index agree.",
    "backup": "Keep the office elsewhere, encrypted; read a backup back.",
    "restore": "Bring an office back from a backup.",
    "place": "Say that the office's folder was moved, or is an office of its own by now.",
    "upgrade": "Bring the book up to date with this program, or say what would change.",
    "service": "Make an office a service of this machine (systemd), or end that.",
    "index": "Rebuild the search index.",
    "doctor": "Say what is installed and what is missing.",
}
INTERRUPTED = 130


@click.group(cls=LazyGroup, package="pipeline.cli", lazy_commands=COMMANDS)
@click.version_option(package_name="saraban", message="%(prog)s %(version)s")
def cli() -> None:
    """Saraban reads, registers, routes and finds Thai government letters."""


def main() -> None:
    """Run the command line; every expected failure becomes its exit code here and nowhere else."""
    try:
        exit_code = cli.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        # The reader of our output went away (`saraban search … | head`): not worth a traceback.
        sys.stderr.close()
        sys.exit(0)
    except _expected_errors() as error:
        _tell(error)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        from index.errors import DiskFullError  # noqa: PLC0415

        _tell(DiskFullError(str(error.filename or "the office")))
    sys.exit(exit_code or 0)  # outside the try: what is expected need not be imported for it


def _tell(
    error: WatchFolderError | OcrError | ClassifyError | KeepingError | PipelineError,
) -> NoReturn:
    click.echo(f"saraban: {error}", err=True)
    click.echo(f"         {error.thai}", err=True)
    sys.exit(error.exit_code)


def _expected_errors() -> tuple[
    type[WatchFolderError],
    type[OcrError],
    type[ClassifyError],
    type[KeepingError],
    type[PipelineError],
]:
    """Return the five packages' base errors; imported only when something went wrong."""
    from classify.errors import ClassifyError  # noqa: PLC0415
    from index.errors import KeepingError  # noqa: PLC0415
    from ocr.errors import OcrError  # noqa: PLC0415
    from pipeline.errors import PipelineError  # noqa: PLC0415
    from watch_folder.errors import WatchFolderError  # noqa: PLC0415

    return (WatchFolderError, OcrError, ClassifyError, KeepingError, PipelineError)
