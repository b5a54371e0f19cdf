"""The figures of `Health` in the text format that Prometheus reads (exposition format 0.0.4)."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.health import Health

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
STATES = ("filed", "waiting", "working", "quarantined", "dismissed", "duplicates")


def render_metrics(health: Health) -> str:
    """Return the page of figures; no letter, name or address is in it."""
    return "".join(f"{line}\n" for line in _lines(health))


def _lines(health: Health) -> Iterator[str]:
    yield from _gauge("saraban_well", "Whether letters flow.", int(health.is_well))
    yield "# HELP saraban_files Files that came in, by where they stand."
    yield "# TYPE saraban_files gauge"
    for state in STATES:
        yield f'saraban_files{{state="{state}"}} {getattr(health.counts, state)}'
    yield from _gauge("saraban_to_check", "Letters with an open doubt.", health.counts.review)
    yield from _gauge(
        "saraban_oldest_waiting_seconds", "How long the oldest file waits.", health.waiting_seconds
    )
    yield from _gauge(
        "saraban_filed_last_hour", "Letters filed in the last hour.", health.pace.filed_last_hour
    )
    yield from _gauge(
        "saraban_index_behind", "Changes that search does not know yet.", health.index_behind
    )
    yield from _gauge("saraban_disk_free_bytes", "Free disk of the office.", health.disk_free)
    yield from _gauge("saraban_disk_total_bytes", "Size of that disk.", health.disk_total)
    made = health.backup.at
    if made is not None:
        age = (health.at - made).total_seconds()
        yield from _gauge("saraban_backup_age_seconds", "Since the last good backup.", age)
    yield "# HELP saraban_alarm Alarms that stand now."
    yield "# TYPE saraban_alarm gauge"
    for alarm in health.alarms:
        yield f'saraban_alarm{{code="{alarm.code}"}} 1'


def _gauge(name: str, what: str, value: float) -> Iterator[str]:
    yield f"# HELP {name} {what}"
    yield f"# TYPE {name} gauge"
    yield f"{name} {value}"
