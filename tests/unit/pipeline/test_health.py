"""What the administrator is told of: each alarm has its limit, its advice, and is not raised for nothing."""

from __future__ import annotations

import json
import shutil
from collections import namedtuple
from dataclasses import replace
from datetime import timedelta

import pytest

from index.book import Book
from index.register.received.jobs import Reason
from pipeline.backup.last import FILE_NAME, last_backup, note_failed, note_good
from pipeline.health import Health, examine_health
from pipeline.metrics import render_metrics
from pipeline.office import Office
from pipeline.settings import Alarms, Backup
from tests.keeping import NOW, file_one, make_scan, take

Disk = namedtuple("Disk", "total used free")


@pytest.fixture(autouse=True)
def disk(monkeypatch: pytest.MonkeyPatch) -> None:
    set_free(monkeypatch, 50)


def set_free(monkeypatch: pytest.MonkeyPatch, percent: float) -> None:
    free = int(percent * 10)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Disk(1000, 1000 - free, free))


def with_settings(office: Office, *, backup: Backup | None = None) -> Office:
    settings = replace(
        office.settings,
        alarm=Alarms(waiting_minutes=60, quarantined_a_day=2),
        backup=backup or Backup(),
    )
    return Office(office.root, settings)


def codes(health: Health) -> list[str]:
    return [alarm.code for alarm in health.alarms]


def quarantine(book: Book, key: str) -> None:
    book.jobs.record_arrival(make_scan(key))
    job = take(book)
    book.jobs.quarantine(job, Reason("truncated", "อ่านไม่ได้", "unreadable", ""), NOW)


def test_a_quiet_office_has_no_alarm(office: Office, book: Book) -> None:
    file_one(book)
    health = examine_health(with_settings(office), book, NOW + timedelta(days=30))
    assert codes(health) == []
    assert health.is_well
    assert (health.counts.filed, health.waiting_seconds) == (1, 0.0)


def test_an_inbox_that_stands_still_stops_the_work_and_one_that_moves_does_not(
    office: Office, book: Book
) -> None:
    office = with_settings(office)
    book.jobs.record_arrival(make_scan("waits"))
    assert codes(examine_health(office, book, NOW + timedelta(minutes=60))) == []
    later = NOW + timedelta(minutes=62)
    health = examine_health(office, book, later)
    assert codes(health) == ["inbox_still"]
    assert not health.is_well
    assert "62" in health.alarms[0].says.thai
    # A long queue: this one still waits, and another was filed meanwhile.
    file_one(book, "moves", now=later - timedelta(minutes=5))
    book.jobs.record_arrival(make_scan("waits on"))
    assert codes(examine_health(office, book, later + timedelta(minutes=1))) == []


def test_little_room_is_told_and_no_room_stops(
    office: Office, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = with_settings(office)
    for percent, told, is_well in (
        (10.0, [], True),
        (9.9, ["disk_low"], True),
        (0.5, ["disk_low"], False),
    ):
        set_free(monkeypatch, percent)
        health = examine_health(office, book, NOW)
        assert (codes(health), health.is_well) == (told, is_well), percent


def test_quarantine_that_grows_within_a_day_is_told(office: Office, book: Book) -> None:
    office = with_settings(office)
    quarantine(book, "first")
    assert codes(examine_health(office, book, NOW + timedelta(hours=1))) == []
    quarantine(book, "second")
    assert codes(examine_health(office, book, NOW + timedelta(hours=1))) == ["quarantine_growing"]
    assert codes(examine_health(office, book, NOW + timedelta(hours=25))) == []


def test_a_clock_behind_the_register_is_told(office: Office, book: Book) -> None:
    office = with_settings(office)
    file_one(book)
    assert codes(examine_health(office, book, NOW - timedelta(minutes=4))) == []
    assert codes(examine_health(office, book, NOW - timedelta(minutes=6))) == ["clock_wrong"]


def test_an_old_backup_is_told_where_backups_are_wanted(office: Office, book: Book) -> None:
    wanted = with_settings(office, backup=Backup(to="/mnt/kept", passphrase_file="/etc/p"))
    assert codes(examine_health(wanted, book, NOW)) == ["backup_old"]
    assert codes(examine_health(with_settings(office), book, NOW)) == []
    note_good(office, NOW)
    assert codes(examine_health(wanted, book, NOW + timedelta(hours=36))) == []
    note_failed(office, NOW + timedelta(hours=24), "no disk")
    health = examine_health(wanted, book, NOW + timedelta(hours=37))
    assert codes(health) == ["backup_old"]
    assert (health.backup.problem, health.backup.at) == ("no disk", NOW)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"made_at": "yesterday"}', '{"other": 1}'])
def test_a_note_of_backups_that_cannot_be_read_is_none(office: Office, text: str) -> None:
    (office.root / FILE_NAME).write_text(text, encoding="utf-8")
    assert last_backup(office).at is None


def test_the_figures_are_prometheus_and_name_no_letter(office: Office, book: Book) -> None:
    file_one(book, "ชื่อไฟล์ลับ")
    book.jobs.record_arrival(make_scan("waits"))
    note_good(office, NOW)
    text = render_metrics(examine_health(with_settings(office), book, NOW + timedelta(hours=2)))
    figures = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            name, value = line.rsplit(" ", 1)
            figures[name] = float(value)
    assert figures['saraban_files{state="filed"}'] == 1
    assert figures["saraban_oldest_waiting_seconds"] == 7200
    assert figures["saraban_backup_age_seconds"] == 7200
    assert figures['saraban_alarm{code="inbox_still"}'] == 1
    assert figures["saraban_well"] == 0
    assert "ชื่อไฟล์ลับ" not in text
    told = {name.partition("{")[0] for name in figures}
    assert {line.split()[2] for line in text.splitlines() if line.startswith("# TYPE")} >= told


def test_a_backup_is_noted_whichever_way_it_went(office: Office) -> None:
    note_failed(office, NOW, "no disk")
    assert last_backup(office).at is None
    assert json.loads((office.root / FILE_NAME).read_text("utf-8"))["problem"] == "no disk"
    note_good(office, NOW)
    assert last_backup(office).problem == ""
