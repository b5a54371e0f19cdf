"""What became of everything that a soak dropped: looked for in the book, the archive, the log and the backups."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any

from benchmarks.soak_letters import SECRET_WORD, Dropped, Kind

if TYPE_CHECKING:
    from benchmarks.soak import Soak
    from benchmarks.soak_office import Told

SETTLED = (
    "SELECT l.id, l.sha256, l.state, l.book, l.buddhist_year, l.running, l.subject, l.is_secret, "
    "l.searchable_sha256, c.text FROM letters l JOIN contents c ON c.letter_id = l.id "
    "WHERE l.state = 'filed' ORDER BY l.id"
)
Rows = list[tuple[Any, ...]]


def report(soak: Soak) -> tuple[dict[str, object], bool]:
    """Return what is to be printed, and whether every promise held."""
    told, book = soak.told, soak.office.database
    kinds = {one.sha256: one.kind for one in told.dropped if one.kind is not Kind.DUPLICATE}
    letters = rows(book, "SELECT sha256, state, running, reason_code FROM letters")
    state = {sha256: (state, reason) for sha256, state, _, reason in letters}
    numbers = sorted(running for _, _, running, _ in letters if running is not None)
    good = {sha256 for sha256, kind in kinds.items() if kind is not Kind.HOSTILE}
    filed = {sha256 for sha256, (state, _) in state.items() if state == "filed"}
    aside = {sha256: reason for sha256, (_, reason) in state.items() if sha256 not in filed}
    checked = soak.saraban("check", "--office", str(soak.root))
    status = soak.saraban("status", "--office", str(soak.root)).stdout.strip().splitlines()
    lost = [sha256 for sha256 in kinds if sha256 not in state]
    doubled = len(letters) - len(state) + len(numbers) - len(set(numbers))
    good_aside = Counter(reason for sha256, reason in aside.items() if sha256 in good)
    leaks = [*told.leaks, *told_in_the_open(soak, kinds)]
    restored = [restore(soak, snapshot, number) for number, snapshot in enumerate(told.backups)]
    well = (
        not (lost or doubled or leaks or good_aside or told.manual_steps)
        and numbers == list(range(1, len(numbers) + 1))
        and checked.returncode == 0
        and all(one["well"] for one in restored)
    )
    return {
        "dropped": len(told.dropped),
        "filed": len(filed),
        "quarantined": len(aside),
        "of_which_hostile": sum(sha256 not in good for sha256 in aside),
        "hostile_filed": sum(sha256 in filed for sha256 in kinds if sha256 not in good),
        "good_quarantined": dict(good_aside),
        "duplicates": sum(one.kind is Kind.DUPLICATE for one in told.dropped),
        "lost": len(lost),
        "doubled": doubled,
        "gapless": numbers == list(range(1, len(numbers) + 1)),
        "leaked": len(leaks),
        "leaks": leaks[:5],
        "manual_steps": told.manual_steps,
        "kills": sum(told.kills.values()),
        "killed": dict(told.kills),
        "full_disks": told.full_disks,
        "upgrade_kills": told.upgrade_kills,
        "backups": restored,
        "backups_failed": told.backups_failed,
        "delays_seconds": delays(told, book),
        "pages_asked": dict(told.requests),
        "check": checked.returncode,
        "check_said": checked.stdout.strip().splitlines()[-5:],
        "status": status[-1:],
    }, well


def rows(book: Path, query: str) -> Rows:
    """Ask the book's file."""
    with closing(sqlite3.connect(f"{book.as_uri()}?mode=ro", uri=True)) as connection:
        return connection.execute(query).fetchall()


def told_in_the_open(soak: Soak, kinds: Mapping[str, Kind]) -> list[str]:
    """Return where something of a secret letter stands that everybody may see: the log, the open archive."""
    found = ["server.log"] if SECRET_WORD in soak.log.read_text("utf-8", "replace") else []
    secret = {sha256 for sha256, kind in kinds.items() if kind is Kind.SECRET}
    archive = soak.office.archive
    for path in archive.rglob("*"):
        if path.is_file() and "secret" not in path.relative_to(archive).parts:
            found += [f"archive: {path.name}"] if path.stem.split(".")[0] in secret else []
    return found


def restore(soak: Soak, snapshot: str, number: int) -> dict[str, object]:
    """Bring a backup back into an empty folder, which proves itself; compare it with the book as it is now."""
    folder = soak.outside / f"back {number}"
    ran = soak.saraban(
        "restore", str(soak.outside / "kept"), str(folder), "--moment", snapshot, "--json"
    )
    if ran.returncode != 0:
        return {"well": False, "said": (ran.stdout + ran.stderr)[-400:]}
    then, now = rows(folder / "saraban.db", SETTLED), set(rows(soak.office.database, SETTLED))
    return {"well": bool(then) and set(then) <= now, "letters": len(then)}


def delays(told: Told, book: Path) -> dict[str, object]:
    """Return how long good letters took from the door to the register, beside hostile files and without.

    Letters that lay there while a kill, a start or a full disk kept all of them waiting are left out.
    """
    ended = {
        sha256: datetime.fromisoformat(at).replace(tzinfo=UTC).timestamp()
        for sha256, at in rows(
            book,
            "SELECT l.sha256, max(a.at) FROM audit a JOIN letters l ON l.id = a.letter_id "
            "WHERE a.action IN ('filed', 'quarantined') GROUP BY l.id",
        )
    }
    spans = [(one, ended[one.sha256]) for one in told.dropped if one.sha256 in ended]
    harm = [(one.at, end) for one, end in spans if one.kind is Kind.HOSTILE]
    beside: list[float] = []
    alone: list[float] = []
    for one, end in spans:
        if one.kind in (Kind.GOOD, Kind.SECRET) and not _meets(one, end, told.troubled):
            (beside if _meets(one, end, harm) else alone).append(end - one.at)
    return {"beside_hostile": _spread(beside), "without": _spread(alone)}


def _meets(one: Dropped, end: float, spans: list[tuple[float, float]]) -> bool:
    return any(begin < end and one.at < until for begin, until in spans)


def _spread(seconds: list[float]) -> dict[str, float]:
    if len(seconds) < 2:
        return {"letters": len(seconds)}
    p99 = quantiles(seconds, n=100, method="inclusive")[98]
    spread = {"p50": median(seconds), "p99": p99, "longest": max(seconds)}
    return {"letters": len(seconds), **{name: round(one, 1) for name, one in spread.items()}}
