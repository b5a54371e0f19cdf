"""Is a letter's subject found in its archived PDF? Three readers look, as JSON.

usage: python -m benchmarks.searchable [--shared DIR] [--set samples --set real] [--keep FOLDER]

Every scan with known truth is read, its searchable PDF is written, and poppler's `pdftotext`, pdfium
and pdfminer take the text out of it. Nothing of that text is mended: what counts is what a person
finds who types the printed subject into a viewer's search box. Two rules:

`words`: the truth's subject is cut into Thai words (pythainlp's newmm; Latin words and figures are
words too) and each must stand in the reader's text, character for character. A subject is found when
all its words are.

`whole`: the subject stands there as one string. Where the reader's text has a line break, the subject
may have a space or nothing, since a wrapped line ends with either; every other space must be there
and no other may be.

A word that was misread cannot be found by any reader: `misread` counts the subjects whose words the
reading itself does not have, so that the rest of what is missed is the layer's fault. Files are named,
their texts are not: real letters carry people's names.
"""

from __future__ import annotations

import argparse
import collections
import io
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pdfminer.high_level
import pypdfium2

import ocr
from ocr.thai_text import split_words

ROOT = Path(__file__).resolve().parent.parent
BREAK = r"[ \t]*[\r\n\f]+[ \t]*"  # between two lines of a reader's text


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--set", dest="sets", action="append", choices=["samples", "real"])
    parser.add_argument("--keep", type=Path, help="keep the PDFs and what each reader found here")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="saraban-searchable-") as name:
        folder = options.keep or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        report: dict[str, Any] = {}
        for part in options.sets or ["samples", "real"]:
            truth = json.loads((options.shared / part / "truth.json").read_text("utf-8"))
            report |= search(options.shared / part, truth, folder)
    print(json.dumps(report, ensure_ascii=False, indent=1))


def search(scans: Path, truth: dict[str, dict[str, Any]], folder: Path) -> dict[str, Any]:
    """Archive the scans that have a subject and look for it; the keys are `samples / clean` and so on."""
    sums: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    missed: dict[str, dict[str, list[str]]] = collections.defaultdict(dict)
    engine = ocr.choose_engine()
    for file, wanted in truth.items():
        if not wanted.get("subject"):
            continue
        document = ocr.read(scans / file, engine=engine)
        pdf = folder / f"{Path(file).stem}.pdf"
        check = ocr.write_searchable_pdf(scans / file, document, pdf)
        part = f"{scans.name} / {wanted.get('condition', 'all')}"
        sums[part] += collections.Counter(subjects=1, sound=int(check.passed and check.archival))
        misread = bool(missing_words(wanted["subject"], document.text))
        sums[part]["misread"] += misread
        for reader, take in READERS.items():
            text = take(pdf)
            (folder / f"{pdf.stem}.{reader}.txt").write_text(text, "utf-8")
            words, whole = look(wanted["subject"], text)
            sums[part] += collections.Counter({f"words {reader}": words, f"whole {reader}": whole})
            if not (words and whole):
                rules = [rule for rule, ok in (("words", words), ("whole", whole)) if not ok]
                missed[part].setdefault(file, []).append(f"{reader}: {', '.join(rules)}")
    return {part: shares(counts) | {"missed": missed[part]} for part, counts in sums.items()}


def look(subject: str, text: str) -> tuple[bool, bool]:
    """Tell whether all words of a subject, and the subject as a whole, stand in a reader's text."""
    return not missing_words(subject, text), whole(subject).search(text) is not None


def missing_words(subject: str, text: str) -> list[str]:
    """Return the words of a subject that do not stand in the text, character for character."""
    words = [word for run in subject.split() for word in split_words(run)]
    return [word for word in words if word not in text]


def whole(subject: str) -> re.Pattern[str]:
    """Return what finds a subject as one string, broken into lines anywhere."""
    runs = [f"(?:{BREAK})?".join(map(re.escape, run)) for run in subject.split()]
    return re.compile(f"(?: |{BREAK})".join(runs))


def shares(counts: collections.Counter[str]) -> dict[str, Any]:
    """Turn counts into shares of the subjects, by rule and reader."""
    subjects = counts["subjects"]
    return {
        "subjects": subjects,
        "misread": counts["misread"],
        "layers_passed": counts["sound"],
        **{
            rule: {reader: round(counts[f"{rule} {reader}"] / subjects, 4) for reader in READERS}
            for rule in ("words", "whole")
        },
    }


def _with_pdftotext(pdf: Path) -> str:
    program = shutil.which("pdftotext")
    if program is None:
        sys.exit("pdftotext is not installed; it is in Debian's poppler-utils")
    done = subprocess.run([program, pdf, "-"], capture_output=True, check=True)
    return done.stdout.decode("utf-8")


def _with_pdfium(pdf: Path) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "\f".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def _with_pdfminer(pdf: Path) -> str:
    return pdfminer.high_level.extract_text(io.BytesIO(pdf.read_bytes()))


READERS: dict[str, Callable[[Path], str]] = {
    "pdftotext": _with_pdftotext,
    "pdfium": _with_pdfium,
    "pdfminer": _with_pdfminer,
}


if __name__ == "__main__":
    main()
