"""Who looks at the page. There is no log-in yet: whoever reaches this machine is a registry clerk.

Every route takes its viewer from here and every list asks the book with it, so that log-in and
roles change this file and no other.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from index.visibility import Viewer
from pipeline.viewers import AT_THIS_MACHINE


def who_looks(_request: Request) -> Viewer:
    """Return the person behind a request."""
    return AT_THIS_MACHINE


Looking = Annotated[Viewer, Depends(who_looks)]
