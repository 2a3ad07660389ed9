"""Where putting two entries together is undone, tell nothing to the address that goes back to the other person.

They were told "we changed where your messages go. You sign in as before", who had never signed in and whose messages
had not changed. What somebody signs in by is told as before. Replaces `identity.tell_old_contact`.

Risk: none, a function and what it reads. Rejected: a setting of the session that says so (whoever writes a statement
could say it), and no notice at all on undoing (whoever signs in reads where their messages go).
"""

from __future__ import annotations

from alembic import op

from migrations.functions import function, replace

revision = "0155"
down_revision = "0154"

TELL = function(
    "tell_old_contact",
    "",
    "trigger",
    """
declare v_is_undone boolean; v_person uuid; v_role text; v_name text; v_one record; v_id uuid; v_authority uuid;
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
  -- Where two entries are two again, what goes back to the other is the other's address, and no news to whom it is.
  v_is_undone := tg_table_name = 'parent_contact' and exists (select from public.parent_merge m
    where m.school_id = old.school_id and m.kept_id = old.parent_id and m.undone_at = app.now());
  for v_one in
    select distinct o.channel, o.address from (
      select 'email' as channel, old.email as address where old.email is distinct from new.email and not v_is_undone
      union all select 'sms', old.phone where old.phone is distinct from new.phone and not v_is_undone
      union all select 'email', a.email from identity.membership m join identity.account a on a.id = m.account_id
        where m.person_id = v_person and m.role = v_role and m.ended_at is null
      union all select 'sms', a.phone from identity.membership m join identity.account a on a.id = m.account_id
        where m.person_id = v_person and m.role = v_role and m.ended_at is null) o
    where o.address <> ''
  loop
    -- Told within the hour: that was the news. A number that is changed to and fro rings once.
    continue when exists (select from identity.token t where t.purpose = 'notice' and t.in_school = old.school_id
      and t.person_id = v_person and t.channel = v_one.channel and t.address = v_one.address
      and t.created_at > app.now() - interval '1 hour');
    v_id := gen_random_uuid();
    insert into identity.token (token_hash, purpose, in_authority, in_school, person_id, channel, address, name,
        outbox_id, expires_at, used_at)
      values (sha256(uuid_send(v_id)), 'notice', v_authority, old.school_id, v_person, v_one.channel, v_one.address,
        v_name, v_id, app.now() + interval '7 days', app.now());
    insert into public.outbox (school_id, id, kind, channel, recipient_kind, recipient_id, dedupe_key, state, attempt,
        next_at, not_after, problem, created_at)
      values (old.school_id, v_id, 'contact_changed', v_one.channel, 'token', v_id, v_id::text, 'queued', 0, app.now(),
        app.now() + interval '7 days', '', app.now());
  end loop;
  return null;
end""",
    (),
)


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.execute("grant select (school_id, kept_id, undone_at) on parent_merge to wb_identity")
    op.execute(
        "create policy parent_merge_identity_select on parent_merge for select to wb_identity using (true)"
    )
    replace([TELL])
