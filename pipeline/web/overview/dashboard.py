"""The dashboard: how many letters came and went, how fast, what waits and what is due; to each her own."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from classify.letter import Urgency
from index.register.letters.counts import DayCount
from index.retention.calendar import KIND_THAI
from index.visibility import Role, Viewer
from ocr.thai_text import BUDDHIST_ERA
from pipeline.forms.days import Days, one_month, parse_days
from pipeline.handed_in import CUT, IMPORT, UPLOAD
from pipeline.thai_form import thai_digits
from pipeline.web.overview.charts import bars, day_chart
from pipeline.web.retention.calendar import due_soon
from pipeline.web.site.language import Marked, _, counted, figures, in_english, mark
from pipeline.web.site.local_form import month_and_year
from pipeline.web.site.menu import GROUP_READERS, LETTER_ROLES
from pipeline.web.site.pages import RequestSite, Site, show
from pipeline.web.site.roles import DESK_ROLES, RETENTION_READERS, RetentionReader
from pipeline.web.site.viewer import LoggedIn

routes = APIRouter()
MONTHS_BACK = 24
SENDERS = 10
DOORS_THAI = {
    UPLOAD: mark("อัปโหลดทางหน้าเว็บ"),
    IMPORT: mark("นำเข้าจากระบบอื่น"),
    CUT: mark("แยกจากอีกฉบับ"),
}
NORMAL = mark("ปกติ")
URGENCIES = {"": NORMAL} | {one.value: Marked(one.value) for one in Urgency if one.value}


@routes.get("/dashboard", response_class=HTMLResponse)
def dashboard(
    request: Request,
    site: RequestSite,
    viewer: LoggedIn,
    month: Annotated[str, Query(max_length=10)] = "",
) -> Response:
    """Show the counts of a month, what waits, and what is due; who sees no letter gets no counts."""
    today = site.now().date()
    context: dict[str, object] = {
        "sees_letters": bool(viewer.roles & LETTER_ROLES),
        "concerned": bool(viewer.roles & set(RETENTION_READERS)),
    }
    if viewer.roles & LETTER_ROLES:
        with site.book.one_look():
            context |= _counts(site, viewer, _month(month, today), today) | _waiting(site, viewer)
    return show(request, "dashboard.html", context, here="dashboard")


@routes.get("/dashboard/due", response_class=HTMLResponse)
def due(request: Request, site: RequestSite, viewer: RetentionReader) -> Response:
    """Give the block of what is due, which the page asks for once it stands: it reads much."""
    context = {
        "due": due_soon(site, viewer),
        "today": site.now().date(),
        "kind_thai": KIND_THAI,
    }
    return show(request, "_due.html", context, here="dashboard")


def _month(text: str, today: date) -> Days:
    try:
        asked = parse_days(text).first
    except ValueError:
        asked = today
    return one_month(asked.year, asked.month)


def _counts(site: Site, viewer: Viewer, days: Days, today: date) -> dict[str, object]:
    counts, span = site.book.counts, (viewer, days.first, days.last)
    by_day = counts.by_day(*span)
    of_today = next((one for one in by_day if one.day == today), None)
    if of_today is None:
        (of_today,) = counts.by_day(viewer, today, today)
    folders = site.office.settings.watch.folder
    doors = {
        one.profile: _("โฟลเดอร์สแกน %(profile)s", profile=one.profile) for one in folders
    } | DOORS_THAI
    tables = (
        (_("ตามกลุ่มที่รับผิดชอบ"), bars(counts.by_group(*span), site.group_names, otherwise=_("ไม่ระบุ"))),
        (
            _("หน่วยงานที่ส่งมามากที่สุด %(first)s อันดับแรก", first=figures(SENDERS)),
            bars(counts.by_sender(*span, limit=SENDERS), {}, otherwise=_("ไม่ทราบหน่วยงาน")),
        ),
        (_("ตามชั้นความเร็ว"), bars(counts.by_urgency(*span), URGENCIES, otherwise=NORMAL)),
        (_("ตามช่องทาง"), bars(counts.by_channel(*span), doors, otherwise=_("ไม่ระบุ"))),
    )
    spread = counts.filing_spread(*span)
    return {
        "of_today": of_today,
        "of_month": DayCount(
            days.first, sum(one.received for one in by_day), sum(one.sent for one in by_day)
        ),
        "by_day": by_day,
        "chart": day_chart(by_day),
        "tables": tables,
        "spread": None if spread is None else tuple(span_of(seconds) for seconds in spread),
        "words": month_and_year(days.first) if in_english() else thai_digits(days.words),
        "month": month_code(days.first),
        "months": _months(today, days.first),
    }


def _waiting(site: Site, viewer: Viewer) -> dict[str, object]:
    """Return what waits: doubts at the desk, and by group what is late."""
    late = site.book.groups.overdue(viewer, site.periods, site.now())
    return {
        "review": site.book.review.count(viewer),
        "states": site.book.letters.count_states(viewer),
        "reviews": bool(viewer.roles & DESK_ROLES),
        "late": [(code, site.group_names.get(code, code), late[code]) for code in sorted(late)],
        "late_total": sum(late.values()),
        "opens_groups": Role.REGISTRY_CLERK in viewer.roles,
        "own_groups": viewer.own_groups if viewer.roles & GROUP_READERS else frozenset(),
    }


def _months(today: date, shown: date) -> list[tuple[str, str]]:
    """Return the months to choose from, the newest first, with the one that is shown."""
    first, found = today.replace(day=1), []
    for _back in range(MONTHS_BACK):
        found.append(first)
        first = (first - timedelta(days=1)).replace(day=1)
    if shown not in found:
        found.append(shown)
    return [(month_code(one), month_and_year(one)) for one in found]


def month_code(day: date) -> str:
    """Return a month as addresses have it: `2569-11`."""
    return f"{day.year + BUDDHIST_ERA}-{day.month:02}"


def span_of(seconds: float) -> str:
    """Return a time as a person says it: `๔๐ วินาที`, `๒ นาที ๕ วินาที`, `๑ ชม. ๕ นาที`, `๓ วัน`."""
    whole = round(seconds)
    if whole < 60:
        return counted("%(count)s วินาที", whole)
    if whole < 3_600:
        return _(
            "%(minutes)s นาที %(seconds)s วินาที",
            minutes=figures(whole // 60),
            seconds=figures(whole % 60),
        )
    if whole < 2 * 86_400:
        return _(
            "%(hours)s ชม. %(minutes)s นาที",
            hours=figures(whole // 3_600),
            minutes=figures(whole % 3_600 // 60),
        )
    return counted("%(count)s วัน", whole // 86_400)
