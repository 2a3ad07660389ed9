-- Owned by wb_helper; called by nobody else.
CREATE OR REPLACE FUNCTION app.contact_ends_with_no()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  update public.contact_with_parent c set state = 'closed', ended_at = app.now(), closed_because = new.stage
    where c.school_id = new.school_id and c.parent_id = new.id and c.state = 'open';
  return null;
end
$function$;
