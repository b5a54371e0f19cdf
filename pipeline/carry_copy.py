"""The shorter journey of a sent letter's copy: read as a received scan is, given a searchable PDF, found by search.

Its number, its group and its subject were entered by whoever sent it; only its secrecy mark is looked at.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from index.archive import Shelf
from index.choices import CopyState
from index.register.sent.sent_copies import CopyJob, ReadCopy
from pipeline.carry import Workbench, is_hidden, keep_searchable, scratch_of, understand

LAYER_DOUBT = "ข้อความใน PDF ที่ค้นหาได้ไม่ตรงกับที่อ่าน โปรดดูไฟล์ต้นฉบับ"


def carry_copy(job: CopyJob, bench: Workbench) -> CopyState:
    """Read one copy and keep what was read; doing it again changes nothing.

    Raises OcrError when it cannot be read, and KeepingError when it cannot be kept.
    """
    path = bench.archive.path_of(job.sha256, Shelf.ORIGINAL)
    understood = understand(
        path,
        bench.rules(),
        bench.clock().date(),
        thresholds=bench.thresholds,
        engine=bench.engine,
    )
    marked = is_hidden(understood)
    secret = job.is_secret or marked
    with tempfile.TemporaryDirectory(
        prefix=scratch_of(job.label), dir=bench.office.work
    ) as scratch:
        searchable, check = keep_searchable(
            path, understood.document, Path(scratch), bench.archive, secret=secret
        )
    read = ReadCopy(
        text=understood.document.text,
        page_count=understood.document.file_page_count,
        searchable_sha256=searchable.sha256,
        has_mark=marked,
        doubt="" if check.passed else LAYER_DOUBT,
    )
    if bench.book.sent_copies.keep(job, read, bench.clock()):
        bench.archive.hide(job.sha256, searchable.sha256)
    return CopyState.READ
