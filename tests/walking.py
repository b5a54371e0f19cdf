"""Every route of the page and of the interface, with what to ask it: a route that is not here fails the tests."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from typing import Any

import httpx
import pypdfium2
from fastapi.routing import APIRoute
from PIL import Image
from starlette.routing import BaseRoute, Mount, Route

from pipeline.viewers import PROGRAM
from tests.canaries import SecretOffice

DAYS = ("day=2569-01-15", "month=2569-01", "year=2569")
LISTED = ("", "page=2", "page=1")
GET: Mapping[str, tuple[str, ...]] = {
    "/": (
        "", "show=all", "show=registry", "show=group", "show=done", "show=all&doubt=true",
        "show=all&group=plan", "show=all&urgent=true", "did=route&count=3", "show=all&page=2",
    ),
    "/letters/desk": ("show=all&seen=x", "show=group&seen=x", "show=all&doubt=true&seen=x"),
    "/group": ("", "group=hr&view=copies", "group=admin", *(
        f"group=plan&view={one}" for one in ("new", "hand", "done", "copies", "returned")
    )),
    "/group/desk": ("group=plan&view=hand&seen=x", "group=plan&view=returned&seen=x"),
    "/folder": ("", "show=waiting", "show=under_way", "show=decided"),
    "/folder/new": ("", "letter=1/2569", "letter=2/2569&kind=answer", "letter=5/2569"),
    "/tasks": ("", "show=open", "show=done"),
    "/review": ("", "skip=1/2569", "skip=2/2569", "skip=9/2569"),
    **{f"/quarantine/{{letter_id}}/{one}": ("",) for one in ("small.jpg", "1.jpg", "file")},
    "/numbers": ("", "year=2569&check=true"),
    "/upload": ("",), "/group/due.ics": ("group=plan", "group=hr"),
    "/audit": ("", "verify=true", "letter=1/2569", "letter=5/2569", "who=group_officer", "before=40"),
    "/dashboard": ("", "month=2569-01"),
    "/forms/found.{made}": ("q=kanari", "q=เงิน", "q=openly"),
    "/forms/{number}.{kind}": (
        "month=2569-01", "day=2569-01-15&book=circular", "place=kanari", "",
    ),
    "/search": (
        "", "q=kanari", "q=kanariq", "q=openly", "q=เงิน",
        "group=plan", "year=2569", "urgency=ด่วน", "sender=kanari",
        "book=send", "q=เงิน&sort=register&page=2", "from=2026-01-01&to=2026-12-31",
        "q=%22ข้อความ%22",
    ),
    "/search/print": ("q=เงิน", "group=plan", "q=kanari"),
    "/search/complete": ("q=kanari", "sender=kanari", "q=kan", "sender=สำนัก", "q=openly", "q=เรื่อง"),
    "/letters/{running}/{year}/find": ("q=kanari", "q=openly"),
    "/letters/{running}/{year}/small.jpg": ("", "page=2"),
    **{
        f"/letters/{{running}}/{{year}}/{one}": ("",)
        for one in ("searchable.pdf", "stamped.pdf", "original", "presence")
    },
    "/letters/{running}/{year}/join": ("into=1/2569", "into=5/2569"),
    "/sent": ("", "q=kanari", "book=send", "year=2569&month=1&day=15", "q=openly"),
    "/sent/new": ("", "answers=2/2569", "answers=1/2569"),
    "/sent/{book}/{running}/{year}": ("", "drawn=1"),
    "/secret": ("", "year=2569"),
    "/retention": ("", "year=2581"),
    "/retention/simulate": ("", "code=R10&years=5", "class=R10&years=1"),
    "/retention/papers/nothing-due.{kind}": ("year=2569",),
    "/retention/open": ("", "which=answered&year=2569"),
    "/retention/store": ("", "find=kanari"),
    "/retention/transfer": ("", "year=2589"),
    "/calendar": ("", "month=2581-01"),
    "/api/letters": ("", "group=plan", "state=needs_review", "state=group", "q=kanari", "limit=2&cursor=9/2569"),
    "/api/search": ("q=kanari", "q=เงิน", "q=openly"),
    **dict.fromkeys((
        "/folder/{paper_id}", "/mandates", "/quarantine", "/duplicates", "/import",
        "/import/{import_id}", "/dashboard/due", "/forms", "/forms/certificate/{batch}.pdf",
        "/forms/24/{running}/{year}.{kind}", "/forms/{number}/{code}.{kind}", "/search/like/{running}/{year}",
        "/letters/{running}/{year}", "/letters/{running}/{year}/pages/{page}.jpg",
        "/letters/{running}/{year}/split", "/letters/{running}/{year}/copies/{second_id}/1.jpg",
        "/letters/{running}/{year}/copies/{second_id}/searchable.pdf",
        "/letters/{running}/{year}/copies/{second_id}/original", "/review/{running}/{year}",
        "/sent/{book}/{running}/{year}/files/{place}", "/sent/{book}/{running}/{year}/files/{place}/original",
        "/sent/{book}/{running}/{year}/small.jpg", "/secret/held", "/secret/letters/{running}/{year}",
        "/secret/batches/{batch_id}", "/secret/batches/{batch_id}/certificate.pdf", "/retention/batches",
        "/retention/batches/{batch_id}", "/retention/batches/{batch_id}/execution",
        "/retention/batches/{batch_id}/evidence/{sha256}", "/retention/holds",
        "/retention/batches/{batch_id}/papers/{key}.{kind}", "/retention/loans",
        "/retention/letters/{running}/{year}", "/retention/law", "/retention/transfer/{code}",
        "/retention/transfer/{code}/package.zip", "/calendar.ics", "/people", "/people/{name}", "/tokens", "/login",
        "/password", "/openapi.json", "/upload/jobs/{job}", "/help/{name}", "/healthz", "/machine", "/metrics",
        "/static/fonts/{name}",
        "/api/letters/{number}/{year}", "/api/letters/{number}/{year}/text", "/api/letters/{number}/{year}/file",
        "/api/letters/{number}/{year}/original", "/api/jobs/{job}", "/api/groups", "/api/counts", "/api/status",
    ), ("",)),
}  # fmt: skip
"""The reading routes, each with the queries it is asked with."""

NOTE = {
    "note": "x",
    "reason": "x",
    "officer": "x",
    "person": "x",
    "on": "2026-01-15",
    "number": "๑",
}
SENT = {"subject": "x", "group": "plan", "date": "2026-01-15", "recipient": "y"}
OTHER: Mapping[str, tuple[Mapping[str, Any], ...]] = {
    "POST /letters/bulk": tuple(
        {"action": one, "number": ["@all"], "group": "plan"} for one in ("route", "confirm", "done")
    ),
    "POST /letters/undo": ({"change": ["2/2569 1", "5/2569 3"]},),
    "POST /group/bulk": ({"step": "taken", "number": ["@all"], "group": "plan", "view": "new"},),
    "POST /group/letters/{running}/{year}": ({"step": "taken"}, {"step": "done", "note": "x"}),
    "POST /group/letters/{running}/{year}/deadline": ({"due": "2026-02-01", "note": "x"},),
    "POST /letters/{running}/{year}/correct": (
        {"field": "subject", "value": "x"}, {"field": "secrecy", "value": ""}, {"field": "date", "value": "x"},
    ),
    "POST /letters/{running}/{year}/confirm": ({"field": "secrecy"}, {"field": "number"}),
    "POST /letters/{running}/{year}/route": ({"group": "hr"}, {"group": "nowhere"}),
    "POST /letters/{running}/{year}/copies": ({"group": "hr"},),
    "POST /letters/{running}/{year}/return": ({"note": "x"}, {}),
    "POST /letters/{running}/{year}/instruct": ({"note": "x"}, {}),
    "POST /folder/letters/{running}/{year}": ({"last": "director"},),
    "POST /folder/new": ({"group": "plan", "subject": "x", "body": "x"}, {}),
    **{
        f"POST /folder/{{paper_id}}/{one}": (
            {"preset": "assigned", "to": "director", "reason": "x", "subject": "x", "body": "x"}, {"words": "x"},
        )
        for one in ("sign", "carry", "again", "withdraw")
    },
    "POST /tasks": ({"origin": "x", "words": "x", "group": "plan"}, {}),
    "POST /tasks/{task_id}/done": ({"result": "x"},),
    "POST /mandates": ({"person": "group_head", "order_number": "1", "begins": "2026-01-15"}, {}),
    "POST /mandates/{mandate_id}/end": ({},),
    "POST /letters/{running}/{year}/finish": ({},),
    "POST /letters/{running}/{year}/undo": ({}, {"revision": "1"}),
    "POST /letters/{running}/{year}/split": ({"start": "2", "revision": "1"},),
    "POST /letters/{running}/{year}/join": ({"into": "1/2569", "note": "x"},),
    "POST /letters/{running}/{year}/apart": ({"joined": "2/2569"}, {"joined": "5/2569"}),
    "POST /letters/{running}/{year}/copies/{second_id}/join": ({},),
    "POST /letters/{running}/{year}/copies/{second_id}/undo": ({},),
    "POST /letters/{running}/{year}/copies/{second_id}/apart": ({},),
    "POST /review/{running}/{year}": ({"field-secrecy": "", "revision": "1"},),
    "POST /search/saved": ({"name": "x", "q": "x"},),
    "POST /search/saved/{search_id}/delete": ({},),
    "POST /quarantine/{letter_id}/dismiss": ({"why": "trial"}, {}),
    "POST /quarantine/{letter_id}/reinstate": ({},),
    "POST /quarantine/{letter_id}/retry": ({},),
    "POST /sent/new": ({**SENT, "answers": "2/2569"}, {}),
    "POST /sent/{book}/{running}/{year}/change": (SENT, {}),
    "POST /sent/{book}/{running}/{year}/recipients": ({"names": "x", "others": "x"},),
    "POST /sent/{book}/{running}/{year}/sending": ({"way": "x", "on": "2026-01-15", "position": "0"},),
    "POST /sent/{book}/{running}/{year}/acknowledged": ({"by": "x", "on": "2026-01-15", "position": "0"},),
    "POST /sent/{book}/{running}/{year}/cancel": ({"note": ""}, {"note": "x"}),
    "POST /sent/{book}/{running}/{year}/files": ({},),
    "POST /sent/{book}/{running}/{year}/files/{place}/retry": ({},),
    "POST /numbers/reserve": ({"book": "send", "note": "x"},),
    "POST /numbers/let-go": ({"number": "2/2569"},),
    "POST /numbers/cancel": (
        {"book": "receive", "number": "2/2569", "note": "x"}, {"book": "receive", "number": "5/2569", "note": "x"},
        {"book": "send", "number": "2/2569", "note": "x"},
    ),
    "POST /numbers/continue": ({"book": "receive", "last": "1/2569"},),
    "POST /upload": ({},),
    "POST /import": ({},),
    "POST /import/{key}/look": ({},),
    "POST /import/{key}/confirm": ({},),
    "POST /retention/batches": ({"letter": ["2", "5", "8", "9"]},),
    "POST /retention/batches/{batch_id}/appoint": (NOTE,),
    "POST /retention/batches/{batch_id}/judge": (NOTE,),
    "POST /retention/batches/{batch_id}/report": (NOTE,),
    "POST /retention/batches/{batch_id}/decide": (NOTE,),
    "POST /retention/batches/{batch_id}/send": (NOTE,),
    "POST /retention/batches/{batch_id}/answer": (NOTE,),
    "POST /retention/batches/{batch_id}/withdraw": ({},),
    "POST /retention/batches/{batch_id}/execution": (NOTE,),
    "POST /retention/law/{code}": ({"source": "x"},),
    "POST /retention/letters/{running}/{year}/class": ({"code": "R05", "reason": "x"},),
    "POST /retention/letters/{running}/{year}/clock": ({"finished": "2026-01-15"},),
    "POST /retention/letters/{running}/{year}/hold": ({"kind": "audit", "reason": "x"},),
    "POST /retention/letters/{running}/{year}/loan": ({"person": "x", "unit": "x", "due_on": "2026-02-01"},),
    "POST /retention/letters/{running}/{year}/place": ({"shelf": "x", "file_code": "x"},),
    "POST /retention/open": ({"letter": ["2", "5"], "day": "one", "on": "2026-01-15"},),
    "POST /retention/store": ({"letter": ["2", "5"], "shelf": "x", "file_code": "x"},),
    "POST /retention/transfer": ({"letter": ["2", "5"], "form": "21", "year": "2589"},),
    "POST /retention/transfer/{code}/{step}": (NOTE,),
    "POST /secret/batches": ({"letter": ["2", "5"]},),
    "POST /secret/batches/{batch_id}/step": (NOTE,),
    "POST /secret/batches/{batch_id}/execution": (NOTE,),
    **{
        f"POST /secret/letters/{{running}}/{{year}}/{one}": (
            {"person": "cleared", "until": "2026-02-01", "reason": "x", "note": "x"}, {},
        )
        for one in ("grant", "end", "deny", "lift", "fetch", "hand-over", "sign", "take-back")
    },
    "POST /people": ({"name": ""},),
    "POST /people/{name}": ({"shown_name": ""},),
    "POST /people/{name}/password": ({}, {"sure": "true"}),
    "POST /tokens": ({"name": ""},),
    "POST /tokens/{token_id}/revoke": ({},),
    "POST /password": ({},),
    "POST /login": ({"name": "x", "password": "x"},),
    "POST /logout": (),  # ends the walk; it answers with an address and nothing else
    "POST /api/letters": ({},),
    "PATCH /api/letters/{number}/{year}": (
        {"field": "subject", "value": "x"}, {"field": "secrecy", "value": ""},
    ),
    "POST /api/letters/{number}/{year}/route": ({"group": "hr"},),
    "POST /api/letters/{number}/{year}/done": ({},),
    "POST /api/letters/{number}/{year}/return": ({"note": "x"},),
}  # fmt: skip
"""The changing routes, each with the forms it is sent; `@all` stands for every register number."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One request."""

    method: str
    address: str
    route: str
    data: Mapping[str, Any] = field(default_factory=dict)


def every_route(routes: Iterable[BaseRoute]) -> Iterator[Route | APIRoute]:
    """Yield every route; FastAPI keeps those of an included router behind an object of its own."""
    for route in routes:
        included = getattr(route, "original_router", None)
        if included is not None:
            assert not route.include_context.prefix  # type: ignore[attr-defined]
            yield from every_route(included.routes)
        elif isinstance(route, Mount):
            assert route.path == "/static", "what is mounted there is open to everybody"
        else:
            assert isinstance(route, Route | APIRoute), "the gate knows requests, no web sockets"
            yield route


def names_of(routes: Iterable[BaseRoute]) -> set[str]:
    """Return every route as `METHOD /path`."""
    return {
        f"{method} {route.path}"
        for route in every_route(routes)
        for method in (route.methods or set()) - {"HEAD"}
    }


def readings(made: SecretOffice) -> Iterator[Ask]:
    """Yield every reading request for everything in the office."""
    for path, queries in GET.items():
        for values in filled_in(made, path):
            address = path.format(**values)
            # a printed form has the rows of its workbook, which is asked with every query
            asked = queries[:1] if values.get("kind") == "pdf" else queries
            for query in asked:
                yield Ask("GET", f"{address}?{query}" if query else address, f"GET {path}")


def changes(made: SecretOffice) -> Iterator[Ask]:
    """Yield every changing request for everything in the office."""
    everything = [str(one.register_number) for one in made.received.values()]
    for name, forms in OTHER.items():
        method, path = name.split(" ")
        for values in filled_in(made, path, changing=True):
            for form in forms:
                data = {
                    key: everything if value == ["@all"] else value for key, value in form.items()
                }
                yield Ask(method, path.format(**values), name, data)


def filled_in(
    made: SecretOffice, path: str, *, changing: bool = False
) -> Iterator[dict[str, object]]:
    """Yield the values of a path's parameters: every letter, sent letter, batch and file there is."""
    names = [part.partition("}")[0] for part in path.split("{")[1:]]
    choices: list[list[dict[str, object]]] = []
    if "{book}" in path:
        choices.append(
            [
                {
                    "book": one.book.value,
                    "running": one.register_number.running,
                    "year": one.register_number.buddhist_year,
                }
                for one in made.sent.values()
            ]
        )
    elif "{year}" in path:
        letters = made.received.items()
        if "{second_id}" in path:
            letters = [  # type: ignore[assignment]
                (way, one)
                for way, one in letters
                if way in ("first of two", "further copy", "open")
            ]
        number = "number" if "{number}/{year}" in path else "running"
        choices.append(
            [
                {number: one.register_number.running, "year": one.register_number.buddhist_year}
                for _, one in letters
            ]
        )
    known = {key for choice in choices for key in choice[0]} if choices else set()
    for name in names:
        if name not in known:
            values = _values(made, path, changing=changing)[name]
            choices.append([{name: value} for value in values])
    for chosen in product(*choices):
        yield {key: value for one in chosen for key, value in one.items()}


def _values(made: SecretOffice, path: str, *, changing: bool) -> dict[str, tuple[object, ...]]:
    files = tuple(made.book.letters.files())
    if path.startswith("/forms/{number}.") or path.startswith("/forms/{number}/"):
        numbers: tuple[object, ...] = ("13", "14", "19", "20", "21", "24", "25", "counts", "labels")
        kinds: tuple[object, ...] = ("xlsx", "pdf")
    else:
        numbers, kinds = ("13",), ("pdf", "xlsx")
    if "/papers/" in path:
        kinds = ("docx", "pdf")
    return {
        "page": (1,),
        "place": (1, 2),
        "second_id": (made.received["further copy"].letter_id,)
        if "further copy" in made.received
        else (1,),
        "batch_id": (*made.batches, "S2581-1"),
        "batch": (*made.batches, "S2581-1"),
        "code": (*made.batches, "21-2581-1") if path.startswith("/forms") else ("21-2581-1", "R10"),
        "number": numbers,
        "kind": kinds,
        "made": ("xlsx", "pdf"),
        "import_id": (1, 2),
        "search_id": (1,),
        "letter_id": tuple(range(1, 30))
        if changing
        else tuple(one.letter_id for one in made.book.quarantine.held(PROGRAM)) or (1,),
        "name": ("nobody",),
        "key": ("committee-memo", "joint-note") if "/papers/" in path else ("x",),
        "job": tuple(one.sha256 for one in files),
        "sha256": tuple(one.sha256 for one in files)[:5],
        "token_id": (99,),
        "paper_id": (1, 2),
        "task_id": (1, 2),
        "mandate_id": (1,),
        "step": ("send", "receive", "withdraw"),
    }


@cache
def _words_of_pdf(content: bytes) -> str:
    try:
        with pypdfium2.PdfDocument(content) as pdf:
            pages = (page.get_textpage().get_text_range() for page in pdf)
            return "".join("".join(pages).split())
    except pypdfium2.PdfiumError:
        return ""


def words_of(content: bytes) -> str:
    """Return everything that a person could read in an answer, small letters without spaces in PDFs."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return "".join(name + words_of(packed.read(name)) for name in packed.namelist()).lower()
    found = content.decode("latin-1")
    return (found + _words_of_pdf(content) if content.startswith(b"%PDF") else found).lower()


def words_in(answer: httpx.Response) -> str:
    """Return the words of an answer and of its headers, also those written as JSON escapes."""
    headers = json.dumps(dict(answer.headers))
    return headers.lower() + words_of(answer.content)


def colour_of(answer: httpx.Response) -> tuple[int, int, int] | None:
    """Return the colour of a picture's middle; None for what is no picture."""
    if not answer.headers.get("content-type", "").startswith("image/jpeg"):
        return None
    with Image.open(io.BytesIO(answer.content)) as picture:
        pixel = picture.convert("RGB").getpixel((picture.width // 2, picture.height // 2))
    assert isinstance(pixel, tuple)
    return (int(pixel[0]), int(pixel[1]), int(pixel[2]))
