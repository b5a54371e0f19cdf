"""What can go wrong with the search index, and what to do; filing a letter never depends on it."""

from __future__ import annotations

from pathlib import Path

from index.errors import KeepingError
from index.message import mark


class SearchError(KeepingError):
    """Base of the search index's expected failures."""

    exit_code = 70
    thai = mark("ค้นหาไม่ได้ในขณะนี้ การลงทะเบียนหนังสือยังทำงานตามปกติ")


class IndexUnavailableError(SearchError):
    """The index is missing, damaged or of an older analysis; the book is whole."""

    exit_code = 71

    def __init__(self, folder: Path, problem: str) -> None:
        self.folder = folder
        super().__init__(
            f"search index {folder}: {problem}. The register is whole; rebuild the index with "
            "`saraban index rebuild`."
        )
        self.thai = "ดัชนีค้นหาใช้ไม่ได้ ทะเบียนหนังสือยังครบถ้วน โปรดสั่ง saraban index rebuild เพื่อสร้างดัชนีใหม่"


class IndexBusyError(SearchError):
    """Another process is writing to the index; one writer only."""

    exit_code = 72

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(
            f"search index {folder}: another process is writing to it. Stop the other worker or "
            "wait; nothing is lost, the outbox keeps the changes."
        )
        self.thai = "มีโปรแกรมอื่นกำลังปรับปรุงดัชนีค้นหาอยู่ โปรดรอสักครู่ ไม่มีข้อมูลสูญหาย"


class IndexWriteError(SearchError):
    """A batch could not be written, as on a full disk; the outbox keeps it."""

    exit_code = 73

    def __init__(self, folder: Path, problem: str) -> None:
        self.folder = folder
        super().__init__(
            f"search index {folder}: a batch could not be written: {problem}. Make room on the "
            "disk; the outbox keeps the changes and they are tried again."
        )
        self.thai = "บันทึกดัชนีค้นหาไม่สำเร็จ โปรดตรวจสอบพื้นที่ว่างในดิสก์ ระบบจะลองใหม่เอง"


class UnknownEngineError(SearchError):
    """An engine's name in the settings is not one we have."""

    exit_code = 74

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(f"search engine {name!r} is unknown; choose one of {', '.join(known)}.")
        self.thai = f"ไม่รู้จักเครื่องมือค้นหา {name} โปรดเลือก {' หรือ '.join(known)}"


class AbbreviationsError(SearchError):
    """The table of abbreviations is not as it should be."""

    exit_code = 75

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(
            f"{name}: {problem}. Correct the file, or remove it: the abbreviations that come with the "
            "program are then used alone."
        )
        self.thai = f"แฟ้มคำย่อ {name} ไม่ถูกต้อง โปรดแก้ไขแฟ้มนั้น ระหว่างนี้ใช้คำย่อที่มากับระบบ"
