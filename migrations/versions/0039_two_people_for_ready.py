"""Nobody carries an applicant to leading alone: who says *ready* is another person than who carried the check.

The database notes who decided on the check and who saw the certificate, from the scope and not from what is sent, and
refuses *ready* to the same person, also under another role of the same address; it refuses jumps over *ready* too.

Risk: rows from before have no ids; there the names are compared. A school with one member of staff invites a second.
Rejected: a rule in the service alone, which a second service would not know; asking that the whole way is walked by
two, which a school with two people could not do when one of them is away.
"""

from __future__ import annotations

from alembic import op

revision = "0039"
down_revision = "0038"

WHO = """
create function app.facilitator_check_names_who() returns trigger language plpgsql
  set search_path = pg_catalog, pg_temp as $$
begin
  if current_user = 'wb_owner' then
    return new;
  end if;
  if tg_op = 'INSERT' then
    new.decided_by_id := app.person_id();
    new.seen_by_id := case when new.seen_on is null then null else app.person_id() end;
    return new;
  end if;
  new.decided_by_id := case
    when (new.level, new.risk_assessment, new.decided_at)
      is distinct from (old.level, old.risk_assessment, old.decided_at)
    then app.person_id() else old.decided_by_id end;
  new.seen_by_id := case
    when new.seen_on is null then null
    when (new.certificate_number, new.issued_on, new.seen_on, new.seen_by)
      is distinct from (old.certificate_number, old.issued_on, old.seen_on, old.seen_by)
    then app.person_id() else old.seen_by_id end;
  return new;
end
$$"""
STEPS = """
create function app.facilitator_takes_steps() returns trigger language plpgsql
  set search_path = pg_catalog, pg_temp as $$
declare
  v_before text := case when tg_op = 'INSERT' then '' else old.stage end;
begin
  if current_user = 'wb_owner' or new.stage = v_before then
    return new;
  end if;
  if (new.stage = 'ready' and v_before not in ('training', 'resting', 'leading'))
    or (new.stage = 'leading' and v_before <> 'ready')
    or (new.stage = 'resting' and v_before not in ('ready', 'leading')) then
    raise exception using errcode = 'check_violation', constraint = 'facilitator_one_step', table = 'facilitator',
      message = 'one step at a time';
  end if;
  -- Asked by itself: a parent who takes their application back may not read the checks.
  if new.stage <> 'ready' or v_before <> 'training' then
    return new;
  end if;
  if exists (
    select 1 from public.facilitator_check c
      left join public.staff_member me on me.school_id = c.school_id and me.id = (select app.person_id())
      left join public.staff_member other on other.school_id = c.school_id
        and other.id = case when c.level = 'none' then c.decided_by_id else c.seen_by_id end
      where c.school_id = new.school_id and c.facilitator_id = new.id and (
        me.id is null or me.id = other.id or lower(me.email) = lower(other.email)
        or (other.id is null and me.name = case when c.level = 'none' then c.decided_by else c.seen_by end))) then
    raise exception using errcode = 'check_violation', constraint = 'facilitator_ready_takes_two',
      table = 'facilitator', message = 'ready takes two people';
  end if;
  return new;
end
$$"""


def upgrade() -> None:
    op.execute("alter table facilitator_check add column decided_by_id uuid, add column seen_by_id uuid")
    op.execute(WHO)
    op.execute(STEPS)
    op.execute(
        "create trigger facilitator_check_names_who before insert or update on facilitator_check for each row"
        " execute function app.facilitator_check_names_who()"
    )
    op.execute(
        "create trigger facilitator_takes_steps before insert or update of stage on facilitator for each row"
        " execute function app.facilitator_takes_steps()"
    )
