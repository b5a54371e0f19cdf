"""The English catalogue of the pages beside their words; `python -m tests.catalogue` brings it up to date.

It adds the Thai words that templates and code gained, drops those they lost, and keeps every
translation. What it prints has none yet.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from pipeline.thai_form import FIELDS, KINDS
from pipeline.web.site.language import CATALOGUE
from pipeline.web.site.sentences import SENTENCES, VOCABULARY
from tests.conftest import ROOT

WEB = ROOT / "pipeline" / "web"
METHODS = [("templates/**.html", "jinja2"), ("**.py", "python")]
OPTIONS = {"templates/**.html": {"newstyle_gettext": "true", "silent": "false"}}
KEYWORDS = {"_": None, "mark": None, "counted": (1, 1)}
HEADER = """\
# English words of the pages; the message ids are the Thai words in templates and code.
# `python -m tests.catalogue` brings this file up to date and keeps what is translated.
msgid ""
msgstr ""
"Language: en\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""


def found() -> Catalog:
    """Return the words of templates, code and the tables of other packages, without English."""
    catalog = Catalog(locale="en")
    for _file, _line, message, _comments, _context in extract_from_dir(
        WEB, METHODS, OPTIONS, KEYWORDS, comment_tags=()
    ):
        catalog.add(message)
    for words in (*VOCABULARY, *SENTENCES, *KINDS.values(), *FIELDS.values()):
        catalog.add(words)
    return catalog


def kept() -> Catalog:
    """Return what the file holds."""
    with CATALOGUE.open("rb") as file:
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


def updated() -> Catalog:
    """Return the words as they are now, with the translations there are."""
    now, before = found(), {message.id: message for message in of(kept())}
    for message in of(now):
        old = before.get(message.id)
        if old is not None and is_translated(old):
            message.string = old.string
        message.flags.clear()
    return now


if __name__ == "__main__":
    catalog = updated()
    CATALOGUE.write_text(render(catalog), "utf-8")
    for message in of(catalog):
        if not is_translated(message):
            print(message.id)  # noqa: T201 - what is left to do
