"""All pages of retention under one name for the application."""

from __future__ import annotations

from fastapi import APIRouter

from pipeline.web import batch_pages, batch_steps, january_page

routes = APIRouter()
for part in (january_page, batch_pages, batch_steps):
    routes.include_router(part.routes)
