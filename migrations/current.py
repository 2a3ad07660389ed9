"""The one current text of every SQL function, in `migrations/sql/<schema>/<name>.sql`, as the database holds it.

Revisions carry the text of their day and never change; whoever wants to read or change a function reads it there. After
a revision that makes, replaces or drops one: `python -m migrations.current` writes the folder anew, and the difference
is what the review reads. A test holds it to the live database.
"""

from __future__ import annotations

import sys
from pathlib import Path

import psycopg

from infra.settings import load_settings
from migrations.run import head, upgrade

FOLDER = Path(__file__).parent / "sql"
#: Overloads of a name follow each other in one file. Grants are by name: `PUBLIC` has none of them.
_FUNCTIONS = """
select n.nspname as schema, p.proname as name, pg_get_functiondef(p.oid) as definition,
  r.rolname as owner,
  coalesce((select string_agg(distinct g.grantee::regrole::text, ', ') from aclexplode(p.proacl) g
    where g.grantee not in (0, p.proowner) and g.privilege_type = 'EXECUTE'), 'nobody else') as callers
from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_roles r on r.oid = p.proowner
where n.nspname in ('app', 'identity', 'public', 'published')
  and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
order by n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)
"""


def read_database(owner_url: str) -> dict[str, str]:
    """`schema/name.sql` -> the text of that function, its owner and who may call it, in the database there."""
    found: dict[str, str] = {}
    with psycopg.connect(owner_url) as connection:
        for schema, name, definition, owner, callers in connection.execute(_FUNCTIONS):
            said = f"-- Owned by {owner}; called by {callers}.\n{definition.rstrip()};\n"
            place = f"{schema}/{name}.sql"
            found[place] = f"{found[place]}\n{said}" if place in found else said
    return found


def read_folder() -> dict[str, str]:
    """The same of the files."""
    return {
        path.relative_to(FOLDER).as_posix(): path.read_text(encoding="utf-8")
        for path in FOLDER.rglob("*.sql")
    }


def write_folder(texts: dict[str, str]) -> list[str]:
    """Make the files say `texts`; the names of those that changed."""
    before = read_folder()
    changed = sorted(name for name in before.keys() | texts.keys() if before.get(name) != texts.get(name))
    for name in changed:
        path = FOLDER / name
        if name in texts:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(texts[name], encoding="utf-8")
        else:
            path.unlink()
    return changed


def main() -> int:
    """Bring the demo's or the named database to the newest revision, and write the folder from it."""
    owner_url = load_settings().secret("database_owner_url")
    upgrade(owner_url)
    changed = write_folder(read_database(owner_url))
    sys.stdout.write(
        f"Revision {head()}: {len(changed)} files changed.\n" + "".join(f"{name}\n" for name in changed)
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
