"""On the import page nothing comes in before somebody has seen what would, and said yes."""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from index.book import Book
from index.visibility import Role, Viewer
from pipeline.handed_in import IMPORT, inner_folder
from pipeline.importing.profiles import Profiles
from pipeline.importing.staging import Staging
from pipeline.office import Office
from pipeline.rules_in_force import RulesInForce
from pipeline.web.app import make_app
from tests import scans
from tests.keeping import CLERK, OFFICER
from tests.unit.pipeline.web.api.test_api import Program

LIST = (
    "ที่;เรื่อง;ลงวันที่;หน่วย;ชั้นความลับ;ไฟล์\n"
    "ศธ 04006/1274;<script>งบลงทุน;15 มค 2569;สพฐ.;;one.pdf\n"
    "ศธ 04006/9;สอบสวนลับ;16 มค 2569;สพฐ.;ลับ;two.pdf\n"
).encode("cp874")
HERE = {"Origin": "http://127.0.0.1:8470"}
OTHER = Viewer("other", frozenset({Role.REGISTRY_CLERK}))


@pytest.fixture
def program(office: Office, book: Book) -> Iterator[Program]:
    app = make_app(office, book, rules=RulesInForce(office.rules, office.kept_rules))
    yield Program(app).as_(CLERK)
    app.state.site.finder.close()


@pytest.fixture
def download(tmp_path: Path) -> bytes:
    path = tmp_path / "d.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("one", "two"):
            archive.write(scans.write_pdf(tmp_path / f"{name}.pdf", name), f"{name}.pdf")
    return path.read_bytes()


def post(program: Program, address: str, **more: object) -> httpx.Response:
    return program.ask("POST", address, headers=HERE, **more)


def upload(program: Program, download: bytes, letters: bytes = LIST) -> httpx.Response:
    files = {"bundle": ("d.zip", download), "letters": ("list.csv", letters)}
    return post(program, "/import", files=files, data={"profile": "AMSS++"})


def key_in(answer: httpx.Response) -> str:
    found = re.search(r"/import/([0-9a-f]{32})/confirm", answer.text)
    assert found is not None, answer.text
    return found[1]


def waiting(office: Office) -> list[str]:
    folders = (inner_folder(office, IMPORT, secret=secret) for secret in (False, True))
    return sorted(one.name for folder in folders for one in folder.iterdir())


def test_look_choose_columns_confirm_and_follow(
    program: Program, office: Office, book: Book, download: bytes
) -> None:
    assert program.get("/import").status_code == 200
    first = upload(program, download)
    assert "ศธ ๐๔๐๐๖/๑๒๗๔" in first.text
    assert "๑๕ ม.ค. ๒๕๖๙" in first.text
    assert "<script>งบ" not in first.text
    assert "สพฐ." not in first.text  # the column is not known by its name
    for secret in ("สอบสวน", "two.pdf"):
        assert secret not in first.text
    assert waiting(office) == []
    key = key_in(first)
    chosen = {
        "profile": "AMSS++",
        "column-number": "ที่",
        "column-sender": "หน่วย",
        "column-subject": "เรื่อง",
        "column-file": "ไฟล์",
        "column-secrecy": "ชั้นความลับ",
    }
    assert "สพฐ." in post(program, f"/import/{key}/look", data=chosen).text
    done = post(program, f"/import/{key}/confirm", data=chosen)
    assert done.status_code == 303
    assert waiting(office) == ["one.pdf", "two.pdf"]
    assert (
        Profiles(office).find("AMSS++", ("ที่", "หน่วย", "เรื่อง", "ไฟล์", "ชั้นความลับ")).columns["sender"]
        == "หน่วย"
    )
    shown = program.get(done.headers["location"])
    assert "รออ่าน" in shown.text
    assert post(program, f"/import/{key}/confirm", data=chosen).status_code == 404
    assert list((office.root / "imports" / "staged").iterdir()) == []


def test_an_upload_is_its_uploaders_alone(program: Program, download: bytes) -> None:
    key = key_in(upload(program, download))
    for viewer, status in ((OTHER, 404), (OFFICER, 403)):
        answer = post(program.as_(viewer), f"/import/{key}/confirm", data={"profile": "x"})
        assert answer.status_code == status


def test_what_cannot_be_read_is_said_in_thai_and_not_kept(
    program: Program, office: Office, download: bytes
) -> None:
    for bundle, letters in ((b"no zip", LIST), (download, b"no list")):
        answer = upload(program, bundle, letters)
        assert answer.status_code == 422
        assert "โปรด" in answer.text
    assert list((office.root / "imports" / "staged").iterdir()) == []
    key = key_in(upload(program, download))
    answer = post(program, f"/import/{key}/confirm", data={"profile": "../x", "column-number": "ที่"})
    assert "รูปแบบนำเข้า" in answer.text
    assert waiting(office) == []


def test_files_without_a_list_come_in_too_and_old_uploads_are_forgotten(
    program: Program, office: Office, download: bytes
) -> None:
    data = {"profile": "paper"}
    answer = post(program, "/import", files={"bundle": ("d.zip", download)}, data=data)
    done = post(program, f"/import/{key_in(answer)}/confirm", data=data)
    assert done.status_code == 303
    assert len(waiting(office)) == 2
    upload(program, download + b"")
    staging = Staging(office)
    (folder,) = (office.root / "imports" / "staged").iterdir()
    staging.forget_old(program.app.state.site.now())
    assert folder.exists()
    os.utime(folder, (1, 1))
    program.get("/import")
    assert not folder.exists()
