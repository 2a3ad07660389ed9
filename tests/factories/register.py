"""Makes files of the school register, whole or damaged."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

EXTRACT = Path(__file__).parents[2] / "demo" / "data" / "register" / "hackney_schools.csv"

with EXTRACT.open(encoding="cp1252", newline="") as _file:
    HEADER = next(csv.reader(_file))

PLAIN = {
    "URN": "100001",
    "LA (code)": "204",
    "LA (name)": "Hackney",
    "EstablishmentName": "Lark Rise Primary School",
    "EstablishmentStatus (code)": "1",
    "EstablishmentStatus (name)": "Open",
    "PhaseOfEducation (name)": "Primary",
    "Postcode": "E8 1AB",
}


def school(urn: int | str = 100001, **changes: str) -> dict[str, str]:
    """One row; keywords are columns, or `Status`, `Code` (of the status) and `LA` for short."""
    short = {"Status": "EstablishmentStatus (name)", "Code": "EstablishmentStatus (code)", "LA": "LA (code)"}
    return PLAIN | {"URN": str(urn)} | {short.get(name, name): value for name, value in changes.items()}


def csv_text(
    rows: Iterable[Mapping[str, str]],
    *,
    header: list[str] = HEADER,
    quoting: Literal[0, 1, 2, 3] = csv.QUOTE_ALL,
) -> str:
    """The rows as text in the register's layout."""
    out = io.StringIO()
    writer = csv.DictWriter(out, header, restval="", extrasaction="ignore", quoting=quoting)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def write_register(
    folder: Path, *rows: Mapping[str, str], encoding: str = "cp1252", name: str = "edubase.csv"
) -> Path:
    """A register file of `rows` in `folder`."""
    path = folder / name
    path.write_bytes(csv_text(rows).encode(encoding))
    return path
