"""Import: what other systems hand over, a bundle of files and the list of letters they export.

Parsing is pure (`letter_list`, `columns`, `listed_letter`, `matching`); `bundle` and `taking_in` touch the
disk and the book. The files come through a watched folder like every scan.
"""
