"""All pages of retention under one name for the application."""

from __future__ import annotations

from fastapi import APIRouter

from pipeline.web.retention import (
    batch_pages,
    batch_steps,
    keeping_pages,
    keeping_steps,
)
from pipeline.web.retention import (
    calendar as calendar_page,
)
from pipeline.web.retention import (
    execution as execution_page,
)
from pipeline.web.retention import (
    january as january_page,
)
from pipeline.web.retention import (
    law as law_page,
)
from pipeline.web.retention import (
    papers as paper_pages,
)
from pipeline.web.retention import (
    transfers as transfer_pages,
)
from pipeline.web.retention import (
    unclosed as unclosed_page,
)

routes = APIRouter()
for part in (
    january_page,
    batch_pages,
    batch_steps,
    execution_page,
    paper_pages,
    unclosed_page,
    keeping_pages,
    keeping_steps,
    law_page,
    transfer_pages,
    calendar_page,
):
    routes.include_router(part.routes)
