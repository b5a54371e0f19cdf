"""A backup holds the office of its moment, opens only with its passphrase, lets go in time, and is proven."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from index.archive import Archive, Shelf
from index.book import Book
from pipeline.backup.errors import (
    BackupFailedError,
    BackupToolMissingError,
    BackupUnderWayError,
    NoBackupThereError,
    PassphraseMissingError,
    RestoreRefusedError,
    WrongPassphraseError,
)
from pipeline.backup.make import Made, last_day_in_backups, make_backup
from pipeline.backup.moment import BackupRecord, alone, folder_of, forget, moment_of, tidy
from pipeline.backup.passphrase import VARIABLE, find_passphrase
from pipeline.backup.restic import Passphrase, Restic, Stored
from pipeline.backup.restore import choose, prove, rehearse, restore
from pipeline.office import Office, create_office, open_book, open_office
from pipeline.place import first_settle
from tests import scans
from tests.keeping import MadeScan, make_filing, take

pytestmark = pytest.mark.restic
NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
WORDS = Passphrase("ถ้อยคำ ลับ of three words")


@dataclass(frozen=True, slots=True)
class Kept:
    """An office, its backup of `NOW`, and a free folder."""

    office: Office
    restic: Restic
    place: Path


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One office backed up once: what opens a backup is slow by intent, half a second each time."""
    place = tmp_path_factory.mktemp("kept")
    office = create_office(place / "office")
    (office.rules / "own.toml").write_text("# edited by hand\n", encoding="utf-8")
    # Scanner's noise, so that packing cannot make it small.
    (office.root / "inbox" / "just scanned.pdf").write_bytes(os.urandom(3_000_000))
    (office.root / "search").mkdir()
    (office.root / "search" / "segment").write_bytes(b"derived")
    with open_book(office) as book:
        keep_letter(office, book, "first")
    made = back_up(office, Restic(str(place / "backup"), WORDS))
    assert made.record.numbers == {"receive/2569": 1}
    assert made.stored.added_bytes > 3_000_000
    return place


@pytest.fixture
def kept(made_once: Path, tmp_path: Path) -> Kept:
    """A copy of both, to be changed at will."""
    shutil.copytree(made_once, tmp_path, dirs_exist_ok=True)
    return Kept(open_office(tmp_path / "office"), Restic(str(tmp_path / "backup"), WORDS), tmp_path)


def keep_letter(office: Office, book: Book, text: str) -> str:
    """File a letter with its files in the archive; return the original's SHA-256."""
    scan = scans.write_pdf(office.work / f"{text}.pdf", text)
    sha256 = hashlib.sha256(scan.read_bytes()).hexdigest()
    book.jobs.record_arrival(MadeScan(scan, scan.name, sha256))
    archive = Archive(office.archive)
    archive.keep_original(scan, sha256, ".pdf", secret=False)
    book.jobs.file(take(book), make_filing(), NOW)
    scan.unlink()
    return sha256


def back_up(office: Office, restic: Restic, at: datetime = NOW, keep_days: int = 90) -> Made:
    with open_book(office) as book:
        return make_backup(office, book, restic, at, keep_days=keep_days, may_begin=True)


def quiet(_part: str) -> None:
    """Nobody watches."""


def test_a_restored_office_is_what_it_was_and_nothing_derived(kept: Kept, tmp_path: Path) -> None:
    office, restic = kept.office, kept.restic
    restored = restore(restic, "latest", tmp_path / "back", quiet)
    assert restored.wrong == ()
    back = tmp_path / "back"
    for part in ("archive", "inbox", "rules", "saraban.toml"):
        before = {p.relative_to(office.root): p.read_bytes() for p in files_of(office.root / part)}
        assert {p.relative_to(back): p.read_bytes() for p in files_of(back / part)} == before, part
    assert not (back / "search" / "segment").exists()
    assert not (back / "backup.json").exists()
    assert not (back / "cache" / "backup").exists()
    with open_book(Office(back, office.settings)) as book:
        (line,) = [one for one in book.audit.newest() if one.action == "restored"]
        assert line.details == {"made_at": NOW.isoformat()}


def test_a_restored_office_goes_on_with_what_waited(kept: Kept, tmp_path: Path) -> None:
    office = kept.office
    with open_book(office) as book:
        first_settle(office, book)
        scan = scans.write_pdf(office.work / "waits.pdf", "waits")
        sha256 = hashlib.sha256(scan.read_bytes()).hexdigest()
        book.jobs.record_arrival(MadeScan(scan, scan.name, sha256))
    back_up(office, kept.restic, NOW + timedelta(minutes=1))
    assert restore(kept.restic, "latest", tmp_path / "back", quiet).wrong == ()
    with open_book(open_office(tmp_path / "back")) as book:  # nobody is asked whether it was moved
        (path,) = [one.path for one in book.jobs.places()]
        assert path == tmp_path / "back" / "work" / "waits.pdf"
        assert book.place.read().place == str((tmp_path / "back").resolve())


def files_of(path: Path) -> list[Path]:
    return [path] if path.is_file() else [one for one in path.rglob("*") if one.is_file()]


def test_the_second_backup_stores_only_what_is_new(kept: Kept) -> None:
    office, restic = kept.office, kept.restic
    second = back_up(office, restic, NOW + timedelta(hours=1))
    assert second.stored.added_bytes < 500_000
    assert [one.made_at for one in restic.snapshots()] == [NOW, NOW + timedelta(hours=1)]


def test_nothing_of_a_moment_stays_in_the_office(kept: Kept) -> None:
    office = kept.office
    (folder_of(office) / "office").mkdir()
    (folder_of(office) / "office" / "left by a kill").touch()
    tidy(office)
    assert [one.name for one in folder_of(office).iterdir()] == ["lock"]
    with open_book(office) as book, alone(office), moment_of(office, book, NOW) as (folder, _):
        assert (folder / "rules" / "own.toml").is_file()
    assert [one.name for one in folder_of(office).iterdir()] == ["lock"]


def test_two_backups_of_an_office_do_not_run_at_once(kept: Kept) -> None:
    office, restic = kept.office, kept.restic
    with alone(office), pytest.raises(BackupUnderWayError, match="wait"):
        back_up(office, restic)


def test_at_night_no_backup_is_begun_where_there_is_none(kept: Kept) -> None:
    elsewhere = Restic(str(kept.place / "not plugged in"), WORDS)
    with open_book(kept.office) as book, pytest.raises(NoBackupThereError, match="plugged in"):
        make_backup(kept.office, book, elsewhere, NOW, keep_days=90, may_begin=False)
    assert not Path(elsewhere.place).exists()


def test_what_was_moved_to_the_secret_part_meanwhile_lies_there_only(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = kept.office
    with open_book(office) as book:
        sha256 = keep_letter(office, book, "turns secret")
        copy_to = Book.copy_to

        def hide_first(self: Book, *arguments: object) -> None:
            Archive(office.archive).hide(sha256)
            copy_to(self, *arguments)  # type: ignore[arg-type]

        monkeypatch.setattr(Book, "copy_to", hide_first)
        with alone(office), moment_of(office, book, NOW) as (folder, _):
            names = [p.relative_to(folder) for p in folder.rglob(f"{sha256}*")]
    assert names == [Path("archive/secret/originals") / sha256[:2] / f"{sha256}.pdf"]


def test_a_share_inside_the_office_is_copied_and_an_archive_elsewhere_is_said_so(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = kept.office
    link = os.link
    elsewhere = [office.root / "inbox"]

    def refuse(source: str, target: Path) -> None:
        if any(Path(source).is_relative_to(one) for one in elsewhere):
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        link(source, target)

    monkeypatch.setattr(os, "link", refuse)
    with open_book(office) as book, alone(office):
        with moment_of(office, book, NOW) as (folder, _):
            copied = folder / "inbox" / "just scanned.pdf"
            assert copied.read_bytes() == (office.root / "inbox" / copied.name).read_bytes()
        elsewhere.append(office.archive)
        with (
            pytest.raises(BackupFailedError, match="one file system"),
            moment_of(office, book, NOW),
        ):
            pass
    assert not (folder_of(office) / "office").exists()


def test_a_letter_destroyed_while_a_backup_is_made_is_not_in_it(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, restic = kept.office, kept.restic
    with open_book(office) as book:
        sha256 = keep_letter(office, book, "destroyed")
    store, tries = Restic.store, []

    def destroy_first(self: Restic, folder: Path, at: datetime, **rest: object) -> Stored | None:
        tries.append(folder)
        if len(tries) == 1:
            Archive(office.archive).remove(sha256, Shelf.ORIGINAL)
            forget(office.root, sha256)
        assert not list(folder.rglob(f"{sha256}*"))
        return store(self, folder, at, **rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Restic, "store", destroy_first)
    back_up(office, restic)
    assert len(tries) == 2


def test_what_was_destroyed_has_left_every_backup_on_the_stated_day(kept: Kept) -> None:
    office, restic = kept.office, kept.restic
    with open_book(office) as book:
        sha256 = keep_letter(office, book, "to be destroyed")
    # Later than the moment that `kept` has: of two of one second, restic keeps either.
    back_up(office, restic, NOW + timedelta(hours=1), keep_days=30)
    Archive(office.archive).remove(sha256, Shelf.ORIGINAL)
    assert last_day_in_backups(NOW.date(), 30) == date(2026, 4, 2)
    for days in (10, 29):
        back_up(office, restic, NOW + timedelta(days=days), keep_days=30)
        assert holding(restic, sha256)
    made = back_up(office, restic, NOW + timedelta(days=31), keep_days=30)
    assert made.expired >= 1
    assert not holding(restic, sha256)


def holding(restic: Restic, sha256: str) -> bool:
    """Tell whether a piece of that file lies in any file of the backup."""
    assert restic.folder is not None
    packs = [one.name for one in (restic.folder / "data").rglob("*") if one.is_file()]
    assert packs
    return any(sha256 in path for pack in packs for path in restic.paths_in(pack))


def test_a_passphrase_is_on_no_command_line(
    kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = kept.office
    told = tmp_path / "told"
    script = tmp_path / "bin" / "restic"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\necho "$RESTIC_PASSWORD" "$@" >>{told}\nexit 1\n')
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{script.parent}:{os.environ['PATH']}")
    with pytest.raises(BackupFailedError):
        back_up(office, Restic(str(tmp_path / "new"), WORDS))
    (line,) = told.read_text("utf-8").splitlines()
    assert line.startswith(WORDS.words)
    assert line.count(WORDS.words) == 1
    assert WORDS.words not in repr(WORDS)


def test_it_says_what_to_install(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    office, restic = kept.office, kept.restic
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(BackupToolMissingError, match="apt-get install restic"):
        back_up(office, restic)


def test_another_passphrase_opens_nothing(kept: Kept, tmp_path: Path) -> None:
    restic = kept.restic
    assert len(list((kept.place / "backup" / "keys").iterdir())) == 2  # one may be damaged
    with pytest.raises(WrongPassphraseError):
        Restic(restic.place, Passphrase("another")).snapshots()


def test_where_a_passphrase_may_come_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "passphrase"
    file.write_text(f"{WORDS.words}\n", encoding="utf-8")
    with pytest.raises(PassphraseMissingError, match="chmod 600"):
        find_passphrase(file)
    file.chmod(0o600)
    assert find_passphrase(file).environment == {"RESTIC_PASSWORD_FILE": str(file)}
    monkeypatch.delenv(VARIABLE, raising=False)
    assert find_passphrase(None, lambda: "typed").words == "typed"
    with pytest.raises(PassphraseMissingError):
        find_passphrase(None)
    monkeypatch.setenv(VARIABLE, "in the environment")
    assert find_passphrase(None).words == "in the environment"
    file.write_text("two\nlines\n", encoding="utf-8")
    with pytest.raises(PassphraseMissingError, match="one line"):
        find_passphrase(file)


def test_the_same_words_in_a_file_and_in_the_environment_open_the_same_backup(
    kept: Kept, tmp_path: Path
) -> None:
    file = tmp_path / "passphrase"
    file.write_text(f"{WORDS.words}\n", encoding="utf-8")
    file.chmod(0o600)
    assert len(Restic(kept.restic.place, find_passphrase(file)).snapshots()) == 1
    new = Restic(str(tmp_path / "new"), find_passphrase(file))
    new.create()
    for key in files_of(tmp_path / "new" / "keys"):  # either of the two keys
        hidden = key.rename(tmp_path / key.name)
        assert Restic(str(tmp_path / "new"), WORDS).snapshots() == ()
        hidden.rename(key)


def test_a_folder_with_something_in_it_is_left_alone(kept: Kept, tmp_path: Path) -> None:
    office, restic = kept.office, kept.restic
    with pytest.raises(RestoreRefusedError, match="not empty"):
        restore(restic, "latest", office.root, quiet)
    with pytest.raises(RestoreRefusedError, match="no moment"):
        choose(restic, "0123abcd")
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".")] == []


def test_a_restore_that_breaks_off_leaves_no_half_office(
    kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    restic = kept.restic

    def break_off(_self: Restic, _snapshot: str, target: Path) -> None:
        (target / "saraban.toml").touch()
        raise BackupFailedError("kept", "the disk was pulled out")

    monkeypatch.setattr(Restic, "restore", break_off)
    with pytest.raises(BackupFailedError):
        restore(restic, "latest", tmp_path / "back", quiet)
    assert not (tmp_path / "back").exists()
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".")] == []


def test_a_rehearsal_proves_and_leaves_nothing(kept: Kept, tmp_path: Path) -> None:
    restic = kept.restic
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    assert rehearse(restic, "latest", scratch, quiet).wrong == ()
    assert list(scratch.iterdir()) == []


def test_what_is_missing_from_a_restored_office_is_told(kept: Kept, tmp_path: Path) -> None:
    office, restic = kept.office, kept.restic
    said = BackupRecord.read(restic.read("latest", "backup.json"))
    (original,) = (office.archive / "originals").rglob("*.pdf")
    original.unlink()
    with open_book(office) as book:
        book.audit.record("somebody", "viewed", NOW)
    told = [f"{one.where}: {one.what}" for one in prove(office, said, quiet)]
    assert any("the audit trail ends with" in one for one in told)
    assert any("has no file" in one for one in told)


def test_of_a_damaged_book_a_moment_is_kept_and_nothing_expires(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, restic = kept.office, kept.restic
    monkeypatch.setattr(Book, "damage", lambda _self: ("the database is damaged: page 7",))
    made = back_up(office, restic, NOW + timedelta(days=9), keep_days=5)
    assert made.record.damage
    assert len(restic.snapshots()) == 2
