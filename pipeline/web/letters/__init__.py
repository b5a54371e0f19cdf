"""A letter's own page, its files, its parts, and what may be done with it."""
