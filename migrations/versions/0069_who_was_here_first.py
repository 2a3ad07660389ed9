"""Let nobody who came in since an address is shared choose the PIN or the words of somebody who was there before.

A second person gets somebody's number or email, at any school, with or without an account. Whoever asked for a link
there next chose the first person's PIN, and read what they wrote. Now the account keeps since when (`shared_from`),
written by the database with whatever row makes the address shared: a contact, a person who leads, a way in that moves,
somebody who joins. A first PIN is taken in a browser that was signed in before that, or after a proof. The first person
is told at once at their ways in, without a name, once a day, and only while they have no key.

The moment is the first at which sharing began and it stays when the second person is taken out again: else an address
that staff take away and give back would make a browser old that came in between. It goes when the person moves their
way in to an address of their own. Whoever joined on a shared address has none: nothing of theirs opened without a key.

Who has not joined yet has nothing to read, and chooses the PIN with their answer to the invitation, as before.

Risk: who has no PIN, no words, no other address and no browser that is still signed in keeps dates, notes, leaving and
concerns, and needs a fresh start for the rest. Of existing rows the day on which the person was entered counts.
Rejected: the day of each contact's address in the place of this, which a change to and fro makes young; asking staff to
say who of the two holds the phone.
"""

from __future__ import annotations

from alembic import op

from migrations.functions import SIGNIN, function, install, replace

revision = "0069"
down_revision = "0068"

COLUMNS = """
alter table identity.account add column shared_from timestamptz, add column shared_told_at timestamptz
"""

#: Others who have the address, from when: as far as it is known of rows that are there already.
BACKFILL = """
update identity.account a set shared_from = others.at from (
  select mine.id, min(greatest(other.at, mine.since)) as at
    from (select a.id, a.created_at, w.channel, w.address, w.since from identity.account a
        cross join lateral (values ('email', a.email, coalesce(a.email_since, a.created_at)),
          ('sms', a.phone, coalesce(a.phone_since, a.created_at))) w(channel, address, since)
      where coalesce(w.address, '') <> '' and exists (select from identity.membership m where m.account_id = a.id
        and m.ended_at is null and m.role in ('parent', 'facilitator'))) mine
    join (select w.channel, w.address, p.created_at as at, c.school_id, c.parent_id as person_id,
          c.parent_id as parent_id, null::uuid as account_id from public.parent_contact c
        join public.parent p on p.school_id = c.school_id and p.id = c.parent_id
        cross join lateral (values ('email', c.email), ('sms', c.phone)) w(channel, address)
      union all select w.channel, w.address, f.created_at, f.school_id, f.id, f.parent_id, null
        from public.facilitator f cross join lateral (values ('email', f.email), ('sms', f.phone)) w(channel, address)
      union all select w.channel, w.address, w.since, null, null, null, o.id from identity.account o
        cross join lateral (values ('email', o.email, coalesce(o.email_since, o.created_at)),
          ('sms', o.phone, coalesce(o.phone_since, o.created_at))) w(channel, address, since)
        where o.disabled_at is null and exists (select from identity.membership m where m.account_id = o.id
          and m.ended_at is null and m.role in ('parent', 'facilitator'))) other
      on other.channel = mine.channel and other.address = mine.address
        and other.account_id is distinct from mine.id
        and not exists (select from identity.membership m left join public.facilitator f
          on f.school_id = m.in_school and f.id = m.person_id where m.account_id = mine.id
          and m.in_school = other.school_id and (m.person_id in (other.person_id, other.parent_id)
            or f.parent_id = other.person_id))
    where greatest(other.at, mine.since) > mine.created_at
    group by mine.id) others
  where others.id = a.id
"""

NEW = (
    function(
        "note_sharer",
        "p_channel text, p_address text, p_own uuid[]",
        "void",
        """
declare v_one record; v_member identity.membership; v_way record; v_id uuid;
begin
  -- Before somebody gets an address: whoever else comes in by it shares it from now on. One at a time for an address,
  -- so that of two who get it at once the second finds the first.
  if coalesce(p_address, '') = '' then return; end if;
  perform pg_advisory_xact_lock(hashtextextended('sharing:' || p_address, 0));
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
end""",
        (),
    ),
    function(
        "contact_is_shared",
        "",
        "trigger",
        """
declare v_own uuid[]; v_all boolean := tg_op = 'INSERT';
begin
  -- Whose row it is shares it with nobody; who leads is the parent that they were before.
  if tg_table_name = 'parent_contact' then
    select array_agg(m.account_id) into v_own from identity.membership m left join public.facilitator f
      on f.school_id = m.in_school and f.id = m.person_id
      where m.in_school = new.school_id and new.parent_id in (m.person_id, f.parent_id);
  else
    select array_agg(m.account_id) into v_own from identity.membership m where m.in_school = new.school_id
      and m.person_id in (new.id, new.parent_id);
    v_all := v_all or new.parent_id is distinct from old.parent_id;
  end if;
  if v_all or new.email is distinct from old.email then
    perform identity.note_sharer('email', new.email, v_own);
  end if;
  if v_all or new.phone is distinct from old.phone then
    perform identity.note_sharer('sms', new.phone, v_own);
  end if;
  return new;
end""",
        ("wb_owner",),
    ),
    function(
        "way_in_is_shared",
        "",
        "trigger",
        """
declare v_was boolean := identity.shares_address(new.id); v_is boolean;
begin
  -- Whoever moves their way in has just shown who they are, and every other browser of theirs is out.
  if new.email is distinct from old.email then perform identity.note_sharer('email', new.email, array[new.id]); end if;
  if new.phone is distinct from old.phone then perform identity.note_sharer('sms', new.phone, array[new.id]); end if;
  v_is := identity.is_shared(new.id, 'email', new.email) or identity.is_shared(new.id, 'sms', new.phone);
  new.shared_from := case when not v_is then null when v_was then old.shared_from else app.now() end;
  return new;
end""",
        ("wb_owner",),
    ),
    function(
        "joiner_shares",
        "",
        "trigger",
        """
declare v_account identity.account;
begin
  select a.* into v_account from identity.account a where a.id = new.account_id;
  perform identity.note_sharer('email', v_account.email, array[new.account_id]);
  perform identity.note_sharer('sms', v_account.phone, array[new.account_id]);
  return new;
end""",
        ("wb_owner",),
    ),
)

HAS_BEGUN = function(
    "has_begun",
    "p_account uuid",
    "boolean",
    """
begin
  -- Whether there is anything to read of theirs: a facilitator's group, or what a parent wrote since they said yes.
  return exists (select from identity.membership m where m.account_id = p_account and (m.role = 'facilitator'
    or exists (select from public.consent_event e where e.school_id = m.in_school and e.parent_id = m.person_id
      and e.kind = 'join' and e.given)));
end""",
    (),
)

MAY_BE_ANOTHER = function(
    "may_be_another",
    "p_account uuid, p_session_at timestamptz",
    "boolean",
    """
begin
  -- Nothing is there to guard: whoever answers the invitation chooses.
  if not identity.has_begun(p_account) then return false; end if;
  -- Somebody else got this address after this account was made and before this browser came in: it may be theirs.
  -- Whoever joined later had the question at joining, and could write nothing private without a key.
  return exists (select from identity.account a where a.id = p_account and a.shared_from <= p_session_at)
  -- Or somebody who had it already has joined since.
  or exists (select from identity.account a join identity.account o on o.id <> a.id and o.disabled_at is null
      and ((o.email = a.email and greatest(coalesce(o.email_since, o.created_at), a.email_since) > a.created_at
          and greatest(coalesce(o.email_since, o.created_at), a.email_since) <= p_session_at)
        or (o.phone = a.phone and greatest(coalesce(o.phone_since, o.created_at), a.phone_since) > a.created_at
          and greatest(coalesce(o.phone_since, o.created_at), a.phone_since) <= p_session_at))
    where a.id = p_account and exists (select from identity.membership m where m.account_id = o.id
      and m.ended_at is null and m.role in ('parent', 'facilitator')));
end""",
    (),
)

GUARD = function(
    "account_guard",
    "p_hash bytea",
    "table (is_shared boolean, has_key boolean, has_pin boolean, has_words boolean, may_choose boolean)",
    """
begin
  return query select identity.shares_address(a.id), identity.has_own_key(a.id), a.pin_hash is not null,
      a.words_hash is not null, not identity.may_be_another(a.id, s.created_at)
        or identity.is_first_session(s.created_at, m.created_at, a.id)
    from identity.browser_session s
    join identity.account a on a.id = s.account_id and a.disabled_at is null
    join identity.membership m on m.id = s.membership_id and m.ended_at is null
    where s.token_hash = p_hash and m.role in ('parent', 'facilitator');
end""",
    SIGNIN,
)

START_SESSION = function(
    "start_session",
    "p_old_hash bytea, p_hash bytea, p_id uuid, p_membership_id uuid, p_data jsonb, p_expires_at timestamptz,"
    " p_idle interval, p_label text",
    "boolean",
    """
declare v_account uuid; v_old identity.browser_session;
begin
  -- Signing in, or changing role, always gets a new secret; the one before it is worth nothing.
  delete from identity.browser_session s where s.token_hash = p_old_hash returning * into v_old;
  select m.account_id into v_account from identity.membership m join identity.account a on a.id = m.account_id
    where m.id = p_membership_id and m.ended_at is null and a.disabled_at is null;
  if v_account is null then return false; end if;
  -- Whoever was signed in here as the same person has been here since then: a link that they opened makes nobody new.
  insert into identity.browser_session (token_hash, id, account_id, membership_id, data, expires_at, idle, label,
      created_at)
    values (p_hash, p_id, v_account, p_membership_id, p_data, least(p_expires_at, app.now() + interval '12 hours'),
      least(p_idle, interval '2 hours'), p_label,
      case when v_old.account_id = v_account and v_old.expires_at > app.now()
        and v_old.last_seen_at + v_old.idle > app.now() then v_old.created_at else app.now() end);
  insert into identity.sign_in_event (account_id, event) values (v_account, 'session_started');
  return true;
end""",
    SIGNIN,
)

TOKEN_ADDRESS = function(
    "token_address",
    "p_outbox_id uuid",
    "table (channel text, address text, name text, purpose text, expires_at timestamptz, is_open boolean, salt bytea)",
    """
begin
  -- A notice to an account tells that its address is shared and has no key before it: open while that is so.
  return query select t.channel, t.address, t.name, t.purpose, t.expires_at,
      t.used_at is null and t.cancelled_at is null and t.expires_at > app.now()
        and (t.purpose <> 'notice' or t.account_id is null
          or (identity.shares_address(t.account_id) and not identity.has_own_key(t.account_id))), t.salt
    from identity.token t where t.outbox_id = p_outbox_id;
end""",
    ("wb_dispatch",),
)

TRIGGERS = (
    "create trigger contact_is_shared before insert or update of email, phone on public.parent_contact"
    " for each row execute function identity.contact_is_shared()",
    "create trigger contact_is_shared before insert or update of email, phone, parent_id on public.facilitator"
    " for each row execute function identity.contact_is_shared()",
    "create trigger way_in_is_shared before update of email, phone on identity.account for each row"
    " when (old.email is distinct from new.email or old.phone is distinct from new.phone)"
    " execute function identity.way_in_is_shared()",
    "create trigger joiner_shares before insert on identity.membership for each row"
    " when (new.role in ('parent', 'facilitator')) execute function identity.joiner_shares()",
)


def upgrade() -> None:
    op.execute(COLUMNS)
    op.execute(BACKFILL)
    op.execute("grant select (school_id, parent_id, kind, given) on consent_event to wb_identity")
    op.execute(
        "create policy consent_event_identity_select on consent_event for select to wb_identity using (true)"
    )
    install((*NEW, HAS_BEGUN))
    replace((MAY_BE_ANOTHER, GUARD, START_SESSION, TOKEN_ADDRESS))
    for trigger in TRIGGERS:
        op.execute(trigger)
