-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.keep_form(p_id uuid, p_made_for bytea, p_sealed text, p_until timestamp with time zone)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  if length(p_sealed) > 600000 then return false; end if;
  perform pg_advisory_xact_lock(hashtextextended('kept_form' || encode(p_made_for, 'hex'), 0));
  insert into identity.kept_form (id, made_for, sealed, until)
    values (p_id, p_made_for, p_sealed, least(p_until, app.now() + interval '12 hours'));
  delete from identity.kept_form k where k.made_for = p_made_for and k.id not in (select l.id
    from identity.kept_form l where l.made_for = p_made_for order by l.created_at desc, l.id desc limit 5);
  return true;
end
$function$;
