-- Owned by wb_identity; called by nobody else.
CREATE OR REPLACE FUNCTION identity.readers_of(p_role text, p_authority uuid, p_school uuid, p_concern uuid)
 RETURNS uuid[]
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- Those who can act there, but for whom this concern is kept from.
  return coalesce((select array_agg(x.person order by x.place)
    from unnest(identity.acting(p_role, p_authority, p_school)) with ordinality x (person, place)
    where not exists (select from public.concern_kept k where k.person_id = x.person and k.concern_id = p_concern)
      and not exists (select from public.authority_concern_kept k where k.person_id = x.person
        and k.concern_id = p_concern)), '{}');
end
$function$;
