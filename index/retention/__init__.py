"""Retention: how long each letter is kept, what holds it, and how it lawfully ends."""
