"""The search page and saved searches."""
