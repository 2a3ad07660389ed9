-- Owned by wb_identity; called by wb_dispatch.
CREATE OR REPLACE FUNCTION identity.reader_mobiles(p_people uuid[])
 RETURNS TABLE(person_id uuid, phone text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- For the moment of sending, in the scope of the message: of people who read concerns there, and of nobody else.
  return query select m.person_id, w.phone from identity.membership m
    join identity.work_mobile w on w.account_id = m.account_id
    where m.person_id = any (p_people) and m.ended_at is null and m.role in ('school_dsl', 'named_officer')
      and m.in_authority = app.authority_id() and m.in_school is not distinct from app.school_id();
end
$function$;
