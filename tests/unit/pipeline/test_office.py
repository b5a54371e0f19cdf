"""An office folder is made once, completed when asked again, and worked by one server at a time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.errors import NotAnOfficeError, OfficeInUseError
from pipeline.office import create_office, open_office, sole_server


def test_making_an_office_gives_every_folder(tmp_path: Path) -> None:
    office = create_office(tmp_path / "สำนักงาน ทดสอบ")
    assert {path.name for path in office.root.iterdir()} == {
        "archive",
        "inbox",
        "quarantine",
        "rules",
        "saraban.toml",
        "work",
    }


def test_making_it_again_keeps_what_was_edited(tmp_path: Path) -> None:
    office = create_office(tmp_path)
    (tmp_path / "saraban.toml").write_text("[web]\nport = 9999\n", encoding="utf-8")
    office.work.rmdir()
    again = create_office(tmp_path)
    assert again.settings.web.port == 9999
    assert again.work.is_dir()


def test_a_folder_that_is_no_office_is_refused_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(NotAnOfficeError, match="saraban init"):
        open_office(tmp_path)


def test_a_second_server_is_refused_and_told_who_the_first_is(tmp_path: Path) -> None:
    office = create_office(tmp_path)
    with (
        sole_server(office) as first,
        pytest.raises(OfficeInUseError, match=first),
        sole_server(office),
    ):
        pass
    with sole_server(office):
        pass  # free again


def test_a_killed_server_does_not_keep_the_office(tmp_path: Path) -> None:
    office = create_office(tmp_path)
    code = (
        "import pathlib, sys, time\nfrom pipeline.office import open_office, sole_server\n"
        "with sole_server(open_office(pathlib.Path(sys.argv[1]))):\n"
        "    print('held', flush=True); time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(OfficeInUseError), sole_server(office):
            pass
        holder.kill()
    with sole_server(office):
        pass
