"""Letters unlike the samples: made independently of the rules and of the demonstration, to measure on.

Even seeds are for building; only odd seeds are reported, and their pages are not looked at.
"""
