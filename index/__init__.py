"""Keep: the archive, the register, the search index and the retention of letters."""
