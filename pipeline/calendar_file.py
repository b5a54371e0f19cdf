"""The calendar as a file that other programs read (iCalendar, RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from icalendar import Alarm, Calendar, Event

from index.registered_letter import RegisterNumber
from index.retention.calendar import KIND_THAI, Entry
from pipeline.thai_form import thai_digits

REMIND_DAYS, REMIND_DUE_DAYS = 7, 1


def write_calendar(entries: Iterable[Entry], *, office: str, now: datetime) -> bytes:
    """Return whole-day events. An entry keeps its UID, so that reading the file again doubles nothing.

    The words are those of the entries: register numbers, never subjects.
    """
    calendar = _calendar("retention", f"อายุการเก็บหนังสือ {office}")
    for entry in entries:
        event = _event(entry.key, entry.day, entry.thai, now=now, remind_days=REMIND_DAYS)
        unsure = "" if entry.is_verified else " (ยังไม่ได้ตรวจสอบกับราชกิจจานุเบกษา)"
        event.add("description", f"{KIND_THAI[entry.kind]} {entry.clause}{unsure}")
        event.add("categories", [KIND_THAI[entry.kind]])
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def write_due_days(
    due: Iterable[tuple[RegisterNumber, date]], *, group: str, now: datetime
) -> bytes:
    """Return the days by which a group wants to be done, each letter by its number alone."""
    calendar = _calendar("due", f"กำหนดเสร็จ {group}")
    for number, day in due:
        says = f"เลขรับ {thai_digits(str(number))} กำหนดเสร็จ"
        calendar.add_component(
            _event(f"due-{number}", day, says, now=now, remind_days=REMIND_DUE_DAYS)
        )
    return bytes(calendar.to_ical())


def _calendar(of: str, name: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", f"-//Saraban//{of}//TH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    return calendar


def _event(key: str, day: date, says: str, *, now: datetime, remind_days: int) -> Event:
    event = Event()
    event.add("uid", f"{key}@saraban")
    event.add("dtstamp", now)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", says)
    event.add("transp", "TRANSPARENT")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", says)
    alarm.add("trigger", timedelta(days=-remind_days))
    event.add_component(alarm)
    return event
