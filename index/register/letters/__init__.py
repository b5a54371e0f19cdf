"""Letters in the book: filing, reading back, filtering, counting, and what the search index takes."""
