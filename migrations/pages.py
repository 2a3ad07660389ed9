"""How revisions write the function that reads a page (`tenants/pages.py`): its text of that day, from a file.

`python -m tests.architecture.page_functions 0123 group_page` writes the file from what the packages ask now.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from alembic import op

#: The rows of one statement. Its text is ours: what packages wrote at the head of a module.
_ROWS = "(select json_agg(json_build_array({columns})) from (\n{words}\n) r({columns}))"
#: What is found before the rest, and asked by: its name and type, the statement with the number of its columns, and
#: the place of the column. The statement answers one row, or none.
Found = tuple[str, str, str, int, int]
_FOUND = "\np_{name} {kind} := (select c{place} from (\n{words}\n) r({columns}));"
FROZEN = Path(__file__).parent / "frozen"


def install(revision: str, function: str, roles: tuple[str, ...]) -> None:
    """Make a page's function as `revision` has it, for these audiences and nobody else."""
    text = file_of(revision, function).read_text(encoding="utf-8")
    signature = text.splitlines()[0].removeprefix("-- ")
    # Its colons are casts, and name no value.
    op.execute(text.replace(":", "\\:"))
    op.execute(f"grant execute on function app.{signature} to {', '.join(roles)}")


def create(
    function: str,
    arguments: list[tuple[str, str]],
    statements: Iterable[tuple[str, int]],
    found: Iterable[Found] = (),
) -> str:
    """The text of a page's function. It runs with its caller's rights, and keeps one plan for all its callers."""
    taken = ", ".join(f"p_{name} {kind}" for name, kind in arguments)
    return (
        f"-- {function}({', '.join(kind for _name, kind in arguments)})\n"
        f"create function app.{function}({taken}) returns json language plpgsql stable security invoker\n"
        f"set plan_cache_mode = force_generic_plan as $function${body(statements, found)}$function$;\n"
    )


def body(statements: Iterable[tuple[str, int]], found: Iterable[Found] = ()) -> str:
    """Each statement's rows as a list of lists, in the order of the page's parts; `found` before them."""
    declared = []
    for name, kind, words, count, place in found:
        columns = ", ".join(f"c{number}" for number in range(count))
        declared.append(_FOUND.format(name=name, kind=kind, place=place, words=words, columns=columns))
    head = f"\ndeclare{''.join(declared)}" if declared else ""
    asked = []
    for words, count in statements:
        columns = ", ".join(f"c{number}" for number in range(count))
        asked.append(_ROWS.format(columns=columns, words=words))
    return f"{head}\nbegin\nreturn json_build_array(\n" + ",\n".join(asked) + ");\nend"


def file_of(revision: str, function: str) -> Path:
    """Where its text of that day lies."""
    return FROZEN / f"{revision}_{function}.sql"
