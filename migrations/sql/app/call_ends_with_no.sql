-- Owned by wb_helper; called by nobody else.
CREATE OR REPLACE FUNCTION app.call_ends_with_no()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  update public.call_request r set state = 'taken_back', ended_at = app.now()
    where r.school_id = new.school_id and r.parent_id = new.id and r.state in ('open', 'asks_back');
  return null;
end
$function$;
