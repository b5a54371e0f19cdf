"""Decide: find a letter's fields, its kind, its group and its retention class, with the evidence."""
