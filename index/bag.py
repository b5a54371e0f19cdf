"""BagIt (RFC 8493): a folder whose files can be checked by whoever receives it, with tools of their own.

bagit.txt  bag-info.txt  manifest-sha256.txt  tagmanifest-sha256.txt  data/...
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from index.archive import hash_file

DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
MANIFEST, TAG_MANIFEST = "manifest-sha256.txt", "tagmanifest-sha256.txt"
_CODES = (("%", "%25"), ("\n", "%0A"), ("\r", "%0D"))  # how a manifest writes them (2.1.3)


def make_bag(
    folder: Path, payload: Mapping[str, Path | bytes], info: Mapping[str, str], *, on: date
) -> None:
    """Write a bag into a new folder; `payload` gives files, or their bytes, by their path below data/.

    Raises FileExistsError when the folder is there already, and OSError.
    """
    folder.mkdir(parents=True)
    for name, content in payload.items():
        target = folder / "data" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            target.write_bytes(content)
        else:
            shutil.copyfile(content, target)
    files = sorted(one for one in (folder / "data").rglob("*") if one.is_file())
    sizes = sum(one.stat().st_size for one in files)
    tags = {**info, "Bagging-Date": on.isoformat(), "Payload-Oxum": f"{sizes}.{len(files)}"}
    lines = "".join(f"{name}: {' '.join(value.split())}\n" for name, value in tags.items())
    (folder / "bagit.txt").write_text(DECLARATION, "utf-8")
    (folder / "bag-info.txt").write_text(lines, "utf-8")
    _write_manifest(folder, MANIFEST, files)
    _write_manifest(
        folder, TAG_MANIFEST, [folder / one for one in ("bag-info.txt", "bagit.txt", MANIFEST)]
    )


def verify_bag(folder: Path) -> Iterator[str]:
    """Yield what is wrong with a bag, in English: missing, changed, and unlisted files."""
    for manifest in (MANIFEST, TAG_MANIFEST):
        listed = _read_manifest(folder / manifest)
        for name, expected in listed.items():
            path = folder / name
            if not path.is_file():
                yield f"{name} is missing"
            elif hash_file(path) != expected:
                yield f"{name} is not what {manifest} says"
        if manifest == MANIFEST:
            there = {
                one.relative_to(folder).as_posix()
                for one in (folder / "data").rglob("*")
                if one.is_file()
            }
            yield from (f"{name} is in no manifest" for name in sorted(there - listed.keys()))


def _write_manifest(folder: Path, name: str, files: list[Path]) -> None:
    lines = []
    for one in files:
        path = one.relative_to(folder).as_posix()
        for sign, code in _CODES:
            path = path.replace(sign, code)
        lines.append(f"{hash_file(one)}  {path}\n")
    (folder / name).write_text("".join(lines), "utf-8")


def _read_manifest(path: Path) -> dict[str, str]:
    listed = {}
    for line in path.read_text("utf-8").split("\n"):
        digest, _, name = line.partition("  ")
        for sign, code in reversed(_CODES):
            name = name.replace(code, sign)
        if name:
            listed[name] = digest
    return listed
