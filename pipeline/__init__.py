"""Conduct: the journey of a letter, the settings, the command line and the web page."""
