"""An office becomes a service of the machine: hardened, run by its own user, and only our files are touched."""

from __future__ import annotations

import configparser
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli import cli
from pipeline.errors import ServiceRefusedError
from pipeline.office import Office, create_office
from pipeline.service import FOLDERS, MARK, UNIT, USERS, Service, install, uninstall
from pipeline.settings import Backup, WatchedFolder

PROGRAM = Path("/opt/saraban/bin/saraban")


class Repeating(dict[str, str]):
    """Keeps every value of a key that a unit names twice."""

    def __setitem__(self, key: str, value: str) -> None:
        super().__setitem__(key, f"{self[key]}\n{value}" if key in self and value else value)


@pytest.fixture
def made(tmp_path: Path) -> Office:
    return create_office(tmp_path / "office")


def read_unit(root: Path) -> configparser.ConfigParser:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[method-assign,assignment]
    unit.read_string((root / UNIT).read_text("utf-8"))
    return unit


def test_the_unit_starts_this_office_as_its_own_user(made: Office, tmp_path: Path) -> None:
    written = install(Service(made, PROGRAM, "letters", "scans"), tmp_path / "root")
    assert [path.relative_to(tmp_path / "root") for path in written] == [UNIT, USERS, FOLDERS]
    service = read_unit(tmp_path / "root")["Service"]
    assert service["ExecStart"] == f"{PROGRAM} serve --office {made.root}"
    assert (service["User"], service["SupplementaryGroups"]) == ("letters", "scans")
    assert int(service["TimeoutStopSec"]) > made.settings.work.stop_seconds
    assert "u letters - " in (tmp_path / "root" / USERS).read_text("utf-8")


def test_it_may_write_to_the_office_and_what_its_settings_name_only(
    made: Office, tmp_path: Path
) -> None:
    share = WatchedFolder("/srv/scans", "share")
    settings = replace(
        made.settings,
        watch=replace(made.settings.watch, folder=(*made.settings.watch.folder, share)),
        backup=Backup("/mnt/kept", "/etc/saraban/passphrase"),
    )
    install(Service(Office(made.root, settings), PROGRAM), tmp_path / "root")
    service = read_unit(tmp_path / "root")["Service"]
    assert service["ReadWritePaths"].split() == [str(made.root), "/srv/scans", "/mnt/kept"]
    assert service["ProtectSystem"] == "strict"
    assert service["CapabilityBoundingSet"] == ""
    assert service["UMask"] == "0077"
    assert service["ProtectHome"] == "yes"


def test_a_program_in_a_home_can_be_read(made: Office, tmp_path: Path) -> None:
    install(Service(made, Path("/home/admin/.local/bin/saraban")), tmp_path / "root")
    assert read_unit(tmp_path / "root")["Service"]["ProtectHome"] == "read-only"


def test_scanners_reach_the_inbox_and_nothing_else(made: Office, tmp_path: Path) -> None:
    install(Service(made, PROGRAM), tmp_path / "root")
    lines = (tmp_path / "root" / FOLDERS).read_text("utf-8").splitlines()[1:]
    rights = {Path(line.split()[1]): line.split()[2:5] for line in lines}
    assert rights.pop(made.root) == ["0710", "saraban", "scanner"]
    assert rights.pop(made.root / "inbox") == ["2770", "saraban", "scanner"]
    assert set(rights) == {made.root / one for one in ("archive", "quarantine", "work", "rules")}
    assert {tuple(one) for one in rights.values()} == {("0700", "saraban", "saraban")}


def test_installed_again_it_is_the_same_and_uninstalled_it_leaves_the_office(
    made: Office, tmp_path: Path
) -> None:
    root = tmp_path / "root"
    install(Service(made, PROGRAM), root)
    before = (root / UNIT).read_text("utf-8")
    install(Service(made, PROGRAM), root)
    assert (root / UNIT).read_text("utf-8") == before
    assert len(uninstall(root)) == 3
    assert [path for path in root.rglob("*") if path.is_file()] == []
    assert (made.root / "saraban.toml").is_file()
    assert uninstall(root) == ()


@pytest.mark.parametrize("place", [UNIT, USERS, FOLDERS])
def test_somebody_elses_file_is_left_alone(made: Office, tmp_path: Path, place: Path) -> None:
    foreign = tmp_path / place
    foreign.parent.mkdir(parents=True)
    foreign.write_text("# by hand\n", encoding="utf-8")
    with pytest.raises(ServiceRefusedError, match="not written by this program"):
        install(Service(made, PROGRAM), tmp_path)
    with pytest.raises(ServiceRefusedError, match="not written by this program"):
        uninstall(tmp_path)
    assert foreign.read_text("utf-8") == "# by hand\n"
    files = [path for path in (tmp_path / "etc").rglob("*") if path.is_file()]
    assert files == [foreign]


@pytest.mark.parametrize("folder", ["two words", "per%cent", 'quo"te', "semi;colon"])
def test_a_path_that_would_mean_something_else_in_a_unit_is_refused(
    tmp_path: Path, folder: str
) -> None:
    office = create_office(tmp_path / folder)
    with pytest.raises(ServiceRefusedError, match="plain name"):
        install(Service(office, PROGRAM), tmp_path / "root")
    with pytest.raises(ServiceRefusedError, match="no name of a user"):
        install(Service(office, PROGRAM, user="root\nExecStart=/bin/sh"), tmp_path / "root")
    assert not (tmp_path / "root").exists()


def test_the_command_says_what_to_type_next(made: Office, tmp_path: Path) -> None:
    where = ["--root", str(tmp_path / "root")]
    ran = CliRunner().invoke(cli, ["service", "install", "--office", str(made.root), *where])
    assert ran.exit_code == 0, ran.output
    assert "systemctl enable --now saraban" in ran.output
    assert (tmp_path / "root" / UNIT).read_text("utf-8").startswith(MARK)
    ran = CliRunner().invoke(cli, ["service", "uninstall", *where])
    assert "systemctl disable --now saraban" in ran.output
