-- Owned by wb_identity; called by nobody else.
CREATE OR REPLACE FUNCTION identity.at_work_by(p_email text)
 RETURNS SETOF identity.account
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- Accounts at work that share an address: with a role, or one to come, before those that have none any more.
  return query select a.* from identity.account a
    cross join lateral (select exists (select from identity.membership m where m.account_id = a.id
        and m.ended_at is null and m.role not in ('parent', 'facilitator'))
      or exists (select from app.coming_memberships(a.id)) as has_role) r
    where a.email = p_email and a.disabled_at is null
      and (r.has_role or a.password_hash is not null)
    order by r.has_role desc, a.created_at, a.id;
end
$function$;
