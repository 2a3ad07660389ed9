"""People at work: an invitation is one person's, an address may be several people's. Doors of the revision that says
so."""

from __future__ import annotations

from migrations.functions import INVITERS, SIGNIN, function

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
      or p_role not in ('school_lead', 'senco', 'attendance_lead', 'school_dsl', 'facilitator', 'parent')
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
  -- Of nothing that anybody knows; what opens it comes with the message.
  insert into identity.token (token_hash, salt, purpose, role, in_authority, in_school, person_id, channel, address,
      name, outbox_id, expires_at, invited_by)
    values (identity.unknown(), identity.unknown(), p_purpose, p_role, p_authority, p_school, p_person, p_channel,
      p_address, p_name, p_outbox_id, p_expires_at, p_invited_by);
  insert into identity.vouched (person_id, by_person_id) values (p_person, app.person_id()) on conflict do nothing;
end""",
    INVITERS,
)

PEEK = function(
    "peek_token",
    "p_hash bytea, p_browser_hash bytea",
    "table (purpose text, role text, name text, first_name text, invited_by text, channel text, authority_name text,"
    " school_name text, is_used boolean, is_over boolean, bound_elsewhere boolean, is_again boolean,"
    " contact_phone text)",
    """
begin
  -- `is_again`: this very person has the role already. Of anybody else at the address nothing is said.
  return query select t.purpose, t.role, t.name,
      case when t.purpose = 'parent_invitation'
        then identity.first_name_of(t.role, t.in_school, t.person_id, t.name) else t.name end,
      t.invited_by, t.channel, g.name, k.name, t.used_at is not null,
      t.expires_at <= app.now() or t.cancelled_at is not null,
      t.browser_hash is not null and t.browser_hash is distinct from p_browser_hash,
      t.purpose = 'staff_invitation' and app.accounts_of(t.person_id, t.role) <> '{}',
      coalesce(nullif(k.contact_phone, ''), g.contact_phone)
    from identity.token t left join public.authority g on g.authority_id = t.in_authority
    left join public.school k on k.school_id = t.in_school
    where t.token_hash = p_hash and t.purpose <> 'notice';
end""",
    SIGNIN,
)

AT_WORK = function(
    "at_work_by",
    "p_email text",
    "setof identity.account",
    """
begin
  -- Accounts at work that share an address: with a role, or one to come, before those that have none any more.
  return query select a.* from identity.account a
    cross join lateral (select exists (select from identity.membership m where m.account_id = a.id
        and m.ended_at is null and m.role not in ('parent', 'facilitator'))
      or exists (select from app.coming_memberships(a.id)) as has_role) r
    where a.email = p_email and a.disabled_at is null
      and (r.has_role or a.password_hash is not null)
    order by r.has_role desc, a.created_at, a.id;
end""",
    (),
)

NEW_AT_WORK = function(
    "new_at_work",
    "p_account_id uuid, p_email text, p_name text, p_password_hash text",
    "boolean",
    """
begin
  -- An account for one person more at this address. False: four share it, and a sign-in tries no more passwords.
  perform pg_advisory_xact_lock(hashtextextended('address:' || p_email, 0));
  if (select count(*) from identity.at_work_by(p_email)) >= 4 then return false; end if;
  insert into identity.account (id, email, name, password_hash)
    values (p_account_id, p_email, p_name, p_password_hash);
  return true;
end""",
    (),
)

ACCEPT = function(
    "accept_staff_invitation",
    "p_hash bytea, p_password_hash text, p_account_id uuid, p_membership_id uuid, p_session_hash bytea",
    "table (outcome text, account_id uuid)",
    """
declare used identity.token; v_mine uuid; v_joining uuid;
begin
  select * into used from identity.token t where t.token_hash = p_hash and t.purpose = 'staff_invitation'
    and t.used_at is null and t.cancelled_at is null and t.expires_at > app.now() for update;
  if not found then outcome := 'over'; return next; return; end if;
  perform pg_advisory_xact_lock(hashtextextended(used.person_id::text, 0));
  v_mine := (app.accounts_of(used.person_id, used.role))[1];
  if p_session_hash is not null then
    -- The account that is signed in here at work, and no other.
    select s.account_id into v_joining from identity.browser_session s
      join identity.membership m on m.id = s.membership_id and m.ended_at is null
        and m.role not in ('parent', 'facilitator')
      join identity.account a on a.id = s.account_id and a.disabled_at is null
      where s.token_hash = p_session_hash and s.expires_at > app.now() and s.last_seen_at + s.idle > app.now();
    if v_joining is null or v_mine <> v_joining then outcome := 'other'; return next; return; end if;
    account_id := v_joining;
    outcome := 'joined';
  elsif p_password_hash is null then
    outcome := 'other'; return next; return;
  elsif v_mine is not null then
    -- Invited once more to what they have: a forgotten password, vouched for by a colleague. The app stays.
    update identity.account a set password_hash = p_password_hash
      where a.id = v_mine and a.email = used.address and a.disabled_at is null;
    if not found then outcome := 'over'; return next; return; end if;
    delete from identity.browser_session s where s.account_id = v_mine;
    insert into identity.sign_in_event (account_id, event) values (v_mine, 'password_reset');
    account_id := v_mine;
    outcome := 'again';
  elsif identity.new_at_work(p_account_id, used.address, used.name, p_password_hash) then
    -- An account of its own, whoever else has this address: it never looks for one.
    account_id := p_account_id;
    outcome := 'new';
  else
    outcome := 'full'; return next; return;
  end if;
  update identity.token t set used_at = app.now() where t.token_hash = p_hash;
  if v_mine is null then
    insert into identity.membership (id, account_id, role, in_authority, in_school, person_id)
      values (p_membership_id, accept_staff_invitation.account_id, used.role, used.in_authority, used.in_school,
        used.person_id);
    insert into identity.sign_in_event (account_id, event)
      values (accept_staff_invitation.account_id, 'invitation_accepted');
  end if;
  return next;
end""",
    SIGNIN,
)

ACCEPT_ELSEWHERE = function(
    "accept_invitation_elsewhere",
    "p_hash bytea, p_id uuid, p_provider text, p_issuer text, p_subject text, p_account_id uuid,"
    " p_membership_id uuid",
    "table (outcome text, account_id uuid, membership_id uuid)",
    """
declare used identity.token; v_holder uuid; v_mine identity.account;
begin
  select * into used from identity.token t where t.token_hash = p_hash and t.purpose = 'staff_invitation'
    and t.used_at is null and t.cancelled_at is null and t.expires_at > app.now() for update;
  if not found then outcome := 'over'; return next; return; end if;
  perform pg_advisory_xact_lock(hashtextextended(used.person_id::text, 0));
  select f.account_id into v_holder from identity.federated_identity f
    where f.issuer = p_issuer and f.subject = p_subject;
  -- The account of this very person, if they have the role already; an address finds nobody.
  select a.* into v_mine from identity.account a where a.id = (app.accounts_of(used.person_id, used.role))[1]
    for update;
  if v_holder <> v_mine.id then outcome := 'taken'; return next; return; end if;
  account_id := coalesce(v_holder, v_mine.id);
  if exists (select from identity.account a where a.id = account_id and a.disabled_at is not null) then
    outcome := 'closed'; return next; return;
  end if;
  if v_holder is null and (v_mine.password_hash is not null or v_mine.totp_secret is not null
    or exists (select from identity.federated_identity f where f.account_id = v_mine.id)
    or exists (select from identity.passkey k where k.account_id = v_mine.id))
  then
    -- Whoever holds the link may not add a way in to an account that is guarded already: it is asked for from inside.
    outcome := 'guarded'; return next; return;
  end if;
  if account_id is null then
    if not identity.new_at_work(p_account_id, used.address, used.name, null) then
      outcome := 'full'; return next; return;
    end if;
    account_id := p_account_id;
  end if;
  if v_holder is null then
    insert into identity.federated_identity (id, account_id, provider, issuer, subject, last_used_at)
      values (p_id, accept_invitation_elsewhere.account_id, p_provider, p_issuer, p_subject, app.now())
      on conflict on constraint federated_identity_is_one_account do nothing;
    -- Somebody else connected it at this very moment.
    if not found then raise unique_violation using constraint = 'federated_identity_is_one_account'; end if;
    insert into identity.sign_in_event (account_id, event)
      values (accept_invitation_elsewhere.account_id, 'provider_connected');
  end if;
  update identity.token t set used_at = app.now() where t.token_hash = p_hash;
  if v_mine.id is null then
    insert into identity.membership (id, account_id, role, in_authority, in_school, person_id)
      values (p_membership_id, accept_invitation_elsewhere.account_id, used.role, used.in_authority,
        used.in_school, used.person_id);
  end if;
  select m.id into membership_id from identity.membership m
    where m.account_id = accept_invitation_elsewhere.account_id and m.role = used.role
      and m.person_id = used.person_id and m.ended_at is null;
  outcome := 'accepted';
  return next;
end""",
    SIGNIN,
)

FIND_PASSWORDS = function(
    "find_password_account",
    "p_email text",
    "table (account_id uuid, password_hash text, has_second_factor boolean, membership_id uuid)",
    """
begin
  -- Everybody at work who shares this address, each with a password of their own.
  return query select a.id, a.password_hash, a.totp_secret is not null,
      (select m.id from identity.membership m where m.account_id = a.id and m.ended_at is null
        and m.role not in ('parent', 'facilitator') order by m.created_at, m.id limit 1)
    from identity.at_work_by(p_email) a where a.password_hash is not null limit 4;
end""",
    SIGNIN,
)

OTHERS_PASSWORDS = function(
    "others_passwords",
    "p_hash bytea",
    "table (password_hash text)",
    """
begin
  -- Of those who share the address of this invitation, or of this link for a new password, and are somebody else.
  return query select f.password_hash from identity.token t
    cross join lateral identity.find_password_account(t.address) f
    where t.token_hash = p_hash and t.purpose in ('staff_invitation', 'password_reset')
      and t.used_at is null and t.cancelled_at is null and t.expires_at > app.now()
      and f.account_id is distinct from
        coalesce(t.account_id, (app.accounts_of(t.person_id, t.role))[1]);
end""",
    SIGNIN,
)

RESET = function(
    "request_password_reset",
    "p_email text, p_outbox_ids uuid[], p_hashes bytea[], p_expires_at timestamptz",
    "void",
    """
declare v_one record; v_place integer := 0;
begin
  -- A link for each person at work who has a password and this address; who signs in elsewhere has none to forget.
  for v_one in
    select a.account_id, m.in_authority, m.in_school, c.name from identity.find_password_account(p_email) a
      join identity.membership m on m.id = a.membership_id join identity.account c on c.id = a.account_id
  loop
    v_place := v_place + 1;
    update identity.token t set cancelled_at = app.now() where t.purpose = 'password_reset'
      and t.account_id = v_one.account_id and t.used_at is null and t.cancelled_at is null;
    -- Without the person: lists of people would take it for an invitation.
    insert into identity.token (token_hash, purpose, account_id, in_authority, in_school, channel, address, name,
        outbox_id, expires_at)
      values (p_hashes[v_place], 'password_reset', v_one.account_id, v_one.in_authority, v_one.in_school, 'email',
        p_email, v_one.name, p_outbox_ids[v_place], p_expires_at);
    insert into identity.sign_in_event (account_id, event) values (v_one.account_id, 'password_reset_asked');
    if v_one.in_school is null then
      insert into public.authority_outbox (authority_id, id, kind, channel, recipient_kind, recipient_id, dedupe_key,
          state, attempt, next_at, not_after, problem, created_at)
        values (v_one.in_authority, p_outbox_ids[v_place], 'password_reset', 'email', 'token',
          p_outbox_ids[v_place], p_outbox_ids[v_place]::text, 'queued', 0, app.now(), p_expires_at, '', app.now());
    else
      insert into public.outbox (school_id, id, kind, channel, recipient_kind, recipient_id, dedupe_key, state,
          attempt, next_at, not_after, problem, created_at)
        values (v_one.in_school, p_outbox_ids[v_place], 'password_reset', 'email', 'token', p_outbox_ids[v_place],
          p_outbox_ids[v_place]::text, 'queued', 0, app.now(), p_expires_at, '', app.now());
    end if;
  end loop;
  -- Nobody's. Rows that open nothing are written all the same: how long it takes must not tell.
  for v_place in v_place + 1 .. cardinality(p_hashes) loop
    insert into identity.token (token_hash, purpose, in_authority, channel, address, outbox_id, expires_at, used_at,
        cancelled_at)
      values (p_hashes[v_place], 'password_reset', '00000000-0000-0000-0000-000000000000', 'email', '',
        p_outbox_ids[v_place], p_expires_at, app.now(), app.now());
    insert into identity.sign_in_event (event) values ('password_reset_for_nobody');
  end loop;
end""",
    SIGNIN,
)

NOT_ME = function(
    "not_me",
    "p_hash bytea, p_id uuid",
    "boolean",
    """
declare v_token identity.token; v_person uuid; v_role text;
begin
  -- Whoever holds this link says that it is not for them: it opens nothing from here on, and who invited is told.
  update identity.token t set cancelled_at = app.now() where t.token_hash = p_hash and t.used_at is null
    and t.cancelled_at is null and t.purpose in ('staff_invitation', 'parent_invitation', 'sign_in')
    returning * into v_token;
  if not found then return false; end if;
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
    SIGNIN,
)

REPLACED = (
    "peek_token(bytea, bytea)",
    "accept_staff_invitation(bytea, text, uuid, uuid)",
    "request_password_reset(text, uuid, bytea, timestamptz)",
)
