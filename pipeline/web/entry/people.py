"""The administrator's page: who may log in, what each may do, and one-time passwords."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response

from classify.letter import Secrecy
from index.errors import NoSuchRecordError, PersonRefusedError
from index.message import message
from index.register.people.people import Person
from index.visibility import Role
from pipeline.first_people import forget_first_password
from pipeline.web.site.language import render
from pipeline.web.site.names import ROLE_NAMES
from pipeline.web.site.pages import RequestSite, Site, show
from pipeline.web.site.roles import Administrator

routes = APIRouter()
_OF_A_GROUP = frozenset({Role.DEPUTY_DIRECTOR, Role.GROUP_HEAD, Role.GROUP_OFFICER})

Text = Annotated[str, Form(max_length=200)]
Several = Annotated[list[str], Form(max_length=64)]


@routes.get("/people", response_class=HTMLResponse)
def people(request: Request, site: RequestSite, _viewer: Administrator) -> Response:
    """List everybody, with a form for one more."""
    return _list(request, site)


@routes.post("/people", response_class=HTMLResponse)
def add(
    request: Request,
    site: RequestSite,
    viewer: Administrator,
    *,
    name: Text = "",
    shown_name: Text = "",
    role: Several = [],  # noqa: B006 - FastAPI copies it
    group: Several = [],  # noqa: B006
    clearance: Text = "",
) -> Response:
    """Take in a person; the one-time password is on this answer and nowhere else."""
    try:
        person = _person(
            site,
            name.strip().lower(),
            shown_name,
            roles=role,
            groups=group,
            clearance=clearance,
        )
        password = site.book.people.add(person, who=viewer.name, now=site.now())
    except PersonRefusedError as refused:
        return _list(
            request, site, problem=render(refused), status_code=HTTPStatus.UNPROCESSABLE_ENTITY
        )
    return _list(request, site, password=password, about=person)


@routes.get("/people/{name}", response_class=HTMLResponse)
def one(request: Request, site: RequestSite, _viewer: Administrator, name: str) -> Response:
    """Show one person with what may be changed."""
    return _one(request, site, name)


@routes.post("/people/{name}", response_class=HTMLResponse)
def change(
    request: Request,
    site: RequestSite,
    viewer: Administrator,
    name: str,
    *,
    shown_name: Text = "",
    role: Several = [],  # noqa: B006 - FastAPI copies it
    group: Several = [],  # noqa: B006
    clearance: Text = "",
    active: Annotated[bool, Form()] = False,
) -> Response:
    """Change what a person may do; it counts from the next thing they do."""
    if site.book.people.find(name) is None:
        raise NoSuchRecordError(f"a person {name!r}")
    try:
        person = _person(
            site,
            name,
            shown_name,
            roles=role,
            groups=group,
            clearance=clearance,
            active=active,
        )
        site.book.people.change(person, who=viewer.name, now=site.now())
    except PersonRefusedError as refused:
        return _one(
            request,
            site,
            name,
            problem=render(refused),
            status_code=HTTPStatus.UNPROCESSABLE_ENTITY,
        )
    return _list(request, site, changed=person)


@routes.post("/people/{name}/password", response_class=HTMLResponse)
def reset_password(
    request: Request,
    site: RequestSite,
    viewer: Administrator,
    name: str,
    *,
    sure: Annotated[bool, Form()] = False,
) -> Response:
    """Give a one-time password, on this answer and nowhere else; asks first, for the old one ends with it."""
    if not sure:
        about = site.book.people.find(name)
        if about is None:
            raise NoSuchRecordError(f"a person {name!r}")
        return _list(request, site, about=about)
    password = site.book.people.reset_password(name, who=viewer.name, now=site.now())
    forget_first_password(site.office, name)
    return _list(request, site, password=password, about=site.book.people.find(name))


def _list(
    request: Request,
    site: Site,
    *,
    password: str = "",
    about: Person | None = None,
    changed: Person | None = None,
    problem: str = "",
    status_code: int = 200,
) -> Response:
    context = {
        "people": site.book.people.all(),
        "password": password,
        "about": about,
        "changed": changed,
        "problem": problem,
        **_choices(site),
    }
    return show(request, "people.html", context, here="people", status_code=status_code)


def _one(
    request: Request, site: Site, name: str, *, problem: str = "", status_code: int = 200
) -> Response:
    person = site.book.people.find(name)
    if person is None:
        raise NoSuchRecordError(f"a person {name!r}")
    context = {"person": person, "problem": problem, **_choices(site)}
    return show(request, "person.html", context, here="people", status_code=status_code)


def _choices(site: Site) -> dict[str, object]:
    return {
        "role_names": ROLE_NAMES,
        "group_names": site.group_names,
        "clearances": [one.value for one in Secrecy if one],
    }


def _person(
    site: Site,
    name: str,
    shown_name: str,
    *,
    roles: list[str],
    groups: list[str],
    clearance: str,
    active: bool = True,
) -> Person:
    """Return what a form says about a person; raises PersonRefusedError for what no form offers."""
    known = {*groups} <= {*site.group_names} and {*roles} <= {*Role}
    if not known or clearance not in {*Secrecy}:
        raise PersonRefusedError(message("ไม่รู้จักบทบาท กลุ่ม หรือชั้นความลับที่เลือก"))
    if not roles:
        raise PersonRefusedError(message("โปรดเลือกบทบาทอย่างน้อยหนึ่งอย่าง"))
    if _OF_A_GROUP & {Role(one) for one in roles} and not groups:
        raise PersonRefusedError(
            message("โปรดเลือกกลุ่มของผู้อำนวยการกลุ่มหรือเจ้าหน้าที่กลุ่ม หรือกลุ่มที่รองผู้อำนวยการกำกับดูแล")
        )
    return Person(
        name,
        shown_name,
        frozenset(Role(one) for one in roles),
        frozenset(groups),
        Secrecy(clearance),
        active,
    )
