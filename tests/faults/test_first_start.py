"""What the first start takes and says: one address, not a list of them; and no password where logs are kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.book import Book
from index.visibility import Role
from pipeline.errors import SettingsRefusedError
from pipeline.first_people import make_first_administrator
from pipeline.office import Office, open_office
from tests.keeping import NOW
from tests.offices import saraban_here
from tests.unit.pipeline.conftest import book, made_office, office

__all__ = ["book", "made_office", "office"]  # the fixtures


@pytest.mark.parametrize("hosts", ["127.0.0.1,0.0.0.0", "localhost, 10.0.0.1", "a b"])
def test_a_list_of_addresses_is_refused_with_its_line(tmp_path: Path, hosts: str) -> None:
    (tmp_path / "saraban.toml").write_text(f'[web]\nhost = "{hosts}"\n', "utf-8")
    with pytest.raises(SettingsRefusedError, match=r"saraban.toml:2: web.host names more than one"):
        open_office(tmp_path)


def test_the_command_line_takes_no_list_either(tmp_path: Path) -> None:
    ran = saraban_here("serve", "--host", "127.0.0.1,0.0.0.0", "--office", str(tmp_path / "new"))
    assert ran.code == 2
    assert "more than one" in ran.err
    assert not (tmp_path / "new").exists()


def test_the_first_administrator_is_made_once_with_a_private_file(
    office: Office, book: Book
) -> None:
    told = make_first_administrator(office, book, NOW)
    assert told is not None
    name, password = office.first_password.read_text("utf-8").split()
    assert name == "admin"
    assert password not in told, "what a service says goes to logs"
    assert str(office.first_password) in told
    assert office.first_password.stat().st_mode & 0o777 == 0o600
    assert make_first_administrator(office, book, NOW) is None
    (admin,) = book.people.all()
    assert admin.must_change_password
    assert admin.roles == {Role.ADMINISTRATOR}
