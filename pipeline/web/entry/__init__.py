"""The way in: the gate, the guard, logging in, people and tokens."""
