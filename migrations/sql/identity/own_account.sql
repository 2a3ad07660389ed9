-- Owned by wb_identity; called by nobody else.
CREATE OR REPLACE FUNCTION identity.own_account()
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- The account behind the scope's person, in a role that this audience serves.
  return (select m.account_id from identity.membership m where m.person_id = app.person_id()
    and m.in_authority = app.authority_id() and m.in_school is not distinct from app.school_id() and m.ended_at is null
    and case current_setting('role') when 'wb_authority' then m.role = 'authority_admin'
      when 'wb_officer' then m.role = 'named_officer' when 'wb_dsl' then m.role = 'school_dsl'
      when 'wb_school' then m.role = 'school_lead' else false end limit 1);
end
$function$;
