"""What every request of a program is held to: known parameters, UTF-8, and the letter it has seen."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated
from urllib.parse import unquote_to_bytes

from fastapi import Header, Request, Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.routing import Match

from index.registered_letter import RegisteredLetter
from pipeline.web.site.pages import Site

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
_IF_MATCH = "The letter's ETag; refused (412) when it was changed since. `*` is any."
IfMatch = Annotated[str, Header(max_length=200, description=_IF_MATCH)]
NeededIfMatch = Annotated[
    str,
    Header(alias="If-Match", min_length=1, max_length=200, description=_IF_MATCH, examples=["*"]),
]
"""For changes that put a value in another's place; without it the answer is 428 (`answer_problem`)."""


def known_parameters(request: Request) -> None:
    """Refuse a query that names what the address does not know, or that is no UTF-8."""
    try:
        unquote_to_bytes(request.url.query).decode()
    except UnicodeDecodeError as error:
        raise HTTPException(HTTPStatus.BAD_REQUEST) from error
    route = request.scope.get("route")
    if not isinstance(route, APIRoute):
        return
    known = [one.alias for one in route.dependant.query_params]
    unknown = sorted(set(request.query_params) - set(known))
    if unknown:
        listed = ", ".join(known) or "none"
        raise HTTPException(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            f"unknown parameter: {', '.join(unknown)}; known are: {listed}",
        )


def known_group(site: Site, code: str) -> str:
    """Return the code of a group of this office; 422 with the list of them for any other."""
    if code not in site.group_names:
        listed = ", ".join(site.group_names)
        raise HTTPException(
            HTTPStatus.UNPROCESSABLE_ENTITY, f"there is no group {code!r}; there are: {listed}"
        )
    return code


def tag_of(letter: RegisteredLetter) -> str:
    """Return the ETag that names a state of a letter: it changes with each change by a person."""
    return f'"{letter.register_number.running}-{letter.register_number.buddhist_year}-{letter.revision}"'


def give_tag(response: Response, letter: RegisteredLetter) -> None:
    """Send the ETag along, except of a letter that the asker may no longer open."""
    if not letter.is_secret or letter.revision:
        response.headers["ETag"] = tag_of(letter)


def revision_meant(letter: RegisteredLetter, if_match: str) -> int | None:
    """Return the revision that a change is meant for, None for any; 412 where it is not this one."""
    if not if_match:
        return None
    given = {one.strip() for one in if_match.split(",")}
    if "*" in given:
        return None
    if tag_of(letter) not in given:
        raise HTTPException(HTTPStatus.PRECONDITION_FAILED, headers={"ETag": tag_of(letter)})
    return letter.revision


def methods_of(request: Request) -> str:
    """Return what an address takes, for the `Allow` of a 405."""
    found = (
        method
        for method in METHODS
        for route in request.app.routes
        if route.matches({**request.scope, "method": method})[0] is Match.FULL
    )
    return ", ".join(dict.fromkeys(found))
