"""Revision 0012: the doors to invitations, links and memberships."""

from __future__ import annotations

from migrations.functions import INVITERS, WEB, function

FUNCTIONS = (
    # ---- tokens: invitations and links ------------------------------------------------------------------------
    function(
        "issue_token",
        "p_hash bytea, p_purpose text, p_role text, p_authority uuid, p_school uuid, p_person uuid, p_channel text,"
        " p_address text, p_name text, p_outbox_id uuid, p_expires_at timestamptz, p_invited_by text",
        "void",
        """
declare v_audience text := current_setting('role');
begin
  if p_authority is distinct from app.authority_id() then raise insufficient_privilege; end if;
  if v_audience in ('wb_school', 'wb_dsl') then
    if p_school is distinct from app.school_id()
      or p_role not in ('school_lead', 'senco', 'attendance_lead', 'school_dsl', 'facilitator', 'parent')
    then raise insufficient_privilege; end if;
  elsif v_audience = 'wb_authority' then
    if p_role not in ('authority_admin', 'named_officer', 'commissioner', 'school_lead', 'school_dsl')
      or (p_school is not null and p_school <> all (app.authority_school_ids()))
    then raise insufficient_privilege; end if;
  else raise insufficient_privilege;
  end if;
  -- Pressed twice: the one of a moment ago stands. Judged by the two ends, which a clock's full minute does not split.
  perform pg_advisory_xact_lock(hashtextextended(p_person::text, 0));
  if exists (select from identity.token t where t.person_id = p_person and t.purpose = p_purpose and t.role = p_role
    and t.channel = p_channel and t.address = p_address and t.used_at is null and t.cancelled_at is null
    and t.expires_at > p_expires_at - interval '1 minute')
  then raise unique_violation using constraint = 'invitation_just_sent'; end if;
  -- A new invitation takes the place of the one before.
  update identity.token t set cancelled_at = now()
    where t.person_id = p_person and t.purpose = p_purpose and t.channel = p_channel and t.used_at is null
      and t.cancelled_at is null;
  insert into identity.token (token_hash, purpose, role, in_authority, in_school, person_id, channel, address, name,
      outbox_id, expires_at, invited_by)
    values (p_hash, p_purpose, p_role, p_authority, p_school, p_person, p_channel, p_address, p_name, p_outbox_id,
      p_expires_at, p_invited_by);
end""",
        INVITERS,
    ),
    function(
        "cancel_tokens",
        "p_person uuid",
        "void",
        """
begin
  update identity.token t set cancelled_at = now()
    where t.person_id = p_person and t.used_at is null and t.cancelled_at is null
      and t.in_authority = app.authority_id()
      and (current_setting('role') = 'wb_authority'
        or (t.in_school = app.school_id()
          and (current_setting('role') <> 'wb_parent' or t.person_id = app.person_id())));
end""",
        (*INVITERS, "wb_parent"),
    ),
    function(
        "request_link",
        "p_channel text, p_address text, p_outbox_id uuid, p_hash bytea, p_browser_hash bytea,"
        " p_code_hash bytea, p_expires_at timestamptz",
        "void",
        """
declare v_account uuid; v_member identity.membership; v_invited identity.token;
begin
  select a.id into v_account from identity.account a where a.disabled_at is null
    and ((p_channel = 'email' and a.email = p_address) or (p_channel = 'sms' and a.phone = p_address));
  select m.* into v_member from identity.membership m where m.account_id = v_account and m.ended_at is null
    and m.role in ('parent', 'facilitator') order by m.created_at desc, m.id limit 1;
  if v_member.id is null then
    -- Invited, and not yet in: there is no account before an invitation is used, but the address is known.
    select t.* into v_invited from identity.token t where t.purpose = 'parent_invitation' and t.channel = p_channel
      and lower(t.address) = lower(p_address) and t.used_at is null and t.cancelled_at is null
      and t.in_school is not null and t.created_at > now() - interval '90 days' order by t.created_at desc limit 1;
    if v_invited.token_hash is null then
      -- Nobody's. The same two writes, to rows that open nothing: how long it takes must not tell.
      insert into identity.token (token_hash, purpose, in_authority, channel, address, outbox_id, browser_hash,
          code_hash, expires_at, used_at, cancelled_at)
        values (p_hash, 'sign_in', '00000000-0000-0000-0000-000000000000', p_channel, '', p_outbox_id, null, null,
          p_expires_at, now(), now());
      insert into identity.sign_in_event (event) values ('link_for_nobody');
      return;
    end if;
    v_member.in_authority := v_invited.in_authority;
    v_member.in_school := v_invited.in_school;
  end if;
  insert into identity.token (token_hash, purpose, account_id, role, in_authority, in_school, person_id, channel,
      address, name, invited_by, outbox_id, browser_hash, code_hash, expires_at)
    values (p_hash, coalesce(v_invited.purpose, 'sign_in'), v_account, v_invited.role, v_member.in_authority,
      v_member.in_school, v_invited.person_id, p_channel, coalesce(v_invited.address, p_address),
      coalesce(v_invited.name, ''), coalesce(v_invited.invited_by, ''), p_outbox_id, p_browser_hash, p_code_hash,
      p_expires_at);
  insert into public.outbox (school_id, id, kind, channel, recipient_kind, recipient_id, dedupe_key, state, attempt,
      next_at, not_after, problem, created_at)
    values (v_member.in_school, p_outbox_id, 'sign_in_link', p_channel, 'token', p_outbox_id, p_outbox_id::text,
      'queued', 0, now(), p_expires_at, '', now());
end""",
        WEB,
    ),
    function(
        "peek_token",
        "p_hash bytea, p_browser_hash bytea",
        "table (purpose text, role text, name text, invited_by text, channel text, authority_name text,"
        " school_name text, is_used boolean, is_over boolean, bound_elsewhere boolean, has_account boolean,"
        " contact_phone text)",
        """
begin
  return query select t.purpose, t.role, t.name, t.invited_by, t.channel, g.name, k.name, t.used_at is not null,
      t.expires_at <= now() or t.cancelled_at is not null,
      t.browser_hash is not null and t.browser_hash is distinct from p_browser_hash,
      exists (select 1 from identity.account a where a.password_hash is not null
        and t.channel = 'email' and a.email = lower(t.address)
        and not exists (select 1 from identity.membership m where m.account_id = a.id and m.person_id = t.person_id
          and m.role = t.role and m.ended_at is null)),
      coalesce(nullif(k.contact_phone, ''), g.contact_phone)
    from identity.token t left join public.authority g on g.authority_id = t.in_authority
    left join public.school k on k.school_id = t.in_school where t.token_hash = p_hash;
end""",
        WEB,
    ),
    function(
        "use_link",
        "p_hash bytea, p_browser_hash bytea, p_account_id uuid, p_membership_id uuid",
        "uuid",
        """
declare used identity.token; v_account uuid; v_membership uuid; v_holder uuid;
begin
  -- One statement decides who was first; a second press finds nothing to use.
  update identity.token t set used_at = now() where t.token_hash = p_hash and t.used_at is null
    and t.cancelled_at is null and t.expires_at > now() and t.purpose in ('parent_invitation', 'sign_in')
    and (t.browser_hash is null or t.browser_hash = p_browser_hash)
    returning * into used;
  if not found then return null; end if;
  if used.purpose = 'sign_in' then
    select m.id into v_membership from identity.membership m where m.account_id = used.account_id
      and m.ended_at is null and m.role in ('parent', 'facilitator')
      order by (m.in_school = used.in_school) desc, m.created_at desc, m.id limit 1;
    return v_membership;
  end if;
  -- An invitation proves the address that it was sent to, and only that.
  select a.id into v_account from identity.account a
    where (used.channel = 'email' and a.email = lower(used.address))
      or (used.channel = 'sms' and a.phone = used.address);
  select m.id, m.account_id into v_membership, v_holder from identity.membership m
    where m.person_id = used.person_id and m.role = used.role and m.ended_at is null;
  if v_membership is not null and v_account is null
    and not exists (select 1 from identity.membership o
      where o.account_id = v_holder and o.ended_at is null
        and (o.in_school is distinct from used.in_school or o.role not in ('parent', 'facilitator')))
  then
    -- The same person at a second or a new address, and nothing of another place hangs on their account.
    update identity.account a
      set email = case when used.channel = 'email' then lower(used.address) else a.email end,
        phone = case when used.channel = 'sms' then used.address else a.phone end
      where a.id = v_holder;
    insert into identity.sign_in_event (account_id, event) values (v_holder, 'address_added');
    return v_membership;
  end if;
  if v_account is null then
    insert into identity.account (id, email, phone, name)
      values (p_account_id, case when used.channel = 'email' then lower(used.address) end,
        case when used.channel = 'sms' then used.address end, used.name);
    v_account := p_account_id;
  end if;
  if v_membership is not null then
    if v_holder <> v_account then
      -- Whoever wrote this address vouches for one place only: that place moves, the rest of the account stays.
      update identity.membership m set account_id = v_account where m.id = v_membership;
      delete from identity.browser_session s where s.membership_id = v_membership;
      insert into identity.sign_in_event (account_id, event) values (v_holder, 'membership_moved');
    end if;
    return v_membership;
  end if;
  insert into identity.membership (id, account_id, role, in_authority, in_school, person_id)
    values (p_membership_id, v_account, used.role, used.in_authority, used.in_school, used.person_id);
  return p_membership_id;
end""",
        WEB,
    ),
    function(
        "use_link_code",
        "p_browser_hash bytea, p_code_hash bytea",
        "uuid",
        """
declare used identity.token; v_membership uuid;
begin
  -- The link was opened elsewhere; its six digits were typed where it was asked for.
  update identity.token t set used_at = now() where t.browser_hash = p_browser_hash and t.code_hash = p_code_hash
    and t.purpose = 'sign_in' and t.used_at is null and t.cancelled_at is null and t.expires_at > now()
    returning * into used;
  if not found then return null; end if;
  select m.id into v_membership from identity.membership m where m.account_id = used.account_id
    and m.ended_at is null and m.role in ('parent', 'facilitator')
    order by (m.in_school = used.in_school) desc, m.created_at desc, m.id limit 1;
  return v_membership;
end""",
        WEB,
    ),
    function(
        "accept_staff_invitation",
        "p_hash bytea, p_password_hash text, p_account_id uuid, p_membership_id uuid",
        "table (account_id uuid, membership_id uuid, is_new boolean)",
        """
declare used identity.token; v_account identity.account;
begin
  update identity.token t set used_at = now() where t.token_hash = p_hash and t.used_at is null
    and t.cancelled_at is null and t.expires_at > now() and t.purpose = 'staff_invitation'
    returning * into used;
  if not found then return; end if;
  select * into v_account from identity.account a where a.email = lower(used.address);
  if v_account.id is null then
    insert into identity.account (id, email, name, password_hash)
      values (p_account_id, lower(used.address), used.name, p_password_hash) returning * into v_account;
    is_new := true;
  elsif v_account.password_hash is null then
    -- A parent who becomes a colleague: same address, proved again; the password is new.
    update identity.account a set password_hash = p_password_hash where a.id = v_account.id;
    is_new := true;
  elsif p_password_hash is not null and exists (select 1 from identity.membership m where m.account_id = v_account.id
    and m.person_id = used.person_id and m.role = used.role and m.ended_at is null)
  then
    -- Invited once more to what they have: a forgotten password, vouched for by a colleague. The app stays.
    update identity.account a set password_hash = p_password_hash where a.id = v_account.id;
    delete from identity.browser_session s where s.account_id = v_account.id;
    insert into identity.sign_in_event (account_id, event) values (v_account.id, 'password_reset');
    is_new := true;
  else
    is_new := false;
  end if;
  insert into identity.membership (id, account_id, role, in_authority, in_school, person_id)
    values (p_membership_id, v_account.id, used.role, used.in_authority, used.in_school, used.person_id)
    on conflict do nothing;
  account_id := v_account.id;
  membership_id := p_membership_id;
  return next;
end""",
        WEB,
    ),
    # ---- memberships ------------------------------------------------------------------------------------------
    function(
        "end_membership",
        "p_person uuid, p_role text",
        "boolean",
        """
declare v_ended uuid[];
begin
  with ended as (
    update identity.membership m set ended_at = now()
      where m.person_id = p_person and m.role = p_role and m.ended_at is null and m.in_authority = app.authority_id()
        and (current_setting('role') = 'wb_authority'
          or (current_setting('role') in ('wb_school', 'wb_dsl') and m.in_school = app.school_id())
          or (current_setting('role') = 'wb_parent' and m.person_id = app.person_id() and m.role = 'parent'
            and m.in_school = app.school_id()))
      returning m.id)
  select array_agg(id) into v_ended from ended;
  if v_ended is null then return false; end if;
  delete from identity.browser_session s where s.membership_id = any (v_ended);
  update identity.token t set cancelled_at = now()
    where t.person_id = p_person and t.used_at is null and t.cancelled_at is null;
  return true;
end""",
        (*INVITERS, "wb_parent"),
    ),
    function(
        "grant_facilitator",
        "p_parent uuid, p_facilitator uuid, p_membership_id uuid",
        "boolean",
        """
begin
  -- A graduate keeps their account and gains a role in the same school.
  if current_setting('role') not in ('wb_school', 'wb_dsl') then raise insufficient_privilege; end if;
  insert into identity.membership (id, account_id, role, in_authority, in_school, person_id)
    select p_membership_id, m.account_id, 'facilitator', m.in_authority, m.in_school, p_facilitator
    from identity.membership m where m.person_id = p_parent and m.role = 'parent'
      and m.in_school = app.school_id() order by m.created_at limit 1
    on conflict do nothing;
  return found;
end""",
        ("wb_school",),
    ),
    function(
        "person_accounts",
        "p_people uuid[]",
        "table (person_id uuid, has_signed_in boolean, has_second_factor boolean, open_invitation boolean,"
        " invitation_until timestamptz)",
        """
declare v_all boolean := current_setting('role') = 'wb_authority';
begin
  -- For a list of people: who has arrived, and whose invitation is still open. No secrets, no addresses.
  return query select p.id,
      exists (select 1 from identity.membership m where m.person_id = p.id and m.in_authority = app.authority_id()
        and (v_all or m.in_school = app.school_id()) and m.ended_at is null),
      exists (select 1 from identity.membership m join identity.account a on a.id = m.account_id
        where m.person_id = p.id and m.in_authority = app.authority_id()
        and (v_all or m.in_school = app.school_id()) and a.totp_secret is not null),
      exists (select 1 from identity.token t where t.person_id = p.id and t.in_authority = app.authority_id()
        and (v_all or t.in_school = app.school_id())
        and t.used_at is null and t.cancelled_at is null and t.expires_at > now()),
      (select max(t.expires_at) from identity.token t where t.person_id = p.id
        and t.in_authority = app.authority_id() and (v_all or t.in_school = app.school_id())
        and t.cancelled_at is null)
    from unnest(p_people) p(id);
end""",
        INVITERS,
    ),
    function(
        "token_address",
        "p_outbox_id uuid",
        "table (channel text, address text, name text, purpose text, expires_at timestamptz, is_open boolean)",
        """
begin
  return query select t.channel, t.address, t.name, t.purpose, t.expires_at,
      t.used_at is null and t.cancelled_at is null and t.expires_at > now()
    from identity.token t where t.outbox_id = p_outbox_id;
end""",
        ("wb_dispatch",),
    ),
    # ---- first person of an authority, and the demo -----------------------------------------------------------
    function(
        "found_account",
        "p_account_id uuid, p_membership_id uuid, p_email text, p_phone text, p_name text, p_role text,"
        " p_authority uuid, p_school uuid, p_person uuid",
        "uuid",
        """
declare v_account uuid;
begin
  select a.id into v_account from identity.account a where a.email = lower(p_email) or a.phone = p_phone limit 1;
  if v_account is null then
    insert into identity.account (id, email, phone, name) values (p_account_id, lower(p_email), p_phone, p_name);
    v_account := p_account_id;
  end if;
  insert into identity.membership (id, account_id, role, in_authority, in_school, person_id)
    values (p_membership_id, v_account, p_role, p_authority, p_school, p_person);
  return v_account;
end""",
        ("wb_owner",),
    ),
    function(
        "found_token",
        "p_hash bytea, p_role text, p_authority uuid, p_school uuid, p_person uuid, p_address text, p_name text,"
        " p_outbox_id uuid, p_expires_at timestamptz",
        "void",
        """
begin
  -- A new invitation takes the place of the one before.
  update identity.token t set cancelled_at = now()
    where t.in_authority = p_authority and t.in_school is not distinct from p_school and t.role = p_role
      and t.address = p_address and t.purpose = 'staff_invitation' and t.used_at is null and t.cancelled_at is null;
  insert into identity.token (token_hash, purpose, role, in_authority, in_school, person_id, channel, address, name,
      outbox_id, expires_at)
    values (p_hash, 'staff_invitation', p_role, p_authority, p_school, p_person, 'email', p_address, p_name,
      p_outbox_id, p_expires_at);
end""",
        ("wb_owner",),
    ),
    function(
        "purge",
        "",
        "void",
        """
begin
  delete from identity.browser_session s where s.expires_at < now() or s.last_seen_at + s.idle < now();
  delete from identity.attempt t where t.at < now() - interval '2 days';
  delete from identity.token t where t.expires_at < now() - interval '90 days';
  delete from identity.sign_in_event e where e.at < now() - interval '1 year'
    or (e.account_id is null and e.at < now() - interval '2 days');
end""",
        ("wb_documents",),
    ),
)
