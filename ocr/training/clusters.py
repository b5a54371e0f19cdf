"""The order of Thai characters in a line: the printed columns, and the one spelling we write."""

from __future__ import annotations

import re

CLUSTER = re.compile(r"[^ัำิ-ฺ็-๎][ัิ-ฺ็-๎]*ำ?", re.DOTALL)


def split_clusters(text: str) -> list[str]:
    """Split a line into printed columns: a base letter with its marks; a lone mark stands alone."""
    out: list[str] = []
    end = 0
    for match in CLUSTER.finditer(text):
        if match.start() > end:
            out.append(text[end : match.start()])
        out.append(match.group())
        end = match.end()
    if end < len(text):
        out.append(text[end:])
    return out


def normalise(text: str) -> str:
    """Return the text in the order the recognizer writes: marks before tones, one ำ, single spaces."""
    text = text.replace("เเ", "แ")
    text = re.sub("([่-๋์])([ัิ-ฺ็])", r"\2\1", text)
    text = re.sub("ํ([่-๋]?)า", r"\1ำ", text)
    text = re.sub("[\u200b-\u200d\ufeff\u00ad]", "", text)
    text = re.sub(r"^[ัิ-ฺ็-๎ำ]+", "", text)
    return re.sub(r"\s+", " ", text).strip()
