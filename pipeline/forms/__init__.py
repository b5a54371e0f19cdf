"""The official forms: filled in from the book, typeset as PDF, written as XLSX."""
