"""Keep what opens a link from whoever asks that one be sent.

An audience asks for an invitation, an offer, a fresh start; what opens it comes about where it is sent, from a key that
the database never sees and a salt that no audience reads. So a statement in a page can have a message written to
somebody of its own place, as the page can, but can neither choose a secret nor learn one, also not by handing over the
id of a message whose link it has seen; and a link that was not sent opens nothing.

Risk: stop the old workers before this. A link that one of them sends afterwards opens nothing until it is sent again;
links that are on their way stay good.
Rejected: a secret made by the database and read back, which the same statement would read; signatures in the link,
which would be three times as long in a text; a secret from the message's id alone, which the caller chooses.
"""

from __future__ import annotations

from alembic import op

from migrations.functions import INVITERS, drop, function, install

revision = "0043"
down_revision = "0042"

FUNCTIONS = (
    function(
        "issue_token",
        "p_purpose text, p_role text, p_authority uuid, p_school uuid, p_person uuid, p_channel text,"
        " p_address text, p_name text, p_outbox_id uuid, p_expires_at timestamptz, p_invited_by text",
        "void",
        """
declare v_audience text := current_setting('role'); v_known boolean;
begin
  if p_authority is distinct from app.authority_id() then raise insufficient_privilege; end if;
  if v_audience in ('wb_school', 'wb_dsl') then
    if p_school is distinct from app.school_id()
      or p_role not in ('school_lead', 'senco', 'attendance_lead', 'school_dsl', 'facilitator', 'parent')
    then raise insufficient_privilege; end if;
  elsif v_audience = 'wb_authority' then
    if p_role not in ('authority_admin', 'named_officer', 'commissioner', 'school_lead', 'school_dsl')
      or (p_school is not null and p_school <> all (app.authority_school_ids()))
      or (p_school is null) <> (p_role in ('authority_admin', 'named_officer', 'commissioner'))
    then raise insufficient_privilege; end if;
  else raise insufficient_privilege;
  end if;
  if p_purpose is distinct from
    (case when p_role in ('parent', 'facilitator') then 'parent_invitation' else 'staff_invitation' end)
  then raise insufficient_privilege; end if;
  -- A row of this very place, whatever id was handed over.
  v_known := case
    when p_role = 'parent' then exists (select from public.parent o where o.school_id = p_school and o.id = p_person)
    when p_role = 'facilitator' then
      exists (select from public.facilitator o where o.school_id = p_school and o.id = p_person)
    when p_school is not null then
      exists (select from public.staff_member o where o.school_id = p_school and o.id = p_person)
    else exists (select from public.authority_member o where o.authority_id = p_authority and o.id = p_person) end;
  if not v_known then raise insufficient_privilege; end if;
  perform pg_advisory_xact_lock(hashtextextended(p_person::text, 0));
  -- An invitation is for somebody who has no account, also none that has ended: what was theirs stays theirs.
  if p_role in ('parent', 'facilitator') then
    if exists (select from identity.membership m where m.person_id = p_person and m.role = p_role) then
      raise unique_violation using constraint = 'person_has_an_account';
    end if;
  -- Somebody at work is invited again to the address that they sign in with, and to no other.
  elsif exists (select from identity.membership m join identity.account a on a.id = m.account_id
    where m.person_id = p_person and m.role = p_role and m.ended_at is null and a.email is distinct from p_address)
  then raise unique_violation using constraint = 'person_has_an_account';
  end if;
  -- Pressed twice: the one of a moment ago stands. Judged by the two ends, which a clock's full minute does not split.
  if exists (select from identity.token t where t.person_id = p_person and t.purpose = p_purpose and t.role = p_role
    and t.channel = p_channel and t.address = p_address and t.used_at is null and t.cancelled_at is null
    and t.expires_at > p_expires_at - interval '1 minute')
  then raise unique_violation using constraint = 'invitation_just_sent'; end if;
  -- A new invitation takes the place of the one before.
  update identity.token t set cancelled_at = app.now()
    where t.person_id = p_person and t.purpose = p_purpose and t.channel = p_channel and t.used_at is null
      and t.cancelled_at is null and t.in_authority = p_authority and t.in_school is not distinct from p_school;
  -- Of nothing that anybody knows; what opens it comes with the message.
  insert into identity.token (token_hash, salt, purpose, role, in_authority, in_school, person_id, channel, address,
      name, outbox_id, expires_at, invited_by)
    values (identity.unknown(), identity.unknown(), p_purpose, p_role, p_authority, p_school, p_person, p_channel,
      p_address, p_name, p_outbox_id, p_expires_at, p_invited_by);
  insert into identity.vouched (person_id, by_person_id) values (p_person, app.person_id()) on conflict do nothing;
end""",
        INVITERS,
    ),
    function(
        "offer_facilitator",
        "p_parent uuid, p_facilitator uuid, p_outbox_id uuid, p_expires_at timestamptz, p_invited_by text",
        "boolean",
        """
declare v_member identity.membership; v_account identity.account; v_channel text;
begin
  -- A graduate is offered the role at their own way in, and takes it themselves. Nothing is given before.
  if current_setting('role') not in ('wb_school', 'wb_dsl')
    or not exists (select from public.facilitator f
      where f.school_id = app.school_id() and f.id = p_facilitator and f.parent_id = p_parent)
  then raise insufficient_privilege; end if;
  perform pg_advisory_xact_lock(hashtextextended(p_facilitator::text, 0));
  select m.* into v_member from identity.membership m where m.person_id = p_parent and m.role = 'parent'
    and m.in_school = app.school_id() and m.ended_at is null;
  select a.* into v_account from identity.account a where a.id = v_member.account_id and a.disabled_at is null;
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
      identity.first_name_of('parent', v_member.in_school, p_parent, v_account.name), p_outbox_id, p_expires_at,
      p_invited_by);
  insert into public.outbox (school_id, id, kind, channel, recipient_kind, recipient_id, dedupe_key, state, attempt,
      next_at, not_after, problem, created_at)
    values (v_member.in_school, p_outbox_id, 'role_offered', v_channel, 'token', p_outbox_id, p_outbox_id::text,
      'queued', 0, app.now(), p_expires_at, '', app.now());
  return true;
end""",
        ("wb_school",),
    ),
    function(
        "agree_fresh_start",
        "p_id uuid, p_outbox_id uuid, p_stop_ids uuid[], p_by_name text",
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
    where o.address <> '' and o.address <> v_start.address limit cardinality(p_stop_ids)
  loop
    v_place := v_place + 1;
    insert into identity.token (token_hash, salt, purpose, in_authority, in_school, channel, address, name, outbox_id,
        expires_at, subject_id)
      values (identity.unknown(), identity.unknown(), 'stop', v_member.in_authority, v_member.in_school,
        v_one.channel, v_one.address, v_name, p_stop_ids[v_place], v_opens, p_id);
    insert into public.outbox (school_id, id, kind, channel, recipient_kind, recipient_id, dedupe_key, state, attempt,
        next_at, not_after, problem, created_at)
      values (v_start.school_id, p_stop_ids[v_place], 'fresh_start_notice', v_one.channel, 'token',
        p_stop_ids[v_place], p_stop_ids[v_place]::text, 'queued', 0, app.now(), v_opens, '', app.now());
  end loop;
  return 'agreed';
end""",
        ("wb_school",),
    ),
    function(
        "token_address",
        "p_outbox_id uuid",
        "table (channel text, address text, name text, purpose text, expires_at timestamptz, is_open boolean,"
        " salt bytea)",
        """
begin
  return query select t.channel, t.address, t.name, t.purpose, t.expires_at,
      t.used_at is null and t.cancelled_at is null and t.expires_at > app.now(), t.salt
    from identity.token t where t.outbox_id = p_outbox_id;
end""",
        ("wb_dispatch",),
    ),
    function(
        "arm_token",
        "p_outbox_id uuid, p_hash bytea",
        "void",
        """
begin
  -- Where the message is sent: from here on its link opens. Only what an audience asked for, in the place that the
  -- message is of; nothing of it changes what was used or taken back.
  update identity.token t set token_hash = p_hash where t.outbox_id = p_outbox_id and t.salt <> ''
    and t.token_hash <> p_hash and t.used_at is null and t.cancelled_at is null
    and t.in_authority = app.authority_id() and t.in_school is not distinct from app.school_id();
end""",
        ("wb_dispatch",),
    ),
)

UNKNOWN = function(
    "unknown",
    "",
    "bytea",
    """
begin
  return sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));
end""",
    (),
)


def upgrade() -> None:
    op.execute("alter table identity.token add column salt bytea not null default ''")
    drop(
        (
            "issue_token(bytea, text, text, uuid, uuid, uuid, text, text, text, uuid, timestamptz, text)",
            "offer_facilitator(uuid, uuid, bytea, uuid, timestamptz, text)",
            "agree_fresh_start(uuid, bytea, uuid, bytea[], uuid[], text)",
            "token_address(uuid)",
        )
    )
    install((UNKNOWN, *FUNCTIONS))
