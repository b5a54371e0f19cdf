"""Nothing of a secret letter shows itself to who may not see it: not on any route, in any list, count or picture.

Every route of the application is walked as every kind of person, in an office whose letters are secret in every
way there is. Whoever adds a route says in `tests.walking` what it is asked, or this fails.
"""

from __future__ import annotations

import pytest

from index.visibility import Role
from tests import walking
from tests.leaking import CLERK, NOBODY_SPECIAL, OFFICER, World


def test_every_route_is_walked(world: World) -> None:
    known = {f"GET {path}" for path in walking.GET} | set(walking.OTHER)
    assert walking.names_of(world.browser.app.routes) == known


@pytest.mark.parametrize("name", NOBODY_SPECIAL)
def test_who_may_not_see_secret_letters_meets_nothing_of_them(world: World, name: str) -> None:
    world.log_in(name)
    seen: set[str] = set()
    for ask in walking.readings(world.made):
        answer = world.ask(ask)
        assert answer.status_code < 500 or ask.route == "GET /healthz", ask  # no server runs
        told = world.found_in(answer)
        assert world.secret_in(answer) == {}, (name, ask)
        seen |= told.keys()
    if name in (CLERK, OFFICER, Role.AUDITOR.value, "everything"):
        assert {"open", "open sent"} <= seen  # the pages were pages
