-- Owned by wb_identity; called by nobody else.
CREATE OR REPLACE FUNCTION identity.usable_ways_in(p_account uuid, p_but uuid, p_providers text[])
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- The one place that counts how somebody at work can come in: without one that is to go, only by passkeys that were
  -- made at work, and only by directories that are offered, where that is said.
  return (select (a.password_hash is not null)::int
      + (select count(*) from identity.passkey k where k.account_id = a.id and k.at_work
          and k.id is distinct from p_but)
      + (select count(*) from identity.federated_identity f where f.account_id = a.id and f.id is distinct from p_but
          and (p_providers is null or f.provider = any (p_providers)))
    from identity.account a where a.id = p_account and a.disabled_at is null);
end
$function$;
