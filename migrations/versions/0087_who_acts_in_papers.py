"""Papers name the officer whose account reads, and only people who can act hear that one is ready.

The agreement printed a name that an authority typed in its settings, while a concern went to the account. The worker
that makes papers asks the same functions now: who reads (`identity.readers`), and who can act
(`identity.acting_people`, in its own school and authority).

Risk: none for data; the column authority.officer_name stays until a later revision and nothing reads it.
Rejected: keeping the typed name in step with the account, which is two sources again.
"""

from __future__ import annotations

from alembic import op

from migrations.functions import function, replace

revision = "0087"
down_revision = "0086"

ACTING = function(
    "acting_people",
    "p_school uuid, p_role text",
    "uuid[]",
    """
begin
  -- Those who hold this role and can sign in: in one's own school, in a school of one's authority, or (no school) in
  -- the authority itself.
  if current_setting('role') in ('wb_school', 'wb_dsl', 'wb_documents') and p_school is distinct from app.school_id()
    or p_school is not null and p_school is distinct from app.school_id()
      and not p_school = any (app.authority_school_ids())
  then raise insufficient_privilege; end if;
  return identity.acting(p_role, app.authority_id(), p_school);
end""",
    (),
)


def upgrade() -> None:
    replace((ACTING,))
    op.execute("set local role wb_identity")
    op.execute(
        "grant execute on function identity.acting_people(uuid, text), identity.readers() to wb_documents"
    )
    op.execute("reset role")
