-- Owned by wb_identity; called by wb_web.
CREATE OR REPLACE FUNCTION identity.answer_presenting(p_hash bytea, p_answer text, p_on date, p_starts time without time zone)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- It counts for the day and hour that they were looking at, until the session begins.
  update public.presenter p set state = p_answer, answered_at = app.now(), on_date = s.on_date,
      starts_at = s.starts_at, room = s.room
    from public.cohort_session s
    join public.cohort c on c.school_id = s.school_id and c.id = s.cohort_id and c.state in ('forming', 'running')
    join public.school sc on sc.school_id = s.school_id and sc.stage in ('active', 'paused')
    where p.link_hash = p_hash and p_answer in ('yes', 'no') and p.state <> 'taken_back'
      and s.school_id = p.school_id and s.id = p.session_id and s.state = 'planned'
      and s.on_date = p_on and s.starts_at = p_starts
      and (s.on_date + s.starts_at) at time zone 'Europe/London' > app.now();
  return found;
end
$function$;
