"""The desk: inbox, review, a group's lists, and the steps a letter takes there."""
