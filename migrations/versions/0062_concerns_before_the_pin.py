"""Take a concern from whoever raises it, also from somebody whose private parts are shut for want of a PIN.

On an address that another person has too nothing private opens without a key. A concern is given, not opened: it has
the generation of the way in, and its receipt is shown for an hour, so that the page after it says what happens now.

Risk: for that hour whoever shares the telephone can be shown that something was raised, and nothing of what.
Rejected: asking for the PIN first, which nothing that keeps a child safe may wait for; a concern without a receipt.
"""

from __future__ import annotations

from alembic import op

from tenants.ddl import SCHOOL

revision = "0062"
down_revision = "0061"

MY_GENERATION = """
create function identity.my_generation() returns smallint language sql stable security definer
  set search_path = pg_catalog, pg_temp
  return (select coalesce(max(m.generation), 0)::smallint from identity.membership m
    where m.person_id = (select app.person_id()) and m.in_school = (select app.school_id()) and m.role = 'parent'
      and m.ended_at is null)
"""
RAISED = f"{SCHOOL} and raised_by_id = (select app.person_id())"
OF_NOW = "way = (select identity.my_generation())"


def upgrade() -> None:
    op.execute(MY_GENERATION)
    op.execute("alter function identity.my_generation() owner to wb_identity")
    op.execute("set local role wb_identity")
    op.execute(
        "grant execute on function identity.my_generation() to wb_parent, wb_school, wb_facilitator, wb_owner"
    )
    op.execute("reset role")
    op.execute("alter table concern_receipt alter column way set default identity.my_generation()")
    op.execute(
        f"alter policy concern_receipt_parent_insert on concern_receipt with check ({RAISED} and {OF_NOW})"
    )
    op.execute(
        f"alter policy concern_receipt_parent_select on concern_receipt using ({RAISED}"
        f" and (way = (select identity.my_way()) or ({OF_NOW} and raised_at > (select app.now()) - interval '1 hour')))"
    )
