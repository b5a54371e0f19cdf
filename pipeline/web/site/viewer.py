"""Who looks at the page: whoever the gate found behind the request's session or token.

Every route takes its viewer from here and every list asks the book with it.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Request
from starlette.exceptions import HTTPException

from index.visibility import Role, Viewer


def viewer_of(request: Request) -> Viewer | None:
    """Return the person behind a request; None on the log-in page."""
    viewer = getattr(request.state, "viewer", None)
    return viewer if isinstance(viewer, Viewer) else None


def who_looks(request: Request) -> Viewer:
    """Return the person behind a request; the gate lets nobody come here without."""
    viewer = viewer_of(request)
    if viewer is None:
        raise HTTPException(HTTPStatus.UNAUTHORIZED)
    return viewer


LoggedIn = Annotated[Viewer, Depends(who_looks)]


def only(*roles: Role) -> Callable[[Viewer], Viewer]:
    """Return a dependency that lets pass who has one of the roles; all others get page 403.

    Which letters a person sees is `index.visibility`'s business; this is about what she may do.
    """

    def check(viewer: LoggedIn) -> Viewer:
        if not viewer.roles & set(roles):
            raise HTTPException(HTTPStatus.FORBIDDEN)
        return viewer

    return check
