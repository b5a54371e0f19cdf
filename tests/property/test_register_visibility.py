"""The condition on lists and the check on one letter agree, for every letter and every viewer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classify.letter import Secrecy
from index.book import Book
from index.registered_letter import RegisteredLetter
from index.visibility import Role, Sight, Viewer, may_see, redact
from tests.keeping import DOUBTFUL_NUMBER, DOUBTFUL_SECRECY, file_one, make_filing

GROUPS = ("admin", "plan", "legal")
Kept = tuple[Book, list[RegisteredLetter]]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """Every kind of letter that visibility tells apart."""
    path: Path = tmp_path_factory.mktemp("book")
    with Book.open(f"sqlite:///{path}/saraban.db") as book:
        letters = [
            file_one(
                book,
                f"{group}{copies}{secrecy}{review}{door}",
                make_filing(group=group, copies=copies, secrecy=secrecy, review=review),
                secret_door=door,
            )
            for group in ("admin", "plan")
            for copies in ((), ("legal",))
            for secrecy in (Secrecy.NONE, Secrecy.SECRET, Secrecy.TOP_SECRET)
            for review in ((), (DOUBTFUL_NUMBER,), (DOUBTFUL_SECRECY,))
            for door in (False, True)
        ]
        yield book, letters


VIEWERS = st.builds(
    Viewer,
    st.just("ผู้ดู"),
    st.frozensets(st.sampled_from(Role)),
    st.frozensets(st.sampled_from(GROUPS)),
    st.sampled_from(Secrecy),
    st.frozensets(st.integers(1, 72), max_size=20),
)


@settings(deadline=None, max_examples=60)
@given(viewer=VIEWERS, opened_id=st.integers(1, 72))
def test_a_list_holds_exactly_what_the_check_allows(
    kept: Kept, viewer: Viewer, opened_id: int
) -> None:
    book, letters = kept
    page = book.letters.page(viewer, limit=100)
    listed = {letter.letter_id: letter for letter in page.letters}
    assert page.total == len(listed)
    for letter in letters:
        sight = may_see(viewer, letter)
        shown = listed.get(letter.letter_id)
        if letter.letter_id == opened_id:
            expected = {
                Sight.FULL: letter,
                Sight.PLACEHOLDER: redact(letter),
                Sight.NOTHING: None,
            }
            assert book.letters.by_id(viewer, opened_id) == expected[sight]
        if sight is Sight.FULL:
            assert shown is not None
            assert shown.subject == letter.subject
        else:
            assert shown == (redact(letter) if sight is Sight.PLACEHOLDER else None)
    opened = sum(may_see(viewer, letter) is Sight.FULL for letter in letters)
    assert sum(book.letters.counts_by(viewer, "group").values()) == opened


@given(viewer=VIEWERS)
def test_a_hidden_letter_is_opened_by_the_registrar_or_by_grant_only(
    kept: Kept, viewer: Viewer
) -> None:
    _book, letters = kept
    for letter in letters:
        hidden = letter.is_secret or "secrecy" in letter.review
        if hidden and may_see(viewer, letter) is Sight.FULL:
            granted = letter.letter_id in viewer.granted and viewer.clearance is not Secrecy.NONE
            assert Role.SECRET_REGISTRAR in viewer.roles or granted
