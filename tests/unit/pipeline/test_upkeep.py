"""The server backs itself up each night mails the administrator what is wrong and groups what is due."""

from __future__ import annotations

import smtplib
import threading
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest

from classify.letter import Secrecy
from index.book import Book
from index.choices import Step
from pipeline import upkeep
from pipeline.backup.errors import NoBackupThereError
from pipeline.backup.last import LastBackup, note_good
from pipeline.office import Office
from pipeline.outside import Mail, MailBox
from pipeline.settings import Alarms, Backup, Check
from pipeline.upkeep import Upkeep, is_backup_due
from tests.keeping import NOW, REGISTRAR, file_one, make_filing, make_scan

MAIL = Mail(host="mail.example.go.th", sender="saraban@example.go.th")
ONE = NOW.replace(hour=1, minute=10)


class PostOffice:
    """Takes mail, or refuses it."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.refuses = False

    def __call__(self, _settings: Mail, _password: str, mail: EmailMessage) -> None:
        if self.refuses:
            raise smtplib.SMTPServerDisconnected
        self.taken.append(mail)


class Watch:
    """A clock turned by hand."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def set_up(office: Office, *, backup: bool = False) -> Office:
    settings = replace(
        office.settings,
        mail=MAIL,
        alarm=Alarms(mail="admin@example.go.th", free_percent=1),
        backup=Backup("/mnt/kept", "/etc/saraban/passphrase") if backup else Backup(),
    )
    return Office(office.root, settings)


@pytest.mark.parametrize(
    ("made", "failed", "now", "due"),
    [
        (None, None, ONE, True),  # the first night
        (None, None, NOW, False),  # not by day, when none was ever made
        (ONE - timedelta(days=1), None, ONE, True),
        (ONE - timedelta(hours=1), None, ONE, False),  # once a night
        (ONE - timedelta(days=1), ONE - timedelta(minutes=5), ONE, False),  # not at once again
        (NOW - timedelta(hours=40), None, NOW, True),  # switched off at night
        (NOW - timedelta(hours=40), NOW - timedelta(hours=5), NOW, False),
        (ONE + timedelta(days=9), None, ONE, True),  # made when the clock was ahead
    ],
)
def test_a_backup_is_made_once_a_night(
    office: Office, made: datetime | None, failed: datetime | None, now: datetime, *, due: bool
) -> None:
    last = LastBackup(
        made.isoformat() if made else "", failed.isoformat() if failed else "", "no disk"
    )
    assert is_backup_due(set_up(office, backup=True), last, now) is due
    assert not is_backup_due(set_up(office), last, now)


def test_the_night_makes_a_backup_where_one_was_begun_and_its_failure_stops_nothing(
    office: Office, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def make(office: Office, _book: Book, _restic: object, now: datetime, **how: object) -> None:
        asked.append(how)
        if len(asked) == 1:
            raise NoBackupThereError("/mnt/kept")
        note_good(office, now)

    monkeypatch.setattr(upkeep, "make_backup", make)
    monkeypatch.setattr(upkeep, "find_passphrase", lambda _file: None)
    watch = Watch()
    watch.now = ONE
    keeper = Upkeep(
        set_up(office, backup=True),
        book,
        clock=watch,
        stopping=threading.Event(),
        send=PostOffice(),
    )
    for _ in range(4):
        keeper.step()
        watch.now += timedelta(minutes=1)
    assert asked == [{"keep_days": 90, "may_begin": False}] * 2


def test_an_alarm_is_mailed_once_a_day_and_again_when_it_comes_back(
    office: Office, book: Book
) -> None:
    post, watch = PostOffice(), Watch()
    keeper = Upkeep(set_up(office), book, clock=watch, stopping=threading.Event(), send=post)
    keeper.step()
    assert post.taken == []
    book.jobs.record_arrival(make_scan("หนังสือลับมาก"))
    watch.now += timedelta(hours=2)
    for _ in range(3):
        keeper.step()
        watch.now += timedelta(minutes=1)
    (mail,) = post.taken
    assert mail["To"] == "admin@example.go.th"
    said = mail.get_content()
    assert "ไฟล์ที่เข้ามาไม่มีการอ่าน" in said
    assert "stand still" in said
    assert "หนังสือลับมาก" not in mail.as_string()
    watch.now += timedelta(hours=24)
    keeper.step()
    assert len(post.taken) == 2


def test_mail_that_is_not_taken_is_sent_later(office: Office, book: Book) -> None:
    post, watch = PostOffice(), Watch()
    keeper = Upkeep(set_up(office), book, clock=watch, stopping=threading.Event(), send=post)
    book.jobs.record_arrival(make_scan("waits"))
    watch.now += timedelta(hours=2)
    post.refuses = True
    keeper.step()
    post.refuses = False
    watch.now += timedelta(minutes=1)
    keeper.step()
    assert len(post.taken) == 1


def test_each_working_morning_a_group_is_reminded_of_what_is_due_by_number_and_day_alone(
    office: Office, book: Book
) -> None:
    boxes = (MailBox("plan", "plan@x.go.th"), MailBox("hr", "hr@x.go.th"))
    with_boxes = replace(
        set_up(office).settings, mail=replace(MAIL, box=boxes), alarm=Alarms(), check=Check(hour=12)
    )
    post, watch = PostOffice(), Watch()

    def step() -> list[str]:
        post.taken.clear()
        Upkeep(  # one that was just started: what was sent today is remembered
            Office(office.root, with_boxes),
            book,
            clock=watch,
            stopping=threading.Event(),
            send=post,
        ).step()
        return [f"{one['To']}: {one.get_content()}" for one in post.taken]

    today = watch.now.date()
    for number, days in ((1, -1), (2, 3), (3, 4), (4, 1)):
        secrecy = Secrecy.SECRET if number == 4 else Secrecy.NONE
        filing = make_filing(number=f"ศธ 04001/{number}", subject="ไม่บอกใคร", secrecy=secrecy)
        one = file_one(book, f"letter {number}", filing).letter_id
        book.desk.move(REGISTRAR, one, Step.ROUTED, group="plan", now=NOW)
        book.groups.set_deadline(REGISTRAR, one, today + timedelta(days=days), now=NOW)
    watch.now = NOW.replace(hour=6, minute=59)
    assert step() == []
    watch.now = NOW.replace(hour=7)
    post.refuses = True
    assert step() == []
    post.refuses = False
    said = "plan@x.go.th: เลขรับ ๑/๒๕๖๙ กำหนดเสร็จ ๑๔ ม.ค. ๒๕๖๙ เลยกำหนด\nเลขรับ ๒/๒๕๖๙ กำหนดเสร็จ ๑๘ ม.ค. ๒๕๖๙\n"
    assert step() == [said]
    assert step() == [], "once a morning"
    watch.now += timedelta(days=1)
    assert len(step()) == 1
    watch.now += timedelta(days=1)
    assert watch.now.weekday() == 5
    assert step() == [], "nobody is reminded on a Saturday"
