"""A person is not an address: the doors to invitations, links and proofs, once accounts may share an address."""

from __future__ import annotations

from migrations.functions import INVITERS, SIGNIN, function

PROVES = function(
    "proves",
    "p_since timestamptz, p_created_at timestamptz",
    "boolean",
    """
begin
  -- An address proves somebody when they confirmed it at joining, or at least a day ago.
  return p_since <= p_created_at or p_since <= app.now() - interval '24 hours';
end""",
    ("wb_identity",),
)

FIRST_NAME = function(
    "first_name_of",
    "p_role text, p_school uuid, p_person uuid, p_name text",
    "text",
    """
begin
  -- As the school wrote it; for everybody else the first word of their name.
  return coalesce(
    (select nullif(btrim(c.first_name), '') from public.parent_contact c
      where p_role = 'parent' and c.school_id = p_school and c.parent_id = p_person),
    (select nullif(btrim(c.first_name), '') from public.facilitator f
      join public.parent_contact c on c.school_id = f.school_id and c.parent_id = f.parent_id
      where p_role = 'facilitator' and f.school_id = p_school and f.id = p_person),
    split_part(btrim(p_name), ' ', 1));
end""",
    ("wb_identity",),
)

ISSUE = function(
    "issue_token",
    "p_hash bytea, p_purpose text, p_role text, p_authority uuid, p_school uuid, p_person uuid, p_channel text,"
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
  insert into identity.token (token_hash, purpose, role, in_authority, in_school, person_id, channel, address, name,
      outbox_id, expires_at, invited_by)
    values (p_hash, p_purpose, p_role, p_authority, p_school, p_person, p_channel, p_address, p_name, p_outbox_id,
      p_expires_at, p_invited_by);
  insert into identity.vouched (person_id, by_person_id) values (p_person, app.person_id()) on conflict do nothing;
end""",
    INVITERS,
)

REQUEST_LINK = function(
    "request_link",
    "p_channel text, p_address text, p_outbox_ids uuid[], p_hashes bytea[], p_browser_hash bytea,"
    " p_code_hashes bytea[], p_expires_at timestamptz",
    "void",
    """
declare v_one record; v_place integer := 0; v_most integer := cardinality(p_hashes);
begin
  -- One link for each person who comes in by this address: those with an account, then those invited and not yet in.
  for v_one in
    select o.* from (
      select distinct on (a.id) 1 as rank, a.id as account_id, 'sign_in' as purpose, null::text as role,
          m.in_authority, m.in_school, null::uuid as person_id, '' as invited_by, a.created_at as since,
          identity.first_name_of(m.role, m.in_school, m.person_id, a.name) as name
        from identity.account a join identity.membership m on m.account_id = a.id and m.ended_at is null
          and m.role in ('parent', 'facilitator')
        where a.disabled_at is null
          and ((p_channel = 'email' and a.email = p_address) or (p_channel = 'sms' and a.phone = p_address))
        order by a.id, m.created_at desc, m.id) o
    union all
    select i.* from (
      select distinct on (t.person_id, t.role) 2, t.account_id, t.purpose, t.role, t.in_authority, t.in_school,
          t.person_id, t.invited_by, t.created_at, t.name
        from identity.token t where t.purpose = 'parent_invitation' and t.account_id is null
          and t.channel = p_channel and t.address = p_address and t.used_at is null and t.cancelled_at is null
          and t.in_school is not null and t.created_at > app.now() - interval '90 days'
          and not exists (select from identity.membership m where m.person_id = t.person_id and m.role = t.role)
        order by t.person_id, t.role, t.created_at desc) i
    order by 1, 9, 2
    limit v_most
  loop
    v_place := v_place + 1;
    insert into identity.token (token_hash, purpose, account_id, role, in_authority, in_school, person_id, channel,
        address, name, invited_by, outbox_id, browser_hash, code_hash, expires_at)
      values (p_hashes[v_place], v_one.purpose, v_one.account_id, v_one.role, v_one.in_authority, v_one.in_school,
        v_one.person_id, p_channel, p_address, v_one.name, v_one.invited_by, p_outbox_ids[v_place], p_browser_hash,
        p_code_hashes[v_place], p_expires_at);
    insert into public.outbox (school_id, id, kind, channel, recipient_kind, recipient_id, dedupe_key, state, attempt,
        next_at, not_after, problem, created_at)
      values (v_one.in_school, p_outbox_ids[v_place], 'sign_in_link', p_channel, 'token', p_outbox_ids[v_place],
        p_outbox_ids[v_place]::text, 'queued', 0, app.now(), p_expires_at, '', app.now());
  end loop;
  -- Nobody's. The same writes, to rows that open nothing: how long it takes must not tell.
  for v_place in v_place + 1 .. v_most loop
    insert into identity.token (token_hash, purpose, in_authority, channel, address, outbox_id, browser_hash,
        code_hash, expires_at, used_at, cancelled_at)
      values (p_hashes[v_place], 'sign_in', '00000000-0000-0000-0000-000000000000', p_channel, '',
        p_outbox_ids[v_place], null, null, p_expires_at, app.now(), app.now());
    insert into identity.sign_in_event (event) values ('link_for_nobody');
  end loop;
end""",
    SIGNIN,
)

PEEK = function(
    "peek_token",
    "p_hash bytea, p_browser_hash bytea",
    "table (purpose text, role text, name text, first_name text, invited_by text, channel text, authority_name text,"
    " school_name text, is_used boolean, is_over boolean, bound_elsewhere boolean, has_account boolean,"
    " contact_phone text)",
    """
begin
  return query select t.purpose, t.role, t.name,
      case when t.purpose = 'parent_invitation'
        then identity.first_name_of(t.role, t.in_school, t.person_id, t.name) else t.name end,
      t.invited_by, t.channel, g.name, k.name, t.used_at is not null,
      t.expires_at <= app.now() or t.cancelled_at is not null,
      t.browser_hash is not null and t.browser_hash is distinct from p_browser_hash,
      exists (select 1 from identity.account a where a.password_hash is not null
        and t.channel = 'email' and a.email = t.address
        and not exists (select 1 from identity.membership m where m.account_id = a.id and m.person_id = t.person_id
          and m.role = t.role and m.ended_at is null)),
      coalesce(nullif(k.contact_phone, ''), g.contact_phone)
    from identity.token t left join public.authority g on g.authority_id = t.in_authority
    left join public.school k on k.school_id = t.in_school
    where t.token_hash = p_hash and t.purpose <> 'notice';
end""",
    SIGNIN,
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
  if exists (select from identity.membership m where m.person_id = used.person_id and m.role = used.role) then
    return null;
  end if;
  if used.account_id is not null then
    v_account := used.account_id;
  elsif p_session_hash is not null then
    select s.account_id into v_account from identity.browser_session s
      join identity.membership m on m.id = s.membership_id and m.ended_at is null
      where s.token_hash = p_session_hash and s.expires_at > app.now() and s.last_seen_at + s.idle > app.now();
    if v_account is null then return null; end if;
  else
    insert into identity.account (id, email, email_since, phone, phone_since, name)
      values (p_account_id, case when used.channel = 'email' then used.address end,
        case when used.channel = 'email' then app.now() end, case when used.channel = 'sms' then used.address end,
        case when used.channel = 'sms' then app.now() end, used.name);
    v_account := p_account_id;
  end if;
  if exists (select from identity.account a where a.id = v_account and a.disabled_at is not null) then
    return null;
  end if;
  insert into identity.membership (id, account_id, role, in_authority, in_school, person_id)
    values (p_membership_id, v_account, used.role, used.in_authority, used.in_school, used.person_id);
  -- What else waits for this person would open what is theirs now.
  update identity.token t set cancelled_at = app.now() where t.person_id = used.person_id and t.role = used.role
    and t.purpose = 'parent_invitation' and t.used_at is null and t.cancelled_at is null;
  insert into identity.sign_in_event (account_id, event) values (v_account, 'invitation_accepted');
  return p_membership_id;
end""",
    SIGNIN,
)

USE_LINK_CODE = function(
    "use_link_code",
    "p_browser_hash bytea, p_code_hash bytea",
    "uuid",
    """
declare used identity.token; v_membership uuid;
begin
  -- The link was opened elsewhere; its six digits were typed where it was asked for.
  update identity.token t set used_at = app.now() where t.browser_hash = p_browser_hash and t.code_hash = p_code_hash
    and t.purpose = 'sign_in' and t.used_at is null and t.cancelled_at is null and t.expires_at > app.now()
    returning * into used;
  if not found then return null; end if;
  select m.id into v_membership from identity.membership m where m.account_id = used.account_id
    and m.ended_at is null and m.role in ('parent', 'facilitator')
    order by (m.in_school = used.in_school) desc, m.created_at desc, m.id limit 1;
  return v_membership;
end""",
    SIGNIN,
)

OWN_ADDRESSES = function(
    "own_addresses",
    "p_hash bytea",
    "table (email text, phone text, email_proves boolean, phone_proves boolean)",
    """
begin
  return query select a.email, a.phone, coalesce(identity.proves(a.email_since, a.created_at), false),
      coalesce(identity.proves(a.phone_since, a.created_at), false)
    from identity.browser_session s
    join identity.account a on a.id = s.account_id and a.disabled_at is null where s.token_hash = p_hash;
end""",
    SIGNIN,
)

REQUEST_CONFIRM = function(
    "request_confirm_code",
    "p_hash bytea, p_channel text, p_outbox_id uuid, p_token_hash bytea, p_code_hash bytea,"
    " p_expires_at timestamptz",
    "boolean",
    """
declare v_member identity.membership; v_address text; v_name text;
begin
  -- Only to an address that this very person confirmed, at joining or a day ago, whatever the browser asks for.
  select m.* into v_member from identity.browser_session s join identity.membership m on m.id = s.membership_id
    where s.token_hash = p_hash and m.ended_at is null and m.role in ('parent', 'facilitator');
  select case when p_channel = 'email' and identity.proves(a.email_since, a.created_at) then a.email
      when p_channel = 'sms' and identity.proves(a.phone_since, a.created_at) then a.phone end, a.name
    into v_address, v_name from identity.account a where a.id = v_member.account_id and a.disabled_at is null;
  if v_address is null then return false; end if;
  update identity.token t set cancelled_at = app.now() where t.purpose = 'confirm'
    and t.account_id = v_member.account_id and t.used_at is null and t.cancelled_at is null;
  -- Without the person: lists of people would take it for an invitation.
  insert into identity.token (token_hash, purpose, account_id, in_authority, in_school, channel, address, name,
      outbox_id, browser_hash, code_hash, expires_at)
    values (p_token_hash, 'confirm', v_member.account_id, v_member.in_authority, v_member.in_school, p_channel,
      v_address, v_name, p_outbox_id, p_hash, p_code_hash, p_expires_at);
  insert into public.outbox (school_id, id, kind, channel, recipient_kind, recipient_id, dedupe_key, state, attempt,
      next_at, not_after, problem, created_at)
    values (v_member.in_school, p_outbox_id, 'confirm_code', p_channel, 'token', p_outbox_id, p_outbox_id::text,
      'queued', 0, app.now(), p_expires_at, '', app.now());
  return true;
end""",
    SIGNIN,
)
