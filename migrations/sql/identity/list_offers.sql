-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.list_offers(p_hash bytea)
 RETURNS TABLE(offer_id uuid, role text, school_name text, invited_by text, expires_at timestamp with time zone)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  return query select t.outbox_id, t.role, k.name, t.invited_by, t.expires_at
    from identity.browser_session s
    join identity.account a on a.id = s.account_id and a.disabled_at is null
    join identity.token t on t.account_id = a.id and t.purpose = 'parent_invitation'
    left join public.school k on k.school_id = t.in_school
    where s.token_hash = p_hash and t.used_at is null and t.cancelled_at is null and t.expires_at > app.now()
    order by t.created_at, t.outbox_id;
end
$function$;
