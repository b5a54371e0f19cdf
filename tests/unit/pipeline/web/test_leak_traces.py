"""What the program leaves behind tells nothing of a secret letter: names of files, messages, commands, counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from types import NoneType

import httpx
import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from index.archive import Archive, Shelf
from index.book import Book
from index.errors import KeepingError
from index.search.errors import SearchError
from index.visibility import SECRET_PLACEHOLDER, Role
from pipeline.cli import cli
from pipeline.courier import Courier
from pipeline.errors import PipelineError
from pipeline.office import Office
from pipeline.outside import EVENTS, Mail, MailBox, Webhook
from tests import walking
from tests.canaries import PREFIX
from tests.keeping import NOW
from tests.leaking import CLERK, REGISTRAR, World, copied, world_of

EXPECTED = (NoneType, SystemExit, KeepingError, PipelineError, SearchError)
HOOK = Webhook("http://127.0.0.1:1/hook", "hook.txt", tuple(EVENTS.values()))
MAIL = Mail(host="x", sender="s@x.go.th", box=(MailBox("plan", "p@x"), MailBox("hr", "h@x")))
WORD = re.compile(r"seen=\w+|[\s<>]+")


@dataclass
class Outside:
    """Who is told."""

    said: list[str] = field(default_factory=list)

    def post(self, url: str, body: bytes, headers: dict[str, str]) -> int:
        self.said.append(f"{url} {headers} {body.decode()}")
        return 200

    def send(self, _settings: Mail, _password: str, mail: EmailMessage) -> None:
        self.said.append(f"{mail.items()} {mail.get_content()}")


def courier_of(office: Office, book: Book, outside: Outside) -> Courier:
    (office.root / "hook.txt").write_text("a secret of sixteen letters", "utf-8")
    settings = replace(office.settings, webhook=(HOOK,), mail=MAIL)
    told = replace(office, settings=settings)
    return Courier(told, book, clock=lambda: NOW, post=outside.post, send=outside.send)


def test_no_file_is_named_after_it_lies_in_the_open_or_holds_its_words(world: World) -> None:
    office, made = world.made.office, world.made
    archive = Archive(office.archive)
    names = [str(path.relative_to(office.root)) for path in office.root.rglob("*")]
    assert [name for name in names if PREFIX in name] == []
    hidden = {one.sha256 for one in made.book.letters.files() if one.is_secret}
    assert len(hidden) > 8
    kept = {name: secret for shelf in Shelf for name, secret in archive.names(shelf)}
    assert {name for name, secret in kept.items() if name in hidden and not secret} == set()
    for path in (path for path in office.pictures.rglob("*") if path.is_file()):
        colours = {one.way for one in made.secret if is_picture_of(path, one.colour)}
        assert colours == set(), path.name
    words = [one.word(field).encode() for one in made.secret for field in ("sub", "txt", "snd")]
    for path in (path for path in office.search_index.rglob("*") if path.is_file()):
        content = path.read_bytes().lower()
        assert [word for word in words if word in content] == [], path.name


def is_picture_of(path: Path, colour: tuple[int, int, int]) -> bool:
    answer = httpx.Response(200, content=path.read_bytes(), headers={"content-type": "image/jpeg"})
    found = walking.colour_of(answer)
    assert found is not None
    return max(abs(a - b) for a, b in zip(found, colour, strict=True)) < 12


def test_nobody_outside_is_told_more_than_the_number(
    office: Office, book: Book, tmp_path: Path
) -> None:
    """Also of what happened before it turned secret, when it is told only afterwards."""
    outside = Outside()
    courier = courier_of(office, book, outside)
    courier.step()  # from now on
    with world_of(office, book, tmp_path) as world:
        while courier.step():
            pass
        said = "\n".join(outside.said)
        assert [one.way for one in world.made.secret if f"{one.prefix}{one.code}" in said] == []
    assert '"restricted": true' in said
    assert "openly" in said


def test_no_command_at_this_machine_tells_of_it(world: World) -> None:
    """Whoever sits at the machine is no registrar: she sees numbers, like a clerk."""
    office = str(world.made.office.root)
    numbers = [str(one.register_number) for one in world.made.received.values()]
    asked = [
        ("status",),
        ("status", "--json"),
        ("check",),
        ("rules", "test"),
        *(
            ("search", word, *as_json)
            for word in ("เงิน", "kanari", "ข้อความ")
            for as_json in ((), ("--json",))
        ),
        *(("show", number, *as_json) for number in numbers for as_json in ((), ("--json",))),
        ("retention", "due"),
        ("retention", "due", "--json"),
        ("people", "list"),
    ]
    said = ""
    for arguments in asked:
        ran = CliRunner().invoke(cli, [*arguments, "--office", office])
        assert isinstance(ran.exception, EXPECTED), (arguments, ran.exception)
        output = f"{ran.output} {ran.exception}".lower()
        said += output
        told = [one.way for one in world.made.secret if f"{one.prefix}{one.code}" in output]
        assert told == [], arguments
    assert "openly" in said


@pytest.fixture(scope="module")
def pair(
    made_office: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[World, World]]:
    """The same office twice: with its secret letters, and without them."""
    with ExitStack() as opened:

        def world(*, secret: bool) -> World:
            folder = tmp_path_factory.mktemp("pair")
            office, book = opened.enter_context(copied(made_office, folder))
            return opened.enter_context(world_of(office, book, folder, secret=secret))

        yield world(secret=True), world(secret=False)


@pytest.mark.parametrize(
    "role",
    # not the administrator, whose pages tell how many files wait or were set aside, unread
    [Role.GROUP_OFFICER, Role.GROUP_HEAD, Role.COMMITTEE_MEMBER],
)
def test_lists_and_counts_are_as_if_there_were_no_secret_letters(
    pair: tuple[World, World], role: Role
) -> None:
    """For who keeps no register: every page that names no letter is the same, to the last figure."""
    shown: list[dict[str, list[str]]] = []
    for world in pair:
        world.log_in(role.value)
        answers = {
            ask.address: world.ask(ask).text.replace(str(world.made.office.root), "")
            for ask in walking.readings(world.made)
            if "{" not in ask.route and not ask.address.startswith(LIVELY)
        }
        # hits that weigh the same stand in any order
        shown.append({one: sorted(WORD.split(text)) for one, text in answers.items()})
    assert shown[0].keys() == shown[1].keys()
    assert [one for one in shown[0] if shown[0][one] != shown[1][one]] == []


LIVELY = (
    "/sent/new",
    "/people",
    "/openapi.json",
    "/login",
    "/retention/batches",
    "/calendar",
    "/dashboard/due",
    "/forms",
    "/healthz",
    "/metrics",
    "/machine",
)
"""What tells how the machine is, to the second; pages with a key of their own in each answer; and those that
tell of a destruction batch: it was made when its letter was an ordinary one, and stands until it is looked at
again, the letter not shown."""


def test_the_number_of_secret_letters_is_the_same_everywhere(world: World) -> None:
    """On the desk, the dashboard and the registers for their registrar; by placeholders for who keeps the register."""
    world.log_in(REGISTRAR)
    browser, book = world.browser, world.made.book
    registrar = book.people.find(REGISTRAR)
    clerk = book.people.find(CLERK)
    assert registrar is not None
    assert clerk is not None
    expected = book.letters.count_states(registrar.looking()).secret
    thai = str(expected).translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))
    assert expected > 9
    for address in ("/", "/dashboard"):
        assert f"<b>{thai}</b>หนังสือลับที่ท่านเปิดได้" in browser.get(address).text, address
    assert f"ทุกปีรวม {thai} ฉบับ" in browser.get("/secret").text
    everything = book.letters.page(registrar.looking(), limit=500).letters
    assert sum(one.is_secret or "secrecy" in one.review for one in everything) == expected
    shown = book.letters.page(clerk.looking(), limit=500).letters
    assert sum(one.subject == SECRET_PLACEHOLDER for one in shown) == expected
    first, last = NOW.date().replace(day=1), NOW.date().replace(day=31)
    days = book.counts.by_day(clerk.looking(), first, last)
    assert sum(one.received for one in days) == len(shown)
    world.log_in(CLERK)
    assert browser.get("/?show=all").text.count(SECRET_PLACEHOLDER) == min(expected, 30)
    for address in ("/", "/dashboard", "/api/counts"):
        assert "หนังสือลับที่ท่านเปิดได้" not in browser.get(address).text
    form = load_workbook(BytesIO(browser.get("/forms/13.xlsx?month=2569-01").content)).active
    assert form is not None
    rows = list(form.iter_rows(values_only=True))
    assert sum(SECRET_PLACEHOLDER in row for row in rows) == expected
