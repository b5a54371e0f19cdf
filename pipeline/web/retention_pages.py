"""All pages of retention under one name for the application."""

from __future__ import annotations

from fastapi import APIRouter

from pipeline.web import (
    batch_pages,
    batch_steps,
    calendar_page,
    execution_page,
    january_page,
    keeping_pages,
    keeping_steps,
    law_page,
    transfer_pages,
)

routes = APIRouter()
for part in (
    january_page,
    batch_pages,
    batch_steps,
    execution_page,
    keeping_pages,
    keeping_steps,
    law_page,
    transfer_pages,
    calendar_page,
):
    routes.include_router(part.routes)
