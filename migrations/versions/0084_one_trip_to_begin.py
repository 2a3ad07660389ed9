"""The first trip of a request opens the browser's session and assumes its scope.

A page used to ask who reads it on a connection and in a transaction of its own, and then to begin another with another
statement for the scope. `app.enter` does both in the transaction that the page reads in. It runs with its caller's
rights, for a function with its owner's may not change the role: all that it can do `wb_web` could do before, by opening
the session with its hash and setting the role itself. Without a session that lives, and an account and a membership
that do, it leaves the scope of the public.

Noting that a session is in use has its own function, sent in the same trip in a transaction of its own: a page that is
taken back was still read, and what a page does later to that row through signing in's login never waits for itself.

Risk: processes of the version before do not note use while they still run beside this one; whoever only met those is
asked to sign in after half an hour. Rejected: noting it in the page's transaction (it would hold the row while signing
in, which has a connection of its own, replaces it); setting the role in `open_session` (PostgreSQL refuses).
"""

from __future__ import annotations

from alembic import op

from migrations.functions import WEB, function, install, replace

revision = "0084"
down_revision = "0083"

OPEN_SESSION = function(
    "open_session",
    "p_hash bytea",
    "table (session_id uuid, data jsonb, account_id uuid, account_name text, account_email text, membership_id uuid,"
    " role text, authority_id uuid, school_id uuid, person_id uuid, authority_name text, school_name text,"
    " other_memberships bigint, has_second_factor boolean, shares_address boolean, brand_colour text)",
    """
begin
  -- A membership that has ended, or a disabled account, is nobody at once; what was typed stays in the session.
  return query
    select s.id, s.data, a.id, a.name, a.email, m.id, m.role, m.in_authority, m.in_school, m.person_id,
      g.name,
      (select k.name from public.school k where k.school_id = m.in_school),
      (select count(*) from identity.membership o
        where o.account_id = a.id and o.ended_at is null and o.id is distinct from m.id),
      a.totp_secret is not null,
      case when m.role in ('parent', 'facilitator') then identity.shares_address(a.id) else false end,
      g.brand_colour
    from identity.browser_session s
    left join identity.account a on a.id = s.account_id and a.disabled_at is null
    left join identity.membership m on m.id = s.membership_id and m.account_id = a.id and m.ended_at is null
    left join public.authority g on g.authority_id = m.in_authority
    where s.token_hash = p_hash and s.expires_at > app.now() and s.last_seen_at + s.idle > app.now();
end""",
    WEB,
)

TOUCH_SESSION = function(
    "touch_session",
    "p_hash bytea",
    "void",
    """
begin
  -- Once a minute, and never back to life.
  update identity.browser_session s set last_seen_at = app.now() where s.token_hash = p_hash
    and s.last_seen_at < app.now() - interval '60 seconds'
    and s.expires_at > app.now() and s.last_seen_at + s.idle > app.now();
end""",
    WEB,
)

ENTER = """
create function app.enter(p_hash bytea) returns json language plpgsql security invoker
set search_path = pg_catalog, pg_temp as $function$
declare r record;
begin
  select s.*, case
      when s.membership_id is null then 'wb_public'
      when s.role = 'authority_admin' then 'wb_authority'
      when s.role = 'named_officer' then 'wb_officer'
      when s.role = 'commissioner' then 'wb_commissioner'
      when s.role in ('school_lead', 'senco', 'attendance_lead') then 'wb_school'
      when s.role = 'school_dsl' then 'wb_dsl'
      when s.role = 'facilitator' then 'wb_facilitator'
      when s.role = 'parent' then 'wb_parent'
    end as audience into r from identity.open_session(p_hash) s;
  if not found then
    perform set_config('role', 'wb_public', true), set_config('app.authority', '', true),
      set_config('app.school', '', true), set_config('app.person', '', true);
    return null;
  end if;
  if r.audience is null then
    raise exception 'nobody is served as %', r.role;
  end if;
  perform set_config('role', r.audience, true),
    set_config('app.authority', coalesce(r.authority_id::text, ''), true),
    set_config('app.school', coalesce(r.school_id::text, ''), true),
    set_config('app.person', coalesce(r.person_id::text, ''), true);
  return row_to_json(r);
end
$function$
"""


def upgrade() -> None:
    op.execute("set local lock_timeout = '2s'")
    replace((OPEN_SESSION,))
    install((TOUCH_SESSION,))
    op.execute(ENTER)
    op.execute("revoke all on function app.enter(bytea) from public")
    op.execute("grant execute on function app.enter(bytea) to wb_web")
