-- Owned by wb_owner; called by nobody else.
CREATE OR REPLACE FUNCTION app.facilitator_takes_steps()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_before text := case when tg_op = 'INSERT' then '' else old.stage end; v_asker uuid;
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
  -- Whoever asked for a fresh start typed where the new way in goes: they are the first of two.
  select f.asked_by into v_asker from public.fresh_start f where f.school_id = new.school_id and f.ended = 'done'
    and f.person_id in (new.id, new.parent_id) order by f.ended_at desc limit 1;
  if exists (
    select 1 from public.facilitator_check c
      left join public.staff_member me on me.school_id = c.school_id and me.id = (select app.person_id())
      left join public.staff_member other on other.school_id = c.school_id
        and other.id = case when c.level = 'none' then c.decided_by_id else c.seen_by_id end
      where c.school_id = new.school_id and c.facilitator_id = new.id and (
        me.id is null or me.id = other.id or lower(me.email) = lower(other.email)
        or (other.id is null and me.name = case when c.level = 'none' then c.decided_by else c.seen_by end)
        or not identity.may_say_ready(other.id)))
    or (v_asker is not null and not identity.may_say_ready(v_asker)) then
    raise exception using errcode = 'check_violation', constraint = 'facilitator_ready_takes_two',
      table = 'facilitator', message = 'ready takes two people';
  end if;
  return new;
end
$function$;
