"""Read the time in one place: `app.now()`, in every function and default of the database.

It answers with the server's own clock and reads no setting, so no login can shift it. Only the owner can replace it,
which tests do to move the whole product to another moment.

Risk: none; the functions say the same, and each is replaced in place with its owner and its grants.
Rejected: a setting of the session (`app.now`), which any login could write; every function's text once more, a
thousand lines in which a change would hide.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

from tenants.roles import SILENT
from tenants.scope import Audience

revision = "0021"
down_revision = "0020"

READERS = (*[audience.value for audience in Audience], *SILENT, "wb_web")

#: Ours that ask the server for the time, with who owns them and their text as it is.
ASKING = text(
    "select p.oid::regprocedure::text as name, r.rolname as owner, pg_get_functiondef(p.oid) as body"
    " from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_roles r on r.oid = p.proowner"
    " where n.nspname in ('app', 'identity') and p.prosrc ~ '\\mnow\\(\\)' and p.proname <> 'now' order by 1"
)
DEFAULTS = text(
    "select a.attrelid::regclass::text as table_name, quote_ident(a.attname) as column_name from pg_attrdef d"
    " join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum"
    " join pg_class c on c.oid = d.adrelid join pg_namespace n on n.oid = c.relnamespace"
    " where n.nspname in ('public', 'identity', 'published') and pg_get_expr(d.adbin, d.adrelid) = 'now()'"
    " order by 1, 2"
)


def upgrade() -> None:
    op.execute(
        "create function app.now() returns timestamptz language sql stable parallel safe return pg_catalog.now()"
    )
    op.execute(f"grant execute on function app.now() to {', '.join(READERS)}")
    bind = op.get_bind()
    for function in bind.execute(ASKING).all():
        if function.owner in SILENT:
            op.execute(f"set local role {function.owner}")
        bind.exec_driver_sql(function.body.replace("now()", "app.now()").replace("%", "%%"))
        op.execute("reset role")
    for column in bind.execute(DEFAULTS).all():
        op.execute(f"alter table {column.table_name} alter column {column.column_name} set default app.now()")
