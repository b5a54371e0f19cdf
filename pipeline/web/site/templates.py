"""The templates of a language: their words stand in them from when they are compiled.

A page has hundreds of words; asked for one by one when it is shown, they would cost more than all
else in it. So each language has its own compiled templates, in which `{{ _("...") }}` is plain text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, nodes, select_autoescape

from pipeline.web.site import local_form
from pipeline.web.site.language import PAGE_WORDS, WORD_FILTERS, Language, words_in

PLACE = re.compile(r"%\((\w+)\)s")


class PageTemplates(Environment):
    """Templates in one language."""

    current_language = Language.THAI

    def _generate(
        self,
        source: nodes.Template,
        name: str | None,
        filename: str | None,
        defer_init: bool = False,
    ) -> str:
        for output in source.find_all(nodes.Output):
            output.nodes = [part for node in output.nodes for part in self._filled_in(node)]
        return super()._generate(source, name, filename, defer_init=defer_init)

    def _filled_in(self, node: nodes.Expr) -> Iterator[nodes.Expr]:
        """Yield the pieces of translated words, their values between them; or the node as it is."""
        if not (
            isinstance(node, nodes.Call)
            and isinstance(node.node, nodes.Name)
            and node.node.name in ("_", "gettext")
            and isinstance(node.args[0], nodes.Const)
        ):
            yield node
            return
        values = {one.key: one.value for one in node.kwargs}
        words = words_in(self.current_language, node.args[0].value)
        for place, piece in enumerate(PLACE.split(words)):
            if place % 2:
                yield values[piece]
            elif piece:
                yield nodes.TemplateData(piece.replace("%%", "%"), lineno=node.lineno)


def page_templates(folder: Path) -> dict[Language, PageTemplates]:
    """Return the templates of a folder in each language."""
    # They change with the program only: no look at the disk for each part of each page.
    thai = PageTemplates(
        loader=FileSystemLoader(folder), autoescape=select_autoescape(), auto_reload=False
    )
    thai.filters |= local_form.FILTERS | WORD_FILTERS
    thai.add_extension("jinja2.ext.i18n")
    # Our own functions instead of the extension's, which translate when a page is shown.
    thai.newstyle_gettext = True  # type: ignore[attr-defined]
    thai.globals |= PAGE_WORDS
    thai.trim_blocks = thai.lstrip_blocks = True
    english = thai.overlay()
    english.current_language = Language.ENGLISH
    return {Language.THAI: thai, Language.ENGLISH: english}
