"""Let an authority show a published release to everybody, and let everybody read those and nothing else.

Visitors have no scope, so a narrow function answers them: releases that were published, were not withdrawn, and were
shown to everybody by their authority, with its name.

Risk: none, a column that is empty; what was published so far stays with commissioners until somebody decides.
Rejected: a right of visitors to the table; its policy would have to be read beside every other one.
"""

from __future__ import annotations

from alembic import op

from tenants.ddl import AUTHORITY

revision = "0034"
down_revision = "0033"

SHOWN = """
create function app.results_for_everybody() returns table (
  id uuid, authority text, window_key text, title text, payload jsonb, sha256 text, published_at timestamptz)
  language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select r.id, a.name, r.window_key, r.title, r.payload, r.sha256, r.published_at
      from published.release r join public.authority a on a.authority_id = r.authority_id
      where r.public_at is not null and r.withdrawn_at is null
      order by a.name, r.published_at desc, r.id;
  end"""


def upgrade() -> None:
    op.execute("alter table published.release add column public_at timestamptz")
    op.execute("grant update (public_at) on published.release to wb_authority")
    op.execute(
        "create policy release_authority_update on published.release for update to wb_authority"
        f" using ({AUTHORITY}) with check ({AUTHORITY})"
    )
    op.execute("grant usage on schema published to wb_helper")
    op.execute("grant select on published.release to wb_helper")
    op.execute(
        "create policy release_helper_select on published.release for select to wb_helper"
        " using (public_at is not null and withdrawn_at is null)"
    )
    op.execute("grant select (authority_id, name) on authority to wb_helper")
    op.execute("create policy authority_helper_select on authority for select to wb_helper using (true)")
    op.execute(SHOWN)
    op.execute(
        "grant execute on function app.results_for_everybody() to wb_public, wb_authority, wb_officer, wb_school,"
        " wb_facilitator, wb_parent, wb_commissioner"
    )
    op.execute("alter function app.results_for_everybody() owner to wb_helper")
