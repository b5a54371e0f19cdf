"""Reading files in worker processes, each file its own success or its own error."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from classify import ClassifyError, RuleSet, load_rules
from ocr import OcrError
from pipeline.carry import head_of, understand
from pipeline.errors import FileUnfitError
from pipeline.processes import ProcessDiedError
from pipeline.reading import Json, reading_as_json
from watch_folder.errors import RefusedScanError
from watch_folder.whole import check_whole

SOME_FAILED = FileUnfitError.exit_code
_rules: list[RuleSet] = []  # set once in every worker process
_receiver: list[str] = []


def prepare(rules_folder: Path | None, office_name: str = "") -> None:
    """Load what every file needs, once a process; `office_name` is the office that gets the letters."""
    _rules[:] = [load_rules(rules_folder)]
    _receiver[:] = [head_of(office_name) if office_name else ""]


def read_file(path: Path) -> Json:
    """Read one file; a file that cannot be read gives its error in English and Thai.

    What the inbox would not take is not read here either.
    """
    today = datetime.now(UTC).astimezone(ZoneInfo("Asia/Bangkok")).date()
    try:
        if path.is_file():  # else reading says what it is
            check_whole(path)
        understood = understand(path, _rules[0], today, receiver=_receiver[0])
    except (ClassifyError, OcrError, RefusedScanError) as error:
        return {"file": str(path), "error": str(error), "thai": error.thai}
    return reading_as_json(str(path), understood)


def describe_failure(path: Path, error: BaseException) -> Json:
    """Say that reading this file ended its process (mostly: not enough memory), or met a fault of ours."""
    if isinstance(error, ProcessDiedError):
        english = "the reading process died on it; scan it anew at 300 dpi"
        thai = "โปรแกรมอ่านหยุดทำงานขณะอ่านไฟล์นี้ โปรดสแกนใหม่ที่ 300 dpi"
    else:
        english = (
            f"a fault in the program ({type(error).__name__}: {error}); tell the administrator"
        )
        thai = "โปรแกรมผิดพลาดขณะอ่านไฟล์นี้ โปรดแจ้งผู้ดูแลระบบ"
    return {"file": str(path), "error": f"{path.name}: {english}", "thai": f"{path.name}: {thai}"}
