"""A record that was read once is not read again, until its letter changes or others take its place."""

from __future__ import annotations

from index.search.record_cache import RecordCache

RECORDS = {(1, 1): b"a" * 10, (1, 2): b"A" * 10, (2, 1): b"b" * 10, (3, 1): b"c" * 10}


def read(cache: RecordCache, *wanted: tuple[int, int]) -> tuple[list[bytes], list[tuple[int, int]]]:
    """Return the records, and which of them were fetched."""
    fetched: list[tuple[int, int]] = []

    def fetch(place: int) -> bytes:
        fetched.append(wanted[place])
        return RECORDS[wanted[place]]

    return cache.read(wanted, fetch), fetched


def test_each_record_is_fetched_once_and_given_in_the_order_asked() -> None:
    cache = RecordCache()
    assert read(cache, (2, 1), (1, 1)) == ([b"b" * 10, b"a" * 10], [(2, 1), (1, 1)])
    assert read(cache, (1, 1), (3, 1), (2, 1)) == (
        [b"a" * 10, b"c" * 10, b"b" * 10],
        [(3, 1)],
    )


def test_a_letter_that_has_changed_is_fetched_anew() -> None:
    cache = RecordCache()
    read(cache, (1, 1))
    assert read(cache, (1, 2)) == ([b"A" * 10], [(1, 2)])
    assert read(cache, (1, 2)) == ([b"A" * 10], [])


def test_the_oldest_make_room() -> None:
    cache = RecordCache(most_bytes=20)
    read(cache, (1, 1), (2, 1))
    assert read(cache, (3, 1))[1] == [(3, 1)]
    assert read(cache, (2, 1), (3, 1))[1] == []
    assert read(cache, (1, 1))[1] == [(1, 1)]


def test_nothing_is_kept_of_a_letter_that_is_dropped() -> None:
    cache = RecordCache(most_bytes=20)
    read(cache, (1, 1), (2, 1))
    cache.drop([1, 9])
    read(cache, (3, 1))
    assert read(cache, (2, 1))[1] == [], "what was dropped takes no room"
    assert read(cache, (1, 1))[1] == [(1, 1)]
