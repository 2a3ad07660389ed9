"""Three ways by which staff reached what is not theirs, shut at the root.

- Where somebody's messages go is a field that staff write. Messages that tell who came go only to an address that the
  parent confirmed: `identity.confirmed_channels` says which of a school's contacts are.
- The link of an invitation opened from where it was first sent, also after staff had put the address right, and whoever
  read it there became the parent. It ends with the change, on every channel, before anybody has come in.
- *Ready* took any second colleague, also one that the first had invited a minute before. Now both are settled: here for
  30 days, or appointed by the signed agreement or a second person. And whoever has two mailboxes invited the second
  from a third: who brought in whom is followed to its beginning, for *ready*, a fresh start and appointments.

Risk: a school whose only second colleague is new waits 30 days, or asks its safeguarding lead. Invitations that wait at
an address corrected before this revision still open.
Rejected: the same words to everybody who came or did not, which thank nobody; a check in the service alone, which
another service would not know.
"""

from __future__ import annotations

from alembic import op

from migrations.functions import function, install, replace

revision = "0050"
down_revision = "0049"

FUNCTIONS = (
    function(
        "confirmed_channels",
        "p_ids uuid[]",
        "table (id uuid, channel text)",
        """
begin
  -- Of parents of this school: where messages go that is also where they proved to be themselves.
  return query
    select c.parent_id, w.channel from public.parent_contact c
      join identity.membership m on m.person_id = c.parent_id and m.role = 'parent' and m.in_school = c.school_id
        and m.ended_at is null
      join identity.account a on a.id = m.account_id
      cross join lateral (values ('email', c.email, a.email, a.email_since), ('sms', c.phone, a.phone, a.phone_since))
        w(channel, contact, own, since)
      where c.school_id = app.school_id() and c.parent_id = any (p_ids) and w.contact <> '' and w.contact = w.own
        and identity.proves(w.since, a.created_at);
end""",
        ("wb_dispatch",),
    ),
    function(
        "brought_in",
        "p_first uuid, p_second uuid",
        "boolean",
        """
begin
  -- Accounts. Whether the first brought in the second: invited them, or somebody who did, and so on.
  return exists (with recursive above(account_id) as (
      select b.account_id from identity.membership o join identity.vouched v on v.person_id = o.person_id
        join identity.membership b on b.person_id = v.by_person_id where o.account_id = p_second
      union select b.account_id from above join identity.membership o on o.account_id = above.account_id
        join identity.vouched v on v.person_id = o.person_id
        join identity.membership b on b.person_id = v.by_person_id)
    select from above where above.account_id = p_first);
end""",
        (),
    ),
    function(
        "is_appointed",
        "p_person uuid, p_school uuid",
        "boolean",
        """
begin
  -- Named in the signed agreement, or agreed to by a second person: not one colleague's word alone.
  return exists (select from public.appointment b where b.school_id = p_school and b.person_id = p_person
    and b.kind = 'appoint' and b.stopped_at is null and (b.basis = 'first_holder' or b.agreed_at is not null));
end""",
        (),
    ),
    function(
        "is_settled",
        "p_person uuid, p_school uuid",
        "boolean",
        """
begin
  -- Here for 30 days, or appointed.
  return identity.is_appointed(p_person, p_school) or exists (select from identity.membership m
    join identity.account a on a.id = m.account_id where m.person_id = p_person and m.in_school = p_school
      and m.created_at <= app.now() - interval '30 days' and a.created_at <= app.now() - interval '30 days');
end""",
        (),
    ),
    function(
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
    and identity.is_settled(app.person_id(), app.school_id())
    and (p_first is null or identity.is_settled(p_first, app.school_id()))
    and (identity.is_appointed(app.person_id(), app.school_id())
      or not identity.brought_in(v_first, v_second));
end""",
        ("wb_school",),
    ),
    function(
        "end_misdirected",
        "",
        "trigger",
        """
declare v_person uuid; v_role text; v_email text := ''; v_phone text := '';
begin
  if tg_table_name = 'parent_contact' then
    v_person := new.parent_id; v_role := 'parent'; v_email := new.email; v_phone := new.phone;
  else
    v_person := new.id; v_role := 'facilitator'; v_email := new.email; v_phone := new.phone;
  end if;
  -- An offer to somebody with an account goes to their way in, which no contact moves.
  update identity.token t set cancelled_at = app.now() where t.person_id = v_person and t.role = v_role
    and t.in_school = new.school_id and t.purpose = 'parent_invitation' and t.account_id is null
    and t.used_at is null and t.cancelled_at is null
    and t.address is distinct from case t.channel when 'email' then v_email else v_phone end;
  return null;
end""",
        ("wb_owner",),
    ),
)
MAY_AGREE = function(
    "may_agree",
    "p_first uuid, p_second uuid, p_school uuid",
    "boolean",
    """
declare v_first uuid; v_second identity.membership;
begin
  -- Another person, here for 30 days; neither brought in the other, by however many steps. Who was appointed stands by
  -- more than one colleague's word.
  select m.account_id into v_first from identity.membership m where m.person_id = p_first and m.in_school = p_school
    order by m.created_at limit 1;
  select m.* into v_second from identity.membership m join identity.account a on a.id = m.account_id
    where m.person_id = p_second and m.in_school = p_school and m.ended_at is null and a.disabled_at is null
      and m.role not in ('parent', 'facilitator') and m.created_at <= app.now() - interval '30 days'
      and a.created_at <= app.now() - interval '30 days' limit 1;
  if v_second.id is null or p_first = p_second or v_second.account_id is not distinct from v_first then
    return false;
  end if;
  return (identity.is_appointed(p_second, p_school) or not identity.brought_in(v_first, v_second.account_id))
    and (identity.is_appointed(p_first, p_school) or not identity.brought_in(v_second.account_id, v_first));
end""",
    ("wb_identity",),
)
MAY_SECOND = function(
    "may_second",
    "p_first uuid, p_second uuid",
    "boolean",
    """
begin
  -- Accounts. The second is another one, at least 30 days old, with a way in, and was not brought in by the first.
  return p_first <> p_second and coalesce(identity.ways_in(p_second), 0) > 0
    and exists (select from identity.account a where a.id = p_second
      and a.created_at <= app.now() - interval '30 days')
    and not exists (select from identity.token t join identity.membership m on m.person_id = t.person_id
        and m.role = t.role
      where t.purpose = 'staff_invitation' and t.invited_by_account = p_first and m.account_id = p_second)
    and not identity.brought_in(p_first, p_second);
end""",
    (),
)
TRIGGER = """
create trigger end_misdirected after update of email, phone on public.{table} for each row
  when (old.email is distinct from new.email or old.phone is distinct from new.phone)
  execute function identity.end_misdirected()"""

STEPS = """
create or replace function app.facilitator_takes_steps() returns trigger language plpgsql
  set search_path = pg_catalog, pg_temp as $$
declare
  v_before text := case when tg_op = 'INSERT' then '' else old.stage end;
begin
  if current_user = 'wb_owner' or new.stage = v_before then
    return new;
  end if;
  if (new.stage = 'ready' and v_before not in ('training', 'resting', 'leading'))
    or (new.stage = 'leading' and v_before <> 'ready')
    or (new.stage = 'resting' and v_before not in ('ready', 'leading')) then
    raise exception using errcode = 'check_violation', constraint = 'facilitator_one_step', table = 'facilitator',
      message = 'one step at a time';
  end if;
  -- Asked by itself: a parent who takes their application back may not read the checks.
  if new.stage <> 'ready' or v_before <> 'training' then
    return new;
  end if;
  if exists (
    select 1 from public.facilitator_check c
      left join public.staff_member me on me.school_id = c.school_id and me.id = (select app.person_id())
      left join public.staff_member other on other.school_id = c.school_id
        and other.id = case when c.level = 'none' then c.decided_by_id else c.seen_by_id end
      where c.school_id = new.school_id and c.facilitator_id = new.id and (
        me.id is null or me.id = other.id or lower(me.email) = lower(other.email)
        or (other.id is null and me.name = case when c.level = 'none' then c.decided_by else c.seen_by end)
        or not identity.may_say_ready(other.id))) then
    raise exception using errcode = 'check_violation', constraint = 'facilitator_ready_takes_two',
      table = 'facilitator', message = 'ready takes two people';
  end if;
  return new;
end
$$"""


def upgrade() -> None:
    install(FUNCTIONS)
    replace((MAY_AGREE, MAY_SECOND))
    for table in ("parent_contact", "facilitator"):
        op.execute(TRIGGER.format(table=table))
    op.execute(STEPS)
