"""What stands in the way of a role that nobody agreed to, whichever function writes it."""

from __future__ import annotations

from migrations.functions import SIGNIN, function

#: Owned by wb_helper, who alone sees memberships that have not begun; called by the functions below.
HELPERS = (
    """
create function app.begin_membership(p_person uuid, p_role text, p_at timestamptz) returns void language plpgsql
  security definer set search_path = pg_catalog, pg_temp as $$
begin
  update identity.membership m set begins_at = p_at where m.person_id = p_person and m.role = p_role
    and m.ended_at is null and m.begins_at > app.now();
end $$""",
    """
create function app.drop_coming_membership(p_person uuid, p_role text) returns void language plpgsql
  security definer set search_path = pg_catalog, pg_temp as $$
begin
  update identity.membership m set ended_at = app.now() where m.person_id = p_person and m.role = p_role
    and m.ended_at is null and m.begins_at > app.now();
end $$""",
    """
create function app.coming_memberships(p_account uuid) returns table (person_id uuid, role text, begins_at timestamptz)
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select m.person_id, m.role, m.begins_at from identity.membership m where m.account_id = p_account
    and m.ended_at is null and m.begins_at > app.now() order by m.begins_at, m.person_id;
end $$""",
    """
create function app.accounts_of(p_person uuid, p_role text) returns uuid[] language plpgsql
  security definer set search_path = pg_catalog, pg_temp as $$
begin
  return coalesce((select array_agg(m.account_id) from identity.membership m where m.person_id = p_person
    and m.role = p_role and m.ended_at is null), '{}');
end $$""",
    "grant execute on function app.begin_membership(uuid, text, timestamptz), app.drop_coming_membership(uuid, text),"
    " app.accounts_of(uuid, text), app.coming_memberships(uuid) to wb_identity",
    *(
        f"alter function app.{signature} owner to wb_helper"
        for signature in (
            "begin_membership(uuid, text, timestamptz)",
            "drop_coming_membership(uuid, text)",
            "coming_memberships(uuid)",
            "accounts_of(uuid, text)",
        )
    ),
)

#: Triggers, and what is asked on the way in.
GUARDS = (
    function(
        "guard_last",
        "",
        "trigger",
        """
begin
  if old.ended_at is not null or new.ended_at is null or old.begins_at > app.now()
    or old.role not in ('school_lead', 'school_dsl', 'named_officer', 'authority_admin') then return new; end if;
  perform identity.hold_place(old.in_authority, old.in_school);
  -- A school that has not begun, or has left, needs nobody to be there.
  if old.in_school is not null and not exists (select from public.school k where k.school_id = old.in_school
    and k.stage in ('active', 'paused')) then return new; end if;
  if array_remove(identity.acting(old.role, old.in_authority, old.in_school), old.person_id) = '{}' then
    raise check_violation using constraint = 'somebody_must_act', message = 'nobody else can act as ' || old.role;
  end if;
  return new;
end""",
        ("wb_owner",),
    ),
    function(
        "guard_token",
        "",
        "trigger",
        """
begin
  new.invited_by_account := null;
  new.is_free := true;
  if new.purpose <> 'staff_invitation' or session_user = 'wb_owner' then return new; end if;
  new.invited_by_account := identity.own_account();
  if not identity.is_guarded(new.role, current_setting('role')) then return new; end if;
  new.is_free := false;
  -- Only to the person and the address that the second person sees.
  if not exists (select from public.appointment a where a.school_id = new.in_school and a.person_id = new.person_id
      and a.role = new.role and a.email = lower(new.address) and a.kind = 'appoint' and a.stopped_at is null
      and a.done_at is null)
    and not exists (select from public.authority_appointment a where new.in_school is null
      and a.authority_id = new.in_authority and a.person_id = new.person_id and a.role = new.role
      and a.email = lower(new.address) and a.kind = 'appoint' and a.stopped_at is null and a.done_at is null)
  then raise insufficient_privilege using message = 'an appointment comes first'; end if;
  return new;
end""",
        ("wb_owner",),
    ),
    function(
        "guard_membership",
        "",
        "trigger",
        """
declare v_begins timestamptz; v_found boolean;
begin
  if tg_op = 'UPDATE' then
    if new.role is distinct from old.role or new.account_id is distinct from old.account_id
      or new.in_school is distinct from old.in_school or new.in_authority is distinct from old.in_authority
    then raise insufficient_privilege using message = 'a role at work does not change hands'; end if;
    return new;
  end if;
  if session_user = 'wb_owner' then return new; end if;
  -- Held, so that whoever agrees at this moment finds the membership, or is found by it.
  select coalesce(a.begins_at, 'infinity') into v_begins from public.appointment a
    where a.school_id = new.in_school and a.person_id = new.person_id and a.role = new.role and a.kind = 'appoint'
      and a.stopped_at is null and a.done_at is null for update;
  v_found := found;
  if not v_found then
    select coalesce(a.begins_at, 'infinity') into v_begins from public.authority_appointment a
      where new.in_school is null and a.authority_id = new.in_authority and a.person_id = new.person_id
        and a.role = new.role and a.kind = 'appoint' and a.stopped_at is null and a.done_at is null for update;
    v_found := found;
  end if;
  if v_found then
    new.begins_at := v_begins;
  elsif not exists (select from identity.token t where t.person_id = new.person_id and t.role = new.role
    and t.purpose = 'staff_invitation' and t.is_free and t.used_at is not null and t.cancelled_at is null)
  then raise insufficient_privilege using message = 'an appointment comes first'; end if;
  -- One person of a list is one account.
  if exists (select 1 from unnest(app.accounts_of(new.person_id, new.role)) x where x <> new.account_id) then
    raise insufficient_privilege using message = 'somebody else has this role as this person';
  end if;
  return new;
end""",
        ("wb_owner",),
    ),
    function(
        "guard_factor",
        "",
        "trigger",
        """
declare v_done boolean := false;
begin
  if new.totp_secret is not null or current_setting('role') not in ('wb_school', 'wb_dsl', 'wb_authority')
  then return new; end if;
  if not exists (select from identity.membership m where m.account_id = new.id and m.ended_at is null
    and (identity.is_guarded(m.role, current_setting('role')) or m.in_authority is distinct from app.authority_id()
      or (current_setting('role') <> 'wb_authority' and m.in_school is distinct from app.school_id())))
  then return new; end if;
  update public.appointment a set done_at = app.now() where a.kind = 'reset' and a.stopped_at is null
    and a.done_at is null and a.begins_at <= app.now() and a.begins_at > app.now() - interval '7 days'
    and new.id = any (app.accounts_of(a.person_id, a.role));
  v_done := found;
  update public.authority_appointment a set done_at = app.now() where a.kind = 'reset' and a.stopped_at is null
    and a.done_at is null and a.begins_at <= app.now() and a.begins_at > app.now() - interval '7 days'
    and new.id = any (app.accounts_of(a.person_id, a.role));
  if not (v_done or found) then
    raise check_violation using constraint = 'reset_takes_two', message = 'a second person agrees first';
  end if;
  return new;
end""",
        ("wb_owner",),
    ),
    function(
        "coming_role",
        "p_account uuid",
        "table (role text, begins_at timestamptz)",
        """
begin
  -- The next role of somebody at work, and from when; without a moment while nobody has agreed to it.
  return query select c.role, nullif(c.begins_at, 'infinity') from app.coming_memberships(p_account) c
    order by c.begins_at limit 1;
end""",
        SIGNIN,
    ),
    function(
        "readers",
        "",
        "table (route text, person_id uuid, name text)",
        """
begin
  -- Who reads what is raised here, by the names of the accounts that will read it; deputies after those they stand for.
  return query select case m.role when 'school_dsl' then 'dsl' else 'officer' end, m.person_id, a.name
    from identity.membership m join identity.account a on a.id = m.account_id
    left join public.staff_member s on s.school_id = m.in_school and s.id = m.person_id
    where m.in_authority = app.authority_id() and m.ended_at is null and identity.ways_in(a.id) > 0
      and ((m.role = 'school_dsl' and m.in_school = app.school_id()) or m.role = 'named_officer')
    order by coalesce(s.is_deputy, false), m.created_at, m.id;
end""",
        ("wb_school", "wb_facilitator", "wb_parent", "wb_authority", "wb_officer"),
    ),
)

TRIGGERS = (
    "create trigger membership_last before update of ended_at on identity.membership"
    " for each row execute function identity.guard_last()",
    "create trigger token_guard before insert on identity.token for each row execute function identity.guard_token()",
    "create trigger membership_guard before insert on identity.membership for each row"
    " when (new.role in ('school_lead', 'school_dsl', 'named_officer', 'authority_admin'))"
    " execute function identity.guard_membership()",
    "create trigger membership_stays before update of role, account_id, in_school, in_authority on identity.membership"
    " for each row when (old.role not in ('parent', 'facilitator') or new.role not in ('parent', 'facilitator'))"
    " execute function identity.guard_membership()",
    "create trigger account_factor before update of totp_secret on identity.account for each row"
    " execute function identity.guard_factor()",
)
