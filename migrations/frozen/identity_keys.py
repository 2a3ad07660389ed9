"""What only the person themselves can change or use: their ways in, a PIN, four words. Doors of the revision that adds
them."""

from __future__ import annotations

from migrations.functions import SIGNIN, function

TELL = function(
    "tell_address",
    "p_kind text, p_authority uuid, p_school uuid, p_channel text, p_address text, p_name text",
    "void",
    """
declare v_id uuid := gen_random_uuid();
begin
  -- A notice to an address, whoever has it now: no link in it opens anything.
  if coalesce(p_address, '') = '' then return; end if;
  insert into identity.token (token_hash, purpose, in_authority, in_school, channel, address, name, outbox_id,
      expires_at, used_at)
    values (sha256(uuid_send(v_id)), 'notice', p_authority, p_school, p_channel, p_address, p_name, v_id,
      app.now() + interval '7 days', app.now());
  insert into public.outbox (school_id, id, kind, channel, recipient_kind, recipient_id, dedupe_key, state, attempt,
      next_at, not_after, problem, created_at)
    values (p_school, v_id, p_kind, p_channel, 'token', v_id, v_id::text, 'queued', 0, app.now(),
      app.now() + interval '7 days', '', app.now());
end""",
    ("wb_identity",),
)

IS_SHARED = function(
    "is_shared",
    "p_account uuid, p_channel text, p_address text",
    "boolean",
    """
begin
  -- Somebody else comes in by this address too: who holds the phone is not yet one of the two.
  return exists (select from identity.account a where a.id <> p_account and a.disabled_at is null
    and ((p_channel = 'email' and a.email = p_address) or (p_channel = 'sms' and a.phone = p_address))
    and exists (select from identity.membership m where m.account_id = a.id and m.ended_at is null
      and m.role in ('parent', 'facilitator')));
end""",
    ("wb_identity",),
)

OWN_ADDRESSES = function(
    "own_addresses",
    "p_hash bytea",
    "table (email text, phone text, email_proves boolean, phone_proves boolean)",
    """
begin
  return query select a.email, a.phone,
      coalesce(identity.proves(a.email_since, a.created_at) and not identity.is_shared(a.id, 'email', a.email), false),
      coalesce(identity.proves(a.phone_since, a.created_at) and not identity.is_shared(a.id, 'sms', a.phone), false)
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
  -- Only to an address that this very person confirmed, at joining or a day ago, and that is theirs alone.
  select m.* into v_member from identity.browser_session s join identity.membership m on m.id = s.membership_id
    where s.token_hash = p_hash and m.ended_at is null and m.role in ('parent', 'facilitator');
  select case when p_channel = 'email' and identity.proves(a.email_since, a.created_at) then a.email
      when p_channel = 'sms' and identity.proves(a.phone_since, a.created_at) then a.phone end, a.name
    into v_address, v_name from identity.account a where a.id = v_member.account_id and a.disabled_at is null;
  if v_address is null or identity.is_shared(v_member.account_id, p_channel, v_address) then return false; end if;
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

REQUEST_MOVE = function(
    "request_move",
    "p_hash bytea, p_account_id uuid, p_channel text, p_address text, p_outbox_id uuid, p_token_hash bytea,"
    " p_code_hash bytea, p_expires_at timestamptz",
    "boolean",
    """
declare v_member identity.membership; v_name text;
begin
  -- From a browser that is signed in and has just shown who sits there; or, with an account's id, from one whose four
  -- words the application has checked. Six digits go to the new address; nothing has changed yet.
  select m.* into v_member from identity.membership m join identity.account a on a.id = m.account_id
    where a.disabled_at is null and m.ended_at is null and m.role in ('parent', 'facilitator')
      and (m.account_id = p_account_id or (p_account_id is null and m.id = (select s.membership_id
        from identity.browser_session s where s.token_hash = p_hash and s.expires_at > app.now()
          and s.confirmed_at > app.now() - interval '30 minutes')))
    order by m.created_at desc, m.id limit 1;
  if v_member.id is null then return false; end if;
  select a.name into v_name from identity.account a where a.id = v_member.account_id;
  update identity.token t set cancelled_at = app.now() where t.purpose = 'move'
    and t.account_id = v_member.account_id and t.used_at is null and t.cancelled_at is null;
  insert into identity.token (token_hash, purpose, account_id, in_authority, in_school, channel, address, name,
      outbox_id, browser_hash, code_hash, expires_at)
    values (p_token_hash, 'move', v_member.account_id, v_member.in_authority, v_member.in_school, p_channel,
      p_address, identity.first_name_of(v_member.role, v_member.in_school, v_member.person_id, v_name), p_outbox_id,
      p_hash, p_code_hash, p_expires_at);
  insert into public.outbox (school_id, id, kind, channel, recipient_kind, recipient_id, dedupe_key, state, attempt,
      next_at, not_after, problem, created_at)
    values (v_member.in_school, p_outbox_id, 'way_in_code', p_channel, 'token', p_outbox_id, p_outbox_id::text,
      'queued', 0, app.now(), p_expires_at, '', app.now());
  return true;
end""",
    SIGNIN,
)

USE_MOVE = function(
    "use_move",
    "p_hash bytea, p_code_hash bytea",
    "uuid",
    """
declare used identity.token; v_account identity.account; v_old text; v_membership uuid;
begin
  update identity.token t set used_at = app.now() where t.purpose = 'move' and t.browser_hash = p_hash
    and t.code_hash = p_code_hash and t.used_at is null and t.cancelled_at is null and t.expires_at > app.now()
    returning * into used;
  if not found then return null; end if;
  select a.* into v_account from identity.account a where a.id = used.account_id and a.disabled_at is null for update;
  select m.id into v_membership from identity.membership m where m.account_id = used.account_id
    and m.ended_at is null and m.role in ('parent', 'facilitator')
    order by (m.in_school = used.in_school) desc, m.created_at desc, m.id limit 1;
  if v_account.id is null or v_membership is null then return null; end if;
  v_old := case used.channel when 'email' then v_account.email else v_account.phone end;
  if v_old is not distinct from used.address then return v_membership; end if;
  update identity.account a set
      email = case when used.channel = 'email' then used.address else a.email end,
      email_since = case when used.channel = 'email' then app.now() else a.email_since end,
      phone = case when used.channel = 'sms' then used.address else a.phone end,
      phone_since = case when used.channel = 'sms' then app.now() else a.phone_since end
    where a.id = used.account_id;
  -- Where messages go moves along, unless staff wrote something else there.
  update public.parent_contact c set
      email = case when used.channel = 'email' and c.email in ('', coalesce(v_old, '')) then used.address else c.email
        end,
      phone = case when used.channel = 'sms' and c.phone in ('', coalesce(v_old, '')) then used.address else c.phone end
    from identity.membership m where m.account_id = used.account_id and m.ended_at is null and m.role = 'parent'
      and c.school_id = m.in_school and c.parent_id = m.person_id;
  update public.facilitator f set
      email = case when used.channel = 'email' and f.email in ('', coalesce(v_old, '')) then used.address else f.email
        end,
      phone = case when used.channel = 'sms' and f.phone in ('', coalesce(v_old, '')) then used.address else f.phone end
    from identity.membership m where m.account_id = used.account_id and m.ended_at is null and m.role = 'facilitator'
      and f.school_id = m.in_school and f.id = m.person_id;
  -- What was on its way to the old one opens nothing, and whoever sits elsewhere is out.
  update identity.token t set cancelled_at = app.now() where t.account_id = used.account_id
    and t.purpose in ('sign_in', 'confirm', 'move') and t.used_at is null and t.cancelled_at is null;
  delete from identity.browser_session s where s.account_id = used.account_id and s.token_hash <> p_hash;
  perform identity.tell_address('way_in_changed', used.in_authority, used.in_school, used.channel, v_old, used.name);
  perform identity.tell_address('way_in_changed', used.in_authority, used.in_school,
    case used.channel when 'email' then 'sms' else 'email' end,
    case used.channel when 'email' then v_account.phone else v_account.email end, used.name);
  insert into identity.sign_in_event (account_id, event) values (used.account_id, 'way_in_moved');
  return v_membership;
end""",
    SIGNIN,
)

AT_JOINING = function(
    "is_first_session",
    "p_session_at timestamptz, p_member_at timestamptz, p_account uuid",
    "boolean",
    """
begin
  -- The browser that opened the invitation, and not whoever asked for a link a minute later on the same phone.
  return p_session_at < p_member_at + interval '15 minutes' and (select count(*) from identity.sign_in_event e
    where e.account_id = p_account and e.event = 'session_started') = 1;
end""",
    ("wb_identity",),
)

GUARD = function(
    "account_guard",
    "p_hash bytea",
    "table (is_shared boolean, has_pin boolean, has_words boolean, at_joining boolean)",
    """
begin
  return query select
      identity.is_shared(a.id, 'email', a.email) or identity.is_shared(a.id, 'sms', a.phone),
      a.pin_hash is not null, a.words_hash is not null,
      identity.is_first_session(s.created_at, m.created_at, a.id)
    from identity.browser_session s
    join identity.account a on a.id = s.account_id and a.disabled_at is null
    join identity.membership m on m.id = s.membership_id and m.ended_at is null
    where s.token_hash = p_hash and m.role in ('parent', 'facilitator');
end""",
    SIGNIN,
)

OWN_KEYS = function(
    "own_keys",
    "p_hash bytea",
    "table (pin_hash text, words_hash text)",
    """
begin
  return query select a.pin_hash, a.words_hash from identity.browser_session s
    join identity.account a on a.id = s.account_id and a.disabled_at is null
    join identity.membership m on m.id = s.membership_id and m.ended_at is null
    where s.token_hash = p_hash and m.role in ('parent', 'facilitator');
end""",
    SIGNIN,
)

SET_KEY = function(
    "set_own_key",
    "p_hash bytea, p_key text, p_value text",
    "boolean",
    """
declare v_account uuid;
begin
  -- In the browser that joined just now, or in one that has just shown who sits there.
  select a.id into v_account from identity.browser_session s
    join identity.account a on a.id = s.account_id and a.disabled_at is null
    join identity.membership m on m.id = s.membership_id and m.ended_at is null
    where s.token_hash = p_hash and m.role in ('parent', 'facilitator') and s.expires_at > app.now()
      and (s.confirmed_at > app.now() - interval '30 minutes'
        or (identity.is_first_session(s.created_at, m.created_at, a.id)
          and case p_key when 'pin' then a.pin_hash is null else a.words_hash is null end))
    for update of a;
  if v_account is null or p_key not in ('pin', 'words') then return false; end if;
  update identity.account a set pin_hash = case when p_key = 'pin' then p_value else a.pin_hash end,
      words_hash = case when p_key = 'words' then p_value else a.words_hash end where a.id = v_account;
  insert into identity.sign_in_event (account_id, event) values (v_account, p_key || '_set');
  return true;
end""",
    SIGNIN,
)

FIND_WORDS = function(
    "find_words",
    "p_channel text, p_address text",
    "table (account_id uuid, words_hash text)",
    """
begin
  return query select a.id, a.words_hash from identity.account a where a.disabled_at is null
    and ((p_channel = 'email' and a.email = p_address) or (p_channel = 'sms' and a.phone = p_address))
    and a.words_hash is not null
    and exists (select from identity.membership m where m.account_id = a.id and m.ended_at is null
      and m.role in ('parent', 'facilitator'))
    order by a.created_at, a.id limit 6;
end""",
    SIGNIN,
)

FUNCTIONS = (
    TELL,
    IS_SHARED,
    OWN_ADDRESSES,
    REQUEST_CONFIRM,
    REQUEST_MOVE,
    USE_MOVE,
    AT_JOINING,
    GUARD,
    OWN_KEYS,
    SET_KEY,
    FIND_WORDS,
)
