"""Office-days played in one thread from one seed: clock, disk, book and deaths are the play's own.

What the program does is the program's code: door, hand-out, worker, archive, book and index. What a
page says is made up (`made_scans`), for here only the order of events is tried. The same seed on the
same commit tells the same story: `python -m tests.simulator --seed 7 --story`.
"""
