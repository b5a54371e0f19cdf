"""Who looks at the page. There is no log-in yet: whoever reaches this machine is a registry clerk.

Every route takes its viewer from here and every list asks the book with it, so that log-in and
roles change this file and no other.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request
from starlette.exceptions import HTTPException

from index.visibility import Role, Viewer
from pipeline.viewers import AT_THIS_MACHINE

FORBIDDEN = 403


def who_looks(_request: Request) -> Viewer:
    """Return the person behind a request."""
    return AT_THIS_MACHINE


Looking = Annotated[Viewer, Depends(who_looks)]


def only(*roles: Role) -> Callable[[Viewer], Viewer]:
    """Return a dependency that lets pass who has one of the roles; all others get page 403.

    Which letters a person sees is `index.visibility`'s business; this is about what she may do.
    """

    def check(viewer: Looking) -> Viewer:
        if not viewer.roles & set(roles):
            raise HTTPException(FORBIDDEN)
        return viewer

    return check


Clerk = Annotated[Viewer, Depends(only(Role.REGISTRY_CLERK))]
