-- Owned by wb_helper; called by nobody else.
CREATE OR REPLACE FUNCTION app.session_opened_again()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  update public.outbox o set state = 'held_back', problem = 'plan_changed'
    where o.school_id = new.school_id and o.subject_id = new.id
      and (o.state = 'queued' or o.state = 'held_back' and o.problem = 'no_address')
      and o.kind in ('notes_ready', 'halfway', 'choose_topics');
  return null;
end
$function$;
