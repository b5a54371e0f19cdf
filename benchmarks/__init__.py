"""Measurements of speed and quality: each prints what it measured, most of them as JSON."""
