"""Let a printed invitation carry a link of its own.

A letter has no address that only its reader has, so its link opens nobody's pages: whoever holds it has a link sent to
an email address or mobile number of theirs, and comes in by that, in the browser that asked. Or it adds to the account
that is signed in there. What opens a letter's link comes about where it is printed, by the documents worker, from a
salt that no audience reads: as for messages. A newer letter ends the one before, and what was asked for by it.

Where the school knew no such address, it learns the one that they came in by: they said so themselves.

The digits of a link that was opened elsewhere now also let somebody in who is invited and not yet in.

Who said “This is not me” of a letter is kept as of a message. In the contact log a letter is posted or handed over.

Risk: a worker of before prints letters without a link; they have the slip, as before.
Rejected: a link that signs in whoever opens it (an account needs a way to come back, and staff hold the letter);
letters counted by their address against six a day (they have none: a school could print six).
"""

from __future__ import annotations

from alembic import op

from migrations.functions import SIGNIN, function, install, replace

revision = "0157"
down_revision = "0156"

OUTCOMES = (
    "outcome in ('spoke', 'no_answer', 'message_left', 'wrong_number', 'call_back', 'posted', 'handed_over')"
)
INVITED_BY = "channel in ('email', 'sms', 'letter')"
CHECKS = (
    ("identity.token", "token_channel_check", INVITED_BY),
    ("contact_doubt", "contact_doubt_channel_check", INVITED_BY),
    ("contact_with_parent", "contact_with_parent_outcome", OUTCOMES),
    ("contact_with_school", "contact_with_school_outcome", OUTCOMES),
)
IS_LETTER = "channel <> 'letter' or (purpose = 'parent_invitation' and role = 'parent' and address = '')"

ISSUE = function(
    "issue_token",
    "p_purpose text, p_role text, p_authority uuid, p_school uuid, p_person uuid, p_channel text,"
    " p_address text, p_name text, p_outbox_id uuid, p_expires_at timestamptz, p_invited_by text",
    "void",
    """
declare v_audience text := current_setting('role'); v_known boolean;
begin
  if p_authority is distinct from app.authority_id() then raise insufficient_privilege; end if;
  if v_audience in ('wb_school', 'wb_dsl') then
    if p_school is distinct from app.school_id()
      or p_role not in ('school_lead', 'senco', 'attendance_lead', 'school_dsl', 'head_teacher', 'facilitator',
        'parent')
    then raise insufficient_privilege; end if;
  elsif v_audience = 'wb_authority' then
    if p_role not in ('authority_admin', 'named_officer', 'commissioner', 'school_lead', 'school_dsl')
      or (p_school is not null and p_school <> all (app.authority_school_ids()))
      or (p_school is null) <> (p_role in ('authority_admin', 'named_officer', 'commissioner'))
    then raise insufficient_privilege; end if;
  else raise insufficient_privilege;
  end if;
  if p_purpose is distinct from
    (case when p_role in ('parent', 'facilitator') then 'parent_invitation' else 'staff_invitation' end)
  then raise insufficient_privilege; end if;
  -- On paper go invitations of a school to its parents.
  if p_channel = 'letter' and (p_role <> 'parent' or p_address <> '') then raise insufficient_privilege; end if;
  -- A row of this very place, and of somebody at work in this very role, whatever id was handed over.
  v_known := case
    when p_role = 'parent' then exists (select from public.parent o where o.school_id = p_school and o.id = p_person)
    when p_role = 'facilitator' then
      exists (select from public.facilitator o where o.school_id = p_school and o.id = p_person)
    when p_school is not null then
      exists (select from public.staff_member o where o.school_id = p_school and o.id = p_person and o.role = p_role)
    else exists (select from public.authority_member o where o.authority_id = p_authority and o.id = p_person
      and o.role = p_role) end;
  if not v_known then raise insufficient_privilege; end if;
  perform pg_advisory_xact_lock(hashtextextended(p_person::text, 0));
  -- An invitation is for somebody who has no account, also none that has ended: what was theirs stays theirs.
  if p_role in ('parent', 'facilitator') then
    if exists (select from identity.membership m where m.person_id = p_person and m.role = p_role) then
      raise unique_violation using constraint = 'person_has_an_account';
    end if;
  -- Somebody who has been at work here is invited again to the address that they signed in with, and to no other.
  elsif exists (select from identity.account a where a.email is distinct from p_address and a.id in (
    select m.account_id from identity.membership m where m.person_id = p_person
    union all select x from unnest(app.accounts_of(p_person, p_role)) x))
  then raise unique_violation using constraint = 'person_has_an_account';
  end if;
  -- Pressed twice: the one of a moment ago stands. Judged by the two ends, which a clock's full minute does not split.
  if exists (select from identity.token t where t.person_id = p_person and t.purpose = p_purpose and t.role = p_role
    and t.channel = p_channel and t.address = p_address and t.used_at is null and t.cancelled_at is null
    and t.expires_at > p_expires_at - interval '1 minute')
  then raise unique_violation using constraint = 'invitation_just_sent'; end if;
  -- A new invitation takes the place of the one before.
  update identity.token t set cancelled_at = app.now()
    where t.person_id = p_person and t.purpose = p_purpose and t.channel = p_channel and t.used_at is null
      and t.cancelled_at is null and t.in_authority = p_authority and t.in_school is not distinct from p_school;
  if p_channel = 'letter' then
    -- And what was asked for by the letter before.
    update identity.token t set cancelled_at = app.now() where t.person_id = p_person and t.subject_id is not null
      and t.purpose = p_purpose and t.used_at is null and t.cancelled_at is null;
  end if;
  -- Of nothing that anybody knows; what opens it comes with the message.
  insert into identity.token (token_hash, salt, purpose, role, in_authority, in_school, person_id, channel, address,
      name, outbox_id, expires_at, invited_by)
    values (identity.unknown(), identity.unknown(), p_purpose, p_role, p_authority, p_school, p_person, p_channel,
      p_address, p_name, p_outbox_id, p_expires_at, p_invited_by);
  insert into identity.vouched (person_id, by_person_id) values (p_person, app.person_id()) on conflict do nothing;
end""",
    (),
)
OFTEN = function(
    "guard_often",
    "",
    "trigger",
    """
begin
  perform pg_advisory_xact_lock(hashtextextended('invited ' || new.address, 0));
  if (select count(*) from identity.token t where t.address = new.address and t.channel = new.channel
    and (new.channel <> 'letter' or t.person_id = new.person_id)
    and t.purpose = new.purpose and t.in_school is not distinct from new.in_school
    and t.in_authority = new.in_authority and t.created_at > app.now() - interval '1 day') >= 6
  then raise unique_violation using constraint = 'invited_often'; end if;
  return new;
end""",
    (),
)
USE = function(
    "use_link",
    "p_hash bytea, p_browser_hash bytea, p_account_id uuid, p_membership_id uuid, p_session_hash bytea",
    "uuid",
    """
declare used identity.token; v_account uuid; v_membership uuid;
begin
  -- One statement decides who was first; a second press finds nothing to use.
  update identity.token t set used_at = app.now() where t.token_hash = p_hash and t.used_at is null
    and t.cancelled_at is null and t.expires_at > app.now() and t.purpose in ('parent_invitation', 'sign_in')
    and (t.browser_hash is null or t.browser_hash = p_browser_hash)
    -- A letter's own opens nothing for whoever is signed in nowhere.
    and (t.channel <> 'letter' or p_session_hash is not null)
    -- And a session that has ended uses nothing up.
    and (p_session_hash is null or exists (select from identity.browser_session s
      join identity.membership m on m.id = s.membership_id and m.ended_at is null
      where s.token_hash = p_session_hash and s.expires_at > app.now() and s.last_seen_at + s.idle > app.now()))
    returning * into used;
  if not found then return null; end if;
  if used.purpose = 'sign_in' then
    select m.id into v_membership from identity.membership m where m.account_id = used.account_id
      and m.ended_at is null and m.role in ('parent', 'facilitator')
      order by (m.in_school = used.in_school) desc, m.created_at desc, m.id limit 1;
    return v_membership;
  end if;
  -- An invitation makes somebody's account, or adds to the one that it is for, or to the one that is signed in here.
  -- It never looks for an account by an address, changes none, and moves nothing.
  perform pg_advisory_xact_lock(hashtextextended(used.person_id::text, 0));
  if used.account_id is not null then
    v_account := used.account_id;
  elsif exists (select from identity.membership m where m.person_id = used.person_id and m.role = used.role) then
    return null;
  elsif p_session_hash is not null then
    select s.account_id into v_account from identity.browser_session s
      join identity.membership m on m.id = s.membership_id and m.ended_at is null
      where s.token_hash = p_session_hash and s.expires_at > app.now() and s.last_seen_at + s.idle > app.now();
    if v_account is null then return null; end if;
  else
    if used.role = 'facilitator' and not identity.may_open_leading(used.in_school, used.person_id) then
      return null;
    end if;
    insert into identity.account (id, email, email_since, phone, phone_since, name)
      values (p_account_id, case when used.channel = 'email' then used.address end,
        case when used.channel = 'email' then app.now() end, case when used.channel = 'sms' then used.address end,
        case when used.channel = 'sms' then app.now() end, used.name);
    v_account := p_account_id;
  end if;
  v_membership := identity.take_offer(p_hash, v_account, p_membership_id);
  -- They came in by an address that they gave for their letter: where the school knew none, that is it.
  if v_membership is not null and used.subject_id is not null then
    update public.parent_contact c set
        email = case when used.channel = 'email' and c.email = '' then used.address else c.email end,
        phone = case when used.channel = 'sms' and c.phone = '' then used.address else c.phone end
      where c.school_id = used.in_school and c.parent_id = used.person_id;
  end if;
  return v_membership;
end""",
    (),
)
NOT_ME = function(
    "not_me",
    "p_hash bytea, p_id uuid",
    "boolean",
    """
declare v_token identity.token; v_person uuid; v_role text;
begin
  -- Whoever holds this link says that it is not for them: it opens nothing from here on, and who sent it is told.
  update identity.token t set cancelled_at = app.now() where t.token_hash = p_hash and t.used_at is null
    and t.cancelled_at is null
    and t.purpose in ('staff_invitation', 'parent_invitation', 'sign_in', 'fresh_start')
    returning * into v_token;
  if not found then return false; end if;
  if v_token.channel = 'letter' then
    update identity.token t set cancelled_at = app.now() where t.subject_id = v_token.outbox_id and t.used_at is null
      and t.cancelled_at is null;
  end if;
  if v_token.purpose = 'fresh_start' then
    update public.fresh_start f set ended_at = app.now(), ended = 'stopped', stopped_from = 'new_address'
      where f.school_id = v_token.in_school and f.id = v_token.subject_id and f.ended_at is null;
    if not found then return false; end if;
    update identity.token t set cancelled_at = app.now() where t.subject_id = v_token.subject_id and t.used_at is null
      and t.cancelled_at is null;
    perform identity.tell_of_stop(v_token.in_school, v_token.subject_id, 'refused');
    return true;
  end if;
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
  -- Of people at work whom the council invited, the council hears: at the school there may be nobody yet.
  if v_token.purpose = 'staff_invitation' and not exists (select from identity.membership m
    where m.account_id = v_token.invited_by_account and m.in_school = v_token.in_school and m.ended_at is null)
  then
    insert into public.authority_contact_doubt (authority_id, id, person_id, said_at)
      values (v_token.in_authority, p_id, v_person, app.now());
  end if;
  return true;
end""",
    (),
)
USE_CODE = function(
    "use_link_code",
    "p_browser_hash bytea, p_code_hash bytea",
    "uuid",
    """
declare v_hash bytea;
begin
  -- The link was opened elsewhere; its six digits were typed where it was asked for.
  select t.token_hash into v_hash from identity.token t where t.browser_hash = p_browser_hash
    and t.code_hash = p_code_hash and t.purpose in ('sign_in', 'parent_invitation') and t.used_at is null
    and t.cancelled_at is null and t.expires_at > app.now() order by t.created_at desc limit 1;
  if not found then return null; end if;
  return identity.use_link(v_hash, p_browser_hash, gen_random_uuid(), gen_random_uuid(), null);
end""",
    (),
)
REQUEST = function(
    "request_link",
    "p_channel text, p_address text, p_outbox_ids uuid[], p_hashes bytea[], p_browser_hash bytea,"
    " p_code_hashes bytea[], p_expires_at timestamptz",
    "void",
    """
declare v_one record; v_place integer := 0; v_most integer := cardinality(p_hashes);
begin
  -- One link for each person who comes in by this address: those with an account, then those invited and not yet in.
  for v_one in
    select o.* from (
      select distinct on (a.id) 1 as rank, a.id as account_id, 'sign_in' as purpose, null::text as role,
          m.in_authority, m.in_school, null::uuid as person_id, '' as invited_by, a.created_at as since,
          identity.first_name_of(m.role, m.in_school, m.person_id, a.name) as name
        from identity.account a join identity.membership m on m.account_id = a.id and m.ended_at is null
          and m.role in ('parent', 'facilitator')
        where a.disabled_at is null
          and ((p_channel = 'email' and a.email = p_address) or (p_channel = 'sms' and a.phone = p_address))
        order by a.id, m.created_at desc, m.id) o
    union all
    select i.* from (
      select distinct on (t.person_id, t.role) 2, t.account_id, t.purpose, t.role, t.in_authority, t.in_school,
          t.person_id, t.invited_by, t.created_at,
          identity.first_name_of(t.role, t.in_school, t.person_id, t.name) as name
        from identity.token t where t.purpose = 'parent_invitation' and t.account_id is null
          and t.channel = p_channel and t.address = p_address and t.used_at is null and t.cancelled_at is null
          and t.in_school is not null and t.created_at > app.now() - interval '90 days'
          -- What somebody typed for a letter is proved by nothing yet: they open the letter again.
          and t.subject_id is null
          and not exists (select from identity.membership m where m.person_id = t.person_id and m.role = t.role)
        order by t.person_id, t.role, t.created_at desc) i
    order by 1, 9, 2
    limit v_most
  loop
    v_place := v_place + 1;
    insert into identity.token (token_hash, purpose, account_id, role, in_authority, in_school, person_id, channel,
        address, name, invited_by, outbox_id, browser_hash, code_hash, expires_at)
      values (p_hashes[v_place], v_one.purpose, v_one.account_id, v_one.role, v_one.in_authority, v_one.in_school,
        v_one.person_id, p_channel, p_address, v_one.name, v_one.invited_by, p_outbox_ids[v_place], p_browser_hash,
        p_code_hashes[v_place], p_expires_at);
    insert into public.outbox (school_id, id, kind, channel, recipient_kind, recipient_id, dedupe_key, state, attempt,
        next_at, not_after, problem, created_at)
      values (v_one.in_school, p_outbox_ids[v_place], 'sign_in_link', p_channel, 'token', p_outbox_ids[v_place],
        p_outbox_ids[v_place]::text, 'queued', 0, app.now(), p_expires_at, '', app.now());
  end loop;
  -- Nobody's. The same writes, to rows that open nothing: how long it takes must not tell.
  for v_place in v_place + 1 .. v_most loop
    insert into identity.token (token_hash, purpose, in_authority, channel, address, outbox_id, browser_hash,
        code_hash, expires_at, used_at, cancelled_at)
      values (p_hashes[v_place], 'sign_in', '00000000-0000-0000-0000-000000000000', p_channel, '',
        p_outbox_ids[v_place], null, null, p_expires_at, app.now(), app.now());
    insert into identity.sign_in_event (event) values ('link_for_nobody');
  end loop;
end
""",
    (),
)
ANSWER = function(
    "answer_letter",
    "p_hash bytea, p_channel text, p_address text, p_outbox_id uuid, p_token_hash bytea, p_browser_hash bytea,"
    " p_code_hash bytea, p_expires_at timestamptz",
    "boolean",
    """
declare v_letter identity.token;
begin
  -- Whoever holds a letter has a link sent to an address of theirs. It works in the browser that asks, so that one who
  -- mistyped it invites no stranger; and the letter asks again until they have come in.
  select t.* into v_letter from identity.token t where t.token_hash = p_hash and t.channel = 'letter'
    and t.used_at is null and t.cancelled_at is null and t.expires_at > app.now() for update;
  if not found or p_browser_hash is null or p_address = '' then return false; end if;
  update identity.token t set cancelled_at = app.now() where t.subject_id = v_letter.outbox_id and t.used_at is null
    and t.cancelled_at is null;
  insert into identity.token (token_hash, purpose, role, in_authority, in_school, person_id, channel, address, name,
      invited_by, outbox_id, browser_hash, code_hash, expires_at, subject_id)
    values (p_token_hash, 'parent_invitation', 'parent', v_letter.in_authority, v_letter.in_school, v_letter.person_id,
      p_channel, p_address, v_letter.name, v_letter.invited_by, p_outbox_id, p_browser_hash, p_code_hash, p_expires_at,
      v_letter.outbox_id);
  insert into public.outbox (school_id, id, kind, channel, recipient_kind, recipient_id, dedupe_key, state, attempt,
      next_at, not_after, problem, created_at)
    values (v_letter.in_school, p_outbox_id, 'sign_in_link', p_channel, 'token', p_outbox_id, p_outbox_id::text,
      'queued', 0, app.now(), p_expires_at, '', app.now());
  return true;
end""",
    SIGNIN,
)
SECRET = function(
    "letter_token",
    "p_letter uuid, p_person uuid",
    "table (salt bytea, expires_at timestamptz, is_open boolean)",
    """
begin
  return query select t.salt, t.expires_at, t.used_at is null and t.cancelled_at is null and t.expires_at > app.now()
    from identity.token t where t.outbox_id = p_letter and t.channel = 'letter' and t.person_id = p_person
      and t.in_authority = app.authority_id() and t.in_school = app.school_id();
end""",
    ("wb_documents",),
)
ARM = function(
    "arm_letter",
    "p_letter uuid, p_hash bytea",
    "void",
    """
begin
  -- Where the letter is printed: from here on its link opens. As `arm_token` for messages.
  update identity.token t set token_hash = p_hash where t.outbox_id = p_letter and t.channel = 'letter'
    and t.token_hash <> p_hash and t.used_at is null and t.cancelled_at is null
    and t.in_authority = app.authority_id() and t.in_school = app.school_id();
end""",
    ("wb_documents",),
)
OPEN = function(
    "open_letters",
    "p_letters uuid[]",
    "table (id uuid, expires_at timestamptz)",
    """
begin
  -- For the pile of letters to hand out: whose link still opens, and until when. No secrets.
  return query select t.outbox_id, t.expires_at from identity.token t where t.outbox_id = any (p_letters)
    and t.channel = 'letter' and t.used_at is null and t.cancelled_at is null and t.expires_at > app.now()
    and t.in_authority = app.authority_id() and t.in_school = app.school_id();
end""",
    ("wb_school",),
)


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    for table, name, check in CHECKS:
        op.execute(
            f"alter table {table} drop constraint {name}, add constraint {name} check ({check}) not valid"
        )
        op.execute(f"alter table {table} validate constraint {name}")
    op.execute(f"alter table identity.token add constraint token_is_letter check ({IS_LETTER}) not valid")
    op.execute("alter table identity.token validate constraint token_is_letter")
    replace((ISSUE, OFTEN, USE, NOT_ME, USE_CODE, REQUEST))
    install((ANSWER, SECRET, ARM, OPEN))
