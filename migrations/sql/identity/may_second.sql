-- Owned by wb_identity; called by nobody else.
CREATE OR REPLACE FUNCTION identity.may_second(p_first uuid, p_second uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- Accounts. The second is another one, at least 30 days old, with a way in, and was not brought in by the first.
  return p_first <> p_second and coalesce(identity.ways_in(p_second), 0) > 0
    and exists (select from identity.account a where a.id = p_second
      and a.created_at <= app.now() - interval '30 days')
    and not exists (select from identity.token t join identity.membership m on m.person_id = t.person_id
        and m.role = t.role
      where t.purpose = 'staff_invitation' and t.invited_by_account = p_first and m.account_id = p_second)
    and not identity.brought_in(p_first, p_second);
end
$function$;
