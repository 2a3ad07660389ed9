"""What a revision does to people who work meanwhile: its SQL as Alembic writes it out, read by squawk."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from alembic import command

from migrations.run import LOCK_TIMEOUT, alembic_config

#: 0041 asks the database what it holds, so revisions can be written out from the next on.
LAST_UNREAD = "0041"
POSTGRES = "18"
#: Rules of squawk that are not ours, with the reason.
NOT_OURS = {
    "require-statement-timeout": "how long a statement may take depends on the size of a borough; the locks that it"
    " takes meanwhile are what the other rules are about",
    "prefer-bigint-over-int": "our integers count rows of a file and versions: never two thousand million",
    "prefer-robust-stmts": "a revision is one transaction: nothing stays of one that fails",
}
_REVISION = re.compile(r"^-- Running upgrade \S+ -> (\S+)$", re.MULTILINE)
_SQUAWK = Path(sys.executable).parent / "squawk"


@dataclass(frozen=True, slots=True)
class Finding:
    """What squawk says of a statement."""

    revision: str
    rule: str
    statement: str
    advice: str


def write_out() -> dict[str, str]:
    """The SQL of each revision after `LAST_UNREAD`, with what opens and ends its transaction, by number."""
    config, written = alembic_config(), io.StringIO()
    config.output_buffer = written
    command.upgrade(config, f"{LAST_UNREAD}:head", sql=True)
    parts = _REVISION.split(written.getvalue())
    # What begins a revision's transaction stands before the line that names it.
    return {
        number: f"BEGIN;{body.rsplit('BEGIN;', 1)[0]}"
        for number, body in zip(parts[1::2], parts[2::2], strict=True)
    }


def read(revisions: Mapping[str, str], folder: Path) -> list[Finding]:
    """What squawk finds in these, each behind the timeout that an upgrade sets. `folder` is empty."""
    for number, body in revisions.items():
        (folder / f"{number}.sql").write_text(f"{LOCK_TIMEOUT};\n{body}")
    done = subprocess.run(
        [
            _SQUAWK,
            "--pg-version",
            POSTGRES,
            "--reporter",
            "json",
            "--exclude",
            ",".join(NOT_OURS),
            *folder.iterdir(),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    # 1 is that it found something; what it could not read has no list.
    return sorted(
        (_finding(entry, revisions) for entry in json.loads(done.stdout)), key=lambda one: one.revision
    )


def _finding(entry: dict[str, str | int], revisions: Mapping[str, str]) -> Finding:
    number = Path(str(entry["file"])).stem
    lines = f"\n{revisions[number]}".splitlines()
    return Finding(number, str(entry["rule_name"]), lines[int(entry["line"])].strip(), str(entry["message"]))
