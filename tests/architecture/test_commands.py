"""Every command that README, docs and Makefile name is run by the suite or once a day, with its exit status read."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from click import Context

from app.cli import cli

ROOT = Path(__file__).resolve().parents[2]
PAGES = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md")))
DAILY = (ROOT / ".ci" / "daily").read_text(encoding="utf-8")

#: What runs each target of the Makefile: a file of tests, or one of the scripts in `.ci`.
TARGETS = {
    "help": "tests/architecture/test_commands.py",
    "check": ".ci/daily",
    "unit": ".ci/daily",
    "shell": "tests/integration/demo/test_consoles.py",
    "sql": "tests/integration/demo/test_consoles.py",
    "dev": "tests/integration/demo/test_dev.py",
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
    "shell": "tests/integration/demo/test_consoles.py",
    "sql": "tests/integration/demo/test_consoles.py",
    "dev": "tests/integration/demo/test_dev.py",
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


def test_help_names_every_target_that_people_type():
    said = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert {line.split()[0] for line in said.splitlines()} == set(TARGETS)


def test_every_command_of_ours_is_run_somewhere():
    named, context = set(), Context(cli)
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        children = getattr(command, "commands", None)
        named |= {f"{name} {child}" for child in children} if children else {name}
    assert named == set(COMMANDS)
    for where in COMMANDS.values():
        assert (ROOT / where).exists(), where


def test_help_says_of_each_command_what_it_says_itself():
    context = Context(cli)
    for name, (_place, words) in cli.lazy.items():
        command = cli.get_command(context, name)
        assert command, name
        assert words == command.get_short_help_str(limit=200), name


#: What only a command's own work needs; each takes a tenth of a second or more.
HEAVY = frozenset({
    "alembic", "babel", "boto3", "cryptography", "flask", "jinja2", "psycopg", "pydantic", "pydantic_settings", "redis",
    "rich", "rq", "scipy", "sqlalchemy",
})  # fmt: skip


@pytest.mark.parametrize("command", [(), ("serve",), ("worker",), ("migrate",), ("doctor",), ("demo",)])
def test_help_imports_nothing_that_only_the_work_needs(command):
    """Given a start that does no work, as of `webelong --help`, it waits for none of what commands need."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "app.cli", *command, "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    imported = {line.rsplit("|", 1)[1].strip() for line in done.stderr.splitlines() if "|" in line}
    assert imported >= {"click"}
    assert HEAVY & imported == set()


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
