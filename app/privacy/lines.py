"""One line of what we hold of somebody: a name and a value, as the page shows them."""

from __future__ import annotations

from typing import Any

from app.shell.dates import clock, day

Line = dict[str, str]


def line(key: Any, value: Any) -> Line:
    return {"key": str(key), "value": "" if value is None else str(value)}


def when(moment: Any) -> str:
    return f"{day(moment)}, {clock(moment)}" if moment else ""
