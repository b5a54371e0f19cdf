"""The send books: letters that go out, their copies and lists."""
