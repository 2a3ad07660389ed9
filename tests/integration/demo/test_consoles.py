"""`webelong sql` and `webelong shell` show what one audience sees, and no more."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from demo.consoles import NotOne, find_scope

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def environment(written, demo_settings, tmp_path):
    """The settings of the demo's processes, as variables."""
    values = {}
    for name in type(demo_settings).model_fields:
        value = getattr(demo_settings, name)
        if value is not None:
            values[name.upper()] = (
                value.get_secret_value() if hasattr(value, "get_secret_value") else str(value)
            )
    return os.environ | values | {"WEBELONG_DIR": str(tmp_path)}


@pytest.mark.parametrize(
    ("command", "typed"),
    [
        ("sql", "\\t on\nselect count(*) > 0, count(distinct school_id) from parent;\n"),
        (
            "shell",
            "from sqlalchemy import text\n"
            "print(*session.execute(text("
            "'select count(*) > 0, count(distinct school_id) from parent')).one(), sep=' | ')\n",
        ),
    ],
)
def test_a_school_sees_its_own_parents(environment, command, typed):
    school = ["--role", "wb_school", "--school", "Larkfield School"]
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", command, *school],
        input=typed,
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert re.search(r"\b(t|True)\s+\|\s+1\b", done.stdout), done.stdout


@pytest.mark.parametrize(
    ("role", "school", "words"),
    [
        ("wb_owner", "Larkfield School", "ROLE is one of"),
        ("wb_school", "School", "fits"),
        ("wb_school", "Nowhere", "fits none"),
    ],
)
def test_words_that_fit_no_scope_are_said(written, demo_settings, role, school, words):
    with pytest.raises(NotOne, match=words):
        find_scope(demo_settings, role, school, "", "")
