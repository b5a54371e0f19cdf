"""Moving the files of a letter that turned out to be secret, its copies' and its scan's, out of reach."""

from __future__ import annotations

from index.archive import Archive
from index.book import Book
from pipeline.page_pictures import PagePictures
from pipeline.viewers import PROGRAM


def hide_files(book: Book, archive: Archive, pictures: PagePictures, letter_id: int) -> None:
    """Move original and searchable PDF to the secret part of the archive, and forget the page pictures."""
    own = book.letters.file_of(PROGRAM, letter_id)
    for file in (own, *book.letters.copy_files(letter_id)):
        archive.hide(file.sha256, file.searchable_sha256)
        if file.searchable_sha256 is not None:
            pictures.forget(file.searchable_sha256)
