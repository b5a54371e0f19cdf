"""Which roles pass where: the dependencies that routes name."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import Depends
from starlette.exceptions import HTTPException

from index.visibility import Role, Viewer
from pipeline.web.site.viewer import LoggedIn, only

DESK_ROLES = frozenset({Role.REGISTRY_CLERK, Role.SECRET_REGISTRAR})
GROUP_ROLES = frozenset({Role.GROUP_HEAD, Role.GROUP_OFFICER})
SIGNING_ROLES = frozenset({Role.GROUP_HEAD, Role.DEPUTY_DIRECTOR, Role.DIRECTOR})
"""Whose word on a letter is an order."""
WRITERS = DESK_ROLES | GROUP_ROLES
"""Who enters letters to send: every group draws its own numbers, as these offices do today."""
READING = (Role.RECORDS_OFFICER, Role.AUDITOR)
RETENTION_READERS = (*READING, Role.COMMITTEE_MEMBER, Role.REGISTRY_CLERK, *SIGNING_ROLES)

MANDATE_ROLES = frozenset({Role.ADMINISTRATOR, Role.DIRECTOR})
"""Who records by which order somebody acts for another."""

Clerk = Annotated[Viewer, Depends(only(Role.REGISTRY_CLERK))]
DeskWorker = Annotated[Viewer, Depends(only(*DESK_ROLES))]
"""The clerk; and the registrar, who checks what nobody else may open."""
LetterWorker = Annotated[Viewer, Depends(only(*DESK_ROLES, *GROUP_ROLES))]
Writer = Annotated[Viewer, Depends(only(*WRITERS))]
GroupReader = Annotated[Viewer, Depends(only(*GROUP_ROLES, Role.REGISTRY_CLERK))]
GroupWorker = Annotated[Viewer, Depends(only(*GROUP_ROLES))]
RecordsOfficer = Annotated[Viewer, Depends(only(Role.RECORDS_OFFICER))]
RecordsReader = Annotated[Viewer, Depends(only(*READING))]
RetentionReader = Annotated[Viewer, Depends(only(*RETENTION_READERS))]
Registrar = Annotated[Viewer, Depends(only(Role.SECRET_REGISTRAR))]
Auditor = Annotated[Viewer, Depends(only(Role.AUDITOR))]
MandateKeeper = Annotated[Viewer, Depends(only(*MANDATE_ROLES))]
Administrator = Annotated[Viewer, Depends(only(Role.ADMINISTRATOR))]


def cleared(viewer: LoggedIn) -> Viewer:
    """Let pass who may have secret letters at all; page 403 for all others."""
    if not viewer.handles_secrets:
        raise HTTPException(HTTPStatus.FORBIDDEN)
    return viewer


Cleared = Annotated[Viewer, Depends(cleared)]
"""The registrar of secret letters, and who was cleared for a class; clearance opens no letter by itself."""
