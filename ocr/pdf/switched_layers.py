"""Layers that a viewer can switch (optional content): an archived page shows one thing, for ever."""

from __future__ import annotations

import io

import pikepdf
from pikepdf import Array, Dictionary, Name

from ocr.library_errors import library_errors
from ocr.scan import FileType, Scan


def has_hidden_layers(scan: Scan) -> bool:
    """Tell whether a PDF has layers that are not shown when it is opened."""
    if scan.file_type is not FileType.PDF:
        return False
    with library_errors(scan.name), pikepdf.open(io.BytesIO(scan.data)) as pdf:
        layers = pdf.Root.get(Name.OCProperties)
        shown = layers.get(Name.D) if isinstance(layers, Dictionary) else None
        if not isinstance(shown, Dictionary):
            return False
        off = shown.get(Name.OFF)
        return shown.get(Name.BaseState, Name.ON) != Name.ON or (
            isinstance(off, Array) and len(off) > 0
        )
