"""What another system hands over comes in once, with what its list says, and from nowhere but its bundle."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from index.book import Book
from index.visibility import Role, Viewer
from pipeline.carry import Workbench
from pipeline.cli.import_command import command
from pipeline.importing.bundle import Bundle, BundledFile, open_bundle
from pipeline.importing.columns import propose_columns
from pipeline.importing.errors import BundleRefusedError
from pipeline.importing.letter_list import read_list
from pipeline.importing.listed_letter import ListedLetter, read_rows
from pipeline.importing.matching import match_files
from pipeline.importing.profiles import Profiles, profile_for
from pipeline.importing.taking_in import Imported, ImportPlan, plan_import, take_in
from pipeline.intake import Intake
from pipeline.office import Office
from tests import scans
from tests.keeping import NOW
from tests.unit.pipeline.conftest import LETTER, ToldEngine
from tests.unit.pipeline.test_worker import work_one

ALL = Viewer("all", frozenset({Role.SECRET_REGISTRAR}))
LIST = (
    "ที่,เรื่อง,ลงวันที่,จาก,ชั้นความลับ,ไฟล์\n"
    "ศธ 04006/1274,การจัดสรรงบประมาณ งบลงทุน,15 มค 2569,สพฐ,,one.pdf\n"
    "ศธ 04006/9,เรื่องลับ,16 มค 2569,สพฐ,ลับ,two.pdf\n"
    "ศธ 04006/10,ไม่มีไฟล์,16 มค 2569,สพฐ,,gone.pdf\n"
)


@pytest.fixture
def download(tmp_path: Path) -> Path:
    """A ZIP as a browser saved it: two listed letters, one unlisted, one that is no scan."""
    folder = tmp_path / "download"
    folder.mkdir()
    for name, text in (("one", "1"), ("two", "2"), ("more", "3")):
        scans.write_pdf(folder / f"{name}.pdf", text)
    path = tmp_path / "download.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("one", "two", "more"):
            archive.write(folder / f"{name}.pdf", f"../../../{name}.pdf")
        archive.writestr("notes.docx", b"PK but no scan")
        archive.writestr("__MACOSX/._one.pdf", b"junk")
    return path


def plan(office: Office, book: Book, bundle: Bundle) -> ImportPlan:
    letters = read_list("list.csv", LIST.encode())
    profile = Profiles(office).find("AMSS++", letters.header)
    return plan_import(bundle, letters, profile, book.jobs.known_scans())


def bring(office: Office, book: Book, download: Path) -> Imported:
    with open_bundle(download) as bundle:
        planned = plan(office, book, bundle)
        return take_in(planned, bundle, office, book, who="test", now=NOW)


def sweep_all(intake: Intake) -> None:
    while intake.sweep():
        pass


def test_files_come_through_the_door_with_what_the_list_says(
    office: Office, book: Book, download: Path, intake: Intake, bench: Workbench
) -> None:
    done = bring(office, book, download)
    assert done.taken == 3
    assert [name for name, _ in done.refused] == ["notes.docx"]
    assert done.import_id is not None
    assert book.imports.progress(done.import_id).states == {"waiting": 4}
    sweep_all(intake)
    for _ in range(3):
        work_one(book, bench, office)
    letters = {one.register_number.running: one for one in book.letters.page(ALL).letters}
    assert len(letters) == 3
    (secret,) = (one for one in letters.values() if one.is_secret)
    assert book.letters.file_of(ALL, secret.letter_id).name == "two.pdf"
    assert book.letters.file_of(ALL, secret.letter_id).is_secret


def test_what_the_list_says_is_weighed_against_what_is_read(
    office: Office, book: Book, download: Path, intake: Intake, bench: Workbench
) -> None:
    engine = bench.engine
    assert isinstance(engine, ToldEngine)
    engine.lines = (*LETTER[:2], "๑๔ มกราคม ๒๕๖๙", *LETTER[3:])  # the list says the 15th
    bring(office, book, download)
    sweep_all(intake)
    for _ in range(3):
        work_one(book, bench, office)
    page = book.letters.page(ALL, with_content=True)
    listed = [one for one in page.letters if not one.is_secret and "date" in one.review]
    (letter,) = listed
    assert letter.decision is not None
    (reason,) = (
        one
        for one in letter.decision.review
        if one.code == "list_disagrees" and one.field == "date"
    )
    for value in ("2026-01-14", "2026-01-15", "AMSS++"):
        assert value in reason.thai
    assert letter.letter is not None
    assert letter.letter.number is not None
    assert letter.letter.number.confidence >= 0.99  # the list agrees


def test_importing_twice_adds_nothing(
    office: Office, book: Book, download: Path, intake: Intake
) -> None:
    bring(office, book, download)
    sweep_all(intake)
    arrived = book.jobs.known_scans()
    with open_bundle(download) as bundle:
        again = plan(office, book, bundle)
        assert [one.file.name for one in again.new] == ["notes.docx"]
    again_done = bring(office, book, download)
    sweep_all(intake)
    assert again_done.taken == 0
    assert book.jobs.known_scans() == arrived


def test_an_import_that_broke_off_is_finished_by_doing_it_again(
    office: Office, book: Book, download: Path, intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("pipeline.importing.taking_in.hand_in", _stop)
        with pytest.raises(KeyboardInterrupt):
            bring(office, book, download)
    done = bring(office, book, download)
    sweep_all(intake)
    assert done.taken == 3
    assert len(book.jobs.known_scans()) == 3
    assert all(book.imports.claims_for(one) is not None for one in book.jobs.known_scans())


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_folder_is_as_good_as_a_zip_and_links_are_not_followed(
    office: Office, book: Book, tmp_path: Path
) -> None:
    folder = tmp_path / "folder"
    (folder / "deep").mkdir(parents=True)
    scans.write_pdf(folder / "deep" / "one.pdf")
    outside = scans.write_pdf(tmp_path / "outside.pdf", "9")
    (folder / "link.pdf").symlink_to(outside)
    with open_bundle(folder) as bundle:
        assert [one.name for one in bundle.files()] == ["one.pdf"]
        assert plan(office, book, bundle).files[0].row is not None


# matching ---------------------------------------------------------------------


def rows() -> tuple[ListedLetter, ...]:
    letters = read_list(
        "l",
        (
            "ที่,เรื่อง,ไฟล์\n"
            "ศธ 04349/ว3694,การจัดสรรงบประมาณรายจ่ายประจำปี,\n"
            "ศธ 04349/369,เรื่องอื่นที่ยาวพอจะจับคู่ได้,\n"
            "ศธ 04006/12,เรื่องสั้น,a.pdf b.pdf\n"
            "ศธ 04006/13,ซ้ำ,same.pdf\n"
            "ศธ 04006/14,ซ้ำ,same.pdf\n"
        ).encode(),
    )
    return read_rows(letters, profile_for("x", letters.header, propose_columns(letters.header)))


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("ศธ04349-ว3694.pdf", 1),
        ("ศธ ๐๔๓๔๙_ว๓๖๙๔ (1).pdf", 1),
        ("ศธ 04349-369.pdf", 2),
        ("เรื่องอื่นที่ยาวพอจะจับคู่ได้.pdf", 2),
        ("A.PDF", 3),
        ("a", 3),
        ("same.pdf", None),  # two rows claim it
        ("scan001.pdf", None),
        ("3694.pdf", 1),  # the number's last part alone
        ("๓๖๙ (1).pdf", 2),
        ("12.pdf", None),  # may be the twelfth
        ("ประชุม 3694.pdf", None),
        ("1204349369.pdf", None),
    ],
)
def test_a_file_is_matched_by_name_number_or_subject(name: str, line: int | None) -> None:
    found, _ = match_files([BundledFile("0", name)], rows())
    assert (found["0"].line if found else None) == line


def test_further_files_of_a_row_are_its_enclosures() -> None:
    files = [BundledFile("0", "b.pdf"), BundledFile("1", "a.pdf")]
    letters, enclosures = match_files(files, rows())
    assert letters.keys() == {"1"}
    assert enclosures.keys() == {"0"}


def test_two_files_with_one_number_match_nothing() -> None:
    files = [BundledFile("0", "ศธ04349-ว3694.pdf"), BundledFile("1", "ศธ04349-ว3694 (2).pdf")]
    assert match_files(files, rows()) == ({}, {})


# bundles that mean harm ---------------------------------------------------------


@pytest.fixture
def zipped(tmp_path: Path) -> Iterator[tuple[Path, zipfile.ZipFile]]:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        yield path, archive


def test_a_bomb_is_stopped_while_it_unpacks(
    zipped: tuple[Path, zipfile.ZipFile],
    office: Office,
    book: Book,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("pipeline.importing.bundle.MOST_FILE_BYTES", 1_000_000)
    path, archive = zipped
    archive.writestr("bomb.pdf", b"\0" * 5_000_000)
    archive.close()
    with open_bundle(path) as bundle:
        (file,) = plan(office, book, bundle).files
    assert "far more" in file.problem


def test_a_zip_that_says_it_is_too_large_is_not_begun(
    zipped: tuple[Path, zipfile.ZipFile], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.importing.bundle.MOST_BYTES", 1000)
    path, archive = zipped
    archive.writestr("a.pdf", b"x" * 2000)
    archive.close()
    with open_bundle(path) as bundle, pytest.raises(BundleRefusedError):
        bundle.files()


def test_a_zip_with_a_password_is_refused_and_so_is_what_is_no_zip(
    zipped: tuple[Path, zipfile.ZipFile], tmp_path: Path
) -> None:
    path, archive = zipped
    archive.writestr("a.pdf", b"x")
    archive.close()
    raw = bytearray(path.read_bytes())
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(raw)
    with open_bundle(path) as bundle, pytest.raises(BundleRefusedError, match="password"):
        bundle.files()
    (tmp_path / "not.zip").write_bytes(b"hello")
    with pytest.raises(BundleRefusedError), open_bundle(tmp_path / "not.zip"):
        pass


@pytest.mark.parametrize("encoding", ["utf-8", "cp874"])
def test_thai_names_of_old_programs_are_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("placeholder.pdf", b"x")
    name = "หนังสือ.pdf".encode(encoding)
    name += b"_" * (len("placeholder.pdf") - len(name)) if len(name) < 15 else b""
    raw = path.read_bytes()
    if len(name) == 15:
        path.write_bytes(raw.replace(b"placeholder.pdf", name))
        expected = name.decode(encoding)
    else:  # a longer name moves the directory: write it as zipfile would without its flag
        entry = zipfile.ZipInfo("x" * len(name))
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(entry, b"x")
        path.write_bytes(path.read_bytes().replace(b"x" * len(name), name))
        expected = "หนังสือ.pdf"
    with open_bundle(path) as bundle:
        assert [one.name for one in bundle.files()] == [expected]


# the command line -----------------------------------------------------------------


def dry_header() -> tuple[str, ...]:
    return read_list("list.csv", LIST.encode()).header


def test_the_command_plans_takes_in_and_adds_nothing_the_second_time(
    office: Office, download: Path, tmp_path: Path
) -> None:
    (tmp_path / "list.csv").write_bytes(LIST.encode("cp874"))
    asked = [
        str(download),
        "--list",
        str(tmp_path / "list.csv"),
        "--profile",
        "AMSS++",
        "--office",
        str(office.root),
        "--json",
    ]

    def run(*more: str) -> dict[str, object]:
        ran = CliRunner().invoke(command, [*asked, *more], catch_exceptions=False)
        result = json.loads(ran.stdout)
        assert isinstance(result, dict)
        return result

    dry = run("--dry-run")
    assert (dry["taken"], dry["import"], dry["rows_without_file"]) == (0, None, [3])
    assert Profiles(office).names() == ()
    assert run()["taken"] == 3
    assert Profiles(office).names() == ("AMSS++",)
    mapped = run("--column", "sender=เรื่อง", "--column", "date=", "--dry-run")["columns"]
    assert isinstance(mapped, dict)
    assert (mapped["sender"], "date" in mapped) == ("เรื่อง", False)
    assert Profiles(office).find("AMSS++", dry_header()).columns["sender"] == "จาก", "not yet kept"
    run("--column", "sender=เรื่อง")
    assert Profiles(office).find("AMSS++", dry_header()).columns["sender"] == "เรื่อง"
    wrong = CliRunner().invoke(command, [*asked, "--column", "shelf=จาก"])
    assert wrong.exit_code == 2
    assert "fields are number" in wrong.stderr
    shown = json.dumps(dry, ensure_ascii=False)
    assert "(หนังสือลับ)" in shown
    assert "two.pdf" not in shown
