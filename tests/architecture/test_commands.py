"""Every command that README, docs and Makefile name is run by the suite or once a day, with its exit status read."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli import cli

ROOT = Path(__file__).resolve().parents[2]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
DAILY = (ROOT / ".ci" / "daily").read_text(encoding="utf-8")

#: What runs each target of the Makefile: a file of tests, or one of the scripts in `.ci`.
TARGETS = {
    "demo": "tests/e2e/conftest.py",
    "test": ".ci/run",
    "test-at": ".ci/daily",
    "bench": ".ci/daily",
    "lint": ".ci/daily",
    "lock": ".ci/daily",
    "mutate-isolation": ".ci/daily",
    "security-report": ".ci/daily",
    "sbom": ".ci/daily",
    "audit": ".ci/daily",
    "clean": "README names no result of it",
}
#: What runs each command of `webelong`.
COMMANDS = {
    "demo": "tests/e2e/conftest.py",
    "serve": "tests/e2e/conftest.py",
    "worker": "tests/e2e/conftest.py",
    "migrate": "tests/e2e/conftest.py",
    "doctor": "tests/integration/bad_input/test_doctor.py",
    "authority create": "tests/integration/accounts/test_authority_command.py",
    "authority invite": "tests/integration/accounts/test_authority_command.py",
    "register import": "tests/integration/register/test_command.py",
    "release build": "tests/e2e/test_story.py",
    "release publish": "tests/e2e/test_story.py",
    "packages": "tests/integration/packages/test_known_weaknesses.py",
}


def test_every_target_of_the_makefile_is_run_somewhere():
    targets = set(
        re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert targets == set(TARGETS)
    for target, where in TARGETS.items():
        if where == ".ci/daily":
            assert re.search(rf"make {target}\b", DAILY), target


def test_every_command_of_ours_is_run_somewhere():
    named = set()
    for name, command in cli.commands.items():
        children = getattr(command, "commands", None)
        named |= {f"{name} {child}" for child in children} if children else {name}
    assert named == set(COMMANDS)
    for where in COMMANDS.values():
        assert (ROOT / where).exists(), where


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_page_names_a_command_that_is_not_there(page):
    words = page.read_text(encoding="utf-8")
    for target in re.findall(r"(?:^|`)make ([a-z][a-z-]*)", words, re.MULTILINE):
        assert target in TARGETS, f"{page.name}: make {target}"
    for first, second in re.findall(r"`webelong ([a-z]+)(?: ([a-z]+))?", words):
        assert first in COMMANDS or f"{first} {second}" in COMMANDS, f"{page.name}: webelong {first} {second}"


def test_a_report_can_hold_the_figures_of_the_checks(tmp_path):
    """`make mutate-isolation` reads figures out of pytest's report, which the newer family of reports refuses."""
    check = tmp_path / "test_one.py"
    check.write_text("def test_one(record_property):\n    record_property('walls', 3)\n")
    report = tmp_path / "report.xml"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", str(ROOT / "pyproject.toml"),
         "--rootdir", str(tmp_path), f"--junitxml={report}", str(check)],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert 'name="walls" value="3"' in report.read_text()
