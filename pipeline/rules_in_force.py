"""The rules in force: what an administrator edits counts at once, a broken edit does not count."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

from classify import RULE_FILES, RuleFileError, RuleSet, load_rules

log = logging.getLogger("saraban.rules")


class RulesInForce:
    """The office's rules, read anew when a file changes; a broken file leaves the old ones in force.

    `kept` is a folder with a copy of the last good files, so that a restart does not lose them;
    only the process that was given `keeps_copy` writes to it, and logs what is refused and when it is mended.
    """

    def __init__(self, folder: Path, kept: Path, *, keeps_copy: bool = False) -> None:
        self._folder = folder
        self._kept = kept
        self._keeps_copy = keeps_copy
        self._stamp: tuple[tuple[str, int, int], ...] | None = None
        self._rules: RuleSet | None = None
        self.refused: RuleFileError | None = None

    def current(self) -> RuleSet:
        """Return the rules to work by; `refused` then says why newer files do not count, or None.

        Raises RuleFileError only when neither the files, nor the copy, nor anything read before is
        usable, which takes a damaged installation.
        """
        stamp = self._look()
        if self._rules is not None and stamp == self._stamp:
            return self._rules
        self._stamp = stamp
        try:
            self._rules = load_rules(self._folder)
            if self.refused and self._keeps_copy:
                log.info("the rules are in order again")
            self.refused = None
        except RuleFileError as error:
            self.refused = error
            if self._keeps_copy:
                log.error("%s\n    %s", error, error.thai)
            if self._rules is None:
                self._rules = load_rules(self._kept)  # what lies not there is the shipped one
        else:
            if self._keeps_copy:
                self._keep()
        return self._rules

    def _look(self) -> tuple[tuple[str, int, int], ...]:
        found = ((name, self._folder / name) for name in RULE_FILES)
        return tuple(
            (name, path.stat().st_mtime_ns, path.stat().st_size)
            for name, path in found
            if path.is_file()
        )

    def _keep(self) -> None:
        self._kept.mkdir(parents=True, exist_ok=True)
        for name in RULE_FILES:
            if (self._folder / name).is_file():
                shutil.copyfile(self._folder / name, self._kept / name)
            else:
                (self._kept / name).unlink(missing_ok=True)
