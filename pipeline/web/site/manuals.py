"""The manuals for the people of an office: the same pages as `docs/th`, shown behind the ? of each page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

WEB = Path(__file__).parent.parent
_PACKED, _CHECKOUT = WEB / "manuals", WEB.parents[1] / "docs" / "th"
_OTHER = re.compile(r"^(?P<name>[a-z]+)\.md(?:#.*)?$")
MANUAL_OF = {
    "letters": "desk",
    "review": "desk",
    "upload": "desk",
    "quarantine": "desk",
    "group": "groups",
    "dashboard": "groups",
    "duplicates": "import",
    "import": "import",
    "search": "search",
    "sent": "send",
    "numbers": "send",
    "forms": "forms",
    "retention": "retention",
    "batches": "retention",
    "secret": "secret",
    "held": "secret",
    "people": "people",
    "tokens": "people",
    "machine": "admin",
    "audit": "admin",
}
"""Which manual speaks of a page, by the page's place in the navigation; of all others the desk's does."""


@cache
def manual_as_html(name: str) -> Markup | None:
    """Return a manual; None when there is none of that name. Its pictures are left out."""
    folder = _PACKED if _PACKED.is_dir() else _CHECKOUT
    path = {one.stem: one for one in folder.glob("*.md")}.get(name)
    if path is None:
        return None
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse(path.read_text("utf-8"))
    for token in tokens:
        token.children = _own_words(token.children or ()) if token.children else token.children
    # ours, and without HTML of its own
    return Markup(reader.renderer.render(tokens, reader.options, {}))  # noqa: S704


def _own_words(tokens: Sequence[Token]) -> list[Token]:
    """Lead links to other manuals to their pages, and drop pictures and what only engineers have."""
    kept = [token for token in tokens if token.type != "image"]
    for token in kept:
        if token.type == "link_open":
            other = _OTHER.match(str(token.attrs.pop("href", "")))
            if other:
                token.attrs["href"] = f"/help/{other['name']}"
    return kept
