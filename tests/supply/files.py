"""What is locked and what is written down about it."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from packaging.markers import Marker
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = ROOT / "requirements"
LOCKS = tuple(REQUIREMENTS / f"{name}.lock" for name in ("base", "demo", "dev", "build", "uv"))

_LINE = re.compile(r"(?P<name>[A-Za-z0-9._-]+)(\[[^]]+\])?==(?P<version>[^\s;]+)(\s*;\s*(?P<marker>.+))?")
_HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


class UnlockedLine(ValueError):
    """A line of a lock file that does not name one version and its hashes."""


@dataclass(frozen=True, slots=True)
class Locked:
    """One package of a lock file."""

    name: str
    version: str
    hashes: tuple[str, ...]
    marker: str

    @property
    def is_for_here(self) -> bool:
        """Whether this machine and Python install it."""
        return not self.marker or Marker(self.marker).evaluate()


def read_lock(path: Path) -> list[Locked]:
    """Every package of a lock file. Raises UnlockedLine for a line without a version, without hashes, or with more."""
    return [_read(line) for line in path.read_text().replace("\\\n", " ").splitlines() if line.strip()]


def _read(line: str) -> Locked:
    parts = line.split("--hash=")
    head, hashes = parts[0].strip(), [f"--hash={part.strip()}" for part in parts[1:]]
    found = _LINE.fullmatch(head)
    if not found or not hashes or not all(_HASH.fullmatch(item) for item in hashes):
        raise UnlockedLine(line[:100])
    plain = tuple(item.removeprefix("--hash=sha256:") for item in hashes)
    return Locked(canonicalize_name(found["name"]), found["version"], plain, (found["marker"] or "").strip())


def tracked_files() -> list[Path]:
    """The files that git knows; where there is no git, every file but what is made."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if done.returncode == 0:
        return [path for name in done.stdout.decode().split("\0") if name and (path := ROOT / name).is_file()]
    made = {".venv", ".webelong", "node_modules", "__pycache__", "build", "dist"}
    return [
        path for path in ROOT.rglob("*") if path.is_file() and not made & set(path.relative_to(ROOT).parts)
    ]
