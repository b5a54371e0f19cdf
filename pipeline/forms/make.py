"""What the command line and the page give out: any of the papers, as PDF or as XLSX."""

from __future__ import annotations

from index.visibility import Viewer
from pipeline.forms.gather import FILLED, Asked, Source, fill, read_stored
from pipeline.forms.papers import make_labels, typeset_labels, typeset_separator
from pipeline.forms.typeset import typeset_sheet
from pipeline.forms.workbook import write_workbook

LABELS, SEPARATOR = "labels", "separator"
PRINTED = (*FILLED, LABELS, SEPARATOR)
"""Everything that `make_pdf` makes."""


def make_pdf(source: Source, viewer: Viewer, asked: Asked) -> bytes:
    """Return one of `PRINTED` as a PDF; raises as `fill` does."""
    if asked.number == SEPARATOR:
        return typeset_separator(source.office, source.now)
    if asked.number == LABELS:
        labels = make_labels(read_stored(source, viewer, asked))
        return typeset_labels(labels, source.office, source.now)
    return typeset_sheet(fill(source, viewer, asked), source.now)


def make_xlsx(source: Source, viewer: Viewer, asked: Asked) -> bytes:
    """Return one of `FILLED` as a workbook; raises as `fill` does."""
    return write_workbook(fill(source, viewer, asked), source.now)
