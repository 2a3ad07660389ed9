-- Owned by wb_identity; called by wb_web.
CREATE OR REPLACE FUNCTION identity.open_presenting(p_hash bytea)
 RETURNS TABLE(name text, talk text, needs text, door text, stands text, on_date date, starts_at time without time zone, begins time without time zone, ends time without time zone, room text, format text, school_name text, address text, phone text, join_link text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- What whoever holds the link of a booking may know: where and when, and nothing of a group or anybody in it.
  return query
    with found as (
      select p.*, s.on_date as is_on, s.starts_at as starts, s.ends_at as finishes, s.room as meets_in,
          s.format as how, s.state as meeting_state, c.state as group_state, sc.stage, sc.name as named,
          sc.address as lies, sc.room as usual_room, coalesce(nullif(sc.contact_phone, ''), sc.phone) as rings, l.link,
          (s.on_date + s.starts_at) at time zone 'Europe/London' as starts_moment,
          (s.on_date + s.ends_at) at time zone 'Europe/London' as ends_moment
        from public.presenter p
        join public.cohort_session s on s.school_id = p.school_id and s.id = p.session_id
        join public.cohort c on c.school_id = p.school_id and c.id = p.cohort_id
        join public.school sc on sc.school_id = p.school_id
        left join public.cohort_join_link l on l.school_id = p.school_id and l.cohort_id = p.cohort_id
        where p.link_hash = p_hash),
    standing as (
      select f.*, case
          when f.state = 'taken_back' then 'taken_back'
          when f.meeting_state = 'cancelled' or f.stage not in ('active', 'paused')
            or f.group_state = 'cancelled' and f.meeting_state = 'planned' then 'off'
          when f.meeting_state <> 'planned' or f.ends_moment <= app.now() then 'over'
          when f.state = 'off' or (f.state = 'yes' and (f.is_on, f.starts) <> (f.on_date, f.starts_at)) then 'asked'
          else f.state end as is_now
        from found f)
    select t.name, t.topic, t.needs, t.door, t.is_now, t.is_on, t.starts,
        t.starts + make_interval(mins => t.after_minutes),
        t.starts + make_interval(mins => t.after_minutes + t.for_minutes),
        coalesce(nullif(t.meets_in, ''), t.usual_room), t.how, t.named, t.lies, t.rings,
        case when t.is_now = 'yes' and t.how <> 'room' and app.now() >= t.starts_moment - interval '2 hours'
          then coalesce(t.link, '') else '' end
      from standing t limit 1;
end
$function$;
