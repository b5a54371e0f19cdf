"""Receive: take files that a scanner dropped into a folder, safely and exactly once."""
