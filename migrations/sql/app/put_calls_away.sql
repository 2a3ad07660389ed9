-- Owned by wb_helper; called by wb_documents.
CREATE OR REPLACE FUNCTION app.put_calls_away(p_before timestamp with time zone)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare v_gone integer;
begin
  -- Nobody puts away what is not four weeks old.
  with gone as (
      delete from public.call_request r
        where r.school_id = app.school_id() and r.ended_at < least(p_before, app.now() - interval '28 days')
        returning r.parent_id, r.need, r.outcome),
    counted as (
      insert into public.call_count as c (school_id, need, calls)
        select app.school_id(), g.need, count(distinct g.parent_id) from gone g
          where g.outcome = 'spoke' and not exists (select from public.call_request o
            where o.school_id = app.school_id() and o.parent_id = g.parent_id and o.need = g.need
              and (o.ended_at is null or o.ended_at >= least(p_before, app.now() - interval '28 days')))
          group by g.need
        on conflict (school_id, need) do update set calls = c.calls + excluded.calls)
    select count(*) into v_gone from gone;
  return v_gone;
end
$function$;
