"""The session of a browser says its authority's colour, so that the stylesheet's address can name it.

Every page view asked for `/theme.css`, which no browser might keep, and which opened the session and asked the database
again. With the colour in its address it is the same for everybody and for ever.

Risk: none; a function gets one more column, and code that reads the columns that it knows goes on. Rejected: keeping
colours in the process, where one that was just saved would not show.
"""

from __future__ import annotations

from alembic import op

from migrations.functions import WEB, function, install

revision = "0082"
down_revision = "0081"

OPEN_SESSION = function(
    "open_session",
    "p_hash bytea",
    "table (session_id uuid, data jsonb, account_id uuid, account_name text, account_email text, membership_id uuid,"
    " role text, authority_id uuid, school_id uuid, person_id uuid, authority_name text, school_name text,"
    " other_memberships bigint, has_second_factor boolean, shares_address boolean, brand_colour text)",
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
      g.name,
      (select k.name from public.school k where k.school_id = m.in_school),
      (select count(*) from identity.membership o
        where o.account_id = a.id and o.ended_at is null and o.id is distinct from m.id),
      a.totp_secret is not null,
      case when m.role in ('parent', 'facilitator') then identity.shares_address(a.id) else false end,
      g.brand_colour
    from (select 1) one
    left join identity.account a on a.id = v_session.account_id and a.disabled_at is null
    left join identity.membership m on m.id = v_session.membership_id and m.account_id = a.id and m.ended_at is null
    left join public.authority g on g.authority_id = m.in_authority;
end""",
    WEB,
)


def upgrade() -> None:
    op.execute("set local lock_timeout = '2s'")
    op.execute("set local role wb_identity")
    op.execute("drop function identity.open_session(bytea)")
    op.execute("reset role")
    install((OPEN_SESSION,))
