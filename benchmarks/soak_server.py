"""The program with a soak's kill switch: `python -m benchmarks.soak_server ARGS…` is `saraban ARGS…`.

The file named by SARABAN_SOAK_STEP holds the name of a step. The first process that comes to the end of
that step, the server or one that reads, takes the file away and ends itself with SIGKILL.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
STEPS = {
    "claimed": "watch_folder.sweep:claim",
    "noted": "index.register.received.jobs:Jobs.record_arrival",
    "leased": "index.register.received.jobs:Jobs.take",
    "laid out": "pipeline.carry:lay_out_document",
    "original archived": "index.archive:Archive.keep_original",
    "searchable archived": "index.archive:Archive.keep_searchable",
    "filed": "index.register.received.jobs:Jobs.file",
    "claim ended": "pipeline.worker:release",
    "moved aside": "pipeline.worker:put_in_quarantine",
    "moved aside at the door": "pipeline.intake:put_in_quarantine",
    "set aside": "index.register.received.jobs:Jobs.quarantine",
    "indexed": "index.register.store.outbox:Outbox.done",
    "page shown": "index.register.letters.letters:Letters.page",
    "flushed": "os:fsync",
}
"""After each of these a kill may come; `indexed` and `page shown` are the server's index and web threads."""
VARIABLE = "SARABAN_SOAK_STEP"


def end_if_told(step: str) -> None:
    """End this process if it is this step's turn, and no other process was quicker."""
    told = Path(os.environ[VARIABLE])
    try:
        if told.read_text("utf-8") != step:
            return
        told.unlink()
    except FileNotFoundError:
        return
    os.kill(os.getpid(), signal.SIGKILL)


def _watched(step: str, real: Callable[P, R]) -> Callable[P, R]:
    @wraps(real)
    def watched(*told: P.args, **named: P.kwargs) -> R:
        result = real(*told, **named)
        end_if_told(step)
        return result

    return watched


def watch() -> None:
    """Put the switch behind every step."""
    for step, place in STEPS.items():
        module, _, path = place.partition(":")
        owner: Any = import_module(module)
        *outer, name = path.split(".")
        for one in outer:
            owner = getattr(owner, one)
        setattr(owner, name, _watched(step, getattr(owner, name)))


if os.environ.get(VARIABLE):  # also in the processes that read, which begin by loading this module
    watch()

if __name__ == "__main__":
    from pipeline.cli import main

    sys.argv[0] = "saraban"
    main()
