"""`./run` and `./test` install what is missing once, or say exactly what to type, and stop."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import ROOT

TOOLS = (
    *("bash", "cat", "cut", "dirname", "echo", "env", "grep"),
    *("mktemp", "readlink", "rm", "sed", "sha256sum", "xargs"),
)
UNPREPARED = 80
TESSERACT = "tesseract-ocr tesseract-ocr-tha tesseract-ocr-eng tesseract-ocr-osd"


@dataclass(frozen=True, slots=True)
class Machine:
    """A copy of the scripts, and a folder that holds all the programs there are."""

    checkout: Path
    programs: Path

    def put(self, name: str, script: str) -> None:
        """Install a program that writes its arguments into the log, then does `script`."""
        path = self.programs / name
        path.unlink(missing_ok=True)
        log = f'echo "{name} $*" >>"{self.log}"'
        path.write_text(f"#!/bin/bash\n{log}\n{script}\n", encoding="utf-8")
        path.chmod(0o755)

    @property
    def log(self) -> Path:
        return self.checkout.parent / "log"

    def calls(self, *names: str) -> list[str]:
        """Return the calls of these programs so far, in order."""
        lines = self.log.read_text(encoding="utf-8").splitlines() if self.log.exists() else []
        return [line for line in lines if line.split()[0] in names]

    def start(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Type `./run` in a machine where only these programs are."""
        return subprocess.run(
            [str(self.checkout / "run"), *arguments],
            env={"PATH": str(self.programs), "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A Debian with Python, without Tesseract, and a user who is not root and has no sudo."""
    made = Machine(tmp_path / "check out", tmp_path / "bin")
    made.programs.mkdir()
    (made.checkout / ".ci").mkdir(parents=True)
    for name in ("run", "requirements.lock", "pyproject.toml", ".ci/set_up.sh"):
        shutil.copy(ROOT / name, made.checkout / name)
    for name in TOOLS:
        program = shutil.which(name)
        assert program
        (made.programs / name).symlink_to(program)
    (made.programs / "python3.11").symlink_to(sys.executable)
    made.put("id", "echo 1000")
    made.put("apt-get", "")
    return made


def _prepare(machine: Machine) -> None:
    """Give the machine Tesseract and an environment that pip pretends to fill."""
    machine.put("tesseract", "printf 'List:\\neng\\nosd\\ntha\\n'")
    folder = machine.checkout / ".venv" / "bin"
    folder.mkdir(parents=True)
    for name in ("python", "saraban"):
        machine.put(name, "exit 0")
        os.replace(machine.programs / name, folder / name)  # noqa: PTH105


def test_without_root_the_line_to_type_is_shown(machine: Machine) -> None:
    done = machine.start()
    assert done.returncode == UNPREPARED
    line = f"apt-get update && apt-get install -y --no-install-recommends {TESSERACT}"
    assert line in done.stderr
    assert "ผู้ดูแลระบบ" in done.stderr
    assert machine.calls("apt-get") == []
    assert not (machine.checkout / ".venv").exists()


def test_sudo_that_would_ask_nobody_is_not_started(machine: Machine) -> None:
    machine.put("sudo", "exit 1")
    assert machine.start().returncode == UNPREPARED
    assert machine.calls("sudo", "apt-get") == ["sudo -n true"]


def test_root_has_it_installed(machine: Machine) -> None:
    _prepare(machine)
    machine.put("tesseract", "printf 'List:\\neng\\nosd\\n'")
    machine.put("id", "echo 0")
    done = machine.start()
    assert done.returncode == 0, done.stderr
    assert machine.calls("apt-get") == [
        "apt-get update -qq",
        "apt-get install -y --no-install-recommends tesseract-ocr-tha -qq",
    ]


def test_a_failing_package_manager_stops_with_its_line(machine: Machine) -> None:
    machine.put("id", "echo 0")
    machine.put("apt-get", "echo no such mirror; exit 100")
    done = machine.start()
    assert "no such mirror" in done.stderr
    assert done.returncode == UNPREPARED
    assert TESSERACT in done.stderr


def test_another_system_is_told_the_names(machine: Machine) -> None:
    (machine.programs / "apt-get").unlink()
    done = machine.start()
    assert done.returncode == UNPREPARED
    assert TESSERACT in done.stderr


def test_the_first_start_installs_with_hashes_and_the_second_installs_nothing(
    machine: Machine,
) -> None:
    _prepare(machine)
    first = machine.start("--once", "--port", "9000", "--office", "my office")
    assert first.returncode == 0, first.stderr
    installs = [call for call in machine.calls("python") if " install " in call]
    assert len(installs) == 2
    assert "--require-hashes" in installs[0]
    assert "requirements.lock" in installs[0]
    assert "--no-build-isolation --no-deps --editable" in installs[1]
    assert machine.calls("saraban") == ["saraban serve --once --port 9000 --office my office"]

    machine.log.unlink()
    assert machine.start().returncode == 0
    assert machine.calls("python", "saraban") == ["python -c import pipeline", "saraban serve"]


@pytest.mark.parametrize("changed", ["requirements.lock", "pyproject.toml"])
def test_a_changed_lock_is_installed(machine: Machine, changed: str) -> None:
    _prepare(machine)
    machine.start()
    with (machine.checkout / changed).open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    machine.log.unlink()
    machine.start()
    assert len([call for call in machine.calls("python") if " install " in call]) == 2


def test_a_failed_installation_is_tried_again(machine: Machine) -> None:
    _prepare(machine)
    python = machine.checkout / ".venv" / "bin" / "python"
    good = python.read_text(encoding="utf-8")
    python.write_text(good.replace("exit 0", "[ $1 = -c ]"), encoding="utf-8")
    failed = machine.start()
    assert failed.returncode == UNPREPARED
    assert "network" in failed.stderr
    python.write_text(good, encoding="utf-8")
    assert machine.start().returncode == 0
    assert machine.calls("saraban") == ["saraban serve"]


def test_help_needs_nothing(machine: Machine) -> None:
    done = machine.start("--help")
    assert done.returncode == 0
    assert "./run --demo" in done.stdout
    assert not done.stdout.startswith("#")
