"""Listed addresses are told what happened, signed and until they hear it; of hidden letters nothing is told."""

from __future__ import annotations

import hashlib
import hmac
import json
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from classify.letter import Secrecy, Urgency
from index.book import Book
from index.choices import Step
from index.register.store.deliveries import MOST_ATTEMPTS
from pipeline.conductor import Conductor
from pipeline.courier import Courier, post_json, send_mail
from pipeline.errors import SettingsRefusedError
from pipeline.office import Office
from pipeline.outside import Mail, MailBox, Webhook
from pipeline.settings import load_settings
from tests.keeping import CLERK, NOW, REGISTRAR, file_one, make_filing
from tests.offices import wait_for

HOOK = Webhook("http://127.0.0.1:1/hook?x=1", "secret.txt")
BOXES = (MailBox("plan", "plan@x.go.th"), MailBox("hr", "hr@x.go.th"))
MAIL = Mail(host="127.0.0.1", sender="saraban@x.go.th", box=BOXES)
NO_MAIL = Mail()
KEY = b"a secret of sixteen"


@dataclass
class World:
    """What is outside: notes what it is told, or fails as told."""

    posted: list[tuple[str, bytes, dict[str, str]]] = field(default_factory=list)
    mailed: list[EmailMessage] = field(default_factory=list)
    status: int = 200
    now: datetime = NOW

    def post(self, url: str, body: bytes, headers: dict[str, str]) -> int:
        self.posted.append((url, body, headers))
        return self.status

    def send(self, _settings: Mail, _password: str, mail: EmailMessage) -> None:
        self.mailed.append(mail)

    @property
    def told(self) -> list[dict[str, object]]:
        return [json.loads(body) for _, body, _ in self.posted]


@pytest.fixture
def world() -> World:
    return World()


def courier(
    office: Office,
    book: Book,
    world: World,
    *,
    hooks: tuple[Webhook, ...] = (HOOK,),
    mail: Mail = NO_MAIL,
) -> Courier:
    (office.root / "secret.txt").write_bytes(KEY + b"\n")
    told = replace(office, settings=replace(office.settings, webhook=hooks, mail=mail))
    made = Courier(told, book, clock=lambda: world.now, post=world.post, send=world.send)
    made.step()  # from here on
    return made


def run(one: Courier) -> None:
    while one.step():
        pass


def test_a_webhook_is_told_with_a_signature_that_can_be_checked(
    office: Office, book: Book, world: World
) -> None:
    one = courier(office, book, world)
    file_one(book, 1, make_filing(urgency=Urgency.URGENT))
    book.desk.correct(CLERK, 1, "subject", "ใหม่", now=NOW)  # nobody asked to be told of this
    book.desk.move(CLERK, 1, Step.ROUTED, group="plan", now=NOW)
    run(one)
    assert [told["event"] for told in world.told] == ["letter.registered", "letter.routed"]
    assert world.told[1]["letter"] == {
        "register_number": "1/2569",
        "restricted": False,
        "number": "ศธ 04001/ว 123",
        "date": "2026-01-05",
        "sender": "สำนักงานสมมติ",
        "subject": "ใหม่",
        "urgency": "ด่วน",
        "group": "plan",
        "revision": 3,
    }
    url, body, headers = world.posted[0]
    assert url == HOOK.url
    seconds, signature = (
        part.partition("=")[2] for part in headers["Saraban-Signature"].split(",")
    )
    expected = hmac.new(KEY, f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    assert signature == expected
    assert int(seconds) == int(NOW.timestamp())


def test_of_a_hidden_letter_only_the_number_is_told_even_when_it_turned_secret_meanwhile(
    office: Office, book: Book, world: World
) -> None:
    one = courier(office, book, world, mail=MAIL)
    file_one(book, 1, make_filing(secrecy=Secrecy.SECRET, subject="สอบสวนลับ"))
    file_one(book, 2, make_filing(subject="กลายเป็นลับ", group="plan"))
    book.desk.move(CLERK, 2, Step.ROUTED, group="plan", now=NOW)
    book.desk.correct(CLERK, 2, "secrecy", "ลับ", now=NOW)
    book.desk.move(REGISTRAR, 1, Step.ROUTED, group="hr", now=NOW)
    run(one)
    for told in world.told:
        letter = told["letter"]
        assert isinstance(letter, dict)
        assert letter.keys() == {"register_number", "restricted"}
    assert len(world.mailed) == 2
    for mail in world.mailed:
        assert mail["Subject"] == "มีหนังสือ (ลับ) ถึงท่าน"
        assert "เลขรับ" not in mail.get_content()
        assert "ลับสอบ" not in str(mail)


def test_a_group_is_mailed_when_a_letter_is_routed_to_it_and_copies_too(
    office: Office, book: Book, world: World
) -> None:
    one = courier(office, book, world, hooks=(), mail=MAIL)
    hostile = "งบ\r\nBcc: x@evil.example\x07"
    file_one(book, 1, make_filing(subject=hostile, urgency=Urgency.MOST_URGENT, copies=("hr",)))
    run(one)
    assert world.mailed == []
    book.desk.move(CLERK, 1, Step.ROUTED, group="plan", now=NOW)
    run(one)
    assert [mail["To"] for mail in world.mailed] == ["plan@x.go.th", "hr@x.go.th"]
    mail = world.mailed[0]
    assert mail["Subject"] == "[ด่วนที่สุด] หนังสือถึงกลุ่มท่าน เลขรับ 1/2569"
    assert mail["Bcc"] is None
    assert "เรื่อง งบ Bcc: x@evil.example" in mail.get_content()


def test_what_is_not_heard_is_told_again_later_each_time_and_given_up_at_last(
    office: Office, book: Book, world: World
) -> None:
    one = courier(office, book, world)
    world.status = 500
    file_one(book, 1)
    waits = []
    for _ in range(MOST_ATTEMPTS):
        begun = world.now
        before = len(world.posted)
        while len(world.posted) == before:
            world.now += timedelta(seconds=30)
            one.step()
        waits.append(world.now - begun)
    assert waits[0] <= waits[4] <= waits[9] <= timedelta(hours=6, minutes=1)
    assert waits[9] > timedelta(hours=2)
    assert book.deliveries.counts() == {"given_up": 1}
    assert len({body for _, body, _ in world.posted}) == 1  # the same message each time


def test_an_address_that_is_no_longer_listed_is_told_nothing(
    office: Office, book: Book, world: World
) -> None:
    one = courier(office, book, world, mail=MAIL)
    world.status = 503
    file_one(book, 1, make_filing(group="plan"))
    one.step()
    one.step()
    told = len(world.posted)
    other = courier(office, book, world, hooks=(replace(HOOK, url="https://other.example/"),))
    world.now += timedelta(days=1)
    run(other)
    assert {url for url, _, _ in world.posted} == {HOOK.url}
    assert len(world.posted) == told
    assert book.deliveries.counts() == {"given_up": 1}


def test_what_happened_before_anybody_listened_is_not_told(
    office: Office, book: Book, world: World
) -> None:
    file_one(book, 1)
    one = courier(office, book, world)
    run(one)
    assert world.posted == []
    file_one(book, 2)
    one.rest()  # nobody is listed for a while
    file_one(book, 3)
    one.step()
    file_one(book, 4)
    run(one)
    assert [told["letter"]["register_number"] for told in world.told] == ["4/2569"]  # type: ignore[index]


def test_a_secret_file_that_is_missing_or_short_waits_for_help(
    office: Office, book: Book, world: World
) -> None:
    one = courier(office, book, world)
    for content in (None, b"short"):
        path = office.root / "secret.txt"
        path.unlink() if content is None else path.write_bytes(content)
        file_one(book, str(content))
    run(one)
    assert world.posted == []
    assert book.deliveries.counts() == {"waiting": 2}
    (told,) = book.deliveries.of_letter(1)
    assert (told.way, told.state, told.attempts > 0) == ("hook", "waiting", True)
    (office.root / "secret.txt").write_bytes(KEY)
    world.now += timedelta(hours=1)
    run(one)
    assert book.deliveries.counts() == {"sent": 2}
    assert [one.state for one in book.deliveries.of_letter(1)] == ["sent"]
    assert book.deliveries.of_letter(3) == ()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('[[webhook]]\nurl = "ftp://x"\nsecret_file = "s"', 2),
        ('[[webhook]]\nurl = "https://u:p@x"\nsecret_file = "s"', 2),
        ('[[webhook]]\nurl = "https://x"\nsecret_file = ""', 3),
        ('[[webhook]]\nurl = "https://x"\nsecret_file = "s"\nevents = ["letter.eaten"]', 4),
        ('[[webhook]]\nurl = "https://x"\n', 1),
        ('[mail]\nhost = "m"\nsender = "nobody"', 1),
        ('[mail]\nhost = "m"\nsender = "a@b"\nport = 0', 4),
        (
            '[mail]\nhost = "m"\nsender = "a@b"\n[[mail.box]]\ngroup = "plan"\naddress = "a@b, c@d"',
            1,
        ),
    ],
)
def test_settings_that_cannot_work_are_refused_with_their_line(
    tmp_path: Path, text: str, line: int
) -> None:
    path = tmp_path / "saraban.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(SettingsRefusedError) as refused:
        load_settings(path)
    assert refused.value.line == line


def test_nothing_is_told_outside_unless_it_is_asked_for(office: Office, book: Book) -> None:
    assert not Courier(office, book, clock=lambda: NOW).has_work


# the real ways out --------------------------------------------------------------


class Listener(BaseHTTPRequestHandler):
    heard: ClassVar[list[tuple[str, bytes, str]]] = []
    status: ClassVar[int] = 204

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.heard.append((self.path, body, self.headers["Saraban-Event"]))
        self.send_response(self.status)
        self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        pass


@pytest.fixture
def listener() -> Iterator[HTTPServer]:
    Listener.heard.clear()
    Listener.status = 204
    with HTTPServer(("127.0.0.1", 0), Listener) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_request_goes_out_and_a_redirection_is_not_followed(listener: HTTPServer) -> None:
    url = f"http://127.0.0.1:{listener.server_port}/a?b=c"
    assert post_json(url, b"{}", {"Saraban-Event": "x"}) == 204
    Listener.status = 302
    assert post_json(url, b"{}", {"Saraban-Event": "y"}) == 302
    assert Listener.heard == [("/a?b=c", b"{}", "x"), ("/a?b=c", b"{}", "y")]


class MailServer(socketserver.StreamRequestHandler):
    """As much SMTP as it takes to be handed one message."""

    received: ClassVar[list[bytes]] = []

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                lines = []
                while (part := self.rfile.readline()) != b".\r\n":
                    lines.append(part)
                self.received.append(b"".join(lines))
            if verb == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            self.wfile.write(b"250 ok\r\n")


def test_mail_reaches_a_mail_server() -> None:
    MailServer.received.clear()
    with socketserver.TCPServer(("127.0.0.1", 0), MailServer) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = "a@x.th", "b@x.th", "หนังสือ ๑"
        mail.set_content("เนื้อหา\n")
        send_mail(replace(MAIL, port=server.server_address[1]), "", mail)
        thread.join()
    (text,) = MailServer.received
    read = message_from_bytes(text, policy=modern)
    assert read["Subject"] == "หนังสือ ๑"
    body = read.get_body()
    assert body is not None
    assert body.get_content().strip() == "เนื้อหา"


def test_the_server_tells_by_itself(office: Office, book: Book, listener: HTTPServer) -> None:
    (office.root / "secret.txt").write_bytes(KEY)
    hook = Webhook(f"http://127.0.0.1:{listener.server_port}/", "secret.txt")
    told = replace(office, settings=replace(office.settings, webhook=(hook,)))
    conductor = Conductor(told, book, "test")
    conductor._courier.step()  # from here on
    thread = threading.Thread(target=conductor._tell_outside)
    thread.start()
    file_one(book, 1)
    wait_for(lambda: Listener.heard, "the webhook")
    conductor.stopping.set()
    thread.join()
    assert Listener.heard[0][2] == "letter.registered"
