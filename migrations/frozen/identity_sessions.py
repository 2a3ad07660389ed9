"""Revision 0012: the doors to browser sessions, passwords and second factors."""

from __future__ import annotations

from migrations.functions import INVITERS, WEB, function

SESSION_ROW = (
    "table (session_id uuid, data jsonb, account_id uuid, account_name text, account_email text, membership_id uuid,"
    " role text, authority_id uuid, school_id uuid, person_id uuid, authority_name text, school_name text,"
    " other_memberships bigint, has_second_factor boolean)"
)

FUNCTIONS = (
    # ---- browser sessions -------------------------------------------------------------------------------------
    function(
        "open_session",
        "p_hash bytea",
        SESSION_ROW,
        """
declare v_session identity.browser_session;
begin
  select * into v_session from identity.browser_session s where s.token_hash = p_hash
    and s.expires_at > now() and s.last_seen_at + s.idle > now();
  if not found then return; end if;
  if v_session.last_seen_at < now() - interval '60 seconds' then
    update identity.browser_session s set last_seen_at = now() where s.token_hash = p_hash;
  end if;
  -- A membership that has ended, or a disabled account, is nobody at once; what was typed stays in the session.
  return query
    select v_session.id, v_session.data, a.id, a.name, a.email, m.id, m.role, m.in_authority, m.in_school, m.person_id,
      (select g.name from public.authority g where g.authority_id = m.in_authority),
      (select k.name from public.school k where k.school_id = m.in_school),
      (select count(*) from identity.membership o
        where o.account_id = a.id and o.ended_at is null and o.id is distinct from m.id),
      a.totp_secret is not null
    from (select 1) one
    left join identity.account a on a.id = v_session.account_id and a.disabled_at is null
    left join identity.membership m on m.id = v_session.membership_id and m.account_id = a.id and m.ended_at is null;
end""",
        WEB,
    ),
    function(
        "save_session",
        "p_hash bytea, p_id uuid, p_data jsonb, p_expires_at timestamptz, p_idle interval, p_label text",
        "void",
        """
begin
  insert into identity.browser_session as s (token_hash, id, data, expires_at, idle, label)
    values (p_hash, p_id, p_data, p_expires_at, p_idle, p_label)
    on conflict (token_hash) do update set data = p_data, last_seen_at = now();
end""",
        WEB,
    ),
    function(
        "start_session",
        "p_old_hash bytea, p_hash bytea, p_id uuid, p_membership_id uuid, p_data jsonb, p_expires_at timestamptz,"
        " p_idle interval, p_label text",
        "boolean",
        """
declare v_account uuid;
begin
  -- Signing in, or changing role, always gets a new secret; the one before it is worth nothing.
  delete from identity.browser_session s where s.token_hash = p_old_hash;
  select m.account_id into v_account from identity.membership m join identity.account a on a.id = m.account_id
    where m.id = p_membership_id and m.ended_at is null and a.disabled_at is null;
  if v_account is null then return false; end if;
  insert into identity.browser_session (token_hash, id, account_id, membership_id, data, expires_at, idle, label)
    values (p_hash, p_id, v_account, p_membership_id, p_data, p_expires_at, p_idle, p_label);
  insert into identity.sign_in_event (account_id, event) values (v_account, 'session_started');
  return true;
end""",
        WEB,
    ),
    function(
        "end_session",
        "p_hash bytea",
        "void",
        "begin delete from identity.browser_session s where s.token_hash = p_hash; end",
        WEB,
    ),
    function(
        "list_sessions",
        "p_hash bytea",
        "table (session_id uuid, label text, created_at timestamptz, last_seen_at timestamptz, is_this boolean)",
        """
begin
  return query select s.id, s.label, s.created_at, s.last_seen_at, s.token_hash = p_hash
    from identity.browser_session s
    where s.account_id = (select t.account_id from identity.browser_session t where t.token_hash = p_hash)
      and s.expires_at > now() and s.last_seen_at + s.idle > now()
    order by s.last_seen_at desc, s.id;
end""",
        WEB,
    ),
    function(
        "end_other_session",
        "p_hash bytea, p_session_id uuid",
        "boolean",
        """
begin
  -- No id: everywhere but here.
  delete from identity.browser_session s where (p_session_id is null or s.id = p_session_id) and s.token_hash <> p_hash
    and s.account_id = (select t.account_id from identity.browser_session t where t.token_hash = p_hash);
  return found;
end""",
        WEB,
    ),
    function(
        "find_membership",
        "p_membership_id uuid",
        "table (account_id uuid, role text, authority_id uuid, school_id uuid, person_id uuid)",
        """
begin
  return query select m.account_id, m.role, m.in_authority, m.in_school, m.person_id
    from identity.membership m join identity.account a on a.id = m.account_id
    where m.id = p_membership_id and m.ended_at is null and a.disabled_at is null;
end""",
        WEB,
    ),
    function(
        "list_memberships",
        "p_hash bytea",
        "table (membership_id uuid, role text, authority_name text, school_name text, is_this boolean)",
        """
begin
  return query select m.id, m.role, g.name, k.name, m.id = s.membership_id
    from identity.browser_session s join identity.membership m on m.account_id = s.account_id
    left join public.authority g on g.authority_id = m.in_authority
    left join public.school k on k.school_id = m.in_school
    where s.token_hash = p_hash and m.ended_at is null order by k.name nulls first, m.role, m.id;
end""",
        WEB,
    ),
    # ---- passwords and second factors -------------------------------------------------------------------------
    function(
        "find_password_account",
        "p_email text",
        "table (account_id uuid, password_hash text, totp_secret text, totp_last_step bigint, membership_id uuid)",
        """
begin
  return query select a.id, a.password_hash, a.totp_secret, a.totp_last_step,
      (select m.id from identity.membership m where m.account_id = a.id and m.ended_at is null
        and m.role not in ('parent', 'facilitator') order by m.created_at, m.id limit 1)
    from identity.account a where a.email = p_email and a.disabled_at is null and a.password_hash is not null;
end""",
        WEB,
    ),
    function(
        "account_secrets",
        "p_account_id uuid",
        "table (email text, totp_secret text, totp_last_step bigint, membership_id uuid)",
        """
begin
  return query select a.email, a.totp_secret, a.totp_last_step,
      (select m.id from identity.membership m where m.account_id = a.id and m.ended_at is null
        and m.role not in ('parent', 'facilitator') order by m.created_at, m.id limit 1)
    from identity.account a where a.id = p_account_id and a.disabled_at is null;
end""",
        WEB,
    ),
    function(
        "use_totp_step",
        "p_account_id uuid, p_step bigint",
        "boolean",
        """
begin
  -- Each code works once: a step is only ever moved forward.
  update identity.account a set totp_last_step = p_step where a.id = p_account_id and a.totp_last_step < p_step;
  return found;
end""",
        WEB,
    ),
    function(
        "set_totp",
        "p_account_id uuid, p_secret text, p_step bigint, p_codes bytea[]",
        "boolean",
        """
begin
  -- Only an account that has none: replacing one takes a colleague's reset first.
  update identity.account a set totp_secret = p_secret, totp_last_step = p_step
    where a.id = p_account_id and a.totp_secret is null;
  if not found then return false; end if;
  delete from identity.recovery_code c where c.account_id = p_account_id;
  insert into identity.recovery_code (account_id, code_hash) select p_account_id, unnest(p_codes);
  insert into identity.sign_in_event (account_id, event) values (p_account_id, 'second_factor_set');
  return true;
end""",
        WEB,
    ),
    function(
        "replace_recovery_codes",
        "p_account_id uuid, p_codes bytea[]",
        "void",
        """
begin
  delete from identity.recovery_code c where c.account_id = p_account_id;
  insert into identity.recovery_code (account_id, code_hash) select p_account_id, unnest(p_codes);
end""",
        WEB,
    ),
    function(
        "use_recovery_code",
        "p_account_id uuid, p_code bytea",
        "boolean",
        """
begin
  update identity.recovery_code c set used_at = now()
    where c.account_id = p_account_id and c.code_hash = p_code and c.used_at is null;
  if found then
    insert into identity.sign_in_event (account_id, event) values (p_account_id, 'recovery_code_used');
    return true;
  end if;
  return false;
end""",
        WEB,
    ),
    function(
        "set_password",
        "p_account_id uuid, p_password_hash text",
        "void",
        """
begin
  update identity.account a set password_hash = p_password_hash where a.id = p_account_id;
  insert into identity.sign_in_event (account_id, event) values (p_account_id, 'password_set');
end""",
        WEB,
    ),
    function(
        "reset_second_factor",
        "p_person_id uuid",
        "boolean",
        """
declare v_account uuid;
begin
  -- A colleague of the same school, or the authority for its own people, lets somebody set up a new phone.
  select m.account_id into v_account from identity.membership m
    where m.person_id = p_person_id and m.ended_at is null and m.in_authority = app.authority_id()
      and m.person_id is distinct from app.person_id()
      and ((current_setting('role') in ('wb_school', 'wb_dsl') and m.in_school = app.school_id())
        or current_setting('role') = 'wb_authority');
  if v_account is null then return false; end if;
  update identity.account a set totp_secret = null, totp_last_step = 0 where a.id = v_account;
  delete from identity.recovery_code c where c.account_id = v_account;
  delete from identity.browser_session s where s.account_id = v_account;
  insert into identity.sign_in_event (account_id, event) values (v_account, 'second_factor_reset');
  return true;
end""",
        INVITERS,
    ),
    function(
        "count_attempt",
        "p_kind text, p_key bytea, p_window interval, p_limit integer",
        "integer",
        """
declare v_count integer; v_oldest timestamptz;
begin
  -- Nought while there are tries left, else the seconds to wait. Counted here so that it holds when Redis is gone.
  perform pg_advisory_xact_lock(hashtextextended(p_kind || encode(p_key, 'hex'), 0));
  select count(*), min(t.at) into v_count, v_oldest from identity.attempt t
    where t.kind = p_kind and t.key_hash = p_key and t.at > now() - p_window;
  if v_count >= p_limit then return greatest(1, ceil(extract(epoch from v_oldest + p_window - now())))::integer; end if;
  insert into identity.attempt (kind, key_hash) values (p_kind, p_key);
  return 0;
end""",
        WEB,
    ),
)
