"""A person is not an address: roles that are offered, links that are refused, and who is told of a changed contact."""

from __future__ import annotations

from migrations.functions import SIGNIN, function

OFFER = function(
    "offer_facilitator",
    "p_parent uuid, p_facilitator uuid, p_hash bytea, p_outbox_id uuid, p_expires_at timestamptz,"
    " p_invited_by text",
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
  insert into identity.token (token_hash, purpose, account_id, role, in_authority, in_school, person_id, channel,
      address, name, outbox_id, expires_at, invited_by)
    values (p_hash, 'parent_invitation', v_account.id, 'facilitator', v_member.in_authority, v_member.in_school,
      p_facilitator, v_channel, coalesce(v_account.email, v_account.phone),
      identity.first_name_of('parent', v_member.in_school, p_parent, v_account.name), p_outbox_id, p_expires_at,
      p_invited_by);
  insert into public.outbox (school_id, id, kind, channel, recipient_kind, recipient_id, dedupe_key, state, attempt,
      next_at, not_after, problem, created_at)
    values (v_member.in_school, p_outbox_id, 'role_offered', v_channel, 'token', p_outbox_id, p_outbox_id::text,
      'queued', 0, app.now(), p_expires_at, '', app.now());
  return true;
end""",
    ("wb_school",),
)

LIST_OFFERS = function(
    "list_offers",
    "p_hash bytea",
    "table (offer_id uuid, role text, school_name text, invited_by text, expires_at timestamptz)",
    """
begin
  return query select t.outbox_id, t.role, k.name, t.invited_by, t.expires_at
    from identity.browser_session s
    join identity.account a on a.id = s.account_id and a.disabled_at is null
    join identity.token t on t.account_id = a.id and t.purpose = 'parent_invitation'
    left join public.school k on k.school_id = t.in_school
    where s.token_hash = p_hash and t.used_at is null and t.cancelled_at is null and t.expires_at > app.now()
    order by t.created_at, t.outbox_id;
end""",
    SIGNIN,
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
  insert into identity.membership (id, account_id, role, in_authority, in_school, person_id)
    values (p_membership_id, used.account_id, used.role, used.in_authority, used.in_school, used.person_id);
  insert into identity.sign_in_event (account_id, event) values (used.account_id, 'invitation_accepted');
  return p_membership_id;
end""",
    SIGNIN,
)

NOT_ME = function(
    "not_me",
    "p_hash bytea, p_id uuid",
    "boolean",
    """
declare v_token identity.token; v_person uuid; v_role text;
begin
  -- Whoever holds this link says that it is not for them: it opens nothing from here on, and the school is told.
  update identity.token t set cancelled_at = app.now() where t.token_hash = p_hash and t.used_at is null
    and t.cancelled_at is null and t.purpose in ('staff_invitation', 'parent_invitation', 'sign_in')
    returning * into v_token;
  if not found then return false; end if;
  v_person := v_token.person_id; v_role := v_token.role;
  if v_token.purpose = 'sign_in' then
    select m.person_id, m.role into v_person, v_role from identity.membership m where m.account_id = v_token.account_id
      and m.ended_at is null and m.role in ('parent', 'facilitator') and m.in_school = v_token.in_school
      order by m.created_at desc, m.id limit 1;
  else
    update identity.token t set cancelled_at = app.now() where t.person_id = v_token.person_id
      and t.role = v_token.role and t.address = v_token.address and t.purpose = v_token.purpose
      and t.used_at is null and t.cancelled_at is null;
  end if;
  if v_token.in_school is not null and v_person is not null then
    insert into public.contact_doubt (school_id, id, person_kind, person_id, channel, address, said_at)
      values (v_token.in_school, p_id,
        case when v_role in ('parent', 'facilitator') then v_role else 'staff' end, v_person, v_token.channel,
        v_token.address, app.now());
  end if;
  return true;
end""",
    SIGNIN,
)

FOUND_ACCOUNT = function(
    "found_account",
    "p_account_id uuid, p_membership_id uuid, p_email text, p_phone text, p_name text, p_role text,"
    " p_authority uuid, p_school uuid, p_person uuid",
    "uuid",
    """
begin
  -- The same account is the same id; an address finds nobody.
  insert into identity.account (id, email, email_since, phone, phone_since, name)
    values (p_account_id, lower(p_email), case when p_email is not null then app.now() end, p_phone,
      case when p_phone is not null then app.now() end, p_name)
    on conflict (id) do nothing;
  insert into identity.membership (id, account_id, role, in_authority, in_school, person_id)
    values (p_membership_id, p_account_id, p_role, p_authority, p_school, p_person);
  return p_account_id;
end""",
    ("wb_owner",),
)

#: Written by the database itself, so that no statement of anybody's can leave it out.
TELL_OLD_CONTACT = function(
    "tell_old_contact",
    "",
    "trigger",
    """
declare v_person uuid; v_role text; v_name text; v_one record; v_id uuid; v_authority uuid;
begin
  if current_setting('role') not in ('wb_school', 'wb_dsl', 'wb_parent', 'wb_facilitator') then return null; end if;
  if tg_table_name = 'parent_contact' then
    v_person := old.parent_id; v_role := 'parent'; v_name := btrim(old.first_name);
  else
    v_person := old.id; v_role := 'facilitator'; v_name := split_part(btrim(old.name), ' ', 1);
    -- A graduate's row follows their contact as a parent, whose change was told.
    if exists (select from public.parent_contact c where c.school_id = old.school_id and c.parent_id = new.parent_id
      and c.email = new.email and c.phone = new.phone) then return null; end if;
  end if;
  select m.in_authority into v_authority from identity.membership m
    where m.person_id = v_person and m.role = v_role and m.in_school = old.school_id limit 1;
  -- Before somebody has come in there is nothing of theirs to guard, and a mistyped number may be a stranger's.
  if not found then return null; end if;
  for v_one in
    select distinct o.channel, o.address from (
      select 'email' as channel, old.email as address where old.email is distinct from new.email
      union all select 'sms', old.phone where old.phone is distinct from new.phone
      union all select 'email', a.email from identity.membership m join identity.account a on a.id = m.account_id
        where m.person_id = v_person and m.role = v_role and m.ended_at is null
      union all select 'sms', a.phone from identity.membership m join identity.account a on a.id = m.account_id
        where m.person_id = v_person and m.role = v_role and m.ended_at is null) o
    where o.address <> ''
  loop
    v_id := gen_random_uuid();
    insert into identity.token (token_hash, purpose, in_authority, in_school, channel, address, name, outbox_id,
        expires_at, used_at)
      values (sha256(uuid_send(v_id)), 'notice', v_authority, old.school_id, v_one.channel, v_one.address, v_name,
        v_id, app.now() + interval '7 days', app.now());
    insert into public.outbox (school_id, id, kind, channel, recipient_kind, recipient_id, dedupe_key, state, attempt,
        next_at, not_after, problem, created_at)
      values (old.school_id, v_id, 'contact_changed', v_one.channel, 'token', v_id, v_id::text, 'queued', 0, app.now(),
        app.now() + interval '7 days', '', app.now());
  end loop;
  return null;
end""",
    ("wb_owner",),
)
