"""Asks a public database whether a package that we stand on has a known weakness, and remembers the answer.

`pip-audit` does the asking, about every line of the lock file. It ends with 1 when it found something and also when it
could not ask, so only its report counts. A database that knows nothing is found out by a package of which everybody
knows: without that, an empty answer would look like good news.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from redis import Redis
from redis.exceptions import RedisError

from infra.clock import now

OSV_URL = "https://api.osv.dev/v1/query"
#: Old enough to have a dozen known weaknesses.
CANARY = "jinja2==2.4.1"
KEY = "webelong:packages"
#: Seconds for all of it; the database is asked about one package after another.
PATIENCE = 600
#: Longer without an answer is for somebody to look at.
OVERDUE = timedelta(days=2)

_HERE = Path(__file__).parent
#: In a work tree, and where an install puts it.
_LOCKS = (_HERE.parent / "requirements" / "base.lock", _HERE.parent / "webelong.lock")


@dataclass(frozen=True, slots=True)
class Weakness:
    """A known weakness of a package that we use."""

    package: str
    version: str
    name: str
    mended_in: str


@dataclass(frozen=True, slots=True)
class Look:
    """What one look found. `problem` says why there was none; then nothing is known of `packages`."""

    at: datetime
    packages: int = 0
    weaknesses: tuple[Weakness, ...] = ()
    problem: str = ""


class NoAnswer(Exception):
    """The database was not asked about everything; the text says why in a few plain words."""


def lock_file() -> Path:
    """The versions that an install has. FileNotFoundError in an install that was made without them."""
    return next(path for path in _LOCKS if path.is_file())


def look(url: str = OSV_URL, *, lock: Path | None = None, seconds: float = PATIENCE) -> Look:
    """Ask about every locked package. Never raises: what went wrong is the look's `problem`."""
    moment = now()
    try:
        with tempfile.TemporaryDirectory() as folder:
            canary = Path(folder) / "canary.txt"
            canary.write_text(f"{CANARY}\n")
            if not _weaknesses(_ask(canary, url, seconds, "--no-deps")):
                raise NoAnswer("the database does not know what everybody knows")
        report = _ask(lock or lock_file(), url, seconds, "--require-hashes")
    except NoAnswer as error:
        return Look(moment, problem=str(error))
    except (StopIteration, OSError):
        return Look(moment, problem="there is no lock file to ask about")
    return Look(moment, len(report), _weaknesses(report))


def _ask(file: Path, url: str, seconds: float, *more: str) -> list[dict[str, Any]]:
    """pip-audit's report about `file`: one entry for each package. NoAnswer where it could not ask about all."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(file), "--disable-pip", *more]
    command += ["--vulnerability-service", "osv", "--osv-url", url, "--format", "json"]
    command += ["--progress-spinner", "off", "--desc", "off", "--timeout", "10"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        raise NoAnswer("the database took too long") from None
    try:
        report: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
        skipped = [item["name"] for item in report if "skip_reason" in item]
        known = all(isinstance(item["vulns"], list) for item in report if item["name"] not in skipped)
    except (ValueError, KeyError, TypeError):
        raise NoAnswer(_why(done.stderr)) from None
    if done.returncode not in (0, 1) or not report or not known:
        raise NoAnswer("its report is not whole")
    if skipped:
        raise NoAnswer(f"it left out {', '.join(sorted(skipped))}")
    return report


def _why(words: str) -> str:
    """pip-audit's complaint in few words; its own is a page long and holds addresses."""
    if any(
        word in words for word in ("ConnectionError", "ConnectTimeout", "Could not connect", "ReadTimeout")
    ):
        return "the database cannot be reached from here"
    return "the database did not answer as one"


def _weaknesses(report: Sequence[dict[str, Any]]) -> tuple[Weakness, ...]:
    return tuple(
        Weakness(item["name"], item["version"], found["id"], ", ".join(found.get("fix_versions") or ()))
        for item in report
        for found in item["vulns"]
    )


# --- what is remembered ----------------------------------------------------------------------------------


def keep(redis: Redis, found: Look) -> None:
    """Remember this look, and of one without an answer only that, beside the last answer. Redis may be away."""
    try:
        last = _load(redis)
        state = {**last, "tried_at": found.at.isoformat(), "problem": found.problem}
        if not found.problem:
            state |= {
                "looked_at": found.at.isoformat(),
                "packages": found.packages,
                "weaknesses": [asdict(one) for one in found.weaknesses],
            }
        redis.set(KEY, json.dumps(state))
    except (RedisError, OSError):
        return


def say(redis: Redis, moment: datetime) -> tuple[bool, str]:
    """How we stand, for whoever runs the service: whether that is fine, and a line about it."""
    try:
        state = _load(redis)
    except (RedisError, OSError):
        return False, "Whether a package has a known weakness is not known while Redis is away."
    ask = "Run `webelong packages`."
    if "looked_at" not in state:
        why = f" ({state['problem']})" if state.get("problem") else ""
        return False, f"Nobody has looked yet whether our packages have known weaknesses{why}. {ask}"
    ago = moment - datetime.fromisoformat(state["looked_at"])
    if state["weaknesses"]:
        names = ", ".join(sorted({one["package"] for one in state["weaknesses"]}))
        return False, f"Known weaknesses in {names}. {ask} Serious ones are mended within 14 days."
    if ago > OVERDUE:
        why = f": {state['problem']}" if state.get("problem") else ""
        return False, f"We could not look for known weaknesses for {ago.days} days{why}. {ask}"
    return True, f"None of {state['packages']} packages has a known weakness."


def _load(redis: Redis) -> dict[str, Any]:
    try:
        found = json.loads(redis.get(KEY) or b"{}")  # type: ignore[arg-type]
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
