"""Who looks, as long as there is no log-in: the program itself, and whoever sits at this machine."""

from __future__ import annotations

from index.visibility import Role, Viewer

# Keeps the register, and is not the registrar of secret letters: sees those by number only.
AT_THIS_MACHINE = Viewer("clerk at this machine", roles=frozenset({Role.REGISTRY_CLERK}))
# Moving a secret letter's files needs sight of them; nothing of them is shown or logged.
PROGRAM = Viewer("saraban", roles=frozenset({Role.SECRET_REGISTRAR}))
