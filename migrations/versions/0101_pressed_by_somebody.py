"""Nobody gets a way in, and no second person agrees, without a browser in which that person is signed in.

Who presses was what the page's login said in its settings. A statement of somebody's own, run through that login, could
name one colleague as asking for a fresh start and another as agreeing, or invite somebody in anybody's name, and have
the link sent wherever it liked. Now each transaction of a page also carries the hash of the browser's session that it
serves (`app.browser`, set by `app.enter`), and the rows that give or take a way in are written only where that session
lives and is this very person's, in this role, at this place. A statement can name a person; it cannot know the hash of
a session of theirs.

The triggers stand on the tables, so that no function which writes them can be forgotten. Other logins than the page's
(signing in, the workers, the owner) prove themselves in their own ways, and are not asked. Withdrawing a token stays
free: it opens nothing.

Risk: a page of the version before that writes in its second transaction sends no hash, and is refused while both run;
nothing is half done. Rejected: a kept secret with a seal over person and transaction (as strong, and one more secret to
keep, to hide and to change); asking in each of the eighteen functions (the nineteenth would forget).
"""

from __future__ import annotations

from alembic import op

from migrations.functions import function, install, replace

revision = "0101"
down_revision = "0100"

AUDIENCE = """
create function app.audience_of(p_role text) returns text language sql immutable
set search_path = pg_catalog, pg_temp return case
  when p_role = 'authority_admin' then 'wb_authority'
  when p_role = 'named_officer' then 'wb_officer'
  when p_role = 'commissioner' then 'wb_commissioner'
  when p_role in ('school_lead', 'senco', 'attendance_lead') then 'wb_school'
  when p_role = 'school_dsl' then 'wb_dsl'
  when p_role = 'facilitator' then 'wb_facilitator'
  when p_role = 'parent' then 'wb_parent' end
"""

ENTER = """
create or replace function app.enter(p_hash bytea) returns json language plpgsql security invoker
set search_path = pg_catalog, pg_temp as $function$
declare r record;
begin
  select s.*, case when s.membership_id is null then 'wb_public' else app.audience_of(s.role) end as audience
    into r from identity.open_session(p_hash) s;
  if not found then
    perform set_config('role', 'wb_public', true), set_config('app.authority', '', true),
      set_config('app.school', '', true), set_config('app.person', '', true), set_config('app.browser', '', true);
    return null;
  end if;
  if r.audience is null then
    raise exception 'nobody is served as %', r.role;
  end if;
  perform set_config('role', r.audience, true),
    set_config('app.authority', coalesce(r.authority_id::text, ''), true),
    set_config('app.school', coalesce(r.school_id::text, ''), true),
    set_config('app.person', coalesce(r.person_id::text, ''), true),
    set_config('app.browser', encode(p_hash, 'hex'), true);
  return row_to_json(r);
end
$function$
"""

IS_PRESSED = function(
    "is_pressed",
    "",
    "boolean",
    """
begin
  -- Whether the scope's person is signed in, in this role and at this place, in the browser that this page serves.
  return session_user <> 'wb_web' or exists (
    select from identity.browser_session s
    join identity.membership m on m.id = s.membership_id and m.account_id = s.account_id and m.ended_at is null
    join identity.account a on a.id = m.account_id and a.disabled_at is null
    where s.token_hash = decode(coalesce(current_setting('app.browser', true), ''), 'hex')
      and s.expires_at > app.now() and s.last_seen_at + s.idle > app.now()
      and m.person_id = app.person_id() and m.in_authority = app.authority_id()
      and m.in_school is not distinct from app.school_id()
      and app.audience_of(m.role) = current_setting('role'));
end""",
    (),
)

GUARD_PRESSED = function(
    "guard_pressed",
    "",
    "trigger",
    """
begin
  if not identity.is_pressed() then
    raise insufficient_privilege using message = 'nobody who is signed in presses this';
  end if;
  return new;
end""",
    ("wb_owner",),
)

MAY_SAY_READY = function(
    "may_say_ready",
    "p_first uuid",
    "boolean",
    """
declare v_first uuid; v_second uuid;
begin
  -- Whether whoever asks is another person than the colleague who carried the check, and neither is the other's doing:
  -- both are here for a while or appointed, and the first did not bring in the second.
  select m.account_id into v_first from identity.membership m where m.person_id = p_first
    and m.in_school = app.school_id() order by m.created_at limit 1;
  select m.account_id into v_second from identity.membership m where m.person_id = app.person_id()
    and m.in_school = app.school_id() and m.ended_at is null limit 1;
  return v_second is not null and v_second is distinct from v_first
    and identity.is_pressed()
    and identity.is_settled(app.person_id(), app.school_id())
    and (p_first is null or identity.is_settled(p_first, app.school_id()))
    and (identity.is_appointed(app.person_id(), app.school_id())
      or not identity.brought_in(v_first, v_second));
end""",
    (),
)

#: What gives somebody a way in or takes one, what takes two people, and what keeps a concern from somebody.
TABLES = {
    "identity.token": "insert",
    "identity.account": "insert or update of email, phone, password_hash, totp_secret, disabled_at",
    "identity.membership": "insert or update",
    "public.fresh_start": "insert or update",
    "public.fresh_start_silence": "insert or update",
    "public.appointment": "insert or update",
    "public.authority_appointment": "insert or update",
    "public.concern_kept": "insert or update",
    "public.authority_concern_kept": "insert or update",
    "public.concern_handover": "insert or update",
}
#: A notice tells somebody and opens nothing; who is told of what others write down is the database's own doing.
OPENS = {"identity.token": "when (new.purpose <> 'notice')"}


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.execute(AUDIENCE)
    op.execute("revoke execute on function app.audience_of(text) from public")
    op.execute("grant execute on function app.audience_of(text) to wb_web, wb_identity")
    op.execute(ENTER)
    install([IS_PRESSED, GUARD_PRESSED])
    replace([MAY_SAY_READY])
    for table, event in TABLES.items():
        op.execute(
            f"create trigger {table.split('.')[1]}_pressed before {event} on {table} for each row"
            f" {OPENS.get(table, '')} execute function identity.guard_pressed()"
        )
