"""Keep the private parts of somebody whose address another person has too shut until they have a PIN or passkey.

An address is shared as soon as another person has it as a contact or as a way in, at any school, not only once both
have joined. The row policies of what a parent writes ask for the key, whatever a page forgets. A PIN is chosen at
joining, or at the next visit by whoever came in before somebody else was entered. Once another person has joined by the
same address since, only a proof lets one be chosen: either of the two may hold the phone.

Risk: parents who share an address and have no PIN choose one at their next visit. An index on each of four columns is
built while writes to two tables wait. Whoever shares cannot be proved by a code there, as before.
Rejected: a mark "shared" that staff tick, which is wrong the day a number is corrected; shutting out for good everybody
who has no PIN on the day a second person is entered.
"""

from __future__ import annotations

from alembic import op

from migrations.frozen.identity_sessions import SESSION_ROW
from migrations.functions import SIGNIN, WEB, drop, function, install, replace

revision = "0053"
down_revision = "0052"

INDEXES = (
    ("parent_contact", "email"),
    ("parent_contact", "phone"),
    ("facilitator", "email"),
    ("facilitator", "phone"),
)

IS_SHARED = function(
    "is_shared",
    "p_account uuid, p_channel text, p_address text",
    "boolean",
    """
begin
  if coalesce(p_address, '') = '' then return false; end if;
  -- Somebody else comes in by this address: who holds the phone is not yet one of the two.
  return exists (select from identity.account a where a.id <> p_account and a.disabled_at is null
    and ((p_channel = 'email' and a.email = p_address) or (p_channel = 'sms' and a.phone = p_address))
    and exists (select from identity.membership m where m.account_id = a.id and m.ended_at is null
      and m.role in ('parent', 'facilitator')))
  -- Or a school, any school, writes to somebody else there. Who leads is the parent that they were before.
  or exists (select from public.parent_contact c
    where ((p_channel = 'email' and c.email = p_address) or (p_channel = 'sms' and c.phone = p_address))
    and not exists (select from identity.membership m left join public.facilitator f
      on f.school_id = m.in_school and f.id = m.person_id
      where m.account_id = p_account and m.in_school = c.school_id and c.parent_id in (m.person_id, f.parent_id)))
  or exists (select from public.facilitator f
    where ((p_channel = 'email' and f.email = p_address) or (p_channel = 'sms' and f.phone = p_address))
    and not exists (select from identity.membership m where m.account_id = p_account and m.in_school = f.school_id
      and m.person_id in (f.id, f.parent_id)));
end""",
    ("wb_identity",),
)

NEW = (
    function(
        "shares_address",
        "p_account uuid",
        "boolean",
        """
begin
  return exists (select from identity.account a where a.id = p_account
    and (identity.is_shared(a.id, 'email', a.email) or identity.is_shared(a.id, 'sms', a.phone)));
end""",
        (),
    ),
    function(
        "has_own_key",
        "p_account uuid",
        "boolean",
        """
begin
  -- What tells two people at one address apart: a PIN or a passkey.
  return exists (select from identity.account a where a.id = p_account and a.pin_hash is not null)
    or exists (select from identity.passkey k where k.account_id = p_account);
end""",
        (),
    ),
    function(
        "is_told_apart",
        "p_account uuid",
        "boolean",
        """
begin
  return identity.has_own_key(p_account) or not identity.shares_address(p_account);
end""",
        (),
    ),
    function(
        "may_be_another",
        "p_account uuid, p_session_at timestamptz",
        "boolean",
        """
begin
  -- Another person began to come in by this address after this account was made and before this browser came in: it
  -- may be theirs. Whoever joined later had the question at joining, and could write nothing private without a key.
  return exists (select from identity.account a join identity.account o on o.id <> a.id and o.disabled_at is null
      and ((o.email = a.email and greatest(coalesce(o.email_since, o.created_at), a.email_since) > a.created_at
          and greatest(coalesce(o.email_since, o.created_at), a.email_since) <= p_session_at)
        or (o.phone = a.phone and greatest(coalesce(o.phone_since, o.created_at), a.phone_since) > a.created_at
          and greatest(coalesce(o.phone_since, o.created_at), a.phone_since) <= p_session_at))
    where a.id = p_account and exists (select from identity.membership m where m.account_id = o.id
      and m.ended_at is null and m.role in ('parent', 'facilitator')));
end""",
        (),
    ),
)

GUARD = function(
    "account_guard",
    "p_hash bytea",
    "table (is_shared boolean, has_key boolean, has_pin boolean, has_words boolean, may_choose boolean)",
    """
begin
  return query select identity.shares_address(a.id), identity.has_own_key(a.id), a.pin_hash is not null,
      a.words_hash is not null, not identity.may_be_another(a.id, s.created_at)
    from identity.browser_session s
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
  -- In a browser that has just shown who sits there; the first of each also in the browser that joined just now. A
  -- first PIN on a shared address is asked for, and taken wherever nobody else can have come in since.
  select a.id into v_account from identity.browser_session s
    join identity.account a on a.id = s.account_id and a.disabled_at is null
    join identity.membership m on m.id = s.membership_id and m.ended_at is null
    where s.token_hash = p_hash and m.role in ('parent', 'facilitator') and s.expires_at > app.now()
      and (s.confirmed_at > app.now() - interval '30 minutes'
        or (case p_key when 'pin' then not identity.has_own_key(a.id) else a.words_hash is null end
          and (identity.is_first_session(s.created_at, m.created_at, a.id)
            or (p_key = 'pin' and identity.shares_address(a.id)
              and not identity.may_be_another(a.id, s.created_at)))))
    for update of a;
  if v_account is null or p_key not in ('pin', 'words') then return false; end if;
  update identity.account a set pin_hash = case when p_key = 'pin' then p_value else a.pin_hash end,
      words_hash = case when p_key = 'words' then p_value else a.words_hash end where a.id = v_account;
  insert into identity.sign_in_event (account_id, event) values (v_account, p_key || '_set');
  return true;
end""",
    SIGNIN,
)

OPEN_SESSION = function(
    "open_session",
    "p_hash bytea",
    SESSION_ROW.removesuffix(")") + ", shares_address boolean)",
    """
declare v_session identity.browser_session;
begin
  select * into v_session from identity.browser_session s where s.token_hash = p_hash
    and s.expires_at > app.now() and s.last_seen_at + s.idle > app.now();
  if not found then return; end if;
  if v_session.last_seen_at < app.now() - interval '60 seconds' then
    update identity.browser_session s set last_seen_at = app.now() where s.token_hash = p_hash;
  end if;
  -- A membership that has ended, or a disabled account, is nobody at once; what was typed stays in the session.
  return query
    select v_session.id, v_session.data, a.id, a.name, a.email, m.id, m.role, m.in_authority, m.in_school, m.person_id,
      (select g.name from public.authority g where g.authority_id = m.in_authority),
      (select k.name from public.school k where k.school_id = m.in_school),
      (select count(*) from identity.membership o
        where o.account_id = a.id and o.ended_at is null and o.id is distinct from m.id),
      a.totp_secret is not null,
      case when m.role in ('parent', 'facilitator') then identity.shares_address(a.id) else false end
    from (select 1) one
    left join identity.account a on a.id = v_session.account_id and a.disabled_at is null
    left join identity.membership m on m.id = v_session.membership_id and m.account_id = a.id and m.ended_at is null;
end""",
    WEB,
)

OWN = (
    "from identity.membership m where m.person_id = (select app.person_id())"
    " and m.in_school = (select app.school_id()) and m.role = 'parent' and m.ended_at is null"
)
#: Null is no generation: the policies show nothing and take nothing.
MY_WAY = f"""
create or replace function identity.my_way() returns smallint language sql stable security definer
  set search_path = pg_catalog, pg_temp
  return (select case when bool_and(identity.is_told_apart(m.account_id)) is not false
    then coalesce(max(m.generation), 0)::smallint end {OWN})
"""
MY_WAY_SINCE = f"""
create or replace function identity.my_way_since() returns timestamptz language sql stable security definer
  set search_path = pg_catalog, pg_temp
  return (select case when bool_and(identity.is_told_apart(m.account_id)) is not false
    then coalesce(max(m.created_at) filter (where m.generation > 0), '-infinity') else 'infinity' end {OWN})
"""


def upgrade() -> None:
    for table, column in INDEXES:
        op.execute(f"create index {table}_anywhere_by_{column} on {table} ({column})")
    replace((IS_SHARED,))
    install(NEW)
    drop(("account_guard(bytea)", "open_session(bytea)"))
    install((GUARD, OPEN_SESSION))
    replace((SET_KEY,))
    op.execute("set local role wb_identity")
    op.execute(MY_WAY)
    op.execute(MY_WAY_SINCE)
    op.execute("reset role")
