"""The settings file is checked to the last key, and a refusal names file, line and remedy."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from importlib import resources
from pathlib import Path

import pytest

from pipeline.errors import SettingsRefusedError
from pipeline.settings import Settings, WatchedFolder, load_settings


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "saraban.toml"


def test_the_shipped_file_says_what_the_defaults_are() -> None:
    with resources.as_file(resources.files("pipeline") / "saraban.toml") as shipped:
        assert load_settings(shipped) == Settings()


def test_an_empty_file_means_the_defaults(path: Path) -> None:
    path.write_text("", encoding="utf-8")
    assert load_settings(path) == Settings()


def test_everything_written_is_taken(path: Path) -> None:
    path.write_text(
        '[office]\nname = "สพป.ทดสอบ"\n[watch]\nsettle_seconds = 1\n'
        '[[watch.folder]]\npath = "in"\nprofile = "a"\n'
        '[[watch.folder]]\npath = "/srv/x"\nprofile = "b"\nsecret = true\n'
        "[work]\nworkers = 4\n[web]\nport = 9000\n",
        encoding="utf-8",
    )
    settings = load_settings(path)
    assert settings.office.name == "สพป.ทดสอบ"
    assert settings.watch.settle_seconds == 1.0
    assert settings.watch.folder == (
        WatchedFolder("in", "a"),
        WatchedFolder("/srv/x", "b", secret=True),
    )
    assert (settings.work.workers, settings.web.port) == (4, 9000)


def test_settings_do_not_change_after_reading(path: Path) -> None:
    with pytest.raises(FrozenInstanceError):
        Settings().web.port = 1  # type: ignore[misc]


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ('[office]\n\nnam = "x"\n', 3, "unknown key office.nam"),
        ("[ofice]\n", 1, "unknown key ofice"),
        ("workers = 1\n", 1, "unknown key workers"),
        ('[web]\nhost = "::1"\nport = "8470"\n', 3, "web.port is '8470'"),
        ("[web]\nport = true\n", 2, "web.port is True"),
        ("[web]\nport = 70000\n", 2, "web.port is not 1 to 65535"),
        ('[office]\ntimezone = "Mars/North"\n', 2, "is not a time zone"),
        ("[watch]\nsettle_seconds = 0\n", 2, "is not above 0"),
        ("[watch]\nsettle_seconds = 9\npatience_seconds = 1\n", 3, "shorter than settle_seconds"),
        ('[[watch.folder]]\npath = "inbox"\n', 1, "lacks profile"),
        ("[watch]\nfolder = 3\n", 2, "watch.folder is not a list"),
        (
            '[[watch.folder]]\npath="a"\nprofile="x"\n[[watch.folder]]\npath="b"\nprofile="x"\n',
            3,
            "used twice",
        ),
        ("web = 3\n", 1, "web is not a section"),
        ('[search]\nengine = "grep"\n', 2, "search.engine is unknown"),
        ("[review]\nkind = 0\ndate = 90\n", 3, "review.date is not 0 to 1"),
        ('[backup]\nto = "/mnt/kept"\n', 1, "backup.passphrase_file is missing"),
        ("[backup]\nkeep_days = 0\n", 2, "backup.keep_days is not 1 to 3660"),
        ("[web\n", 1, "not TOML"),
    ],
)
def test_a_wrong_file_is_refused_with_line_and_advice(
    path: Path, text: str, line: int, problem: str
) -> None:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsRefusedError) as refused:
        load_settings(path)
    assert f"{path}:{line}: " in str(refused.value)
    assert problem in str(refused.value)
    assert ";" in str(refused.value), "no advice"
    assert refused.value.exit_code == 3
    assert f"บรรทัด {line}" in refused.value.thai


def test_a_file_in_another_encoding_is_refused(path: Path) -> None:
    path.write_bytes('[office]\nname = "สพป."\n'.encode("tis-620"))
    with pytest.raises(SettingsRefusedError, match="UTF-8"):
        load_settings(path)
