"""Does another validator than the program's own find archived PDFs to be PDF/A-2b? Prints JSON.

usage: python -m benchmarks.archival PDF_OR_FOLDER...

The validator is `page-validation` from PyPI, installed into an environment of its own on the first run: it
was written independently of pikepdf, needs no Java, and by its authors' account passes the veraPDF
corpus and the Isartor suite. A scan as it came, given beside, shows that it can fail.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "saraban-benchmarks"
# What runs in the validator's environment: its answer is one line of JSON.
VALIDATE = """
import json, page, sys
failed, rules = {}, 0
for file in sys.argv[1:]:
    report = page.validate_pdf(file, profile="2b")
    rules = report.rules.total
    if not report.is_compliant:
        failed[file] = sorted({f"{one.rule_id}: {one.message}" for one in report.failures})
print(json.dumps({"validator": page.version("page-validation"), "rules": rules, "failed": failed}))
"""


def main(places: list[Path]) -> None:
    files = [
        pdf for place in places for pdf in (place.glob("*.pdf") if place.is_dir() else [place])
    ]
    python = install(CACHE / "page-validation")
    done = subprocess.run(
        [python, "-c", VALIDATE, *sorted(files)], capture_output=True, text=True, check=True
    )
    report = json.loads(done.stdout)
    print(json.dumps({"files": len(files), **report}, ensure_ascii=False, indent=1))


def install(folder: Path) -> Path:
    """Return the Python of the validator's environment, made when it is missing."""
    python = folder / "bin" / "python"
    if not python.exists():
        print(f"installing page-validation into {folder}", file=sys.stderr)
        commands: tuple[list[str | Path], ...] = (
            [sys.executable, "-m", "venv", folder],
            [python, "-m", "pip", "install", "--quiet", "page-validation"],
        )
        for command in commands:
            subprocess.run(command, stdout=sys.stderr, check=True)
    return python


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]] or sys.exit(__doc__))
