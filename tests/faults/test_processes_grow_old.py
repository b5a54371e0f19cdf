"""Processes that read are replaced after some letters, and however many letters come, each is read."""

from __future__ import annotations

import logging
import re
from collections import Counter
from concurrent.futures import Future
from typing import Any

import pytest

from index.book import Book
from pipeline.cli import read_command
from pipeline.hand_out import HandOut
from pipeline.office import Office
from pipeline.processes import LetterProcesses
from pipeline.worker import Errand, Outcome
from tests.keeping import NOW, make_scan
from tests.offices import saraban_here
from tests.pools import file_by_name, prepare_nothing, read_by_name
from tests.unit.pipeline.conftest import book, made_office, office

__all__ = ["book", "made_office", "office"]  # the fixtures
FILES, WORKERS, LETTERS_PER_WORKER = 20, 2, 2


def test_saraban_read_reads_more_files_than_its_first_processes_may(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(read_command, "LETTERS_PER_WORKER", LETTERS_PER_WORKER)
    monkeypatch.setattr(read_command, "read_file", read_by_name)
    monkeypatch.setattr(read_command, "prepare", prepare_nothing)
    files = [f"{number}.pdf" for number in range(FILES)]
    ran = saraban_here("read", "--jsonl", "--workers", str(WORKERS), *files)
    found = re.findall(r'"file": "(\d+.pdf)", "error": "(\d+)"', ran.out)
    assert [name for name, _ in found] == files, ran.err
    assert max(Counter(process for _, process in found).values()) == LETTERS_PER_WORKER


class Named(LetterProcesses[Any, Any]):
    """The server's processes, which are told a letter's name and not the letter: they load nothing."""

    def submit(self, item: Errand) -> Future[Outcome]:
        return super().submit(item.job.label)


def test_the_server_s_processes_work_more_letters_than_the_first_of_them_may(
    office: Office, book: Book, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(FILES):
        book.jobs.record_arrival(make_scan(number, claim=str(number)))
    with (
        caplog.at_level(logging.INFO, "saraban"),
        Named(
            file_by_name,
            workers=WORKERS,
            letters_per_worker=LETTERS_PER_WORKER,
            prepare=prepare_nothing,
        ) as processes,
    ):
        hand_out = HandOut(office, book, processes, identity="test", now=lambda: NOW)
        begun: set[Future[Outcome]] = set()
        for _ in range(FILES):  # at each step at least one ends
            hand_out.step()
            begun |= set(hand_out._under_way)
            for future in begun:
                future.result(60)
        hand_out.step()
    worked = re.findall(r"filed: letter (\d+) (\d+)$", caplog.text, re.MULTILINE)
    assert sorted(int(letter) for letter, _ in worked) == list(range(1, FILES + 1))
    assert max(Counter(process for _, process in worked).values()) == LETTERS_PER_WORKER
