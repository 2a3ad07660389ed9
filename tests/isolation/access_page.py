"""docs/access.md: who may open which page. `python -m tests.isolation.access_page` writes it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from app.identity.roles import Role
from app.shell.access import access_table, confirm_table

FILE = Path(__file__).parents[2] / "docs" / "access.md"
COLUMNS: tuple[Role | None, ...] = (None, *Role)

HEAD = """# Who may open which page

Made by `python -m tests.isolation.access_page` from each package's `policy.py`; a test keeps it true. A page that is
not here does not exist: the application does not start with a route that no policy names. What somebody then sees on
the page is the database's affair: `tenants/who_sees_what.toml`. Before a page marked *asks again* the service asks who
sits there, unless they have shown it in the last ten minutes
([decision 5](decisions/0005-confirm-again-and-passkeys.md)).

"""


def render(table: Mapping[str, frozenset[Role | None]]) -> str:
    """The table as a page."""
    names = ["not signed in" if role is None else role.value.replace("_", " ") for role in COLUMNS]
    asked = confirm_table()
    lines = [f"| page | {' | '.join(names)} | asks again |", "|-|" + "-|" * (len(names) + 1)]
    for endpoint, roles in sorted(table.items()):
        cells = ["yes" if role in roles else "" for role in COLUMNS] + ["yes" if endpoint in asked else ""]
        lines.append(f"| {endpoint} | {' | '.join(cells)} |")
    return HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    FILE.write_text(render(access_table()), encoding="utf-8")
