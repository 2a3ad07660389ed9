-- Owned by wb_identity; called by wb_school.
CREATE OR REPLACE FUNCTION identity.know_mover(p_signup uuid, p_parent uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- Staff say that whoever asked from their own account is this parent of their list. It opens nothing: it says that
  -- the two are no two people who share a telephone.
  if current_setting('role') not in ('wb_school', 'wb_dsl') or not identity.is_pressed() then return false; end if;
  insert into identity.mover_entry (school_id, parent_id, account_id)
    select v.in_school, p.id, m.account_id from identity.school_move v
      join public.signup g on g.school_id = v.in_school and g.id = v.signup_id and g.link_id is null
        and g.accepted_at is null
      join identity.membership m on m.id = v.membership_id and m.ended_at is null and m.role = 'parent'
        and m.in_authority = app.authority_id()
      join public.parent p on p.school_id = v.in_school and p.id = p_parent
      where v.in_school = app.school_id() and v.signup_id = p_signup
    on conflict do nothing;
  return found;
end
$function$;
