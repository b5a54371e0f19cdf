"""Letters that the project draws itself: a first look for newcomers, and input for the tests."""
