-- Owned by wb_owner; called by nobody else.
CREATE OR REPLACE FUNCTION app.facilitator_check_names_who()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if current_user = 'wb_owner' then
    return new;
  end if;
  if tg_op = 'INSERT' then
    new.decided_by_id := app.person_id();
    new.seen_by_id := case when new.seen_on is null then null else app.person_id() end;
    return new;
  end if;
  new.decided_by_id := case
    when (new.level, new.risk_assessment, new.decided_at)
      is distinct from (old.level, old.risk_assessment, old.decided_at)
    then app.person_id() else old.decided_by_id end;
  new.seen_by_id := case
    when new.seen_on is null then null
    when (new.certificate_number, new.issued_on, new.seen_on, new.seen_by)
      is distinct from (old.certificate_number, old.issued_on, old.seen_on, old.seen_by)
    then app.person_id() else old.seen_by_id end;
  return new;
end
$function$;
