"""Whoever had a fresh start leads again only after two settled people have said so, and only what comes after it.

The fresh start ended a leader's pages and left them *leading*: one press by whoever had asked for it offered the pages
anew at the address that they had typed, with registers and notes behind them, and nobody heard. Now it brings them
back to the step before *ready* and out of groups that are not over. *Ready* is said by another than who asked for the
fresh start, by the rule that *ready* has; being set over a group is told as for anybody new. Groups, an application and
concerns of before stay shut to the new way in, as they do for a parent. The database offers and opens those pages to
nobody who is not ready.

Whoever was withdrawn and becomes ready again is offered their pages at the account that they had, and the link in the
message opens like *Change role*: it was refused to everybody who had ever had those pages.

Risk: a group whose leader has a fresh start is one short until somebody is chosen; its school reads so on its home, and
those who lead it with them are told at once. Whoever had a fresh start and leads again already stays as they are.
Rejected: a second person for the offer alone, which would leave the group's other leaders unaware; a stage of its own.
"""

from __future__ import annotations

from alembic import op

from migrations.functions import SIGNIN, function, install, replace
from tenants.ddl import SCHOOL

revision = "0071"
down_revision = "0070"

#: Of whom the scope is about as somebody who leads: when they had a fresh start last.
MY_FRESH_START = """
create function app.my_fresh_start() returns timestamptz language sql stable security definer
  set search_path = pg_catalog, pg_temp
  return (select coalesce(max(f.ended_at), '-infinity') from public.fresh_start f
    where f.school_id = (select app.school_id()) and f.ended = 'done'
      and f.person_id in (select app.person_id() union all select l.parent_id from public.facilitator l
        where l.school_id = (select app.school_id()) and l.id = (select app.person_id())))
"""
LED_IDS = {
    "led_cohort_ids": "select coalesce(array_agg(l.cohort_id), '{}') from public.cohort_facilitator l"
    " where l.school_id = (select app.school_id()) and l.facilitator_id = (select app.person_id())"
    " and l.assigned_at > (select app.my_fresh_start())",
    "led_parent_ids": "select coalesce(array_agg(e.parent_id), '{}') from public.enrolment e"
    " join public.cohort_facilitator l on l.school_id = e.school_id and l.cohort_id = e.cohort_id"
    " where l.school_id = (select app.school_id()) and l.facilitator_id = (select app.person_id())"
    " and l.assigned_at > (select app.my_fresh_start()) and e.status in ('in_group', 'finished')",
}
#: What somebody who leads wrote: before a fresh start it stays shut.
SEALED = {
    "facilitator_application": f"{SCHOOL} and facilitator_id = (select app.person_id())"
    " and submitted_at > (select app.my_fresh_start())",
    "concern_receipt": f"{SCHOOL} and raised_by_id = (select app.person_id())"
    " and raised_at > (select app.my_fresh_start())",
}
FOR_IDENTITY = (
    "grant select (stage), update (stage, stage_changed_at) on facilitator to wb_identity",
    "grant select (id, school_id, state) on cohort to wb_identity",
    "create policy cohort_identity_select on cohort for select to wb_identity using (true)",
    "grant select (school_id, cohort_id, facilitator_id), delete on cohort_facilitator to wb_identity",
    "create policy cohort_facilitator_identity_select on cohort_facilitator for select to wb_identity using (true)",
    "create policy cohort_facilitator_identity_delete on cohort_facilitator for delete to wb_identity using (true)",
    "grant select, insert, update on activity_due to wb_identity",
    "create policy activity_due_identity_select on activity_due for select to wb_identity using (true)",
    "create policy activity_due_identity_insert on activity_due for insert to wb_identity with check (true)",
    "create policy activity_due_identity_update on activity_due for update to wb_identity using (true)"
    " with check (true)",
    "grant insert on facilitator_event to wb_identity",
    "create policy facilitator_event_identity_insert on facilitator_event for insert to wb_identity with check (true)",
)

MAY_OPEN = function(
    "may_open_leading",
    "p_school uuid, p_person uuid",
    "boolean",
    """
begin
  -- Whether somebody stands where they have pages of their own as one who leads.
  return exists (select from public.facilitator f where f.school_id = p_school and f.id = p_person
    and f.stage in ('ready', 'leading', 'resting'));
end""",
    (),
)

STEP_BACK = function(
    "step_back",
    "p_school uuid, p_person uuid, p_role text",
    "void",
    """
declare v_one record; v_group uuid; v_left uuid; v_channel text;
begin
  -- Somebody came in anew: what two people said of the one before does not stand for whoever holds the new way in.
  for v_one in
    select f.id, f.stage from public.facilitator f where f.school_id = p_school
      and case p_role when 'facilitator' then f.id else f.parent_id end = p_person
      and f.stage in ('ready', 'leading', 'resting') for update
  loop
    update public.facilitator f set stage = 'training', stage_changed_at = app.now()
      where f.school_id = p_school and f.id = v_one.id;
    insert into public.facilitator_event (school_id, id, facilitator_id, from_stage, to_stage, reason, by_name, at)
      values (p_school, gen_random_uuid(), v_one.id, v_one.stage, 'training', 'A fresh start', 'We Belong', app.now());
    update identity.token t set cancelled_at = app.now() where t.person_id = v_one.id and t.role = 'facilitator'
      and t.used_at is null and t.cancelled_at is null;
    for v_group in
      delete from public.cohort_facilitator l using public.cohort c where l.school_id = p_school
        and l.facilitator_id = v_one.id and c.school_id = l.school_id and c.id = l.cohort_id
        and c.state in ('forming', 'running') returning l.cohort_id
    loop
      insert into public.audit_event (school_id, id, event, subject_id, actor_audience, actor_role, details, at)
        values (p_school, gen_random_uuid(), 'cohorts:facilitator:unassigned', v_group, 'wb_signin', 'system',
          jsonb_build_object('facilitator_id', v_one.id), app.now());
      -- Who leads it with them is there without them from now on.
      for v_left, v_channel in
        select l.facilitator_id, w.channel from public.cohort_facilitator l cross join (values ('email'), ('sms'))
          w(channel) where l.school_id = p_school and l.cohort_id = v_group and l.facilitator_id <> v_one.id
      loop
        insert into public.outbox (school_id, id, kind, channel, recipient_kind, recipient_id, subject_id, dedupe_key,
            state, attempt, next_at, not_after, problem, created_at)
          values (p_school, gen_random_uuid(), 'leaders_changed', v_channel, 'facilitator', v_left, v_group,
            v_group || ':' || v_one.id || ':' || app.now() || ':' || v_left, 'queued', 0, app.now(),
            app.now() + interval '3 days', '', app.now());
      end loop;
    end loop;
    -- How many stand where is to be counted again.
    insert into public.activity_due (school_id, due_at) values (p_school, app.now())
      on conflict (school_id) do update set due_at = excluded.due_at;
  end loop;
end""",
    (),
)

USE = function(
    "use_fresh_start",
    "p_hash bytea, p_account_id uuid, p_membership_id uuid",
    "uuid",
    """
declare used identity.token; v_old identity.membership; v_leads uuid;
begin
  update identity.token t set used_at = app.now() where t.token_hash = p_hash and t.purpose = 'fresh_start'
    and t.used_at is null and t.cancelled_at is null and t.expires_at > app.now() and t.not_before <= app.now()
    returning * into used;
  if not found then return null; end if;
  update public.fresh_start f set ended_at = app.now(), ended = 'done' where f.school_id = used.in_school
    and f.id = used.subject_id and f.ended_at is null and f.agreed_at is not null and f.opens_at <= app.now();
  if not found then return null; end if;
  perform pg_advisory_xact_lock(hashtextextended(used.person_id::text, 0));
  -- The old way in ends, here and nowhere else. The new one is a generation later: what was written before stays shut.
  update identity.membership m set ended_at = app.now() where m.person_id = used.person_id and m.role = used.role
    and m.in_school = used.in_school and m.ended_at is null returning * into v_old;
  if v_old.id is null then return null; end if;
  delete from identity.browser_session s where s.membership_id = v_old.id;
  -- Whoever also leads here is one person: the old telephone opens those pages no more.
  for v_leads in
    update identity.membership m set ended_at = app.now() from public.facilitator f
      where used.role = 'parent' and m.role = 'facilitator' and m.in_school = used.in_school and m.ended_at is null
        and f.school_id = used.in_school and f.parent_id = used.person_id and m.person_id = f.id returning m.id
  loop
    delete from identity.browser_session s where s.membership_id = v_leads;
  end loop;
  perform identity.step_back(used.in_school, used.person_id, used.role);
  update identity.token t set cancelled_at = app.now() where t.account_id = v_old.account_id
    and t.in_school = used.in_school and t.used_at is null and t.cancelled_at is null;
  insert into identity.account (id, email, email_since, phone, phone_since, name)
    select p_account_id, case when used.channel = 'email' then used.address end,
      case when used.channel = 'email' then app.now() end, case when used.channel = 'sms' then used.address end,
      case when used.channel = 'sms' then app.now() end, a.name from identity.account a where a.id = v_old.account_id;
  insert into identity.membership (id, account_id, role, in_authority, in_school, person_id, generation)
    values (p_membership_id, p_account_id, v_old.role, v_old.in_authority, v_old.in_school, v_old.person_id,
      v_old.generation + 1);
  -- An application that was not sent is their own words, and nothing that anybody waits for.
  delete from public.application_draft d where used.role = 'parent' and d.school_id = used.in_school
    and d.parent_id = used.person_id;
  -- Whoever has the old telephone reads no more of where the group meets.
  update public.parent_contact c set email = case when used.channel = 'email' then used.address else '' end,
      phone = case when used.channel = 'sms' then used.address else '' end
    where used.role = 'parent' and c.school_id = used.in_school and c.parent_id = used.person_id;
  update public.facilitator f set email = case when used.channel = 'email' then used.address else '' end,
      phone = case when used.channel = 'sms' then used.address else '' end
    where f.school_id = used.in_school and case used.role when 'facilitator' then f.id else f.parent_id end
      = used.person_id;
  insert into identity.sign_in_event (account_id, event) values (v_old.account_id, 'fresh_start_from'),
    (p_account_id, 'fresh_start');
  return p_membership_id;
end""",
    SIGNIN,
)

OFFER = function(
    "offer_facilitator",
    "p_parent uuid, p_facilitator uuid, p_outbox_id uuid, p_expires_at timestamptz, p_invited_by text",
    "boolean",
    """
declare v_member identity.membership; v_account identity.account; v_channel text;
begin
  -- Whoever has an account is offered the role at their own way in, and takes it themselves. Nothing is given before. A
  -- graduate's is the parent's; a professional's (no parent) is the one that they had as somebody who leads.
  if current_setting('role') not in ('wb_school', 'wb_dsl')
    or not exists (select from public.facilitator f where f.school_id = app.school_id() and f.id = p_facilitator
      and f.parent_id is not distinct from p_parent)
  then raise insufficient_privilege; end if;
  if not identity.may_open_leading(app.school_id(), p_facilitator) then return false; end if;
  perform pg_advisory_xact_lock(hashtextextended(p_facilitator::text, 0));
  if p_parent is null then
    select m.* into v_member from identity.membership m where m.person_id = p_facilitator and m.role = 'facilitator'
      and m.in_school = app.school_id() order by m.created_at desc limit 1;
  else
    select m.* into v_member from identity.membership m where m.person_id = p_parent and m.role = 'parent'
      and m.in_school = app.school_id() and m.ended_at is null;
  end if;
  select a.* into v_account from identity.account a where a.id = v_member.account_id and a.disabled_at is null
    and coalesce(a.email, a.phone) is not null;
  if v_account.id is null or exists (select from identity.membership m
    where m.person_id = p_facilitator and m.role = 'facilitator' and m.ended_at is null)
  then return false; end if;
  v_channel := case when v_account.email is not null then 'email' else 'sms' end;
  update identity.token t set cancelled_at = app.now() where t.person_id = p_facilitator and t.role = 'facilitator'
    and t.used_at is null and t.cancelled_at is null;
  insert into identity.token (token_hash, salt, purpose, account_id, role, in_authority, in_school, person_id,
      channel, address, name, outbox_id, expires_at, invited_by)
    values (identity.unknown(), identity.unknown(), 'parent_invitation', v_account.id, 'facilitator',
      v_member.in_authority, v_member.in_school, p_facilitator, v_channel,
      coalesce(v_account.email, v_account.phone),
      identity.first_name_of(v_member.role, v_member.in_school, v_member.person_id, v_account.name), p_outbox_id,
      p_expires_at, p_invited_by);
  insert into public.outbox (school_id, id, kind, channel, recipient_kind, recipient_id, dedupe_key, state, attempt,
      next_at, not_after, problem, created_at)
    values (v_member.in_school, p_outbox_id, 'role_offered', v_channel, 'token', p_outbox_id, p_outbox_id::text,
      'queued', 0, app.now(), p_expires_at, '', app.now());
  return true;
end""",
    ("wb_school",),
)

ACCEPT_OFFER = function(
    "accept_offer",
    "p_hash bytea, p_offer_id uuid, p_membership_id uuid",
    "uuid",
    """
declare used identity.token;
begin
  -- Only what was offered to the account that is signed in here.
  update identity.token t set used_at = app.now() where t.outbox_id = p_offer_id and t.used_at is null
    and t.cancelled_at is null and t.expires_at > app.now() and t.purpose = 'parent_invitation'
    and t.account_id = (select s.account_id from identity.browser_session s
      join identity.account a on a.id = s.account_id and a.disabled_at is null
      join identity.membership m on m.id = s.membership_id and m.ended_at is null
      where s.token_hash = p_hash and s.expires_at > app.now() and s.last_seen_at + s.idle > app.now())
    returning * into used;
  if not found then return null; end if;
  return identity.take_offer(used.token_hash, used.account_id, p_membership_id);
end""",
    SIGNIN,
)

TAKE_OFFER = function(
    "take_offer",
    "p_hash bytea, p_account_id uuid, p_membership_id uuid",
    "uuid",
    """
declare used identity.token;
begin
  -- By the link or by *Change role*: the same rule. Somebody who leads stands where they have pages of their own; and
  -- nobody holds a role twice. What ended gives nothing and bars nobody who is offered it anew at their own account; an
  -- invitation without an account is for whoever never had one.
  select t.* into used from identity.token t where t.token_hash = p_hash;
  perform pg_advisory_xact_lock(hashtextextended(used.person_id::text, 0));
  if exists (select from identity.membership m where m.person_id = used.person_id and m.role = used.role
      and (m.ended_at is null or used.account_id is null))
    or (used.role = 'facilitator' and not identity.may_open_leading(used.in_school, used.person_id))
    or exists (select from identity.account a where a.id = p_account_id and a.disabled_at is not null)
  then return null; end if;
  insert into identity.membership (id, account_id, role, in_authority, in_school, person_id)
    values (p_membership_id, p_account_id, used.role, used.in_authority, used.in_school, used.person_id);
  -- What else waits for this person would open what is theirs now.
  update identity.token t set cancelled_at = app.now() where t.person_id = used.person_id and t.role = used.role
    and t.purpose = 'parent_invitation' and t.used_at is null and t.cancelled_at is null;
  insert into identity.sign_in_event (account_id, event) values (p_account_id, 'invitation_accepted');
  return p_membership_id;
end""",
    (),
)

USE_LINK = function(
    "use_link",
    "p_hash bytea, p_browser_hash bytea, p_account_id uuid, p_membership_id uuid, p_session_hash bytea",
    "uuid",
    """
declare used identity.token; v_account uuid; v_membership uuid;
begin
  -- One statement decides who was first; a second press finds nothing to use.
  update identity.token t set used_at = app.now() where t.token_hash = p_hash and t.used_at is null
    and t.cancelled_at is null and t.expires_at > app.now() and t.purpose in ('parent_invitation', 'sign_in')
    and (t.browser_hash is null or t.browser_hash = p_browser_hash)
    returning * into used;
  if not found then return null; end if;
  if used.purpose = 'sign_in' then
    select m.id into v_membership from identity.membership m where m.account_id = used.account_id
      and m.ended_at is null and m.role in ('parent', 'facilitator')
      order by (m.in_school = used.in_school) desc, m.created_at desc, m.id limit 1;
    return v_membership;
  end if;
  -- An invitation makes somebody's account, or adds to the one that it is for, or to the one that is signed in here.
  -- It never looks for an account by an address, changes none, and moves nothing.
  perform pg_advisory_xact_lock(hashtextextended(used.person_id::text, 0));
  if used.account_id is not null then
    v_account := used.account_id;
  elsif exists (select from identity.membership m where m.person_id = used.person_id and m.role = used.role) then
    return null;
  elsif p_session_hash is not null then
    select s.account_id into v_account from identity.browser_session s
      join identity.membership m on m.id = s.membership_id and m.ended_at is null
      where s.token_hash = p_session_hash and s.expires_at > app.now() and s.last_seen_at + s.idle > app.now();
    if v_account is null then return null; end if;
  else
    if used.role = 'facilitator' and not identity.may_open_leading(used.in_school, used.person_id) then
      return null;
    end if;
    insert into identity.account (id, email, email_since, phone, phone_since, name)
      values (p_account_id, case when used.channel = 'email' then used.address end,
        case when used.channel = 'email' then app.now() end, case when used.channel = 'sms' then used.address end,
        case when used.channel = 'sms' then app.now() end, used.name);
    v_account := p_account_id;
  end if;
  return identity.take_offer(p_hash, v_account, p_membership_id);
end""",
    SIGNIN,
)

STEPS = """
create or replace function app.facilitator_takes_steps() returns trigger language plpgsql
  set search_path = pg_catalog, pg_temp as $$
declare
  v_before text := case when tg_op = 'INSERT' then '' else old.stage end; v_asker uuid;
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
  -- Whoever asked for a fresh start typed where the new way in goes: they are the first of two.
  select f.asked_by into v_asker from public.fresh_start f where f.school_id = new.school_id and f.ended = 'done'
    and f.person_id in (new.id, new.parent_id) order by f.ended_at desc limit 1;
  if exists (
    select 1 from public.facilitator_check c
      left join public.staff_member me on me.school_id = c.school_id and me.id = (select app.person_id())
      left join public.staff_member other on other.school_id = c.school_id
        and other.id = case when c.level = 'none' then c.decided_by_id else c.seen_by_id end
      where c.school_id = new.school_id and c.facilitator_id = new.id and (
        me.id is null or me.id = other.id or lower(me.email) = lower(other.email)
        or (other.id is null and me.name = case when c.level = 'none' then c.decided_by else c.seen_by end)
        or not identity.may_say_ready(other.id)))
    or (v_asker is not null and not identity.may_say_ready(v_asker)) then
    raise exception using errcode = 'check_violation', constraint = 'facilitator_ready_takes_two',
      table = 'facilitator', message = 'ready takes two people';
  end if;
  return new;
end
$$"""

#: Who had one while they led, and was not let in again, from before this revision.
SINCE_BEFORE = """
select identity.step_back(s.school_id, s.person_id, s.role) from public.fresh_start s where s.ended = 'done'
  and exists (select from public.facilitator f where f.school_id = s.school_id
    and case s.role when 'facilitator' then f.id else f.parent_id end = s.person_id
    and f.stage_changed_at < s.ended_at and not exists (select from identity.membership m
      where m.person_id = f.id and m.role = 'facilitator' and m.ended_at is null))
"""


def upgrade() -> None:
    op.execute("grant select (ended_at) on fresh_start to wb_helper")
    # Held twice since 0067: the whole table is granted.
    op.execute("revoke select (changed_at) on consent from wb_helper")
    op.execute(MY_FRESH_START)
    op.execute("grant execute on function app.my_fresh_start() to wb_facilitator")
    op.execute("alter function app.my_fresh_start() owner to wb_helper")
    op.execute("set local role wb_helper")
    for name, query in LED_IDS.items():
        op.execute(
            f"create or replace function app.{name}() returns uuid[] language sql stable security definer"
            f" set search_path = pg_catalog, pg_temp return ({query})"
        )
    op.execute("reset role")
    for table, rows in SEALED.items():
        op.execute(f"alter policy {table}_facilitator_select on {table} using ({rows})")
    for statement in FOR_IDENTITY:
        op.execute(statement)
    op.execute("grant select (stage_changed_at) on facilitator to wb_identity")
    install((MAY_OPEN, STEP_BACK, TAKE_OFFER))
    replace((USE, OFFER, ACCEPT_OFFER, USE_LINK))
    op.execute(STEPS)
    op.execute("set local role wb_identity")
    op.execute(SINCE_BEFORE)
    op.execute("reset role")
