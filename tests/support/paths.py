"""Where a process of a test's own finds Python modules."""

from __future__ import annotations

import os
from pathlib import Path


def python_path(*folders: Path) -> str:
    """`PYTHONPATH` with `folders` first and all that stands there after them: by it a moved clock comes along."""
    return os.pathsep.join([*map(str, folders), *filter(None, [os.environ.get("PYTHONPATH")])])
