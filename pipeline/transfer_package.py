"""The package that goes to the National Archives with a list: files, metadata, checksums (BagIt).

    data/letters/0001/original.pdf      what the scanner made
    data/letters/0001/searchable.pdf    the same pages with their text
    data/metadata.csv, data/metadata.xml

Metadata: Dublin Core elements (ISO 15836) with the numbers of the register beside them. Cells of the
CSV that a spreadsheet would take for a formula get an apostrophe in front; the XML has the exact words.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

from index.archive import Archive, Shelf
from index.bag import make_bag, verify_bag
from index.book import Book
from index.registered_letter import LetterKind
from index.retention.errors import PackageFailedError
from index.retention.facts import KnownLetter
from index.retention.papers import key_of
from index.retention.transfers import FORM_THAI, TransferList
from index.visibility import Viewer
from pipeline.office import Office, law_in_force

DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
COLUMNS = (
    "position",
    "register_number",
    "number",
    "date",
    "creator",
    "title",
    "file_code",
    "retention_class",
    "folder",
    "sha256",
)
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")  # not in XML 1.0


@dataclass(frozen=True, slots=True)
class Package:
    """A package that was read again and found whole."""

    folder: Path
    letters: int
    files: int


def write_package(
    office: Office, book: Book, viewer: Viewer, code: str, folder: Path, *, now: datetime
) -> Package:
    """Write the package of a list into a new folder and prove it by reading it again.

    Who took the files away stands in the audit trail.
    Never holds a secret letter. Raises NoSuchRecordError, ArchiveFileMissingError for a letter whose
    file is not there, and PackageFailedError.
    """
    transfers = book.retention(law_in_force(office)).transfers
    found, letters = transfers.find(code), transfers.rows(viewer, code, now.date())
    archive, payload, rows = Archive(office.archive), dict[str, Path | bytes](), []
    for position, letter in enumerate(letters, start=1):
        place = f"letters/{position:04}"
        files = _files(book, viewer, letter)
        for at, (sha256, searchable_sha256) in enumerate(files, start=1):
            more = "" if at == 1 else f"-{at}"  # further copies of a sent letter
            original = archive.path_of(sha256)
            payload[f"{place}/original{more}{original.suffix}"] = original
            if searchable_sha256 is not None:
                path = archive.path_of(searchable_sha256, Shelf.SEARCHABLE)
                payload[f"{place}/searchable{more}.pdf"] = path
        creator = letter.sender or office.settings.office.name
        rows.append(_row(position, letter, creator, f"data/{place}", files[0][0] if files else ""))
    payload["metadata.csv"] = _as_csv(rows)
    payload["metadata.xml"] = _as_xml(found, rows, office.settings.office.name)
    try:
        make_bag(folder, payload, _info(found, office), on=now.date())
        problems = list(verify_bag(folder))
    except OSError as error:
        raise PackageFailedError(str(folder), error.strerror or str(error)) from error
    if problems:
        raise PackageFailedError(str(folder), problems[0])
    details = {"list": code, "letters": len(letters)}
    book.audit.record(viewer.name, "transfer_packaged", now, details=details)
    return Package(folder, len(letters), len(payload))


def zip_package(folder: Path) -> Path:
    """Pack a package into one ZIP beside it and read every file of it again; return the ZIP."""
    target = folder.with_name(f"{folder.name}.zip")
    try:
        with zipfile.ZipFile(target, "x", zipfile.ZIP_DEFLATED) as packed:
            for path in sorted(folder.rglob("*")):
                if path.is_file():
                    packed.write(path, f"{folder.name}/{path.relative_to(folder).as_posix()}")
        with zipfile.ZipFile(target) as packed:
            damaged = packed.testzip()
    except OSError as error:
        raise PackageFailedError(str(target), error.strerror or str(error)) from error
    if damaged is not None:
        raise PackageFailedError(str(target), f"{damaged} is damaged")
    return target


def _info(found: TransferList, office: Office) -> dict[str, str]:
    return {
        "Source-Organization": office.settings.office.name,
        "External-Description": f"{FORM_THAI[found.form]} (แบบที่ {found.form})",
        "External-Identifier": found.code,
        "Bag-Group-Identifier": found.code,
        "Internal-Sender-Identifier": found.sent_number or found.code,
    }


def _files(book: Book, viewer: Viewer, letter: KnownLetter) -> list[tuple[str, str | None]]:
    """Return (original, searchable PDF) of a paper by SHA-256; a sent one may have several, or none."""
    key = key_of(letter.facts.letter_id)
    if key.kind is LetterKind.SENT:
        copies = book.sent.files(viewer, key.id)
        return [(one.sha256, one.searchable_sha256) for one in copies]
    file = book.letters.file_of(viewer, key.id)
    return [(file.sha256, file.searchable_sha256)]


def _row(
    position: int, letter: KnownLetter, creator: str, folder: str, sha256: str
) -> dict[str, str]:
    return {
        "position": str(position),
        "register_number": letter.label,
        "number": letter.number,
        "date": letter.date.isoformat() if letter.date else "",
        "creator": creator,
        "title": letter.subject,
        "file_code": letter.file_code,
        "retention_class": letter.facts.retention_class,
        "folder": folder,
        "sha256": sha256,
    }


def _as_csv(rows: list[dict[str, str]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _harmless(value) for name, value in row.items()})
    return text.getvalue().encode("utf-8-sig")  # spreadsheets know Thai by the mark


def _harmless(value: str) -> str:
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value


def _as_xml(found: TransferList, rows: list[dict[str, str]], office: str) -> bytes:
    ElementTree.register_namespace("dc", DUBLIN_CORE)
    root = ElementTree.Element(
        "transfer", {"list": found.code, "form": found.form.value, "office": office}
    )
    for row in rows:
        record = ElementTree.SubElement(root, "record", {"position": row["position"]})
        for name in ("title", "creator", "date"):
            _add(record, f"{{{DUBLIN_CORE}}}{name}", row[name])
        _add(record, f"{{{DUBLIN_CORE}}}identifier", row["number"])
        for name in ("register_number", "file_code", "retention_class", "folder", "sha256"):
            _add(record, name, row[name])
    ElementTree.indent(root)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _add(record: ElementTree.Element, name: str, value: str) -> None:
    if value:
        ElementTree.SubElement(record, name).text = _UNPRINTABLE.sub("", value)
