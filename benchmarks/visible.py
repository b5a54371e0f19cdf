"""How soon search finds what changed: `python -m benchmarks.visible --letters 5000 --json`.

Makes an office with made-up letters, starts the real server, drops demonstration letters into its
inbox, and asks the search page for each from the moment its page can be opened (it is filed) until
it is found by its receive number; then corrects the subject of each at the desk and asks for the new
word. Prints p50, p95 and p99 in milliseconds; asking itself takes part of them.
"""

from __future__ import annotations

import argparse
import http.client
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from benchmarks.search import percentiles
from benchmarks.web import YEAR, Clerk, make_office, serving
from pipeline.demo.letters import LETTERS, save_letter
from pipeline.office import open_office

LONGEST_SECONDS = 300
PAUSE_SECONDS = 0.02
NEW_WORDS = ("ทุเรียน", "มังคุด", "ลำไย", "เงาะ", "ลองกอง", "สับปะรด", "มะม่วง", "ขนุน")


class ClerkClient:
    """Asks the server as a clerk who is logged in."""

    def __init__(self, host: str, port: int) -> None:
        clerk = Clerk(host, port, 0)
        clerk.log_in()
        self._headers = {"Cookie": clerk.cookie, "Origin": f"http://{host}:{port}"}
        self._place = (host, port)

    def _ask(self, method: str, path: str, body: str = "") -> tuple[int, str]:
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        connection = http.client.HTTPConnection(*self._place, timeout=LONGEST_SECONDS)
        try:
            connection.request(method, path, body or None, self._headers | kind)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def get(self, path: str) -> tuple[int, str]:
        """Return status and page."""
        return self._ask("GET", path)

    def post(self, path: str, **fields: str) -> None:
        """Send a form that is accepted."""
        status, page = self._ask("POST", path, urlencode(fields))
        if status != http.client.SEE_OTHER:
            raise SystemExit(f"{status} {path}\n{page[:2000]}")

    def finds(self, typed: str, address: str) -> bool:
        """Tell whether a search shows the letter."""
        return f'href="{address}"' in self.get(f"/search?q={quote(typed)}")[1]


def seconds_until(come: Callable[[], bool]) -> float:
    """Ask until it has come; return how long that took."""
    start = time.perf_counter()
    while not come():
        if time.perf_counter() - start > LONGEST_SECONDS:
            raise SystemExit("it never came")
        time.sleep(PAUSE_SECONDS)
    return time.perf_counter() - start


def measure(root: Path, letters: int) -> dict[str, Any]:
    """Drop, find, correct, find; return the times."""
    dropped = [one for one in LETTERS if not one.secrecy][: len(NEW_WORDS)]
    filed, corrected = [], []
    for host, port, _ in serving(root):
        asking = ClerkClient(host, port)
        for place, letter in enumerate(dropped):
            number = f"{letters + place + 1}/{YEAR}"
            address = f"/letters/{number}"
            save_letter(letter, root / "inbox")
            seconds_until(lambda: asking.get(address)[0] == http.client.OK)  # noqa: B023 - used at once
            filed.append(seconds_until(lambda: asking.finds(number, address)))  # noqa: B023
        for place, word in enumerate(NEW_WORDS[: len(dropped)]):
            address = f"/letters/{letters + place + 1}/{YEAR}"
            asking.post(f"{address}/correct", field="subject", value=f"การเก็บเกี่ยว{word}")
            corrected.append(seconds_until(lambda: asking.finds(word, address)))  # noqa: B023
    return {
        "letters": letters,
        "changes": len(dropped),
        "filed_to_found_ms": percentiles(filed),
        "corrected_to_found_ms": percentiles(corrected),
    }


def main() -> None:
    """Build, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=5_000)
    parser.add_argument("--json", action="store_true", help="one line of JSON only")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary) / "office"
        make_office(root, options.letters, 1)
        open_office(root)
        report = measure(root, options.letters)
    print(json.dumps(report, ensure_ascii=False, indent=None if options.json else 1))


if __name__ == "__main__":
    main()
