"""Looks for secrets in every file that git knows: `python -m tests.supply.secrets`; 1 when there is one.

`not_secrets.toml` lists what looks like one and is none, each by its file, its hash and a reason. A comment in the code
cannot silence a find. Passwords that tests make up are not looked for by their name; keys and tokens are, there too.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class
from detect_secrets.core.scan import scan_file
from detect_secrets.settings import transient_settings

from tests.supply.files import ROOT, tracked_files

KNOWN = Path(__file__).with_name("not_secrets.toml")
#: Hashes: of packages, checked line by line elsewhere, and of what was looked at; pictures and fonts.
LEFT_OUT = (
    ".lock",
    ".png",
    ".jpg",
    ".woff2",
    ".woff",
    ".ttf",
    ".ico",
    ".gz",
    "package-lock.json",
    KNOWN.name,
)
#: Of one word after `password` it cannot tell an invented one from a real one.
ONLY_IN_THE_PRODUCT = "KeywordDetector"
INVENTED = ("tests/", "bench/")
#: Without the default that takes a comment for an excuse, and without asking anybody whether a key works.
_FILTERS = (
    "is_sequential_string", "is_potential_uuid", "is_likely_id_string", "is_templated_secret",
    "is_prefixed_with_dollar_sign", "is_indirect_reference", "is_not_alphanumeric_string",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Find:
    """Something that looks like a secret; never the secret itself."""

    file: str
    line: int
    kind: str
    hash: str


def look(files: Iterable[Path], root: Path = ROOT) -> list[Find]:
    """Everything that looks like a secret in `files`."""
    product: list[tuple[Path, str]] = []
    invented: list[tuple[Path, str]] = []
    for path in files:
        if not path.name.endswith(LEFT_OUT):
            name = path.relative_to(root).as_posix()
            (invented if name.startswith(INVENTED) else product).append((path, name))
    kinds: dict[str, type] = get_mapping_from_secret_type_to_class()
    names = {kind.__name__ for kind in kinds.values()}
    jobs = [(part, names) for part in (product[::2], product[1::2])]
    jobs += [(part, names - {ONLY_IN_THE_PRODUCT}) for part in (invented[::2], invented[1::2])]
    jobs = [job for job in jobs if job[0]]
    if len(product) + len(invented) < 50:
        found = [find for job in jobs for find in _scan(job)]
    else:
        with ProcessPoolExecutor(2) as pool:
            found = [find for part in pool.map(_scan, jobs) for find in part]
    return sorted(found, key=lambda one: (one.file, one.line))


def _scan(job: tuple[list[tuple[Path, str]], set[str]]) -> list[Find]:
    files, plugins = job
    config = {
        "plugins_used": [{"name": name} for name in sorted(plugins)],
        "filters_used": [{"path": f"detect_secrets.filters.heuristic.{name}"} for name in _FILTERS],
    }
    with transient_settings(config) as settings:
        settings.filters.pop("detect_secrets.filters.allowlist.is_line_allowlisted", None)
        return [
            Find(name, secret.line_number, secret.type, secret.secret_hash)
            for path, name in files
            for secret in scan_file(str(path))
        ]


def known() -> dict[tuple[str, str], str]:
    """What was looked at by a person and is no secret: (file, hash) -> why."""
    return {
        (entry["file"], entry["hash"]): entry["why"]
        for entry in tomllib.loads(KNOWN.read_text())["not_a_secret"]
    }


def main() -> int:
    listed = known()
    found = look(tracked_files())
    new = [one for one in found if (one.file, one.hash) not in listed]
    for one in new:
        print(f"{one.file}:{one.line} {one.kind} ({one.hash})")
    if new:
        print(
            "A secret? Take it out and change it wherever it works. None? Add it to tests/supply/not_secrets.toml."
        )
    stale = set(listed) - {(one.file, one.hash) for one in found}
    for file, digest in sorted(stale):
        print(f"{file}: {digest} is listed in not_secrets.toml and is not there.")
    return 1 if new or stale else 0


if __name__ == "__main__":
    sys.exit(main())
