"""A play of office-days from one seed, and what must be true whenever the office has come to rest."""

from __future__ import annotations

import os
import random
import shutil
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import NoReturn
from unittest.mock import patch

from classify import RuleSet
from index.errors import KeepingError
from index.register.received.jobs import Job
from ocr.errors import UnreadableFileError
from pipeline.hand_out import CLOCK_FOR_CORE, TURN_SECONDS
from pipeline.office import open_office
from pipeline.viewers import PROGRAM
from pipeline.worker import OFFICE_TROUBLES
from tests.keeping import NOW
from tests.simulator.disk import Disk, KilledError
from tests.simulator.kept import Kept, is_of_its_moment
from tests.simulator.life import Clocks, Life, Look
from tests.simulator.made_scans import Kind, MadeScan, made_up_reading
from tests.simulator.old_office import NOTHING, REVISIONS, begin_with
from tests.simulator.promises import BrokenPromiseError, Came, promise_all

SETTINGS = """
[watch]
settle_seconds = 2.0
patience_seconds = 60.0
[[watch.folder]]
path = "inbox"
profile = "inbox"
[[watch.folder]]
path = "secret"
profile = "secret"
secret = true
"""
DOORS = ("inbox", "secret")
KINDS = (Kind.PLAIN,) * 8 + (Kind.SECRET,) * 2 + (Kind.PAIR,) * 2 + tuple(Kind)
MOST_KILLS = 2
"""How often a letter's process is killed from outside: one less than the tries it has."""
REST_ROUNDS = 400
SHARE_OF_OLD_BOOKS = 0.3
UPGRADE_DEATHS = 3
STEPS_OF_AN_UPGRADE = 300
DAYS_BETWEEN_RESTORES = 2


@dataclass(slots=True)
class Told:
    """What the play did, and counts of it."""

    story: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def tell(self, what: str, line: str) -> None:
        """Add a line to the story, counted as `what`."""
        self.counts[what] += 1
        self.story.append(line)


class Play:
    """Plays days in an office that lies in `root`, which must be one with rules and an empty book."""

    def __init__(self, root: Path, seed: int, rules: RuleSet) -> None:
        self.told = Told()
        self._chance = random.Random(seed)  # noqa: S311 - a story that can be told again, no secret
        self._rules = rules
        (root / "saraban.toml").write_text(SETTINGS, encoding="utf-8")
        self._office = open_office(root)
        for door in DOORS:
            (root / door).mkdir(exist_ok=True)
        self._disk = Disk(root, root.with_name(f"{root.name}-shadows"), self._chance)
        self._clocks = Clocks(NOW)
        self._life: Life | None = None
        self._made: list[MadeScan] = []
        self._kills: Counter[str] = Counter()
        self._files = 0
        self._kept = Kept(root.with_name(f"{root.name}-kept"), self._others_go_on)
        self._backing_up = False
        self._came = Came()
        if self._chance.random() < SHARE_OF_OLD_BOOKS:
            self._came.before = begin_with(self._office, self._chance.choice(REVISIONS))
        self._disk.settle()

    def run(self, days: int) -> Told:
        """Play this many days, each with a rest at its end. Raises BrokenPromiseError."""
        with ExitStack() as stack:
            stack.enter_context(self._disk.in_force())
            stack.enter_context(made_up_reading())
            for module in ("pipeline.hand_out", "pipeline.intake"):
                stack.enter_context(patch(f"{module}.time", self._clocks))
            stack.enter_context(patch("pipeline.intake.DoorLook", Look))
            stack.enter_context(
                patch("watch_folder.sweep.is_open_for_writing", lambda _path: False)
            )
            if self._came.before is not NOTHING:
                self._upgrade()
            for day in range(1, days + 1):
                self._day(day)
            if self._life is not None:
                self._life.drop()
        return self.told

    def _upgrade(self) -> None:
        """Start on the older book, killed at a step that is still to come, until one start comes through."""
        before = self._came.before
        self._tell("old books", f"day 0, the book is one of revision {before.revision}")
        for _ in range(UPGRADE_DEATHS):
            self._disk.kill_after(self._chance.randint(0, STEPS_OF_AN_UPGRADE))
            self._sweep()
            if not before.is_whole(self._office.database):
                self._broken(f"the book is neither of revision {before.revision} nor of this one")

    def _day(self, day: int) -> None:
        self._tell("day", f"day {day}, {self._clocks.now:%d %b %H:%M}")
        try:
            for _ in range(self._chance.randint(20, 60)):
                self._something()
            self._rest()
            self._promise_all(with_index=day % 5 == 0)
            if day % DAYS_BETWEEN_RESTORES == 0:
                self._promise_backup()
        except BrokenPromiseError as broken:
            raise BrokenPromiseError(f"{broken}\n{self._end_of_story()}") from broken
        except Exception as fault:
            raise BrokenPromiseError(f"{fault!r}\n{self._end_of_story()}") from fault
        self._disk.settle()
        morning = self._clocks.now.replace(hour=8, minute=30) + timedelta(days=1)
        self._clocks.pass_by(max(0.0, (morning - self._clocks.now).total_seconds()))

    # What may happen.

    def _something(self) -> None:
        deeds: tuple[tuple[int, Callable[[], None]], ...] = (
            (20, self._drop),
            (4, self._drop_again),
            (22, self._sweep),
            (22, self._hand_out),
            (20, self._work),
            (3, self._index),
            (16, self._time_goes_on),
            (1, self._clock_is_set),
            (2, self._fill_disk),
            (6, self._process_is_killed),
            (12, self._prepare_death),
            (1, self._restart),
            (3, self._back_up),
        )
        weights, choices = zip(*deeds, strict=True)
        self._chance.choices(choices, weights)[0]()

    def _drop(self) -> None:
        self._made.append(MadeScan(f"{len(self._made) + 1}", self._chance.choice(KINDS)))
        self._lay_down(self._made[-1], self._chance.choices(DOORS, (5, 1))[0])

    def _drop_again(self) -> None:
        if self._made:
            self._lay_down(self._chance.choice(self._made), self._chance.choice(DOORS))

    def _lay_down(self, scan: MadeScan, door: str) -> None:
        self._files += 1
        path = self._office.root / door / f"scan{self._files}.jpg"
        beside = self._office.root.with_name(f"{self._office.root.name}-scanner")
        beside.write_bytes(scan.data)
        at = self._clocks.now.timestamp() + self._files * 1e-3  # no two at the same moment
        os.utime(beside, (at, at))
        self._disk.from_outside(beside)
        beside.rename(path)
        self._came.drops.append((scan, door))
        self._tell("dropped", f"{scan.kind} {scan.number} at {door}")

    def _sweep(self) -> None:
        self._alive("sweep", lambda life: life.intake.sweep())

    def _hand_out(self) -> None:
        self._alive("hand out", lambda life: life.hand_out())

    def _index(self) -> None:
        self._alive("index", lambda life: life.indexer.step())

    def _work(self) -> None:
        if self._life is None or not self._life.under_way:
            return
        place = self._chance.randrange(len(self._life.under_way))
        label = _name_of(self._life, place)
        self._alive(f"work {label}", lambda life: life.work(place))

    def _process_is_killed(self) -> None:
        """The kernel ends one letter's process, at a step of its work; the server goes on."""
        if self._life is None or not self._life.under_way or self._disk.full:
            return
        place = self._chance.randrange(len(self._life.under_way))
        job = self._life.under_way[place].job
        label = _name_of(self._life, place)
        if not isinstance(job, Job) or self._kills[job.sha256] >= MOST_KILLS:
            return
        self._disk.kill_after(self._chance.randint(0, 40))
        try:
            end = self._life.work(place)
        except KilledError:
            self._disk.revive()
            self._kills[job.sha256] += 1
            self._life.let_die(place)
            self._tell("processes killed", f"work {label}: its process was killed")
        else:
            self._disk.spare()
            self._tell("work", f"work {label}: {end}")

    def _time_goes_on(self) -> None:
        seconds = self._chance.choice(
            (1.0, 3.0, 3.0, CLOCK_FOR_CORE * TURN_SECONDS + 1, 70.0, 1000.0)
        )
        self._clocks.pass_by(seconds)
        self._tell("time", f"{seconds:.0f} s later")

    def _clock_is_set(self) -> None:
        hours = self._chance.choice((-2, -1, 1, 5))
        self._clocks.now += timedelta(hours=hours)
        self._tell("clock set", f"the clock is set by {hours} h")

    def _fill_disk(self) -> None:
        self._disk.full = not self._disk.full
        self._tell("disk", "the disk is full" if self._disk.full else "the disk has room again")

    def _prepare_death(self) -> None:
        """The server, or the power, will go at a step that is still to come."""
        self._disk.kill_after(self._chance.randint(0, 120))

    def _restart(self) -> None:
        if self._life is not None and not self._disk.full:
            self._alive("stop", lambda life: life.stop())
            self._life = None

    def _back_up(self) -> None:
        """A process of its own makes a backup; the server, if one runs, goes on beside it."""
        if self._backing_up or self._disk.full:
            return
        self._backing_up = True
        power_cuts, made = self.told.counts["power cuts"], len(self._kept.moments)
        try:
            self._kept.back_up(self._office, self._came, self._clocks.now)
        except KilledError:
            if self.told.counts["power cuts"] == power_cuts:
                self._disk.revive()
            self._tell("backups killed", "backup: its process was killed")
        except OSError as trouble:  # it could not note that it had been made
            if not self._disk.full:
                raise
            self._tell("troubles", f"backup: {type(trouble).__name__}")
        else:
            self._tell("backups", f"backup: {self._kept.moments[made].name}")
        finally:
            self._backing_up = False

    def _others_go_on(self) -> None:
        """While a backup is made: it ends with the power, and with nothing else."""
        power_cuts = self.told.counts["power cuts"]
        for _ in range(self._chance.randint(0, 3)):
            self._something()
            if self.told.counts["power cuts"] > power_cuts:
                raise KilledError

    # How it happens.

    def _alive(self, what: str, deed: Callable[[Life], object]) -> None:
        """Do a step of the program, which is started where it does not run; it may be the last one."""
        try:
            if self._life is None:
                self._life = Life(self._office, self._rules, self._clocks)
            done = deed(self._life)
        except KilledError:
            self._die(what)
        except OFFICE_TROUBLES as trouble:
            self._tell("troubles", f"{what}: {type(trouble).__name__}")
        except (KeepingError, OSError) as trouble:
            # A start on a full disk: the command line puts the system's error into words.
            if not self._disk.full or (self._life and not isinstance(trouble, KeepingError)):
                raise
            self._tell("troubles", f"{what}: {type(trouble).__name__}")
        else:
            self._tell(what.split(" ", maxsplit=1)[0], what if done is None else f"{what}: {done}")

    def _die(self, what: str) -> None:
        if self._life is not None:
            self._life.drop()
            self._life = None
        if self._chance.random() < 0.5:
            lost = self._disk.cut_power()
            self._tell("power cuts", f"{what}: the power goes; {lost} changes of names are lost")
        else:
            self._tell("servers killed", f"{what}: the server is killed")
        self._disk.revive()

    def _rest(self) -> None:
        """Let the program run, with room and without deaths, until nothing is left to do."""
        self._disk.full = False
        self._disk.spare()
        for _ in range(REST_ROUNDS):
            self._sweep()
            self._hand_out()
            while self._life is not None and self._life.under_way:
                self._work()
                self._hand_out()
            self._clocks.pass_by(3.0)
            if self._life is not None and _has_rest(self._life):
                return
        waiting = (
            {
                f"{place.letter_id} {place.state} {place.path}"
                for place in self._life.book.jobs.places()
            }
            if self._life
            else ()
        )
        self._broken(f"the office does not come to rest: {waiting}")

    # What must be true.

    def _promise_all(self, *, with_index: bool) -> None:
        assert self._life is not None
        promise_all(self._life, self._came, self._clocks.now, with_index=with_index)

    def _promise_backup(self) -> None:
        """A backup comes back into an empty folder as its moment was, and the office goes on from there."""
        if not self._kept.moments:
            return
        moment = self._chance.choice(self._kept.moments)
        name = f"{self._office.root.name}-back{self.told.counts['restored']}"
        folder = self._office.root.with_name(name)
        self._kept.bring_back(moment, folder)
        office = open_office(folder)
        if not is_of_its_moment(office.database, self._office.database):
            raise BrokenPromiseError(f"{moment.name} is not what the office was")
        life = Life(office, self._rules, self._clocks)
        for _ in range(REST_ROUNDS):
            life.go_on()
            self._clocks.pass_by(3.0)
            if _has_rest(life):
                break
        else:
            self._broken(f"{moment.name} does not come to rest")
        promise_all(life, moment.came, self._clocks.now, with_index=True)
        life.drop()
        shutil.rmtree(folder)
        self._tell("restored", f"{moment.name} of {moment.made_at:%d %b %H:%M} was brought back")

    def _broken(self, what: str) -> NoReturn:
        raise BrokenPromiseError(what)

    def _end_of_story(self) -> str:
        last = max(at for at, line in enumerate(self.told.story) if line.startswith("day "))
        return "\n".join(f"    {line}" for line in self.told.story[last:])

    def _tell(self, what: str, line: str) -> None:
        self.told.tell(what, line)


def _has_rest(life: Life) -> bool:
    counts = life.book.letters.count_states(PROGRAM)
    at_doors = any(any((life.office.root / door).iterdir()) for door in DOORS)
    return counts.waiting == counts.working == 0 and not at_doors and not life.intake.has_pieces()


def _name_of(life: Life, place: int) -> str:
    job = life.under_way[place].job
    if isinstance(job, Job) and job.path.exists():
        with suppress(UnreadableFileError):
            return MadeScan.of(job.path).number
    return job.label
