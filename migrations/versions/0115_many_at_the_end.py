"""A long list of parents holds all addresses for a moment at its end, and not for as long as it is added.

Whoever added ten thousand held every address from the first row on: half a minute in which nobody at any school could
add or correct a parent, or join with a shared number; they read "we cannot show this just now". Now a long list says
`later`: who has each address already is looked for as before, with no address held, and once more with the commit, when
all are held: that finds who came in meanwhile. A row whose addresses no account has costs two probes of an index.

The look at the end belongs to the table and not to a setting: a statement that says `later`, or takes it back, puts it
off and never out. Rows that were looked at as they were written are looked at again, which finds the same.

Risk: the commit of a list of ten thousand takes about a second longer, and others wait for that second. Whoever comes
in while a list is added that holds their address is told at its end, and comes in again by their words or a fresh
start, as everybody who was not there first. Code of before says `held` and goes on as it did.
Rejected: locks by 256 or 4,096 groups of addresses (a long list needs all of them), and a lock for each address (more
than a database has room for).
"""

from __future__ import annotations

from alembic import op

from migrations.functions import function, install, replace

revision = "0115"
down_revision = "0114"

NOTE_SHARER = function(
    "note_sharer",
    "p_channel text, p_address text, p_own uuid[]",
    "void",
    """
declare v_one record; v_member identity.membership; v_way record; v_id uuid;
begin
  -- Before somebody gets an address: whoever else comes in by it shares it from now on. One at a time for an address,
  -- so that of two who get it at once the second finds the first; of many, at the end.
  if coalesce(p_address, '') = '' then return; end if;
  if coalesce(current_setting('app.sharing', true), '') not in ('held', 'later') then
    perform pg_advisory_xact_lock_shared(hashtextextended('sharing', 0));
    perform pg_advisory_xact_lock(hashtextextended('sharing:' || p_address, 0));
  end if;
  for v_one in select a.id, a.email, a.phone, a.name from identity.account a where a.disabled_at is null
      and ((p_channel = 'email' and a.email = p_address) or (p_channel = 'sms' and a.phone = p_address))
      and a.id <> all (coalesce(p_own, '{}'))
      and exists (select from identity.membership m where m.account_id = a.id and m.ended_at is null
        and m.role in ('parent', 'facilitator'))
    order by a.id
  loop
    if not identity.shares_address(v_one.id) then
      update identity.account a set shared_from = coalesce(a.shared_from, app.now()) where a.id = v_one.id;
    end if;
    continue when identity.has_own_key(v_one.id);
    update identity.account a set shared_told_at = app.now() where a.id = v_one.id
      and (a.shared_told_at is null or a.shared_told_at <= app.now() - interval '1 day');
    continue when not found;
    select m.* into v_member from identity.membership m where m.account_id = v_one.id and m.ended_at is null
      and m.role in ('parent', 'facilitator') order by m.created_at desc, m.id limit 1;
    for v_way in select w.channel, w.address from (values ('email', v_one.email), ('sms', v_one.phone))
        w(channel, address) where coalesce(w.address, '') <> ''
    loop
      -- Of an account: it is open while it is true (`token_address`). No link opens by it.
      v_id := gen_random_uuid();
      insert into identity.token (token_hash, purpose, account_id, in_authority, in_school, channel, address, name,
          outbox_id, expires_at)
        values (sha256(uuid_send(v_id)), 'notice', v_one.id, v_member.in_authority, v_member.in_school, v_way.channel,
          v_way.address, identity.first_name_of(v_member.role, v_member.in_school, v_member.person_id, v_one.name),
          v_id, app.now() + interval '7 days');
      insert into public.outbox (school_id, id, kind, channel, recipient_kind, recipient_id, dedupe_key, state,
          attempt, next_at, not_after, problem, created_at)
        values (v_member.in_school, v_id, 'address_shared', v_way.channel, 'token', v_id, v_id::text, 'queued', 0,
          app.now(), app.now() + interval '7 days', '', app.now());
    end loop;
  end loop;
end
""",
    (),
)
LATE = function(
    "contact_is_shared_late",
    "",
    "trigger",
    """
declare v_own uuid[];
begin
  -- With the commit. Of many at once the first row holds all addresses; whoever came in meanwhile is seen by then.
  if coalesce(current_setting('app.sharing', true), '') = 'later' then
    perform pg_advisory_xact_lock(hashtextextended('sharing', 0));
    perform set_config('app.sharing', 'held', true);
  end if;
  if not exists (select from identity.account a where a.email = new.email)
      and not exists (select from identity.account a where a.phone = new.phone) then
    return null;
  end if;
  select array_agg(m.account_id) into v_own from identity.membership m left join public.facilitator f
    on f.school_id = m.in_school and f.id = m.person_id
    where m.in_school = new.school_id and new.parent_id in (m.person_id, f.parent_id);
  perform identity.note_sharer('email', new.email, v_own);
  perform identity.note_sharer('sms', new.phone, v_own);
  return null;
end""",
    ("wb_owner",),
)


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    replace((NOTE_SHARER,))
    install((LATE,))
    op.execute(
        "create constraint trigger contact_is_shared_late after insert on public.parent_contact"
        " deferrable initially deferred for each row execute function identity.contact_is_shared_late()"
    )
