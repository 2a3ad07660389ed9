"""Writes what production consists of: `python -m tests.supply.sbom [FILE]`, a CycloneDX list of every locked package.

Licences and addresses come from the installed packages, versions and hashes from the lock file; nothing is asked of
the network.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

from tests.supply.files import REQUIREMENTS, ROOT, Locked, read_lock

DEFAULT = ROOT / "build" / "sbom.cdx.json"


def main(arguments: list[str]) -> int:
    target = Path(arguments[0]) if arguments else DEFAULT
    target.parent.mkdir(parents=True, exist_ok=True)
    bom = bill()
    target.write_text(json.dumps(bom, indent=1, ensure_ascii=False) + "\n")
    print(f"{target}: {len(bom['components'])} packages.")
    return 0


def bill() -> dict[str, Any]:
    """The list as CycloneDX 1.6."""
    bom = _installed()
    known = {(str(canonicalize_name(item["name"])), item["version"]): item for item in bom["components"]}
    bom["components"] = [
        _component(one, known.get((one.name, one.version))) for one in read_lock(REQUIREMENTS / "base.lock")
    ]
    kept = {component["bom-ref"] for component in bom["components"]} | {
        bom["metadata"]["component"]["bom-ref"]
    }
    bom["dependencies"] = [
        {**entry, "dependsOn": [ref for ref in entry.get("dependsOn", ()) if ref in kept]}
        for entry in bom.get("dependencies", ())
        if entry["ref"] in kept
    ]
    return bom


def _installed() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        found = Path(folder) / "installed.json"
        command = [
            sys.executable,
            "-m",
            "cyclonedx_py",
            "environment",
            "--pyproject",
            str(ROOT / "pyproject.toml"),
        ]
        command += [
            "--output-reproducible",
            "--no-validate",
            "--of",
            "JSON",
            "-o",
            str(found),
            sys.executable,
        ]
        subprocess.run(command, check=True, capture_output=True)
        bom: dict[str, Any] = json.loads(found.read_text())
    return bom


def _component(one: Locked, known: dict[str, Any] | None) -> dict[str, Any]:
    """The package with its hashes; for one that is for other machines, what the lock file knows."""
    purl = f"pkg:pypi/{one.name}@{one.version}"
    component = known or {
        "type": "library",
        "bom-ref": purl,
        "name": one.name,
        "version": one.version,
        "purl": purl,
    }
    file = {
        "type": "distribution",
        "url": f"https://pypi.org/project/{one.name}/{one.version}/",
        "comment": "one of these files is installed",
        "hashes": [{"alg": "SHA-256", "content": digest} for digest in one.hashes],
    }
    return {**component, "externalReferences": [*component.get("externalReferences", ()), file]}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
