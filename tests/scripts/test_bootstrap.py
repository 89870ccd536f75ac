"""Preparing the environment: old Pythons get a sentence, and failures of pip are told apart."""

import ast
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parents[2] / "scripts"
OLD = """import runpy, sys
sys.version_info, sys.argv = (3, 8, 0), sys.argv[1:]
runpy.run_path(sys.argv[0], None, "__main__")"""


def environment() -> "object":
    spec = importlib.util.spec_from_file_location("environment", SCRIPTS / "environment.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_an_old_python_can_read_the_script_that_refuses_it() -> None:
    ast.parse((SCRIPTS / "bootstrap.py").read_text("utf-8"), feature_version=(3, 4))


def test_an_old_python_is_refused_in_words(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-c", OLD, str(SCRIPTS / "bootstrap.py"), "run"],
        env={**os.environ, "PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 1
    assert "needs Python 3.11 or newer; this is Python 3.8.0" in told.stderr
    assert "Traceback" not in told.stderr


def test_an_old_python_finds_a_newer_one_on_the_path(tmp_path: Path) -> None:
    newer = tmp_path / "python3.12"
    newer.write_text('#!/bin/sh\necho "newer $2"\n')
    newer.chmod(0o755)
    told = subprocess.run(
        [sys.executable, "-c", OLD, str(SCRIPTS / "bootstrap.py"), "run"],
        env={**os.environ, "PATH": f"{tmp_path}:/bin:/usr/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (told.returncode, told.stdout) == (0, "newer run\n")


@pytest.mark.parametrize(
    ("output", "english"),
    [
        (
            "ERROR: Could not find a version that satisfies the requirement granian==2.8.7 "
            "(from versions: none)\nERROR: No matching distribution found for granian==2.8.7",
            "no ready-made package of granian==2.8.7",
        ),
        (
            "WARNING: Retrying (Retry(total=0)) after connection broken\n"
            "ERROR: No matching distribution found for granian==2.8.7",
            "check the network",
        ),
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS", "locked hash"),
    ],
)
def test_failures_of_pip_are_told_apart(output: str, english: str) -> None:
    assert english in environment().explain_pip(output).args[1]


def test_a_python_without_venv_is_told_what_to_install() -> None:
    output = "The virtual environment was not created because ensurepip is not available."
    assert "apt install python3" in environment().explain_venv(output, Path("log")).args[1]


def test_locks_carry_hashes_and_no_address() -> None:
    for lock in (SCRIPTS.parent / "requirements").glob("*.txt"):
        text = lock.read_text()
        assert "--hash=sha256:" in text
        assert "://" not in text
        assert "index-url" not in text


def test_what_runs_is_what_was_tested() -> None:
    """The lock for running takes every version from the lock for developing."""
    locks = SCRIPTS.parent / "requirements"
    run, dev = (
        {line.split()[0] for line in (locks / name).read_text().splitlines() if "==" in line}
        for name in ("run.txt", "dev.txt")
    )
    assert run <= dev
