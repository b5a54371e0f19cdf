"""The command line is an interface: help, exit codes and JSON are what docs/cli.md says."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from pipeline import errors
from pipeline.cli import COMMANDS, cli, main
from tests.cli_help import DOCUMENT, commands, documented, render


def run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: object
) -> tuple[int, str, str]:
    """Run the program in this process and return exit code, output and messages."""
    monkeypatch.setattr(sys, "argv", ["saraban", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr()
    code = ended.value.code
    assert isinstance(code, int)
    return code, said.out, said.err


def test_the_documented_help_is_the_programs_help() -> None:
    assert documented().strip() == render().strip(), "write it anew: python -m tests.cli_help"


def test_the_list_of_commands_says_what_each_says_of_itself() -> None:
    context = click.Context(cli)
    for name, short in COMMANDS.items():
        command = cli.get_command(context, name)
        assert command is not None
        assert command.help, name
        assert short.endswith(".")


def test_every_option_has_a_help_text() -> None:
    obvious = {"--limit"}
    for name, command, _ in commands(cli, "saraban"):
        for parameter in command.params:
            if isinstance(parameter, click.Option) and parameter.opts[0] not in obvious:
                assert parameter.help, f"{name} {parameter.opts[0]}"


def test_our_exit_codes_are_the_documented_ones() -> None:
    listed = set(re.findall(r"^\| (\d+) \|", DOCUMENT.read_text("utf-8"), re.MULTILINE))
    kinds = [one for one in errors.PipelineError.__subclasses__() if "exit_code" in vars(one)]
    own = {one.exit_code for one in kinds}
    assert {str(code) for code in own} <= listed
    assert len(own) == len(kinds), "one code, one meaning"


def test_help_does_not_wait_for_the_libraries_that_read_pages() -> None:
    code = (
        "import sys\nsys.argv = ['saraban', '--help']\nfrom pipeline.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "heavy = {'numpy', 'ocr', 'classify', 'index', 'fastapi', 'sqlalchemy'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["status", "--office", "nowhere"], 4),
        (["show", "1/2569", "--office", "nowhere"], 4),
        (["no-such-command"], 2),
        (["search"], 2),
        (["serve", "--port", "99999"], 2),
    ],
)
def test_every_failure_has_its_exit_code(
    arguments: list[str],
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    got, out, err = run(monkeypatch, capsys, *arguments)
    assert (got, out) == (code, "")
    assert err
    assert "Traceback" not in err


def test_an_expected_failure_says_what_to_do_in_both_languages(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    _, _, err = run(monkeypatch, capsys, "status", "--office", tmp_path)
    assert "saraban init" in err
    assert "ยังไม่ใช่โฟลเดอร์สำนักงาน" in err


def test_an_office_is_made_and_counted_and_checked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder = tmp_path / "office"
    assert run(monkeypatch, capsys, "init", folder)[0] == 0
    assert {path.name for path in (folder / "rules").iterdir()} >= {"groups.toml", "agencies.toml"}
    code, out, _ = run(monkeypatch, capsys, "status", "--office", folder, "--json")
    assert code == 0
    assert json.loads(out) == dict.fromkeys(
        ["received", "filed", "waiting", "quarantined", "dismissed", "duplicates", "review"], 0
    )
    assert run(monkeypatch, capsys, "check", "--office", folder, "--json")[:2] == (0, "[]\n")
    assert run(monkeypatch, capsys, "show", "1/2569", "--office", folder)[0] == 7
    assert run(monkeypatch, capsys, "show", "first", "--office", folder)[0] == 7
    assert run(monkeypatch, capsys, "search", "ใด", "--office", folder, "--json")[1] == "[]\n"
    assert run(monkeypatch, capsys, "doctor", "--office", folder, "--json")[0] in (0, 10)


def test_adding_copies_whole_files_and_never_over_another(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder, scan = tmp_path / "office", tmp_path / "ก.pdf"
    run(monkeypatch, capsys, "init", folder)
    for content in (b"one", b"two"):
        scan.write_bytes(content)
        assert run(monkeypatch, capsys, "add", scan, "--office", folder)[0] == 0
    found = {path.name: path.read_bytes() for path in (folder / "inbox").iterdir()}
    assert found == {"ก.pdf": b"one", "ก (2).pdf": b"two"}
    assert run(monkeypatch, capsys, "add", tmp_path / "no.pdf", "--office", folder)[0] == 8


def test_rules_are_checked_with_file_and_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "groups.toml").write_text("[[grop]]\n", "utf-8")
    code, _, err = run(monkeypatch, capsys, "rules", "check", "--rules", tmp_path)
    assert code == 12
    assert "groups.toml" in err
    assert run(monkeypatch, capsys, "rules", "check")[0] == 0


def test_rules_are_tried_on_labelled_subjects(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    cases = tmp_path / "cases.tsv"
    cases.write_text(
        "subject\tgroup\nการจัดสรรงบประมาณ\tplan\nการเบิกจ่ายค่าเช่าบ้าน\tกลุ่มกฎหมายและคดี\n", "utf-8"
    )
    code, out, _ = run(monkeypatch, capsys, "rules", "test", cases, "--json")
    report = json.loads(out)
    assert (code, report["cases"], report["right"]) == (0, 2, 1)
    assert report["wrong"][0]["group"] == "legal"
    cases.write_text("subject\nx\n", "utf-8")
    assert run(monkeypatch, capsys, "rules", "test", cases)[0] == 11
    cases.write_text("subject\tgroup\nx\t\n", "utf-8")
    code, _, err = run(monkeypatch, capsys, "rules", "test", cases)
    assert code == 11
    assert f"{cases}:2:" in err
