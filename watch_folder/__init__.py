"""Receive: take files that a scanner dropped into a folder, safely and exactly once.

`sweep` takes what is finished and names what is refused, `wait_for_change` shortens the wait for
the next sweep, `put_in_quarantine` puts the refused aside, `recover` finds claims after a crash and
`release` ends one.
"""
