"""Tell who is known that a letter was opened elsewhere; know a mover in the list of their new school; freeze numbers.

Whoever held a letter came in by any address, and the numbers that the school knows heard nothing. Now they do. A parent
who asked at another school by their own press, and whom staff there found in their list, had their number written down
there, and was asked for a PIN against themselves: staff who say "this one is them" say so to the database now, in a
table that no audience reads. A head teacher's numbers stand still while entries are put together. A text that asks for
texts again is answered in words.

Risk: `use_link` runs at each way in, and does more only after a letter. Rejected: to open the entry that is there to
the mover's account (staff choose it, and may choose wrongly); to start texts again by a text (nobody knows whose
telephone it is by then).
"""

from __future__ import annotations

from alembic import op

from migrations.functions import function, install, replace

revision = "0163"
down_revision = "0162"

TABLE = """
create table identity.mover_entry (
  school_id uuid not null,
  parent_id uuid not null,
  account_id uuid not null references identity.account on delete cascade,
  primary key (school_id, parent_id, account_id),
  foreign key (school_id, parent_id) references public.parent (school_id, id) on delete cascade);
create index mover_entry_by_account on identity.mover_entry (account_id);
"""
RIGHTS = (
    "grant select, insert on identity.mover_entry to wb_identity",
    "grant select (how) on public.parent_event to wb_helper",
)
HEARD = "heard in ('stop', 'start', 'kept', 'nobodys')"
KNOW = function(
    "know_mover",
    "p_signup uuid, p_parent uuid",
    "boolean",
    """
begin
  -- Staff say that whoever asked from their own account is this parent of their list. It opens nothing: it says that
  -- the two are no two people who share a telephone.
  if current_setting('role') not in ('wb_school', 'wb_dsl') or not identity.is_pressed() then return false; end if;
  insert into identity.mover_entry (school_id, parent_id, account_id)
    select v.in_school, p.id, m.account_id from identity.school_move v
      join public.signup g on g.school_id = v.in_school and g.id = v.signup_id and g.link_id is null
        and g.accepted_at is null
      join identity.membership m on m.id = v.membership_id and m.ended_at is null and m.role = 'parent'
        and m.in_authority = app.authority_id()
      join public.parent p on p.school_id = v.in_school and p.id = p_parent
      where v.in_school = app.school_id() and v.signup_id = p_signup
    on conflict do nothing;
  return found;
end""",
    ("wb_school",),
)
LINKED = function(
    "linked_letters",
    "p_letters uuid[]",
    "setof uuid",
    """
begin
  -- For the pile of letters to hand out: which were made with a link, whether or not it still opens. No secrets.
  return query select t.outbox_id from identity.token t where t.outbox_id = any (p_letters) and t.channel = 'letter'
    and t.in_authority = app.authority_id() and t.in_school = app.school_id();
end""",
    ("wb_school",),
)
USE = function(
    "use_link",
    "p_hash bytea, p_browser_hash bytea, p_account_id uuid, p_membership_id uuid, p_session_hash bytea",
    "uuid",
    """
declare used identity.token; v_account uuid; v_membership uuid; v_one record;
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
  -- Whoever holds a letter comes in by any address. Where the school knows others alone, those hear of it: a letter may
  -- have been opened by somebody else at their door.
  if v_membership is not null and (used.channel = 'letter' or used.subject_id is not null) then
    for v_one in select o.channel, o.address from public.parent_contact c
        cross join lateral (values ('email', c.email), ('sms', c.phone)) o(channel, address)
      where c.school_id = used.in_school and c.parent_id = used.person_id and o.address <> ''
        and not exists (select from identity.account a where a.id = v_account
          and (a.email in (c.email, c.phone) or a.phone in (c.email, c.phone)))
    loop
      perform identity.tell_address('letter_opened', used.in_authority, used.in_school, v_one.channel, v_one.address,
        split_part(btrim(used.name), ' ', 1));
    end loop;
  end if;
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
SHARED = function(
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
      where m.account_id = p_account and m.in_school = c.school_id and c.parent_id in (m.person_id, f.parent_id))
    and not exists (select from identity.mover_entry w where w.school_id = c.school_id and w.parent_id = c.parent_id
      and w.account_id = p_account)
    and not identity.only_claimed(c.school_id, c.parent_id))
  or exists (select from public.facilitator f
    where ((p_channel = 'email' and f.email = p_address) or (p_channel = 'sms' and f.phone = p_address))
    and not exists (select from identity.membership m where m.account_id = p_account and m.in_school = f.school_id
      and m.person_id in (f.id, f.parent_id)));
end""",
    (),
)
CONTACT = function(
    "contact_is_shared",
    "",
    "trigger",
    """
declare v_own uuid[]; v_all boolean := tg_op = 'INSERT';
begin
  -- Of many at once, whose addresses no account has: the look with the commit asks the same (`contact_is_shared_late`).
  if tg_table_name = 'parent_contact' and tg_op = 'INSERT'
      and coalesce(current_setting('app.sharing', true), '') = 'later'
      and not exists (select from identity.account a where a.email = new.email)
      and not exists (select from identity.account a where a.phone = new.phone) then
    return new;
  end if;
  -- Whose row it is shares it with nobody; who leads is the parent that they were before.
  if tg_table_name = 'parent_contact' then
    if identity.only_claimed(new.school_id, new.parent_id) then return new; end if;
    select array_agg(m.account_id) into v_own from identity.membership m left join public.facilitator f
      on f.school_id = m.in_school and f.id = m.person_id
      where m.in_school = new.school_id and new.parent_id in (m.person_id, f.parent_id);
    select coalesce(v_own, '{}') || coalesce(array_agg(w.account_id), '{}') into v_own from identity.mover_entry w
      where w.school_id = new.school_id and w.parent_id = new.parent_id;
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
end
""",
    (),
)
NUMBERS = """
create or replace function app.school_in_numbers()
  returns table (what text, number integer)
  language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    with week as (
      select date_trunc('week', app.now() at time zone 'Europe/London') at time zone 'Europe/London' as began),
    steps as (
      -- What parents had done as this week began, by the entries that stood then: who is put together with another on a
      -- Wednesday moves no number on that day.
      select e.parent_id, e.id, e.at, e.from_stage, e.to_stage, e.how from public.parent_event e, week w
        where e.school_id = (select app.school_id()) and e.at < w.began
          and not exists (select from public.parent_merge m
            where m.school_id = e.school_id and m.gone_id = e.parent_id and m.at < w.began
              and (m.undone_at is null or m.undone_at >= w.began))),
    stood as (
      select distinct on (s.parent_id) s.to_stage from steps s order by s.parent_id, s.at desc, s.id desc),
    joined as (
      -- Who joined once has joined, whatever came later; a yes that was noted by mistake was none.
      select count(distinct s.parent_id) / 5 * 5 as joined from steps s
        where 'mistake' <> s.how and array[s.to_stage, s.from_stage]
            && array['joined', 'waiting', 'in_group', 'graduated']
          and not exists (select from steps o where o.parent_id = s.parent_id and o.how = 'mistake' and o.at >= s.at
            and o.from_stage = 'joined' and o.to_stage in ('identified', 'invited', 'interested'))),
    parents as (
      select count(*) filter (where s.to_stage <> 'identified') / 5 * 5 as asked,
          count(*) filter (where s.to_stage in ('joined', 'waiting')) / 5 * 5 as waiting,
          count(*) filter (where s.to_stage = 'in_group') / 5 * 5 as in_groups
        from stood s),
    groups as (
      select count(*) filter (where c.state = 'forming') as forming,
          count(*) filter (where c.state = 'running') as running,
          count(*) filter (where c.state = 'closed') as closed,
          coalesce(sum(c.places) filter (where c.state in ('forming', 'running')), 0) as places,
          count(*) filter (where c.state in ('forming', 'running') and 2 > (
            select count(*) from public.cohort_facilitator l
              join public.facilitator f on f.school_id = l.school_id and f.id = l.facilitator_id
              where l.school_id = c.school_id and l.cohort_id = c.id
                and f.stage in ('ready', 'leading'))) as without_two
        from public.cohort c where c.school_id = (select app.school_id())),
    sessions as (
      select count(*) filter (where s.state in ('held', 'closed')) as held,
          count(*) filter (where s.state = 'planned' and c.state in ('forming', 'running')
            and s.on_date >= (app.now() at time zone 'Europe/London')::date) as coming
        from public.cohort_session s join public.cohort c on c.school_id = s.school_id and c.id = s.cohort_id
        where s.school_id = (select app.school_id())),
    said as (
      select count(*) as said, count(*) filter (where t.replied_at is not null) as replied,
          count(*) filter (where t.replied_at is null
            and t.reply_by < (app.now() at time zone 'Europe/London')::date) as late,
          round(percentile_cont(0.5) within group (order by (t.replied_at at time zone 'Europe/London')::date
            - (t.approved_at at time zone 'Europe/London')::date)) as days
        from public.group_theme t
        where t.school_id = (select app.school_id()) and t.state in ('approved', 'replied')),
    staff as (
      select count(*) filter (where m.role = 'school_lead') as leads,
          count(*) filter (where m.role = 'school_dsl') as dsls
        from public.staff_member m
        where m.school_id = (select app.school_id()) and m.accepted_at is not null and m.ended_at is null)
    select v.what, v.number::integer from parents p, joined j, groups g, sessions e, said t, staff m,
      lateral (values ('asked', p.asked), ('joined', j.joined), ('waiting', p.waiting), ('in_groups', p.in_groups),
        ('forming', g.forming), ('running', g.running), ('closed', g.closed), ('places', g.places),
        ('without_two', g.without_two), ('held', e.held), ('coming', e.coming), ('said', t.said),
        ('replied', t.replied), ('late', t.late), ('days', t.days), ('leads', m.leads), ('dsls', m.dsls))
        v (what, number);
  end"""


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.execute(TABLE)
    for statement in RIGHTS:
        op.execute(statement)
    op.execute(
        f"alter table heard_text drop constraint heard_text_heard_check,"
        f" add constraint heard_text_heard_check check ({HEARD}) not valid"
    )
    op.execute("alter table heard_text validate constraint heard_text_heard_check")
    install((KNOW, LINKED))
    replace((USE, SHARED, CONTACT))
    op.execute("set local role wb_helper")
    op.execute(NUMBERS)
    op.execute("reset role")
