"""The calendar as a file that other programs read (iCalendar, RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from icalendar import Alarm, Calendar, Event

from index.retention.calendar import KIND_THAI, Entry

REMIND_DAYS = 7


def write_calendar(entries: Iterable[Entry], *, office: str, now: datetime) -> bytes:
    """Return whole-day events. An entry keeps its UID, so that reading the file again doubles nothing.

    The words are those of the entries: register numbers, never subjects.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Saraban//retention//TH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"อายุการเก็บหนังสือ {office}")
    for entry in entries:
        calendar.add_component(_event(entry, now))
    return bytes(calendar.to_ical())


def _event(entry: Entry, now: datetime) -> Event:
    event, unsure = Event(), "" if entry.is_verified else " (ยังไม่ได้ตรวจสอบกับราชกิจจานุเบกษา)"
    event.add("uid", f"{entry.key}@saraban")
    event.add("dtstamp", now)
    event.add("dtstart", entry.day)
    event.add("dtend", entry.day + timedelta(days=1))
    event.add("summary", entry.thai)
    event.add("description", f"{KIND_THAI[entry.kind]} {entry.clause}{unsure}")
    event.add("categories", [KIND_THAI[entry.kind]])
    event.add("transp", "TRANSPARENT")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", entry.thai)
    alarm.add("trigger", timedelta(days=-REMIND_DAYS))
    event.add_component(alarm)
    return event
