"""Whoever acts by a function of the database is named by their account, and reaches whom their role looks after.

A fresh start told as many old addresses as ids were handed in, and wrote down whatever name it was given: a statement
of one's own agreed to one that nobody was told of. Whom to tell is now found there, and who asked, agreed, silenced,
took back or looked is the name of the account of who sits there. An authority ends roles at work, cancels links of
people at work, and asks of them alone whether they have arrived: parents and those who lead are their school's to look
after.

Risk: the arguments stay, so that the release before goes on; what it hands in is not read.
Rejected: to check that enough ids are handed in; the next address more would be told nothing.
"""

from __future__ import annotations

from migrations.functions import function, install, replace

revision = "0089"
down_revision = "0088"

NAME = function(
    "name_here",
    "",
    "text",
    """
begin
  return (select coalesce(max(a.name), '') from identity.membership m
    join identity.account a on a.id = m.account_id where m.person_id = app.person_id()
      and m.in_school is not distinct from app.school_id() and m.ended_at is null);
end
""",
    (),
)
CHANGED = (
    function(
        "agree_fresh_start",
        "p_id uuid, p_outbox_id uuid, p_stop_ids uuid[], p_by_name text",
        "text",
        """
declare v_start public.fresh_start; v_member identity.membership; v_opens timestamptz; v_one record;
  v_name text; v_stop uuid;
begin
  if current_setting('role') not in ('wb_school', 'wb_dsl') then raise insufficient_privilege; end if;
  select f.* into v_start from public.fresh_start f where f.school_id = app.school_id() and f.id = p_id for update;
  if v_start.id is null or v_start.ended_at is not null or v_start.agreed_at is not null then return 'over'; end if;
  if not identity.may_agree(v_start.asked_by, app.person_id(), app.school_id()) then return 'not_you'; end if;
  select m.* into v_member from identity.membership m where m.person_id = v_start.person_id and m.role = v_start.role
    and m.in_school = app.school_id() and m.ended_at is null;
  if v_member.id is null then return 'over'; end if;
  -- Who agrees is who sits there, by the name of their account; whom to tell is found here, never handed in.
  v_opens := case when v_start.is_silent then app.now() else app.now() + interval '24 hours' end;
  select identity.first_name_of(v_start.role, v_start.school_id, v_start.person_id, a.name) into v_name
    from identity.account a where a.id = v_member.account_id;
  update public.fresh_start f set agreed_by = app.person_id(), agreed_by_name = identity.name_here(),
      agreed_at = app.now(), opens_at = v_opens, waits_until = app.now() + interval '24 hours'
    where f.school_id = app.school_id() and f.id = p_id;
  insert into identity.token (token_hash, salt, purpose, role, in_authority, in_school, person_id, channel, address,
      name, outbox_id, expires_at, subject_id, not_before)
    values (identity.unknown(), identity.unknown(), 'fresh_start', v_start.role, v_member.in_authority,
      v_member.in_school, v_start.person_id, v_start.channel, v_start.address, v_name, p_outbox_id,
      v_opens + interval '14 days', p_id, v_opens);
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
    where o.address <> '' and o.address <> v_start.address
  loop
    v_stop := gen_random_uuid();
    insert into identity.token (token_hash, salt, purpose, in_authority, in_school, channel, address, name, outbox_id,
        expires_at, subject_id)
      values (identity.unknown(), identity.unknown(), 'stop', v_member.in_authority, v_member.in_school,
        v_one.channel, v_one.address, v_name, v_stop, v_opens, p_id);
    insert into public.outbox (school_id, id, kind, channel, recipient_kind, recipient_id, dedupe_key, state, attempt,
        next_at, not_after, problem, created_at)
      values (v_start.school_id, v_stop, 'fresh_start_notice', v_one.channel, 'token',
        v_stop, v_stop::text, 'queued', 0, app.now(), v_opens, '', app.now());
  end loop;
  return 'agreed';
end
""",
        ("wb_school",),
    ),
    function(
        "ask_fresh_start",
        "p_id uuid, p_role text, p_person uuid, p_channel text, p_address text, p_met_on date,"
        " p_by_name text",
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
    values (app.school_id(), p_id, p_role, p_person, p_channel, p_address, p_met_on, app.person_id(),
      identity.name_here(), app.now());
  return 'asked';
end
""",
        ("wb_school",),
    ),
    function(
        "take_back_fresh_start",
        "p_id uuid, p_by_name text",
        "boolean",
        """
begin
  if current_setting('role') not in ('wb_school', 'wb_dsl') then raise insufficient_privilege; end if;
  update public.fresh_start f set ended_at = app.now(), ended = 'taken_back', ended_by_name = identity.name_here()
    where f.school_id = app.school_id() and f.id = p_id and f.ended_at is null;
  if not found then return false; end if;
  update identity.token t set cancelled_at = app.now() where t.subject_id = p_id and t.used_at is null
    and t.cancelled_at is null;
  return true;
end
""",
        ("wb_school",),
    ),
    function(
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
    values (app.school_id(), p_id, app.person_id(), identity.name_here(), p_reason, app.now());
  return true;
end
""",
        ("wb_dsl",),
    ),
    function(
        "look_into_stop",
        "p_id uuid, p_by_name text",
        "boolean",
        """
begin
  if current_setting('role') not in ('wb_school', 'wb_dsl') then raise insufficient_privilege; end if;
  update public.fresh_start f set looked_at = app.now(), looked_by_name = identity.name_here()
    where f.school_id = app.school_id() and f.id = p_id and f.ended = 'stopped' and f.looked_at is null
      and app.person_id() = any (identity.stop_lookers(f.school_id, f.asked_by, f.agreed_by));
  return found;
end
""",
        ("wb_school",),
    ),
    function(
        "end_membership",
        "p_person uuid, p_role text",
        "boolean",
        """
declare v_ended uuid[];
begin
  with ended as (
    update identity.membership m set ended_at = app.now()
      where m.person_id = p_person and m.role = p_role and m.ended_at is null and m.in_authority = app.authority_id()
        and ((current_setting('role') = 'wb_authority' and m.role not in ('parent', 'facilitator'))
          or (current_setting('role') in ('wb_school', 'wb_dsl') and m.in_school = app.school_id())
          or (current_setting('role') = 'wb_parent' and m.person_id = app.person_id() and m.role = 'parent'
            and m.in_school = app.school_id()))
      returning m.id)
  select array_agg(id) into v_ended from ended;
  if v_ended is null then return false; end if;
  delete from identity.browser_session s where s.membership_id = any (v_ended);
  update identity.token t set cancelled_at = app.now()
    where t.person_id = p_person and t.used_at is null and t.cancelled_at is null;
  return true;
end
""",
        ("wb_authority", "wb_school", "wb_parent"),
    ),
    function(
        "cancel_tokens",
        "p_person uuid",
        "void",
        """
begin
  update identity.token t set cancelled_at = app.now()
    where t.person_id = p_person and t.used_at is null and t.cancelled_at is null
      and t.in_authority = app.authority_id()
      and ((current_setting('role') = 'wb_authority' and t.role not in ('parent', 'facilitator'))
        or (current_setting('role') <> 'wb_authority' and t.in_school = app.school_id()
          and (current_setting('role') <> 'wb_parent' or t.person_id = app.person_id())));
end
""",
        ("wb_authority", "wb_school", "wb_parent"),
    ),
    function(
        "person_accounts",
        "p_people uuid[]",
        "table(person_id uuid, has_signed_in boolean, has_second_factor boolean, open_invitation boolean,"
        " invitation_until timestamptz)",
        """
declare v_all boolean := current_setting('role') = 'wb_authority';
begin
  -- For a list of people: who has arrived, and whose invitation is still open. No secrets, no addresses.
  return query select p.id,
      exists (select 1 from identity.membership m where m.person_id = p.id and m.in_authority = app.authority_id()
        and case when v_all then m.role not in ('parent', 'facilitator') else m.in_school = app.school_id() end
        and m.ended_at is null),
      exists (select 1 from identity.membership m join identity.account a on a.id = m.account_id
        where m.person_id = p.id and m.in_authority = app.authority_id()
        and case when v_all then m.role not in ('parent', 'facilitator') else m.in_school = app.school_id() end
        and a.totp_secret is not null),
      exists (select 1 from identity.token t where t.person_id = p.id and t.in_authority = app.authority_id()
        and case when v_all then t.role not in ('parent', 'facilitator') else t.in_school = app.school_id() end
        and t.used_at is null and t.cancelled_at is null and t.expires_at > app.now()),
      (select max(t.expires_at) from identity.token t where t.person_id = p.id
        and t.in_authority = app.authority_id()
        and case when v_all then t.role not in ('parent', 'facilitator') else t.in_school = app.school_id() end
        and t.cancelled_at is null)
    from unnest(p_people) p(id);
end
""",
        ("wb_authority", "wb_school"),
    ),
)


def upgrade() -> None:
    install([NAME])
    replace(CHANGED)
