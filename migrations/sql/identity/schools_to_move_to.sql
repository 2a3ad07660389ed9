-- Owned by wb_identity; called by wb_parent.
CREATE OR REPLACE FUNCTION identity.schools_to_move_to()
 RETURNS TABLE(school_id uuid, name text, town text, is_mine boolean)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_account uuid := (select m.account_id from identity.membership m
  where m.id = identity.pressing_membership() and m.role = 'parent');
begin
  return query select s.school_id, s.name, coalesce(r.town, ''),
      exists (select from identity.membership o where o.account_id = v_account and o.role = 'parent'
        and o.in_school = s.school_id and o.ended_at is null)
    from public.school s left join public.register_school r on r.urn = s.urn
    where v_account is not null and s.authority_id = app.authority_id() and s.stage = 'active'
      and s.school_id <> app.school_id()
    order by lower(s.name), s.school_id;
end
$function$;
