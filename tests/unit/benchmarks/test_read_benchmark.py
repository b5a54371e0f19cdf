"""The reading benchmark scores as the scorer does, counts each second once, and reports honestly."""

from __future__ import annotations

import importlib.util
import itertools
import json
import subprocess
from pathlib import Path

import pytest

from benchmarks import ocrmypdf_run, read, reading_run
from pipeline.demo.letters import LETTERS
from tests.conftest import SHARED

PRINTED = ["ที่ ศธ ๐๔๐๐๖/๑๒๗๔", "เรื่อง การจัดสรรงบประมาณ"]


def part(cpu: float, reading: float, texts: dict[str, str], **more: object) -> read.Measured:
    answer: dict[str, object] = {
        "engine": "e",
        "reading_cpu_seconds": reading,
        "texts": texts,
        "failed": [],
    }
    answer["starts"] = 1
    return read.Measured(answer | more, cpu, 100.0 + cpu)


def test_a_right_text_has_no_errors_wherever_its_spaces_and_lines_are() -> None:
    text = "ก่อน\nที่ ศธ ๐๔๐๐๖ / ๑๒๗๔\fเรื่อง การจัดสรร\nงบประมาณ หลัง"
    assert read.score({"a": {"text": PRINTED}}, {"a": text}) == {"cer": 0.0, "thai_digits": 1.0}


def test_wrong_characters_and_wrong_digits_are_counted() -> None:
    sums = read.count_errors(["๑๒๓๔ก"], "x๑๒๕๔ขy")
    assert (sums["characters"], sums["edits"]) == (5, 2)
    assert (sums["digits"], sums["digits_right"]) == (4, 3)


def test_sara_am_and_sara_ae_count_as_read_however_they_are_written() -> None:
    assert read.count_errors(["น้ำแข็ง"], "น\u0e4d้าเเข็ง")["edits"] == 0


def test_what_could_not_be_read_counts_as_all_wrong_and_a_file_without_truth_not_at_all() -> None:
    truth = {"a": {"text": PRINTED}}
    assert read.score(truth, {"a": "", "b": "อื่น"}) == {"cer": 1.0, "thai_digits": 0.0}
    assert read.score({}, {"a": "อะไร"}) == {}


@pytest.mark.shared
def test_the_score_is_that_of_the_shared_scorer() -> None:
    spec = importlib.util.spec_from_file_location("score", SHARED / "tools" / "score.py")
    assert spec is not None
    assert spec.loader is not None
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    truth = json.loads((SHARED / "samples" / "truth.json").read_text("utf-8"))
    for name in ("s00.tif", "s01.pdf"):
        lines = truth[name]["text"]
        text = "\n".join(lines).replace("๔", "๕").replace("กา", "ก า").replace("่", "", 5)
        theirs, _ = scorer.score_one({"text": lines}, {"text": text})
        ours = read.count_errors(lines, text)
        assert ours["edits"] == theirs["edits"] > 0
        assert ours["characters"] == theirs["chars"]
        assert ours["digits"] == theirs["digits"]
        assert ours["digits_right"] == theirs["digits_ok"] < theirs["digits"]


def test_a_stage_within_a_stage_is_counted_once() -> None:
    ticks = itertools.count()  # each look at the clock is a second later
    stopwatch = reading_run.Stopwatch(clock=lambda: float(next(ticks)))
    verify = stopwatch.timed("verify", lambda: None)

    def write_out() -> None:
        verify()
        verify()

    stopwatch.timed("write", write_out)()
    assert dict(stopwatch.seconds) == {"verify": 2.0, "write": 3.0}


def test_a_stage_that_fails_is_counted_and_the_failure_goes_on() -> None:
    ticks = itertools.count()
    stopwatch = reading_run.Stopwatch(clock=lambda: float(next(ticks)))
    with pytest.raises(ZeroDivisionError):
        stopwatch.timed("load", lambda: 1 / 0)()
    assert dict(stopwatch.seconds) == {"load": 1.0}


@pytest.mark.parametrize("place", sorted(itertools.chain(*reading_run.STAGES.values())))
def test_every_timed_function_is_where_the_benchmark_looks(place: str) -> None:
    owner, name = reading_run.find_place(place)
    assert callable(getattr(owner, name))


def test_a_function_that_has_moved_is_an_error() -> None:
    with pytest.raises(AttributeError):
        reading_run.find_place("ocr.line_engine:gone")


def test_the_watched_function_still_does_its_work(monkeypatch: pytest.MonkeyPatch) -> None:
    place = "ocr.thai_text:fold"
    owner, name = reading_run.find_place(place)
    monkeypatch.setattr(owner, name, getattr(owner, name))  # put back afterwards
    stopwatch = reading_run.Stopwatch()
    stopwatch.watch("folding", place)
    assert getattr(owner, name)("๑ ๒") == "12"
    assert list(stopwatch.seconds) == ["folding"]


def test_the_parts_of_two_workers_add_up() -> None:
    truth = {"a": {"text": ["กข"]}, "b": {"text": ["คง"]}}
    parts = [
        part(4.0, 3.0, {"a": "กข"}, stages={"load": 1.0}, unsound_layers=["a"]),
        part(8.0, 5.0, {"b": "คจ"}, stages={"load": 2.0}, unsound_layers=[]),
    ]
    summary = read.summarize(parts, 4, truth)
    assert summary["cpu_seconds_a_page"] == 3.0
    assert summary["reading_cpu_seconds_a_page"] == 2.0
    assert summary["cpu_seconds_a_start"] == 2.0
    assert summary["peak_mb"] == 108
    assert summary["cer"] == 0.25
    assert summary["stage_cpu_seconds_a_page"] == {"load": 0.75}
    assert summary["unsound_layers"] == ["a"]


def test_what_measuring_cost_is_not_charged_to_the_engine() -> None:
    summary = read.summarize([part(9.0, 5.0, {}, starts=2, measuring_cpu_seconds=2.0)], 1, {})
    assert summary["cpu_seconds_a_page"] == 7.0
    assert summary["cpu_seconds_a_start"] == 1.0


def test_savings_are_claimed_only_against_an_ocrmypdf_that_read_everything() -> None:
    costs = {"cpu_seconds_a_page": 12.0, "reading_cpu_seconds_a_page": 10.0, "failed": []}
    ours = {"cpu_seconds_a_page": 1.5, "reading_cpu_seconds_a_page": 1.0}
    assert read.savings({"ocrmypdf": costs, "saraban": ours}) == {
        "saraban": {"cpu_seconds_a_page": 8.0, "reading_cpu_seconds_a_page": 10.0}
    }
    assert read.savings({"ocrmypdf": costs | {"failed": ["a.pdf"]}, "saraban": ours}) == {}
    assert read.savings({"saraban": ours}) == {}


@pytest.mark.parametrize(
    ("sizes", "peak", "grew", "small_enough", "steady"),
    [
        ([270.0, 310.0, 250.0, 312.0], 420.0, 2.0, True, True),  # as large as its page
        ([300.0, 400.0, 500.0, 550.0], 590.0, 150.0, True, False),
        ([650.0, 650.0, 650.0, 650.0], 700.0, 0.0, False, True),
        ([300.0], 400.0, 0.0, True, True),
    ],
)
def test_a_worker_that_is_too_large_or_grows_is_called_so(
    monkeypatch: pytest.MonkeyPatch,
    *,
    sizes: list[float],
    peak: float,
    grew: float,
    small_enough: bool,
    steady: bool,
) -> None:
    answer = {"rss_mb_by_page": dict(enumerate(sizes)), "peak_mb": peak}
    monkeypatch.setattr(read, "run_apart", lambda jobs: [read.Measured(answer, 1.0, 1.0)])
    report = read.soak({"files": []})
    assert (report["small_enough"], report["steady"]) == (small_enough, steady)
    assert report["grew_mb"] == grew


def test_the_drawn_letters_are_of_kinds_that_print_every_line_of_their_truth() -> None:
    letters = [letter for letter in LETTERS if letter.kind in reading_run.DRAWN_KINDS]
    assert len(letters) >= reading_run.DRAWN_LETTERS
    for letter in letters[: reading_run.DRAWN_LETTERS]:
        lines = reading_run.printed_lines(letter)
        assert all(lines)
        assert "\f" not in lines


def test_an_installed_ocrmypdf_is_used_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "bin" / "ocrmypdf"
    program.parent.mkdir()
    program.touch()
    monkeypatch.setattr(subprocess, "run", None)  # nothing may be installed
    assert ocrmypdf_run.install_ocrmypdf(tmp_path) == program


def test_ocrmypdf_is_run_on_each_file_and_a_failure_is_named(tmp_path: Path) -> None:
    program = tmp_path / "ocrmypdf"
    program.write_text(FAKE_OCRMYPDF, encoding="utf-8")
    program.chmod(0o755)
    good, bad = tmp_path / "good.pdf", tmp_path / "bad.pdf"
    answer = ocrmypdf_run.read_files(program, [good, bad], tmp_path)
    assert answer["texts"] == {"good.pdf": "อ่านแล้ว", "bad.pdf": ""}
    assert answer["failed"] == ["bad.pdf: exit code 6: has text already\n"]
    assert answer["engine"] == "ocrmypdf 1.2 -l tha"


FAKE_OCRMYPDF = """#!/bin/sh
if [ "$1" = --version ]; then echo 1.2; exit; fi
while [ "$1" != --sidecar ]; do shift; done
case "$3" in
    *bad.pdf) echo 'has text already' >&2; exit 6 ;;
esac
printf 'อ่านแล้ว' > "$2"
"""
