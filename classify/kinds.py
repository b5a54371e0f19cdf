"""Telling a letter's kind: points for what stands where, the sum explained."""

from __future__ import annotations

from collections.abc import Sequence

from classify.fuzzy import match_label
from classify.head import Head
from classify.layout import PageLayout
from classify.letter import Found, Kind
from classify.rules import KindRules, Marker

_NO_EVIDENCE = 0.2
_SURE_POINTS = 3.0  # a lead of so many points is as good as certain


def detect_kind(head: Head, pages: Sequence[PageLayout], rules: KindRules) -> Found[Kind]:
    """Return the kind with the most points; `how` lists the points, `confidence` comes from the lead.

    A page without any evidence is `evidence` (หนังสืออื่น) with low confidence.
    """
    ranked = []
    for order, rule in enumerate(rules.kinds):
        reasons = [
            (marker.text, marker.points)
            for marker in rule.markers
            if _is_there(marker, head, pages)
        ]
        if reasons:
            reasons += [
                (f"ไม่มี {marker.text}", marker.points)
                for marker in rule.missing
                if not _is_there(marker, head, pages)
            ]
        ranked.append((sum(points for _, points in reasons), -order, rule, reasons))
    ranked.sort(key=lambda item: (item[0], item[1]), reverse=True)
    best, _, rule, reasons = ranked[0]
    if best <= 0:
        return Found(Kind.EVIDENCE, "", _NO_EVIDENCE, None, None, "ไม่พบลักษณะของหนังสือชนิดใด")
    second = ranked[1][0] if len(ranked) > 1 else 0.0
    lead = min(1.0, (best - second) / _SURE_POINTS) * min(1.0, best / _SURE_POINTS)
    how = ", ".join(f"{text} +{points:g}" for text, points in reasons)
    return Found(rule.kind, rule.name, round(0.5 + 0.49 * lead, 4), None, None, how)


def _is_there(marker: Marker, head: Head, pages: Sequence[PageLayout]) -> bool:
    if marker.where == "label":
        return marker.text in head.labels
    if marker.where == "title":
        rows = head.title if head.sections else head.page.rows[:6]
        return any(match_label(piece.text, marker.text) for row in rows for piece in row.pieces)
    rows = tuple(row for page in pages for row in page.rows)
    if marker.where == "line":
        return any(match_label(row.text, marker.text) for row in rows)
    return any(marker.text in row.text for row in rows)
