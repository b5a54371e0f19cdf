"""The people of an office, their passwords, sessions and tokens."""
