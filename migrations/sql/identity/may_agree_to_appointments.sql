-- Owned by wb_identity; called by wb_authority, wb_officer, wb_school.
CREATE OR REPLACE FUNCTION identity.may_agree_to_appointments(p_appointments uuid[])
 RETURNS uuid[]
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- Of these appointments, those to which the scope's person may agree now.
  return coalesce((select array_agg(x.id) from (
      select a.id, a.role, k.authority_id, a.school_id, a.asked_by, a.person_id from public.appointment a
        join public.school k on k.school_id = a.school_id
        where a.id = any (p_appointments) and a.agreed_at is null and a.stopped_at is null and a.basis = 'second_person'
          and k.authority_id = app.authority_id() and (app.school_id() is null or a.school_id = app.school_id())
      union all select a.id, a.role, a.authority_id, null, a.asked_by, a.person_id from public.authority_appointment a
        where a.id = any (p_appointments) and a.agreed_at is null and a.stopped_at is null and a.basis = 'second_person'
          and a.authority_id = app.authority_id() and app.school_id() is null) x
    where identity.own_account() is not null
      and app.person_id() = any (identity.seconds_of(x.role, x.authority_id, x.school_id, x.asked_by, x.person_id))),
    '{}');
end
$function$;
