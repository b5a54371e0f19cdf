"""The import page: hand over what another system exported, choose its columns, look, then say yes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from classify.letter import Secrecy
from index.visibility import SECRET_PLACEHOLDER, Viewer
from pipeline.errors import PipelineError
from pipeline.importing.bundle import open_bundle
from pipeline.importing.columns import FIELD_NAMES
from pipeline.importing.errors import ImportingError
from pipeline.importing.letter_list import LetterList
from pipeline.importing.listed_letter import ListedLetter
from pipeline.importing.profiles import Profile, Profiles, profile_for
from pipeline.importing.staging import Staged, Staging
from pipeline.importing.taking_in import ImportPlan, plan_as_json, plan_import, take_in
from pipeline.web.site.language import mark, render
from pipeline.web.site.pages import RequestSite, Site, show
from pipeline.web.site.roles import DeskWorker

routes = APIRouter()
SHOWN_ROWS = 10
LIMITS = {"/import": 1024 * 1024 * 1024}
"""The most bytes of one upload; larger imports go by `saraban import`."""
ProfileName = Annotated[str, Form(max_length=60)]
KINDS = {
    "new": mark("รับเข้าใหม่"),
    "known": mark("มีในทะเบียนแล้ว ไม่รับซ้ำ"),
    "enclosure": mark("ไฟล์ที่สองของแถวเดียวกัน ไม่รับเข้า"),
    "refused": mark("อ่านไม่ได้"),
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """The profile's name and the columns that were chosen for its fields."""

    profile: str
    columns: Mapping[str, str]


async def _chosen(request: Request) -> Chosen:
    form = await request.form()
    columns = {field: str(form.get(f"column-{field}", ""))[:4000] for field in FIELD_NAMES}
    return Chosen(str(form.get("profile", ""))[:60], columns)


Choice = Annotated[Chosen, Depends(_chosen)]


@routes.get("/import", response_class=HTMLResponse)
def ask(request: Request, site: RequestSite, _viewer: DeskWorker) -> Response:
    """Ask for the files and the list; show the latest imports."""
    Staging(site.office).forget_old(site.now())
    return _first_page(request, site)


def _first_page(request: Request, site: Site, problem: str = "") -> Response:
    context = {
        "profiles": Profiles(site.office).names(),
        "imports": site.book.imports.recent(),
        "problem": problem,
    }
    code = HTTPStatus.UNPROCESSABLE_ENTITY if problem else 200
    return show(request, "import.html", context, here="import", status_code=code)


@routes.post("/import")
def stage(
    request: Request,
    site: RequestSite,
    viewer: DeskWorker,
    *,
    bundle: Annotated[UploadFile, File()],
    profile: ProfileName,
    letters: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Lay the upload aside and show what would become of it."""
    has_list = letters is not None and bool(letters.filename)
    staging = Staging(site.office)
    key = staging.put(
        viewer.name,
        bundle.file,
        (letters.filename or "") if letters and has_list else "",
        letters.file if letters and has_list else None,
    )
    try:
        with open_bundle(staging.find(viewer.name, key).bundle) as opened:
            opened.files()
        staging.find(viewer.name, key).read_list()
    except ImportingError as error:
        staging.drop(key)
        return _first_page(request, site, render(error))
    return _see(request, site, viewer, key, Chosen(profile, {}))


@routes.post("/import/{key}/look")
def look(
    request: Request, site: RequestSite, viewer: DeskWorker, key: str, wanted: Choice
) -> Response:
    """Show the plan again with other columns."""
    return _see(request, site, viewer, key, wanted)


@routes.post("/import/{key}/confirm")
def confirm(
    request: Request, site: RequestSite, viewer: DeskWorker, key: str, wanted: Choice
) -> Response:
    """Take it in as shown, and keep the columns under the profile's name."""
    staging = Staging(site.office)
    staged = staging.find(viewer.name, key)
    try:
        profile = _profile(site, staged.read_list(), wanted)
        with open_bundle(staged.bundle) as bundle:
            plan = _plan(site, staged, profile)
            done = take_in(plan, bundle, site.office, site.book, who=viewer.name, now=site.now())
    except PipelineError as error:
        return _see(request, site, viewer, key, wanted, problem=render(error))
    if profile is not None:
        Profiles(site.office).keep(profile)
    staging.drop(key)
    there = f"/import/{done.import_id}" if done.import_id else "/import"
    return RedirectResponse(there, status_code=HTTPStatus.SEE_OTHER)


@routes.get("/import/{import_id}", response_class=HTMLResponse)
def progress(request: Request, site: RequestSite, _viewer: DeskWorker, import_id: int) -> Response:
    """Show how far an import has come."""
    found = site.book.imports.progress(import_id)
    return show(request, "import_progress.html", {"one": found}, here="import")


def _see(
    request: Request,
    site: Site,
    viewer: Viewer,
    key: str,
    wanted: Chosen,
    *,
    problem: str = "",
) -> Response:
    """Show mapping, first rows and what would become of each file."""
    staged = Staging(site.office).find(viewer.name, key)
    letters = staged.read_list()
    profile = None
    try:
        profile = _profile(site, letters, wanted)
    except ImportingError as error:
        problem = problem or render(error)
    plan = _plan(site, staged, profile)
    files = plan_as_json(plan)["files"]
    assert isinstance(files, list)  # noqa: S101 - made so by plan_as_json
    counted = Counter(str(one["becomes"]) for one in files)
    context = {
        "key": key,
        "profile": wanted.profile,
        "list_name": staged.list_name,
        "header": letters.header if letters else (),
        "fields": FIELD_NAMES,
        "columns": profile.columns if profile else wanted.columns,
        "rows": [_shown(row) for row in plan.rows[:SHOWN_ROWS]],
        "row_count": len(plan.rows),
        "rows_without_file": [row.line for row in plan.rows_without_file],
        "counts": [(words, counted[kind]) for kind, words in KINDS.items() if counted[kind]],
        "files": files[:200],
        "kinds": KINDS,
        "can_confirm": bool(plan.new) and (letters is None or profile is not None),
        "problem": problem,
    }
    return show(request, "import_look.html", context, here="import")


def _profile(site: Site, letters: LetterList | None, wanted: Chosen) -> Profile | None:
    if letters is None:
        return None
    if any(wanted.columns.values()):
        return profile_for(wanted.profile, letters.header, wanted.columns)
    return Profiles(site.office).find(wanted.profile, letters.header, letters.rows)


def _plan(site: Site, staged: Staged, profile: Profile | None) -> ImportPlan:
    with open_bundle(staged.bundle) as bundle:
        known = site.book.jobs.known_scans()
        return plan_import(bundle, staged.read_list() if profile else None, profile, known)


def _shown(row: ListedLetter) -> dict[str, object]:
    """Return a row for the preview; of a secret letter nothing but its line."""
    if row.secrecy is not Secrecy.NONE:
        return {"line": row.line, "subject": SECRET_PLACEHOLDER}
    claims = row.claims
    return {
        "line": row.line,
        "number": claims.number,
        "date": claims.date,
        "sender": claims.sender,
        "recipient": claims.recipient,
        "subject": claims.subject,
        "urgency": claims.urgency.value,
    }
