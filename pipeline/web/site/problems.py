"""What went wrong, as programs read it: problem details (RFC 9457); what is hidden is not there."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

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
PROBLEMS = {
    400: (
        "bad-request",
        "Bad request",
        "The request is no UTF-8, or its body no JSON.",
        "อ่านคำขอไม่ได้",
    ),
    401: (
        "log-in",
        "Not logged in",
        "Log in, or send Authorization: Bearer <token>.",
        "โปรดเข้าสู่ระบบหรือส่งโทเคน",
    ),
    403: ("role-missing", "Forbidden", "Your role may not do this.", "ท่านไม่มีสิทธิทำรายการนี้"),
    404: (
        "not-found",
        "Not found",
        "There is no such thing, or you may not open it.",
        "ไม่พบรายการนี้ หรือท่านไม่มีสิทธิดู",
    ),
    405: ("method", "Method not allowed", "The OpenAPI document names the methods.", ""),
    409: (
        "changed",
        "Conflict",
        "It was changed meanwhile, or just this was done before; read it again.",
        "มีผู้แก้ไขหรือทำรายการนี้ไปแล้ว",
    ),
    412: (
        "outdated",
        "Precondition failed",
        "The letter is no longer the one of If-Match; read it again.",
        "มีผู้แก้ไขหนังสือฉบับนี้ระหว่างนั้น",
    ),
    413: (
        "too-large",
        "Too large",
        "The body is larger than this address takes.",
        "ไฟล์ใหญ่เกินกำหนด",
    ),
    415: (
        "media-type",
        "Unsupported media type",
        "Send PDF, TIFF, JPEG or PNG.",
        "รับเฉพาะ PDF, TIFF, JPEG, PNG",
    ),
    428: (
        "if-match",
        "Precondition required",
        "Send If-Match with the letter's ETag, or If-Match: * to overwrite whatever stands.",
        "โปรดระบุรุ่นของหนังสือที่จะแก้ไข",
    ),
    429: (
        "too-many",
        "Too many requests",
        "Your programs ask more often than the office allows; wait Retry-After seconds.",
        "โปรแกรมของท่านขอข้อมูลถี่เกินกำหนด โปรดรอสักครู่",
    ),
}
AS_STATUS: dict[type[Exception], int] = {
    NoSuchRecordError: 404,
    LetterChangedError: 409,
}
UNSAID = [(("header", "If-Match"), kind) for kind in ("missing", "string_too_short")]
"""What is wrong with a change that does not say which state of the letter it is meant for."""
INVALID = ("invalid", "Invalid request", "ข้อมูลไม่ถูกต้อง")


def answer_problem(error: Exception) -> Response:
    """Turn an expected failure into problem details."""
    if isinstance(error, HTTPException):
        code, title, detail, thai = PROBLEMS.get(
            error.status_code, ("http", "Error", str(error.detail), "")
        )
        if error.status_code == HTTPStatus.UNPROCESSABLE_ENTITY:
            code, title, thai = INVALID
        return _problem(error.status_code, code, title, detail, thai, headers=error.headers)
    for kind, status in AS_STATUS.items():
        if isinstance(error, kind):
            return answer_problem(HTTPException(status))
    if isinstance(error, LetterDestroyedError):
        return _problem(HTTPStatus.GONE, "destroyed", "Gone", str(error), error.thai)
    if isinstance(error, RequestValidationError):
        if any((one["loc"], one["type"]) in UNSAID for one in error.errors()):
            return answer_problem(HTTPException(HTTPStatus.PRECONDITION_REQUIRED))
        code, title, thai = INVALID
        return _problem(HTTPStatus.UNPROCESSABLE_ENTITY, code, title, _places(error), thai)
    if isinstance(error, (CorrectionRefusedError, FileUnfitError)):
        return _problem(
            HTTPStatus.UNPROCESSABLE_ENTITY, "refused", "Refused", str(error), error.thai
        )
    thai = error.thai if isinstance(error, KeepingError) else ""
    if isinstance(error, OcrError):
        thai = error.thai_what
    # What the office has to mend may name folders: programs are told that it is not their fault.
    return _problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "unavailable",
        "Unavailable",
        "The office is in trouble.",
        thai,
    )


def _problem(
    status: int,
    code: str,
    title: str,
    detail: str,
    thai: str,
    *,
    headers: Mapping[str, str] | None = None,
) -> Response:
    return JSONResponse(
        {
            "type": f"urn:saraban:problem:{code}",
            "title": title,
            "status": status,
            "detail": detail,
            "thai": thai,
        },
        status,
        {
            **(headers or {}),
            **({"WWW-Authenticate": "Bearer"} if status == HTTPStatus.UNAUTHORIZED else {}),
        },
        media_type=PROBLEM,
    )


def _places(error: RequestValidationError) -> str:
    """Say which part of the request is wrong and why, without repeating what was sent."""
    return "; ".join(
        f"{'.'.join(str(part) for part in one['loc'])}: {one['msg']}" for one in error.errors()
    )
