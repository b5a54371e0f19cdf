"""What is shown of a destroyed letter: its tombstone, and `410 Gone` where its files were."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import Request
from fastapi.responses import Response

from index.errors import LetterDestroyedError
from index.registered_letter import RegisteredLetter
from index.visibility import Viewer
from pipeline.forms.certificate_paper import whose
from pipeline.office import law_in_force
from pipeline.web.site.language import _, render
from pipeline.web.site.pages import Site, show


def show_tombstone(
    request: Request, site: Site, viewer: Viewer, found: RegisteredLetter
) -> Response:
    """Show what a letter was, when it was destroyed, and by which decision."""
    law = law_in_force(site.office)
    retention = site.book.retention(law)
    stone = retention.destruction.tombstone_of(viewer, found.letter_id)
    group = site.group_names.get(found.group, "")
    context = {
        "letter": found,
        "stone": stone,
        "group": group,
        "whose": whose,
        "names": site.book.people.names(),
        "classes": law.classes,
    }
    return show(request, "tombstone.html", context, here="letters")


def answer_gone(request: Request, error: Exception) -> Response:
    """Answer for a file that was destroyed with its letter."""
    advice = render(error) if isinstance(error, LetterDestroyedError) else ""
    where = _("หน้าหนังสือแสดงวันที่ทำลาย บัญชี และคำสั่งที่เกี่ยวข้อง")
    return show(
        request,
        "problem.html",
        {
            "title": _("หนังสือฉบับนี้ทำลายแล้ว"),
            "advice": f"{advice} {where}",
        },
        status_code=HTTPStatus.GONE,
    )
