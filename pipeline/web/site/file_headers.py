"""Headers of pictures and PDFs that a browser is given."""

from __future__ import annotations

# Kept by the browser for whoever is logged in now, and for nobody after them.
PRIVATE = {"Cache-Control": "private, max-age=600", "Vary": "Cookie"}
# A browser shows a PDF in a page of its own making, which styles itself; no script, nothing else.
PDF_POLICY = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; "
    "object-src 'self'; frame-ancestors 'none'"
}
