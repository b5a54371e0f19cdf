"""Moving the files of a letter that turned out to be secret, its copies' and its scan's, out of reach."""

from __future__ import annotations

from index.archive import Archive
from index.book import Book
from index.register.letters.letters import LetterFile
from index.register.sent.sent_letter import SentFile
from pipeline.office import Office
from pipeline.page_pictures import PagePictures
from pipeline.viewers import PROGRAM


def hide_files(book: Book, archive: Archive, pictures: PagePictures, letter_id: int) -> None:
    """Move original and searchable PDF to the secret part of the archive, and forget the page pictures."""
    own = book.letters.file_of(PROGRAM, letter_id)
    for file in (own, *book.letters.copy_files(letter_id)):
        _hide(file, archive, pictures)


def hide_what_lies_open(office: Office, book: Book, archive: Archive) -> None:
    """Do to its end what a death broke off between the book, where a letter is secret, and the archive."""
    pictures = PagePictures(office.pictures)
    files: list[LetterFile | SentFile] = [
        *(one for one in book.letters.files(hidden_only=True) if not one.is_erased),
        *(one for one in book.sent.all_files() if one.is_secret),
    ]
    for file in files:
        if archive.lies_open(file.sha256, file.searchable_sha256):
            _hide(file, archive, pictures)


def _hide(file: LetterFile | SentFile, archive: Archive, pictures: PagePictures) -> None:
    # Pictures first: where they may be left, the file still lies in the open.
    if file.searchable_sha256 is not None:
        pictures.forget(file.searchable_sha256)
    archive.hide(file.sha256, file.searchable_sha256)
