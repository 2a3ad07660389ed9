-- Owned by wb_identity; called by wb_authority.
CREATE OR REPLACE FUNCTION identity.concerns_without_reader()
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_count bigint; v_more bigint;
begin
  -- For those who appoint: how many open concerns of their authority nobody who can act may read.
  select count(*) into v_count from public.concern c join public.school k on k.school_id = c.school_id
    left join public.concern_handover h on h.school_id = c.school_id and h.concern_id = c.id
    where k.authority_id = app.authority_id() and c.closed_at is null
      and (identity.acting('school_dsl', k.authority_id, k.school_id) = '{}'
        or exists (select from public.concern_kept p where p.school_id = c.school_id and p.concern_id = c.id))
      and identity.readers_of('school_dsl', k.authority_id, k.school_id, c.id) = '{}'
      and (h.concern_id is null or identity.readers_of('named_officer', k.authority_id, null, c.id) = '{}');
  select count(*) into v_more from public.authority_concern c
    where c.authority_id = app.authority_id() and c.closed_at is null
      and identity.readers_of('named_officer', c.authority_id, null, c.id) = '{}';
  return v_count + v_more;
end
$function$;
