"""What went wrong, as programs read it: problem details (RFC 9457); what is hidden is not there."""

from __future__ import annotations

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from index.errors import (
    CorrectionRefusedError,
    KeepingError,
    LetterChangedError,
    LetterDestroyedError,
    NoSuchRecordError,
)
from ocr import OcrError
from pipeline.errors import FileUnfitError

PROBLEM = "application/problem+json"
# status: (code, title, detail, Thai)
SAID = {
    401: ("log-in", "Not logged in", "Log in, or send Authorization: Bearer <token>.",
          "โปรดเข้าสู่ระบบหรือส่งโทเคน"),
    403: ("role-missing", "Forbidden", "Your role may not do this.", "ท่านไม่มีสิทธิทำรายการนี้"),
    404: ("not-found", "Not found", "There is no such thing, or you may not open it.",
          "ไม่พบรายการนี้ หรือท่านไม่มีสิทธิดู"),
    405: ("method", "Method not allowed", "The OpenAPI document names the methods.", ""),
    409: ("changed", "Conflict", "It was changed meanwhile; read it again.", "มีผู้แก้ไขระหว่างนั้น"),
    413: ("too-large", "Too large", "The body is larger than this address takes.",
          "ไฟล์ใหญ่เกินกำหนด"),
    415: ("media-type", "Unsupported media type", "Send PDF, TIFF, JPEG or PNG.",
          "รับเฉพาะ PDF, TIFF, JPEG, PNG"),
}  # fmt: skip
AS_STATUS: dict[type[Exception], int] = {
    NoSuchRecordError: 404,
    LetterChangedError: 409,
}
UNPROCESSABLE, UNAVAILABLE, UNAUTHORIZED, GONE = 422, 503, 401, 410


def answer_problem(error: Exception) -> Response:
    """Turn an expected failure into problem details."""
    if isinstance(error, HTTPException):
        code, title, detail, thai = SAID.get(
            error.status_code, ("http", "Error", str(error.detail), "")
        )
        return _problem(error.status_code, code, title, detail, thai)
    for kind, status in AS_STATUS.items():
        if isinstance(error, kind):
            return answer_problem(HTTPException(status))
    if isinstance(error, LetterDestroyedError):
        return _problem(GONE, "destroyed", "Gone", str(error), error.thai)
    if isinstance(error, RequestValidationError):
        return _problem(UNPROCESSABLE, "invalid", "Invalid request", _places(error), "ข้อมูลไม่ถูกต้อง")
    if isinstance(error, (CorrectionRefusedError, FileUnfitError)):
        return _problem(UNPROCESSABLE, "refused", "Refused", str(error), error.thai)
    thai = error.thai if isinstance(error, KeepingError) else ""
    if isinstance(error, OcrError):
        thai = error.thai_what
    # What the office has to mend may name folders: programs are told that it is not their fault.
    return _problem(UNAVAILABLE, "unavailable", "Unavailable", "The office is in trouble.", thai)


def _problem(status: int, code: str, title: str, detail: str, thai: str) -> Response:
    return JSONResponse(
        {
            "type": f"urn:saraban:problem:{code}",
            "title": title,
            "status": status,
            "detail": detail,
            "thai": thai,
        },
        status,
        {"WWW-Authenticate": "Bearer"} if status == UNAUTHORIZED else {},
        media_type=PROBLEM,
    )


def _places(error: RequestValidationError) -> str:
    """Say which part of the request is wrong and why, without repeating what was sent."""
    return "; ".join(
        f"{'.'.join(str(part) for part in one['loc'])}: {one['msg']}" for one in error.errors()
    )
