"""Whatever bytes another system hands over are read as a list or a bundle, or refused; nothing else happens."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.errors import FileUnfitError
from pipeline.importing.bundle import last_name, open_bundle
from pipeline.importing.columns import propose_columns
from pipeline.importing.errors import BundleRefusedError, ListRefusedError, ProfileRefusedError
from pipeline.importing.letter_list import read_list
from pipeline.importing.listed_letter import read_rows
from pipeline.importing.profiles import profile_for

TAGS = st.sampled_from(
    [
        "<table>",
        "</table>",
        "<tr>",
        "<td colspan=99>",
        "<td>",
        "</td>",
        "<th>ที่",
        "<th>เรื่อง",
        "<!--",
        "-->",
        "<![CDATA[",
        "&#0;",
        "&#xD800;",
        "<a href='//x/../y.pdf'>",
        "<script>",
        "</script>",
        "<td colspan=๙>",
    ]
)
HTML = st.lists(st.one_of(TAGS, st.text(max_size=8)), max_size=60).map("".join)
FEW = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def read_it(data: bytes) -> None:
    with suppress(ListRefusedError, ProfileRefusedError):
        letters = read_list("x", data)
        assert len(set(letters.header)) == len(letters.header)
        assert {len(row) for row in letters.rows} <= {len(letters.header)}
        profile = profile_for("x", letters.header, propose_columns(letters.header))
        for row in read_rows(letters, profile):
            assert all("/" not in name and "\\" not in name for name in row.files)


@FEW
@given(HTML.map(lambda text: ("<table><tr><td>ที่<td>เรื่อง</tr>" + text).encode(errors="replace")))
def test_any_html_is_a_list_or_refused(data: bytes) -> None:
    read_it(data)


@FEW
@given(st.binary(max_size=400))
def test_any_bytes_are_a_list_or_refused(data: bytes) -> None:
    read_it(data)
    read_it("ที่,เรื่อง,ไฟล์\n".encode() + data)
    read_it(b"PK\x03\x04" + data)


@FEW
@given(st.binary(max_size=200), st.integers(0, 400), st.text(max_size=30))
def test_any_damage_of_a_zip_is_refused_file_by_file(
    tmp_path: Path, damage: bytes, place: int, name: str
) -> None:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"x{name}", b"some content " * 20)
        archive.writestr("../../etc/passwd", b"more")
    data = bytearray(raw.getvalue())
    data[place : place + len(damage)] = damage
    path = tmp_path / "x.zip"
    path.write_bytes(data)
    with suppress(BundleRefusedError), open_bundle(path) as bundle:
        for file in bundle.files():
            assert "/" not in file.name
            with suppress(FileUnfitError):
                assert sum(map(len, bundle.chunks(file))) <= 10_000_000
    assert [one.name for one in tmp_path.iterdir()] == ["x.zip"]


@given(st.text(min_size=1), st.booleans())
def test_a_name_in_a_zip_is_never_a_path(name: str, utf8: bool) -> None:
    entry = zipfile.ZipInfo("x")
    entry.filename = name if utf8 else name.encode("utf-8").decode("cp437")
    entry.flag_bits = 0x800 if utf8 else 0
    shown = last_name(entry)
    assert shown
    assert not set(shown) & {"/", "\\", "\0", "\n"}
    assert shown not in (".", "..") or Path(shown).name == ""
