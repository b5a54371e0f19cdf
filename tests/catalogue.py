"""The English catalogues beside their words; `python -m tests.catalogue` brings them up to date.

It adds the Thai words that templates and code gained, drops those they lost, and keeps every
translation. What it prints has none yet.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from classify.letter import Secrecy, Urgency
from index import message
from index.retention.calendar import KIND_THAI
from index.retention.eligibility import HOLD_THAI
from index.retention.next_step import ACTOR_THAI
from index.retention.transfers import FORM_THAI
from index.visibility import SECRET_PLACEHOLDER, UNREAD_PLACEHOLDER
from pipeline.thai_form import FIELDS, KINDS
from pipeline.web.site import language
from tests.conftest import ROOT

WEB = ROOT / "pipeline" / "web"
METHODS = [("templates/**.html", "jinja2"), ("**.py", "python")]
OPTIONS = {"templates/**.html": {"newstyle_gettext": "true", "silent": "false"}}
KEYWORDS = {"_": None, "mark": None, "counted": (1, 1)}
SAID_BY_THE_BOOK = {"message": None, "mark": None}
SAID_OUTSIDE = {"message": None}
FORMS = ROOT / "pipeline" / "forms" / "data" / "forms.toml"
PAPERS = FORMS.with_name("papers.toml")
HEADER = """\
# English words; the message ids are the Thai words in templates and code.
# `python -m tests.catalogue` brings this file up to date and keeps what is translated.
msgid ""
msgstr ""
"Language: en\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""


def words_of_pages() -> Catalog:
    """Return the words of templates and of the pages' code, without English."""
    return _found(WEB, KEYWORDS, METHODS, (*KINDS.values(), *FIELDS.values()))


def words_of_the_book() -> Catalog:
    """Return what the book says in refusals, reasons, steps and tables, without English."""
    forms = tomllib.loads(FORMS.read_text("utf-8"))
    tables = (
        *(one.value for kind in (Urgency, Secrecy) for one in kind if one.value),
        SECRET_PLACEHOLDER,
        UNREAD_PLACEHOLDER,
        *(words for words in ACTOR_THAI.values() if words),
        *HOLD_THAI.values(),
        *KIND_THAI.values(),
        *FORM_THAI.values(),
        *(one["name"] for one in (*forms["form"], *forms["list"])),
        *(one["name"] for one in tomllib.loads(PAPERS.read_text("utf-8"))["paper"]),
    )
    catalog = _found(ROOT / "index", SAID_BY_THE_BOOK, [("**.py", "python")], tables)
    for said in _found(ROOT / "pipeline", SAID_OUTSIDE, [("**.py", "python")], ()):
        if said.id:
            catalog.add(said.id)
    return catalog


CATALOGUES: dict[Path, Callable[[], Catalog]] = {
    language.CATALOGUE: words_of_pages,
    message.CATALOGUE: words_of_the_book,
}


def _found(
    folder: Path,
    keywords: Mapping[str, tuple[int, ...] | None],
    methods: list[tuple[str, str]],
    tables: Iterable[str],
) -> Catalog:
    catalog = Catalog(locale="en")
    for _file, _line, found, _comments, _context in extract_from_dir(
        folder, methods, OPTIONS, keywords, comment_tags=()
    ):
        catalog.add(found)
    for words in tables:
        catalog.add(words)
    return catalog


def kept(path: Path) -> Catalog:
    """Return what a file holds."""
    with path.open("rb") as file:
        return read_po(file, locale="en")


def of(catalog: Catalog) -> Iterator[Message]:
    """Yield the messages without the header."""
    return (message for message in catalog if message.id)


def is_translated(message: Message) -> bool:
    """Tell whether there is English for it, of a counted one for one and for many."""
    return bool(message.string) and all(message.string or ())


def render(catalog: Catalog) -> str:
    """Return the file's text: sorted, and without places, so that it changes only with the words."""
    body = BytesIO()
    write_po(body, catalog, width=120, no_location=True, omit_header=True, sort_output=True)
    return HEADER + body.getvalue().decode()


def updated(path: Path) -> Catalog:
    """Return a file's words as they are now, with the translations there are."""
    now, before = CATALOGUES[path](), {one.id: one for one in of(kept(path))}
    for now_message in of(now):
        old = before.get(now_message.id)
        if old is not None and is_translated(old):
            now_message.string = old.string
        now_message.flags.clear()
    return now


if __name__ == "__main__":
    for path in CATALOGUES:
        catalog = updated(path)
        path.write_text(render(catalog), "utf-8")
        for left in of(catalog):
            if not is_translated(left):
                print(left.id)  # noqa: T201 - what is left to do
