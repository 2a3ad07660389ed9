"""A fresh start: doors of the revision that adds it. Two members of staff, a day's wait, and what was written stays
shut."""

from __future__ import annotations

from migrations.functions import SIGNIN, function

ASK = function(
    "ask_fresh_start",
    "p_id uuid, p_role text, p_person uuid, p_channel text, p_address text, p_met_on date, p_by_name text",
    "text",
    """
begin
  if current_setting('role') not in ('wb_school', 'wb_dsl') then raise insufficient_privilege; end if;
  if not exists (select from identity.membership m where m.person_id = p_person and m.role = p_role
    and m.role in ('parent', 'facilitator') and m.in_school = app.school_id() and m.ended_at is null)
  then return 'no_account'; end if;
  if p_met_on > app.now()::date or p_met_on < app.now()::date - 14 then return 'not_met'; end if;
  perform pg_advisory_xact_lock(hashtextextended(p_person::text, 0));
  if exists (select from public.fresh_start f where f.school_id = app.school_id() and f.person_id = p_person
    and f.ended_at is null) then return 'under_way'; end if;
  insert into public.fresh_start (school_id, id, role, person_id, channel, address, met_on, asked_by, asked_by_name,
      asked_at)
    values (app.school_id(), p_id, p_role, p_person, p_channel, p_address, p_met_on, app.person_id(), p_by_name,
      app.now());
  return 'asked';
end""",
    ("wb_school",),
)

MAY_AGREE = function(
    "may_agree",
    "p_first uuid, p_second uuid, p_school uuid",
    "boolean",
    """
declare v_first uuid; v_second identity.membership;
begin
  -- Another person, here for 30 days, whom the first did not bring in.
  select m.account_id into v_first from identity.membership m where m.person_id = p_first and m.in_school = p_school
    order by m.created_at limit 1;
  select m.* into v_second from identity.membership m join identity.account a on a.id = m.account_id
    where m.person_id = p_second and m.in_school = p_school and m.ended_at is null and a.disabled_at is null
      and m.role not in ('parent', 'facilitator') and m.created_at <= app.now() - interval '30 days'
      and a.created_at <= app.now() - interval '30 days' limit 1;
  if v_second.id is null or p_first = p_second or v_second.account_id is not distinct from v_first then
    return false;
  end if;
  return not exists (select from identity.vouched v
    join identity.membership of on of.person_id = v.person_id and of.account_id = v_second.account_id
    where v.by_person_id = p_first or exists (select from identity.membership b
      where b.person_id = v.by_person_id and b.account_id = v_first));
end""",
    ("wb_identity",),
)

AGREE = function(
    "agree_fresh_start",
    "p_id uuid, p_hash bytea, p_outbox_id uuid, p_stop_hashes bytea[], p_stop_ids uuid[], p_by_name text",
    "text",
    """
declare v_start public.fresh_start; v_member identity.membership; v_opens timestamptz; v_one record;
  v_place integer := 0; v_name text;
begin
  if current_setting('role') not in ('wb_school', 'wb_dsl') then raise insufficient_privilege; end if;
  select f.* into v_start from public.fresh_start f where f.school_id = app.school_id() and f.id = p_id for update;
  if v_start.id is null or v_start.ended_at is not null or v_start.agreed_at is not null then return 'over'; end if;
  if not identity.may_agree(v_start.asked_by, app.person_id(), app.school_id()) then return 'not_you'; end if;
  select m.* into v_member from identity.membership m where m.person_id = v_start.person_id and m.role = v_start.role
    and m.in_school = app.school_id() and m.ended_at is null;
  if v_member.id is null then return 'over'; end if;
  v_opens := case when v_start.is_silent then app.now() else app.now() + interval '24 hours' end;
  select identity.first_name_of(v_start.role, v_start.school_id, v_start.person_id, a.name) into v_name
    from identity.account a where a.id = v_member.account_id;
  update public.fresh_start f set agreed_by = app.person_id(), agreed_by_name = p_by_name, agreed_at = app.now(),
      opens_at = v_opens, waits_until = app.now() + interval '24 hours'
    where f.school_id = app.school_id() and f.id = p_id;
  insert into identity.token (token_hash, purpose, role, in_authority, in_school, person_id, channel, address, name,
      outbox_id, expires_at, subject_id, not_before)
    values (p_hash, 'fresh_start', v_start.role, v_member.in_authority, v_member.in_school, v_start.person_id,
      v_start.channel, v_start.address, v_name, p_outbox_id, v_opens + interval '14 days', p_id, v_opens);
  insert into public.outbox (school_id, id, kind, channel, recipient_kind, recipient_id, dedupe_key, state, attempt,
      next_at, not_after, problem, created_at)
    values (v_start.school_id, p_outbox_id, 'fresh_start_link', v_start.channel, 'token', p_outbox_id,
      p_outbox_id::text, 'queued', 0, v_opens, v_opens + interval '14 days', '', app.now());
  if v_start.is_silent then return 'agreed'; end if;
  -- Told at every old address, never what the new one is; each can stop it.
  for v_one in
    select distinct o.channel, o.address from (
      select 'email' as channel, a.email as address from identity.account a where a.id = v_member.account_id
      union all select 'sms', a.phone from identity.account a where a.id = v_member.account_id
      union all select 'email', c.email from public.parent_contact c
        where c.school_id = v_start.school_id and c.parent_id = v_start.person_id
      union all select 'sms', c.phone from public.parent_contact c
        where c.school_id = v_start.school_id and c.parent_id = v_start.person_id) o
    where o.address <> '' and o.address <> v_start.address limit cardinality(p_stop_hashes)
  loop
    v_place := v_place + 1;
    insert into identity.token (token_hash, purpose, in_authority, in_school, channel, address, name, outbox_id,
        expires_at, subject_id)
      values (p_stop_hashes[v_place], 'stop', v_member.in_authority, v_member.in_school, v_one.channel, v_one.address,
        v_name, p_stop_ids[v_place], v_opens, p_id);
    insert into public.outbox (school_id, id, kind, channel, recipient_kind, recipient_id, dedupe_key, state, attempt,
        next_at, not_after, problem, created_at)
      values (v_start.school_id, p_stop_ids[v_place], 'fresh_start_notice', v_one.channel, 'token',
        p_stop_ids[v_place], p_stop_ids[v_place]::text, 'queued', 0, app.now(), v_opens, '', app.now());
  end loop;
  return 'agreed';
end""",
    ("wb_school",),
)

SILENCE = function(
    "silence_fresh_start",
    "p_id uuid, p_reason text, p_by_name text",
    "boolean",
    """
begin
  -- The safeguarding lead alone, before it is agreed; the reason is kept where they alone read it.
  if current_setting('role') <> 'wb_dsl' or not exists (select from identity.membership m
    where m.person_id = app.person_id() and m.in_school = app.school_id() and m.role = 'school_dsl'
      and m.ended_at is null)
  then raise insufficient_privilege; end if;
  update public.fresh_start f set is_silent = true where f.school_id = app.school_id() and f.id = p_id
    and f.agreed_at is null and f.ended_at is null and not f.is_silent;
  if not found then return false; end if;
  insert into public.fresh_start_silence (school_id, fresh_start_id, by_person, by_name, reason, at)
    values (app.school_id(), p_id, app.person_id(), p_by_name, p_reason, app.now());
  return true;
end""",
    ("wb_dsl",),
)

END = function(
    "take_back_fresh_start",
    "p_id uuid, p_by_name text",
    "boolean",
    """
begin
  if current_setting('role') not in ('wb_school', 'wb_dsl') then raise insufficient_privilege; end if;
  update public.fresh_start f set ended_at = app.now(), ended = 'taken_back', ended_by_name = p_by_name
    where f.school_id = app.school_id() and f.id = p_id and f.ended_at is null;
  if not found then return false; end if;
  update identity.token t set cancelled_at = app.now() where t.subject_id = p_id and t.used_at is null
    and t.cancelled_at is null;
  return true;
end""",
    ("wb_school",),
)

STOP = function(
    "stop_fresh_start",
    "p_hash bytea",
    "boolean",
    """
declare used identity.token;
begin
  update identity.token t set used_at = app.now() where t.token_hash = p_hash and t.purpose = 'stop'
    and t.used_at is null and t.cancelled_at is null and t.expires_at > app.now() returning * into used;
  if not found then return false; end if;
  update public.fresh_start f set ended_at = app.now(), ended = 'stopped' where f.school_id = used.in_school
    and f.id = used.subject_id and f.ended_at is null;
  if not found then return false; end if;
  update identity.token t set cancelled_at = app.now() where t.subject_id = used.subject_id and t.used_at is null
    and t.cancelled_at is null;
  return true;
end""",
    SIGNIN,
)

USE = function(
    "use_fresh_start",
    "p_hash bytea, p_account_id uuid, p_membership_id uuid",
    "uuid",
    """
declare used identity.token; v_old identity.membership;
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
    where used.role = 'facilitator' and f.school_id = used.in_school and f.id = used.person_id;
  insert into identity.sign_in_event (account_id, event) values (v_old.account_id, 'fresh_start_from'),
    (p_account_id, 'fresh_start');
  return p_membership_id;
end""",
    SIGNIN,
)

ERASE = function(
    "erase_sealed",
    "",
    "integer",
    """
declare v_way integer := identity.my_way(); v_some integer; v_all integer := 0;
begin
  -- A parent may not read what was written before their fresh start, and may have it gone.
  if current_setting('role') <> 'wb_parent' then raise insufficient_privilege; end if;
  delete from public.answer_set s where s.school_id = app.school_id() and s.parent_id = app.person_id()
    and s.way < v_way;
  get diagnostics v_some = row_count; v_all := v_all + v_some;
  delete from public.topic_vote s where s.school_id = app.school_id() and s.parent_id = app.person_id()
    and s.way < v_way;
  get diagnostics v_some = row_count; v_all := v_all + v_some;
  delete from public.facilitator_application s where s.school_id = app.school_id() and s.parent_id = app.person_id()
    and s.way < v_way;
  get diagnostics v_some = row_count;
  return v_all + v_some;
end""",
    ("wb_parent",),
)

FUNCTIONS = (ASK, MAY_AGREE, AGREE, SILENCE, END, STOP, USE, ERASE)
