"""How often one person's programs may ask: a bucket that a request empties by one and time fills again."""

from __future__ import annotations

import math
import threading
from datetime import datetime

A_MINUTE_SECONDS = 60.0


class Rate:
    """Counts requests by who asks; threads share it. It knows people only, so it stays small."""

    def __init__(self, a_minute: int) -> None:
        """Let each person ask `a_minute` times a minute, or so often at once; 0 sets no limit."""
        self._most = float(a_minute)
        self._lock = threading.Lock()
        self._left: dict[str, tuple[float, datetime]] = {}

    def seconds_to_wait(self, who: str, now: datetime) -> int:
        """Count one request; return 0, or after how many seconds the next one is answered."""
        if not self._most:
            return 0
        with self._lock:
            left, since = self._left.get(who, (self._most, now))
            passed = max(0.0, (now - since).total_seconds())  # a clock may be put back
            left = min(self._most, left + passed * self._most / A_MINUTE_SECONDS)
            allowed = left >= 1.0
            self._left[who] = (left - 1.0 if allowed else left, now)
        return 0 if allowed else math.ceil((1.0 - left) * A_MINUTE_SECONDS / self._most)
